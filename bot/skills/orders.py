"""Ordering: the cart, placing it, and how an order stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Command, Deny, Handoff, Line, LineOp, SetSlot, Start, command_from_json, command_to_json
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.dialogue.reducer import CART_TOTAL, CHANGE_CART
from bot.dialogue.slots import TIME, spoken
from bot.messages import Card
from bot.skill import Context, Skill
from domain.checkout.pricing import Bill
from domain.checkout.service import Placed, bill_of, cancel, place, read_back
from domain.kernel.money import short_yuan, times, yuan
from domain.members.service import is_member
from domain.orders.cart import Cart, CartLine, add_line, clear_cart, modify_line, open_cart, remove_line, set_quantity
from domain.orders.errors import EmptyCartError, NothingToCancelError, NotServedNowError, PickupTimeError, UnknownDishError
from domain.orders.models import Order
from domain.orders.rules import PREPARING, Channel, OrderState, PaymentStatus
from domain.orders.service import check_pickup, find_latest_order, placed_lines
from domain.shop.snapshot import Dish, Store

CHECKOUT = "checkout"
CANCEL_ORDER = "cancel_order"
ORDER_HERE = "order_here"
_ONE = Decimal(1)
_TO_GO = "打包"  # a takeaway is, whatever else is said
_STATE_WORDS = {
    OrderState.PLACED: "后厨已收到",
    OrderState.ACCEPTED: "后厨已接单，正在准备",
    OrderState.COOKING: "正在烹饪",
    OrderState.READY: "已做好",
    OrderState.SERVED: "已上齐",
    OrderState.CLOSED: "已完成",
    OrderState.CANCELLED: "已取消",
}


def change_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """One change to the cart, with the change that takes it back."""
    line: Line = args["line"]
    store = context.store()
    if store is None:
        return Found(then=(Start(ORDER_HERE, {"lines": [command_to_json(line)]}),))
    if line.dish_id is None and line.candidates:
        line = _narrowed(context, line)
    if line.dish_id is None and line.candidates:
        return _ask_dish(context, store, line)
    placed = _placed_already(context, line)
    if placed is not None:
        return placed
    if line.op in {LineOp.MODIFY, LineOp.REMAKE}:
        return _modify(context, store, line)
    dish = _dish(context, store, line.dish_id) if line.op is not LineOp.REMOVE else _dish_in_cart(context, store, line.dish_id)
    match line.op:
        case LineOp.ADD:
            return _add(context, store, dish, line)
        case LineOp.SET:
            return _set(context, dish, line)
        case LineOp.REMOVE:
            return _remove(context, dish, line)
        case LineOp.SWAP:
            return _swap(context, store, dish, line)


def cart_total(context: Context, args: Mapping[str, Any]) -> Answer:
    """The sum under the changes of one message."""
    cart = context.cart()
    if cart is None or not cart.lines:
        return Found((Prompt("cart_now_empty"),))
    bill = _bill(context, cart)
    return Found((Prompt("cart_total", {"count": _count(cart.lines), "total": short_yuan(bill.total_fen)}),))


def view_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is in the cart, and who added it at a shared table."""
    cart = context.cart()
    if cart is None or not cart.lines:
        return Found((Prompt("cart_empty", offers=(_MENU,)),))
    values = {"lines": _lines_text(context, cart.lines, cart.session_id is not None), "total": short_yuan(_bill(context, cart).total_fen)}
    return Found((Prompt("cart", values, (_CHECKOUT, Offer("清空购物车", (Ask("clear_cart"),)))),))


def empty_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """Throw the drafts away; undo puts one's own back."""
    cart = _open(context)
    clear_cart(context.session, cart, now=context.now)
    own = [line for line in cart.lines if line.diner_id == context.diner_id]
    return Done((Prompt("cart_cleared"),), inverse=tuple(_put_back(line, line.quantity) for line in own))


def read_back_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """Everything a yes would place, with place, prices and total."""
    try:
        seen = read_back(context.session, context.shop, context.seat, context.diner_id)
    except EmptyCartError as refused:
        return Refused(refused.code, offers=(_MENU,))
    store = context.shop.known_stores[seen.cart.store_id]
    gone = _no_longer_sold(context, store, seen.cart)
    if gone is not None:
        return gone
    pickup = _pickup(store, seen.cart.channel, args)
    if pickup is not None:
        try:
            check_pickup(store, pickup, now=context.now)
        except PickupTimeError as refused:
            return Refused(refused.code, refused.details, slot="pickup")
    values = {
        "where": _where(store, seen.cart, pickup),
        "lines": _lines_text(context, seen.cart.lines, seen.cart.session_id is not None),
        "parts": _parts_text(seen.bill),
        "total": yuan(seen.bill.total_fen),
    }
    version = f"{seen.version}.{pickup:%m%d%H%M}" if pickup else seen.version
    offers = (Offer("确认下单", (Affirm(version),)), Offer("再改改", (Deny(),)))
    return Found((Prompt("read_back_order", values, offers),), version=version)


def _no_longer_sold(context: Context, store: Store, cart: Cart) -> Refused | None:
    """The refusal to read a cart back while the kitchen cannot make all of it, with a tap that takes those dishes out."""
    sold = {line.dish_id: context.shop.dish_for(store.id, line.dish_id) for line in cart.lines}
    off = [line for line in cart.lines if sold[line.dish_id] is None]
    waiting = [line for line in cart.lines if (dish := sold[line.dish_id]) and not store.serves(dish, context.now)]
    if not off and not waiting:
        return None
    code, lines = (UnknownDishError.code, off) if off else (NotServedNowError.code, waiting)
    names = "、".join(dict.fromkeys(line.name for line in lines))
    without = Offer(f"去掉{names}"[:20], (*(Line(LineOp.REMOVE, line.dish_id) for line in lines), Start(CHECKOUT)))
    return Refused(code, {"dish": names, "store": store.name}, (without,))


def place_order(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the order goes to the kitchen, or to the till first."""
    cart = context.cart()
    pickup = _pickup(context.shop.known_stores[cart.store_id], cart.channel, args) if cart else None
    version = str(args["version"]).removesuffix(f".{pickup:%m%d%H%M}") if pickup else args["version"]
    placed = place(context.session, context.shop, context.seat, context.diner_id, version, now=context.now, pickup_at=pickup)
    offers = () if is_member(context.session, context.diner_id) else (Offer("加入会员", (Ask("member_card"),)),)
    values = {"number": placed.round.number, "total": yuan(placed.bill.total_fen)}
    if placed.payment is not None:
        return Done((Prompt("order_pay_first", values, offers, (_pay_card(context, placed),)),))
    name = "order_placed" if placed.round.round_no == 1 else "order_more_placed"
    return Done((Prompt(name, values, (Offer("买单", (Ask("pay_bill"),)), *offers)),))


def order_status(context: Context, args: Mapping[str, Any]) -> Answer:
    """How the newest order stands."""
    seat = context.seat
    order = find_latest_order(context.session, context.diner_id, seat.session_id if seat else None)
    if order is None:
        return Found((Prompt("no_order", offers=(_MENU,)),))
    paid = order.payment_status == PaymentStatus.PAID
    waiting = order.payment_status == PaymentStatus.PENDING and order.state == OrderState.PLACED and not order.session_id
    values = {
        "number": order.number,
        "store": context.shop.known_stores[order.store_id].name,
        "status": "等待付款" if waiting else _STATE_WORDS[OrderState(order.state)],
        "paid": "已付款" if paid else "未付款",
        "dishes": _dishes_of(context, order),
    }
    offers = () if paid or order.state == OrderState.CANCELLED else (Offer("买单", (Ask("pay_bill"),)),)
    return Found((Prompt("order_status", values, offers),))


def read_back_cancel(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which order a yes would cancel."""
    order = _newest(context)
    values = {"number": order.number, "dishes": _dishes_of(context, order)}
    offers = (Offer("取消订单", (Affirm(order.id),)), Offer("留着", (Deny(),)))
    return Found((Prompt("read_back_cancel", values, offers),), version=order.id)


def cancel_placed(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the order that was read back is cancelled, if nobody has paid or cooked it."""
    cancel(context.session, str(args["version"]), now=context.now)
    return Done((Prompt("order_cancelled"),))


def _newest(context: Context) -> Order:
    seat = context.seat
    order = find_latest_order(context.session, context.diner_id, seat.session_id if seat else None)
    if order is None or order.state in {OrderState.CLOSED, OrderState.CANCELLED}:
        raise NothingToCancelError
    return order


def _dishes_of(context: Context, order: Order) -> str:
    return "、".join(f"{line.name}×{line.quantity}" for line in placed_lines(context.session, order.id))


def _pickup(store: Store, channel: Channel, args: Mapping[str, Any]) -> datetime | None:
    """The moment a takeaway is fetched, from what was said; None for as soon as it is cooked."""
    said = args.get("pickup")
    if channel is not Channel.TAKEAWAY or not said or not said.get("time"):
        return None
    return datetime.combine(date.fromisoformat(said["date"]), time.fromisoformat(said["time"]), tzinfo=store.zone)


def _where(store: Store, cart: Cart, pickup: datetime | None) -> str:
    if cart.table_code:
        return f"{store.name} {cart.table_code}桌"
    said = pickup and spoken(TIME, {"date": pickup.date().isoformat(), "time": f"{pickup:%H:%M}"})
    when = f"{said} 取餐" if said else f"约{PREPARING.seconds // 60}分钟后取餐，想改时间直接说"
    return f"{store.name} 外带自取（{when}）"


def _add(context: Context, store: Store, dish: Dish, line: Line) -> Answer:
    n = _ONE if line.n is None else line.n
    cart = open_cart(context.session, store.id, context.seat, context.diner_id, now=context.now)
    if line.n is None and line.options and _own_plain(context, cart, dish):
        return _modify(context, store, replace(line, op=LineOp.MODIFY))  # 「酸菜鱼微辣」 of one that is in the cart already
    options = line.options or (() if line.words else _made_before(context, cart, dish))
    if cart.channel is Channel.TAKEAWAY:
        options = tuple(option for option in options if option != _TO_GO)
    added = add_line(context.session, store, cart, dish, n, context.diner_id, options=options, now=context.now)
    values = _line_values(added, n) | {"guess": "" if line.exact or not line.words else f"（按“{line.words}”理解）"}
    inverse = Line(LineOp.REMOVE, dish.id, n)
    return Done((Prompt("cart_added", values),), inverse=(inverse,), last_dish=dish.id)


def _set(context: Context, dish: Dish, line: Line) -> Answer:
    cart = _open(context)
    before = sum((old.quantity for old in cart.lines if old.dish_id == dish.id and old.diner_id == context.diner_id), Decimal(0))
    changed = set_quantity(context.session, cart, dish, line.n or _ONE, context.diner_id, now=context.now)
    inverse = (Line(LineOp.SET, dish.id, before),) if before else ()
    return Done((Prompt("cart_set", _line_values(changed, changed.quantity)),), inverse=inverse, last_dish=dish.id)


def _remove(context: Context, dish: Dish, line: Line) -> Answer:
    removed, n = remove_line(context.session, _open(context), dish, line.n, context.diner_id, now=context.now)
    return Done((Prompt("cart_removed", _line_values(removed, n)),), inverse=(_put_back(removed, n),))


def _swap(context: Context, store: Store, dish: Dish, line: Line) -> Answer:
    other = _dish(context, store, line.other_id)
    cart = _open(context)
    removed, n = remove_line(context.session, cart, dish, None, context.diner_id, now=context.now)
    added = add_line(context.session, store, cart, other, line.n or n, context.diner_id, options=line.options, now=context.now)
    values = {"old": dish.name} | _line_values(added, added.quantity)
    inverse = (Line(LineOp.REMOVE, other.id, line.n or n), _put_back(removed, n))
    return Done((Prompt("cart_swapped", values),), inverse=inverse, last_dish=other.id)


def _modify(context: Context, store: Store, line: Line) -> Answer:
    cart = _open(context)
    before = {item.id: item for item in cart.lines}
    wanted = [(item.dish_id, item.id) for item in cart.lines] if line.every else [(line.dish_id, line.line_id)]
    say, inverse = list[Prompt](), list[Command]()
    for dish_id, line_id in wanted:
        dish, instead = _dish(context, store, dish_id), line.op is LineOp.REMAKE
        changed = modify_line(
            context.session, cart, dish, line.options, context.diner_id, line_id=line_id, instead=instead, now=context.now
        )
        say.append(Prompt("cart_modified", _line_values(changed, changed.quantity)))
        inverse.append(Line(LineOp.REMAKE, dish.id, options=_making(before[changed.id]), line_id=changed.id))
    return Done(tuple(say), tuple(inverse), last_dish=wanted[-1][0])


def _own_plain(context: Context, cart: Cart, dish: Dish) -> bool:
    """Whether the diner has ordered this dish, just once, without a word on how it is made."""
    own = [line for line in cart.lines if line.dish_id == dish.id and line.diner_id == context.diner_id]
    return len(own) == 1 and not _making(own[0])


def _placed_already(context: Context, line: Line) -> Refused | None:
    """The refusal to change a dish that is in the cart no more, because the kitchen has it: only a person can take it back."""
    cart = context.cart()
    if cart is None or not cart.rounds or line.op is LineOp.ADD or any(item.dish_id == line.dish_id for item in cart.lines):
        return None
    name = next((item.name for item in placed_lines(context.session, cart.order_id) if item.dish_id == line.dish_id), None)
    return Refused("orders.placed_already", {"dish": name}, (Offer("转人工", (Handoff(),)),)) if name else None


def _made_before(context: Context, cart: Cart, dish: Dish) -> tuple[str, ...]:
    """「再来一份」 without words for the dish means one made like the last."""
    own = [line for line in cart.lines if line.dish_id == dish.id and line.diner_id == context.diner_id]
    return _making(own[-1]) if own else ()


def _making(line: CartLine) -> tuple[str, ...]:
    return (*line.options, *line.note.split())


def _open(context: Context) -> Cart:
    cart = context.cart()
    if cart is None or not cart.lines:
        raise EmptyCartError
    return cart


def _dish(context: Context, store: Store, dish_id: str | None) -> Dish:
    dish = context.shop.dish_for(store.id, dish_id or "")
    if dish is None:
        known = context.shop.dishes.get(dish_id or "")
        raise UnknownDishError(dish=known.name if known else "这道菜", store=store.name)
    return dish


def _dish_in_cart(context: Context, store: Store, dish_id: str | None) -> Dish:
    """A dish that can be taken out of the cart, whether or not it is still sold."""
    cart = context.cart()
    line = next((line for line in cart.lines if line.dish_id == dish_id), None) if cart else None
    if line is None or context.shop.dish_for(store.id, line.dish_id):
        return _dish(context, store, dish_id)
    return Dish(line.dish_id, line.name, "", line.unit_price_fen, unit=line.unit)


def ask_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """Where the dishes that wait are to be cooked."""
    offers = tuple(Offer(store.name, (SetSlot("store", store.id),)) for store in context.shop.stores.values())
    return Found((Prompt("ask_store", offers=offers),))


def order_here(context: Context, args: Mapping[str, Any]) -> Answer:
    """The store is known: the lines that waited for it go into its cart."""
    return Done(then=(SetSlot("store", args["store"]), *(command_from_json(line) for line in args["lines"])))


def _narrowed(context: Context, line: Line) -> Line:
    """Only what is in the cart can be changed: 「不要鸡了」 means the chicken that was ordered, 「面硬一点」 the noodles."""
    cart = context.cart()
    orders = line.op is LineOp.ADD and not (line.options and line.n is None)
    if orders or cart is None:
        return line
    inside = tuple(dish_id for dish_id in line.candidates if any(item.dish_id == dish_id for item in cart.lines))
    if len(inside) == 1:
        return replace(line, dish_id=inside[0], candidates=())
    return replace(line, candidates=inside or line.candidates)


def _ask_dish(context: Context, store: Store, line: Line) -> Answer:
    dishes = [context.shop.dish_for(store.id, dish_id) for dish_id in line.candidates]
    offers = tuple(
        Offer(f"{dish.name} {short_yuan(dish.price_fen)}元", (replace(line, dish_id=dish.id, candidates=(), exact=True),))
        for dish in dishes[:8]
        if dish is not None
    )
    if not offers:
        return Refused(UnknownDishError.code, {"dish": line.words, "store": store.name})
    return Found((Prompt("which_dish", {"words": line.words}, offers),))


def _put_back(line: CartLine, n: Decimal) -> Line:
    return Line(LineOp.ADD, line.dish_id, n, options=_making(line))


def _line_values(line: CartLine, n: Decimal) -> dict[str, Any]:
    made = "、".join(_making(line))
    return {
        "dish": line.name,
        "n": n,
        "unit": line.unit,
        "made": f"（{made}）" if made else "",
        "price": short_yuan(times(line.unit_price_fen, n)),
    }


def _lines_text(context: Context, lines: Sequence[CartLine], shared: bool) -> str:
    rows = []
    for line in lines:
        values = _line_values(line, line.quantity)
        who = "" if not shared or line.diner_id == context.diner_id else " ·同桌点的"
        rows.append(f"{values['dish']}{values['made']}×{values['n']}  {values['price']}元{who}")
    return "\n".join(rows)


def _parts_text(bill: Bill) -> str:
    if len(bill.parts) == 1:
        return ""
    return "".join(f"{part.label} {yuan(part.fen)}元\n" for part in bill.parts)


def _bill(context: Context, cart: Cart) -> Bill:
    return bill_of(context.session, context.shop, cart.store_id, cart.channel, context.diner_id, cart.lines)


def _count(lines: Sequence[CartLine]) -> str:
    return str(sum((line.quantity for line in lines), Decimal(0)))


def _pay_card(context: Context, placed: Placed) -> Card:
    assert placed.payment is not None
    text = f"订单 {placed.round.number}，付款后马上开始做"
    return Card(f"待付款 ￥{yuan(placed.payment.fen)}", text, f"/pay/{placed.payment.id}", "/p/static/bill.png")


_MENU = Offer("看菜单", (Ask("view_menu"),))
_CHECKOUT = Offer("下单", (Ask(CHECKOUT),))

SKILL = Skill(
    intents={"view_cart": view_cart, "order_status": order_status},
    flows=(
        Flow(
            CHECKOUT,
            "下单",
            act="place_order",
            weight=Weight.WEIGHTY,
            read_back="read_back_cart",
            slots=(Slot("pickup", "read_back_order", takes="time", required=never, title="取餐时间"),),
            take_back=CANCEL_ORDER,
        ),
        Flow(
            ORDER_HERE,
            "点菜",
            act="order_here",
            weight=Weight.DRAFT,
            slots=(Slot("store", "ask_store", takes="store", asks_by_query=True),),
        ),
        Flow(CANCEL_ORDER, "取消订单", act="cancel_placed", weight=Weight.WEIGHTY, read_back="read_back_cancel"),
        Flow("clear_cart", "清空购物车", act="empty_cart", weight=Weight.DRAFT),
    ),
    effects={
        CHANGE_CART: change_cart,
        CART_TOTAL: cart_total,
        "read_back_cart": read_back_cart,
        "place_order": place_order,
        "ask_store": ask_store,
        "order_here": order_here,
        "read_back_cancel": read_back_cancel,
        "cancel_placed": cancel_placed,
        "empty_cart": empty_cart,
    },
)
