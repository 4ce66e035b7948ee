"""The line at the door from the staff's side: who waits, who is next for a table, and called once more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.place import at_store, stores_spoken_of
from bot.skills.staff.tables import table_said, table_to_name
from bot.understanding.door_words import CALL_AGAIN, CALL_NEXT, PARTY_MISSED, PARTY_SEATED
from domain.bookings.listing import tables_booked_soon
from domain.shop.store import Store
from domain.staff.roster import Staff, record_act
from domain.staff.rules import Act
from domain.waitlist.board import board_of
from domain.waitlist.calling import call_again, call_next
from domain.waitlist.distances import Distance
from domain.waitlist.errors import NobodyWaitsError, NumberMovedError, TableHeldError
from domain.waitlist.line import Ticket, find_numbered, ticket_in, tickets_in, waiting_in
from domain.waitlist.rules import AT_CALL, BOOKED_WITHIN, CallReason, TicketState
from domain.waitlist.seating import release_table

_MINUTE = timedelta(minutes=1)
_MOST_OFFERED = 4  # parties, with two taps each
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
    record_act(context.session, staff, Act.DOOR, f"{called.id} called {table}", store_id=store.id, now=context.now)
    return Done((Prompt("party_called", _values(called), tuple(_taps([called], again=True))),))


def call_once_more(context: Context, args: Mapping[str, Any]) -> Answer:
    """再叫一下 A005. Args: number, or ticket."""
    meant = number_meant(context, CALL_AGAIN, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, ticket = meant
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
    if ticket is None:
        return Refused("staff.no_such_number", {"store": store.name, "number": str(args.get("number", ""))})
    return staff, store, ticket


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
        "why": "，会员优先" if ticket.call_reason == CallReason.PRIORITY else "",
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
