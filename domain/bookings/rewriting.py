"""A booking that is another one now: its row and its tables written anew, and everyone told."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from domain.bookings.events import BookingChanged
from domain.bookings.finding import Stay
from domain.bookings.lifecycle import Side
from domain.bookings.listing import Booked, get_booking
from domain.bookings.models import BookedTable, Booking
from domain.bookings.reminders import about, schedule, schedule_visit
from domain.bookings.requests import ask_staff
from domain.bookings.rules import BookingState, Due
from domain.messaging import emit
from domain.shop.store import Store


def rewrite(session: Session, booked: Booked, store: Store, stay: Stay, values: dict[str, Any], *, by: Side, now: datetime) -> Booked:
    """Write what a booking in hand is now, and tell it.

    Args:
        store: Where it is now.
        values: What else is another, by column.
        by: Who wanted it.

    Emits: BookingChanged; BookingRequested for one that waits for a yes; BookingReminderDue.
    """
    written = {**columns_of(stay), **values, "version": booked.version + 1}
    session.execute(update(Booking).where(Booking.id == booked.id).values(written), execution_options={"synchronize_session": False})
    session.execute(delete(BookedTable).where(BookedTable.booking_id == booked.id))
    write_tables(session, booked.id, stay)
    after = get_booking(session, booked.id)
    event = BookingChanged(
        **about(after),
        by=by.value,
        before_store_id=booked.store_id,
        before_number=booked.number,
        before_starts_at=booked.starts_at.isoformat(),
        before_people=booked.people,
        before_room=booked.room,
        before_tables=list(booked.tables),
    )
    emit(session, event, now=now)
    if after.state is BookingState.CONFIRMED:
        schedule_visit(session, after, now=now)
    elif after.state is BookingState.HELD:
        schedule(session, after, [Due.HOLD], now=now)
    elif after.state is BookingState.REQUESTED:
        ask_staff(session, store, after, now=now)
    return after


def write_tables(session: Session, booking_id: str, stay: Stay) -> None:
    """The tables of a booking, beside its row."""
    session.execute(insert(BookedTable), [{"booking_id": booking_id, "table_code": table} for table in stay.tables])


def columns_of(stay: Stay) -> dict[str, Any]:
    """What the row of a booking says of its stay."""
    return {
        "starts_at": stay.starts_at,
        "ends_at": stay.ends_at,
        "held_from": stay.held_from,
        "held_until": stay.held_until,
        "units": len(stay.units),
        "people": stay.people,
    }
