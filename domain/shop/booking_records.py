"""How a store takes bookings, in the shop file: when, for how long, how many at once, and with what deposit."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator

from domain.kernel.money import Fen
from domain.shop.records import Record
from domain.shop.values import Between, Flag, Price, Ratio, fault


class TurnRecord(Record):
    """How long a party of a size keeps its table."""

    people: Annotated[int, Between(1, 200)]
    """Parties of up to so many; the last turn is for all larger ones, too."""
    minutes: Annotated[int, Between(15, 600)]


TURNS = (
    TurnRecord(people=2, minutes=90),
    TurnRecord(people=4, minutes=105),
    TurnRecord(people=6, minutes=120),
    TurnRecord(people=7, minutes=150),
)
"""Source: RESTAURANT, Bookings (1–2: 90 min, 3–4: 105, 5–6: 120, 7+: 150)."""


def _rising(turns: tuple[TurnRecord, ...]) -> tuple[TurnRecord, ...]:
    if not turns:
        raise fault("there is no turn", "[{people: 2, minutes: 90}, …], or leave the key out")
    if any(larger.people <= smaller.people for smaller, larger in pairwise(turns)):
        raise fault("the turns do not rise", "each turn is for larger parties than the one before it")
    return turns


class DepositRecord(Record):
    """What is paid in advance for rooms and large parties. It goes back whole when the party sits down: never a least spend.

    Source: RESTAURANT, Bookings (deposits only for rooms and parties of 8 and more; 餐饮业经营管理办法 bans a minimum spend).
    """

    rooms: Price = Fen(0)
    """For a room, yuan."""
    people: Annotated[int, Between(8, 200)] = 8
    """Parties of so many and more pay `amount`, wherever they sit."""
    amount: Price = Fen(0)
    """For a large party, yuan; in a room the higher of the two is asked."""
    refund_hours: Annotated[int, Between(0, 168)] = 4
    """Cancelled so many hours before the start, it is given back whole."""


class BookingRecord(Record):
    """How a store takes bookings."""

    open: Flag | None = None
    """Left out: yes when the store has tables."""
    days_ahead: Annotated[int, Between(0, 365)] = 30
    """Business days from today that can be booked."""
    notice_minutes: Annotated[int, Between(0, 10_080)] = 30
    """Booked at least so long before."""
    last_minutes: Annotated[int, Between(15, 600)] = 60
    """Last seating, before closing. A stay ends at closing at the latest."""
    starting: Ratio = Decimal("0.25")
    """Share of all seats that may start within one quarter of an hour; the largest place may always be taken."""
    present: Ratio = Decimal(1)
    """Share of all seats whose guests may be present at once; the largest place may always be taken."""
    turns: Annotated[tuple[TurnRecord, ...], AfterValidator(_rising)] = TURNS
    """How long parties stay, by their size."""
    clean_minutes: Annotated[int, Between(0, 120)] = 0
    """Between two parties at a table, on top of the stay."""
    late_minutes: Annotated[int, Between(5, 120)] = 15
    """So long a table is kept for who is late."""
    deposit: DepositRecord | None = None
    """Left out: none is asked."""
