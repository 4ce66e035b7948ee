"""What becomes of a booking: acknowledged, lapsed, cancelled, seated, done, missed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from domain.bookings.deposits import CANCELLED, NOT_NEEDED, PAYABLE, deposit_paid, give_back, is_deposit_paid, return_of
from domain.bookings.errors import BookingOverError, NotLateYetError, NotTodayError
from domain.bookings.events import BookingCancelled, BookingMissed, BookingSeated
from domain.bookings.listing import Booked, find_seated, past_bookings
from domain.bookings.models import Booking, BookingStrike
from domain.bookings.occupancy import forget_paces, release
from domain.bookings.reminders import about
from domain.bookings.rules import COMING, EARLY, FORGOTTEN_AFTER, HOLD, LONGEST_ANSWER, OVER_AFTER, PACE_KEPT, BookingState
from domain.bookings.states import announce, hold_booking, move
from domain.bookings.strikes import forget_strikes, strike, strikes_of
from domain.kernel.money import ZERO
from domain.kernel.said import day_said
from domain.kernel.text import clean
from domain.messaging import emit
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot
from domain.tables.service import find_seat_at


class Side(StrEnum):
    """Who ended a booking."""

    DINER = "diner"
    STAFF = "staff"
    HOUSE = "house"  # its time ran out


def lapse_hold(session: Session, booking_id: str, *, now: datetime) -> bool:
    """The time for the deposit, or for the answer of the staff, is over.

    Without its deposit a booking expires. What staff have not answered is approved: nobody is shut out without a person's look.

    Returns:
        False when there is nothing to do: it was settled, or waits longer.

    Raises:
        UnknownBookingError.

    Emits: BookingCancelled (by "house"), BookingConfirmed or BookingHeld.
    """
    booked = hold_booking(session, booking_id)
    if booked.hold_until is None or now < booked.hold_until:
        return False
    if booked.state is BookingState.REQUESTED:
        approve(session, booked, now=now)
        return True
    if booked.state is not BookingState.HELD:
        return False
    close_pending(session, PAYABLE, booked.id)  # before the look: what is paid from here on goes back by itself
    if is_deposit_paid(session, booked.id):
        return deposit_paid(session, booked.id, now=now)
    end(session, booked, BookingState.EXPIRED, Side.HOUSE, "unpaid", now=now)
    return True


def acknowledge_booking(session: Session, booking_id: str, *, diner_id: str, now: datetime) -> bool:
    """The diner says after a reminder that the party will come.

    Returns:
        False when that was known.

    Raises:
        UnknownBookingError.
        BookingOverError: The party is not expected (any more).
    """
    booked = hold_booking(session, booking_id, diner_id=diner_id)
    if booked.state is not BookingState.CONFIRMED:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    if booked.acknowledged:
        return False
    session.execute(update(Booking).where(Booking.id == booked.id).values(acknowledged_at=now), execution_options=_UNSYNCHRONIZED)
    return True


def cancel_booking(session: Session, booking_id: str, *, diner_id: str | None, reason: str = "", words: str = "", now: datetime) -> Booked:
    """The party does not come; its tables are free at once.

    The deposit goes back whole when staff cancel, or the diner until `refund_until`; later it stays, and staff may return it.

    Args:
        diner_id: Whose booking it must be; None when staff cancel.
        reason: A code, at most 16 characters ("changed_plans").
        words: Of staff for the diner; "" for none; 60 characters are kept.

    Returns:
        The booking; cancelling it again changes nothing.

    Raises:
        UnknownBookingError.
        BookingOverError: The party came, did not come, or the deposit did not.

    Emits: BookingCancelled; RefundRequested.
    Source: RESTAURANT, Bookings.
    """
    booked = hold_booking(session, booking_id, diner_id=diner_id)
    if booked.state is BookingState.CANCELLED:
        return booked
    answer = clean(words).strip()[:LONGEST_ANSWER] or None
    return end(session, booked, BookingState.CANCELLED, Side.STAFF if diner_id is None else Side.DINER, reason, answer=answer, now=now)


def seat_booking(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime) -> Booked:
    """The party is here, and its deposit goes back whole. Known again, nothing changes.

    On its business day; and from half an hour before its time until its end, whatever the day is called by then.

    Raises:
        UnknownBookingError.
        NotTodayError: It is booked for another business day.
        BookingOverError: It is over, or waits for the staff or for its deposit.

    Emits: BookingSeated; RefundRequested and DepositReturned.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.SEATED:
        return booked
    store = shop.known_stores[booked.store_id]
    around = booked.starts_at - EARLY <= now < booked.ends_at
    if booked.state in COMING and not around and shop.brand.business_day(now, store.timezone) != booked.business_day:
        raise NotTodayError(number=booked.number, day=day_said(store.local(booked.starts_at)))
    seated = move(session, booked, BookingState.SEATED, now=now, settled_at=now)
    emit(session, BookingSeated(**about(seated)), now=now)
    return_of(session, seated, now=now)
    return seated


def finish_booking(session: Session, booking_id: str, *, now: datetime) -> Booked:
    """The party has left; its tables are free. The deposit goes back of one that nobody said was seated.

    Raises:
        UnknownBookingError.
        BookingOverError: The party was not expected.

    Emits: RefundRequested; DepositReturned.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.DONE:
        return booked
    done = move(session, booked, BookingState.DONE, now=now, settled_at=now)
    release(session, booked.id, booked.stay)
    return_of(session, done, now=now)
    return done


def finish_where_party_left(
    session: Session, store_id: str, table_code: str, *, opened_at: datetime | None = None, now: datetime
) -> Booked | None:
    """A party has left a table: the booking that was seated there is done, and its tables are free again.

    Not while a party of it still sits at another of its tables, and not by a session that began long before the booking did.

    Args:
        opened_at: When the session of the party began; None when it never scanned.

    Returns:
        The booking that is done by it, or None.

    Emits: As `finish_booking`.
    """
    booked = find_seated(session, store_id, table_code, now=now)
    if booked is None or (opened_at is not None and opened_at < booked.starts_at - EARLY):
        return None
    if any(find_seat_at(session, store_id, table, now=now) is not None for table in booked.tables if table != table_code):
        return None
    return finish_booking(session, booked.id, now=now)


def finish_past_bookings(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Finish the bookings that ended hours ago, and of which nobody said anything: who is not reported missing, came.

    Returns:
        How many; at `limit` there may be more.
    """
    over = past_bookings(session, ended_before=now - OVER_AFTER, limit=limit)
    for booking_id in sorted(over):
        finish_booking(session, booking_id, now=now)
    return len(over)


def miss_booking(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime) -> Booked:
    """A member of staff saw that the party did not come: its tables are free, and the diner has a strike. Again, nothing changes.

    The deposit stays; staff may return it, and take the strike back.

    Raises:
        UnknownBookingError.
        NotLateYetError: The table is still kept for who is late.
        BookingOverError: The party came, or was not expected.

    Emits: BookingMissed.
    Source: RESTAURANT, Bookings (no-show strikes that decay).
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.NO_SHOW:
        return booked
    if booked.state in COMING and now < booked.late_until:
        raise NotLateYetError(number=booked.number, until=shop.known_stores[booked.store_id].clock_said(booked.late_until))
    missed = move(session, booked, BookingState.NO_SHOW, now=now, settled_at=now)
    release(session, booked.id, booked.stay)
    strikes = 0
    if booked.diner_id is not None:
        strike(session, booked.id, booked.diner_id, now=now)
        strikes = len(strikes_of(session, booked.diner_id, now=now))
    emit(session, BookingMissed(**about(missed), strikes=strikes), now=now)
    return missed


def forget_bookings(session: Session, *, now: datetime) -> None:
    """Blank names, notes and answers 30 days after the booking; delete strikes that no longer count, and counters of quarters long past."""
    session.execute(
        update(Booking)
        .where(Booking.ends_at < now - FORGOTTEN_AFTER)
        .where(or_(*(words.is_not(None) for words in (Booking.name, Booking.notes, Booking.answer))))
        .values(name=None, notes=None, answer=None),
        execution_options=_UNSYNCHRONIZED,
    )
    forget_strikes(session, now=now)
    forget_paces(session, before=now - PACE_KEPT)


def merge_bookings(session: Session, source: str, target: str) -> None:
    """Two diners are one person: bookings and strikes of `source` are those of `target`. Twice is once."""
    for table in (Booking, BookingStrike):
        session.execute(update(table).where(table.diner_id == source).values(diner_id=target), execution_options=_UNSYNCHRONIZED)


def approve(session: Session, booked: Booked, *, by: str | None = None, now: datetime) -> Booked:
    """The yes to a booking in hand that was asked for: it stands, or waits for its deposit. Args: by: Who said it; None for time.

    Emits: BookingConfirmed or BookingHeld; BookingReminderDue.
    """
    if booked.deposit_fen:
        held = move(session, booked, BookingState.HELD, now=now, by=by, hold_until=now + HOLD)
        announce(session, held, now=now)
        return held
    confirmed = move(session, booked, BookingState.CONFIRMED, now=now, by=by, hold_until=None)
    announce(session, confirmed, now=now)
    return confirmed


def end(
    session: Session,
    booked: Booked,
    to: BookingState,
    by: Side,
    reason: str,
    *,
    answered_by: str | None = None,
    answer: str | None = None,
    now: datetime,
) -> Booked:
    """A booking in hand is off: its tables are free, and its deposit goes back but for a diner who cancels too late.

    Args:
        reason: A code, at most 16 characters; "" for who it was.
        answered_by: Who of the staff said no to what was asked for, an id.
        answer: Their words for the diner.

    Emits: BookingCancelled; RefundRequested.
    """
    ended = move(session, booked, to, now=now, by=answered_by, settled_at=now, end_reason=(reason or by.value)[:16], answer=answer)
    release(session, booked.id, booked.stay)
    kept = by is Side.DINER and booked.state is BookingState.CONFIRMED and booked.refund_until is not None and now > booked.refund_until
    why = NOT_NEEDED if by is Side.HOUSE else CANCELLED
    refunded = ZERO if kept else give_back(session, booked, reason=why, now=now)
    event = BookingCancelled(**about(ended), by=by.value, reason=ended.end_reason, refunded_fen=refunded)
    emit(session, event, now=now)
    return ended


_UNSYNCHRONIZED = {"synchronize_session": False}
