"""A party at a table, however it came to sit there: by a scan of the table's code, by its number, or by its booking."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from domain.bookings.choosing import choose_tables
from domain.bookings.errors import BookingOverError, StaleBookingError, TablesTakenError
from domain.bookings.lifecycle import finish_where_party_left
from domain.bookings.listing import Booked, find_seated
from domain.orders.closing import close_table
from domain.orders.moving import move_table
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.tables.errors import SameTableError, SessionEndedError, TableTakenError, UnknownTableError
from domain.tables.service import Seat, find_seat_at
from domain.waitlist.line import lock_day
from domain.waitlist.seating import check_unheld, move_claim, release_table


def move_party(session: Session, shop: ShopSnapshot, store: Store, table: str, to: str, *, by: str, now: datetime) -> Seat | None:
    """A party goes to a free table (换台); what it ordered, its number and its booking come along, and the kitchen hears of it.

    Args:
        by: Who says so: the id of a member of staff, or of a till's token.

    Returns:
        Where it sits now; None when nobody of it has scanned.

    Raises:
        UnknownTableError: The store has no such table.
        SameTableError: It sits there.
        SessionEndedError: Nobody sits at the table.
        TableTakenError, TableHeldError, TablesTakenError: The other table is not free, or booked for the time of its booking.
        BookingOverError, StaleBookingError: Its booking has just changed.
        QueueClosedError: The store is not open any more.

    Emits: TableMoved, where an order comes along; BookingChanged.
    """
    for code in (table, to):
        if code not in store.tables:
            raise UnknownTableError(store=store.name, table=code)
    if table == to:
        raise SameTableError(table=table)
    day = lock_day(session, shop, store, now=now).business_day  # nobody is called to the other table meanwhile
    seat = find_seat_at(session, store.id, table, now=now)
    booked = find_seated(session, store.id, table, now=now)
    if seat is not None:
        check_unheld(session, store, day, to, now=now)
        moved = move_table(session, store, seat.session_id, to, by=by, now=now)
        _move_booked(session, shop, booked, table, to, by=by, now=now)
        return moved
    if move_claim(session, shop, store.id, table, to, by=by, now=now):
        return None
    if booked is None:
        raise SessionEndedError
    check_unheld(session, store, day, to, now=now)
    if find_seat_at(session, store.id, to, now=now) is not None:
        raise TableTakenError(table=to)
    _move_booked(session, shop, booked, table, to, by=by, now=now)
    return None


def move_by_scan(session: Session, shop: ShopSnapshot, store: Store, seat: Seat, to: str, *, diner_id: str, now: datetime) -> Seat:
    """A party has sat down at another free table and scanned its code. Its booking comes along, unless the table is another's by then.

    Returns:
        Where it sits now.

    Raises:
        SessionEndedError, UnknownTableError, TableTakenError.

    Emits: TableMoved; BookingChanged.
    """
    booked = find_seated(session, store.id, seat.table_code, now=now)
    moved = move_table(session, store, seat.session_id, to, by=diner_id, now=now)
    with suppress(TablesTakenError, BookingOverError, StaleBookingError):  # the last two: it ended, or was changed, this very moment
        _move_booked(session, shop, booked, seat.table_code, to, by=diner_id, now=now)
    return moved


def clear_table(session: Session, shop: ShopSnapshot, store: Store, table: str, *, by: str, now: datetime) -> bool:
    """A party has gone: the table is free, and so are the others of its booking. What was ordered is paid or taken back first.

    Args:
        by: Who says so: the id of a member of staff, or of a till's token.

    Returns:
        False when nobody sat there as far as we knew.

    Raises:
        UnknownTableError: The store has no such table.
        UnpaidTableError: A bill is open.
        TableHeldError: A party was called there and has not come yet: its call is missed first.
        QueueClosedError: The store is not open any more.

    Emits: As `close_table` and `finish_booking`.
    """
    if table not in store.tables:
        raise UnknownTableError(store=store.name, table=table)
    seat = find_seat_at(session, store.id, table, now=now)
    if seat is not None:
        close_table(session, store, seat.session_id, now=now)
        return True
    released = release_table(session, shop, store.id, table, by=by, now=now)
    return finish_where_party_left(session, store.id, table, now=now) is not None or released


def _move_booked(session: Session, shop: ShopSnapshot, booked: Booked | None, table: str, to: str, *, by: str, now: datetime) -> None:
    """The booking of a party has the other table for its time, beside those that it keeps. Raises: TablesTakenError."""
    if booked is None:
        return
    tables = [to, *(code for code in booked.tables if code not in {table, to})]
    choose_tables(session, shop, booked.id, tables, by=by, version=booked.version, now=now, force=True)
