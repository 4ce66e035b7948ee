"""Service calls from the staff's side: what is open, who goes, what is done."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.no_way_back import stands
from bot.skills.staff.place import at_store, stores_of, stores_spoken_of
from bot.skills.staff.tables import table_said
from domain.service_calls.listing import Call, get_call, list_calls
from domain.service_calls.rules import CallState
from domain.service_calls.service import finish_call, take_call
from domain.shop.store import Store
from domain.staff.roster import Staff, names_of, record_act
from domain.staff.rules import Act

TAKE_CALL, FINISH_CALL = "take_call", "finish_call"
_SHOWN = 9
_MINUTE = timedelta(minutes=1)


def open_calls(context: Context, args: Mapping[str, Any]) -> Answer:
    """呼叫: what tables wait for, the oldest first; a tap takes one, or says that it is done."""
    staff, stores = stores_spoken_of(context, Act.CALLS, args)
    calls = sorted(
        (call for store in stores for call in list_calls(context.session, store.id, now=context.now)), key=lambda call: call.called_at
    )
    if not calls:
        return Found((Prompt("no_calls"),))
    shown = calls[:_SHOWN]
    names = names_of(context.session, [call.taken_by for call in shown if call.taken_by])
    lines = "\n".join(_line(context, call, names, several=len(stores) > 1) for call in shown)
    return Found((Prompt("calls", {"n": len(calls), "lines": lines}, tuple(_offers(shown, staff))),))


def go(context: Context, args: Mapping[str, Any]) -> Answer:
    """A03 我来: the call, or everything that a table waits for, is theirs. Args: call, or table."""
    found = _meant(context, TAKE_CALL, args)
    if not isinstance(found, tuple):
        return found
    staff, store, calls = found
    waiting = [call for call in calls if call.state is CallState.OPEN]
    own = [call for call in calls if call.state is CallState.TAKEN and call.taken_by == staff.id]
    if own and not waiting:  # said twice: it still is theirs
        return _yours(own)
    taken = [take_call(context.session, store, call.id, by=staff.id, now=context.now) for call in waiting or calls[:1]]
    for call in taken:
        record_act(context.session, staff, Act.CALLS, f"{call.id} taken", store_id=store.id, now=context.now)
    return stands(_yours(taken), f"{taken[0].table_code}桌的呼叫归您")


def _yours(calls: Sequence[Call]) -> Done:
    finish = Offer("办好了", tuple(Start(FINISH_CALL, {"call": call.id}) for call in calls))
    return Done((Prompt("call_is_yours", {"table": calls[0].table_code, "titles": _titles(calls)}, (finish,)),))


def done(context: Context, args: Mapping[str, Any]) -> Answer:
    """A03 处理好了. Args: call, or table."""
    found = _meant(context, FINISH_CALL, args)
    if not isinstance(found, tuple):
        return found
    staff, store, calls = found
    return _finish(context, staff, store, [call for call in calls if call.taken_by == staff.id] or calls)


def finish_own(context: Context, staff: Staff, store: Store, table: str) -> Answer | None:
    """Finish what a member of staff went to a table for; None when they went for nothing."""
    calls = list_calls(context.session, store.id, now=context.now, table_code=table)
    own = [call for call in calls if call.taken_by == staff.id]
    return _finish(context, staff, store, own) if own else None


def _finish(context: Context, staff: Staff, store: Store, calls: Sequence[Call]) -> Answer:
    for call in calls:
        finish_call(context.session, store, call.id, by=staff.id, now=context.now)
        record_act(context.session, staff, Act.CALLS, f"{call.id} done", store_id=store.id, now=context.now)
    told = Done((Prompt("call_is_done", {"table": calls[0].table_code, "titles": _titles(calls)}),))
    return stands(told, f"{calls[0].table_code}桌的呼叫办好")


def _meant(context: Context, intent: str, args: Mapping[str, Any]) -> tuple[Staff, Store, Sequence[Call]] | Answer:
    """The call that was tapped, or those of the table that was named."""
    if "call" in args:
        staff, stores = stores_of(context, Act.CALLS)
        call = get_call(context.session, str(args["call"]))
        store = next((store for store in stores if store.id == call.store_id), None)
        return Refused("service_calls.over", {"table": call.table_code, "title": call.title}) if store is None else (staff, store, [call])
    at = at_store(context, Act.CALLS, intent, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    table = table_said(store, str(args.get("table", "")))
    calls = list_calls(context.session, store.id, now=context.now, table_code=table)
    return (staff, store, calls) if calls else Refused("service_calls.none_there", {"table": table})


def _line(context: Context, call: Call, names: Mapping[str, str], *, several: bool) -> str:
    where = f"{context.shop.known_stores[call.store_id].name} " if several else ""
    said = f"「{call.words}」" if call.words and call.words != call.title else ""
    who = f"{names.get(call.taken_by, '')}已接" if call.taken_by else f"等了{(context.now - call.called_at) // _MINUTE}分钟，没人接"
    return f"{where}{call.table_code} {call.title}{said}：{who}"


def _offers(calls: Sequence[Call], staff: Staff) -> list[Offer]:
    offers = []
    for call in calls:
        if call.state is CallState.OPEN:
            offers.append(Offer(f"我去 {call.table_code} {call.title}"[:20], (Start(TAKE_CALL, {"call": call.id}),)))
        elif call.taken_by == staff.id:
            offers.append(Offer(f"办好 {call.table_code} {call.title}"[:20], (Start(FINISH_CALL, {"call": call.id}),)))
    return offers


def _titles(calls: Sequence[Call]) -> str:
    return "、".join(dict.fromkeys(call.title for call in calls))
