"""What must hold of paid orders: the lines add up to the bill, the bill is what was paid, and no more is given back than came in."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from domain.checkout.bill import HOLD
from domain.checkout.billing import PAYABLE
from domain.checkout.models import OrderRefund, OrderRefundLine
from domain.coupons.models import Coupon, CouponState
from domain.kernel.money import Fen
from domain.kernel.proofs import Discrepancy
from domain.orders.models import Order
from domain.orders.rules import PaymentStatus
from domain.payments.models import Payment, Refund
from domain.payments.service import LATE
from domain.points.models import PointsHold
from domain.points.rules import HoldState

_SETTLED = (PaymentStatus.PAID.value, PaymentStatus.PART_REFUNDED.value, PaymentStatus.REFUNDED.value)
_PAGE = 1000  # bills in memory at a time: a big chain has millions

Settled = Row[tuple[str, str, dict[str, Any], Fen | None]]
"""Id, payment status, bill, and what was paid."""


def prove_orders(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well."""
    return [*_settled(session), *_refunds(session), *_payments(session)]


def _settled(session: Session) -> Iterator[Discrepancy]:
    query = select(Order.id, Order.payment_status, Order.bill, Order.paid_fen).where(Order.payment_status.in_(_SETTLED))
    page, after = query.order_by(Order.id).limit(_PAGE), ""
    while orders := session.execute(page.where(Order.id > after)).all():
        kept = [order for order in orders if HOLD in order.bill]  # else of a version that kept no shares
        for order in kept:
            yield from _bill(order)
        yield from _paid_with(session, kept)
        after = orders[-1].id


def _bill(order: Settled) -> Iterator[Discrepancy]:
    bill = order.bill
    lines = sum(line["payable_fen"] for line in bill["lines"])
    parts = sum(part["fen"] for part in bill["explanation"])
    if lines != bill["total_fen"]:
        yield Discrepancy("the lines of a bill add up to its total", order.id, lines, bill["total_fen"])
    if parts != bill["total_fen"]:
        yield Discrepancy("the explanation of a bill adds up to its total", order.id, parts, bill["total_fen"])
    if order.paid_fen != bill["total_fen"]:
        yield Discrepancy("what was paid is the bill", order.id, bill["total_fen"], order.paid_fen or 0)
    if any(line["payable_fen"] < 0 for line in bill["lines"]):
        yield Discrepancy("no line of a bill is negative", order.id, 0, min(line["payable_fen"] for line in bill["lines"]))


def _paid_with(session: Session, orders: Sequence[Settled]) -> Iterator[Discrepancy]:
    """The coupons and points of a paid bill are used up for it. Coupons of a bill that was given back whole may pay another."""
    if not orders:
        return
    coupons = select(Coupon.used_for, func.count()).where(
        Coupon.state == CouponState.USED.value, Coupon.used_for.between(orders[0].id, orders[-1].id)
    )
    used = dict(session.execute(coupons.group_by(Coupon.used_for)).all())
    captured = select(PointsHold.key, PointsHold.points).where(PointsHold.state == HoldState.CAPTURED.value)
    spent = dict(session.execute(captured.where(PointsHold.key.in_([order.bill[HOLD] for order in orders]))).all())
    for order in orders:
        wanted, points = len(order.bill["coupons"]), order.bill["points"]
        if order.payment_status != PaymentStatus.REFUNDED and used.get(order.id, 0) != wanted:
            yield Discrepancy("the coupons of a paid bill are used", order.id, wanted, used.get(order.id, 0))
        if spent.get(order.bill[HOLD], 0) != points:
            yield Discrepancy("the points of a paid bill are spent", order.id, points, spent.get(order.bill[HOLD], 0))


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
