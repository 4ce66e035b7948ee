"""叫服务员: from the table where a diner sits, or one that they name; and 不用了."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.commands import Ask, Deny, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Context, Skill
from bot.understanding.short_replies import ELSE, NOT_NEEDED
from domain.service_calls.listing import calls_of_diner, get_call
from domain.service_calls.rules import MOST_WORDS, CallKind, CallState
from domain.service_calls.service import Called, call_staff, withdraw_call
from domain.shop.store import Store
from domain.tables.errors import StoreClosedError
from domain.tables.service import touch

CALL_WAITER = "call_waiter"
WITHDRAW_CALL = "withdraw_call"
_CALL_AT = "call_at_table"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def call(context: Context, args: Mapping[str, Any]) -> Answer:
    """Call somebody to a table, for everything that was named.

    Args:
        args: kinds, words; table or room when the diner named one.
    """
    place = _place(context, args)
    if not isinstance(place, tuple):
        return place
    store, table = place
    waiting = _asked_where(context, args, store)
    if waiting is not None:
        return waiting
    if context.seat is None and not store.is_open(context.now):
        raise StoreClosedError(store=store.name)
    said = [CallKind(kind) for kind in dict.fromkeys(args.get("kinds") or ())]
    kinds: list[CallKind] = [kind for kind in said if kind != CallKind.OTHER] or [CallKind.OTHER]  # who brings water has been called
    words = str(args.get("words", "")) if len(kinds) == 1 else ""  # of several kinds the titles say all
    called = [call_staff(context.session, store, table, kind, diner_id=context.diner_id, words=words, now=context.now) for kind in kinds]
    if context.seat is not None:
        touch(context.session, context.seat.session_id, now=context.now)
    ids = [each.call.id for each in called]
    offers = [Offer("不用了", (Start(WITHDRAW_CALL, {"calls": ids}),))]
    if CallKind.BILL in kinds:
        offers.append(Offer("手机买单", (Ask("pay_bill"),)))
    inverse = [Start(WITHDRAW_CALL, {"calls": [each.call.id]}) for each in called if each.fresh]
    return Done((*_told(called, table), Prompt("call_can_be_taken_back", offers=tuple(offers))), inverse=tuple(inverse))


def withdraw(context: Context, args: Mapping[str, Any]) -> Answer:
    """不用了: what was called for, or everything this party waits for. Args: calls: ids, when a tap says which."""
    seat = context.seat
    session_id = seat.session_id if seat else None
    calls: Sequence[str] = args.get("calls") or [
        each.id for each in calls_of_diner(context.session, context.diner_id, session_id, now=context.now)
    ]
    if not calls:
        return Refused("service_calls.none_open")
    titles = []
    for call_id in calls:
        store = context.shop.known_stores[get_call(context.session, call_id).store_id]
        gone = withdraw_call(context.session, store, call_id, diner_id=context.diner_id, session_id=session_id, now=context.now)
        titles.append(gone.title)
    return Done((Prompt("call_withdrawn", {"titles": "、".join(titles)}),))


def not_needed(context: Context, args: Mapping[str, Any]) -> Answer:
    """不用了 with nothing open: what the party waits for is withdrawn; where it waits for nothing, it is a mere no."""
    session_id = context.seat.session_id if context.seat else None
    waits = calls_of_diner(context.session, context.diner_id, session_id, now=context.now)
    otherwise = Ask(args[ELSE]) if ELSE in args else Deny()
    return Found(then=(Start(WITHDRAW_CALL) if waits else otherwise,))


def _told(called: Sequence[Called], table: str) -> list[Prompt]:
    fresh = [each for each in called if each.fresh]
    again = [each for each in called if not each.fresh]
    taken = [each for each in again if each.call.state is CallState.TAKEN and not each.nudged]
    nudged = [each for each in again if each.nudged]
    waiting = [each for each in again if each not in taken and each not in nudged]
    made = "waiter_called" if [each.call.kind for each in fresh] == [CallKind.OTHER] else "call_made"
    told = ((made, fresh), ("call_on_the_way", taken), ("call_nudged", nudged), ("call_waits", waiting))
    return [Prompt(name, {"titles": "、".join(each.call.title for each in these), "table": table}) for name, these in told if these]


def _place(context: Context, args: Mapping[str, Any]) -> tuple[Store, str] | Answer:
    """The store and table that are meant: what is named, else where the diner sits."""
    store = context.shop.stores.get(str(args.get("store", ""))) or context.store()
    named = str(args.get("table") or "")
    if store is not None:
        room = next((room for room in store.rooms if room.name == args.get("room") and room.tables), None)
        if named in store.tables:
            return store, named
        if room is not None:
            return store, room.tables[0]
    if context.seat is not None:
        return context.shop.known_stores[context.seat.store_id], context.seat.table_code
    meant = _tables_meant(store, context, named)
    if len(meant) == 1:
        return meant[0]
    if len({code for _, code in meant}) > 1:
        offers = tuple(
            Offer(f"{one.name} {code}"[:20], (Start(CALL_WAITER, dict(args) | {"table": code, "store": one.id}),)) for one, code in meant
        )
        return Done((Prompt("call_which_table", {"table": named}, offers),))
    if meant:
        named, having = meant[0][1], [one for one, _ in meant]
        args = dict(args) | {"table": named}
        again = Start(CALL_WAITER, dict(args))
        offers = tuple(Offer(one.name, (SetSlot("store", one.id), again)) for one in having)
        return Done((Prompt("call_which_store", {"table": named}, offers),))
    return Done(then=(Start(_CALL_AT, {"kinds": list(args.get("kinds") or ()), "words": args.get("words", "")}),))


def _asked_where(context: Context, args: Mapping[str, Any], store: Store) -> Answer | None:
    """「加水」, and then 「A2桌拿筷子」: the table that was asked for is named, and both are called for there."""
    top, asked = context.state.top, context.state.frame(_CALL_AT)
    if asked is None or not args.get("table") or (top is not None and top.flow == _CALL_AT):
        return None
    words = "，".join(filter(None, (str(asked.slots.get("words", "")), str(args.get("words", "")))))[:MOST_WORDS]
    return Done(
        then=(Start(_CALL_AT, {"kinds": list(args.get("kinds") or ()), "words": words, "store": store.id, "table": args["table"]}),)
    )


def _tables_meant(store: Store | None, context: Context, named: str) -> list[tuple[Store, str]]:
    """The tables that a code may be: as it is written, else by its number alone, in the store of the talk or in all of them."""
    stores = [store] if store is not None else list(context.shop.stores.values())
    exact = [(one, named) for one in stores if named in one.tables]
    if exact or not named.isdecimal():
        return exact
    return [
        (one, code)
        for one in stores
        for code in one.tables
        if code.lstrip(_LETTERS).isdecimal() and int(code.lstrip(_LETTERS)) == int(named)
    ]


SKILL = Skill(
    intents={NOT_NEEDED: not_needed},
    flows=(
        Flow(CALL_WAITER, "叫服务员", act="call", weight=Weight.SMALL, take_back=WITHDRAW_CALL),
        Flow(_CALL_AT, "叫服务员", act="call", weight=Weight.SMALL, slots=(Slot("table", "ask_call_table", takes="table", title="桌号"),)),
        Flow(WITHDRAW_CALL, "取消呼叫", act="withdraw", weight=Weight.SMALL),
    ),
    effects={"call": call, "withdraw": withdraw},
)
