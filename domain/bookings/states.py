"""One booking in hand: held so that nobody else moves it, and moved from state to state by conditional UPDATE."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.bookings.errors import BookingOverError
from domain.bookings.events import BookingConfirmed, BookingHeld
from domain.bookings.listing import Booked, get_booking
from domain.bookings.models import Booking
from domain.bookings.occupancy import open_book
from domain.bookings.reminders import about, schedule, schedule_visit
from domain.bookings.rules import BookingState, Due, may_become
from domain.messaging import emit
from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks


def hold_booking(session: Session, booking_id: str, *stores: str, diner_id: str | None = None) -> Booked:
    """A booking as it stands, with the book of its store held: nobody moves it until the transaction ends.

    Args:
        stores: Whose books are needed, too.
        diner_id: Whose booking it must be; None for staff and the house itself.

    Raises:
        UnknownBookingError.
    """
    seen = get_booking(session, booking_id, diner_id=diner_id)
    while True:
        open_book(session, seen.store_id, *stores)
        now_there = get_booking(session, booking_id, diner_id=diner_id)
        if now_there.store_id == seen.store_id:
            return now_there
        seen = now_there  # it went to another store before the book was ours


def move(session: Session, booked: Booked, to: BookingState, *, now: datetime, by: str | None = None, **values: Any) -> Booked:
    """Bring a booking to another state; one that waited for a yes of the staff is on their list no more.

    Args:
        by: Who of the staff did it, an id; None for the diner and for time.

    Raises:
        BookingOverError: It cannot get there from where it is.
    """
    moved = session.execute(
        update(Booking).where(Booking.id == booked.id, Booking.state.in_(may_become(to))).values(state=to.value, **values),
        execution_options={"synchronize_session": False},
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise BookingOverError(number=booked.number, state=booked.state.value)
    if booked.state is BookingState.REQUESTED:
        close_tasks(session, TaskKind.BOOKING, booked.id, by=by, now=now)
    return get_booking(session, booked.id)


def announce(session: Session, booked: Booked, *, now: datetime) -> None:
    """Tell everyone that a booking stands, or waits for its deposit, and have it looked at again when that runs out.

    Emits: BookingHeld or BookingConfirmed; BookingReminderDue.
    """
    if booked.state is BookingState.CONFIRMED:
        emit(session, BookingConfirmed(**about(booked)), now=now)
        schedule_visit(session, booked, now=now)
    elif booked.state is BookingState.HELD:
        assert booked.hold_until is not None
        held = BookingHeld(**about(booked), deposit_fen=booked.deposit_fen, hold_until=booked.hold_until.isoformat())
        emit(session, held, now=now)
        schedule(session, booked, [Due.HOLD], now=now)
