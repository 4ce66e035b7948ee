"""The order of a party that waits for its table: it becomes the table's when the party sits down, or is dropped when it does not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.orders.absorbing import absorb, lock_orders
from domain.orders.cart import DRAFT, Cart, find_cart
from domain.orders.models import Order, OrderLine
from domain.orders.places import Waiting, active_key, place_of_order
from domain.orders.rules import OrderState
from domain.storage.unique import is_duplicate
from domain.tables.service import Seat

_NOBODY = ""  # the key of a place names no diner


@dataclass(frozen=True, slots=True)
class Brought:
    """What came to a table from the party that waited for it.

    Attributes:
        cart: The table's; its lines are only those that came.
        version: Of the draft as it was until then, under the order's own id: what a yes may have been bound to.
    """

    cart: Cart
    order_id: str
    version: int


def bring_to_table(session: Session, waiting: Waiting, seat: Seat, *, now: datetime) -> Brought | None:
    """What a party chose while it waited is in its table's cart: with what friends have chosen there, or alone.

    Nothing is placed by that. Twice is once: the number's cart is there no more.

    Returns:
        None when the number has no cart (any more).
    """
    found = _opened(session, waiting)
    if found is None:
        return None
    orders = lock_orders(session, filter(None, (found, _opened(session, seat))))
    own = orders[found]
    if own["active_key"] != active_key(waiting, _NOBODY):  # brought or dropped until its row was ours
        return None
    mine = find_cart(session, waiting, _NOBODY)
    theirs = next((order for order in orders.values() if order["active_key"] == active_key(seat, _NOBODY)), None)
    if theirs is not None:
        absorb(session, own, theirs, now=now)
    elif not _is_the_tables(session, found, seat):  # a friend began to choose this moment
        return bring_to_table(session, waiting, seat, now=now)
    cart = find_cart(session, seat, _NOBODY)
    assert mine is not None
    assert cart is not None
    came = {line.id for line in mine.lines}
    return Brought(replace(cart, lines=tuple(line for line in cart.lines if line.id in came)), mine.order_id, mine.version)


def wait_for_table(session: Session, waiting: Waiting, diner_id: str) -> bool:
    """Who chose dishes before the number was taken, as if to take them away, eats them here: they wait for the table with the number.

    Returns:
        False when there is no such cart of this store, something of it is ordered already, or the number has a cart.
    """
    if _opened(session, waiting) is not None:
        return False
    chosen = (Order.active_key == active_key(None, diner_id), Order.store_id == waiting.store_id, Order.rounds == 0)
    kept = exists().where(OrderLine.order_id == Order.id, OrderLine.round_no == DRAFT)
    moved = update(Order).where(*chosen, kept).values(place_of_order(waiting, diner_id) | {"draft_version": Order.draft_version + 1})
    return bool(session.execute(moved.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def drop_drafts(session: Session, line_ids: Iterable[str]) -> None:
    """Take lines out of a cart that nobody can have any more."""
    session.execute(delete(OrderLine).where(OrderLine.id.in_(list(line_ids)), OrderLine.round_no == DRAFT))


def drop_waiting(session: Session, waiting: Waiting, *, now: datetime) -> bool:
    """The party does not sit down: what it chose is not cooked. Returns: False when its number has no cart (any more)."""
    dropped = update(Order).where(Order.active_key == active_key(waiting, _NOBODY))
    dropped = dropped.values(state=OrderState.CANCELLED.value, active_key=None, closed_at=now, draft_version=Order.draft_version + 1)
    return bool(session.execute(dropped.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _opened(session: Session, place: Seat | Waiting) -> str | None:
    found: str | None = session.execute(select(Order.id).where(Order.active_key == active_key(place, _NOBODY))).scalar()
    return found


def _is_the_tables(session: Session, order_id: str, seat: Seat) -> bool:
    """Make an order the table's open one. Returns: False when the table has one meanwhile."""
    own = {"session_id": seat.session_id, "table_code": seat.table_code, "diner_id": seat.opened_by}
    taken = update(Order).where(Order.id == order_id).values(active_key=active_key(seat, _NOBODY), **own)
    try:
        session.execute(taken.execution_options(synchronize_session=False))
    except IntegrityError as error:
        if is_duplicate(error):
            return False
        raise
    return True
