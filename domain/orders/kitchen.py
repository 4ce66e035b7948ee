"""What the kitchen is told about an order: the fields that its events share, and the dishes as a cook reads them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.orders.models import Order, OrderLine, OrderRound
from domain.shop.store import Store

_ROUNDS = (
    select(OrderRound)
    .where(OrderRound.order_id == bindparam("order_id"))
    .order_by(OrderRound.round_no)
    .execution_options(populate_existing=True)
)


def rounds_of(session: Session, order_id: str) -> Mapping[int, OrderRound]:
    """The rounds of an order by number, as the database has them now."""
    found = session.execute(_ROUNDS, {"order_id": order_id})
    return {each.round_no: each for each in found.scalars()}


def order_fields(store: Store, order: Order, *, pickup_at: datetime | None = None) -> dict[str, Any]:
    """The fields of a KitchenEvent, but for its lines.

    Args:
        pickup_at: When a takeaway is fetched that has no time of its own.
    """
    assert order.number is not None
    fetched_at = order.pickup_at or pickup_at
    return {
        "order_id": order.id,
        "store_id": store.id,
        "store_name": store.name,
        "number": order.number,
        "channel": order.channel,
        "table_code": order.table_code,
        "guests": None,
        "zone": store.timezone,
        "pickup_at": fetched_at.isoformat() if fetched_at else None,
    }


def dish_fields(line: OrderLine, quantity: Decimal, placed_at: datetime) -> dict[str, Any]:
    """A line of a KitchenEvent: so much of a dish, and how it is made."""
    return {
        "line_id": line.id,
        "dish_id": line.dish_id,
        "name": line.name,
        "quantity": str(quantity),
        "unit": line.unit,
        "station": line.station,
        "options": list(line.options),
        "note": line.note,
        "round_no": line.round_no,
        "placed_at": placed_at.isoformat(),
    }


def standing_dishes(lines: Iterable[OrderLine], rounds: Mapping[int, OrderRound]) -> list[dict[str, Any]]:
    """The lines of a KitchenEvent for all that stands of some lines."""
    return [dish_fields(line, line.standing, rounds[line.round_no].placed_at) for line in lines if line.standing > 0]
