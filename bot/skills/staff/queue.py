"""The line at the door from the staff's side: who waits, who is next for a table, a party of their choice, and called once more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.floor import free_places
from bot.skills.staff.no_way_back import stands
from bot.skills.staff.place import at_store, stores_spoken_of
from bot.skills.staff.tables import table_said, table_to_name
from bot.understanding.door_words import CALL_AGAIN, CALL_NEXT, CALL_ONE, PARTY_MISSED, PARTY_SEATED
from domain.bookings.listing import tables_booked_soon
from domain.shop.store import Store
from domain.staff.roster import Staff, record_act
from domain.staff.rules import Act
from domain.waitlist.board import board_of
from domain.waitlist.calling import call_again, call_next, call_ticket
from domain.waitlist.distances import Distance
from domain.waitlist.errors import NobodyWaitsError, NumberMovedError, TableBookedError, TableHeldError
from domain.waitlist.line import Ticket, find_numbered, ticket_in, tickets_in, waiting_in
from domain.waitlist.rules import AT_CALL, BOOKED_WITHIN, IN_LINE, CallReason, TicketState
from domain.waitlist.seating import release_table

_MINUTE = timedelta(minutes=1)
_MOST_OFFERED = 4  # parties, with two taps each
_WHY: Mapping[str, str] = {CallReason.PRIORITY: "，会员优先", CallReason.STAFF: "，店员安排，大屏上会写明"}
_STATES: Mapping[TicketState, str] = {
    TicketState.WAITING: "还在排队，没叫到",
    TicketState.REQUEUED: "重新排着，没叫到",
    TicketState.CALLED: "已经叫了，客人还没到",
    TicketState.ON_THE_WAY: "已经叫了，客人在路上",
    TicketState.ARRIVED: "已经叫了，客人到门口了",
    TicketState.SEATED: "已经入座",
    TicketState.MISSED: "已经过号",
    TicketState.LEFT: "已经退号",
    TicketState.VOID: "已经作废",
}


def open_queue(context: Context, args: Mapping[str, Any]) -> Answer:
    """排队情况: how many wait in each line, who was called where and for how long, who missed it. Of every store of theirs."""
    _, shown = stores_spoken_of(context, Act.DOOR, args)
    text = "\n".join(_standing(context, store) for store in shown)
    called = [ticket for store in shown for ticket in _called(context, store)]
    return Found((Prompt("queue_of_store", {"lines": text}, tuple(_taps(called[:_MOST_OFFERED]))),))


def call_to_table(context: Context, args: Mapping[str, Any]) -> Answer:
    """叫号 A03: whoever is next for a table that is free. Args: table; cleared, when the party there has gone."""
    at = at_store(context, Act.DOOR, CALL_NEXT, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    if "table" not in args:
        return Done((Prompt("staff_which_table", {"table": table_to_name(store)}),))
    table = table_said(store, str(args["table"]))
    if table not in store.tables:
        return Refused("staff.no_such_table", {"store": store.name, "table": table})
    booked = tables_booked_soon(context.session, store.id, now=context.now, within=BOOKED_WITHIN)
    try:
        if args.get("cleared") and release_table(context.session, context.shop, store.id, table, by=staff.id, now=context.now):
            record_act(context.session, staff, Act.DOOR, f"{table} released", store_id=store.id, now=context.now)
        called = call_next(context.session, context.shop, store.id, table, by=staff.id, now=context.now, booked=booked)
    except TableHeldError as refused:
        holder = named_ticket(context, store, refused.details)
        sits = holder is not None and holder.state == TicketState.SEATED
        gone = Offer(f"{table}空了，叫号"[:20], (Start(CALL_NEXT, {"table": table, "cleared": True, "store": store.id}),))
        return Refused(refused.code, refused.details, (gone,) if sits else ())
    except NobodyWaitsError as refused:  # the table is free all the same
        return Refused(refused.code, refused.details)
    return _called_to(context, staff, store, called)


def call_this_number(context: Context, args: Mapping[str, Any]) -> Answer:
    """A005优先 A03: the staff call a party of their own choice, and answer for it; the screen says so. One that was called is called again.

    Args: number, or ticket; table, else it is asked; force, where a booking comes to the table soon; store.
    """
    meant = number_meant(context, CALL_ONE, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, ticket = meant
    if ticket.state in AT_CALL and args.get("table") is None:
        return _again(context, staff, store, ticket)
    if ticket.state not in IN_LINE:
        return elsewhere(NumberMovedError(number=ticket.number, state=ticket.state, to=TicketState.CALLED.value))
    this = {"ticket": ticket.id, "store": store.id}
    if "table" not in args:
        fit = [place.code for place in free_places(context, store) if place.seats >= ticket.people and place.booked_at is None]
        offers = tuple(Offer(f"{ticket.number} 到{code}"[:20], (Start(CALL_ONE, {**this, "table": code}),)) for code in fit[:_MOST_OFFERED])
        return Done((Prompt("staff_which_table_for", {"number": ticket.number, "people": ticket.people}, offers),))
    table = table_said(store, str(args["table"]))
    if table not in store.tables:
        return Refused("staff.no_such_table", {"store": store.name, "table": table})
    booked = None if args.get("force") else tables_booked_soon(context.session, store.id, now=context.now, within=BOOKED_WITHIN)
    try:
        called = call_ticket(context.session, context.shop, store.id, ticket.id, table, by=staff.id, now=context.now, booked=booked)
    except TableBookedError as refused:
        anyway = Offer(f"还是叫到{table}"[:20], (Start(CALL_ONE, {**this, "table": table, "force": True}),))
        return Refused(refused.code, refused.details, (anyway,))
    return _called_to(context, staff, store, called)


def _called_to(context: Context, staff: Staff, store: Store, called: Ticket) -> Done:
    record_act(context.session, staff, Act.DOOR, f"{called.id} called {called.table_code}", store_id=store.id, now=context.now)
    told = Done((Prompt("party_called", _values(called), tuple(_taps([called], again=True))),))
    return stands(told, f"叫{called.number}到{called.table_code}桌")


def call_once_more(context: Context, args: Mapping[str, Any]) -> Answer:
    """再叫一下 A005. Args: number, or ticket; neither where one alone is called."""
    if not args.get("number") and "ticket" not in args:
        return _call_the_called(context, args)
    meant = number_meant(context, CALL_AGAIN, args)
    if not isinstance(meant, tuple):
        return meant
    return _again(context, *meant)


def _call_the_called(context: Context, args: Mapping[str, Any]) -> Answer:
    at = at_store(context, Act.DOOR, CALL_AGAIN, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    called = _called(context, store)
    if not called:
        return Refused("staff.nobody_called", {"store": store.name})
    if len(called) == 1:
        return _again(context, staff, store, called[0])
    offers = tuple(
        Offer(f"再叫 {one.number}", (Start(CALL_AGAIN, {"ticket": one.id, "store": store.id}),)) for one in called[: 2 * _MOST_OFFERED]
    )
    return Done((Prompt("staff_which_party", offers=offers),))


def _again(context: Context, staff: Staff, store: Store, ticket: Ticket) -> Answer:
    try:
        again = call_again(context.session, context.shop, store.id, ticket.id, by=staff.id, now=context.now)
    except NumberMovedError as refused:
        return elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{again.id} again", store_id=store.id, now=context.now)
    return Done((Prompt("party_called_again", _values(again), tuple(_taps([again]))),))


def number_meant(context: Context, intent: str, args: Mapping[str, Any]) -> tuple[Staff, Store, Ticket] | Answer:
    """Who acts, where, and on which number; or what is said when the store or the number is not clear."""
    at = at_store(context, Act.DOOR, intent, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    ticket = named_ticket(context, store, args)
    return no_such_number(store, args) if ticket is None else (staff, store, ticket)


def no_such_number(store: Store, args: Mapping[str, Any]) -> Refused:
    """The store gave no number today that is called so."""
    return Refused("staff.no_such_number", {"store": store.name, "number": str(args.get("number", ""))})


def named_ticket(context: Context, store: Store, args: Mapping[str, Any]) -> Ticket | None:
    """The number that was tapped, or that of today which was named; None when the store gave no such one."""
    if "ticket" in args:
        return ticket_in(context.session, store.id, str(args["ticket"]))
    today = context.shop.brand.business_day(context.now, store.timezone)
    return find_numbered(context.session, store.id, today, str(args.get("number", "")))


def elsewhere(refused: NumberMovedError) -> Refused:
    """The number is in a state from which that cannot follow: which one, in the words of the staff."""
    status = _STATES[TicketState(str(refused.details["state"]))]
    return Refused("staff.number_is_elsewhere", {"number": refused.details["number"], "status": status})


def _standing(context: Context, store: Store) -> str:
    board = board_of(context.session, context.shop, store.id, now=context.now)
    waiting = [line for line in board.lines if line.waiting]
    lines = [f"{store.name}：" + (f"{sum(line.waiting for line in waiting)}桌在等" if waiting else "没有人在等")]
    for line in waiting:
        more = "…" if line.waiting > len(line.next_numbers) else ""
        lines.append(f"{line.letter}队 {line.least}-{line.most}人：{line.waiting}桌（{'、'.join(line.next_numbers)}{more}）")
    far = [ticket.number for ticket in _waiting(context, store) if ticket.distance == Distance.FAR]
    if far:
        lines.append(f"说还离得远：{'、'.join(far)}")
    for call in board.calls:
        state = _STATES[TicketState(call.state)].partition("，")[2]
        lines.append(f"已叫 {call.number}→{call.table_code}桌：{call.people}人，{(context.now - call.called_at) // _MINUTE}分钟前，{state}")
    if board.missed:
        lines.append(f"过号：{'、'.join(board.missed)}")
    return "\n".join(lines)


def _waiting(context: Context, store: Store) -> list[Ticket]:
    return waiting_in(context.session, store.id, context.shop.brand.business_day(context.now, store.timezone))


def _called(context: Context, store: Store) -> list[Ticket]:
    today = context.shop.brand.business_day(context.now, store.timezone)
    return tickets_in(context.session, store.id, today, AT_CALL)


def _values(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "people": ticket.people,
        "table": ticket.table_code or "",
        "why": _WHY.get(ticket.call_reason or "", ""),
        "told": "已发消息给客人" if ticket.diner_id else "客人拿的是纸号，请在门口喊一声",
    }


def _taps(tickets: list[Ticket], *, again: bool = False) -> list[Offer]:
    """What comes next for parties that were called; by their ids, so that a number of another day is never meant."""
    offers = []
    for ticket in tickets:
        this = {"ticket": ticket.id, "store": ticket.store_id}
        offers.append(Offer(f"{ticket.number} 入座", (Start(PARTY_SEATED, this),)))
        offers.append(Offer(f"{ticket.number} 过号", (Start(PARTY_MISSED, this),)))
        if again:
            offers.append(Offer(f"再叫 {ticket.number}", (Start(CALL_AGAIN, this),)))
    return offers
