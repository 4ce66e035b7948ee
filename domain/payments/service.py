"""Ask for a payment, confirm it, close it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.messaging import emit
from domain.payments.errors import UnknownPaymentError, WrongAmountError
from domain.payments.events import BillLapseDue, PaymentPaid
from domain.payments.models import Payment
from domain.payments.refunds import request_refund
from domain.payments.rules import BILL_LIFE, PaymentState, may_be_handed_out, payments_that_may_become
from domain.storage import Prepared, insert_once

LATE = "late_payment"  # reason of the refund of money that came for a closed bill
_HOLDS = (Payment.state == PaymentState.PAID, or_(Payment.refunded_fen < Payment.fen, Payment.fen == 0))
"""Money that is still here; a bill of nothing is paid like any other."""
_HAS_PAID = Prepared(
    select(Payment.id).where(Payment.payable_id == bindparam("payable"), Payment.payable_kind == bindparam("kind"), *_HOLDS).limit(1)
)
_CLOSE_PENDING = Prepared(
    update(Payment)
    .where(
        Payment.pending_key == bindparam("open_for"),
        or_(*(Payment.state == state for state in payments_that_may_become(PaymentState.CLOSED))),
    )
    .values(state=PaymentState.CLOSED, pending_key=None)
)


def request_payment(session: Session, kind: str, payable_id: str, diner_id: str, fen: Fen, *, now: datetime) -> Payment:
    """Ask for an amount.

    An open payment of the same payable, amount and payer is used again while it has time left to be paid; any other open
    one is closed.

    Emits: BillLapseDue, due after BILL_LIFE.
    """
    pending_key = f"{kind}:{payable_id}"
    while True:
        open_payment = session.execute(
            select(Payment).where(Payment.pending_key == pending_key).execution_options(populate_existing=True)
        ).scalar()
        if open_payment is not None:
            same = (open_payment.fen, open_payment.diner_id) == (fen, diner_id)
            if same and may_be_handed_out(open_payment.created_at, now=now):
                return open_payment
            close_pending(session, kind, payable_id)
        payment_id = new_id(now)
        row = {
            "id": payment_id,
            "payable_kind": kind,
            "payable_id": payable_id,
            "diner_id": diner_id,
            "fen": fen,
            "state": PaymentState.PENDING.value,
            "pending_key": pending_key,
            "created_at": now,
        }
        if insert_once(session, Payment, row):  # else another asked in this moment: look again at what stands now
            lapse = BillLapseDue(payment_id=payment_id, payable_kind=kind, payable_id=payable_id)
            emit(session, lapse, now=now, due_at=now + BILL_LIFE, key=f"lapse:{payment_id}")
            return get_payment(session, payment_id)


def get_payment(session: Session, payment_id: str) -> Payment:
    """A payment as it stands now. Raises: UnknownPaymentError."""
    payment = session.get(Payment, payment_id, populate_existing=True)
    if payment is None:
        raise UnknownPaymentError
    return payment


def paid_payments(session: Session, kind: str, payable_id: str) -> Sequence[Payment]:
    """The payments of a payable that still hold money: paid, and not wholly given back. The oldest first."""
    held = (
        select(Payment).where(Payment.payable_id == payable_id, Payment.payable_kind == kind, *_HOLDS).order_by(Payment.paid_at, Payment.id)
    )
    return session.execute(held.execution_options(populate_existing=True)).scalars().all()


def has_paid(session: Session, kind: str, payable_id: str) -> bool:
    """Whether any payment of a payable came in and is still here. Money that came late or was given back does not count."""
    return _HAS_PAID.first(session, kind=kind, payable=payable_id) is not None


def confirm_payment(session: Session, payment_id: str, *, fen: int, method: str, external_no: str, now: datetime) -> bool:
    """A provider says that it was paid. Any number of times, in any order.

    Money that comes late, for a bill that was closed, is written down and given back whole: nothing is served for it.

    Args:
        fen: The amount the provider confirms.
        external_no: The provider's own number, unique.

    Returns:
        True when the bill is paid by this; False for a repeated or a late confirmation.

    Raises:
        UnknownPaymentError, WrongAmountError.

    Emits: PaymentPaid; RefundRequested for late money.
    Source: RESTAURANT, Payments.
    """
    payment = get_payment(session, payment_id)
    if payment.fen != fen:
        raise WrongAmountError(asked_fen=payment.fen, confirmed_fen=fen)
    paid = {"state": PaymentState.PAID.value, "pending_key": None, "method": method, "external_no": external_no, "paid_at": now}
    if not _moved(session, payment_id, PaymentState.PENDING, paid):
        if _moved(session, payment_id, PaymentState.CLOSED, paid):
            request_refund(session, payment_id, payment.fen, reason=LATE, key=f"late:{payment_id}", now=now)
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
    _CLOSE_PENDING.run(session, open_for=f"{kind}:{payable_id}")


def merge_payments(session: Session, source: str, target: str) -> None:
    """Two diners were one: what one of them was asked for and has not paid, the other pays. Twice is once."""
    asked = update(Payment).where(Payment.diner_id == source, Payment.state == PaymentState.PENDING, Payment.pending_key.is_not(None))
    session.execute(asked.values(diner_id=target), execution_options={"synchronize_session": False})


def close_lapsed(session: Session, payment_id: str, *, now: datetime) -> bool:
    """Close a payment that has been open for BILL_LIFE: the provider takes no money for it any more.

    Returns:
        False when it is younger, paid or closed already.
    """
    lapsed = session.execute(
        update(Payment)
        .where(
            Payment.id == payment_id,
            Payment.state.in_(payments_that_may_become(PaymentState.CLOSED)),
            Payment.created_at <= now - BILL_LIFE,
        )
        .values(state=PaymentState.CLOSED, pending_key=None)
    )
    return bool(lapsed.rowcount)  # type: ignore[attr-defined]


def _moved(session: Session, payment_id: str, current: PaymentState, values: dict[str, Any]) -> bool:
    moved = session.execute(update(Payment).where(Payment.id == payment_id, Payment.state == current).values(values))
    return bool(moved.rowcount)  # type: ignore[attr-defined]
