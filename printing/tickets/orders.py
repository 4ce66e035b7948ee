"""What the tickets of an order are made from: the payloads of its events, and words that several tickets need."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo


class ReleasedLine(TypedDict):
    """A dish to cook. `quantity` is a decimal number as text: "2", "1.5"."""

    line_id: str
    dish_id: str
    name: str
    quantity: str
    unit: str
    station: str
    options: list[str]
    note: str


class KitchenOrder(TypedDict):
    """What all events for the kitchen say of an order: which one, and where the food goes. Instants are ISO and aware."""

    order_id: str
    store_id: str
    store_name: str
    number: str
    channel: str
    table_code: str | None
    guests: int | None
    zone: str
    pickup_at: str | None


class ReleasedOrder(KitchenOrder):
    """Payload of OrderReleased v1: one round of an order that the kitchen may cook, or has to keep back (`wait`, 叫起)."""

    round_no: int
    placed_at: str
    note: str
    wait: NotRequired[bool]
    lines: list[ReleasedLine]


class ChangedLine(ReleasedLine):
    """A dish that the kitchen has already, and the round it came with."""

    round_no: int
    placed_at: str


class VoidedLine(ChangedLine):
    """How much of a dish was taken back; a dish that waited for its payment never was `in_kitchen`."""

    in_kitchen: bool


class VoidedOrder(KitchenOrder):
    """Payload of OrderVoided v1, what its tickets need of it. `cancelled`: nothing of the order stands any more."""

    reason: str
    voided_at: str
    cancelled: bool
    lines: list[VoidedLine]


class FiredOrder(KitchenOrder):
    """Payload of OrderFired v1: a round that waited is to be cooked now."""

    round_no: int
    placed_at: str
    fired_at: str
    lines: list[ChangedLine]


class RushedOrder(KitchenOrder):
    """Payload of OrderRushed v1: a table calls for its dishes, for the `times`-th time."""

    times: int
    rushed_at: str
    lines: list[ChangedLine]


class PaidLine(TypedDict):
    """A dish on the bill. Money in fen."""

    name: str
    quantity: str
    unit: str
    unit_price_fen: int
    amount_fen: int
    options: list[str]


class BillPart(TypedDict):
    """One part of the total, in the order in which it was reckoned; reductions are negative."""

    label: str
    fen: int


class PaidOrder(TypedDict):
    """Payload of OrderPaid v1, what a receipt needs of it. `points` is what the diner earns: 0 when no member."""

    order_id: str
    store_id: str
    store_name: str
    store_phone: str
    number: str
    business_day: str
    channel: str
    table_code: str | None
    zone: str
    paid_at: str
    method: str
    method_label: str
    diner_id: str
    lines: list[PaidLine]
    explanation: list[BillPart]
    paid_fen: int
    points: int


def local(moment: str, zone: str) -> datetime:
    """An instant of a payload in the store's zone."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))


def waited(since: str, until: str) -> int:
    """Whole minutes between two instants of a payload."""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)) // timedelta(minutes=1)


def whose(order: KitchenOrder) -> tuple[str, str]:
    """Where the food goes, and the word beside it: ("桌:A08", "4人") or ("外带0087", "12:45取")."""
    if order["table_code"] is not None:
        return f"桌:{order['table_code']}", f"{order['guests']}人" if order["guests"] else ""
    pickup = order["pickup_at"]
    return f"外带{order['number']}", f"{local(pickup, order['zone']):%H:%M}取" if pickup else ""


def times(line: ReleasedLine) -> str:
    """How many, as the kitchen reads it: x2, or x1.5斤 when it is not counted in portions."""
    unit = line["unit"]
    return f"x{line['quantity']}{unit if unit != '份' else ''}"


def portions(lines: list[ReleasedLine]) -> int:
    """How many portions a pass must see: a weighed dish counts as one."""
    quantities = [Decimal(line["quantity"]) for line in lines]
    return sum(int(quantity) if quantity == quantity.to_integral_value() else 1 for quantity in quantities)
