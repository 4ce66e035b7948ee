"""What happens to payments."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class PaymentPaid(Event):
    """A provider confirmed a payment."""

    name: ClassVar[str] = "payment_paid"

    payment_id: str
    payable_kind: str
    payable_id: str
    diner_id: str
    fen: int
    method: str
    paid_at: str


@dataclass(frozen=True, slots=True)
class BillLapseDue(Event):
    """A bill has been open for as long as it may be: `close_lapsed` it, if nobody paid."""

    name: ClassVar[str] = "bill_lapse_due"

    payment_id: str
    payable_kind: str
    payable_id: str


@dataclass(frozen=True, slots=True)
class RefundRequested(Event):
    """Money waits to be given back."""

    name: ClassVar[str] = "refund_requested"

    refund_id: str


@dataclass(frozen=True, slots=True)
class RefundSettled(Event):
    """A refund is done, or was refused and waits for a member of staff. After `failed`, `done` may still follow."""

    name: ClassVar[str] = "refund_settled"

    refund_id: str
    payment_id: str
    payable_kind: str
    payable_id: str
    diner_id: str
    fen: int
    method: str
    reason: str
    state: str
    settled_at: str
