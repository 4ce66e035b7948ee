"""The deposit: paid in full, given back in full when the party sits down. Never a part of the bill, never a minimum spend.

It stays with the house only when the party cancels late or does not come. Source: RESTAURANT, Bookings and Payments (nothing is
"held": deposits are paid in full and refunded in full under a fixed number; 餐饮业经营管理办法 bans a minimum spend).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.bookings.errors import BookingOverError
from domain.bookings.events import DepositReturned
from domain.bookings.listing import Booked
from domain.bookings.reminders import about
from domain.bookings.rules import BookingState
from domain.bookings.states import announce, hold_booking, move
from domain.kernel.money import Fen
from domain.messaging import emit
from domain.payments.models import Payment
from domain.payments.prepaid import ask_once, give_all_back, money_left
from domain.payments.service import has_paid

PAYABLE = "booking"
CANCELLED = "booking_cancelled"
NOT_NEEDED = "deposit_not_needed"
RETURNED = "deposit_returned"


def ask_deposit(session: Session, booking_id: str, *, diner_id: str, now: datetime) -> Payment:
    """The bill for the deposit of a held booking: the same one, as long as it can be paid, and the paid one once it is.

    Raises:
        UnknownBookingError.
        BookingOverError: It does not wait for a deposit.
    """
    booked = hold_booking(session, booking_id, diner_id=diner_id)
    if booked.state is not BookingState.HELD:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    return ask_once(session, PAYABLE, booked.id, diner_id, booked.deposit_fen, now=now)


def deposit_paid(session: Session, booking_id: str, *, now: datetime) -> bool:
    """The deposit came in: the party is expected. When the booking has expired, it goes back whole.

    Money that comes for a bill that was closed meanwhile goes back by itself (payments), and a cancelled booking has settled its own.

    Returns:
        False when the booking was not waiting for it.

    Raises:
        UnknownBookingError.

    Emits: BookingConfirmed; RefundRequested.
    """
    booked = hold_booking(session, booking_id)
    if booked.state is BookingState.EXPIRED:
        give_back(session, booked, reason=NOT_NEEDED, now=now)
    if booked.state is not BookingState.HELD or not is_deposit_paid(session, booking_id):
        return False
    announce(session, move(session, booked, BookingState.CONFIRMED, now=now, hold_until=None), now=now)
    return True


def give_back(session: Session, booked: Booked, *, reason: str, now: datetime) -> Fen:
    """Give back whatever is left of a booking's deposit, and close a bill that nobody has paid.

    Args:
        reason: A code, at most 32 characters.

    Returns:
        How much goes back.

    Emits: RefundRequested.
    """
    return give_all_back(session, PAYABLE, booked.id, reason=reason, now=now)


def return_deposit(session: Session, booking_id: str, *, now: datetime) -> Fen:
    """A member of staff gives the deposit back after all: of a party that did not come, or that cancelled late.

    Returns:
        How much goes back; 0 when none is left.

    Emits: RefundRequested; DepositReturned.
    """
    return return_of(session, hold_booking(session, booking_id), now=now)


def return_of(session: Session, booked: Booked, *, now: datetime) -> Fen:
    """Give back the deposit of a booking in hand, and tell the diner.

    Returns:
        How much goes back; 0 when none is left.

    Emits: RefundRequested; DepositReturned.
    """
    returned = give_back(session, booked, reason=RETURNED, now=now)
    if returned:
        emit(session, DepositReturned(**about(booked), refunded_fen=returned), now=now)
    return returned


def deposit_left(session: Session, booking_id: str) -> Fen:
    """What was paid for a booking and not given back."""
    return money_left(session, PAYABLE, booking_id)


def is_deposit_paid(session: Session, booking_id: str) -> bool:
    """Whether the deposit came in, also when nobody has been told yet."""
    return has_paid(session, PAYABLE, booking_id)
