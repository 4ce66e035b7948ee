"""Coupons as they are shown and reminded of: the diner's list, and those whose last day comes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.coupons.models import Coupon, CouponState
from domain.coupons.terms import Terms

RECENT_DAYS = 30  # how long a coupon that was used or has expired stays in the diner's list


@dataclass(frozen=True, slots=True)
class ListedCoupon:
    """A coupon as its owner sees it. Issued past its last day is shown as expired before the sweep has found it."""

    id: str
    terms: Terms
    state: CouponState
    good_from: date
    good_until: date
    used_at: datetime | None


def list_coupons(session: Session, diner_id: str, *, day: date, limit: int = 20) -> tuple[ListedCoupon, ...]:
    """A diner's coupons: first those that are live, soonest expiry first, then those of the last 30 days that are not, newest first.

    Args:
        day: Today's business day.
        limit: Coupons at most.
    """
    since = day - timedelta(days=RECENT_DAYS)
    columns = (Coupon.id, Coupon.terms, Coupon.state, Coupon.good_from, Coupon.good_until, Coupon.used_at)
    live = or_(Coupon.state == CouponState.HELD, and_(Coupon.state == CouponState.ISSUED, Coupon.good_until >= day))
    recent = or_(
        and_(Coupon.state == CouponState.USED, Coupon.used_at >= datetime.combine(since, time.min, UTC)),
        and_(Coupon.state.in_((CouponState.ISSUED, CouponState.EXPIRED)), Coupon.good_until < day, Coupon.good_until >= since),
    )
    mine = select(*columns).where(Coupon.diner_id == diner_id)
    found = session.execute(mine.where(live).order_by(Coupon.good_until, Coupon.id).limit(limit)).all()
    if len(found) < limit:
        past = mine.where(recent).order_by(Coupon.changed_at.desc(), Coupon.id.desc())
        found = [*found, *session.execute(past.limit(limit - len(found))).all()]
    return tuple(
        ListedCoupon(coupon_id, Terms.from_json(terms), _shown(state, good_until, day), good_from, good_until, used_at)
        for coupon_id, terms, state, good_from, good_until, used_at in found
    )


def expiring(session: Session, *, good_until: date, limit: int, after: str | None = None) -> list[tuple[str, str, str, date]]:
    """Coupons that nobody has used yet and whose last day is this one, for reminders.

    Args:
        limit: Coupons at most.
        after: The id of the last one of the page before.

    Returns:
        (coupon id, diner id, name, last day), by id.
    """
    found = session.execute(
        select(Coupon.id, Coupon.diner_id, Coupon.terms)
        .where(Coupon.state == CouponState.ISSUED, Coupon.good_until == good_until, Coupon.id > (after or ""))
        .order_by(Coupon.id)
        .limit(limit)
    )
    return [(coupon_id, diner_id, terms["name"], good_until) for coupon_id, diner_id, terms in found]


def _shown(state: str, good_until: date, day: date) -> CouponState:
    return CouponState.EXPIRED if state == CouponState.ISSUED and good_until < day else CouponState(state)
