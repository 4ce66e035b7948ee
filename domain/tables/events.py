"""What happens at the tables, with all that a ticket needs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class PartyLeft(Event):
    """The session of a party at a table is over: its bill is paid, or the staff said so."""

    name: ClassVar[str] = "party_left"

    session_id: str
    store_id: str
    table_code: str
    opened_at: str
    left_at: str


@dataclass(frozen=True, slots=True)
class TableMoved(Event):
    """A party went to another table: to sit there alone (转台), or with the party that sits there (`merged`, 并台).

    `lines` is what the kitchen has of the party's orders and has not served: {line_id, dish_id, name, quantity "2", unit,
    station, options [..], note}. `order_id` and `number` are those of the first order with such a line; None when there is none.
    """

    name: ClassVar[str] = "table_moved"

    session_id: str
    store_id: str
    store_name: str
    zone: str
    from_code: str
    to_code: str
    merged: bool
    guests: int
    by: str
    moved_at: str
    order_id: str | None
    number: str | None
    lines: list[dict[str, Any]]
