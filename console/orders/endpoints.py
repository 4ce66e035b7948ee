"""Orders under /api/v1/orders: what the kitchen has, and how far it is. Taking orders and money is the till's."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from console.api.endpoint import Context, Endpoint
from console.api.problems import Kind, ProblemError
from console.api.refusals import Refusal, Refusals
from console.api.shapes import Given, Nothing, PageQuery, Shown, page
from domain.kernel.ids import is_id
from domain.orders.errors import IllegalMoveError
from domain.orders.listing import OrderSeen, dishes_of, find_placed_order, orders_under_way
from domain.orders.rules import Channel, OrderState, PaymentStatus
from domain.orders.service import move_order
from domain.shop.store import Store
from domain.staff.rules import Act

NO_SUCH_ORDER = Kind("orders.unknown", 404, "没有这个订单", "本店没有这个订单。")
_STATES: Mapping[str, str] = {
    OrderState.PLACED: "已下单",
    OrderState.ACCEPTED: "已接单",
    OrderState.COOKING: "在做了",
    OrderState.READY: "做好了",
    OrderState.SERVED: "上齐了",
    OrderState.CLOSED: "已完成",
    OrderState.CANCELLED: "已取消",
}
REFUSALS: Refusals = {
    IllegalMoveError: Refusal(409, "这一步做不了", "这个订单现在是：{state}。", words={"state": _STATES}),
}
_TAG = "orders"
_ONE = "/orders/{order_id}"
_DAY = timedelta(days=1)


class Progress(Given):
    """How far an order is. Steps may be skipped; there is no way back."""

    EXAMPLE: ClassVar = {"to": "ready"}

    to: Literal["accepted", "cooking", "ready", "served"]


class OrderShown(Shown):
    """An order that was placed."""

    EXAMPLE: ClassVar = {
        "id": "01KQ3ZK7M5S8W0V2C4D6E8F0G2",
        "number": "0087",
        "channel": "dine_in",
        "table": "A03",
        "state": "cooking",
        "payment_status": "none",
        "placed_at": "2026-11-28T18:48:00+08:00",
        "pickup_at": None,
    }

    id: str
    number: str
    """As people say it: counted by store and business day."""
    channel: Channel
    table: str | None
    state: OrderState
    payment_status: PaymentStatus
    placed_at: datetime
    pickup_at: datetime | None
    """When a takeaway is fetched."""


class DishShown(Shown):
    """What stands of a dish, without what was taken back."""

    name: str
    quantity: str
    """In steps of a tenth, as decimal text: "1", "0.5"."""
    unit: str
    options: list[str]
    note: str
    round: int


class OrderWithDishes(OrderShown):
    """An order and its dishes, round by round."""

    EXAMPLE: ClassVar = OrderShown.EXAMPLE | {
        "dishes": [{"name": "红烧肉", "quantity": "1", "unit": "份", "options": ["微辣"], "note": "", "round": 1}]
    }

    dishes: list[DishShown]


class OrdersShown(Shown):
    """A page of the orders under way, the oldest first."""

    EXAMPLE: ClassVar = {"orders": [OrderShown.EXAMPLE], "next": None}

    orders: list[OrderShown]
    next: str | None
    """Hand it over as `after` for the next page; null on the last one."""


def list_orders(context: Context, query: PageQuery) -> OrdersShown:
    """What was placed and is neither closed nor cancelled, the oldest first."""
    today = context.shop.brand.business_day(context.now, context.store.timezone)
    orders = orders_under_way(context.session, context.store.id, since=today - _DAY)
    shown, following = page(orders, query, lambda order: (order.placed_at.isoformat(), order.id))
    return OrdersShown(orders=[OrderShown.model_validate(_fields(order, context.store)) for order in shown], next=following)


def show_order(context: Context, _: Nothing) -> OrderWithDishes:
    """One order with its dishes."""
    return _with_dishes(context, _order(context))


def move_along(context: Context, given: Progress) -> OrderWithDishes:
    """The kitchen is so far; when it is ready, a takeaway's diner is told. Served and paid, the order is closed."""
    order = _order(context)
    move_order(context.session, order.id, OrderState(given.to), now=context.now)
    context.record(Act.SERVE, f"{order.id} {given.to}")
    return _with_dishes(context, _order(context))


def _order(context: Context) -> OrderSeen:
    """The order of the address, if it is this store's. Raises: ProblemError."""
    order_id = context.path["order_id"]
    order = find_placed_order(context.session, order_id) if is_id(order_id) else None
    if order is None or order.store_id != context.store.id:
        raise ProblemError(NO_SUCH_ORDER)
    return order


def _with_dishes(context: Context, order: OrderSeen) -> OrderWithDishes:
    dishes = [
        DishShown(
            name=dish.name, quantity=f"{dish.quantity:f}", unit=dish.unit, options=list(dish.options), note=dish.note, round=dish.round_no
        )
        for dish in dishes_of(context.session, order.id)
    ]
    return OrderWithDishes.model_validate({**_fields(order, context.store), "dishes": dishes})


def _fields(order: OrderSeen, store: Store) -> dict[str, object]:
    return {
        "id": order.id,
        "number": order.number,
        "channel": order.channel,
        "table": order.table_code,
        "state": order.state,
        "payment_status": order.payment_status,
        "placed_at": store.local(order.placed_at),
        "pickup_at": None if order.pickup_at is None else store.local(order.pickup_at),
    }


ENDPOINTS = (
    Endpoint("GET", "/orders", "listOrders", _TAG, "Orders under way", list_orders, OrdersShown, PageQuery),
    Endpoint("GET", _ONE, "showOrder", _TAG, "One order with its dishes", show_order, OrderWithDishes, problems=(NO_SUCH_ORDER,)),
    Endpoint(
        "POST",
        f"{_ONE}/progress",
        "moveOrder",
        _TAG,
        "How far the kitchen is",
        move_along,
        OrderWithDishes,
        Progress,
        (IllegalMoveError,),
        problems=(NO_SUCH_ORDER,),
    ),
)
