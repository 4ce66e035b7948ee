"""What happens to orders. Each event carries all that a ticket, a message or a ledger needs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class OrderReleased(Event):
    """A round goes to the kitchen.

    `lines`: {line_id, dish_id, name, quantity "2", unit, station, options [..], note}. Instants are ISO texts.
    """

    name: ClassVar[str] = "order_released"

    order_id: str
    store_id: str
    store_name: str
    number: str
    round_no: int
    channel: str
    table_code: str | None
    guests: int | None
    placed_at: str
    zone: str
    pickup_at: str | None
    note: str
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """An order is paid in full.

    `lines`: {name, quantity, unit, unit_price_fen, amount_fen, options}; `explanation`: {label, fen}, adding up to
    `paid_fen`; `fees_fen` is the part of it that earns no points, `points` is what the diner earns (0: no member).
    """

    name: ClassVar[str] = "order_paid"

    order_id: str
    store_id: str
    store_name: str
    store_phone: str
    number: str
    business_day: str
    channel: str
    session_id: str | None
    table_code: str | None
    zone: str
    paid_at: str
    method: str
    method_label: str
    diner_id: str
    lines: list[dict[str, Any]]
    explanation: list[dict[str, Any]]
    paid_fen: int
    fees_fen: int
    points: int


@dataclass(frozen=True, slots=True)
class OrderCloseDue(Event):
    """The time after which an order is closed, however it went."""

    name: ClassVar[str] = "order_close_due"

    order_id: str
