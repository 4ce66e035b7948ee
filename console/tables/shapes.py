"""Tables and the floor as a device is shown them."""

from datetime import date, datetime
from typing import ClassVar, Literal

from console.api.shapes import Given, Shown, TableCode
from console.service_calls.shapes import CallShown
from domain.bookings.rules import BookingState
from domain.orders.rules import OrderState, PaymentStatus

TableState = Literal["free", "booked", "called", "seated"]
_ID = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"


class Destination(Given):
    """Where a party goes."""

    EXAMPLE: ClassVar = {"to": "A06"}

    to: TableCode


class TableShown(Shown):
    """A table of the store."""

    EXAMPLE: ClassVar = {"code": "A03", "seats": 4, "area": "大厅", "room": "", "pairs_with": ["A04"]}

    code: str
    seats: int
    area: str
    room: str
    """The room in which it stands; "" for none."""
    pairs_with: list[str]
    """Tables that it can be pushed together with."""


class TablesShown(Shown):
    """The tables of the store, in the order of the shop file."""

    EXAMPLE: ClassVar = {"tables": [TableShown.EXAMPLE]}

    tables: list[TableShown]


class TableFreed(Shown):
    """A table whose party has gone."""

    EXAMPLE: ClassVar = {"table": "A03", "was_taken": True}

    table: str
    was_taken: bool
    """False when it was free as far as we knew."""


class PartyMoved(Shown):
    """Where a party sits now. Its orders and bills came along."""

    EXAMPLE: ClassVar = {"table": "A06", "session_id": _ID, "order_id": None}

    table: str
    session_id: str | None
    """Null when nobody has scanned a table's code."""
    order_id: str | None
    """The open order of both parties, after two became one."""


class OrderAtTable(Shown):
    """An order of the party that sits there."""

    id: str
    number: str
    state: OrderState
    payment_status: PaymentStatus


class PartyShown(Shown):
    """Who has a table: by its scan, by a number that was called, or by a booking."""

    since: datetime
    """When its code was scanned first, the number was called or sat down, or the booking begins."""
    session_id: str | None
    """Null when nobody has scanned the table's code."""
    phones: int
    """How many have scanned it; the party may be more."""
    number: str | None
    """The number of the waitlist that holds the table."""
    number_id: str | None
    """For /waitlist/{number_id}."""
    booking: str | None
    """The number of its booking."""
    booking_id: str | None
    """For /bookings/{booking_id}."""
    people: int | None
    """Of the number or the booking; null when nobody said."""
    orders: list[OrderAtTable]


class ExpectedShown(Shown):
    """A party that is expected at a table."""

    id: str
    number: str
    state: BookingState
    starts_at: datetime
    people: int
    name: str
    late: bool
    """The table is no longer kept for it."""


class TableNow(TableShown):
    """A table at this moment."""

    state: TableState
    """`booked`: free, and a party is expected within the hour; `called`: a number was called to it and is not there yet."""
    party: PartyShown | None
    expected: ExpectedShown | None
    """The next booking of the business day."""
    calls: list[CallShown]
    """What the table waits for."""


class FloorShown(Shown):
    """The floor of the store at this moment, in the order of the shop file."""

    EXAMPLE: ClassVar = {
        "day": "2026-11-28",
        "now": "2026-11-28T19:25:00+08:00",
        "tables": [
            TableShown.EXAMPLE
            | {
                "state": "seated",
                "party": {
                    "since": "2026-11-28T18:40:00+08:00",
                    "session_id": _ID,
                    "phones": 2,
                    "number": None,
                    "number_id": None,
                    "booking": "B018",
                    "booking_id": _ID,
                    "people": 4,
                    "orders": [{"id": _ID, "number": "0087", "state": "cooking", "payment_status": "none"}],
                },
                "expected": None,
                "calls": [CallShown.EXAMPLE],
            }
        ],
    }

    day: date
    now: datetime
    tables: list[TableNow]
