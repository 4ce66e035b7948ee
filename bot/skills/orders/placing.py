"""Placing what is in the cart: the read-back, the yes to it, how an order stands, and cancelling it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Deny, Line, LineOp, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.dialogue.slots import TIME, spoken
from bot.messages import Card
from bot.skill import Context
from bot.skills.orders import preorders
from bot.skills.orders.wording import CHECKOUT, SEE_MENU, dishes_in, dishes_of, lines_text, parts_text
from bot.understanding.queue_words import STATUS as QUEUE_STATUS
from domain.checkout.changes import cancel
from domain.checkout.service import Placed, place, read_back
from domain.kernel.money import yuan
from domain.members.service import is_member
from domain.menu.errors import SoldOutError, TooFewLeftError
from domain.menu.portions import portions_left
from domain.orders.cart import Cart, CartLine
from domain.orders.errors import (
    CartChangedError,
    EmptyCartError,
    NothingToCancelError,
    NotServedNowError,
    OnlyOpenerError,
    PickupTimeError,
    TooLateToCancelError,
    UnknownDishError,
)
from domain.orders.kitchen import rounds_of
from domain.orders.models import Order
from domain.orders.rules import PREPARING, Channel, FireState, OrderState, PaymentStatus
from domain.orders.service import check_pickup, find_latest_order
from domain.shop.store import Store

_OVER = frozenset({OrderState.CLOSED, OrderState.CANCELLED})
_STATE_WORDS = {
    OrderState.PLACED: "后厨已收到",
    OrderState.ACCEPTED: "后厨已接单，正在准备",
    OrderState.COOKING: "正在烹饪",
    OrderState.READY: "已做好",
    OrderState.SERVED: "已上齐",
    OrderState.CLOSED: "已完成",
    OrderState.CANCELLED: "已取消",
}


def read_back_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """Everything a yes would place, with place, prices and total."""
    try:
        seen = read_back(context.session, context.shop, context.place, context.diner_id, now=context.now)
    except EmptyCartError as refused:
        return Refused(refused.code, offers=(SEE_MENU,))
    store = context.shop.known_stores[seen.cart.store_id]
    if seen.cart.session_id and seen.cart.opened_by != context.diner_id:
        return Refused(OnlyOpenerError.code, {"table": seen.cart.table_code})
    elsewhere = _meant_for_elsewhere(context, store, seen.cart, args)
    if elsewhere is not None:
        return elsewhere
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
        "where": _where(context, store, seen.cart, pickup, wait=bool(args.get("wait"))),
        "lines": lines_text(context, seen.cart.lines, seen.cart.session_id is not None),
        "parts": parts_text(seen.bill),
        "total": yuan(seen.bill.total_fen),
    }
    version = seen.version + _ending(pickup, args)
    waits = preorders.waits_for_table(context)
    offers = (Offer("确认预点" if waits else "确认下单", (Affirm(version),)), Offer("再改改", (Deny(),)))
    return Found((Prompt("read_back_preorder" if waits else "read_back_order", values, offers),), version=version)


def place_order(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the order goes to the kitchen, or to the till first; what is for a table to come waits for the party."""
    cart = context.cart()
    pickup = _pickup(context.shop.known_stores[cart.store_id], cart.channel, args) if cart else None
    version = str(args["version"]).removesuffix(_ending(pickup, args))
    if preorders.waits_for_table(context):
        return preorders.confirm(context, version, wait=bool(args.get("wait")))
    placed = place(
        context.session,
        context.shop,
        context.seat,
        context.diner_id,
        version,
        now=context.now,
        pickup_at=pickup,
        wait=bool(args.get("wait")),
    )
    offers = () if is_member(context.session, context.diner_id) else (Offer("加入会员", (Ask("member_card"),)),)
    values = {"number": placed.round.number, "total": yuan(placed.bill.total_fen)}
    if placed.payment is not None:
        return Done((Prompt("order_pay_first", values, offers, (_pay_card(context, placed),)),))
    name = "order_placed" if placed.round.round_no == 1 else "order_more_placed"
    name = "order_placed_waits" if args.get("wait") else name
    return Done((Prompt(name, values, (Offer("买单", (Ask("pay_bill"),)), *offers)),))


def order_status(context: Context, args: Mapping[str, Any]) -> Answer:
    """How the newest order stands; before one is placed, what is chosen for the table to come."""
    preorder = preorders.chosen(context)
    if preorder is not None:
        return preorders.status(context, preorder)
    seat = context.seat
    order = find_latest_order(context.session, context.diner_id, seat.session_id if seat else None)
    if seat is None and context.number is not None and (order is None or order.state in _OVER):
        return Found(then=(Ask(QUEUE_STATUS),))  # 「还要等多久」 of who waits for a table
    if order is None:
        return Found((Prompt("no_order", offers=(SEE_MENU,)),))
    paid = order.payment_status == PaymentStatus.PAID
    waiting = order.payment_status == PaymentStatus.PENDING and order.state == OrderState.PLACED and not order.session_id
    values = {
        "number": order.number,
        "store": context.shop.known_stores[order.store_id].name,
        "status": "等待付款" if waiting else _STATE_WORDS[OrderState(order.state)],
        "paid": "已付款" if paid else "未付款",
        "dishes": dishes_of(context, order),
        "since": "" if waiting else _since(context, order),
    }
    hurry = (Offer("催一下", (Ask("rush_order"),)),) if values["since"] else ()
    pay = () if paid or order.state == OrderState.CANCELLED else (Offer("买单", (Ask("pay_bill"),)),)
    return Found((Prompt("order_status", values, (*hurry, *pay)),))


def _since(context: Context, order: Order) -> str:
    """How long what was ordered last has been with the kitchen, and when it was hurried; nothing when nothing is being cooked."""
    begun = [each.released_at for each in rounds_of(context.session, order.id).values() if each.fire_state == FireState.FIRED]
    last = max((at for at in begun if at is not None), default=None)
    if last is None or OrderState(order.state) not in {OrderState.PLACED, OrderState.ACCEPTED, OrderState.COOKING}:
        return ""
    store = context.shop.known_stores[order.store_id]
    rushed = f"，{store.clock_said(order.rushed_at)}催过" if order.rushed_at else ""
    return f"（{store.clock_said(last)}下的单，已等{(context.now - last) // timedelta(minutes=1)}分钟{rushed}）"


def read_back_cancel(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which order a yes would cancel; one that the kitchen has accepted is refused at once, not after a yes."""
    preorder = preorders.chosen(context)
    if preorder is not None:
        return preorders.read_back_cancel(context, preorder)
    order = _newest(context)
    if order.state != OrderState.PLACED:
        raise TooLateToCancelError(number=order.number or "")
    values = {"number": order.number, "dishes": dishes_of(context, order)}
    version = _version_of(order)
    offers = (Offer("确认取消", (Affirm(version),)), Offer("留着", (Deny(),)))
    return Found((Prompt("read_back_cancel", values, offers),), version=version)


def cancel_placed(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the order that was read back is cancelled as it was read back, if the kitchen has not accepted it."""
    if preorders.is_cancelled_by(str(args["version"])):
        return preorders.cancel(context, str(args["version"]))
    order = _newest(context)
    if _version_of(order) != args["version"]:
        raise CartChangedError
    refund = cancel(context.session, context.shop, order.id, now=context.now)
    if refund is None:
        return Done((Prompt("order_cancelled"),))
    back = [f"{refund.points_returned}积分"] if refund.points_returned else []
    back += [f"{len(refund.coupons_returned)}张优惠券"] if refund.coupons_returned else []
    more = f"{'和'.join(back)}也还给您了。" if back else ""
    return Done((Prompt("order_cancelled_paid", {"total": yuan(refund.fen), "more": more}),))


def _version_of(order: Order) -> str:
    """What a yes to cancelling is bound to: the order with its rounds and whether it is paid."""
    return f"{order.id}.{order.rounds}.{order.payment_status}"


def _meant_for_elsewhere(context: Context, store: Store, cart: Cart, args: Mapping[str, Any]) -> Refused | None:
    """The refusal to read back the cart of one store to a diner who chose another one since."""
    chosen = context.shop.stores.get(context.state.store_id or "")
    if context.place or chosen is None or chosen.id == store.id:
        return None
    stay = Offer(f"还在{store.name}下单"[:20], (SetSlot("store", store.id), Start(CHECKOUT, dict(args))))
    move = Offer("清空，换店", (Ask("clear_cart"), Ask("view_menu", {"store": chosen.id})))
    return Refused("orders.cart_elsewhere", {"store": store.name, "dishes": dishes_in(cart.lines), "chosen": chosen.name}, (stay, move))


def _no_longer_sold(context: Context, store: Store, cart: Cart) -> Refused | None:
    """The refusal to read a cart back while the kitchen cannot make all of it, with a tap that takes those dishes out."""
    sold = {line.dish_id: context.shop.dish_for(store.id, line.dish_id) for line in cart.lines}
    off = [line for line in cart.lines if sold[line.dish_id] is None]
    if off:
        return _without(UnknownDishError.code, off, {"store": store.name})
    dishes = {dish_id: dish for dish_id, dish in sold.items() if dish is not None}
    left = portions_left(context.session, store.id, dishes.values(), context.shop.brand.business_day(context.now, store.timezone))
    out = [line for line in cart.lines if _is_short(left[line.dish_id], dishes[line.dish_id].step)]
    if out:
        return _without(SoldOutError.code, out, {})
    few = [line for line in cart.lines if _is_short(left[line.dish_id], _wanted(cart, line.dish_id))]
    if few:
        there = "、".join(
            f"{dishes[dish_id].name}{left[dish_id]}{dishes[dish_id].unit}" for dish_id in dict.fromkeys(line.dish_id for line in few)
        )
        return _without(TooFewLeftError.code, few, {"left": there})
    waiting = [line for line in cart.lines if not store.serves(dishes[line.dish_id], context.now)]
    return _without(NotServedNowError.code, waiting, {"store": store.name}) if waiting else None


def _without(code: str, lines: Sequence[CartLine], details: Mapping[str, Any]) -> Refused:
    names = "、".join(dict.fromkeys(line.name for line in lines))
    without = Offer(f"去掉{names}"[:20], (*(Line(LineOp.REMOVE, line.dish_id) for line in lines), Start(CHECKOUT)))
    return Refused(code, {"dish": names, **details}, (without,))


def _wanted(cart: Cart, dish_id: str) -> Decimal:
    return sum((line.quantity for line in cart.lines if line.dish_id == dish_id), Decimal(0))


def _is_short(left: Decimal | None, wanted: Decimal) -> bool:
    return left is not None and left < wanted


def _newest(context: Context) -> Order:
    seat = context.seat
    order = find_latest_order(context.session, context.diner_id, seat.session_id if seat else None)
    if order is None or order.state in {OrderState.CLOSED, OrderState.CANCELLED}:
        raise NothingToCancelError
    if seat is not None and context.diner_id not in {order.diner_id, seat.opened_by}:
        raise OnlyOpenerError(table=seat.table_code)
    return order


def _pickup(store: Store, channel: Channel, args: Mapping[str, Any]) -> datetime | None:
    """The moment a takeaway is fetched, from what was said; None for as soon as it is cooked."""
    said = args.get("pickup")
    if channel is not Channel.TAKEAWAY or not said or not said.get("time"):
        return None
    return datetime.combine(date.fromisoformat(said["date"]), time.fromisoformat(said["time"]), tzinfo=store.zone)


def _ending(pickup: datetime | None, args: Mapping[str, Any]) -> str:
    """What a yes is bound to beside the cart: when it is fetched, and whether it waits."""
    return (f".{pickup:%m%d%H%M}" if pickup else "") + (".wait" if args.get("wait") else "")


def _where(context: Context, store: Store, cart: Cart, pickup: datetime | None, *, wait: bool) -> str:
    if context.number is not None and preorders.waits_for_table(context):
        return f"{store.name} {context.number.number}号" + ("（叫起：入座也先不做，您说“下单”再下厨）" if wait else "")
    kept = "（叫起：先备着，您说“起菜”再做）" if wait else ""
    if cart.table_code:
        return f"{store.name} {cart.table_code}桌{kept}"
    said = pickup and spoken(TIME, {"date": pickup.date().isoformat(), "time": f"{pickup:%H:%M}"})
    when = f"{said} 取餐" if said else f"约{PREPARING.seconds // 60}分钟后取餐，想改时间直接说"
    return f"{store.name} 外带自取（{when}）{kept}"


def _pay_card(context: Context, placed: Placed) -> Card:
    assert placed.payment is not None
    text = f"订单 {placed.round.number}，付款后马上开始做"
    return Card(f"待付款 ￥{yuan(placed.payment.fen)}", text, f"/pay/{placed.payment.id}", "/p/static/bill.png")
