"""What is said about a booking, and when: events of its own with a due time, and whether they are still worth hearing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.bookings.errors import UnknownBookingError
from domain.bookings.events import BookingReminderDue
from domain.bookings.listing import Booked, get_booking
from domain.bookings.rules import BookingState, Due, due_at, is_stale
from domain.messaging import emit

_HEARD_IN = {
    Due.DAY_BEFORE: (BookingState.CONFIRMED,),
    Due.HOURS_BEFORE: (BookingState.CONFIRMED,),
    Due.NO_SHOW: (BookingState.CONFIRMED,),
    Due.HOLD: (BookingState.HELD, BookingState.REQUESTED),
}


def schedule(session: Session, booked: Booked, kinds: Iterable[Due], *, now: datetime) -> None:
    """Have a booking looked at again at the times of these kinds; a time that has passed is left out. A hold always ends, at once
    where its time is over.

    The key names the version: of a booking that has changed since, the older ones find nothing to say.

    Emits: BookingReminderDue.
    """
    for kind in kinds:
        due = _due_at(booked, kind)
        if due is not None and (due > now or kind is Due.HOLD):
            event = BookingReminderDue(booking_id=booked.id, kind=kind.value, booking_version=booked.version)
            emit(session, event, now=now, due_at=due, key=_key(booked, kind))


def schedule_visit(session: Session, booked: Booked, *, now: datetime) -> None:
    """Have an expected party reminded a day and three hours before, and looked for when its grace is over.

    Emits: BookingReminderDue.
    Source: RESTAURANT, Bookings (reminders 24 h / 3 h).
    """
    schedule(session, booked, (Due.DAY_BEFORE, Due.HOURS_BEFORE, Due.NO_SHOW), now=now)


def reminder_still_due(session: Session, booking_id: str, kind: str, version: int, *, now: datetime) -> Booked | None:
    """The booking that a reminder is about, or None when there is nothing to say any more.

    It has changed or is over, the party is here, or the reminder is more than two hours late (an outage): dropped rather than late.
    A held table is always looked at.
    """
    booked = reminder_meant(session, booking_id, kind, version, now=now)
    return None if booked is None or comes_too_late(booked, kind, now=now) else booked


def reminder_meant(session: Session, booking_id: str, kind: str, version: int, *, now: datetime) -> Booked | None:
    """The booking that a reminder is about, however late it is; None when it has changed or is over, or the party is here."""
    try:
        booked = get_booking(session, booking_id)
    except UnknownBookingError:
        return None
    due = _due_at(booked, Due(kind))
    if due is None or due > now or booked.version != version or booked.state not in _HEARD_IN[Due(kind)]:
        return None
    return booked


def comes_too_late(booked: Booked, kind: str, *, now: datetime) -> bool:
    """Whether a reminder that is still meant is no longer worth saying (an outage)."""
    due = _due_at(booked, Due(kind))
    return due is not None and is_stale(Due(kind), due, starts_at=booked.starts_at, now=now)


def about(booked: Booked) -> dict[str, Any]:
    """What every event about a booking says."""
    return {
        "booking_id": booked.id,
        "store_id": booked.store_id,
        "diner_id": booked.diner_id,
        "number": booked.number,
        "business_day": booked.business_day.isoformat(),
        "starts_at": booked.starts_at.isoformat(),
        "ends_at": booked.ends_at.isoformat(),
        "people": booked.people,
        "kids": booked.kids,
        "scene": None if booked.scene is None else booked.scene.value,
        "room": booked.room,
        "tables": list(booked.tables),
        "booking_version": booked.version,
    }


def _due_at(booked: Booked, kind: Due) -> datetime | None:
    late_minutes = (booked.late_until - booked.starts_at) // timedelta(minutes=1)
    return due_at(kind, starts_at=booked.starts_at, late_minutes=late_minutes, hold_until=booked.hold_until)


def _key(booked: Booked, kind: Due) -> str:
    key = f"reminder:{booked.id}:{kind.value}:{booked.version}"
    # Two waits may follow each other within one version: first for the staff, then for the deposit.
    return f"{key}:{booked.state.value}" if kind is Due.HOLD else key
