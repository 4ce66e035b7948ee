"""Call the next party to a table, call it once more, write down that nobody came, and let a party come back."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.tables.service import active_key
from domain.waitlist.errors import NobodyWaitsError, NumberMovedError, RequeueTooLateError, TableBookedError
from domain.waitlist.events import NumberCalled, NumberMissed, NumberRequeued, PromiseBroken
from domain.waitlist.line import (
    Day,
    Ticket,
    about,
    ahead_of,
    change,
    end,
    lock_day,
    move,
    note,
    store_of,
    tell_who_is_near,
    ticket_in,
    waiting_in,
)
from domain.waitlist.models import QueueDay
from domain.waitlist.presence import asks_for_presence
from domain.waitlist.promises import judge
from domain.waitlist.rules import (
    AT_CALL,
    CALLS_PER_JUMP,
    REQUEUE_WITHIN,
    CallReason,
    Choice,
    Party,
    PassReason,
    TicketState,
    back_in_line,
    choose,
    letter_of_table,
)
from domain.waitlist.seating import Booked, check_free


def call_next(
    session: Session, shop: ShopSnapshot, store_id: str, table_code: str, *, by: str, now: datetime, booked: Booked | None = None
) -> Ticket:
    """A table is free: call whoever is next for it (rules.choose), and hold the table for them.

    Whom it passes over in the same line, and why, is written down with the call. Two members of staff at once never call two
    parties for one table, nor one party twice.

    Raises:
        QueueClosedError: No such store.
        UnknownTableError, TableTakenError, TableHeldError: The table is not free.
        TableBookedError: A party would still sit there when the booking comes.
        NobodyWaitsError: Nobody who waits can take it.

    Emits: NumberCalled, PromiseBroken when it was told another time, QueueMoved for those who come near.
    Source: RESTAURANT, Waitlist; peers §7 (d) 3.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    check_free(session, store, day.business_day, table_code, now=now)
    _check_booking(store, day, table_code, booked, now=now)
    shown = asks_for_presence(session, store_id)
    line = waiting_in(session, store_id, day.business_day)
    parties = [
        Party(ticket.id, ticket.letter, ticket.people, ticket.priority, here=not shown or ticket.present_at is not None) for ticket in line
    ]
    choice = choose(parties, store.tables[table_code].seats, may_jump=day.calls_since_jump >= CALLS_PER_JUMP - 1)
    if choice is None:
        raise NobodyWaitsError(table=table_code)
    return _call(session, store, day, choice, table_code, by=by, now=now)


def call_ticket(
    session: Session,
    shop: ShopSnapshot,
    store_id: str,
    ticket_id: str,
    table_code: str,
    *,
    by: str,
    now: datetime,
    booked: Booked | None = None,
) -> Ticket:
    """The staff call a party of their own choice, and answer for it: everybody of its line who came earlier is passed by "staff".

    Raises:
        UnknownNumberError; NumberMovedError: It no longer waits.
        UnknownTableError, TableTakenError, TableHeldError: The table is not free.
        TableBookedError: As of `call_next`, where `booked` is given: who insists leaves it out.

    Emits: as `call_next`.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    check_free(session, store, day.business_day, table_code, now=now)
    _check_booking(store, day, table_code, booked, now=now)
    chosen = ticket_in(session, store_id, ticket_id)
    line = waiting_in(session, store_id, day.business_day, chosen.letter)
    passed = [(other.id, PassReason.STAFF) for other in line if (other.turn, other.id) < (chosen.turn, chosen.id)]
    choice = Choice(ticket_id, CallReason.STAFF, tuple(passed))
    return _call(session, store, day, choice, table_code, by=by, now=now)


def call_again(session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, by: str, now: datetime) -> Ticket:
    """Call a party once more that was called and has not come. Raises: UnknownNumberError, NumberMovedError. Emits: NumberCalled."""
    store = store_of(shop, store_id)
    lock_day(session, shop, store, now=now)
    ticket = ticket_in(session, store_id, ticket_id)
    if ticket.state not in AT_CALL:
        raise NumberMovedError(number=ticket.number, state=ticket.state, to=TicketState.CALLED.value)
    note(session, ticket, "again", by=by, now=now, table=ticket.table_code)
    emit(session, _called(store, ticket, again=True, now=now), now=now)
    return ticket


def miss_call(session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, by: str, now: datetime) -> Ticket:
    """Nobody came (过号): the table is free again. The party may come back once; who misses twice is out.

    Raises:
        UnknownNumberError; NumberMovedError: It was not called, or sits.

    Emits: NumberMissed; NumberLeft the second time.
    """
    store = store_of(shop, store_id)
    lock_day(session, shop, store, now=now)
    ticket = ticket_in(session, store_id, ticket_id)
    missed = move(
        session,
        ticket,
        TicketState.MISSED,
        by=by,
        now=now,
        table=ticket.table_code,
        table_key=None,
        table_code=None,
        missed_at=now,
        misses=ticket.misses + 1,
    )
    final = missed.misses > 1
    emit(session, NumberMissed(**about(store, missed), back_until=None if final else (now + REQUEUE_WITHIN).isoformat()), now=now)
    return end(session, store, missed, TicketState.LEFT, by=by, reason="missed_twice", now=now) if final else missed


def requeue(session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, by: str, now: datetime) -> Ticket:
    """A party that missed its call is back in line, behind three parties that wait.

    Args:
        by: The diner, or the member of staff who sees the party at the door.

    Raises:
        UnknownNumberError; NumberMovedError: It did not miss its call, or is out.
        RequeueTooLateError: It missed it more than an hour ago.

    Emits: NumberRequeued.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    ticket = ticket_in(session, store_id, ticket_id)
    if ticket.state == TicketState.MISSED and ticket.missed_at is not None and now - ticket.missed_at > REQUEUE_WITHIN:
        raise RequeueTooLateError(number=ticket.number, minutes=REQUEUE_WITHIN // timedelta(minutes=1))
    line = waiting_in(session, store_id, day.business_day, ticket.letter)
    behind = back_in_line([other.turn for other in line])
    turn = ticket.turn if behind is None else max(behind + 1, ticket.turn)
    back = move(session, ticket, TicketState.REQUEUED, by=by, now=now, reason="missed", turn=turn)
    ahead = ahead_of(session, back)
    emit(session, NumberRequeued(**about(store, back), ahead=ahead), now=now)
    return change(session, back, told=ahead)


def _call(session: Session, store: Store, day: Day, choice: Choice, table_code: str, *, by: str, now: datetime) -> Ticket:
    chosen = ticket_in(session, store.id, choice.ticket_id)
    called = move(
        session,
        chosen,
        TicketState.CALLED,
        by=by,
        now=now,
        reason=choice.reason.value,
        table=table_code,
        table_code=table_code,
        table_key=active_key(store.id, table_code),
        call_reason=choice.reason.value,
        called_at=now,
    )
    for passed_id, why in choice.passed:
        passed = ticket_in(session, store.id, passed_id)
        note(session, passed, "passed", by=by, now=now, reason=why.value, table=table_code, other=called.id)
    jumped = choice.reason is CallReason.PRIORITY
    counted = update(QueueDay).where(QueueDay.store_id == store.id, QueueDay.business_day == day.business_day)
    counted = counted.values(calls=QueueDay.calls + 1, calls_since_jump=0 if jumped else QueueDay.calls_since_jump + 1)
    session.execute(counted.execution_options(synchronize_session=False))
    emit(session, _called(store, called, again=False, now=now), now=now)
    late = judge(session, called.id, now=now)
    if late is not None:
        emit(session, PromiseBroken(**about(store, called), late=late), now=now)
    tell_who_is_near(session, store, day.business_day, called.letter, now=now)
    return called


def _called(store: Store, ticket: Ticket, *, again: bool, now: datetime) -> NumberCalled:
    return NumberCalled(
        **about(store, ticket),
        table_code=ticket.table_code or "",
        reason=ticket.call_reason or "",
        again=again,
        called_at=now.isoformat(),
    )


def _check_booking(store: Store, day: Day, table_code: str, booked: Booked | None, *, now: datetime) -> None:
    """A party as a rule is gone before the booking comes: the middle one of the measured turn times decides."""
    at = (booked or {}).get(table_code)
    turns = day.turns[letter_of_table(store.tables[table_code].seats)]
    if at is not None and now + timedelta(seconds=turns[len(turns) // 2]) > at:
        raise TableBookedError(table=table_code, at=store.clock_said(at))
