"""估清 and back on sale; an order accepted, cooked, ready, served; the kitchen hurried."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.calls import finish_own
from bot.skills.staff.no_way_back import TAKES_BACK, stands
from bot.skills.staff.place import at_store
from bot.skills.staff.tables import table_said, table_to_name
from bot.understanding.staff_words import OPTION, RUSH_TABLE
from domain.menu.portions import mark_on_sale, mark_sold_out
from domain.orders.courses import rush_order
from domain.orders.days import find_numbered
from domain.orders.errors import IllegalMoveError
from domain.orders.models import Order
from domain.orders.rules import OrderState
from domain.orders.service import find_latest_order, move_order
from domain.shop.store import Store
from domain.staff.roster import record_act
from domain.staff.rules import Act
from domain.tables.service import find_seat_at

SOLD_OUT, ON_SALE, MOVE_ORDER = "mark_sold_out", "mark_on_sale", "mark_served"
_FETCHED = "已取走"  # what served is of a takeaway
STATE_WORDS: Mapping[OrderState, str] = {
    OrderState.ACCEPTED: "已接单",
    OrderState.COOKING: "在做了",
    OrderState.READY: "做好了",
    OrderState.SERVED: "上齐了",
    OrderState.CLOSED: "已完成",
    OrderState.CANCELLED: "已取消",
}


def stop_sale(context: Context, args: Mapping[str, Any]) -> Answer:
    """估清: dishes are sold no more on a business day. Args: dishes, or candidates to choose from; time, some_left."""
    return _sale(context, args, stop=True)


def resume_sale(context: Context, args: Mapping[str, Any]) -> Answer:
    """恢复: dishes are sold again, as far as their limit goes. Args: as of `stop_sale`."""
    return _sale(context, args, stop=False)


def move_along(context: Context, args: Mapping[str, Any]) -> Answer:
    """0087 好了: the order of a number or a table goes on. Who is at a table for a call has finished that. Args: number or table; to."""
    at = at_store(context, Act.SERVE, MOVE_ORDER, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    to, table = OrderState(args.get("to", OrderState.SERVED.value)), table_said(store, str(args.get("table", "")))
    if to is OrderState.READY and table:
        finished = finish_own(context, staff, store, table)
        if finished is not None:
            return finished
    if not table and "number" not in args:
        return Done((Prompt("staff_which_order", {"table": table_to_name(store)}),))
    order = _order(context, store, {**args, "table": table})
    if order is None:
        return Refused("staff.no_such_order", {"which": table or args["number"], "store": store.name})
    try:
        move_order(context.session, order.id, to, now=context.now)
    except IllegalMoveError as refused:
        status = STATE_WORDS.get(OrderState(str(refused.details["state"])), "")
        return Refused("staff.order_is_further", {"number": order.number, "status": status})
    record_act(context.session, staff, Act.SERVE, f"{order.id} {to.value}", store_id=store.id, now=context.now)
    status = _FETCHED if to is OrderState.SERVED and not order.table_code else STATE_WORDS[to]
    told = Done((Prompt("order_moved", {"place": _place(order), "number": order.number, "status": status}),))
    return stands(told, f"单号{order.number}{status}")


def rush_for_table(context: Context, args: Mapping[str, Any]) -> Answer:
    """0087 催一下: the guests have asked a waiter where their dishes are; the kitchen hears it. Args: number or table."""
    at = at_store(context, Act.SERVE, RUSH_TABLE, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    table = table_said(store, str(args.get("table", "")))
    order = _order(context, store, {**args, "table": table})
    if order is None:
        return Refused("staff.no_such_order", {"which": table or args["number"], "store": store.name})
    dishes = rush_order(context.session, context.shop, order.id, now=context.now)
    record_act(context.session, staff, Act.SERVE, f"{order.id} rushed", store_id=store.id, now=context.now)
    values = {"place": _place(order), "number": order.number, "dishes": "、".join(dict.fromkeys(dishes))}
    return stands(Done((Prompt("table_order_rushed", values),)), f"单号{order.number}催菜")


def _sale(context: Context, args: Mapping[str, Any], *, stop: bool) -> Answer:
    intent = SOLD_OUT if stop else ON_SALE
    at = at_store(context, Act.SELL, intent, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    if args.get("some_left"):
        return Refused("staff.some_left")
    if args.get(OPTION):
        whole = [dish for dish_id in args.get("dishes", ()) if (dish := context.shop.dish_for(store.id, dish_id)) is not None]
        offers = tuple(
            Offer(f"{'估清' if stop else '恢复'}整道{dish.name}"[:20], (Start(intent, {"dishes": [dish.id]}),)) for dish in whole
        )
        return Refused("staff.option_is_no_dish", {"option": args[OPTION]}, offers)
    if args.get("candidates"):
        menu = context.shop.menus.get(store.id, {})
        found = [menu[dish_id] for dish_id in args["candidates"] if dish_id in menu]
        offers = tuple(Offer(dish.name, (Start(intent, {"dishes": [dish.id]}),)) for dish in found)
        return Done((Prompt("staff_which_dish_of", offers=offers),))
    dishes = [dish for dish_id in args.get("dishes", ()) if (dish := context.shop.dish_for(store.id, dish_id)) is not None]
    if not dishes:
        return Done((Prompt("staff_which_dish"),))
    day = _day(context, store, args)
    for dish in sorted(dishes, key=lambda one: one.id):
        if stop:
            mark_sold_out(context.session, store.id, dish.id, day, now=context.now)
        else:
            mark_on_sale(context.session, store.id, dish.id, day)
        record_act(context.session, staff, Act.SELL, f"{dish.id} {'out' if stop else 'on'}", store_id=store.id, now=context.now)
    back = {"store": store.id} | {key: value for key, value in args.items() if key in {"dishes", "time"}}
    other = ON_SALE if stop else SOLD_OUT
    values = {"dishes": "、".join(dish.name for dish in dishes), "store": store.name, "day": f"{day:%m-%d}"}
    offer = Offer("恢复销售" if stop else "还是估清", (Start(other, back),))
    told = Done((Prompt("dishes_sold_out" if stop else "dishes_on_sale", values, (offer,)),))
    return told if args.get(TAKES_BACK) else replace(told, inverse=(Start(other, {**back, TAKES_BACK: True}),))


def _day(context: Context, store: Store, args: Mapping[str, Any]) -> date:
    """The business day that is meant: today's, or a later one that was named."""
    today = context.shop.brand.business_day(context.now, store.timezone)
    said = (args.get("time") or {}).get("date")
    return max(today, date.fromisoformat(said)) if said else today


def _place(order: Order) -> str:
    return f"{order.table_code}桌 " if order.table_code else ""


def _order(context: Context, store: Store, args: Mapping[str, Any]) -> Order | None:
    if args.get("table"):
        seat = find_seat_at(context.session, store.id, str(args["table"]), now=context.now)
        return find_latest_order(context.session, "", seat.session_id) if seat else None
    return find_numbered(context.session, store.id, context.shop.brand.business_day(context.now, store.timezone), str(args["number"]))
