"""Ask for an invoice, change it, withdraw it, issue it, and forget whose it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from domain.invoices.errors import (
    AskedByAnotherError,
    BadEmailError,
    BadInvoiceLinkError,
    BadTaxNumberError,
    BadTitleError,
    InvoiceAlreadyIssuedError,
    InvoiceTooLateError,
    NothingToInvoiceError,
    TaxNumberNeededError,
    UnknownInvoiceError,
)
from domain.invoices.events import InvoiceIssued, InvoiceRequested
from domain.invoices.models import InvoiceRequest
from domain.invoices.rules import (
    ASK_WITHIN,
    FORGOTTEN_AFTER,
    ISSUE_WITHIN,
    LONGEST_TITLE,
    InvoiceState,
    is_link,
    may_be_asked,
    needs_tax_number,
    read_email,
    read_tax_number,
    read_title,
)
from domain.kernel.ids import new_id
from domain.kernel.money import Fen, yuan
from domain.messaging import emit
from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks, open_task
from domain.storage import insert_once


@dataclass(frozen=True, slots=True)
class Invoiceable:
    """An order as far as an invoice needs it, found by the caller for the diner who asks: who paid it, or sat at its table.

    Attributes:
        paid_fen: What was paid less what was given back.
        paid_at: None when nobody has paid.
    """

    order_id: str
    diner_id: str
    number: str
    paid_fen: Fen
    paid_at: datetime | None
    store_id: str


def request_invoice(
    session: Session, order: Invoiceable, *, title: str, tax_number: str | None = None, email: str | None = None, now: datetime
) -> InvoiceRequest:
    """Ask for the invoice of an order, once; until it is written, whoever asked may change what it shall say.

    Args:
        title: Name of a person, a public body or an enterprise; an enterprise must state its number.
        tax_number: As typed; spaces and small letters are put right.
        email: Where the file shall go, besides the chat.

    Raises:
        NothingToInvoiceError, InvoiceTooLateError, BadTitleError, BadTaxNumberError, TaxNumberNeededError, BadEmailError,
        AskedByAnotherError, InvoiceAlreadyIssuedError.

    Emits: InvoiceRequested.
    Source: RESTAURANT, Invoices.
    """
    wanted = _read(title, tax_number, email)
    if order.paid_fen <= 0 or order.paid_at is None:
        raise NothingToInvoiceError(number=order.number)
    if not may_be_asked(order.paid_at, now=now):
        raise InvoiceTooLateError(number=order.number, days=ASK_WITHIN.days)
    row = {
        "id": new_id(now),
        "order_id": order.order_id,
        "diner_id": order.diner_id,
        "store_id": order.store_id,
        "number": order.number,
        "fen": order.paid_fen,
        "state": InvoiceState.ASKED.value,
        "asked_at": now,
    }
    # Looked for first: on MariaDB an insert that clashes takes locks. The unique key decides all the same.
    if find_invoice(session, order.order_id) is not None or not insert_once(session, InvoiceRequest, row | wanted):
        _ask_anew(session, order, wanted, now=now)
    request = _of_order(session, order.order_id)
    # One task for each asking; a change while it is open leaves it as it is.
    key = f"invoice:{request.id}:{request.asked_at.isoformat()}"
    _open_task(session, request, f"单号{request.number}要开发票", key=key, now=now)
    event = InvoiceRequested(
        invoice_id=request.id, order_id=order.order_id, store_id=request.store_id, number=request.number, fen=request.fen
    )
    emit(session, event, now=now)
    return request


def find_invoice(session: Session, order_id: str) -> InvoiceRequest | None:
    """The request of an order, in whatever state, or None."""
    found = select(InvoiceRequest).where(InvoiceRequest.order_id == order_id).execution_options(populate_existing=True)
    return session.execute(found).scalar()


def requests_of(session: Session, order_ids: Sequence[str]) -> dict[str, InvoiceRequest]:
    """The requests of some orders that stand, asked for or written, by order; what was withdrawn is left out."""
    standing = select(InvoiceRequest).where(InvoiceRequest.order_id.in_(order_ids), InvoiceRequest.state != InvoiceState.WITHDRAWN.value)
    found = session.execute(standing.execution_options(populate_existing=True)).scalars()
    return {request.order_id: request for request in found}


def asked_by(session: Session, diner_id: str) -> list[InvoiceRequest]:
    """What a diner asked for and is not written yet, the newest first: it may still be changed or withdrawn."""
    asked = select(InvoiceRequest).where(InvoiceRequest.diner_id == diner_id, InvoiceRequest.state == InvoiceState.ASKED.value)
    newest = asked.order_by(InvoiceRequest.asked_at.desc(), InvoiceRequest.id.desc())
    return list(session.execute(newest.execution_options(populate_existing=True)).scalars())


def issued_to(session: Session, diner_id: str) -> InvoiceRequest | None:
    """The invoice that was written for a diner last, or None."""
    written = select(InvoiceRequest).where(InvoiceRequest.diner_id == diner_id, InvoiceRequest.state == InvoiceState.DONE.value)
    return session.execute(written.order_by(InvoiceRequest.settled_at.desc(), InvoiceRequest.id.desc()).limit(1)).scalar()


def withdraw_invoice(session: Session, order_id: str, diner_id: str, *, now: datetime) -> None:
    """The diner wants no invoice after all; one may be asked for again.

    Raises:
        UnknownInvoiceError: None was asked for by this diner.
        InvoiceAlreadyIssuedError.
    """
    request = find_invoice(session, order_id)
    if request is None or request.diner_id != diner_id:
        raise UnknownInvoiceError
    if not _withdraw(session, request.id, now=now) and _of_order(session, order_id).state == InvoiceState.DONE:
        raise InvoiceAlreadyIssuedError(number=request.number)


def invoice_done(session: Session, invoice_id: str, *, link: str, by: str, now: datetime) -> bool:
    """A member of staff has written the invoice.

    Args:
        link: Where the diner opens it; https.
        by: Who, an id.

    Returns:
        False when this was known.

    Raises:
        UnknownInvoiceError: No such request, or it was withdrawn.
        BadInvoiceLinkError: The diner could not open the link.
        InvoiceAlreadyIssuedError: Under another link.

    Emits: InvoiceIssued.
    """
    if not is_link(link):
        raise BadInvoiceLinkError
    issued = {"state": InvoiceState.DONE.value, "link": link, "done_by": by, "settled_at": now}
    moved = _moved(session, invoice_id, InvoiceState.ASKED, issued)
    request = session.get(InvoiceRequest, invoice_id, populate_existing=True)
    if request is None or request.state == InvoiceState.WITHDRAWN:
        raise UnknownInvoiceError
    if not moved:
        if request.link != link:
            raise InvoiceAlreadyIssuedError(number=request.number)
        return False
    close_tasks(session, TaskKind.INVOICE, invoice_id, by=by, now=now)
    event = InvoiceIssued(
        invoice_id=invoice_id,
        order_id=request.order_id,
        diner_id=request.diner_id,
        store_id=request.store_id,
        number=request.number,
        fen=request.fen,
        link=link,
    )
    emit(session, event, now=now)
    return True


def paid_less(session: Session, order_id: str, fen: Fen, *, key: str, now: datetime) -> None:
    """Money of an order was given back: its invoice must say what is left.

    One not yet written is changed, or withdrawn when nothing is left. One that is written must be reversed (红冲) by staff.

    Args:
        fen: What is paid now, net.
        key: Of the refund; one task for each.
    """
    request = find_invoice(session, order_id)
    if request is None or request.state == InvoiceState.WITHDRAWN:
        return
    if fen <= 0 and _withdraw(session, request.id, now=now):
        return
    if fen > 0 and _moved(session, request.id, InvoiceState.ASKED, {"fen": fen}):
        return
    if _of_order(session, order_id).state == InvoiceState.DONE:
        text = f"单号{request.number}已开票后退款，请红冲原发票" + (f"，按{yuan(fen)}元重开" if fen > 0 else "")
        _open_task(session, request, text, key=f"reverse:{key}", now=now)


def merge_invoices(session: Session, source: str, target: str) -> None:
    """Two diners are one person: the requests of `source` are those of `target`. Twice is once."""
    moved = update(InvoiceRequest).where(InvoiceRequest.diner_id == source).values(diner_id=target)
    session.execute(moved.execution_options(synchronize_session=False))


def forget_invoices(session: Session, *, now: datetime) -> None:
    """Blank titles, numbers and addresses 30 days after the invoice was issued or no longer wanted."""
    written = or_(InvoiceRequest.title.is_not(None), InvoiceRequest.tax_number.is_not(None), InvoiceRequest.email.is_not(None))
    session.execute(
        update(InvoiceRequest)
        .where(InvoiceRequest.settled_at < now - FORGOTTEN_AFTER, written)
        .values(title=None, tax_number=None, email=None)
        .execution_options(synchronize_session=False)
    )


def _read(title: str, tax_number: str | None, email: str | None) -> dict[str, Any]:
    name = read_title(title)
    if name is None:
        raise BadTitleError(longest=LONGEST_TITLE)
    number = read_tax_number(tax_number) if tax_number else None
    if tax_number and number is None:
        raise BadTaxNumberError
    if number is None and needs_tax_number(name):
        raise TaxNumberNeededError(title=name)
    address = read_email(email) if email else None
    if email and address is None:
        raise BadEmailError
    return {"title": name, "tax_number": number, "email": address}


def _ask_anew(session: Session, order: Invoiceable, wanted: dict[str, Any], *, now: datetime) -> None:
    this, mine = InvoiceRequest.order_id == order.order_id, InvoiceRequest.diner_id == order.diner_id
    wanted = wanted | {"fen": order.paid_fen}
    revived = {"diner_id": order.diner_id, "state": InvoiceState.ASKED.value, "asked_at": now, "settled_at": None}
    if _updated(session, wanted, this, mine, InvoiceRequest.state == InvoiceState.ASKED.value):
        return
    if _updated(session, wanted | revived, this, InvoiceRequest.state == InvoiceState.WITHDRAWN.value):
        return
    if _of_order(session, order.order_id).diner_id != order.diner_id:
        raise AskedByAnotherError(number=order.number)
    raise InvoiceAlreadyIssuedError(number=order.number)


def _of_order(session: Session, order_id: str) -> InvoiceRequest:
    request = find_invoice(session, order_id)
    assert request is not None
    return request


def _withdraw(session: Session, invoice_id: str, *, now: datetime) -> bool:
    withdrawn = _moved(session, invoice_id, InvoiceState.ASKED, {"state": InvoiceState.WITHDRAWN.value, "settled_at": now})
    if withdrawn:
        close_tasks(session, TaskKind.INVOICE, invoice_id, by=None, now=now)
    return withdrawn


def _moved(session: Session, invoice_id: str, current: InvoiceState, values: dict[str, Any]) -> bool:
    return _updated(session, values, InvoiceRequest.id == invoice_id, InvoiceRequest.state == current.value)


def _updated(session: Session, values: dict[str, Any], *which: ColumnElement[bool]) -> bool:
    updated = session.execute(update(InvoiceRequest).where(*which).values(values).execution_options(synchronize_session=False))
    return bool(updated.rowcount)  # type: ignore[attr-defined]


def _open_task(session: Session, request: InvoiceRequest, text: str, *, key: str, now: datetime) -> None:
    open_task(session, TaskKind.INVOICE, request.id, text, key=key, due_at=now + ISSUE_WITHIN, now=now, store_id=request.store_id)
