"""The orders of a store that are not over, for who looks at the whole floor or the kitchen. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from domain.orders.models import Order, OrderLine
from domain.orders.rules import Channel, OrderState, PaymentStatus

_UNDER_WAY = tuple(
    state.value for state in (OrderState.PLACED, OrderState.ACCEPTED, OrderState.COOKING, OrderState.READY, OrderState.SERVED)
)


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as it stood when it was read. Attributes: number: As people say it."""

    id: str
    store_id: str
    number: str
    channel: Channel
    session_id: str | None
    table_code: str | None
    state: OrderState
    payment_status: PaymentStatus
    placed_at: datetime
    pickup_at: datetime | None


@dataclass(frozen=True, slots=True)
class DishSeen:
    """A dish of an order. Attributes: quantity: What stands of it, without what was taken back."""

    name: str
    quantity: Decimal
    unit: str
    options: tuple[str, ...]
    note: str
    round_no: int


def orders_under_way(session: Session, store_id: str, *, since: date) -> Sequence[OrderSeen]:
    """Every order of a store that was placed and is neither closed nor cancelled, the oldest first.

    Args:
        since: The first business day that is looked at; an order is closed by itself after three hours.
    """
    here = _ORDERS.where(Order.store_id == store_id, Order.business_day >= since, Order.state.in_(_UNDER_WAY))
    return _read(session, here.order_by(Order.placed_at, Order.id))


def find_placed_order(session: Session, order_id: str) -> OrderSeen | None:
    """A placed order, whatever became of it; None when there is no such one, or it still is a cart."""
    return next(iter(_read(session, _ORDERS.where(Order.id == order_id))), None)


def dishes_of(session: Session, order_id: str) -> Sequence[DishSeen]:
    """What stands of an order's placed dishes, round by round."""
    lines = (
        select(OrderLine)
        .where(OrderLine.order_id == order_id, OrderLine.round_no > 0, OrderLine.quantity > OrderLine.voided)
        .order_by(OrderLine.round_no, OrderLine.added_at, OrderLine.id)
        .execution_options(populate_existing=True)
    )
    return [
        DishSeen(line.name, line.standing, line.unit, tuple(str(option) for option in line.options), line.note, line.round_no)
        for line in session.execute(lines).scalars()
    ]


_ORDERS = select(
    Order.id,
    Order.store_id,
    Order.number,
    Order.channel,
    Order.session_id,
    Order.table_code,
    Order.state,
    Order.payment_status,
    Order.placed_at,
    Order.pickup_at,
).where(Order.number.is_not(None), Order.placed_at.is_not(None), Order.merged_into.is_(None))


def _read(session: Session, orders: Executable) -> list[OrderSeen]:
    return [
        OrderSeen(row[0], row[1], row[2], Channel(row[3]), row[4], row[5], OrderState(row[6]), PaymentStatus(row[7]), row[8], row[9])
        for row in session.execute(orders).all()
    ]
