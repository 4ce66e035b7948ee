"""Read a cart back, place it, ask for the bill, settle it when it is paid."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.checkout.bill import Bill
from domain.checkout.billing import FREE, ask_for_payment, bill_ahead, give_up_bill, prices_of, use_up, withdraw_bill
from domain.kernel.money import Fen
from domain.members.identities import resolve
from domain.members.levels import record_spending
from domain.members.service import is_member
from domain.messaging import emit
from domain.orders.cart import Cart, find_cart
from domain.orders.errors import CartChangedError, EmptyCartError
from domain.orders.events import OrderPaid
from domain.orders.kitchen import rounds_of
from domain.orders.models import Order
from domain.orders.places import Place
from domain.orders.placing import PlacedRound, place_lines
from domain.orders.repricing import at_todays_prices
from domain.orders.rules import OrderState, paid_first
from domain.orders.service import cancel_order, get_order, lock_order, mark_paid, place_round, release_rounds
from domain.orders.splitting import end_session_when_paid
from domain.payments.models import Payment
from domain.payments.service import close_lapsed
from domain.points.rules import points_for
from domain.points.service import earn_points
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.tables.service import Seat

METHOD_LABELS = {"simulated": "模拟支付", FREE: "无需支付"}


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


def read_back(session: Session, shop: ShopSnapshot, place: Place | None, diner_id: str, *, now: datetime) -> ReadBack:
    """The cart with today's prices; where it is paid first, with the coupons and points that would pay a part of it.

    Raises:
        EmptyCartError: Nothing is in it.
    """
    found = find_cart(session, place, diner_id)
    if found is None or not found.lines:
        raise EmptyCartError
    cart = at_todays_prices(found, shop)
    if paid_first(shop.known_stores[cart.store_id].pay, cart.channel):
        bill = bill_ahead(session, shop, cart.store_id, cart.channel, diner_id, cart.lines, now=now)
    else:
        bill = prices_of(session, shop, cart.store_id, cart.channel, diner_id, cart.lines)
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
    wait: bool = False,
) -> Placed:
    """Place what was read back under this version, and nothing else.

    Args:
        pickup_at: When a takeaway is fetched; None for as soon as it is cooked.
        wait: 叫起: the kitchen cooks when the table says so.

    Raises:
        CartChangedError: The cart or a price moved since; and the refusals of `place_round`.

    Emits: OrderReleased where it is paid after.
    """
    seen = read_back(session, shop, seat, diner_id, now=now)
    if seen.version != version:
        raise CartChangedError
    placed = place_round(session, shop, seen.cart, diner_id, now=now, pickup_at=pickup_at, wait=wait)
    return _billed(session, shop, placed, seen.bill, diner_id, now=now)


def place_at_table(session: Session, shop: ShopSnapshot, cart: Cart, diner_id: str, *, now: datetime) -> Placed:
    """Place what a diner said yes to before the party sat down, whoever opened the table meanwhile.

    Args:
        cart: The table's, its lines those that are meant, at the prices of now.

    Raises:
        JustPaidError, and the refusals of `placing.place_lines`; the caller rolls back to a savepoint.

    Emits: OrderReleased where it is paid after.
    """
    bill = prices_of(session, shop, cart.store_id, cart.channel, diner_id, cart.lines)
    placed = place_lines(session, shop, cart, diner_id, now=now)
    if not placed.paid_first:
        release_rounds(session, shop.known_stores[cart.store_id], cart.order_id, now=now)
    return _billed(session, shop, placed, bill, diner_id, now=now)


def _billed(session: Session, shop: ShopSnapshot, placed: PlacedRound, bill: Bill, diner_id: str, *, now: datetime) -> Placed:
    withdraw_bill(session, placed.order_id, now=now)  # an older bill no longer is the whole bill
    payment = ask_for_payment(session, shop, placed.order_id, diner_id, now=now)[0] if placed.paid_first else None
    return Placed(placed, bill, payment)


def lapse(session: Session, payment_id: str, order_id: str, *, now: datetime) -> bool:
    """A bill that nobody paid in its time: its payment is closed, what it held is free.

    An order that the kitchen was to get for the money is cancelled, so that its portions are for sale again.

    Returns:
        False when it was settled before.
    """
    order = lock_order(session, order_id)  # first, as everywhere: whoever asks for the bill anew in this moment takes turns with it
    if not close_lapsed(session, payment_id, now=now):
        return False
    give_up_bill(session, order_id, now=now)
    if order.state == OrderState.PLACED and not any(each.released_at for each in rounds_of(session, order_id).values()):
        cancel_order(session, order_id, now=now)
    return True


def settle(session: Session, shop: ShopSnapshot, paid: dict[str, Any], *, now: datetime) -> None:
    """A payment of an order came in: use up what paid with it, credit what it earns, start the kitchen where it waited, end the table.

    Points and spending are written here and not by a reaction, so that a refund a moment later finds them.

    Args:
        paid: The fields of PaymentPaid.

    Emits: OrderPaid, OrderReleased where it waited for the money.
    """
    if not mark_paid(session, paid["payable_id"], paid["fen"], now=now):
        return
    order = get_order(session, paid["payable_id"])  # after its row is ours: the bill may have been asked for anew until then
    store = shop.known_stores[order.store_id]
    bill = order.bill
    assert bill is not None
    if bill["total_fen"] != paid["fen"]:
        raise ValueError(f"order {order.id} was billed {bill['total_fen']} and paid {paid['fen']} fen")
    use_up(session, order, now=now)
    payer = resolve(session, bill["diner_id"], hold=True)
    points = _credit(session, shop, order, bill, payer, now=now)
    released = release_rounds(session, store, order.id, now=now)
    if not released and order.session_id:
        end_session_when_paid(session, order.session_id, now=now)
    emit(session, _order_paid(store, order, bill, paid, payer, points), now=now)


def _credit(session: Session, shop: ShopSnapshot, order: Order, bill: dict[str, Any], diner_id: str, *, now: datetime) -> int:
    """What a member earns by paying: points on the dishes, and spending that counts for the level."""
    assert order.business_day is not None
    if not is_member(session, diner_id):
        return 0
    goods = Fen(sum(line["payable_fen"] - line["fees_fen"] for line in bill["lines"]))
    points = points_for(goods, bill["yuan_per_point"])
    day, life = order.business_day, shop.brand.points_expire_days
    earn_points(session, diner_id, points, order_id=order.id, business_day=day, life_days=life, now=now)
    visit = order.session_id or order.id
    record_spending(session, diner_id, order_id=order.id, visit=visit, business_day=day, net_fen=goods, now=now)
    return points


def _order_paid(store: Store, order: Order, bill: dict[str, Any], paid: dict[str, Any], payer: str, points: int) -> OrderPaid:
    assert order.number is not None
    assert order.business_day is not None
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
        diner_id=payer,
        lines=bill["lines"],
        explanation=bill["explanation"],
        paid_fen=paid["fen"],
        fees_fen=bill["fees_fen"],
        points=points,
    )
