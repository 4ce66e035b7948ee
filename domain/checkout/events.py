"""What happens to bills."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class OrderRefunded(Event):
    """Dishes were given back after they were paid; the money is on its way (RefundSettled tells when it arrived).

    `lines`: {line_id, name, unit, quantity "1", fen}. `points_returned` had paid, `points_taken` had been earned,
    `points_owed` were earned and spent already. `whole`: nothing of the order is left.
    """

    name: ClassVar[str] = "order_refunded"

    refund_id: str
    order_id: str
    store_id: str
    store_name: str
    store_phone: str
    number: str
    zone: str
    diner_id: str
    fen: int
    lines: list[dict[str, Any]]
    points_returned: int
    points_taken: int
    points_owed: int
    coupons_returned: list[str]
    reason: str
    whole: bool
    refunded_at: str
