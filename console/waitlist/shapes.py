"""Numbers as a device asks for them and is shown them."""

from datetime import date, datetime
from typing import Any, ClassVar

from console.api.shapes import Given, Name, PageQuery, People, Shown, TableCode
from domain.shop.store import Store
from domain.waitlist.board import Board
from domain.waitlist.line import Ticket
from domain.waitlist.rules import CallReason, TicketState
from domain.waitlist.service import Standing

_ID = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"


class NumbersQuery(PageQuery):
    """Which numbers of today."""

    state: TicketState | None = None
    """Only those in this state; all that live when it is left out: who waits, who was called, who missed the call."""


class NewNumber(Given):
    """A party at the door that has no phone with us: its number is printed."""

    EXAMPLE: ClassVar = {"people": 4, "name": "陈先生"}

    people: People
    """Who will sit down."""
    name: Name = ""
    """Whom to greet; forgotten when the day is over."""


class PartySize(Given):
    """How many the party is now."""

    EXAMPLE: ClassVar = {"people": 6}

    people: People


class AtTable(Given):
    """Which table."""

    EXAMPLE: ClassVar = {"table": "A03"}

    table: TableCode


class CallTo(AtTable):
    """To which table a party is called."""

    EXAMPLE: ClassVar = {"table": "A03", "force": False}

    force: bool = False
    """Though the table is booked before a party would as a rule be gone."""


class Seating(Given):
    """Where the party sits down, when it is not the table of its call."""

    EXAMPLE: ClassVar = {"table": "A06"}

    table: TableCode | None = None


class Leaving(Given):
    """How a number ends."""

    EXAMPLE: ClassVar = {"mistake": False}

    mistake: bool = False
    """It was given by mistake, and does not count for the diner's three hours."""


class NumberShown(Shown):
    """A number as it is now."""

    EXAMPLE: ClassVar = {
        "id": _ID,
        "number": "B012",
        "line": "B",
        "state": "called",
        "people": 4,
        "name": "陈先生",
        "by_chat": False,
        "priority": False,
        "present": True,
        "misses": 0,
        "table": "A03",
        "call_reason": "turn",
        "order_id": None,
        "taken_at": "2026-11-28T18:30:00+08:00",
        "called_at": "2026-11-28T18:55:00+08:00",
        "seated_at": None,
    }

    id: str
    number: str
    line: str
    state: TicketState
    people: int
    name: str
    """Whom to greet; never on the screen."""
    by_chat: bool
    """Whether a diner took it, who is told by chat; else the guest has it on paper."""
    priority: bool
    """May be called before its turn, once in ten calls."""
    present: bool
    """Known to be at the door."""
    misses: int
    table: str | None
    """The table it was called to, or where it sits."""
    call_reason: CallReason | None
    order_id: str | None
    """What was chosen while waiting."""
    taken_at: datetime
    called_at: datetime | None
    seated_at: datetime | None

    @classmethod
    def of(cls, ticket: Ticket, store: Store) -> "NumberShown":
        """A number, in its store's time."""
        return cls(**number_fields(ticket, store))


class StandingShown(NumberShown):
    """A number, and how long it takes."""

    EXAMPLE: ClassVar = NumberShown.EXAMPLE | {
        "state": "waiting",
        "table": None,
        "call_reason": None,
        "called_at": None,
        "ahead": 3,
        "minutes_low": 15,
        "minutes_high": 30,
    }

    ahead: int | None
    """Parties of its line before it; only while it waits."""
    minutes_low: int | None
    minutes_high: int | None
    """From so many to so many minutes, as is promised; only while it waits."""

    @classmethod
    def at(cls, standing: Standing, store: Store) -> "StandingShown":
        """A number and what it is promised."""
        eta = standing.eta
        return cls(
            **number_fields(standing.ticket, store),
            ahead=standing.ahead,
            minutes_low=None if eta is None else eta.low,
            minutes_high=None if eta is None else eta.high,
        )


class NumbersShown(Shown):
    """A page of today's numbers, in the order in which they were taken."""

    EXAMPLE: ClassVar = {"day": "2026-11-28", "numbers": [NumberShown.EXAMPLE], "next": None}

    day: date
    numbers: list[NumberShown]
    next: str | None
    """Hand it over as `after` for the next page; null on the last one."""


class LineShown(Shown):
    """A line of the store: parties of `least` to `most` people."""

    letter: str
    least: int
    most: int
    waiting: int
    next_numbers: list[str]
    """The first who wait."""


class CalledShown(Shown):
    """A number that is called, or on its way to the table."""

    number: str
    table: str
    state: TicketState
    reason: CallReason
    called_at: datetime


class BoardShown(Shown):
    """What the screen at the door shows. Numbers and tables, never a name."""

    EXAMPLE: ClassVar = {
        "lines": [{"letter": "B", "least": 3, "most": 4, "waiting": 2, "next_numbers": ["B013", "B014"]}],
        "calls": [{"number": "B012", "table": "A03", "state": "called", "reason": "turn", "called_at": "2026-11-28T18:55:00+08:00"}],
        "missed": ["A007"],
        "called": 21,
        "jumps": 1,
        "promises": 18,
        "promises_kept": 16,
    }

    lines: list[LineShown]
    calls: list[CalledShown]
    """The newest first."""
    missed: list[str]
    """Numbers that may come back."""
    called: int
    """Calls of today."""
    jumps: int
    """Of these, before their turn by priority."""
    promises: int
    """Waiting times that were told today and are judged."""
    promises_kept: int

    @classmethod
    def of(cls, board: Board, store: Store) -> "BoardShown":
        """The board, in its store's time."""
        return cls(
            lines=[
                LineShown(letter=line.letter, least=line.least, most=line.most, waiting=line.waiting, next_numbers=list(line.next_numbers))
                for line in board.lines
            ],
            calls=[
                CalledShown(
                    number=call.number,
                    table=call.table_code,
                    state=TicketState(call.state),
                    reason=CallReason(call.reason),
                    called_at=store.local(call.called_at),
                )
                for call in board.calls
            ],
            missed=list(board.missed),
            called=board.called,
            jumps=board.jumps,
            promises=board.judged,
            promises_kept=board.kept,
        )


def number_fields(ticket: Ticket, store: Store) -> dict[str, Any]:
    """What is shown of every number."""

    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else store.local(moment)

    return {
        "id": ticket.id,
        "number": ticket.number,
        "line": ticket.letter,
        "state": TicketState(ticket.state),
        "people": ticket.people,
        "name": ticket.name or "",
        "by_chat": ticket.diner_id is not None,
        "priority": ticket.priority,
        "present": ticket.present_at is not None,
        "misses": ticket.misses,
        "table": ticket.table_code,
        "call_reason": None if ticket.call_reason is None else CallReason(ticket.call_reason),
        "order_id": ticket.order_id,
        "taken_at": local(ticket.taken_at),
        "called_at": local(ticket.called_at),
        "seated_at": local(ticket.seated_at),
    }
