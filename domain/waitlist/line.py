"""The line of a store on one business day: hold it, read it, move a number in it, and tell who has come near the front."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.storage import Prepared, insert_once
from domain.waitlist.errors import NotInLineError, NumberMovedError, QueueClosedError, UnknownNumberError
from domain.waitlist.eta import Stretch
from domain.waitlist.events import NumberLeft, QueueMoved
from domain.waitlist.models import QueueDay, QueueMove, QueueTicket
from domain.waitlist.presence import asks_for_presence
from domain.waitlist.promises import calibrated, give_up, turn_times
from domain.waitlist.rules import IN_LINE, LIVE, MILESTONES, TicketState, origins

SYSTEM = "system"
"""Who did it, when nobody did."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number as it stood when it was read."""

    id: str
    store_id: str
    business_day: date
    letter: str
    number: str
    diner_id: str | None
    people: int
    name: str | None
    state: str
    turn: int
    priority: bool
    told: int
    misses: int
    version: int
    table_code: str | None
    call_reason: str | None
    order_id: str | None
    order_version: int | None
    distance: str | None
    presence_tries: int
    present_at: datetime | None
    taken_at: datetime
    called_at: datetime | None
    missed_at: datetime | None
    seated_at: datetime | None


TICKETS = select(*(getattr(QueueTicket, name) for name in Ticket.__slots__))
"""Every number, in the order of a Ticket's fields."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was measured for, and counted on, a store's business day."""

    business_day: date
    last_turn: int
    calls: int
    calls_since_jump: int
    turns: dict[str, list[int]]
    stretch_low: int
    stretch_high: int

    @property
    def stretch(self) -> Stretch:
        """What simulated ranges are stretched by today."""
        return Stretch(self.stretch_low, self.stretch_high)


_DAY = select(*(getattr(QueueDay, name) for name in Day.__slots__)).where(
    QueueDay.store_id == bindparam("store_id"), QueueDay.business_day == bindparam("day", type_=Date)
)
_READ_DAY = Prepared(_DAY)
_HOLD_DAY = Prepared(_DAY.with_for_update())
_BY_ID = Prepared(TICKETS.where(QueueTicket.id == bindparam("of"), QueueTicket.store_id == bindparam("store_id")))
_LIVE = Prepared(TICKETS.where(QueueTicket.live_key == bindparam("diner_id")))
_IN_LINE = Prepared(
    TICKETS.where(
        QueueTicket.store_id == bindparam("store_id"),
        QueueTicket.business_day == bindparam("day", type_=Date),
        or_(*(QueueTicket.state == state.value for state in sorted(IN_LINE))),
    ).order_by(QueueTicket.turn, QueueTicket.id)
)
_NOTE = Prepared(insert(QueueMove.__table__))  # type: ignore[arg-type]


def store_of(shop: ShopSnapshot, store_id: str) -> Store:
    """A store that does business. Raises: QueueClosedError: It does not."""
    store = shop.stores.get(store_id)
    if store is None:
        raise QueueClosedError(store=shop.known_stores[store_id].name if store_id in shop.known_stores else store_id)
    return store


def lock_day(session: Session, shop: ShopSnapshot, store: Store, *, now: datetime) -> Day:
    """Hold a store's lines of today until the transaction ends; whoever changes anything in them takes its turn here.

    A diner who is to be held too, is held first. The first of the day measures how long parties stay and how promises were
    kept lately, and ends what was left over from days before.
    """
    day = shop.brand.business_day(now, store.timezone)
    row = _HOLD_DAY.first(session, store_id=store.id, day=day)  # asked before the insert: on MariaDB one that clashes takes locks
    if row is None:
        turns, stretch = turn_times(session, store, now=now), calibrated(session, store.id)
        counts = {"last_turn": 0, "calls": 0, "calls_since_jump": 0, "stretch_low": stretch.low, "stretch_high": stretch.high}
        fresh = {"store_id": store.id, "business_day": day, **counts, "turns": turns}
        insert_once(session, QueueDay, fresh)
        row = _HOLD_DAY.first(session, store_id=store.id, day=day)
        assert row is not None
        _end_earlier_days(session, store, day, now=now)
    return Day(*row)


def day_of(session: Session, ticket: Ticket) -> Day:
    """The day of a number, without holding it."""
    row = _READ_DAY.first(session, store_id=ticket.store_id, day=ticket.business_day)
    assert row is not None  # made with the day's first number
    return Day(*row)


def find_ticket(session: Session, diner_id: str) -> Ticket | None:
    """The live number of a diner, or None."""
    row = _LIVE.first(session, diner_id=diner_id)
    return None if row is None else Ticket(*row)


def ticket_of(session: Session, diner_id: str) -> Ticket:
    """The live number of a diner. Raises: NotInLineError."""
    found = find_ticket(session, diner_id)
    if found is None:
        raise NotInLineError
    return found


def ticket_in(session: Session, store_id: str, ticket_id: str) -> Ticket:
    """A number of a store. Raises: UnknownNumberError."""
    row = _BY_ID.first(session, of=ticket_id, store_id=store_id)
    if row is None:
        raise UnknownNumberError
    return Ticket(*row)


def find_numbered(session: Session, store_id: str, day: date, number: str) -> Ticket | None:
    """The number that is written so on a store's day, whatever became of it, or None."""
    found = TICKETS.where(QueueTicket.store_id == store_id, QueueTicket.business_day == day, QueueTicket.number == number)
    row = session.execute(found).first()
    return None if row is None else Ticket(*row)


def waiting_in(session: Session, store_id: str, day: date, letter: str | None = None) -> list[Ticket]:
    """The numbers that wait at a store on a day, in the order of the line; all lines, or one."""
    found = (Ticket(*row) for row in _IN_LINE.all(session, store_id=store_id, day=day))
    return [ticket for ticket in found if letter is None or ticket.letter == letter]


def tickets_in(session: Session, store_id: str, day: date, states: Collection[TicketState]) -> list[Ticket]:
    """The numbers of a store's day that are in one of these states, in the order of their calls."""
    found = TICKETS.where(QueueTicket.store_id == store_id, QueueTicket.business_day == day, QueueTicket.state.in_(states))
    return [Ticket(*row) for row in session.execute(found.order_by(QueueTicket.called_at, QueueTicket.id))]


def ahead_of(session: Session, ticket: Ticket) -> int:
    """How many parties of its line are called before a number that waits."""
    line = waiting_in(session, ticket.store_id, ticket.business_day, ticket.letter)
    return sum((other.turn, other.id) < (ticket.turn, ticket.id) for other in line)


def move(
    session: Session, ticket: Ticket, to: TicketState, *, by: str, now: datetime, reason: str = "", table: str | None = None, **values: Any
) -> Ticket:
    """Move a number to a state, and write down who did it and why.

    Args:
        values: What else changes of its row.

    Raises:
        NumberMovedError: It is not where this could follow.
    """
    if to not in LIVE:
        values |= {"live_key": None}
        if to is not TicketState.SEATED:
            values |= {"ended_at": now, "table_key": None}
    moved = session.execute(
        update(QueueTicket)
        .where(QueueTicket.id == ticket.id, QueueTicket.state.in_(origins(to)))
        .values(state=to.value, version=QueueTicket.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    as_it_is = ticket_in(session, ticket.store_id, ticket.id)
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise NumberMovedError(number=as_it_is.number, state=as_it_is.state, to=to.value)
    note(session, as_it_is, to.value, by=by, now=now, reason=reason, table=table)
    return as_it_is


def change(session: Session, ticket: Ticket, **values: Any) -> Ticket:
    """Change something of a number whose state stays."""
    session.execute(
        update(QueueTicket)
        .where(QueueTicket.id == ticket.id)
        .values(version=QueueTicket.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return ticket_in(session, ticket.store_id, ticket.id)


def note(
    session: Session,
    ticket: Ticket,
    moved: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    table: str | None = None,
    other: str | None = None,
) -> None:
    """Write down that something happened to a number."""
    row = {
        "id": new_id(now),
        "ticket_id": ticket.id,
        "store_id": ticket.store_id,
        "business_day": ticket.business_day,
        "move": moved,
        "reason": reason,
        "by": by,
        "at": now,
        "table_code": table,
        "other_id": other,
    }
    _NOTE.run(session, **row)


def end(session: Session, store: Store, ticket: Ticket, to: TicketState, *, by: str, reason: str, now: datetime) -> Ticket:
    """A number is over without a table: left or void.

    Emits: NumberLeft; QueueMoved for those behind it.
    """
    ended = _over(session, store, ticket, to, by=by, reason=reason, now=now)
    tell_who_is_near(session, store, ticket.business_day, ticket.letter, now=now)
    return ended


def tell_who_is_near(session: Session, store: Store, day: date, letter: str, *, now: datetime) -> None:
    """The line has moved: whoever has come to a milestone hears of it, once each.

    Emits: QueueMoved.
    """
    shows = None
    for ahead, ticket in enumerate(waiting_in(session, store.id, day, letter)[: max(MILESTONES) + 1]):
        if not any(ahead <= milestone < ticket.told for milestone in MILESTONES):
            continue
        shows = asks_for_presence(session, store.id) if shows is None else shows
        told = update(QueueTicket).where(QueueTicket.id == ticket.id).values(told=ahead)
        session.execute(told.execution_options(synchronize_session=False))
        if ticket.diner_id is not None:
            event = QueueMoved(**about(store, ticket), ahead=ahead, show_presence=shows and ticket.present_at is None)
            emit(session, event, now=now)


def about(store: Store, ticket: Ticket) -> dict[str, Any]:
    """What every event says of a number."""
    return {
        "ticket_id": ticket.id,
        "diner_id": ticket.diner_id,
        "store_id": store.id,
        "store_name": store.name,
        "zone": store.timezone,
        "number": ticket.number,
        "people": ticket.people,
    }


def _over(session: Session, store: Store, ticket: Ticket, to: TicketState, *, by: str, reason: str, now: datetime) -> Ticket:
    ended = move(session, ticket, to, by=by, now=now, reason=reason)
    give_up(session, ticket.id, now=now)
    emit(session, NumberLeft(**about(store, ended), reason=reason, order_id=ended.order_id), now=now)
    return ended


def _end_earlier_days(session: Session, store: Store, day: date, *, now: datetime) -> None:
    earlier = TICKETS.where(QueueTicket.store_id == store.id, QueueTicket.business_day < day, QueueTicket.state.in_(LIVE))
    for row in session.execute(earlier.order_by(QueueTicket.id)).all():
        with suppress(NumberMovedError):  # its diner, or the night's work, has ended it in this moment
            _over(session, store, Ticket(*row), TicketState.VOID, by=SYSTEM, reason="day_over", now=now)
    left_over = update(QueueTicket).where(QueueTicket.store_id == store.id, QueueTicket.business_day < day)
    session.execute(left_over.where(QueueTicket.table_key.is_not(None)).values(table_key=None).execution_options(synchronize_session=False))
