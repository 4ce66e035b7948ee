"""A call that came later than the time that was told is made good: a coupon, at most one a diner and day."""

from datetime import date, datetime

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from domain.coupons.terms import terms_of
from domain.grants.models import Grant
from domain.grants.service import Granted, grant_coupon
from domain.members.identities import resolve
from domain.shop.snapshot import ShopSnapshot
from domain.shop.value_records import CouponRecord
from domain.storage import Prepared

CAMPAIGN = "queue_promise"

_GIVEN = Prepared(
    select(Grant.id).where(
        Grant.diner_id == bindparam("diner_id"), Grant.campaign == CAMPAIGN, Grant.business_day == bindparam("day", type_=Date)
    )
)


def coupon_for_late_call(shop: ShopSnapshot, late: int) -> CouponRecord | None:
    """What the brand gives for a call so many whole minutes late; None for nothing, also where no budget is written for it."""
    rule = shop.brand.queue_promise
    if rule is None or late < rule.late_minutes or CAMPAIGN not in shop.brand.budgets:
        return None
    return shop.brand.coupons.get(rule.coupon)


def make_good(session: Session, shop: ShopSnapshot, diner_id: str, store_id: str, late: int, *, day: date, now: datetime) -> Granted | None:
    """Give a member the coupon for a late call.

    Args:
        store_id: Where they waited.
        late: Whole minutes after the end of the range that was told.
        day: The business day of their number.

    Returns:
        None when there is nothing to give: the brand gives nothing for it, or the diner was given it that day already, as a diner
        since merged too.

    Raises:
        NoBudgetError, BudgetSpentError.
    Source: reference peers §7 (d) 5 (a coupon if the promise is missed by more than 15 minutes, from a budget).
    """
    record = coupon_for_late_call(shop, late)
    if record is None:
        return None
    owner = resolve(session, diner_id, hold=True)
    if _GIVEN.first(session, diner_id=owner, day=day) is not None:
        return None
    return grant_coupon(
        session,
        shop,
        owner,
        terms_of(record),
        template_id=record.id,
        campaign=CAMPAIGN,
        rule_version=f"shop:{shop.version}",
        reason="queue_late",
        key=f"{CAMPAIGN}:{owner}:{day}",
        day=day,
        days=record.days,
        now=now,
        store_id=store_id,
    )
