"""What is said about experiences, and when: events of their own with a due time, and whether they are still worth hearing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.experiences.errors import UnknownExperienceError
from domain.experiences.events import (
    ExperienceBooked,
    ExperienceClosingDue,
    ExperienceDecisionDue,
    ExperienceHeld,
    ExperienceListDue,
    ExperienceReminderDue,
)
from domain.experiences.listing import ExperienceBooking, WaitingPlace, get_booking
from domain.experiences.rules import LIST_BEFORE, Due, ExperienceState, due_at, is_stale
from domain.experiences.sessions import SessionNow
from domain.messaging import emit

_HEARD_IN = {Due.DAY_BEFORE: ExperienceState.BOOKED, Due.HOURS_BEFORE: ExperienceState.BOOKED, Due.HOLD: ExperienceState.HELD}


def announce(session: Session, booked: ExperienceBooking, *, now: datetime) -> None:
    """Tell everyone that a booking has got into its state, and have it looked at again later.

    Emits: ExperienceBooked or ExperienceHeld; ExperienceReminderDue; ExperienceListDue.
    """
    if booked.state is ExperienceState.BOOKED:
        emit(session, ExperienceBooked(**about(booked)), now=now)
    else:
        assert booked.hold_until is not None
        emit(session, ExperienceHeld(**about(booked), hold_until=booked.hold_until.isoformat()), now=now)
    look_again(session, booked, now=now)
    print_again(session, booked.session_id, booked.starts_at, now=now)


def look_again(session: Session, booked: ExperienceBooking, *, now: datetime) -> None:
    """Have a booking looked at again: who is expected a day and three hours before, who has not paid when the time for it is over.

    A time that has passed is left out, but a hold always ends, at once where its time is over. The key names the version: of a booking
    that has changed since, the older ones say nothing.

    Emits: ExperienceReminderDue.
    """
    kinds: Iterable[Due] = (Due.HOLD,) if booked.state is ExperienceState.HELD else (Due.DAY_BEFORE, Due.HOURS_BEFORE)
    for kind in kinds:
        due = due_at(kind, starts_at=booked.starts_at, hold_until=booked.hold_until)
        if due is not None and (due > now or kind is Due.HOLD):
            event = ExperienceReminderDue(booking_id=booked.id, kind=kind.value, booking_version=booked.version)
            emit(session, event, now=now, due_at=due, key=f"experience:{booked.id}:{kind.value}:{booked.version}")


def plan_session(session: Session, there: SessionNow, *, now: datetime) -> None:
    """Have a session decided about, closed, and its guests listed, each in its time. Told again, nothing changes.

    Emits: ExperienceDecisionDue, ExperienceClosingDue, ExperienceListDue.
    """
    if there.minimum and there.decided_at is None:
        key = f"experience:{there.id}:decide:{there.decide_at:%Y%m%d%H%M}"
        emit(session, ExperienceDecisionDue(session_id=there.id), now=now, due_at=there.decide_at, key=key)
    key = f"experience:{there.id}:close:{there.closes_at:%Y%m%d%H%M}"
    emit(session, ExperienceClosingDue(session_id=there.id), now=now, due_at=there.closes_at, key=key)
    listed_at = there.starts_at - LIST_BEFORE
    if listed_at > now:
        emit(session, ExperienceListDue(session_id=there.id), now=now, due_at=listed_at, key=f"experience:{there.id}:list")


def print_again(session: Session, session_id: str, starts_at: datetime, *, now: datetime) -> None:
    """Somebody comes or goes when the list of guests was printed already: it is printed again.

    Emits: ExperienceListDue.
    """
    if starts_at - LIST_BEFORE <= now < starts_at:
        emit(session, ExperienceListDue(session_id=session_id), now=now)


def reminder_still_due(session: Session, booking_id: str, kind: str, version: int, *, now: datetime) -> ExperienceBooking | None:
    """The booking that a reminder is about, or None when there is nothing to say any more.

    It has changed or is over, the party is here, or the reminder is more than two hours late (an outage): dropped rather than late.
    Places that wait for their price are always looked at.
    """
    booked = reminder_meant(session, booking_id, kind, version, now=now)
    return None if booked is None or comes_too_late(booked, kind, now=now) else booked


def reminder_meant(session: Session, booking_id: str, kind: str, version: int, *, now: datetime) -> ExperienceBooking | None:
    """The booking that a reminder is about, however late it is; None when it has changed or is over, or the party is here."""
    try:
        booked = get_booking(session, booking_id)
    except UnknownExperienceError:
        return None
    due = due_at(Due(kind), starts_at=booked.starts_at, hold_until=booked.hold_until)
    if due is None or due > now or booked.version != version or booked.state is not _HEARD_IN[Due(kind)]:
        return None
    return None if booked.checked_in_at is not None else booked


def comes_too_late(booked: ExperienceBooking, kind: str, *, now: datetime) -> bool:
    """Whether a reminder that is still meant is no longer worth saying (an outage)."""
    due = due_at(Due(kind), starts_at=booked.starts_at, hold_until=booked.hold_until)
    return due is not None and is_stale(Due(kind), due, starts_at=booked.starts_at, now=now)


def about(booked: ExperienceBooking) -> dict[str, Any]:
    """What every event about a booking says."""
    return {
        "booking_id": booked.id,
        "session_id": booked.session_id,
        "experience_id": booked.experience_id,
        "experience_name": booked.experience_name,
        "store_id": booked.store_id,
        "diner_id": booked.diner_id,
        "number": booked.number,
        "business_day": booked.business_day.isoformat(),
        "starts_at": booked.starts_at.isoformat(),
        "ends_at": booked.ends_at.isoformat(),
        "adults": booked.adults,
        "children": booked.children,
        "fen": booked.fen,
        "booking_version": booked.version,
    }


def about_place(place: WaitingPlace) -> dict[str, Any]:
    """What every event about a place on a waiting list says."""
    return {
        "waiting_id": place.id,
        "session_id": place.session_id,
        "experience_id": place.experience_id,
        "experience_name": place.experience_name,
        "store_id": place.store_id,
        "diner_id": place.diner_id,
        "place": place.place,
        "starts_at": place.starts_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
        "adults": place.adults,
        "children": place.children,
        "fen": place.fen,
        "offer_until": "" if place.offer_until is None else place.offer_until.isoformat(),
    }
