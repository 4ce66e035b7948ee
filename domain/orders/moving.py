"""A party with its orders goes to another table (换台), or joins the party at another table with all it has ordered (并台)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, exists, select, update
from sqlalchemy.orm import Session

from domain.messaging import emit
from domain.orders.absorbing import OVER, absorb, lock_orders
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.places import active_key
from domain.orders.rules import UNPAID, OrderState
from domain.shop.store import Store
from domain.tables.errors import SameTableError
from domain.tables.events import TableMoved
from domain.tables.moving import lock_sessions, merge_sessions, move_session
from domain.tables.service import Seat, guests_of

_UNSERVED = tuple(state.value for state in (OrderState.PLACED, OrderState.ACCEPTED, OrderState.COOKING, OrderState.READY))


@dataclass(frozen=True, slots=True)
class MergedTables:
    """Two parties are one.

    Attributes:
        seat: Where all of them sit now.
        order_id: Their open order, or None when neither had one.
        billed_anew: Orders whose bills the caller must withdraw: what was asked for is no longer right.
    """

    seat: Seat
    order_id: str | None
    billed_anew: tuple[str, ...]


def move_table(session: Session, store: Store, session_id: str, to_code: str, *, by: str, now: datetime) -> Seat:
    """Move a party to a free table of the same store. Its session, carts, orders and bills stay what they are.

    To the table where it sits already is no move, and nothing is printed.

    Args:
        by: Who moves it: a diner's or a staff member's id.

    Raises:
        SessionEndedError, UnknownTableError, TableTakenError.

    Emits: TableMoved.
    Source: RESTAURANT, Orders (table move); peers §5 (a guest moves and is stuck, odoo#243894).
    """
    lock_orders(session, _orders_of(session, [session_id]))
    seat = lock_sessions(session, store, [session_id], now=now)[session_id]
    if seat.table_code == to_code:
        return seat
    moved = move_session(session, store, seat, to_code, now=now)
    session.execute(update(Order).where(Order.session_id == session_id, Order.state.not_in(OVER)).values(table_code=to_code))
    emit(session, _moved(session, store, seat, moved, _orders_of(session, [session_id]), by=by, now=now), now=now)
    return moved


def merge_tables(session: Session, store: Store, source_session_id: str, target_session_id: str, *, by: str, now: datetime) -> MergedTables:
    """Bring a party with all it has ordered to the party at another table: one cart and one bill from now on.

    Drafts and rounds go into one open order; its number is the one the kitchen knows, the target's where both have one.
    Released rounds stay released, so nothing is cooked twice. Orders that are paid, and parts of a split bill, stay bills
    of their own and come along. Who opened the target's table places orders for all.

    The caller (checkout) withdraws the bills of `billed_anew` in the same transaction, and refuses the merge when the money
    for one of them came a moment ago.

    Args:
        by: Who merges them: a diner's or a staff member's id.

    Raises:
        SameTableError, SessionEndedError.

    Emits: TableMoved, merged.
    Source: RESTAURANT, Orders (table merge); peers §5 (URY #135, odoo#142467).
    """
    both = (source_session_id, target_session_id)
    lock_orders(session, _orders_of(session, both))
    seats = lock_sessions(session, store, both, now=now)
    source, target = seats[source_session_id], seats[target_session_id]
    if source == target:
        raise SameTableError(table=target.table_code)
    orders = lock_orders(session, _orders_of(session, both))  # again: with what was opened until the tables were locked
    coming = [order["id"] for order in orders.values() if order["session_id"] == source.session_id]
    opened = {order["active_key"]: order for order in orders.values() if order["active_key"] is not None}
    ours, theirs = opened.get(active_key(source, source.opened_by)), opened.get(active_key(target, target.opened_by))
    moved = _moved(session, store, source, target, coming, by=by, now=now)
    survivor = theirs or ours
    if ours is not None and theirs is not None:
        taken, survivor = (theirs, ours) if ours["rounds"] and not theirs["rounds"] else (ours, theirs)
        absorb(session, taken, survivor, now=now)
    session.execute(
        update(Order)
        .where(Order.id.in_(coming), Order.state.not_in(OVER))
        .values(session_id=target.session_id, table_code=target.table_code)
    )
    if survivor is not None:
        own = {"active_key": active_key(target, target.opened_by), "diner_id": target.opened_by}
        session.execute(update(Order).where(Order.id == survivor["id"]).values(own))
    merge_sessions(session, source, target, now=now)
    emit(session, moved, now=now)
    changed = (ours["id"], theirs["id"]) if ours is not None and theirs is not None else ()
    return MergedTables(target, survivor["id"] if survivor is not None else None, changed)


def has_unpaid_dishes(session: Session, session_id: str) -> bool:
    """Whether anything the party has chosen or ordered is still to be paid."""
    standing = exists().where(
        OrderLine.order_id == Order.id,
        OrderLine.quantity > OrderLine.voided,
        Order.session_id == session_id,
        Order.state.not_in(OVER),
        Order.payment_status.in_(UNPAID),
    )
    return bool(session.execute(select(standing)).scalar())


def _orders_of(session: Session, session_ids: Sequence[str]) -> list[str]:
    """The orders of these parties that are not over, eldest first."""
    orders = select(Order.id).where(Order.session_id.in_(session_ids), Order.state.not_in(OVER)).order_by(Order.id)
    return list(session.execute(orders).scalars())


def _moved(session: Session, store: Store, seat: Seat, to: Seat, order_ids: Iterable[str], *, by: str, now: datetime) -> TableMoved:
    lines = _unserved(session, order_ids)
    return TableMoved(
        session_id=to.session_id,
        store_id=store.id,
        store_name=store.name,
        zone=store.timezone,
        from_code=seat.table_code,
        to_code=to.table_code,
        merged=seat.session_id != to.session_id,
        guests=len(guests_of(session, seat.session_id)),
        by=by,
        moved_at=now.isoformat(),
        order_id=lines[0]["order_id"] if lines else None,
        number=lines[0]["number"] if lines else None,
        lines=[_line(line) for line in lines],
    )


def _unserved(session: Session, order_ids: Iterable[str]) -> Sequence[RowMapping]:
    """What the kitchen has of these orders and has not served."""
    lines = (
        select(*OrderLine.__table__.columns, Order.number)
        .join(Order, Order.id == OrderLine.order_id)
        .join(OrderRound, (OrderRound.order_id == OrderLine.order_id) & (OrderRound.round_no == OrderLine.round_no))
        .where(Order.id.in_(order_ids), Order.state.in_(_UNSERVED), OrderRound.released_at.is_not(None))
        .where(OrderLine.quantity > OrderLine.voided)
        .order_by(Order.id, OrderLine.round_no, OrderLine.added_at, OrderLine.id)
    )
    return session.execute(lines).mappings().all()


def _line(line: RowMapping) -> dict[str, Any]:
    standing = line["quantity"] - line["voided"]
    return {
        "line_id": line["id"],
        "dish_id": line["dish_id"],
        "name": line["name"],
        "quantity": f"{standing.normalize():f}",
        "unit": line["unit"],
        "station": line["station"],
        "options": list(line["options"]),
        "note": line["note"],
    }
