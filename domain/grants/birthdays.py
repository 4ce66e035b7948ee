"""The birthday dessert: one a year, from level or plan, given a week before the birthday."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.benefits.service import is_entitled
from domain.coupons.terms import gift_terms
from domain.grants.models import Grant
from domain.grants.service import Granted, grant_coupon
from domain.members.identities import resolve
from domain.shop.snapshot import ShopSnapshot
from domain.storage import Prepared

CAMPAIGN = "birthday"
BENEFIT = "birthday_dessert"
WEEK_BEFORE = timedelta(days=7)  # Source: RESTAURANT, Members; shop file, birthday


@dataclass(frozen=True, slots=True)
class Birthday:
    """One birthday, and the business days around it on which the dessert is good, both included."""

    on: date
    good_from: date
    good_until: date


_GIVEN = Prepared(
    select(Grant.id).where(Grant.diner_id == bindparam("diner_id"), Grant.campaign == CAMPAIGN, Grant.reason == bindparam("reason"))
)


def birthday_in(year: int, birthday: tuple[int, int]) -> date:
    """The day of a birthday in a year: one of 29 February is kept on the 28th in other years."""
    month, day = birthday
    if (month, day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return date(year, month, day)


def birthday_near(birthday: tuple[int, int], day: date, days: int) -> Birthday | None:
    """The birthday whose dessert is given on a business day, or None.

    Args:
        birthday: Month and day.
        days: Business days the dessert is good for, from a week before the birthday on.
    """
    for year in (day.year - 1, day.year, day.year + 1):  # the week before may lie in the old year, the days after in the new one
        on = birthday_in(year, birthday)
        found = Birthday(on, on - WEEK_BEFORE, on - WEEK_BEFORE + timedelta(days=days - 1))
        if found.good_from <= day <= found.good_until:
            return found
    return None


def give_birthday_dessert(
    session: Session, shop: ShopSnapshot, diner_id: str, birthday: tuple[int, int], *, day: date, now: datetime
) -> Granted | None:
    """Give the dessert of this year's birthday, once, while it is good: from a week before the birthday.

    Args:
        birthday: Month and day, as the diner's profile has it.
        day: The business day of today.

    Returns:
        None when there is nothing to give: the brand gives none or no longer has the dish, it is not the time, the diner is not
        entitled, or was given it for this year already, as a diner since merged too.

    Raises:
        BudgetSpentError: The campaign "birthday" has nothing left today; ask again tomorrow.
    Source: RESTAURANT, Members (one birthday dessert a year, from level or plan).
    """
    rule = shop.brand.birthday
    dish = None if rule is None else shop.dishes.get(rule.dish)
    near = None if rule is None else birthday_near(birthday, day, rule.days)
    if rule is None or dish is None or near is None:
        return None
    owner = resolve(session, diner_id, hold=True)
    reason = f"birthday:{near.on.year}"
    if not is_entitled(session, owner, BENEFIT, day) or _GIVEN.first(session, diner_id=owner, reason=reason) is not None:
        return None
    return grant_coupon(
        session,
        shop,
        owner,
        gift_terms(f"生日{dish.name}", dish.id),
        template_id=CAMPAIGN,
        campaign=CAMPAIGN,
        rule_version=f"shop:{shop.version}",
        reason=reason,
        key=f"birthday:{owner}:{near.on.year}",
        day=day,
        days=rule.days,
        now=now,
        good_from=near.good_from,
    )
