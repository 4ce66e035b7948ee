"""Where an order's food goes, and so whose open order it is: a table's, a party's that waits for its table, or a takeaway diner's."""

from dataclasses import dataclass
from typing import Any

from domain.orders.rules import Channel
from domain.tables.service import Seat


@dataclass(frozen=True, slots=True)
class Waiting:
    """A party that waits for a table of a store, under a number: what it orders is eaten in, at the table to come.

    Attributes:
        ticket_id: Of its number, which is only its own while it waits.
        number: As people read it ("A005").
    """

    ticket_id: str
    store_id: str
    number: str


Place = Seat | Waiting
"""Where those who order together are: at a table, or waiting for one. Who takes away is nowhere."""


def active_key(place: Place | None, diner_id: str) -> str:
    """Under which key an open order is unique: the table's session, the number that waits, or the diner who takes away."""
    match place:
        case Seat():
            return f"t:{place.session_id}"
        case Waiting():
            return f"q:{place.ticket_id}"
    return f"w:{diner_id}"


def place_of_order(place: Place | None, diner_id: str) -> dict[str, Any]:
    """The columns of a new order that say where its food goes and who opened it. Of a party that waits no table is known yet."""
    seat = place if isinstance(place, Seat) else None
    return {
        "channel": (Channel.DINE_IN if place else Channel.TAKEAWAY).value,
        "session_id": seat.session_id if seat else None,
        "table_code": seat.table_code if seat else None,
        "diner_id": seat.opened_by if seat else diner_id,
        "active_key": active_key(place, diner_id),
    }
