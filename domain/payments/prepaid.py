"""What is paid in full before it is had, and given back whole when it is not: a deposit, the price of places.

Source: RESTAURANT, Payments (nothing is "held": paid in full and refunded in full under a fixed number).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.kernel.money import ZERO, Fen
from domain.payments.models import Payment
from domain.payments.refunds import request_refund
from domain.payments.service import close_pending, paid_payments, request_payment


def ask_once(session: Session, kind: str, payable_id: str, diner_id: str, fen: Fen, *, now: datetime) -> Payment:
    """The bill of a payable: the same one, as long as it can be paid, and the paid one once it is.

    Whatever is paid for may not have heard of it yet: nobody is asked to pay twice.

    Emits: As `service.request_payment`.
    """
    if not (paid := paid_payments(session, kind, payable_id)):
        asked = request_payment(session, kind, payable_id, diner_id, fen, now=now)
        if not (paid := paid_payments(session, kind, payable_id)):
            return asked
        close_pending(session, kind, payable_id)  # the money came between the two questions: what was asked for last is too much
    return paid[0]


def money_left(session: Session, kind: str, payable_id: str) -> Fen:
    """What was paid for a payable and not given back."""
    return Fen(sum(payment.fen - payment.refunded_fen for payment in paid_payments(session, kind, payable_id)))


def give_all_back(session: Session, kind: str, payable_id: str, *, reason: str, now: datetime) -> Fen:
    """Give back whatever is left of what was paid for a payable, and close a bill that nobody has paid.

    Args:
        reason: A code, at most 32 characters.

    Returns:
        How much goes back.

    Emits: RefundRequested.
    """
    close_pending(session, kind, payable_id)
    back = ZERO
    for payment in paid_payments(session, kind, payable_id):
        left = Fen(payment.fen - payment.refunded_fen)
        if left > 0:
            request_refund(session, payment.id, left, reason=reason, key=f"{kind}:{payment.id}", now=now)
            back = Fen(back + left)
    return back
