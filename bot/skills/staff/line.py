"""A number for guests at the door, one that is back in line after its call was missed, and one whose party has gone."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.no_way_back import TAKES_BACK, stands
from bot.skills.staff.place import at_store
from bot.skills.staff.queue import elsewhere, named_ticket, no_such_number, number_meant
from bot.skills.staff.reservations import seated_bookings
from bot.skills.staff.turnover import free_up, has_table
from bot.understanding.desk_words import GIVE_NUMBER, GUEST_NAME
from bot.understanding.door_words import PARTY_BACK, PARTY_LEFT
from domain.bookings.listing import tables_booked_soon
from domain.staff.roster import record_act
from domain.staff.rules import Act
from domain.waitlist.calling import requeue
from domain.waitlist.errors import NumberMovedError, RequeueTooLateError
from domain.waitlist.line import ahead_of
from domain.waitlist.rules import BOOKED_WITHIN, LIVE, TicketState
from domain.waitlist.service import close_number, take_number


def back_in_line(context: Context, args: Mapping[str, Any]) -> Answer:
    """A003 重新排: a party that missed its call stands at the door after all. Args: number."""
    meant = number_meant(context, PARTY_BACK, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, ticket = meant
    try:
        back = requeue(context.session, context.shop, store.id, ticket.id, by=staff.id, now=context.now)
    except NumberMovedError as refused:
        return elsewhere(refused)
    except RequeueTooLateError as refused:
        return Refused("staff.requeue_too_late", refused.details)
    record_act(context.session, staff, Act.DOOR, f"{back.id} requeued", store_id=store.id, now=context.now)
    told = Done((Prompt("party_back_in_line", {"number": back.number, "ahead": ahead_of(context.session, back)}),))
    return stands(told, f"{back.number}重新排")


def leaves(context: Context, args: Mapping[str, Any]) -> Answer:
    """A003 走了: its party waits no longer; one that sat down by its number or its booking has left its table. Args: number, or name."""
    at = at_store(context, Act.DOOR, PARTY_LEFT, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    seated = seated_bookings(context, store, args)
    ticket = named_ticket(context, store, args)
    if len(seated) == 1 and (ticket is None or ticket.state not in LIVE | {TicketState.SEATED}):
        return free_up(context, staff, store, seated[0].tables[0])
    if not args.get("number") and "ticket" not in args:
        return Refused("staff.no_such_party", {"store": store.name, "which": str(args.get("name", ""))})
    if ticket is None:
        return no_such_number(store, args)
    table = has_table(context, store, ticket)
    if table is not None:
        return free_up(context, staff, store, table)
    try:
        closed = close_number(context.session, context.shop, store.id, ticket.id, by=staff.id, now=context.now)
    except NumberMovedError as refused:
        return elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{closed.id} left", store_id=store.id, now=context.now)
    told = Done((Prompt("party_left_line", {"number": closed.number}),))
    return told if args.get(TAKES_BACK) else stands(told, f"{closed.number}退号")


def give_number(context: Context, args: Mapping[str, Any]) -> Answer:
    """给门口3位取个号: guests without a phone stand at the door and get a number on paper. Args: people; name; store."""
    at = at_store(context, Act.DOOR, GIVE_NUMBER, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    booked = tables_booked_soon(context.session, store.id, now=context.now, within=BOOKED_WITHIN)
    people, name = int(args["people"]["n"]), str(args.get(GUEST_NAME, ""))
    given = take_number(context.session, context.shop, store.id, None, people, by=staff.id, now=context.now, booked=booked, name=name)
    ticket = given.ticket
    record_act(context.session, staff, Act.DOOR, f"{ticket.id} taken", store_id=store.id, now=context.now)
    ahead = f"前面还有{given.ahead}桌" if given.ahead else "下一个就是"
    wait = f"，大约等{given.eta.low}-{given.eta.high}分钟" if given.eta is not None and given.eta.high else ""
    values = {"store": store.name, "number": ticket.number, "party": f"{name} {people}人".strip(), "ahead": ahead, "wait": wait}
    this = {"ticket": ticket.id, "store": store.id}
    gone = Offer(f"{ticket.number} 不排了", (Start(PARTY_LEFT, this),))
    return Done((Prompt("party_has_number", values, (gone,)),), inverse=(Start(PARTY_LEFT, {**this, TAKES_BACK: True}),))
