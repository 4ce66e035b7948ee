"""Give a diner a coupon or points, and take back what was given: each in one transaction, once for each key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.coupons.service import issue_coupon, void_coupon
from domain.coupons.terms import Terms
from domain.grants.budgets import Place, free, refuse_if_spent, reserve
from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.models import Grant, GrantKind
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.members.identities import resolve
from domain.points.rules import Reason, expires_on
from domain.points.service import credit_points, reverse_credit
from domain.shop.snapshot import ShopSnapshot
from domain.storage import Prepared, UtcDateTime, insert_once, savepoint


class _KeyUsedError(Exception):
    """Somebody else gave under this key meanwhile; what was begun is undone."""


class _TakenBackError(Exception):
    """What was given is no longer there to be taken back; what was begun is undone."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a diner was given.

    Attributes:
        points: Of a grant of points, else 0.
        coupon_id: Of a coupon or gift, else None.
        cost_fen: What it took from the budget.
        good_until: The last business day on which it is good.
        taken_back: Whether it was taken back since.
    """

    id: str
    diner_id: str
    kind: GrantKind
    points: int
    coupon_id: str | None
    campaign: str
    cost_fen: Fen
    good_until: date
    taken_back: bool = False


_FIND = Prepared(
    select(
        Grant.id,
        Grant.diner_id,
        Grant.kind,
        Grant.points,
        Grant.coupon_id,
        Grant.campaign,
        Grant.cost_fen,
        Grant.good_until,
        Grant.taken_back_at,
        Grant.store_id,
        Grant.business_day,
    ).where(Grant.key == bindparam("key"))
)
_TAKE_BACK = Prepared(
    update(Grant)
    .where(Grant.id == bindparam("of"), Grant.taken_back_at.is_(None))
    .values(taken_back_at=bindparam("now", type_=UtcDateTime))
)


def grant_coupon(
    session: Session,
    shop: ShopSnapshot,
    diner_id: str,
    terms: Terms,
    *,
    template_id: str,
    campaign: str,
    rule_version: str,
    reason: str,
    key: str,
    day: date,
    days: int,
    now: datetime,
    store_id: str | None = None,
    good_from: date | None = None,
) -> Granted | None:
    """Give a diner a coupon out of a campaign's budget. It costs the budget what it can take off at most (`Terms.face_fen`).

    A diner who was merged into another since is given it as that one.

    Args:
        rule_version: Which version of the campaign's rule gave it ("shop:7").
        reason: Machine word, at most 32 characters.
        key: Idempotency key, at most 96 characters.
        day: The business day on which it is given, and counted.
        days: How many business days it is good for, `good_from` included.
        store_id: The store that gives it, for the budgets of stores.
        good_from: First day on which it is good; `day` when None.

    Returns:
        None when the key was used before; nothing changes then.

    Raises:
        NoBudgetError: The shop has no budget for the campaign that holds here.
        BudgetSpentError: What is left of it is less than the cost.
    """
    first = good_from or day
    good_until = first + timedelta(days=days - 1)
    row = {
        "kind": (GrantKind.GIFT if terms.is_item and terms.pay_ratio == 0 else GrantKind.COUPON).value,
        "points": 0,
        "campaign": campaign,
        "rule_version": rule_version,
        "reason": reason,
        "key": key,
        "cost_fen": terms.face_fen({dish.id: dish.price_fen for dish in shop.dishes.values()}),
        "store_id": store_id,
        "business_day": day,
        "good_until": good_until,
    }

    def issue(granted_id: str, owner: str) -> str | None:
        return issue_coupon(
            session,
            owner,
            terms,
            template_id=template_id,
            campaign=campaign,
            good_from=first,
            good_until=good_until,
            key=f"grant:{granted_id}",
            now=now,
        )

    return _give(session, shop, diner_id, row, issue, now=now)


def grant_points(
    session: Session,
    shop: ShopSnapshot,
    diner_id: str,
    points: int,
    *,
    campaign: str,
    rule_version: str,
    reason: str,
    key: str,
    day: date,
    now: datetime,
    days: int | None = None,
    store_id: str | None = None,
) -> Granted | None:
    """Give a diner points out of a campaign's budget, usable at once. They cost the budget what they pay on a bill.

    Args:
        points: More than 0.
        days: How many business days after `day` they are good; the brand's rule when None.

    The other arguments, what is returned and what is refused: as with `grant_coupon`.
    """
    if points <= 0:
        raise ValueError(f"a grant of {points} points")
    life_days = shop.brand.points_expire_days if days is None else days
    row = {
        "kind": GrantKind.POINTS.value,
        "points": points,
        "campaign": campaign,
        "rule_version": rule_version,
        "reason": reason,
        "key": key,
        "cost_fen": Fen(points * shop.brand.point_value_fen),
        "store_id": store_id,
        "business_day": day,
        "good_until": expires_on(day, life_days),
    }

    def credit(granted_id: str, owner: str) -> None:
        credit_points(session, owner, points, reason=Reason.GRANTED, key=f"grant:{granted_id}", day=day, life_days=life_days, now=now)

    return _give(session, shop, diner_id, row, credit, now=now)


def find_granted(session: Session, key: str) -> Granted | None:
    """What was given under a key, or None."""
    found = _FIND.first(session, key=key)
    return None if found is None else _found(found)


def take_back(session: Session, key: str, *, now: datetime) -> bool:
    """Undo a grant whose ground is gone (a refund): the coupon is void or the points are gone, and the budget has their cost again.

    A coupon that is used, expired or kept by an open order stays given, and counted. Points that were spent are owed, as those
    are that a refunded order had earned.

    Args:
        key: Under which it was given.

    Returns:
        False when nothing was given under the key, when it was taken back before, or when the coupon is no longer there.
    """
    row = _FIND.first(session, key=key)
    if row is None:
        return False
    given, (store_id, counted_on) = _found(row), row[-2:]
    if given.taken_back:
        return False
    try:
        with savepoint(session):
            _remove(session, given, now=now)
            free(session, Place(given.campaign, counted_on, store_id), given.cost_fen)
    except _TakenBackError:
        return False
    return True


def merge_grants(session: Session, source: str, target: str) -> None:
    """Write what a diner was given under another one, now known to be the same person. Keys, days and budgets stay."""
    session.execute(update(Grant).where(Grant.diner_id == source).values(diner_id=target).execution_options(synchronize_session=False))


def _give(
    session: Session,
    shop: ShopSnapshot,
    diner_id: str,
    row: dict[str, Any],
    value: Callable[[str, str], str | None],
    *,
    now: datetime,
) -> Granted | None:
    """Hand over the value, count it on the budget, and write it down, or do nothing.

    Locks come in this order: the member's account (in `value`), the budget lines, which all takers want and so are held shortly,
    then the key. Copies of one key wait for each other at the lines, never at a key half written.
    """
    key = row["key"]
    if _FIND.first(session, key=key) is not None:
        return None
    budget = shop.brand.budgets.get(row["campaign"])
    if budget is None:
        raise NoBudgetError(campaign=row["campaign"])
    place = Place(row["campaign"], row["business_day"], row["store_id"])
    given = row | {"id": new_id(now), "diner_id": resolve(session, diner_id, hold=True), "at": now}
    try:
        refuse_if_spent(session, budget, place, row["cost_fen"])
        with savepoint(session):
            given["coupon_id"] = value(given["id"], given["diner_id"])
            reserve(session, budget, place, row["cost_fen"])
            _write_down(session, given)
    except _KeyUsedError:
        return None
    except BudgetSpentError:
        if _FIND.first(session, key=key) is not None:  # a copy of this grant was the last that the budget had
            return None
        raise
    return Granted(
        id=given["id"],
        diner_id=given["diner_id"],
        kind=GrantKind(given["kind"]),
        points=given["points"],
        coupon_id=given["coupon_id"],
        campaign=given["campaign"],
        cost_fen=given["cost_fen"],
        good_until=given["good_until"],
    )


def _write_down(session: Session, given: dict[str, Any]) -> None:
    if not insert_once(session, Grant, given):
        raise _KeyUsedError


def _remove(session: Session, given: Granted, *, now: datetime) -> None:
    if given.coupon_id is None:
        reverse_credit(session, f"grant:{given.id}", given.points, key=f"grant:{given.id}", now=now)
    elif not void_coupon(session, given.coupon_id, now=now):
        raise _TakenBackError
    if not _TAKE_BACK.run(session, of=given.id, now=now):
        raise _TakenBackError


def _found(row: Sequence[Any]) -> Granted:
    granted_id, diner_id, kind, points, coupon_id, campaign, cost_fen, good_until, taken_back_at = row[:9]
    return Granted(granted_id, diner_id, GrantKind(kind), points, coupon_id, campaign, cost_fen, good_until, taken_back_at is not None)
