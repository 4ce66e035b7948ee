"""Give back dishes that were paid: the money of each line to the fen, the points that paid, the points that were earned.

What a line is worth was written down when the bill was asked for; a refund is a part of that, never priced anew.
Source: RESTAURANT, Points, Coupons, Payments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.checkout.bill import HOLD
from domain.checkout.billing import PAYABLE
from domain.checkout.errors import NotRefundableError, TooMuchBackError
from domain.checkout.events import OrderRefunded
from domain.checkout.models import OrderRefund, OrderRefundLine
from domain.coupons.service import return_coupons
from domain.invoices.service import paid_less
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.members.levels import reduce_spending
from domain.messaging import emit
from domain.orders.models import Order
from domain.orders.rules import PaymentStatus
from domain.orders.service import lock_order, move_payment
from domain.payments.refunds import request_refund
from domain.payments.service import paid_payments
from domain.points.rules import points_for
from domain.points.service import return_points, reverse_earning
from domain.shop.snapshot import ShopSnapshot

REFUND = "order_refund"  # what a provider is told as the reason; the staff's own words stay in the house
_PAID = (PaymentStatus.PAID.value, PaymentStatus.PART_REFUNDED.value)


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """What is given back of a line: its money, of which `fees_fen` are its part of the fees, and the points that paid it."""

    line_id: str
    name: str
    unit: str
    quantity: Decimal
    goods_fen: Fen
    fees_fen: Fen
    points: int

    @property
    def fen(self) -> Fen:
        """All the money."""
        return Fen(self.goods_fen + self.fees_fen)


def refund_lines(
    session: Session,
    shop: ShopSnapshot,
    order_id: str,
    quantities: Mapping[str, Decimal] | None,
    *,
    reason: str,
    by: str,
    key: str,
    now: datetime,
) -> OrderRefund:
    """Give back lines of a paid order, or all that is left of it.

    Each line gives back its share of what was paid; over any number of refunds the shares add up to the whole. Points
    are taken back as the smaller order would not have earned them; coupons return when nothing is left.

    Args:
        quantities: Line id -> how many; None for everything that is left.
        by: Who decides: a staff id, "diner" or "system".
        key: At most one refund under it, ever: the same key again gives the same refund.

    Raises:
        NotRefundableError: The order is not paid, or nothing of it is left.
        TooMuchBackError: More of a line than is left of it, or no such line.
        ValueError: The key belongs to a refund of another order.

    Emits: OrderRefunded, and RefundRequested for the money.
    """
    order = lock_order(session, order_id)
    before = session.execute(select(OrderRefund).where(OrderRefund.key == key)).scalar()
    if before is not None:
        if before.order_id != order_id:
            raise ValueError(f"refund key {key!r} belongs to a refund of another order")
        return before
    if order.payment_status not in _PAID or order.bill is None or HOLD not in order.bill:
        raise NotRefundableError(number=order.number or "")
    done = _given_back(session, order_id)
    lines = _lines(order.bill, done, quantities)
    if not lines:
        raise NotRefundableError(number=order.number or "")
    whole = all(done.get(line["id"], 0) + _of(lines, line["id"]) == Decimal(line["quantity"]) for line in order.bill["lines"])
    refund_id = new_id(now)
    day = shop.brand.business_day(now, shop.known_stores[order.store_id].timezone)
    fen = Fen(sum(line.fen for line in lines))
    _pay_back(session, order_id, fen, refund_id, now=now)
    goods = Fen(sum(line.goods_fen for line in lines))
    back = sum(line.points for line in lines)
    if back:
        back = return_points(session, order.bill[HOLD], back, key=f"return:{refund_id}", day=day, now=now)
    fen_before, goods_before = _money_back(session, order_id)
    taken, owed = _take_back(session, order, goods_before, goods, refund_id, now=now)
    reduce_spending(session, order_id, goods)
    paid_less(session, order_id, Fen((order.paid_fen or 0) - fen_before - fen), key=refund_id, now=now)
    coupons = return_coupons(session, order_id, day=day, now=now) if whole else ()
    refund = OrderRefund(
        id=refund_id,
        order_id=order_id,
        fen=fen,
        goods_fen=goods,
        points_taken=taken,
        points_owed=owed,
        points_returned=back,
        coupons_returned=list(coupons),
        reason=reason[:64],
        by=by,
        key=key,
        at=now,
    )
    session.add(refund)
    session.flush()
    session.execute(
        insert(OrderRefundLine),
        [
            {"refund_id": refund_id, "line_id": line.line_id, "quantity": line.quantity, "fen": line.fen, "points": line.points}
            for line in lines
        ],
    )
    status = PaymentStatus.REFUNDED if whole else PaymentStatus.PART_REFUNDED
    move_payment(session, order_id, status)
    emit(session, _event(shop, order, refund, lines, whole=whole), now=now)
    return refund


def refunds_of(session: Session, order_id: str) -> Sequence[OrderRefund]:
    """The refunds of an order, oldest first."""
    return session.execute(select(OrderRefund).where(OrderRefund.order_id == order_id).order_by(OrderRefund.id)).scalars().all()


def _given_back(session: Session, order_id: str) -> dict[str, Decimal]:
    rows = session.execute(
        select(OrderRefundLine.line_id, func.sum(OrderRefundLine.quantity))
        .join(OrderRefund, OrderRefund.id == OrderRefundLine.refund_id)
        .where(OrderRefund.order_id == order_id)
        .group_by(OrderRefundLine.line_id)
    )
    return {line_id: Decimal(quantity) for line_id, quantity in rows}


def _lines(bill: dict[str, Any], done: Mapping[str, Decimal], quantities: Mapping[str, Decimal] | None) -> list[RefundedLine]:
    billed = {line["id"]: line for line in bill["lines"]}
    unknown = next((line_id for line_id in quantities or () if line_id not in billed), None)
    if unknown is not None:
        raise TooMuchBackError(dish="", left="0")
    found = []
    for line_id, line in billed.items():
        left = Decimal(line["quantity"]) - done.get(line_id, 0)
        n = left if quantities is None else quantities.get(line_id, Decimal(0))
        if n < 0 or n > left:
            raise TooMuchBackError(dish=line["name"], left=f"{left:f}")
        if n:
            found.append(_part(line, done.get(line_id, Decimal(0)), n))
    return found


def _part(line: dict[str, Any], done: Decimal, n: Decimal) -> RefundedLine:
    def part(whole: int) -> int:
        """The part of n after what was given back before; the parts of a line add up to its whole."""
        quantity = Decimal(line["quantity"])
        return int(whole * (done + n) // quantity) - int(whole * done // quantity)

    goods = part(line["payable_fen"] - line["fees_fen"])
    fees = part(line["fees_fen"])
    return RefundedLine(line["id"], line["name"], line["unit"], n, Fen(goods), Fen(fees), part(line["points"]))


def _of(lines: Sequence[RefundedLine], line_id: str) -> Decimal:
    return next((line.quantity for line in lines if line.line_id == line_id), Decimal(0))


def _pay_back(session: Session, order_id: str, fen: Fen, refund_id: str, *, now: datetime) -> None:
    """Ask for the money back, from the payments that brought it."""
    left = int(fen)
    for payment in paid_payments(session, PAYABLE, order_id):
        part = min(left, payment.fen - payment.refunded_fen)
        if part > 0:
            request_refund(session, payment.id, Fen(part), reason=REFUND, key=f"{refund_id}:{payment.id}", now=now)
            left -= part
    if left:
        raise ValueError(f"the payments of order {order_id} are {left} fen short of what is to be given back")


def _money_back(session: Session, order_id: str) -> tuple[int, int]:
    """What was given back of an order until now: (all of it, what of it was for dishes), both in fen."""
    fen, goods = func.coalesce(func.sum(OrderRefund.fen), 0), func.coalesce(func.sum(OrderRefund.goods_fen), 0)
    row = session.execute(select(fen, goods).where(OrderRefund.order_id == order_id)).one()
    return int(row[0]), int(row[1])


def _take_back(session: Session, order: Order, before: int, goods: Fen, refund_id: str, *, now: datetime) -> tuple[int, int]:
    """Take back what the dishes earned: what the order earned, less what it would have earned without them."""
    assert order.bill is not None
    per_point = order.bill["yuan_per_point"]
    paid = sum(line["payable_fen"] - line["fees_fen"] for line in order.bill["lines"])
    points = points_for(Fen(paid - before), per_point) - points_for(Fen(paid - before - goods), per_point)
    if not points:
        return 0, 0
    reversal = reverse_earning(session, order.id, points, key=f"reverse:{refund_id}", now=now)
    return reversal.taken, reversal.owed


def _event(shop: ShopSnapshot, order: Order, refund: OrderRefund, lines: Sequence[RefundedLine], *, whole: bool) -> OrderRefunded:
    store = shop.known_stores[order.store_id]
    assert order.bill is not None
    return OrderRefunded(
        refund_id=refund.id,
        order_id=order.id,
        store_id=store.id,
        store_name=store.name,
        store_phone=store.phone,
        number=order.number or "",
        zone=store.timezone,
        diner_id=order.bill["diner_id"],
        fen=refund.fen,
        lines=[
            {"line_id": line.line_id, "name": line.name, "unit": line.unit, "quantity": f"{line.quantity:f}", "fen": line.fen}
            for line in lines
        ],
        points_returned=refund.points_returned,
        points_taken=refund.points_taken,
        points_owed=refund.points_owed,
        coupons_returned=list(refund.coupons_returned),
        reason=refund.reason,
        whole=whole,
        refunded_at=refund.at.isoformat(),
    )
