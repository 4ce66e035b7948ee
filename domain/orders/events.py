"""What happens to orders. Each event carries all that a ticket, a message or a ledger needs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class KitchenEvent(Event):
    """Something the kitchen is told about an order: which one, and where the food goes. Instants are ISO texts.

    `lines`: {line_id, dish_id, name, quantity "2", unit, station, options [..], note, round_no, placed_at}.
    """

    order_id: str
    store_id: str
    store_name: str
    number: str
    channel: str
    table_code: str | None
    guests: int | None
    zone: str
    pickup_at: str | None
    lines: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OrderReleased(KitchenEvent):
    """A round goes to the kitchen. `wait` (叫起): it is not to be cooked before OrderFired."""

    name: ClassVar[str] = "order_released"

    round_no: int
    placed_at: str
    note: str
    wait: bool


@dataclass(frozen=True, slots=True)
class OrderVoided(KitchenEvent):
    """Dishes were taken back by the staff (退菜). `lines` hold how much of each, and `in_kitchen`: whether the kitchen had it."""

    name: ClassVar[str] = "order_voided"

    void_id: str
    voided_by: str
    reason: str
    voided_at: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class OrderFired(KitchenEvent):
    """A round that waited is to be cooked now (起菜)."""

    name: ClassVar[str] = "order_fired"

    round_no: int
    placed_at: str
    fired_at: str


@dataclass(frozen=True, slots=True)
class OrderRushed(KitchenEvent):
    """The table waits for its dishes (催菜). `times` counts the calls for this order, from 1."""

    name: ClassVar[str] = "order_rushed"

    times: int
    rushed_at: str


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
class OrderReady(Event):
    """All of an order is cooked: it can be carried to its table, or fetched."""

    name: ClassVar[str] = "order_ready"

    order_id: str
    store_id: str
    number: str
    channel: str
    diner_id: str


@dataclass(frozen=True, slots=True)
class OrderCloseDue(Event):
    """The time after which an order is closed, however it went."""

    name: ClassVar[str] = "order_close_due"

    order_id: str
