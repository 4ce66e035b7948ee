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
