"""What becomes of a booking: paid, expired, cancelled, here. Names, notes and ages are forgotten 30 days after."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain.experiences.errors import ExperienceOverError, NotNowError, PaymentPendingError, SessionOverError
from domain.experiences.events import ExperienceCancelled, ExperienceCheckedIn
from domain.experiences.listing import ExperienceBooking, get_booking
from domain.experiences.models import BookedExperience, ExperienceSession, WaitingParty
from domain.experiences.offering import offer_free
from domain.experiences.paying import CANCELLED, NOT_NEEDED, PAYABLE, give_back, is_paid, keeps_money
from domain.experiences.places import give_back as give_places_back
from domain.experiences.reminders import about, announce, print_again
from domain.experiences.rules import DOOR_OPENS, FORGOTTEN_AFTER, ExperienceState
from domain.experiences.sessions import get_session
from domain.experiences.wishes import session_said
from domain.experiences.writing import hold_as_it_is, hold_booking, move
from domain.kernel.money import ZERO
from domain.kernel.said import day_said
from domain.messaging import emit
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot


class Side(StrEnum):
    """Who ended a booking."""

    DINER = "diner"
    STAFF = "staff"
    HOUSE = "house"  # its time ran out


def experience_paid(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime) -> bool:
    """The price came in: the party is expected. When the booking has expired, it goes back whole.

    Money that comes for a bill that was closed meanwhile goes back by itself (payments), and a cancelled booking has settled its own.

    Returns:
        False when the booking was not waiting for it.

    Raises:
        UnknownExperienceError.

    Emits: ExperienceBooked; RefundRequested.
    """
    booked, _ = hold_booking(session, shop, booking_id, now=now)
    if booked.state is ExperienceState.EXPIRED:
        give_back(session, booked, reason=NOT_NEEDED, now=now)
    if booked.state is not ExperienceState.HELD or not is_paid(session, booked.id):
        return False
    announce(session, move(session, booked, ExperienceState.BOOKED), now=now)
    return True


def lapse_hold(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime) -> bool:
    """The time to pay is over: without its price a booking expires, and its places go to whoever waits.

    Returns:
        False when there is nothing to do: it was paid for in time, ended, or has time left.

    Raises:
        UnknownExperienceError.

    Emits: ExperienceCancelled (by "house"), or ExperienceBooked when the price has come; ExperienceOffered.
    """
    booked, _ = hold_booking(session, shop, booking_id, now=now)
    if booked.state is not ExperienceState.HELD or booked.hold_until is None or now < booked.hold_until:
        return False
    close_pending(session, PAYABLE, booked.id)  # before the look: what is paid from here on goes back by itself
    if is_paid(session, booked.id):
        return experience_paid(session, shop, booked.id, now=now)
    _end(session, shop, booked, ExperienceState.EXPIRED, Side.HOUSE, "unpaid", now=now)
    return True


def cancel_experience(
    session: Session, shop: ShopSnapshot, booking_id: str, *, diner_id: str | None, by: Side, reason: str = "", now: datetime
) -> ExperienceBooking:
    """The party does not come; its places go to whoever waits.

    What was paid goes back whole when staff cancel, or the diner until `refund_until`; later it stays, and staff may cancel instead.

    Args:
        diner_id: Whose booking it must be; None when staff cancel.
        reason: A code, at most 16 characters.

    Returns:
        The booking; cancelling it again changes nothing.

    Raises:
        UnknownExperienceError.
        ExperienceOverError: It expired, or its session was called off.
        SessionOverError: A diner cancels what has begun.

    Emits: ExperienceCancelled; RefundRequested; ExperienceOffered.
    Source: RESTAURANT, Bookings (events).
    """
    booked, there = hold_booking(session, shop, booking_id, diner_id=diner_id, now=now)
    if booked.state is ExperienceState.CANCELLED:
        return booked
    if by is Side.DINER and booked.is_living and now >= booked.starts_at:
        raise SessionOverError(**session_said(shop, there))
    return _end(session, shop, booked, ExperienceState.CANCELLED, by, reason, now=now)


def check_in(session: Session, booking_id: str, *, by: str, now: datetime) -> ExperienceBooking:
    """The party is here. Known again, nothing changes.

    Args:
        by: Who says so: a staff id.

    Raises:
        UnknownExperienceError.
        PaymentPendingError: It has not paid.
        ExperienceOverError: It was cancelled, has expired, or its session was called off.
        NotNowError: The session is at another time.

    Emits: ExperienceCheckedIn.
    """
    booked = hold_as_it_is(session, booking_id)
    if booked.state is ExperienceState.HELD:
        raise PaymentPendingError(number=booked.number)
    if booked.state is not ExperienceState.BOOKED:
        raise ExperienceOverError(number=booked.number)
    if booked.checked_in_at is not None:
        return booked
    if not booked.starts_at - DOOR_OPENS <= now <= booked.ends_at + DOOR_OPENS:
        local = booked.starts_at.astimezone(ZoneInfo(booked.zone))
        raise NotNowError(number=booked.number, time=f"{day_said(local)} {local:%H:%M}")
    here = update(BookedExperience).where(BookedExperience.id == booked.id, BookedExperience.checked_in_at.is_(None))
    session.execute(here.values(checked_in_at=now, checked_in_by=by), execution_options=_UNSYNCHRONIZED)
    booked = get_booking(session, booked.id)
    emit(session, ExperienceCheckedIn(**about(booked)), now=now)
    return booked


def forget_experiences(session: Session, *, now: datetime) -> None:
    """Blank names, notes and ages 30 days after the session, of guests and of those who waited in vain."""
    over = select(ExperienceSession.id).where(ExperienceSession.ends_at < now - FORGOTTEN_AFTER)
    for table in (BookedExperience, WaitingParty):
        written = or_(table.name.is_not(None), table.notes.is_not(None), table.ages.is_not(None))
        blanked = update(table).where(table.session_id.in_(over), written).values(name=None, notes=None, ages=None)
        session.execute(blanked, execution_options=_UNSYNCHRONIZED)


def _end(
    session: Session, shop: ShopSnapshot, booked: ExperienceBooking, to: ExperienceState, by: Side, reason: str, *, now: datetime
) -> ExperienceBooking:
    ended = move(session, booked, to, settled_at=now, end_reason=(reason or by.value)[:16])
    give_places_back(session, booked.session_id, booked.amount)
    why = NOT_NEEDED if by is Side.HOUSE else CANCELLED
    kept = by is Side.DINER and keeps_money(booked, now=now)
    refunded = ZERO if kept else give_back(session, booked, reason=why, now=now)
    emit(session, ExperienceCancelled(**about(ended), by=by.value, reason=ended.end_reason, refunded_fen=refunded), now=now)
    print_again(session, booked.session_id, booked.starts_at, now=now)
    offer_free(session, shop, get_session(session, booked.session_id), now=now)
    return ended


_UNSYNCHRONIZED = {"synchronize_session": False}
