"""The cart: draft lines of an open order, shared by a table or held by a diner who takes away or waits for a table.

Each change locks the order's row by moving its draft version, so six phones at one table take turns.
Where the order was paid or merged since the phone looked, the change is refused by a CartGoneError, never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.menu.portions import check_portions
from domain.orders.errors import CartFullError, CartGoneError, NoSuchLineError, NotServedNowError
from domain.orders.making import checked_quantity, choose_options, member_price, rivals
from domain.orders.models import Order, OrderLine
from domain.orders.places import Place, active_key, place_of_order
from domain.orders.rules import MOST_LINES, Channel, OrderState, PaymentStatus
from domain.shop.dish import Dish
from domain.shop.store import Store
from domain.storage import Prepared, insert_once
from domain.tables.service import Seat, is_live, touch

DRAFT = 0


@dataclass(frozen=True, slots=True)
class CartLine:
    """A dish in the cart, at today's menu price."""

    id: str
    dish_id: str
    name: str
    unit: str
    station: str
    quantity: Decimal
    options: tuple[str, ...]
    note: str
    unit_price_fen: Fen
    member_price_fen: Fen | None
    packaging_fen: Fen
    diner_id: str

    @property
    def standing(self) -> Decimal:
        """How much of the line a bill counts, as of a placed line: all of it, for nothing of a draft was taken back."""
        return self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    """An open order seen as a cart. `version` moves with every change of its drafts."""

    order_id: str
    store_id: str
    channel: Channel
    session_id: str | None
    table_code: str | None
    opened_by: str
    rounds: int
    version: int
    lines: tuple[CartLine, ...]


_ORDER = tuple(
    getattr(Order, name) for name in ("id", "store_id", "channel", "session_id", "table_code", "diner_id", "rounds", "draft_version")
)
_LINE = tuple(getattr(OrderLine, name) for name in CartLine.__slots__)
_FIND = Prepared(
    select(*_ORDER, *_LINE)
    .outerjoin(OrderLine, and_(OrderLine.order_id == Order.id, OrderLine.round_no == DRAFT))
    .where(Order.active_key == bindparam("active_key"))
    .order_by(OrderLine.added_at, OrderLine.id)
)
_DRAFTS = Prepared(
    select(*_LINE)
    .where(OrderLine.order_id == bindparam("order_id"), OrderLine.round_no == DRAFT)
    .order_by(OrderLine.added_at, OrderLine.id)
)
_MOVE = Prepared(
    update(Order).where(Order.id == bindparam("of"), Order.active_key.is_not(None)).values(draft_version=Order.draft_version + 1)
)
_ADD = Prepared(insert(OrderLine.__table__))  # type: ignore[arg-type]
_CHANGE = Prepared(
    update(OrderLine)
    .where(OrderLine.id == bindparam("of"), OrderLine.round_no == DRAFT)
    .values(
        {
            name: bindparam(f"new_{name}", type_=getattr(OrderLine, name).type)
            for name in ("quantity", "options", "note", "unit_price_fen", "member_price_fen")
        }
    )
)


def find_cart(session: Session, place: Place | None, diner_id: str) -> Cart | None:
    """The open order of the table, of the number that waits, or of the diner who is nowhere; None before the first dish."""
    rows = _FIND.all(session, active_key=active_key(place, diner_id))
    if not rows:
        return None
    order_id, store_id, channel, session_id, table_code, opened_by, rounds, version = rows[0][: len(_ORDER)]
    lines = tuple(_line(row[len(_ORDER) :]) for row in rows if row[len(_ORDER)] is not None)  # a cart without lines is one row
    return Cart(order_id, store_id, Channel(channel), session_id, table_code, opened_by, rounds, version, lines)


def open_cart(session: Session, store_id: str, place: Place | None, diner_id: str, *, now: datetime) -> Cart:
    """The open order, started now when there is none."""
    found = find_cart(session, place, diner_id)
    if found is not None and found.store_id != store_id and not found.lines and not found.rounds:  # it was emptied to order elsewhere
        session.execute(update(Order).where(Order.id == found.order_id, Order.rounds == 0).values(store_id=store_id))
        found = find_cart(session, place, diner_id)
    if found is not None:
        return found
    row = {
        "id": new_id(now),
        "store_id": store_id,
        **place_of_order(place, diner_id),
        "state": OrderState.CART.value,
        "payment_status": PaymentStatus.NONE.value,
        "draft_version": 0,
        "rounds": 0,
        "opened_at": now,
    }
    insert_once(session, Order, row)  # two phones begin at once: the unique key lets one open
    if isinstance(place, Seat) and not is_live(session, place):  # the party left or moved this moment
        raise CartGoneError
    opened = find_cart(session, place, diner_id)
    assert opened is not None
    return opened


def add_line(
    session: Session,
    store: Store,
    cart: Cart,
    dish: Dish,
    n: Decimal,
    diner_id: str,
    *,
    options: Sequence[str] = (),
    day: date | None = None,
    now: datetime,
) -> CartLine:
    """Put a dish into the cart; the same dish with the same choices from the same diner becomes one line.

    Args:
        day: Business day whose portions are looked at, so that nobody chooses what is sold out; they are taken when it is
            placed. None looks at none.

    Raises:
        NotServedNowError, UnknownOptionError, WrongQuantityError, CartFullError, SoldOutError, TooFewLeftError.
    """
    if not store.serves(dish, now):
        raise NotServedNowError(dish=dish.name)
    chosen, note, price = choose_options(dish, options)
    _touch(session, cart, now=now)
    lines = _lines(session, cart.order_id)
    if day is not None:
        check_portions(session, store.id, dish, sum((line.quantity for line in lines if line.dish_id == dish.id), n), day)
    alike = (line for line in lines if (line.dish_id, line.options, line.note, line.diner_id) == (dish.id, chosen, note, diner_id))
    old = next(alike, None)
    if old is not None:
        return _change(session, replace(old, quantity=checked_quantity(dish, old.quantity + n)))
    if len(lines) >= MOST_LINES:
        raise CartFullError(most=MOST_LINES)
    line = CartLine(
        id=new_id(now),
        dish_id=dish.id,
        name=dish.name,
        unit=dish.unit,
        station=dish.station,
        quantity=checked_quantity(dish, n),
        options=chosen,
        note=note,
        unit_price_fen=price,
        member_price_fen=member_price(dish, price),
        packaging_fen=dish.packaging_fen,
        diner_id=diner_id,
    )
    values = {name: getattr(line, name) for name in CartLine.__slots__} | {"options": list(chosen)}
    _ADD.run(session, order_id=cart.order_id, round_no=DRAFT, added_at=now, **values)
    return line


def set_quantity(session: Session, cart: Cart, dish: Dish, n: Decimal, diner_id: str, *, now: datetime) -> CartLine:
    """Make it n of a dish: on one's own line, else on the table's. Raises: NoSuchLineError, WrongQuantityError."""
    _touch(session, cart, now=now)
    line = _line_of(session, cart, dish, diner_id)
    return _change(session, replace(line, quantity=checked_quantity(dish, n)))


def remove_line(
    session: Session, cart: Cart, dish: Dish, n: Decimal | None, diner_id: str, *, line_id: str | None = None, now: datetime
) -> tuple[CartLine, Decimal]:
    """Take a dish out, all of a line or n of it: one's own line first.

    Args:
        line_id: Which line of the dish; one's own newest when None.

    Returns:
        The line as it was, and how many were taken out.

    Raises:
        NoSuchLineError: The dish is not in the cart.
    """
    _touch(session, cart, now=now)
    line = _line_of(session, cart, dish, diner_id, line_id)
    if n is None or n >= line.quantity:
        session.execute(delete(OrderLine).where(OrderLine.id == line.id, OrderLine.round_no == DRAFT))
        return line, line.quantity
    _change(session, replace(line, quantity=checked_quantity(dish, line.quantity - n)))
    return line, n


def modify_line(
    session: Session,
    cart: Cart,
    dish: Dish,
    options: Sequence[str],
    diner_id: str,
    *,
    line_id: str | None = None,
    instead: bool = False,
    now: datetime,
) -> CartLine:
    """Change how a dish is made: a choice of the menu replaces its rival, anything else becomes a note for the cook.

    Args:
        line_id: Which line of the dish; one's own newest when None.
        instead: Exactly so, instead of what stood.

    Raises:
        NoSuchLineError, UnknownOptionError.
    """
    _touch(session, cart, now=now)
    line = _line_of(session, cart, dish, diner_id, line_id)
    kept = [] if instead else [choice for choice in line.options if not rivals(dish, choice, options)]
    notes = [] if instead else line.note.split()
    chosen, note, price = choose_options(dish, [*kept, *notes, *options])
    changed = replace(line, options=chosen, note=note, unit_price_fen=price, member_price_fen=member_price(dish, price))
    return _change(session, changed)


def clear_cart(session: Session, cart: Cart, *, now: datetime) -> None:
    """Empty the drafts."""
    _touch(session, cart, now=now)
    session.execute(delete(OrderLine).where(OrderLine.order_id == cart.order_id, OrderLine.round_no == DRAFT))


def _touch(session: Session, cart: Cart, *, now: datetime) -> None:
    if not _MOVE.run(session, of=cart.order_id):
        raise CartGoneError
    if cart.session_id:
        touch(session, cart.session_id, now=now)


def _line_of(session: Session, cart: Cart, dish: Dish, diner_id: str, line_id: str | None = None) -> CartLine:
    lines = [line for line in _lines(session, cart.order_id) if line.dish_id == dish.id and line_id in {None, line.id}]
    if not lines:
        raise NoSuchLineError(dish=dish.name)
    own = [line for line in lines if line.diner_id == diner_id]
    return (own or lines)[-1]


def _change(session: Session, line: CartLine) -> CartLine:
    _CHANGE.run(
        session,
        of=line.id,
        new_quantity=line.quantity,
        new_options=list(line.options),
        new_note=line.note,
        new_unit_price_fen=line.unit_price_fen,
        new_member_price_fen=line.member_price_fen,
    )
    return line


def _lines(session: Session, order_id: str) -> list[CartLine]:
    return [_line(row) for row in _DRAFTS.all(session, order_id=order_id)]


def _line(row: Sequence[Any]) -> CartLine:
    line_id, dish_id, name, unit, station, n, options, *rest = row
    return CartLine(line_id, dish_id, name, unit, station, n, tuple(options), *rest)
