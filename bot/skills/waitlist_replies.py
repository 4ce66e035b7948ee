"""What who waits says in short: 收到 to a call, 等我5分钟, 我还要排; and dishes that are for another store, or to take away."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Command, SetSlot, Start, command_from_json
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context, Skill
from bot.understanding.queue_words import JOIN, LEAVE, ON_THE_WAY, STATUS
from bot.understanding.short_replies import CALL_HEARD, ELSE, ORDERED_ELSEWHERE, STILL_WAITS, WAIT_FOR_ME
from domain.waitlist.rules import AT_CALL, REQUEUE_WITHIN, TicketState
from domain.waitlist.service import next_number_at

_MINUTE = timedelta(minutes=1)


def call_heard(context: Context, args: Mapping[str, Any]) -> Answer:
    """收到: of who was just called, that they come; of anybody else a mere yes."""
    called = context.number is not None and context.number.state == TicketState.CALLED
    otherwise = Ask(args[ELSE]) if ELSE in args else Affirm()
    return Found(then=(Start(ON_THE_WAY) if called else otherwise,))


def wait_for_me(context: Context, args: Mapping[str, Any]) -> Answer:
    """等我5分钟: the door knows that the party comes, and the party what becomes of its table when it does not."""
    ticket = context.number
    if ticket is None:
        return Found((Prompt("take_your_time"),))
    if ticket.state not in AT_CALL:
        return Found(then=(Ask(STATUS),))
    kept = Prompt("queue_kept_a_while", {"number": ticket.number, "minutes": REQUEUE_WITHIN // _MINUTE})
    return Found((kept,), then=(Start(ON_THE_WAY),) if ticket.state == TicketState.CALLED else ())


def still_waits(context: Context, args: Mapping[str, Any]) -> Answer:
    """我还要排: how the number stands; who has just given one up hears from when there is another."""
    if context.number is not None:
        return Found(then=(Ask(STATUS),))
    again = next_number_at(context.session, context.diner_id, now=context.now)
    if again is None:
        return Found(then=(Ask(JOIN),))
    store = context.store() or next(iter(context.shop.stores.values()))
    return Found((Prompt("queue_number_is_gone", {"at": store.clock_said(again)}),))


def ordered_elsewhere(context: Context, args: Mapping[str, Any]) -> Answer:
    """Dishes with another store's name, or to take away: of who waits for a table here they are no pre-order unless they say so."""
    commands: tuple[Command, ...] = tuple(command_from_json(stored) for stored in args["commands"])
    ticket = context.number
    elsewhere = ticket is not None and args.get("store") not in {None, ticket.store_id}
    if context.seat is not None or ticket is None or ticket.state == TicketState.MISSED or not (elsewhere or args["to_go"]):
        return Done(then=commands)
    here = tuple(command for command in commands if not (isinstance(command, SetSlot) and command.slot == "store"))
    offers = (Offer("入座吃，先点着", here), Offer("不排了", (Ask(LEAVE),)))
    other = context.shop.known_stores.get(str(args.get("store")))
    values = {"store": context.shop.known_stores[ticket.store_id].name, "number": ticket.number}
    if elsewhere and other is not None:
        return Found((Prompt("queue_order_elsewhere", values | {"other": other.name}, offers),))
    return Found((Prompt("queue_order_to_go", values, offers),))


SKILL = Skill(
    intents={
        CALL_HEARD: call_heard,
        WAIT_FOR_ME: wait_for_me,
        STILL_WAITS: still_waits,
        ORDERED_ELSEWHERE: ordered_elsewhere,
    }
)
