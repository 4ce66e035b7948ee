"""The proof of the coupons, every night: what a row says of itself agrees. Source: RESTAURANT, Coupons."""

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from domain.coupons.models import Coupon, CouponState
from domain.kernel.proofs import Discrepancy


def prove_coupons(session: Session) -> list[Discrepancy]:
    """Every coupon whose state and marks disagree; empty when all is well. `found` is how many marks stand, `expected` how many must."""
    held, used = Coupon.state == CouponState.HELD, Coupon.state == CouponState.USED
    rules: tuple[tuple[str, ColumnElement[bool], ColumnElement[bool]], ...] = (
        ("a coupon is held exactly when an order keeps it", held, Coupon.held_for.is_not(None)),
        ("a coupon is used exactly when an order has used it", used, Coupon.used_for.is_not(None)),
        ("a coupon is used exactly when it has a time of use", used, Coupon.used_at.is_not(None)),
    )
    found = []
    for rule, state, mark in rules:
        wrong = select(Coupon.id, state).where(or_(and_(state, not_(mark)), and_(not_(state), mark))).order_by(Coupon.id)
        found += [Discrepancy(rule, coupon_id, int(must), int(not must)) for coupon_id, must in session.execute(wrong)]
    return found
