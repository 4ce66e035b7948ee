"""Tables as parties go: one that moves to another table, and a table that is empty again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.no_way_back import TAKES_BACK, stands
from bot.skills.staff.place import at_store
from bot.skills.staff.tables import table_said
from bot.understanding.door_words import CALL_NEXT, PARTY_MOVES, TABLE_EMPTY, TO
from domain.orders.rules import UNPAID, OrderState
from domain.orders.service import find_latest_order
from domain.shop.store import Store
from domain.staff.roster import Staff, record_act
from domain.staff.rules import Act
from domain.tables.errors import SessionEndedError, UnknownTableError, UnpaidTableError
from domain.tables.service import Seat, find_seat_at
from domain.waitlist.line import Ticket
from domain.waitlist.parties import clear_table, move_party
from domain.waitlist.rules import AT_CALL
from domain.waitlist.seating import claims_of

_SURE = "sure"


def move_seated_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """换桌 3到5: the party and what it ordered go to a free table. Args: table; to; sure, where a bill is open and comes along; store."""
    at = at_store(context, Act.DOOR, PARTY_MOVES, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    table, to = table_said(store, str(args.get("table", ""))), table_said(store, str(args.get(TO, "")))
    unknown = next((code for code in (table, to) if code not in store.tables), None)
    if unknown is not None:
        return Refused("staff.no_such_table", {"store": store.name, "table": unknown})
    if table == to:
        return Refused("tables.same_table", {"table": table})
    seat = find_seat_at(context.session, store.id, table, now=context.now)
    this = {"table": table, TO: to, "store": store.id, _SURE: True}
    if seat is not None and _owes(context, seat) and not args.get(_SURE):
        return Done((Prompt("party_moves_with_bill", {"table": table, "to": to}, (Offer(f"换到{to}"[:20], (Start(PARTY_MOVES, this),)),)),))
    try:
        move_party(context.session, context.shop, store, table, to, by=staff.id, now=context.now)
    except SessionEndedError:
        return Refused("staff.nobody_there", {"table": table})
    record_act(context.session, staff, Act.DOOR, f"{table} moved to {to}", store_id=store.id, now=context.now)
    back = {**this, "table": to, TO: table}
    moved = Done((Prompt("party_moved", {"table": table, "to": to}, (Offer(f"换回{table}"[:20], (Start(PARTY_MOVES, back),)),)),))
    return moved if args.get(TAKES_BACK) else replace(moved, inverse=(Start(PARTY_MOVES, {**back, TAKES_BACK: True}),))


def empty_table(context: Context, args: Mapping[str, Any]) -> Answer:
    """4号桌走了, 清台 4: the party has gone, its table is free. What was ordered is paid or taken back first. Args: table; store."""
    at = at_store(context, Act.DOOR, TABLE_EMPTY, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    table = table_said(store, str(args.get("table", "")))
    return free_up(context, staff, store, table)


def free_up(context: Context, staff: Staff, store: Store, table: str) -> Answer:
    """Say that a table of the store is empty, whoever sat there: by a scan, by a number or by a booking."""
    calls = (Offer(f"叫号 {table}"[:20], (Start(CALL_NEXT, {"table": table, "store": store.id}),)),)
    try:
        freed = clear_table(context.session, context.shop, store, table, by=staff.id, now=context.now)
    except UnknownTableError as unknown:
        return Refused("staff.no_such_table", unknown.details)
    except UnpaidTableError:
        return Refused("staff.table_unpaid", {"table": table})
    if not freed:
        return Done((Prompt("table_was_empty", {"table": table}, calls),))
    record_act(context.session, staff, Act.DOOR, f"{table} closed", store_id=store.id, now=context.now)
    return stands(Done((Prompt("table_is_empty", {"table": table}, calls),)), f"{table}桌清台")


def has_table(context: Context, store: Store, ticket: Ticket) -> str | None:
    """The table at which the party of a number sits by it; None when it sits nowhere, or others do by now."""
    if ticket.state in AT_CALL:
        return None
    day = context.shop.brand.business_day(context.now, store.timezone)
    claims = claims_of(context.session, store, day, now=context.now)
    return next((claim.table_code for claim in claims if claim.ticket_id == ticket.id), None)


def _owes(context: Context, seat: Seat) -> bool:
    order = find_latest_order(context.session, "", seat.session_id)
    return order is not None and order.payment_status in UNPAID and order.state not in {OrderState.CLOSED, OrderState.CANCELLED}
