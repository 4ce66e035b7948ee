"""What becomes of a booking: approved, acknowledged, lapsed, cancelled, seated, done, missed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from domain.bookings.deposits import CANCELLED, NOT_NEEDED, PAYABLE, RETURNED, deposit_paid, give_back, is_deposit_paid
from domain.bookings.errors import BookingOverError, NothingToReviewError, NotLateYetError, NotTodayError
from domain.bookings.events import BookingCancelled, BookingMissed, BookingSeated
from domain.bookings.listing import Booked, past_bookings
from domain.bookings.models import Booking, BookingStrike
from domain.bookings.occupancy import forget_paces, release
from domain.bookings.offers import clock_said, day_said
from domain.bookings.reminders import about
from domain.bookings.rules import COMING, FORGOTTEN_AFTER, HOLD, OVER_AFTER, PACE_KEPT, BookingState
from domain.bookings.states import announce, hold_booking, move
from domain.bookings.strikes import forget_strikes, strike, strikes_of
from domain.kernel.money import ZERO
from domain.messaging import emit
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot


class Side(StrEnum):
    """Who ended a booking."""

    DINER = "diner"
    STAFF = "staff"
    HOUSE = "house"  # its time ran out


def approve_booking(session: Session, booking_id: str, *, now: datetime) -> Booked:
    """A member of staff says yes to a booking that was asked for; one that needs a deposit waits for it now.

    Raises:
        UnknownBookingError.
        NothingToReviewError: It does not wait for a yes.

    Emits: BookingConfirmed or BookingHeld.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is not BookingState.REQUESTED:
        raise NothingToReviewError(number=booked.number, state=booked.state.value)
    return _approved(session, booked, now=now)


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
        _approved(session, booked, now=now)
        return True
    if booked.state is not BookingState.HELD:
        return False
    close_pending(session, PAYABLE, booked.id)  # before the look: what is paid from here on goes back by itself
    if is_deposit_paid(session, booked.id):
        return deposit_paid(session, booked.id, now=now)
    _end(session, booked, BookingState.EXPIRED, Side.HOUSE, "unpaid", now=now)
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


def cancel_booking(session: Session, booking_id: str, *, diner_id: str | None, reason: str = "", now: datetime) -> Booked:
    """The party does not come; its tables are free at once.

    The deposit goes back whole when staff cancel, or the diner until `refund_until`; later it stays, and staff may return it.

    Args:
        diner_id: Whose booking it must be; None when staff cancel.
        reason: A code, at most 16 characters ("changed_plans").

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
    return _end(session, booked, BookingState.CANCELLED, Side.STAFF if diner_id is None else Side.DINER, reason, now=now)


def seat_booking(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime) -> Booked:
    """The party is here. Known again, nothing changes.

    Raises:
        UnknownBookingError.
        NotTodayError: It is booked for another business day.
        BookingOverError: It is over, or waits for the staff or for its deposit.

    Emits: BookingSeated.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.SEATED:
        return booked
    store = shop.known_stores[booked.store_id]
    if booked.state in COMING and shop.brand.business_day(now, store.timezone) != booked.business_day:
        raise NotTodayError(number=booked.number, day=day_said(store, booked.starts_at))
    seated = move(session, booked, BookingState.SEATED, settled_at=now)
    emit(session, BookingSeated(**about(seated)), now=now)
    return seated


def finish_booking(session: Session, booking_id: str, *, now: datetime) -> Booked:
    """The party has left; its tables are free. A deposit that was not counted to a bill goes back.

    Raises:
        UnknownBookingError.
        BookingOverError: The party was not expected.

    Emits: RefundRequested.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.DONE:
        return booked
    done = move(session, booked, BookingState.DONE, settled_at=now)
    release(session, booked.id, booked.stay)
    if not booked.deposit_order_id:
        give_back(session, booked, reason=RETURNED, now=now)
    return done


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
        raise NotLateYetError(number=booked.number, until=clock_said(shop.known_stores[booked.store_id], booked.late_until))
    missed = move(session, booked, BookingState.NO_SHOW, settled_at=now)
    release(session, booked.id, booked.stay)
    strikes = 0
    if booked.diner_id is not None:
        strike(session, booked.id, booked.diner_id, now=now)
        strikes = len(strikes_of(session, booked.diner_id, now=now))
    emit(session, BookingMissed(**about(missed), strikes=strikes), now=now)
    return missed


def forget_bookings(session: Session, *, now: datetime) -> None:
    """Blank names and notes 30 days after the booking; delete strikes that no longer count, and counters of quarters long past."""
    session.execute(
        update(Booking)
        .where(Booking.ends_at < now - FORGOTTEN_AFTER, or_(Booking.name.is_not(None), Booking.notes.is_not(None)))
        .values(name=None, notes=None),
        execution_options=_UNSYNCHRONIZED,
    )
    forget_strikes(session, now=now)
    forget_paces(session, before=now - PACE_KEPT)


def merge_bookings(session: Session, source: str, target: str) -> None:
    """Two diners are one person: bookings and strikes of `source` are those of `target`. Twice is once."""
    for table in (Booking, BookingStrike):
        session.execute(update(table).where(table.diner_id == source).values(diner_id=target), execution_options=_UNSYNCHRONIZED)


def _approved(session: Session, booked: Booked, *, now: datetime) -> Booked:
    if booked.deposit_fen:
        held = move(session, booked, BookingState.HELD, hold_until=now + HOLD)
        announce(session, held, now=now)
        return held
    confirmed = move(session, booked, BookingState.CONFIRMED, hold_until=None)
    announce(session, confirmed, now=now)
    return confirmed


def _end(session: Session, booked: Booked, to: BookingState, by: Side, reason: str, *, now: datetime) -> Booked:
    ended = move(session, booked, to, settled_at=now, end_reason=(reason or by.value)[:16])
    release(session, booked.id, booked.stay)
    kept = by is Side.DINER and booked.state is BookingState.CONFIRMED and booked.refund_until is not None and now > booked.refund_until
    why = NOT_NEEDED if by is Side.HOUSE else CANCELLED
    refunded = ZERO if kept else give_back(session, booked, reason=why, now=now)
    event = BookingCancelled(**about(ended), by=by.value, reason=ended.end_reason, refunded_fen=refunded)
    emit(session, event, now=now)
    return ended


_UNSYNCHRONIZED = {"synchronize_session": False}
