"""Ordering: the cart (cart.py), placing it and how an order stands (placing.py), what comes after (serving.py)."""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.dialogue.reducer import CART_TOTAL, CHANGE_CART
from bot.skill import Skill
from bot.skills.orders.cart import ask_store, cart_total, change_cart, empty_cart, keep_only, order_here, view_cart
from bot.skills.orders.placing import cancel_placed, order_status, place_order, read_back_cancel, read_back_cart
from bot.skills.orders.serving import fire, repeat_order, rush, serve_first
from bot.skills.orders.wording import CANCEL_ORDER, CHECKOUT, ORDER_HERE

SKILL = Skill(
    intents={
        "view_cart": view_cart,
        "keep_only": keep_only,
        "order_status": order_status,
        "repeat_order": repeat_order,
        "serve_first": serve_first,
    },
    flows=(
        Flow(
            CHECKOUT,
            "下单",
            act="place_order",
            weight=Weight.WEIGHTY,
            read_back="read_back_cart",
            slots=(
                Slot("pickup", "read_back_order", takes="time", required=never, title="取餐时间"),
                Slot("wait", "read_back_order", takes="wait", required=never, title="叫起"),
            ),
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
        Flow("rush_order", "催菜", act="rush", weight=Weight.SMALL),
        Flow("fire_courses", "起菜", act="fire", weight=Weight.SMALL),
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
        "rush": rush,
        "fire": fire,
    },
)
