"""What happens to invoices."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class InvoiceRequested(Event):
    """A diner asked for an invoice, or changed what it shall say."""

    name: ClassVar[str] = "invoice_requested"

    invoice_id: str
    order_id: str
    store_id: str
    number: str
    fen: int


@dataclass(frozen=True, slots=True)
class InvoiceIssued(Event):
    """The invoice is written; the diner can open it."""

    name: ClassVar[str] = "invoice_issued"

    invoice_id: str
    order_id: str
    diner_id: str
    store_id: str
    number: str
    fen: int
    link: str
