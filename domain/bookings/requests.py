"""Bookings that wait for a yes of the staff: they stand on the staff's list until somebody answers, or two hours are over.

Source: RESTAURANT, Bookings (no-show strikes): unanswered is yes, so that nobody is shut out without a person's look.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.bookings.errors import NothingToReviewError
from domain.bookings.events import BookingRequested
from domain.bookings.lifecycle import Side, approve, end
from domain.bookings.listing import Booked
from domain.bookings.reminders import about, schedule
from domain.bookings.rules import LONGEST_ANSWER, REVIEW_WITHIN, UNIT, BookingState, Due
from domain.bookings.states import hold_booking
from domain.bookings.strikes import strikes_of
from domain.kernel.said import day_said
from domain.kernel.text import clean
from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks, open_task

REFUSED = "refused"  # why a booking is off: the staff said no


def review_until(store: Store, starts_at: datetime, *, now: datetime) -> datetime:
    """Until when staff may answer: two hours, and not until the party stands at the door."""
    before = starts_at - timedelta(minutes=store.bookings.notice_minutes)
    return max(now + UNIT, min(now + REVIEW_WITHIN, before))


def ask_staff(session: Session, store: Store, booked: Booked, *, now: datetime) -> None:
    """Put a booking that waits for a yes on the list of its store; what stood there about it before is another booking now.

    Emits: BookingRequested; BookingReminderDue.
    """
    assert booked.hold_until is not None
    strikes = len(strikes_of(session, booked.diner_id, now=now)) if booked.diner_id is not None else 0
    close_tasks(session, TaskKind.BOOKING, booked.id, by=None, now=now)
    when = f"{day_said(store.local(booked.starts_at))} {store.clock_said(booked.starts_at)}"
    text = f"订位{booked.number} {when} {booked.people}人，客人一年内{strikes}次订了没来，接不接？"
    key = f"booking:{booked.id}:{booked.version}"
    open_task(session, TaskKind.BOOKING, booked.id, text, key=key, due_at=booked.hold_until, now=now, store_id=store.id)
    emit(session, BookingRequested(**about(booked), strikes=strikes), now=now)
    schedule(session, booked, [Due.HOLD], now=now)


def answer_request(session: Session, shop: ShopSnapshot, booking_id: str, yes: bool, *, by: str, reason: str = "", now: datetime) -> Booked:
    """A member of staff says yes or no to a booking that was asked for. The first answer counts.

    Args:
        yes: It stands, or waits for its deposit now; else it is off, and its table is free.
        by: Who answers: the id of a member of staff, or of a till's token.
        reason: With a no, the words for the diner; "" for none; 60 characters are kept.

    Raises:
        UnknownBookingError.
        NothingToReviewError: It does not wait for a yes (any more).

    Emits: BookingConfirmed, BookingHeld or BookingCancelled; BookingReminderDue.
    Source: RESTAURANT, Bookings.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is not BookingState.REQUESTED:
        raise NothingToReviewError(number=booked.number, state=booked.state.value)
    if yes:
        return approve(session, booked, by=by, now=now)
    words = clean(reason).strip()[:LONGEST_ANSWER] or None
    return end(session, booked, BookingState.CANCELLED, Side.STAFF, REFUSED, answered_by=by, now=now, answer=words)
