"""Sitting down: the scan of a table's code."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Weight
from bot.dialogue.flows import Flow
from bot.skill import Context, Skill
from domain.tables.errors import UnknownTableError
from domain.tables.service import guests_of, scan_table


def sit_down(context: Context, args: Mapping[str, Any]) -> Answer:
    """Start the table's session or join it. Args: store and table, as they stand in the code."""
    store = context.shop.stores.get(str(args["store"]))
    if store is None:
        raise UnknownTableError(store=args["store"], table=args["table"])
    seat = scan_table(context.session, store, str(args["table"]), context.diner_id, now=context.now)
    context.seat = seat
    guests = guests_of(context.session, seat.session_id)
    values = {"store": store.name, "table": seat.table_code, "guests": len(guests)}
    name = "table_opened" if seat.opened_by == context.diner_id else "table_joined"
    offers = (Offer("看菜单", (Ask("view_menu"),)), Offer("看购物车", (Ask("view_cart"),)))
    return Done((Prompt(name, values, offers),))


def unknown_code(context: Context, args: Mapping[str, Any]) -> Answer:
    """A code that is none of ours, or whose feature this version does not have."""
    return Found((Prompt("unknown_code"),))


SKILL = Skill(
    intents={"unknown_code": unknown_code},
    flows=(Flow("scan_table", "入座", act="sit_down", weight=Weight.SMALL),),
    effects={"sit_down": sit_down},
)
