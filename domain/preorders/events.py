"""What becomes of pre-orders. Each event carries what a message needs; `dishes` are {name, quantity "2"}."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class PreorderEvent(Event):
    """Something about what was chosen under one number."""

    ticket_id: str
    diner_id: str
    store_id: str
    store_name: str
    queue_number: str
    dishes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PreorderPlaced(PreorderEvent):
    """The party sits, and its dishes are placed.

    `sold_out` names dishes of which nothing was left: they are out of the cart. `too_few` are {name, left "2", unit}: there was less
    than was wanted, and they wait in the table's cart. `payment_id` is of the bill where the kitchen waits for the money, else None.
    """

    name: ClassVar[str] = "preorder_placed"

    table_code: str
    order_id: str
    order_number: str
    total_fen: int
    payment_id: str | None
    sold_out: list[str]
    too_few: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PreorderBrought(PreorderEvent):
    """The party sits, and its dishes wait in the table's cart for a yes. `reason`: "unconfirmed", "late" or "sold_out"."""

    name: ClassVar[str] = "preorder_brought"

    table_code: str
    reason: str
    sold_out: list[str]
    too_few: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PreorderDropped(PreorderEvent):
    """What a party had said yes to is not cooked. `reason`: as with NumberLeft; "closed" when it sat down after hours, "late" when
    that was heard of too late (an outage)."""

    name: ClassVar[str] = "preorder_dropped"

    reason: str
