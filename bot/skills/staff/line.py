"""A number that is back in line after its call was missed, and one whose party has gone."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.effects import Answer, Done, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.queue import elsewhere, number_meant
from bot.skills.staff.turnover import free_up, has_table
from bot.understanding.door_words import PARTY_BACK, PARTY_LEFT
from domain.staff.roster import record_act
from domain.staff.rules import Act
from domain.waitlist.calling import requeue
from domain.waitlist.errors import NumberMovedError, RequeueTooLateError
from domain.waitlist.line import ahead_of
from domain.waitlist.service import close_number


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
    return Done((Prompt("party_back_in_line", {"number": back.number, "ahead": ahead_of(context.session, back)}),))


def leaves(context: Context, args: Mapping[str, Any]) -> Answer:
    """A003 走了: its party waits no longer; one that sat down by its number has left its table. Args: number."""
    meant = number_meant(context, PARTY_LEFT, args)
    if not isinstance(meant, tuple):
        return meant
    staff, store, ticket = meant
    table = has_table(context, store, args)
    if table is not None:
        return free_up(context, staff, store, table)
    try:
        closed = close_number(context.session, context.shop, store.id, ticket.id, by=staff.id, now=context.now)
    except NumberMovedError as refused:
        return elsewhere(refused)
    record_act(context.session, staff, Act.DOOR, f"{closed.id} left", store_id=store.id, now=context.now)
    return Done((Prompt("party_left_line", {"number": closed.number}),))
