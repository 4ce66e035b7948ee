"""Read a cart back, place it, ask for the bill, and settle it when it is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.checkout.pricing import Bill, PricedLine, price
from domain.kernel.money import Fen
from domain.members.service import is_member
from domain.messaging import emit
from domain.orders.cart import Cart, CartLine, find_cart
from domain.orders.errors import CartChangedError, EmptyCartError, JustPaidError, NothingToPayError, TooLateToCancelError
from domain.orders.events import OrderPaid
from domain.orders.models import Order, OrderLine
from domain.orders.repricing import at_todays_prices
from domain.orders.rules import Channel, PaymentStatus
from domain.orders.service import PlacedRound, cancel_order, get_order, mark_paid, place_round, placed_lines, release_rounds
from domain.payments.models import Payment
from domain.payments.service import close_pending, has_paid, request_payment
from domain.points.rules import points_for
from domain.shop.snapshot import ShopSnapshot, Store
from domain.tables.service import Seat, end_session

PAYABLE = "order"
METHOD_LABELS = {"simulated": "模拟支付"}


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A cart as it would be placed now. `version` is what a yes must be bound to."""

    cart: Cart
    bill: Bill
    version: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A placed round; `payment` is to be paid before the kitchen starts, None where it is paid after."""

    round: PlacedRound
    bill: Bill
    payment: Payment | None


def read_back(session: Session, shop: ShopSnapshot, seat: Seat | None, diner_id: str) -> ReadBack:
    """The cart with today's prices. Raises: EmptyCartError."""
    found = find_cart(session, seat, diner_id)
    if found is None or not found.lines:
        raise EmptyCartError
    cart = at_todays_prices(found, shop)
    bill = bill_of(session, shop, cart.store_id, cart.channel, diner_id, cart.lines)
    return ReadBack(cart, bill, f"{cart.order_id}.{cart.version}.{bill.total_fen}")


def place(
    session: Session,
    shop: ShopSnapshot,
    seat: Seat | None,
    diner_id: str,
    version: str,
    *,
    now: datetime,
    pickup_at: datetime | None = None,
) -> Placed:
    """Place what was read back under this version, and nothing else.

    Args:
        pickup_at: When a takeaway is fetched; None for as soon as it is cooked.

    Raises:
        CartChangedError: The cart or a price moved since; and the refusals of `place_round`.

    Emits: OrderReleased where it is paid after.
    """
    seen = read_back(session, shop, seat, diner_id)
    if seen.version != version:
        raise CartChangedError
    placed = place_round(session, shop, seen.cart, diner_id, now=now, pickup_at=pickup_at)
    close_pending(session, PAYABLE, placed.order_id)  # an older bill no longer is the whole bill
    if has_paid(session, PAYABLE, placed.order_id):
        raise JustPaidError  # the money came a moment ago and settles the bill as it stood
    payment = ask_for_payment(session, shop, placed.order_id, diner_id, now=now)[0] if placed.paid_first else None
    return Placed(placed, seen.bill, payment)


def cancel(session: Session, order_id: str, *, now: datetime) -> None:
    """Cancel an order that nobody has paid or cooked, with its open bill.

    Raises:
        TooLateToCancelError: It is paid, is being paid this moment, or the kitchen has it.
    """
    cancel_order(session, order_id, now=now)
    close_pending(session, PAYABLE, order_id)
    if has_paid(session, PAYABLE, order_id):
        raise TooLateToCancelError(number=get_order(session, order_id).number or "")


def bill_table(session: Session, shop: ShopSnapshot, seat: Seat | None, diner_id: str, *, now: datetime) -> tuple[Payment, Bill]:
    """买单: ask for what the open order costs by now. Raises: NothingToPayError."""
    cart = find_cart(session, seat, diner_id)
    if cart is None or cart.rounds == 0:
        raise NothingToPayError
    return ask_for_payment(session, shop, cart.order_id, diner_id, now=now)


def ask_for_payment(session: Session, shop: ShopSnapshot, order_id: str, diner_id: str, *, now: datetime) -> tuple[Payment, Bill]:
    """The open payment of an order and the bill that it asks for; the bill is kept with the order."""
    order = get_order(session, order_id)
    if order.payment_status == PaymentStatus.PAID:
        raise NothingToPayError
    bill = bill_of(session, shop, order.store_id, Channel(order.channel), diner_id, placed_lines(session, order_id))
    session.execute(update(Order).where(Order.id == order_id).values(bill=bill.to_json(), payment_status=PaymentStatus.PENDING.value))
    return request_payment(session, PAYABLE, order_id, diner_id, bill.total_fen, now=now), bill


def settle(session: Session, shop: ShopSnapshot, paid: dict[str, Any], *, now: datetime) -> None:
    """A payment of an order came in: close the bill, start the kitchen where it waited, end the table where it is paid after.

    Args:
        paid: The fields of PaymentPaid.

    Emits: OrderPaid, OrderReleased where it waited for the money.
    """
    order = get_order(session, paid["payable_id"])
    if not mark_paid(session, order.id, paid["fen"], now=now):
        return
    store = shop.known_stores[order.store_id]
    bill = order.bill
    assert bill is not None
    if bill["total_fen"] != paid["fen"]:
        raise ValueError(f"order {order.id} was billed {bill['total_fen']} and paid {paid['fen']} fen")
    if not release_rounds(session, store, order.id, now=now) and order.session_id:
        end_session(session, order.session_id, reason="paid", now=now)
    member = is_member(session, paid["diner_id"])
    emit(session, _order_paid(shop, store, order, bill, paid, member=member), now=now)


def bill_of(
    session: Session, shop: ShopSnapshot, store_id: str, channel: Channel, diner_id: str, lines: Sequence[CartLine | OrderLine]
) -> Bill:
    """Price lines for the diner who pays."""
    priced = [
        PricedLine(
            line.name,
            line.unit,
            line.quantity,
            tuple(line.options),
            line.unit_price_fen,
            line.member_price_fen,
            line.packaging_fen,
        )
        for line in lines
    ]
    ratio = shop.known_stores[store_id].service_fee
    return price(priced, member=is_member(session, diner_id), channel=channel, service_fee_ratio=ratio)


def _order_paid(shop: ShopSnapshot, store: Store, order: Order, bill: dict[str, Any], paid: dict[str, Any], *, member: bool) -> OrderPaid:
    assert order.number is not None
    assert order.business_day is not None
    points = points_for(Fen(bill["total_fen"] - bill["fees_fen"]), shop.brand.yuan_per_point) if member else 0
    return OrderPaid(
        order_id=order.id,
        store_id=store.id,
        store_name=store.name,
        store_phone=store.phone,
        number=order.number,
        business_day=order.business_day.isoformat(),
        channel=order.channel,
        session_id=order.session_id,
        table_code=order.table_code,
        zone=store.timezone,
        paid_at=paid["paid_at"],
        method=paid["method"],
        method_label=METHOD_LABELS[paid["method"]],
        diner_id=paid["diner_id"],
        lines=bill["lines"],
        explanation=bill["explanation"],
        paid_fen=paid["fen"],
        fees_fen=bill["fees_fen"],
        points=points,
    )
