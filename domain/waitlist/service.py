"""Take a number, ask how long it takes, change the party, go away."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.benefits.service import is_entitled
from domain.kernel.ids import new_id
from domain.members.identities import lock_diner
from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.stores.numbers import next_number
from domain.waitlist.distances import Distance, check_distance
from domain.waitlist.errors import (
    AlreadyInLineError,
    NumberMovedError,
    NumberTooSoonError,
    PartySizeError,
    QueueClosedError,
)
from domain.waitlist.eta import Eta, Waiting, estimate
from domain.waitlist.events import NumberTaken
from domain.waitlist.line import (
    SYSTEM,
    Day,
    Ticket,
    about,
    change,
    day_of,
    end,
    find_ticket,
    lock_day,
    note,
    store_of,
    ticket_in,
    ticket_of,
    waiting_in,
)
from domain.waitlist.models import QueueDay, QueueTicket
from domain.waitlist.promises import make_promise
from domain.waitlist.rules import (
    IN_LINE,
    ONE_NUMBER_IN,
    PRIORITY,
    REQUEUE_WITHIN,
    Line,
    TicketState,
    line_for,
    lines_of,
)
from domain.waitlist.seating import Booked, floor_of


@dataclass(frozen=True, slots=True)
class Standing:
    """How a number stands. Attributes: ahead, eta: parties of its line before it, and the minutes left; only while it waits."""

    ticket: Ticket
    ahead: int | None
    eta: Eta | None


def take_number(
    session: Session,
    shop: ShopSnapshot,
    store_id: str,
    diner_id: str | None,
    people: int,
    *,
    by: str,
    now: datetime,
    booked: Booked | None = None,
    distance: Distance | None = None,
    name: str = "",
) -> Standing:
    """Join the line of the party's size at a store, and be promised a time.

    One live number a diner over all stores. A number that ended otherwise than at a table counts for three hours; one that was
    void does not.

    Args:
        diner_id: None for a guest on paper, whom a member of staff enters at the door.
        people: Who will sit down.
        by: The diner, or the member of staff.
        booked: Tables that are booked soon.
        distance: From where the diner takes it; None when nobody said. A guest on paper stands at the door.
        name: Whom to greet, as the staff wrote it; at most 40 characters. Forgotten when the day is over.

    Raises:
        QueueClosedError, PartySizeError, AlreadyInLineError, NumberTooSoonError.
        AtTheDoorOnlyError, PlaceNotSaidError, TooFarError: The store gives no numbers to who is so far away.

    Emits: NumberTaken.
    Source: RESTAURANT, Waitlist; peers §7 (d).
    """
    store = store_of(shop, store_id)
    if not store.is_open(now):
        raise QueueClosedError(store=store.name)
    distance = Distance.DOOR if diner_id is None else distance
    check_distance(store, distance)
    line = _line_of(store, people)
    who = None if diner_id is None else lock_diner(session, diner_id)
    if who is not None:
        _may_take(session, shop, store, who, now=now)
    day = lock_day(session, shop, store, now=now)
    number = _next_number(session, store_id, day.business_day, line)
    row = {
        "id": new_id(now),
        "store_id": store_id,
        "business_day": day.business_day,
        "letter": line.letter,
        "number": number,
        "diner_id": who,
        "live_key": who,
        "people": people,
        "name": name or None,
        "state": TicketState.WAITING.value,
        "turn": _next_turn(session, store_id, day, now=now),
        "priority": who is not None and is_entitled(session, who, PRIORITY, day.business_day),
        "told": 0,
        "misses": 0,
        "version": 1,
        "distance": None if distance is None else distance.value,
        "presence_tries": 0,
        "present_at": now if who is None else None,
        "taken_at": now,
    }
    session.execute(insert(QueueTicket), row)
    ticket = ticket_in(session, store_id, str(row["id"]))
    note(session, ticket, TicketState.WAITING.value, by=by, now=now)
    return _promise(session, store, day, ticket, renewed=False, now=now, booked=booked)


def change_people(
    session: Session,
    shop: ShopSnapshot,
    store_id: str,
    ticket_id: str,
    people: int,
    *,
    by: str,
    now: datetime,
    booked: Booked | None = None,
) -> Standing:
    """The party of a number that waits has another size. In another line it gets a new number, and the place of its old time.

    Raises:
        PartySizeError, UnknownNumberError.
        NumberMovedError: It no longer waits.

    Emits: NumberTaken (renewed) when the line is another.
    """
    store = store_of(shop, store_id)
    line = _line_of(store, people)
    day = lock_day(session, shop, store, now=now)
    ticket = _waiting(session, store_id, ticket_id)
    renewed = line.letter != ticket.letter
    values = {"letter": line.letter, "number": _next_number(session, store_id, day.business_day, line), "told": 0} if renewed else {}
    ticket = change(session, ticket, people=people, **values)
    note(session, ticket, "people", by=by, now=now)
    if renewed:
        return _promise(session, store, day, ticket, renewed=True, now=now, booked=booked)
    return _standing(session, store, day, ticket, now=now, booked=booked)


def status(session: Session, shop: ShopSnapshot, ticket: Ticket, *, now: datetime, booked: Booked | None = None) -> Standing:
    """How a number stands now: its place in its own line, never a global one, and a range of minutes. Only reads."""
    return _standing(session, shop.known_stores[ticket.store_id], day_of(session, ticket), ticket, now=now, booked=booked)


def leave(session: Session, shop: ShopSnapshot, diner_id: str, *, now: datetime) -> Ticket:
    """A diner no longer waits. Raises: NotInLineError. Emits: NumberLeft; QueueMoved for those behind."""
    ticket = ticket_of(session, diner_id)
    store = shop.known_stores[ticket.store_id]
    if ticket.business_day == shop.brand.business_day(now, store.timezone):
        lock_day(session, shop, store, now=now)
    return end(session, store, ticket, TicketState.LEFT, by=diner_id, reason="diner", now=now)


def close_number(
    session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, by: str, now: datetime, mistake: bool = False
) -> Ticket:
    """The staff end a number: its party has gone, or it was given by mistake and so does not count for the diner's three hours.

    Raises: UnknownNumberError, NumberMovedError. Emits: NumberLeft; QueueMoved for those behind.
    """
    store = store_of(shop, store_id)
    lock_day(session, shop, store, now=now)
    to, reason = (TicketState.VOID, "mistake") if mistake else (TicketState.LEFT, "staff")
    return end(session, store, ticket_in(session, store_id, ticket_id), to, by=by, reason=reason, now=now)


def _line_of(store: Store, people: int) -> Line:
    lines = lines_of([table.seats for table in store.tables.values()])
    line = line_for(lines, people)
    if line is None:
        raise PartySizeError(store=store.name, most=lines[-1].most if lines else 0)
    return line


def _may_take(session: Session, shop: ShopSnapshot, store: Store, diner_id: str, *, now: datetime) -> None:
    live = find_ticket(session, diner_id)
    if live is not None:
        there = shop.known_stores[live.store_id]
        stale = live.business_day < shop.brand.business_day(now, there.timezone)
        not_back = live.missed_at is not None and live.state == TicketState.MISSED and now - live.missed_at > REQUEUE_WITHIN
        if not (stale or not_back):
            raise AlreadyInLineError(store=there.name, number=live.number)
        to, reason = (TicketState.VOID, "day_over") if stale else (TicketState.LEFT, "not_back")
        with suppress(NumberMovedError):  # it is over, whoever ended it
            end(session, there, live, to, by=SYSTEM, reason=reason, now=now)
    again = next_number_at(session, diner_id, now=now)
    if again is not None:
        raise NumberTooSoonError(at=store.clock_said(again), hours=ONE_NUMBER_IN // timedelta(hours=1))


def next_number_at(session: Session, diner_id: str, *, now: datetime) -> datetime | None:
    """From when a diner who gave a number up may take another; None when they may now."""
    # Void numbers were nobody's fault, and a seated party may come again for the next meal.
    taken = select(func.max(QueueTicket.taken_at)).where(
        QueueTicket.diner_id == diner_id, QueueTicket.taken_at > now - ONE_NUMBER_IN, QueueTicket.state == TicketState.LEFT.value
    )
    last = session.execute(taken).scalar()
    return None if last is None else last + ONE_NUMBER_IN + timedelta(minutes=1)


def _next_number(session: Session, store_id: str, day: date, line: Line) -> str:
    return f"{line.letter}{next_number(session, store_id, day, f'queue:{line.letter}'):03d}"


def _next_turn(session: Session, store_id: str, day: Day, *, now: datetime) -> int:
    """The time, in microseconds; after everybody else also where clocks differ. A millisecond apart, with room for who comes back."""
    turn = max(int(now.timestamp() * 1000) * 1000, day.last_turn + 1000)
    taken = update(QueueDay).where(QueueDay.store_id == store_id, QueueDay.business_day == day.business_day).values(last_turn=turn)
    session.execute(taken.execution_options(synchronize_session=False))
    return turn


def _waiting(session: Session, store_id: str, ticket_id: str) -> Ticket:
    ticket = ticket_in(session, store_id, ticket_id)
    if ticket.state not in IN_LINE:
        raise NumberMovedError(number=ticket.number, state=ticket.state, to="people")
    return ticket


def _promise(session: Session, store: Store, day: Day, ticket: Ticket, *, renewed: bool, now: datetime, booked: Booked | None) -> Standing:
    standing = _standing(session, store, day, ticket, now=now, booked=booked)
    assert standing.eta is not None
    assert standing.ahead is not None
    make_promise(session, ticket.id, store.id, standing.eta, now=now)
    told = update(QueueTicket).where(QueueTicket.id == ticket.id).values(told=standing.ahead)
    session.execute(told.execution_options(synchronize_session=False))
    event = NumberTaken(
        **about(store, ticket),
        ahead=standing.ahead,
        low=standing.eta.low,
        high=standing.eta.high,
        paper=ticket.diner_id is None,
        renewed=renewed,
        taken_at=now.isoformat(),
    )
    emit(session, event, now=now)
    return standing


def _standing(session: Session, store: Store, day: Day, ticket: Ticket, *, now: datetime, booked: Booked | None) -> Standing:
    if ticket.state not in IN_LINE:
        return Standing(ticket, None, None)
    everybody = waiting_in(session, store.id, ticket.business_day)
    before = [other for other in everybody if (other.turn, other.id) < (ticket.turn, ticket.id)]
    ahead = sum(other.letter == ticket.letter for other in before)
    line = [Waiting(other.letter, other.people) for other in (*before, ticket)]
    floor = floor_of(session, store, ticket.business_day, now=now, booked=booked)
    eta = estimate(floor, line, day.turns, stretch=day.stretch, now=now, seed=f"{ticket.id}:{ticket.version}")
    return Standing(ticket, ahead, eta)
