"""What the screen at the door shows: who is called, how many wait, and that nobody is passed without a reason. No names."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.shop.snapshot import ShopSnapshot
from domain.waitlist.line import store_of, tickets_in, waiting_in
from domain.waitlist.models import QueueDay, QueueMove
from domain.waitlist.promises import kept_promises
from domain.waitlist.rules import AT_CALL, CallReason, TicketState, lines_of

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line: parties of `least` to `most` people; `next_numbers` are the first who wait."""

    letter: str
    least: int
    most: int
    waiting: int
    next_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardCall:
    """A number that is called. `reason` is a CallReason: a jump is shown as one."""

    number: str
    people: int
    table_code: str
    state: str
    reason: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The screen of a store at an instant.

    Attributes:
        calls: Newest first.
        missed: Numbers whose call was missed and that may come back.
        jumps: Calls of today before their turn by priority, of `called` in all ("会员优先 1 桌 / 10 桌").
        kept: Promises of today that were kept, of `judged` (承诺兑现率).
    """

    lines: tuple[BoardLine, ...]
    calls: tuple[BoardCall, ...]
    missed: tuple[str, ...]
    jumps: int
    called: int
    kept: int
    judged: int


def board_of(session: Session, shop: ShopSnapshot, store_id: str, *, now: datetime) -> Board:
    """What a store's screen shows. Only reads. Raises: QueueClosedError: No such store."""
    store = store_of(shop, store_id)
    day = shop.brand.business_day(now, store.timezone)
    waiting = waiting_in(session, store_id, day)
    lines = []
    for line in lines_of([table.seats for table in store.tables.values()]):
        numbers = [ticket.number for ticket in waiting if ticket.letter == line.letter]
        lines.append(BoardLine(line.letter, line.least, line.most, len(numbers), tuple(numbers[:_SHOWN])))
    calls = [
        BoardCall(ticket.number, ticket.people, ticket.table_code or "", ticket.state, ticket.call_reason or "", ticket.called_at)
        for ticket in tickets_in(session, store_id, day, AT_CALL)
        if ticket.called_at is not None
    ]
    missed = tickets_in(session, store_id, day, frozenset({TicketState.MISSED}))
    jumped = select(func.count()).where(
        QueueMove.store_id == store_id,
        QueueMove.business_day == day,
        QueueMove.move == TicketState.CALLED.value,
        QueueMove.reason == CallReason.PRIORITY.value,
    )
    called = select(QueueDay.calls).where(QueueDay.store_id == store_id, QueueDay.business_day == day)
    kept, judged = kept_promises(session, store_id, (day, day))
    return Board(
        tuple(lines),
        tuple(sorted(calls, key=lambda call: call.called_at, reverse=True)),
        tuple(ticket.number for ticket in missed),
        session.execute(jumped).scalar_one(),
        session.execute(called).scalar() or 0,
        kept,
        judged,
    )
