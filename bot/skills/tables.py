"""Sitting down: the scan of a table's code, and what it means to a party that has a bill at another table."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Handoff, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow
from bot.skill import Context, Skill
from bot.understanding.dining import CHANGE_TABLE
from domain.orders.moving import has_unpaid_dishes
from domain.preorders.service import find_preorder
from domain.shop.store import Store
from domain.tables.errors import OnlyOpenerMovesError, SessionEndedError, TableTakenError, UnknownTableError, UnpaidTableError
from domain.tables.service import Seat, find_seat_at, free_tables, guests_of, scan_table
from domain.waitlist.parties import move_by_scan
from domain.waitlist.seating import seat_by_scan

MOVE_TABLE = "move_table"
JOIN_TABLE = "join_table"
_MOST_TABLES = 6  # offered in one message

_STAY = Offer("不换", (Ask("stay_at_table"),))


def sit_down(context: Context, args: Mapping[str, Any]) -> Answer:
    """Start the table's session or join it; who has a bill at another table of the store is asked first.

    Args:
        args: store and table, as they stand in the code.
    """
    code = str(args["table"])
    store = context.shop.stores.get(str(args["store"]))
    if store is None:
        raise UnknownTableError(store=args["store"], table=code)
    seat = context.seat
    elsewhere = seat is not None and seat.store_id == store.id and seat.table_code != code and code in store.tables
    if seat is not None and elsewhere and has_unpaid_dishes(context.session, seat.session_id):
        values = {"old": seat.table_code, "table": code}
        if find_seat_at(context.session, store.id, code, now=context.now) is None:
            return Done((Prompt("ask_move_table", values, (_move(seat, code), _STAY)),))
        return Done((Prompt("ask_join_table", values, (_join(seat, code, f"加入{code}那桌"), _STAY)),))
    return Done(_sit(context, store, code))


def move_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """换到B01: the whole party goes, when the diner who opened its table says so. Args: session and table."""
    seat, store, code = _from(context, args)
    if seat.opened_by != context.diner_id:
        return Refused(OnlyOpenerMovesError.code, {"table": seat.table_code}, (_join(seat, code, f"我自己坐{code}"), _STAY))
    try:
        context.seat = move_by_scan(context.session, context.shop, store, seat, code, diner_id=context.diner_id, now=context.now)
    except TableTakenError as refused:
        return Refused(refused.code, refused.details, (_join(seat, code, f"加入{code}那桌"), _STAY))
    return Done((Prompt("table_moved", {"old": seat.table_code, "table": code}),))


def join_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """加入B01那桌: one diner goes. Who opened a table does not leave its bill, and brings it to others only by the staff.

    Otherwise anybody with a picture of a table's code could put a bill on strangers. Args: session and table.
    """
    seat, store, code = _from(context, args)
    if seat.opened_by == context.diner_id and has_unpaid_dishes(context.session, seat.session_id):
        offers = (Offer("买单", (Ask("pay_bill"),)), Offer("转人工", (Handoff(),)), _STAY)
        return Refused(UnpaidTableError.code, {"table": seat.table_code, "to": code}, offers)
    return Done((Prompt("dishes_stay", {"old": seat.table_code}), *_sit(context, store, code)))


def change_table(context: Context, args: Mapping[str, Any]) -> Answer:
    """我要换桌, 换到A05, 换到靠窗的桌: a free table is taken as by its scan; a party is joined by scanning only, for a code can be guessed.

    Args:
        args: table, as it was said, or area, or neither.
    """
    seat = context.seat
    if seat is None:
        return Found((Prompt("scan_to_sit"),))
    store = context.shop.known_stores[seat.store_id]
    free = free_tables(context.session, store, now=context.now)
    if args.get("table"):
        code = _code_said(store, str(args["table"]))
        if code is None:
            return Found((Prompt("no_such_table", {"store": store.name, "table": args["table"]}),))
        if code == seat.table_code:
            return Found((Prompt("stays_at_table", {"table": code}),))
        if code in [table.code for table in free] or has_unpaid_dishes(context.session, seat.session_id):
            return Found(then=(Start("scan_table", {"store": store.id, "table": code}),))
        return Found((Prompt("table_is_taken", {"table": code}),))
    area = str(args.get("area") or "")
    there = [table for table in free if area and table.area and (area in table.area or table.area in area)]
    offered = there or free
    if not offered:
        return Found((Prompt("no_free_table", {"store": store.name}),))
    told = "、".join(f"{table.code}（{table.area}{table.seats}座）" for table in offered[:_MOST_TABLES])
    name = "free_tables_there" if there else "free_tables_elsewhere" if area else "free_tables"
    offers = tuple(
        Offer(f"换到{table.code}", (Start("scan_table", {"store": store.id, "table": table.code}),)) for table in offered[:_MOST_TABLES]
    )
    return Found((Prompt(name, {"area": area, "tables": told}, offers),))


def stay(context: Context, args: Mapping[str, Any]) -> Answer:
    """不换: where the diner sits."""
    if context.seat is None:
        raise SessionEndedError
    return Found((Prompt("stays_at_table", {"table": context.seat.table_code}),))


def unknown_code(context: Context, args: Mapping[str, Any]) -> Answer:
    """A code that is none of ours, or whose feature this version does not have."""
    return Found((Prompt("unknown_code"),))


def _code_said(store: Store, said: str) -> str | None:
    """The code of a table as people say it: a05, A5, 5号桌 where the codes are numbers; None when there is no such table."""
    return next((code for code in store.tables if _plain_code(code) == _plain_code(said)), None)


def _plain_code(code: str) -> str:
    letters = code.rstrip("0123456789").upper()
    return letters + code[len(letters) :].lstrip("0")


def _sit(context: Context, store: Store, code: str) -> tuple[Prompt, ...]:
    """Sit down; what was chosen while waiting follows by itself (domain/reactions/waitlist.py), and is announced."""
    seat = scan_table(context.session, store, code, context.diner_id, now=context.now)
    context.seat = seat
    ticket = seat_by_scan(context.session, context.shop, context.diner_id, store.id, code, now=context.now)
    preorder = None if ticket is None else find_preorder(context.session, context.shop, ticket)
    guests = guests_of(context.session, seat.session_id)
    values = {"store": store.name, "table": seat.table_code, "guests": len(guests)}
    name = "table_opened" if seat.opened_by == context.diner_id else "table_joined"
    sits = Prompt(name, values, (Offer("看菜单", (Ask("view_menu"),)), Offer("看购物车", (Ask("view_cart"),))))
    if preorder is None or not preorder.confirmed:
        return (sits,)
    dishes = "、".join(f"{line.name}×{line.quantity}" for line in preorder.cart.lines)
    return sits, Prompt("preorder_goes", {"dishes": dishes})


def _from(context: Context, args: Mapping[str, Any]) -> tuple[Seat, Store, str]:
    """Where the diner sits and was asked to move from, its store, and the table to go to."""
    seat = context.seat
    if seat is None or seat.session_id != args["session"]:
        raise SessionEndedError
    return seat, context.shop.known_stores[seat.store_id], str(args["table"])


def _move(seat: Seat, code: str) -> Offer:
    return Offer(f"换到{code}", (Start(MOVE_TABLE, {"session": seat.session_id, "table": code}),))


def _join(seat: Seat, code: str, label: str) -> Offer:
    return Offer(label, (Start(JOIN_TABLE, {"session": seat.session_id, "table": code}),))


SKILL = Skill(
    intents={CHANGE_TABLE: change_table, "unknown_code": unknown_code, "stay_at_table": stay},
    flows=(
        Flow("scan_table", "入座", act="sit_down", weight=Weight.SMALL),
        Flow(MOVE_TABLE, "换桌", act="move_party", weight=Weight.SMALL),
        Flow(JOIN_TABLE, "并桌", act="join_party", weight=Weight.SMALL),
    ),
    effects={"sit_down": sit_down, "move_party": move_party, "join_party": join_party},
)
