"""The kinds of messages that may leave as a template message or a subscription notice, and what each needs to arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.messages.rules import Purpose

ORDER_PAID: Final = "order_paid"
ORDER_READY: Final = "order_ready"
QUEUE_CALL: Final = "queue_call"
BOOKING_REMINDER: Final = "booking_reminder"
INVOICE_ISSUED: Final = "invoice_issued"


@dataclass(frozen=True, slots=True)
class Need:
    """What a message of a kind needs.

    Attributes:
        before: Messages about the same matter that may leave to the diner before its last one, and so use the window up.
    """

    purpose: Purpose
    before: int


# A number that is called, missed and called again: twice that it comes near, the call, the call once more, that it was missed, that it
# is back in line, and near again come before the last call. A window has five. Source: domain/waitlist (MILESTONES, requeued once).
# A booking's first reminder comes before its second, and that a takeaway is paid before that it is ready.
NEEDS: Final[Mapping[str, Need]] = {
    ORDER_PAID: Need(Purpose.PAYMENT, before=0),
    ORDER_READY: Need(Purpose.SERVICE, before=1),
    QUEUE_CALL: Need(Purpose.CALL, before=7),
    BOOKING_REMINDER: Need(Purpose.BOOKING, before=1),
    INVOICE_ISSUED: Need(Purpose.REMINDER, before=0),
}
