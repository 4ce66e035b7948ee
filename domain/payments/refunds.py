"""Give money back: ask for it, send it under one number, settle it. The provider is called outside, by an effect."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.money import Fen, short_yuan
from domain.messaging import emit
from domain.payments.errors import (
    NotPaidError,
    RefundNotFailedError,
    RefundTooLateError,
    RefundTooMuchError,
    TooManyRefundsError,
    UnknownPaymentError,
    UnknownRefundError,
)
from domain.payments.events import RefundRequested, RefundSettled
from domain.payments.models import Payment, Refund
from domain.payments.rules import (
    MOST_REFUNDS,
    REFUND_BY,
    REFUND_WITHIN,
    UNCLEAR_TRIES,
    PaymentState,
    RefundState,
    refunds_that_may_become,
)
from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks, open_task
from domain.storage import insert_once


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What a provider is told. `refund_id` is its out_refund_no, `payment_id` its out_trade_no."""

    refund_id: str
    payment_id: str
    external_no: str
    method: str
    fen: Fen
    paid_fen: Fen
    reason: str
    tries: int


def request_refund(session: Session, payment_id: str, fen: Fen, *, reason: str, key: str, now: datetime) -> Refund:
    """Give back a part of a payment, or all of it. It leaves after the commit, and never twice.

    The amount is set aside at once, so that any number of requests together never give back more than was paid.

    Args:
        fen: More than nothing.
        reason: A code ("order_cancelled"), no words of a person; at most 32 characters.
        key: At most one refund under it, ever: asked again, the same one is returned.

    Raises:
        UnknownPaymentError, NotPaidError, RefundTooMuchError, TooManyRefundsError, RefundTooLateError.
        ValueError: No amount, or the key belongs to another refund.

    Emits: RefundRequested.
    Source: RESTAURANT, Payments; the limits: `rules`.
    """
    if fen <= 0:
        raise ValueError(f"a refund of {fen} fen")
    # The payment's row is locked before the key is looked for, so that copies of one request wait in one line.
    session.execute(select(Payment.id).where(Payment.id == payment_id).with_for_update())
    standing = session.execute(select(Refund).where(Refund.key == key).execution_options(populate_existing=True)).scalar()
    if standing is not None:
        return _same(standing, payment_id, fen)
    set_aside = session.execute(
        update(Payment)
        .where(
            Payment.id == payment_id,
            Payment.state == PaymentState.PAID,
            Payment.paid_at > now - REFUND_WITHIN,
            Payment.refunded_fen + fen <= Payment.fen,
            Payment.refunds < MOST_REFUNDS,
        )
        .values(refunded_fen=Payment.refunded_fen + fen, refunds=Payment.refunds + 1)
        .execution_options(synchronize_session=False)
    )
    if set_aside.rowcount != 1:  # type: ignore[attr-defined]
        _refuse(session, payment_id, fen, now=now)
    refund_id = new_id(now)
    row = {
        "id": refund_id,
        "payment_id": payment_id,
        "fen": fen,
        "reason": reason,
        "key": key,
        "state": RefundState.ASKED.value,
        "tries": 0,
        "asked_at": now,
    }
    if not insert_once(session, Refund, row):
        raise ValueError(f"refund key {key!r} belongs to a refund of another payment")
    emit(session, RefundRequested(refund_id=refund_id), now=now)
    return get_refund(session, refund_id)


def get_refund(session: Session, refund_id: str) -> Refund:
    """A refund as it stands now. Raises: UnknownRefundError."""
    refund = session.get(Refund, refund_id, populate_existing=True)
    if refund is None:
        raise UnknownRefundError
    return refund


def depart_refund(session: Session, refund_id: str) -> RefundOrder | None:
    """Take a refund into `sending`, committed before the provider is called.

    One found in `sending` was interrupted: nobody knows whether the provider took it. It leaves again under its own number,
    which the provider knows if it did.

    Returns:
        None when there is nothing to send: it is done, or waits for staff.
    """
    if not _moved(session, refund_id, RefundState.SENDING, {"tries": Refund.tries + 1}):
        return None
    row = session.execute(
        select(
            Refund.payment_id, Refund.fen, Refund.reason, Refund.tries, Payment.external_no, Payment.method, Payment.fen.label("paid_fen")
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.id == refund_id)
    ).one()
    return RefundOrder(refund_id, row.payment_id, row.external_no, row.method, row.fen, row.paid_fen, row.reason, row.tries)


def refund_done(session: Session, refund_id: str, *, external_no: str, now: datetime) -> bool:
    """The money is on its way to the diner: the provider says so, or a member of staff handed it over.

    Args:
        external_no: The provider's own number; of cash, the number of the slip.

    Returns:
        False when that was known.

    Emits: RefundSettled.
    """
    done = {"external_no": external_no, "fault": None, "settled_at": now}
    if not _moved(session, refund_id, RefundState.DONE, done):
        return False
    close_tasks(session, TaskKind.REFUND, refund_id, by=None, now=now)
    _emit_settled(session, refund_id, now=now)
    return True


def refund_failed(session: Session, refund_id: str, *, fault: str, now: datetime) -> bool:
    """The provider refused: no money left in its account, the diner's account closed. A member of staff must act.

    What was set aside stays set aside: the diner is still owed it.

    Args:
        fault: The provider's code; cut to 64 characters.

    Returns:
        False when it is settled already.

    Emits: RefundSettled.
    """
    if not _moved(session, refund_id, RefundState.FAILED, {"fault": fault[:64], "settled_at": now}):
        return False
    refund = get_refund(session, refund_id)
    _open_task(session, refund, f"退款{short_yuan(refund.fen)}元被拒绝，请处理", f"failed:{refund.tries}", now=now)
    _emit_settled(session, refund_id, now=now)
    return True


def refund_unclear(session: Session, refund_id: str, *, fault: str, now: datetime) -> bool:
    """There was no clear answer: the refund will be repeated under its number. After UNCLEAR_TRIES a person looks, too.

    Returns:
        False when it was settled by another try meanwhile: nothing is to be repeated.
    """
    if not _moved(session, refund_id, RefundState.UNKNOWN, {"fault": fault[:64]}):
        return False
    refund = get_refund(session, refund_id)
    if refund.tries >= UNCLEAR_TRIES:
        _open_task(session, refund, f"退款{short_yuan(refund.fen)}元一直没有结果，请到支付平台核对", "unclear", now=now)
    return True


def refund_not_taken(session: Session, refund_id: str) -> bool:
    """The provider surely did not take it: it is busy. The refund waits to be sent as if it never was."""
    return _moved(session, refund_id, RefundState.ASKED, {"tries": Refund.tries - 1}, only=RefundState.SENDING)


def ask_again(session: Session, refund_id: str, *, by: str, now: datetime) -> None:
    """A member of staff has removed what stood in the way of a refund that failed: it is sent again, under the same number.

    Args:
        by: Who says so, an id.

    Raises:
        UnknownRefundError, RefundNotFailedError.

    Emits: RefundRequested.
    """
    cleared = {"fault": None, "settled_at": None}
    if not _moved(session, refund_id, RefundState.ASKED, cleared, only=RefundState.FAILED):
        raise RefundNotFailedError(state=get_refund(session, refund_id).state)
    close_tasks(session, TaskKind.REFUND, refund_id, by=by, now=now)
    emit(session, RefundRequested(refund_id=refund_id), now=now)


def _same(refund: Refund, payment_id: str, fen: Fen) -> Refund:
    if (refund.payment_id, refund.fen) != (payment_id, fen):
        raise ValueError(f"refund key {refund.key!r} belongs to refund {refund.id}, which is another one")
    return refund


def _refuse(session: Session, payment_id: str, fen: Fen, *, now: datetime) -> None:
    row = session.execute(
        select(Payment.state, Payment.fen, Payment.refunded_fen, Payment.refunds, Payment.paid_at).where(Payment.id == payment_id)
    ).first()
    if row is None:
        raise UnknownPaymentError
    if row.state != PaymentState.PAID:
        raise NotPaidError
    if row.paid_at <= now - REFUND_WITHIN:
        raise RefundTooLateError(days=REFUND_WITHIN.days)
    left = row.fen - row.refunded_fen
    if fen > left:
        raise RefundTooMuchError(left=short_yuan(left), left_fen=left, asked_fen=fen)
    raise TooManyRefundsError(most=MOST_REFUNDS)


def _moved(session: Session, refund_id: str, to: RefundState, values: dict[str, Any], *, only: RefundState | None = None) -> bool:
    current = (only,) if only else refunds_that_may_become(to)
    moved = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.state.in_(current))
        .values(values | {"state": to.value})
        .execution_options(synchronize_session=False)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _open_task(session: Session, refund: Refund, text: str, because: str, *, now: datetime) -> None:
    key = f"refund:{refund.id}:{because}"
    open_task(session, TaskKind.REFUND, refund.id, text, key=key, due_at=now + REFUND_BY, now=now)


def _emit_settled(session: Session, refund_id: str, *, now: datetime) -> None:
    payment = (Payment.payable_kind, Payment.payable_id, Payment.diner_id, Payment.method)
    row = session.execute(
        select(Refund.payment_id, Refund.fen, Refund.reason, Refund.state, *payment)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.id == refund_id)
    ).one()
    event = RefundSettled(
        refund_id=refund_id,
        payment_id=row.payment_id,
        payable_kind=row.payable_kind,
        payable_id=row.payable_id,
        diner_id=row.diner_id,
        fen=row.fen,
        method=row.method,
        reason=row.reason,
        state=row.state,
        settled_at=now.isoformat(),
    )
    emit(session, event, now=now)
