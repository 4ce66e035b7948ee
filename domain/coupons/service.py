"""The life of a coupon: issued, held while its order is open, used when it is paid; released, returned, expired.

Every step is one conditional UPDATE of one row: of two that want the same coupon, one finds it taken.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, bindparam, or_, select, update
from sqlalchemy.orm import Session

from domain.coupons.errors import CouponNotUsableError
from domain.coupons.models import Coupon, CouponState
from domain.coupons.reductions import Hold, Owned
from domain.coupons.terms import Terms
from domain.kernel.ids import new_id
from domain.storage import Prepared, UtcDateTime, insert_once

RETURNED_DAYS = 7  # business days after the refund that a returned coupon is good for at least. Source: RESTAURANT, Coupons
UNKNOWN_NAME = "这张优惠券"  # what a coupon is called that the diner does not have

_OWNED = Prepared(
    select(Coupon.id, Coupon.terms, Coupon.good_from, Coupon.good_until, Coupon.held_for)
    .where(
        Coupon.diner_id == bindparam("diner_id"),
        or_(
            Coupon.state == CouponState.HELD,
            (Coupon.state == CouponState.ISSUED) & (Coupon.good_until >= bindparam("from_day", type_=Date)),
        ),
    )
    .order_by(Coupon.good_until, Coupon.id)
)
_HELD = Prepared(
    select(Coupon.id, Coupon.terms, Coupon.good_from, Coupon.good_until)
    .where(Coupon.held_for == bindparam("order_id"), Coupon.state == CouponState.HELD)
    .order_by(Coupon.id)
)
_USED = Prepared(
    select(Coupon.id, Coupon.good_until)
    .where(Coupon.used_for == bindparam("order_id"), Coupon.state == CouponState.USED)
    .order_by(Coupon.id)
)
_STANDS = Prepared(
    select(Coupon.state, Coupon.held_for, Coupon.good_from, Coupon.terms).where(
        Coupon.id == bindparam("coupon_id"), Coupon.diner_id == bindparam("diner_id")
    )
)
_NOW = bindparam("now", type_=UtcDateTime)
_HOLD = Prepared(
    update(Coupon)
    .where(
        Coupon.id == bindparam("coupon_id"),
        Coupon.diner_id == bindparam("of"),
        Coupon.state == CouponState.ISSUED,
        Coupon.good_from <= bindparam("day", type_=Date),
        Coupon.good_until >= bindparam("day", type_=Date),
    )
    .values(state=CouponState.HELD.value, held_for=bindparam("order_id"), changed_at=_NOW)
)
_HELD_ONE = update(Coupon).where(
    Coupon.id == bindparam("coupon_id"), Coupon.state == CouponState.HELD, Coupon.held_for == bindparam("order_id")
)
_RELEASE = Prepared(_HELD_ONE.values(state=CouponState.ISSUED.value, held_for=None, changed_at=_NOW))
_CAPTURE = Prepared(
    _HELD_ONE.values(state=CouponState.USED.value, held_for=None, used_for=bindparam("order_id"), used_at=_NOW, changed_at=_NOW)
)
_RETURN = Prepared(
    update(Coupon)
    .where(Coupon.id == bindparam("coupon_id"), Coupon.state == CouponState.USED, Coupon.used_for == bindparam("order_id"))
    .values(
        state=CouponState.ISSUED.value,
        used_for=None,
        used_at=None,
        returned_from=bindparam("order_id"),
        good_until=bindparam("last_day", type_=Date),
        changed_at=_NOW,
    )
)


def issue_coupon(
    session: Session,
    diner_id: str,
    terms: Terms,
    *,
    template_id: str,
    campaign: str,
    good_from: date,
    good_until: date,
    key: str,
    now: datetime,
) -> str | None:
    """Give a diner a coupon. Only domain/grants calls this: value leaves with a budget and a reason.

    Args:
        template_id: The template or reward that it is made from.
        good_from: First business day on which it is good; good_until: the last one.
        key: Once a key, for ever.

    Returns:
        The coupon's id; None when the key was used before.
    """
    coupon_id = new_id(now)
    row = {
        "id": coupon_id,
        "diner_id": diner_id,
        "template_id": template_id,
        "campaign": campaign,
        "terms": terms.to_json(),
        "state": CouponState.ISSUED.value,
        "good_from": good_from,
        "good_until": good_until,
        "key": key,
        "issued_at": now,
        "changed_at": now,
    }
    return coupon_id if insert_once(session, Coupon, row) else None


def owned_coupons(session: Session, diner_id: str, *, day: date, order_id: str = "") -> tuple[Owned, ...]:
    """A diner's coupons that can be used on this business day or later, those other orders keep among them, soonest expiry first.

    Args:
        order_id: The order they are wanted for: what it keeps already is its own, and good past its last day.
    """
    found = _OWNED.all(session, diner_id=diner_id, from_day=day)
    return tuple(
        _owned(row, Hold.NONE if held_for is None else Hold.HERE if held_for == order_id else Hold.ELSEWHERE) for *row, held_for in found
    )


def coupons_on(session: Session, diner_id: str, order_ids: Sequence[str]) -> tuple[Terms, ...]:
    """The terms of a diner's coupons that these orders keep or have used."""
    if not order_ids:
        return ()
    mine = select(Coupon.terms).where(
        Coupon.diner_id == diner_id, or_(Coupon.held_for.in_(order_ids), Coupon.used_for.in_(order_ids)), Coupon.state != CouponState.ISSUED
    )
    return tuple(Terms.from_json(terms) for terms in session.execute(mine.order_by(Coupon.id)).scalars())


def coupons_held_for(session: Session, order_id: str) -> tuple[Owned, ...]:
    """The coupons that an order keeps, by id, whoever owns them."""
    return tuple(_owned(row, Hold.HERE) for row in _HELD.all(session, order_id=order_id))


def hold_coupons(session: Session, diner_id: str, ids: Sequence[str], *, order_id: str, day: date, now: datetime) -> None:
    """Keep coupons for an order, so that no other order uses them. What the order keeps already stays.

    From now on they are good for this order until they are used or released, whatever the day. The caller has locked the order;
    it undoes the transaction when one is refused.

    Args:
        day: The business day on which they must be good.

    Raises:
        CouponNotUsableError: Not the diner's, used, kept by another order, not yet or no longer good.
    """
    for coupon_id in sorted(set(ids)):
        if not _HOLD.run(session, coupon_id=coupon_id, of=diner_id, day=day, order_id=order_id, now=now):
            _refuse_unless_held(session, coupon_id, diner_id, order_id, day)


def release_coupons(session: Session, order_id: str, *, but: Sequence[str] = (), now: datetime) -> int:
    """Let go of the coupons that an order keeps.

    Args:
        but: Ids of those that it goes on keeping.

    Returns:
        How many; those past their last day expire with the next sweep.
    """
    free = [coupon.id for coupon in coupons_held_for(session, order_id) if coupon.id not in but]
    return sum(_RELEASE.run(session, coupon_id=coupon_id, order_id=order_id, now=now) for coupon_id in free)


def capture_coupons(session: Session, order_id: str, *, now: datetime) -> tuple[str, ...]:
    """The order is paid: the coupons it keeps are used. Returns: their ids; nothing the second time."""
    held = coupons_held_for(session, order_id)
    return tuple(coupon.id for coupon in held if _CAPTURE.run(session, coupon_id=coupon.id, order_id=order_id, now=now))


def return_coupons(session: Session, order_id: str, *, day: date, now: datetime) -> tuple[str, ...]:
    """The order was refunded in full: its coupons are the diner's again, once, and good for at least 7 business days more.

    Args:
        day: The business day of the refund.

    Returns:
        The ids of those given back; nothing the second time.

    Source: RESTAURANT, Coupons.
    """
    least = day + timedelta(days=RETURNED_DAYS)
    return tuple(
        coupon_id
        for coupon_id, good_until in _USED.all(session, order_id=order_id)
        if _RETURN.run(session, coupon_id=coupon_id, order_id=order_id, last_day=max(good_until, least), now=now)
    )


def void_coupon(session: Session, coupon_id: str, *, now: datetime) -> bool:
    """Take back a coupon that should not have been given. Returns: False when it is kept by an order, used or gone already."""
    done = session.execute(
        update(Coupon)
        .where(Coupon.id == coupon_id, Coupon.state == CouponState.ISSUED)
        .values(state=CouponState.VOID, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def void_coupons(session: Session, diner_id: str, *, now: datetime) -> int:
    """End every coupon of a diner who gives up what they have. Those kept by an order are left to it. Returns: how many."""
    ended = session.execute(
        update(Coupon)
        .where(Coupon.diner_id == diner_id, Coupon.state == CouponState.ISSUED)
        .values(state=CouponState.VOID, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def expire_coupons(session: Session, day: date, *, now: datetime, limit: int = 500) -> int:
    """End coupons whose last day is over. Those kept by an order stay until it is paid or lets go of them.

    Args:
        day: The business day that has begun.
        limit: Coupons at most; the caller comes again while it gets as many.

    Returns:
        How many ended.
    """
    over = (Coupon.state == CouponState.ISSUED, Coupon.good_until < day)
    ids = sorted(session.execute(select(Coupon.id).where(*over).order_by(Coupon.good_until, Coupon.id).limit(limit)).scalars())
    if not ids:
        return 0
    ended = session.execute(
        update(Coupon)
        .where(Coupon.id.in_(ids), *over)
        .values(state=CouponState.EXPIRED, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def merge_coupons(session: Session, source: str, target: str, *, now: datetime) -> None:
    """Two diners are one person: every coupon of the first is the second's, as it is; orders keep what they keep."""
    session.execute(
        update(Coupon).where(Coupon.diner_id == source).values(diner_id=target, changed_at=now).execution_options(synchronize_session=False)
    )


def _owned(row: Sequence[Any], hold: Hold) -> Owned:
    coupon_id, terms, good_from, good_until = row
    return Owned(coupon_id, Terms.from_json(terms), good_from, good_until, hold)


def _refuse_unless_held(session: Session, coupon_id: str, diner_id: str, order_id: str, day: date) -> None:
    found = _STANDS.first(session, coupon_id=coupon_id, diner_id=diner_id)
    if found is None:
        raise CouponNotUsableError(name=UNKNOWN_NAME, reason="unknown")
    state, held_for, good_from, terms = found
    if state == CouponState.HELD and held_for == order_id:
        return
    issued = "not_started" if good_from > day else CouponState.EXPIRED.value
    raise CouponNotUsableError(name=terms["name"], reason=issued if state == CouponState.ISSUED else state)
