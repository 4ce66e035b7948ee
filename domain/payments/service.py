"""Ask for a payment, confirm it, close it."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.messaging import emit
from domain.payments.errors import PaymentClosedError, UnknownPaymentError, WrongAmountError
from domain.payments.events import PaymentPaid
from domain.payments.models import Payment, PaymentState
from domain.storage import insert_once


def request_payment(session: Session, kind: str, payable_id: str, diner_id: str, fen: Fen, *, now: datetime) -> Payment:
    """Ask for an amount. An open payment of the same payable and amount is used again; one of another amount is closed."""
    pending_key = f"{kind}:{payable_id}"
    open_payment = session.execute(select(Payment).where(Payment.pending_key == pending_key)).scalar()
    if open_payment is not None:
        if open_payment.fen == fen:
            return open_payment
        close_pending(session, kind, payable_id)
    row = {
        "id": new_id(now),
        "payable_kind": kind,
        "payable_id": payable_id,
        "diner_id": diner_id,
        "fen": fen,
        "state": PaymentState.PENDING.value,
        "pending_key": pending_key,
        "created_at": now,
    }
    insert_once(session, Payment, row)
    return session.execute(select(Payment).where(Payment.pending_key == pending_key).execution_options(populate_existing=True)).scalar_one()


def get_payment(session: Session, payment_id: str) -> Payment:
    """A payment. Raises: UnknownPaymentError."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise UnknownPaymentError
    return payment


def confirm_payment(session: Session, payment_id: str, *, fen: int, method: str, external_no: str, now: datetime) -> bool:
    """A provider says that it was paid. Any number of times, in any order.

    Args:
        fen: The amount the provider confirms.
        external_no: The provider's own number, unique.

    Returns:
        True for the first confirmation, False for a repeated one.

    Raises:
        UnknownPaymentError, PaymentClosedError, WrongAmountError.

    Emits: PaymentPaid.
    """
    payment = get_payment(session, payment_id)
    if payment.fen != fen:
        raise WrongAmountError(asked_fen=payment.fen, confirmed_fen=fen)
    paid = session.execute(
        update(Payment)
        .where(Payment.id == payment_id, Payment.state == PaymentState.PENDING)
        .values(state=PaymentState.PAID, pending_key=None, method=method, external_no=external_no, paid_at=now)
    )
    if paid.rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(payment)
        if payment.state == PaymentState.CLOSED:
            raise PaymentClosedError
        return False
    event = PaymentPaid(
        payment_id=payment_id,
        payable_kind=payment.payable_kind,
        payable_id=payment.payable_id,
        diner_id=payment.diner_id,
        fen=payment.fen,
        method=method,
        paid_at=now.isoformat(),
    )
    emit(session, event, now=now)
    return True


def close_pending(session: Session, kind: str, payable_id: str) -> None:
    """Close the open payment of a payable, because the amount is no longer right."""
    session.execute(
        update(Payment)
        .where(Payment.pending_key == f"{kind}:{payable_id}", Payment.state == PaymentState.PENDING)
        .values(state=PaymentState.CLOSED, pending_key=None)
    )


def has_paid(session: Session, kind: str, payable_id: str) -> bool:
    """Whether any payment of a payable came in."""
    paid = exists().where(Payment.payable_id == payable_id, Payment.payable_kind == kind, Payment.state == PaymentState.PAID)
    return bool(session.execute(select(paid)).scalar())
