"""After the order is placed: hurrying the kitchen (催菜), letting it wait and begin (叫起, 起菜), and the same as last time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask, Line, LineOp
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context
from bot.skills.orders.wording import CHECKOUT
from bot.understanding.dining import LAST
from bot.understanding.service_words import CALL_WAITER
from domain.orders.courses import fire_round, rush_order
from domain.orders.models import Order
from domain.orders.rules import OrderState
from domain.orders.service import find_last_visit, find_latest_order, placed_lines
from domain.service_calls.rules import CallKind

_FIRST, _LAST = "先上", "最后上"
_OVER = {OrderState.CLOSED, OrderState.CANCELLED, OrderState.SERVED}


def rush(context: Context, args: Mapping[str, Any]) -> Answer:
    """催菜: the kitchen gets a ticket, for the dishes that were named or for all that are not there. Args: dishes: ids."""
    order = _open_order(context)
    if order is None:
        return Done(then=(Ask("order_status"),))  # 「快点」 of who waits for a table, or has ordered nothing
    wanted = set(args.get("dishes") or ())
    lines = placed_lines(context.session, order.id)
    line_ids = [line.id for line in lines if line.dish_id in wanted and line.standing] or None
    rush_order(context.session, context.shop, order.id, line_ids=line_ids, now=context.now)
    named = "、".join(dict.fromkeys(line.name for line in lines if line_ids and line.id in line_ids))
    return Done((Prompt("order_rushed", {"dishes": named or "您点的菜", "number": order.number}),))


def serve_first(context: Context, args: Mapping[str, Any]) -> Answer:
    """「宫保鸡丁先上」: noted with the dish while it is in the cart, told to the kitchen once it is there; ordered, where it is neither.

    「冰粉最后上」 of what the kitchen has already is told to somebody who can still do it: a waiter.
    """
    last = args.get(LAST)
    cart, order = context.cart(), _open_order(context)
    placed = {line.dish_id for line in placed_lines(context.session, order.id) if line.standing} if order is not None else set()
    drafted = {line.dish_id for line in cart.lines} if cart is not None else set()
    sent = [dish_id for dish_id in args["dishes"] if dish_id in placed - drafted]
    noted = [
        Line(LineOp.MODIFY if dish_id in drafted else LineOp.ADD, dish_id, options=(_LAST if last else _FIRST,))
        for dish_id in args["dishes"]
        if dish_id not in sent
    ]
    told = Ask(CALL_WAITER, {"kinds": [CallKind.OTHER.value], "words": last}) if last else Ask("rush_order", {"dishes": sent})
    return Found(then=(*noted, *((told,) if sent else ())))


def fire(context: Context, args: Mapping[str, Any]) -> Answer:
    """起菜: what waited is cooked now; where nothing was placed yet, the cart is what is meant."""
    order = _open_order(context)
    if order is None:
        cart = context.cart()
        if cart is not None and cart.lines:
            return Done(then=(Ask(CHECKOUT),))
        return Done(then=(Ask("order_status"),))
    fire_round(context.session, context.shop, order.id, now=context.now)
    return Done((Prompt("order_fired", {"number": order.number}),))


def repeat_order(context: Context, args: Mapping[str, Any]) -> Answer:
    """再来一份上次的: the dishes of the diner's last visit go into the cart, made as they were; what is not sold any more is said."""
    seat = context.seat
    last = find_last_visit(context.session, context.diner_id, but_session=seat.session_id if seat else None)
    if last is None:
        return Found((Prompt("no_order_to_repeat", offers=(Offer("看菜单", (Ask("view_menu"),)),)),))
    store = context.store()
    sold, gone = list[Line](), list[str]()
    for line in placed_lines(context.session, last.id):
        if line.standing <= 0:
            continue
        dish = context.shop.dish_for(store.id, line.dish_id) if store else context.shop.dishes.get(line.dish_id)
        if dish is None:
            gone.append(line.name)
        else:
            options = (*line.options, *line.note.split())
            sold.append(Line(LineOp.ADD, line.dish_id, Decimal(line.standing), options=options))
    told = (Prompt("dishes_gone", {"dishes": "、".join(dict.fromkeys(gone))}),) if gone else ()
    if not sold:
        return Found((*told, Prompt("no_order_to_repeat")))
    return Found((Prompt("repeats_order", {"day": f"{last.placed_at:%m-%d}"}), *told), then=tuple(sold))


def _open_order(context: Context) -> Order | None:
    seat = context.seat
    order = find_latest_order(context.session, context.diner_id, seat.session_id if seat else None)
    return None if order is None or order.state in _OVER else order
