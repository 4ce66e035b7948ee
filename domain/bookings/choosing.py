"""Staff choose the tables of a booking. The house knows better than a rule which tables can be pushed together; nobody gets a taken one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.bookings.errors import BookingOverError, NoSuchTableError, StaleBookingError, TablesTakenError, TooFewSeatsError
from domain.bookings.finding import Kind, places_of
from domain.bookings.lifecycle import Side
from domain.bookings.listing import Booked, get_booking
from domain.bookings.models import TableUnit
from domain.bookings.occupancy import occupy
from domain.bookings.rewriting import rewrite
from domain.bookings.states import hold_booking
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store


def choose_tables(
    session: Session,
    shop: ShopSnapshot,
    booking_id: str,
    tables: Sequence[str],
    *,
    by: str,
    version: int,
    now: datetime,
    force: bool = False,
) -> Booked:
    """Give a booking the tables that a member of staff wants for it. Time, party, deposit and what was promised stay.

    Args:
        tables: Codes of tables of the booking's store; one inside a room brings the whole room.
        by: Who chooses: the id of a member of staff, or of a till's token.
        version: Of the booking as they saw it.
        force: Take them though they have too few seats: chairs are added. Never though somebody else has them.

    Returns:
        The booking; the tables it has already change nothing.

    Raises:
        UnknownBookingError, StaleBookingError, BookingOverError.
        NoSuchTableError, TooFewSeatsError.
        TablesTakenError: With the bookings that have them.
        ValueError: No table is named.

    Emits: BookingChanged; BookingReminderDue.
    """
    if not tables:
        raise ValueError(f"no table for booking {booking_id}")
    booked = hold_booking(session, booking_id)
    if booked.version != version:
        raise StaleBookingError(number=booked.number)
    if not booked.is_living:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    store = shop.known_stores[booked.store_id]
    unknown = sorted(set(tables) - store.tables.keys())
    if unknown:
        raise NoSuchTableError(store=store.name, tables="、".join(unknown))
    chosen = with_rooms(store, tables)
    if chosen == tuple(sorted(booked.tables)):
        return booked
    seats = seats_of(store, chosen)
    if seats < booked.people and not force:
        raise TooFewSeatsError(number=booked.number, people=booked.people, seats=seats, tables="、".join(chosen))
    stay = replace(booked.stay, tables=chosen)
    if not occupy(session, booked.id, stay, None, instead_of=booked.stay):
        taken, others = _who_has(session, store, booked, chosen)
        raise TablesTakenError(number=booked.number, tables="、".join(taken), others="、".join(others))
    return rewrite(session, booked, store, stay, {"room": _rooms_said(store, chosen) or None}, by=Side.STAFF, now=now)


def with_rooms(store: Store, tables: Iterable[str]) -> tuple[str, ...]:
    """Tables, and with one inside a room all of that room, in the order of their codes."""
    wanted = set(tables)
    for room in store.rooms:
        if wanted & set(room.tables):
            wanted |= set(room.tables)
    return tuple(sorted(wanted))


def seats_of(store: Store, tables: Iterable[str]) -> int:
    """How many may sit there: a room by its own number, tables by theirs."""
    rest, seats = set(tables), 0
    for room in store.rooms:
        if room.tables and set(room.tables) <= rest:
            rest -= set(room.tables)
            seats += room.seats
    return seats + sum(store.tables[code].seats for code in rest)


def is_declared(store: Store, tables: Iterable[str]) -> bool:
    """Whether the shop file names these tables as one place: a table, a pair to be pushed together, or a room."""
    wanted = tuple(sorted(tables))
    return any(tuple(sorted(place.tables)) == wanted for place in places_of(store))


def _rooms_said(store: Store, tables: Sequence[str]) -> str:
    """The room, or the rooms opened into one; "" when a table of the hall is among them."""
    rooms = [place for place in places_of(store) if place.kind is Kind.ROOM and set(place.tables) <= set(tables)]
    within = {table for room in rooms for table in room.tables}
    return "、".join(room.room for room in rooms)[:40] if within == set(tables) else ""


def _who_has(session: Session, store: Store, booked: Booked, tables: Sequence[str]) -> tuple[list[str], list[str]]:
    """Which of the tables are taken in the time of a booking, and the bookings that have them: 「B012 18:30」."""
    had = (
        select(TableUnit.table_code, TableUnit.booking_id)
        .where(TableUnit.store_id == store.id, TableUnit.table_code.in_(tables), TableUnit.booking_id != booked.id)
        .where(TableUnit.unit_start >= booked.stay.held_from, TableUnit.unit_start < booked.stay.held_until)
        .distinct()
    )
    rows = session.execute(had).all()
    others = sorted((get_booking(session, booking_id) for booking_id in {row[1] for row in rows}), key=lambda one: (one.starts_at, one.id))
    return sorted({row[0] for row in rows}), [f"{other.number} {store.clock_said(other.starts_at)}" for other in others]
