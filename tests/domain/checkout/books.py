"""The books of the house, added up anew: what must hold of every order, coupon and hold after whatever has happened."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.checkout.models import OrderRefund
from domain.coupons.models import Coupon
from domain.kernel.money import Fen
from domain.orders.models import Order, OrderLine
from domain.payments.models import Payment, Refund
from domain.payments.service import LATE
from domain.points.models import PointsEntry, PointsHold
from domain.points.rules import Reason, points_for
from domain.storage import Prepared

SETTLED = ("paid", "part_refunded", "refunded")


class OrderRow(NamedTuple):
    """An order as the tables have it."""

    id: str
    state: str
    status: str
    bill: dict[str, Any] | None
    paid_fen: int | None
    channel: str
    session_id: str | None
    split_from: str | None
    diner_id: str


_ORDERS = Prepared(
    select(
        Order.id,
        Order.state,
        Order.payment_status,
        Order.bill,
        Order.paid_fen,
        Order.channel,
        Order.session_id,
        Order.split_from,
        Order.diner_id,
    )
    .where(Order.placed_at.is_not(None))
    .order_by(Order.id)
)
_LINES = Prepared(select(OrderLine.order_id, OrderLine.id, OrderLine.quantity, OrderLine.voided).where(OrderLine.round_no > 0))
_COUPONS = Prepared(select(Coupon.id, Coupon.state, Coupon.held_for, Coupon.used_for))
_HOLDS = Prepared(select(PointsHold.key, PointsHold.points, PointsHold.state))
_PAYMENTS = Prepared(select(Payment.id, Payment.payable_id, Payment.state, Payment.fen, Payment.refunded_fen).order_by(Payment.id))
_MONEY_BACK = Prepared(
    select(Payment.payable_id, Refund.payment_id, Refund.reason, Refund.fen).join(Payment, Payment.id == Refund.payment_id)
)
_REFUNDS = Prepared(
    select(
        OrderRefund.order_id,
        OrderRefund.fen,
        OrderRefund.goods_fen,
        OrderRefund.points_taken,
        OrderRefund.points_owed,
        OrderRefund.points_returned,
    )
)
_EARNED = Prepared(select(PointsEntry.order_id, PointsEntry.delta).where(PointsEntry.reason == bindparam("reason"), PointsEntry.part == 0))


@dataclass
class Books:
    """Everything that is written about money, coupons and points of orders. Read once for each look."""

    orders: list[OrderRow]
    standing: dict[str, dict[str, Decimal]]
    lines: dict[str, list[tuple[str, Decimal]]]
    coupons: list[tuple[str, str, str | None, str | None]]
    holds: dict[str, tuple[int, str]]
    payments: dict[str, list[tuple[str, str, int]]]
    late: set[str]
    returned: Counter[str] = field(default_factory=Counter)
    refunds: dict[str, list[tuple[int, int, int, int, int]]] = field(default_factory=dict)
    earned: dict[str, int] = field(default_factory=dict)

    def paid(self, order_id: str) -> int:
        """Money that came in in time."""
        return sum(fen for payment_id, state, fen in self.payments[order_id] if state == "paid" and payment_id not in self.late)

    def wrong(self) -> list[str]:
        """What does not hold, in words; nothing when all is well."""
        return [*self._bills(), *self._open(), *self._paid(), *self._given_back(), *self._holds()]

    def _bills(self) -> Iterator[str]:
        for order in self.orders:
            bill = order.bill
            if bill is None:
                continue
            lines, total = bill["lines"], bill["total_fen"]
            if not sum(line["payable_fen"] for line in lines) == sum(part["fen"] for part in bill["explanation"]) == total:
                yield f"{order.id}: lines, explanation and total of the bill differ"
            if sum(line["points"] for line in lines) != bill["points"]:
                yield f"{order.id}: points of the lines are not those of the bill"
            if any(min(line["payable_fen"] - line["fees_fen"], line["fees_fen"], line["points"]) < 0 for line in lines):
                yield f"{order.id}: a line is negative"
            if {line["id"]: Decimal(line["quantity"]) for line in lines} != self.standing[order.id]:
                yield f"{order.id}: the bill is not what stands on the order"

    def _open(self) -> Iterator[str]:
        for order in self.orders:
            pending = [fen for _, state, fen in self.payments[order.id] if state == "pending"]
            in_time = self.paid(order.id)
            if order.status == "pending":
                assert order.bill is not None
                total = order.bill["total_fen"]
                money_came = any(state == "paid" and number not in self.late for number, state, _ in self.payments[order.id])
                if (pending, in_time) != (([], total) if money_came else ([total], 0)):
                    yield f"{order.id}: billed {total}, asked for {pending}, paid {in_time}"
            elif pending:
                yield f"{order.id}: {order.status}, and {pending} can still be paid"
            elif order.status == "none" and (in_time or order.bill is not None):
                yield f"{order.id}: no bill, and {in_time} paid"

    def _paid(self) -> Iterator[str]:
        for order in self.orders:
            if order.status in SETTLED:
                assert order.bill is not None
                if not order.paid_fen == order.bill["total_fen"] == self.paid(order.id):
                    yield f"{order.id}: billed {order.bill['total_fen']}, paid {self.paid(order.id)}, marked {order.paid_fen}"
                used = {coupon_id for coupon_id, _, _, used_for in self.coupons if used_for == order.id}
                if used != (set() if order.status == "refunded" else set(order.bill["coupons"])):
                    yield f"{order.id}: coupons used are not those of the bill"
            elif any(used_for == order.id for *_, used_for in self.coupons):
                yield f"{order.id}: not paid, and has used a coupon"

    def _given_back(self) -> Iterator[str]:
        for order in self.orders:
            done = self.refunds.get(order.id, [])
            fen, goods, taken, owed, points = (sum(column) for column in zip(*done, strict=True)) if done else (0, 0, 0, 0, 0)
            if fen != self.returned[order.id]:
                yield f"{order.id}: refunds of {fen}, and {self.returned[order.id]} go back"
            if bool(done) != (order.status in {"part_refunded", "refunded"}):
                yield f"{order.id}: {len(done)} refunds, and {order.status}"
            if not done:
                continue
            assert order.bill is not None
            whole = order.status == "refunded"
            if not 0 <= fen <= self.paid(order.id) or (whole and fen != self.paid(order.id)):
                yield f"{order.id}: {order.status}, paid {self.paid(order.id)}, given back {fen}"
            if points > order.bill["points"] or (whole and points != order.bill["points"]):
                yield f"{order.id}: {order.status}, {order.bill['points']} points paid, {points} given back"
            dishes = sum(line["payable_fen"] - line["fees_fen"] for line in order.bill["lines"])
            if whole and goods != dishes:
                yield f"{order.id}: dishes of {dishes}, given back {goods}"
            earned = self.earned.get(order.id, 0)
            left = points_for(Fen(dishes - goods)) if earned else 0
            if earned - taken - owed != left:
                yield f"{order.id}: earned {earned}, taken back {taken}, owed {owed}, and {left} should be left"

    def _holds(self) -> Iterator[str]:
        open_bills = {order.id: order.bill for order in self.orders if order.status == "pending" and order.bill is not None}
        kept = sorted((held_for, coupon_id) for coupon_id, _, held_for, _ in self.coupons if held_for)
        if kept != sorted((order_id, coupon_id) for order_id, bill in open_bills.items() for coupon_id in bill["coupons"]):
            yield f"coupons are held that no open bill uses, or the other way round: {kept}"
        held = {key: points for key, (points, state) in self.holds.items() if state == "held"}
        if held != {bill["points_hold"]: bill["points"] for bill in open_bills.values() if bill["points"]}:
            yield f"points are held that no open bill uses, or the other way round: {held}"


def read_books(session: Session) -> Books:
    """The books as they stand."""
    standing: dict[str, dict[str, Decimal]] = defaultdict(dict)
    lines: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for order_id, line_id, quantity, voided in _LINES.all(session):
        lines[order_id].append((line_id, quantity - voided))
        if quantity > voided:
            standing[order_id][line_id] = quantity - voided
    payments: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for payment_id, payable_id, state, fen, _ in _PAYMENTS.all(session):
        payments[payable_id].append((payment_id, str(state), fen))
    returned: Counter[str] = Counter()
    late = set()
    for payable_id, payment_id, reason, fen in _MONEY_BACK.all(session):
        if reason == LATE:
            late.add(payment_id)
        else:
            returned[payable_id] += fen
    refunds: dict[str, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for order_id, *row in _REFUNDS.all(session):
        refunds[order_id].append(tuple(row))
    return Books(
        orders=[OrderRow(*row) for row in _ORDERS.all(session)],
        standing=standing,
        lines=lines,
        coupons=[(coupon_id, str(state), held_for, used_for) for coupon_id, state, held_for, used_for in _COUPONS.all(session)],
        holds={key: (points, str(state)) for key, points, state in _HOLDS.all(session)},
        payments=payments,
        late=late,
        returned=returned,
        refunds=refunds,
        earned=dict(_EARNED.all(session, reason=Reason.ORDER_PAID)),
    )
