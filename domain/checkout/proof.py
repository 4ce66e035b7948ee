"""What must hold of paid orders: the lines add up to the bill, the bill is what was paid, and no more is given back than came in."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.checkout.bill import HOLD
from domain.checkout.billing import PAYABLE
from domain.checkout.models import OrderRefund, OrderRefundLine
from domain.coupons.models import Coupon, CouponState
from domain.kernel.proofs import Discrepancy
from domain.orders.models import Order
from domain.orders.rules import PaymentStatus
from domain.payments.models import Payment, Refund
from domain.payments.service import LATE
from domain.points.models import PointsHold
from domain.points.rules import HoldState

_SETTLED = (PaymentStatus.PAID.value, PaymentStatus.PART_REFUNDED.value, PaymentStatus.REFUNDED.value)


def prove_orders(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well."""
    return [*_bills(session), *_paid_with(session), *_refunds(session), *_payments(session)]


def _bills(session: Session) -> Iterator[Discrepancy]:
    query = select(Order.id, Order.bill, Order.paid_fen).where(Order.payment_status.in_(_SETTLED))
    for order_id, bill, paid in session.execute(query.execution_options(yield_per=500)):
        if HOLD not in bill:  # of a version that kept no shares
            continue
        lines = sum(line["payable_fen"] for line in bill["lines"])
        parts = sum(part["fen"] for part in bill["explanation"])
        if lines != bill["total_fen"]:
            yield Discrepancy("the lines of a bill add up to its total", order_id, lines, bill["total_fen"])
        if parts != bill["total_fen"]:
            yield Discrepancy("the explanation of a bill adds up to its total", order_id, parts, bill["total_fen"])
        if paid != bill["total_fen"]:
            yield Discrepancy("what was paid is the bill", order_id, bill["total_fen"], paid or 0)
        if any(line["payable_fen"] < 0 for line in bill["lines"]):
            yield Discrepancy("no line of a bill is negative", order_id, 0, min(line["payable_fen"] for line in bill["lines"]))


def _paid_with(session: Session) -> Iterator[Discrepancy]:
    """The coupons and points of a paid bill are used up for it. Coupons of a bill that was given back whole may pay another."""
    used = dict(
        session.execute(select(Coupon.used_for, func.count()).where(Coupon.state == CouponState.USED.value).group_by(Coupon.used_for)).all()
    )
    captured = select(PointsHold.key, PointsHold.points).where(PointsHold.state == HoldState.CAPTURED.value)
    spent = dict(session.execute(captured).all())
    query = select(Order.id, Order.payment_status, Order.bill).where(Order.payment_status.in_(_SETTLED))
    for order_id, status, bill in session.execute(query.execution_options(yield_per=500)):
        if HOLD not in bill:
            continue
        if status != PaymentStatus.REFUNDED and used.get(order_id, 0) != len(bill["coupons"]):
            yield Discrepancy("the coupons of a paid bill are used", order_id, len(bill["coupons"]), used.get(order_id, 0))
        if spent.get(bill[HOLD], 0) != bill["points"]:
            yield Discrepancy("the points of a paid bill are spent", order_id, bill["points"], spent.get(bill[HOLD], 0))


def _refunds(session: Session) -> Iterator[Discrepancy]:
    lines = select(OrderRefundLine.refund_id, func.sum(OrderRefundLine.fen).label("fen")).group_by(OrderRefundLine.refund_id).subquery()
    query = select(OrderRefund.id, OrderRefund.fen, lines.c.fen).join(lines, lines.c.refund_id == OrderRefund.id)
    for refund_id, fen, added in session.execute(query.where(OrderRefund.fen != lines.c.fen)):
        yield Discrepancy("the lines of a refund add up to it", refund_id, int(added), fen)
    per_order = select(OrderRefund.order_id, func.sum(OrderRefund.fen).label("fen")).group_by(OrderRefund.order_id).subquery()
    refunded = (  # money that came late goes back whole, and was never the order's
        select(Payment.payable_id, func.sum(Refund.fen).label("fen"))
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Payment.payable_kind == PAYABLE, Refund.reason != LATE)
        .group_by(Payment.payable_id)
        .subquery()
    )
    back = func.coalesce(refunded.c.fen, 0)
    both = select(per_order.c.order_id, per_order.c.fen, back).outerjoin(refunded, refunded.c.payable_id == per_order.c.order_id)
    for order_id, given, asked in session.execute(both.where(per_order.c.fen != back)):
        yield Discrepancy("what was given back is what the payments gave back", order_id, int(given), int(asked))


def _payments(session: Session) -> Iterator[Discrepancy]:
    for payment_id, fen, refunded in session.execute(
        select(Payment.id, Payment.fen, Payment.refunded_fen).where(Payment.refunded_fen > Payment.fen)
    ):
        yield Discrepancy("no payment gives back more than it brought", payment_id, fen, refunded)
