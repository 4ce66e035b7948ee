"""The waitlist under /api/v1/waitlist. What it does is domain/waitlist; the chat of the staff does the same."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from console.api.endpoint import TILL_AND_SCREEN, Context, Endpoint
from console.api.shapes import Given, Nothing, page
from console.waitlist.shapes import (
    AtTable,
    BoardShown,
    CallTo,
    Leaving,
    NewNumber,
    NumberShown,
    NumbersQuery,
    NumbersShown,
    PartySize,
    Seating,
    StandingShown,
)
from domain.bookings.listing import tables_booked_soon
from domain.kernel.errors import DomainError
from domain.kernel.ids import is_id
from domain.staff.rules import Act
from domain.tables.errors import TableTakenError, UnknownTableError
from domain.waitlist.arriving import mark_here
from domain.waitlist.board import board_of
from domain.waitlist.calling import call_again, call_next, call_ticket, miss_call, requeue
from domain.waitlist.errors import (
    NobodyWaitsError,
    NumberMovedError,
    PartySizeError,
    QueueClosedError,
    RequeueTooLateError,
    TableBookedError,
    TableHeldError,
    UnknownNumberError,
)
from domain.waitlist.line import Ticket, ticket_in, tickets_in
from domain.waitlist.rules import BOOKED_WITHIN, LIVE, TicketState
from domain.waitlist.seating import seat
from domain.waitlist.service import change_people, close_number, status, take_number

_TAG = "waitlist"
_ONE = "/waitlist/{number_id}"
_NOT_FREE = (UnknownTableError, TableTakenError, TableHeldError)


def list_numbers(context: Context, query: NumbersQuery) -> NumbersShown:
    """Today's numbers, in the order in which they were taken."""
    day = context.shop.brand.business_day(context.now, context.store.timezone)
    states = LIVE if query.state is None else frozenset({query.state})
    found = sorted(tickets_in(context.session, context.store.id, day, states), key=_place)
    shown, following = page(found, query, _place)
    return NumbersShown(day=day, numbers=[NumberShown.of(ticket, context.store) for ticket in shown], next=following)


def show_board(context: Context, _: Nothing) -> BoardShown:
    """What the screen at the door shows now. A screen's token may read it."""
    return BoardShown.of(board_of(context.session, context.shop, context.store.id, now=context.now), context.store)


def show_number(context: Context, _: Nothing) -> StandingShown:
    """A number, its place in line, and how long it takes."""
    standing = status(context.session, context.shop, _ticket(context), now=context.now, booked=_booked(context))
    return StandingShown.at(standing, context.store)


def give_number(context: Context, given: NewNumber) -> StandingShown:
    """A party joins the line of its size. Its number is printed at the door, and its waiting time is promised."""
    standing = take_number(
        context.session,
        context.shop,
        context.store.id,
        None,
        given.people,
        by=context.device.id,
        now=context.now,
        booked=_booked(context),
        name=given.name,
    )
    context.record(Act.DOOR, f"{standing.ticket.id} taken")
    return StandingShown.at(standing, context.store)


def call_to_table(context: Context, given: AtTable) -> NumberShown:
    """A table is free: whoever is next for it is called, and the table is held for them."""
    called = call_next(
        context.session, context.shop, context.store.id, given.table, by=context.device.id, now=context.now, booked=_booked(context)
    )
    return _done(context, called, f"called {given.table}")


def call_one(context: Context, given: CallTo) -> NumberShown:
    """The staff call a party of their own choice, and answer for it: everybody of its line before it is passed by "staff"."""
    called = call_ticket(
        context.session,
        context.shop,
        context.store.id,
        _id(context),
        given.table,
        by=context.device.id,
        now=context.now,
        booked=None if given.force else _booked(context),
    )
    return _done(context, called, f"called {given.table}")


def call_once_more(context: Context, _: Nothing) -> NumberShown:
    """A party that was called and has not come is called again."""
    again = call_again(context.session, context.shop, context.store.id, _id(context), by=context.device.id, now=context.now)
    return _done(context, again, "again")


def arrived(context: Context, _: Nothing) -> NumberShown:
    """The staff see the party at the door."""
    ticket = _ticket(context)
    if ticket.state not in LIVE:
        raise NumberMovedError(number=ticket.number, state=ticket.state, to=TicketState.ARRIVED.value)
    here = mark_here(context.session, context.store.id, _id(context), by=context.device.id, now=context.now)
    return _done(context, here, "here")


def sits_down(context: Context, given: Seating) -> NumberShown:
    """The party that was called sits down, at its table or another free one."""
    seated = seat(
        context.session,
        context.shop,
        context.store.id,
        _id(context),
        by=context.device.id,
        now=context.now,
        table_code=given.table,
    )
    return _done(context, seated, "seated")


def missed(context: Context, _: Nothing) -> NumberShown:
    """Nobody came (过号): the table is free. The party may come back once; the second time it is out."""
    gone = miss_call(context.session, context.shop, context.store.id, _id(context), by=context.device.id, now=context.now)
    return _done(context, gone, "missed")


def comes_back(context: Context, _: Nothing) -> NumberShown:
    """A party that missed its call within the last hour is back in line, behind three others."""
    back = requeue(context.session, context.shop, context.store.id, _id(context), by=context.device.id, now=context.now)
    return _done(context, back, "requeued")


def leaves(context: Context, given: Leaving) -> NumberShown:
    """The party has gone, or its number was a mistake."""
    ended = close_number(
        context.session,
        context.shop,
        context.store.id,
        _id(context),
        by=context.device.id,
        now=context.now,
        mistake=given.mistake,
    )
    return _done(context, ended, "void" if given.mistake else "left")


def changes_size(context: Context, given: PartySize) -> StandingShown:
    """The party is more or fewer now. In another line it gets another number, and keeps the place of its time."""
    standing = change_people(
        context.session,
        context.shop,
        context.store.id,
        _id(context),
        given.people,
        by=context.device.id,
        now=context.now,
        booked=_booked(context),
    )
    context.record(Act.DOOR, f"{standing.ticket.id} people")
    return StandingShown.at(standing, context.store)


def _place(ticket: Ticket) -> tuple[str, str]:
    return f"{ticket.turn:020}", ticket.id


def _id(context: Context) -> str:
    """The number's id of the address. Raises: UnknownNumberError: It cannot be one."""
    number_id = context.path["number_id"]
    if not is_id(number_id):
        raise UnknownNumberError
    return number_id


def _ticket(context: Context) -> Ticket:
    return ticket_in(context.session, context.store.id, _id(context))


def _booked(context: Context) -> Mapping[str, datetime]:
    return tables_booked_soon(context.session, context.store.id, now=context.now, within=BOOKED_WITHIN)


def _done(context: Context, ticket: Ticket, what: str) -> NumberShown:
    context.record(Act.DOOR, f"{ticket.id} {what}")
    return NumberShown.of(ticket, context.store)


def _act(
    path: str,
    name: str,
    summary: str,
    handle: Callable[[Context, Any], NumberShown],
    *,
    asks: type[Given] = Nothing,
    refusals: tuple[type[DomainError], ...] = (QueueClosedError,),
) -> Endpoint:
    every = (UnknownNumberError, NumberMovedError)
    return Endpoint("POST", f"{_ONE}/{path}", name, _TAG, summary, handle, NumberShown, asks, (*every, *refusals))


ENDPOINTS = (
    Endpoint("GET", "/waitlist", "listNumbers", _TAG, "Who waits", list_numbers, NumbersShown, NumbersQuery),
    Endpoint(
        "GET",
        "/waitlist/board",
        "showBoard",
        _TAG,
        "The screen at the door",
        show_board,
        BoardShown,
        scopes=TILL_AND_SCREEN,
        refusals=(QueueClosedError,),
    ),
    Endpoint("GET", _ONE, "showNumber", _TAG, "One number", show_number, StandingShown, refusals=(UnknownNumberError,)),
    Endpoint(
        "POST",
        "/waitlist",
        "giveNumber",
        _TAG,
        "A number for a party at the door",
        give_number,
        StandingShown,
        NewNumber,
        refusals=(QueueClosedError, PartySizeError),
        status=201,
        location="/waitlist/{id}",
    ),
    Endpoint(
        "POST",
        "/waitlist/call-next",
        "callNext",
        _TAG,
        "Whoever is next for a table",
        call_to_table,
        NumberShown,
        AtTable,
        refusals=(QueueClosedError, *_NOT_FREE, TableBookedError, NobodyWaitsError),
    ),
    _act("call", "callNumber", "Call this party", call_one, asks=CallTo, refusals=(QueueClosedError, *_NOT_FREE, TableBookedError)),
    _act("call-again", "callAgain", "Call once more", call_once_more),
    _act("arrived", "markArrived", "The party is at the door", arrived, refusals=()),
    _act("seat", "seatNumber", "The party sits down", sits_down, asks=Seating, refusals=(QueueClosedError, *_NOT_FREE)),
    _act("miss", "missNumber", "Nobody came", missed),
    _act("requeue", "requeueNumber", "Back in line", comes_back, refusals=(QueueClosedError, RequeueTooLateError)),
    _act("leave", "endNumber", "The party has gone", leaves, asks=Leaving),
    Endpoint(
        "POST",
        f"{_ONE}/people",
        "changePartySize",
        _TAG,
        "The party is more or fewer",
        changes_size,
        StandingShown,
        PartySize,
        refusals=(UnknownNumberError, NumberMovedError, QueueClosedError, PartySizeError),
    ),
)
