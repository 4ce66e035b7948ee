"""What a booking costs: paid in full within a quarter of an hour, given back whole in time, and always when the house calls it off.

Source: RESTAURANT, Payments (nothing is "held": it is paid in full and refunded in full under a fixed number).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.experiences.errors import ExperienceOverError
from domain.experiences.listing import ExperienceBooking
from domain.experiences.rules import ExperienceState
from domain.experiences.writing import hold_as_it_is
from domain.kernel.money import ZERO, Fen
from domain.payments.models import Payment
from domain.payments.prepaid import ask_once, give_all_back, money_left
from domain.payments.refunds import request_refund
from domain.payments.service import has_paid, paid_payments

PAYABLE = "experience"
CANCELLED = "experience_cancelled"
CALLED_OFF = "experience_called_off"
SMALLER = "experience_smaller"
NOT_NEEDED = "experience_not_needed"


def ask_payment(session: Session, booking_id: str, *, diner_id: str, now: datetime) -> Payment:
    """The bill for a booking that waits to be paid for: the same one, as long as it can be paid, and the paid one once it is.

    The booking is held: nobody is asked to pay for places that are given up in this moment.

    Raises:
        UnknownExperienceError.
        ExperienceOverError: It does not wait for a payment.
    """
    booked = hold_as_it_is(session, booking_id, diner_id=diner_id)
    if booked.state is not ExperienceState.HELD:
        raise ExperienceOverError(number=booked.number)
    return ask_once(session, PAYABLE, booked.id, diner_id, booked.fen, now=now)


def is_paid(session: Session, booking_id: str) -> bool:
    """Whether the price came in, also when nobody has been told yet."""
    return has_paid(session, PAYABLE, booking_id)


def money_back(session: Session, booked: ExperienceBooking, *, now: datetime) -> Fen:
    """What a diner who cancels now gets back."""
    return ZERO if keeps_money(booked, now=now) else money_left(session, PAYABLE, booked.id)


def keeps_money(booked: ExperienceBooking, *, now: datetime) -> bool:
    """Whether it is too late for a diner to get the price back."""
    return booked.state is ExperienceState.BOOKED and booked.refund_until is not None and now > booked.refund_until


def give_back(session: Session, booked: ExperienceBooking, *, reason: str, now: datetime) -> Fen:
    """Give back whatever is left of what was paid for a booking, and close a bill that nobody has paid.

    Args:
        reason: A code, at most 32 characters.

    Returns:
        How much goes back.

    Emits: RefundRequested.
    """
    return give_all_back(session, PAYABLE, booked.id, reason=reason, now=now)


def give_back_part(session: Session, booked: ExperienceBooking, fen: Fen, *, now: datetime) -> Fen:
    """Give back the price of those who do not come after all.

    Args:
        fen: At most this.

    Returns:
        How much goes back.

    Emits: RefundRequested.
    """
    back = ZERO
    for payment in paid_payments(session, PAYABLE, booked.id):
        part = Fen(min(fen - back, payment.fen - payment.refunded_fen))
        if part > 0:
            request_refund(session, payment.id, part, reason=SMALLER, key=f"{PAYABLE}:{payment.id}:{booked.version}", now=now)
            back = Fen(back + part)
    return back
