"""Say yes to a pre-order, place it when its party sits down, drop it when it does not."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.checkout.service import ReadBack, place_at_table, read_back
from domain.menu.errors import SoldOutError
from domain.menu.portions import portions_left
from domain.messaging import emit
from domain.orders.cart import Cart, CartLine, find_cart
from domain.orders.errors import CartChangedError
from domain.orders.repricing import at_todays_prices
from domain.orders.table_to_come import Brought, bring_to_table, drop_drafts, drop_waiting, wait_for_table
from domain.preorders.events import PreorderBrought, PreorderDropped, PreorderPlaced
from domain.preorders.rules import TRIES, is_still_wanted
from domain.shop.dish import Dish
from domain.shop.snapshot import ShopSnapshot
from domain.storage import savepoint
from domain.tables.errors import StoreClosedError, UnknownTableError
from domain.tables.service import Seat, find_seat, scan_table
from domain.waitlist.arriving import link_order, place_of
from domain.waitlist.line import Ticket, ticket_in
from domain.waitlist.rules import TicketState
from domain.waitlist.seating import began_at


@dataclass(frozen=True, slots=True)
class Preorder:
    """What was chosen under a number. `confirmed`: it is placed as it stands when the party sits down."""

    cart: Cart
    confirmed: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """The lines that can be had now, and what was left of the others."""

    had: tuple[CartLine, ...]
    out: tuple[CartLine, ...]
    few: tuple[tuple[CartLine, Dish, Decimal], ...]

    def told(self) -> dict[str, Any]:
        return {
            "sold_out": list(dict.fromkeys(line.name for line in self.out)),
            "too_few": [{"name": line.name, "left": str(left), "unit": dish.unit} for line, dish, left in self.few],
        }


def find_preorder(session: Session, shop: ShopSnapshot, ticket: Ticket) -> Preorder | None:
    """What was chosen under a number, at the prices of now; None when there is nothing."""
    cart = find_cart(session, place_of(ticket), "")
    if cart is None or not cart.lines:
        return None
    return Preorder(at_todays_prices(cart, shop), _said_yes(ticket, cart.order_id, cart.version))


def take_along(session: Session, ticket: Ticket) -> bool:
    """What the diner chose in this store before taking the number waits for the table with it, and for a yes.

    Returns:
        False when there is nothing, or something of it is ordered already.
    """
    return ticket.diner_id is not None and wait_for_table(session, place_of(ticket), ticket.diner_id)


def confirm_preorder(session: Session, shop: ShopSnapshot, ticket: Ticket, version: str, *, now: datetime) -> ReadBack:
    """The diner says yes to what was read back under this version: it is placed when the party sits down. Changed later, it waits
    for another yes.

    Raises:
        EmptyCartError; CartChangedError: The cart or a price moved since.
        NotInLineError: The number is over.

    Source: RESTAURANT, Waitlist (pre-order while waiting).
    """
    assert ticket.diner_id is not None
    seen = read_back(session, shop, place_of(ticket), ticket.diner_id, now=now)
    if seen.version != version:
        raise CartChangedError
    link_order(session, ticket.diner_id, seen.cart.order_id, seen.cart.version)
    return seen


def seat_preorder(session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, now: datetime) -> None:
    """A party has sat down: what it chose is placed at its table, when it has said yes to it; else it waits in the table's cart.

    Where nobody has scanned the table's code yet, the table's session begins. Dishes that are sold out are left out and named, the
    rest goes on. Portions are taken and prices set in this moment, as everywhere. Heard twice, it is done once.

    Raises:
        JustPaidError: The table's bill was paid a moment ago and is being settled; tried again, it is a bill of its own.

    Emits: PreorderPlaced, PreorderBrought or PreorderDropped; OrderReleased where it is paid after.
    """
    ticket = ticket_in(session, store_id, ticket_id)
    cart = find_cart(session, place_of(ticket), "")
    if cart is None or ticket.state != TicketState.SEATED or ticket.diner_id is None:
        return
    seat = _seat(session, shop, ticket, now=now) if cart.lines else None
    if seat is None:
        late = ticket.seated_at is None or not is_still_wanted(ticket.seated_at, now)
        drop_preorder(session, shop, store_id, ticket_id, reason="late" if late else "closed", now=now)
        return
    brought = bring_to_table(session, place_of(ticket), seat, now=now)
    if brought is None:
        return
    ticket = ticket_in(session, store_id, ticket_id)  # the cart is ours: a yes until this moment counts
    if not _said_yes(ticket, brought.order_id, brought.version):
        _tell_brought(session, shop, ticket, brought, "unconfirmed", None, now=now)
    elif ticket.seated_at is None or not is_still_wanted(ticket.seated_at, now):
        _tell_brought(session, shop, ticket, brought, "late", None, now=now)
    else:
        _place(session, shop, ticket, brought, now=now)


def drop_preorder(session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, reason: str, now: datetime) -> None:
    """A number is over without a table: what was chosen under it is not cooked.

    Emits: PreorderDropped, when the diner had said yes to it.
    """
    ticket = ticket_in(session, store_id, ticket_id)
    cart = find_cart(session, place_of(ticket), "")
    if cart is None or not drop_waiting(session, place_of(ticket), now=now):
        return
    if ticket.order_id is not None and cart.lines and ticket.diner_id is not None:
        emit(session, PreorderDropped(**_about(shop, ticket, cart.lines), reason=reason), now=now)


def _seat(session: Session, shop: ShopSnapshot, ticket: Ticket, *, now: datetime) -> Seat | None:
    """Where the party sits: where the diner has sat down since the call, else at the table of the number; None after hours."""
    store = shop.stores.get(ticket.store_id)
    if store is None or ticket.diner_id is None or ticket.called_at is None:
        return None
    seat = find_seat(session, ticket.diner_id, now=now)
    if seat is not None and seat.store_id == store.id and began_at(session, seat.session_id) >= ticket.called_at:
        return seat
    if ticket.seated_at is None or not is_still_wanted(ticket.seated_at, now):
        return None  # by now others may sit there
    try:
        return scan_table(session, store, ticket.table_code or "", ticket.diner_id, now=now)
    except (StoreClosedError, UnknownTableError):
        return None


def _place(session: Session, shop: ShopSnapshot, ticket: Ticket, brought: Brought, *, now: datetime) -> None:
    assert ticket.diner_id is not None
    for left in range(TRIES, 0, -1):
        choice = _choose(session, shop, brought.cart, now=now)
        if not choice.had:
            break
        try:
            with savepoint(session):
                cart = at_todays_prices(replace(brought.cart, lines=choice.had), shop)
                placed = place_at_table(session, shop, cart, ticket.diner_id, now=now)
        except SoldOutError:  # somebody was quicker: what is left is looked at again
            if left == 1:
                raise
            continue
        drop_drafts(session, [line.id for line in choice.out])
        event = PreorderPlaced(
            **_about(shop, ticket, choice.had),
            table_code=brought.cart.table_code or "",
            order_id=placed.round.order_id,
            order_number=placed.round.number,
            total_fen=placed.payment.fen if placed.payment else placed.bill.total_fen,
            payment_id=placed.payment.id if placed.payment and placed.payment.fen else None,
            **choice.told(),
        )
        emit(session, event, now=now)
        return
    drop_drafts(session, [line.id for line in choice.out])
    _tell_brought(session, shop, ticket, brought, "sold_out", choice, now=now)


def _choose(session: Session, shop: ShopSnapshot, cart: Cart, *, now: datetime) -> _Choice:
    sold = {line.dish_id: shop.dish_for(cart.store_id, line.dish_id) for line in cart.lines}
    dishes = {dish_id: dish for dish_id, dish in sold.items() if dish is not None}
    day = shop.brand.business_day(now, shop.known_stores[cart.store_id].timezone)
    left = portions_left(session, cart.store_id, dishes.values(), day)
    wanted = {dish_id: sum((line.quantity for line in cart.lines if line.dish_id == dish_id), Decimal(0)) for dish_id in dishes}
    had, out, few = list[CartLine](), list[CartLine](), list[tuple[CartLine, Dish, Decimal]]()
    for line in cart.lines:
        dish, rest = dishes.get(line.dish_id), left.get(line.dish_id)
        if dish is None or (rest is not None and rest < dish.step):
            out.append(line)
        elif rest is not None and rest < wanted[line.dish_id]:
            few.append((line, dish, rest))
        else:
            had.append(line)
    return _Choice(tuple(had), tuple(out), tuple(few))


def _tell_brought(
    session: Session, shop: ShopSnapshot, ticket: Ticket, brought: Brought, reason: str, choice: _Choice | None, *, now: datetime
) -> None:
    told = choice.told() if choice else {"sold_out": [], "too_few": []}
    event = PreorderBrought(**_about(shop, ticket, brought.cart.lines), table_code=brought.cart.table_code or "", reason=reason, **told)
    emit(session, event, now=now)


def _said_yes(ticket: Ticket, order_id: str, version: int) -> bool:
    return (ticket.order_id, ticket.order_version) == (order_id, version)


def _about(shop: ShopSnapshot, ticket: Ticket, lines: tuple[CartLine, ...]) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "diner_id": ticket.diner_id,
        "store_id": ticket.store_id,
        "store_name": shop.known_stores[ticket.store_id].name,
        "queue_number": ticket.number,
        "dishes": [{"name": line.name, "quantity": f"{line.quantity.normalize():f}"} for line in lines],
    }
