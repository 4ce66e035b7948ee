"""The statements of placing and releasing a round, built once: a placing has about twenty."""

from sqlalchemy import bindparam, func, insert, select, update

from domain.orders.cart import DRAFT
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.rules import OrderState
from domain.storage import Prepared, UtcDateTime

NUMBERED = Prepared(select(Order.number, Order.business_day).where(Order.id == bindparam("of")))
PLACE = Prepared(
    update(Order)
    .where(Order.id == bindparam("of"), Order.draft_version == bindparam("seen"), Order.active_key.is_not(None))
    .values(
        draft_version=bindparam("next_version"),
        rounds=bindparam("last_round"),
        number=bindparam("given_number"),
        business_day=bindparam("day"),
        placed_at=func.coalesce(Order.placed_at, bindparam("now", type_=UtcDateTime)),
        state=OrderState.PLACED.value,
        pickup_at=func.coalesce(bindparam("fetched_at", type_=UtcDateTime), Order.pickup_at),
    )
)
PLACE_LINE = Prepared(
    update(OrderLine)
    .where(OrderLine.id == bindparam("of"), OrderLine.round_no == DRAFT)
    .values(
        round_no=bindparam("in_round"),
        unit_price_fen=bindparam("price"),
        member_price_fen=bindparam("price_of_members"),
        packaging_fen=bindparam("packaging"),
    )
)
ADD_ROUND = Prepared(insert(OrderRound.__table__))  # type: ignore[arg-type]
RELEASE = Prepared(
    update(OrderRound)
    .where(OrderRound.order_id == bindparam("of"), OrderRound.round_no == bindparam("number"), OrderRound.released_at.is_(None))
    .values(released_at=bindparam("now"))
)
ORDER = select(Order).where(Order.id == bindparam("of")).execution_options(populate_existing=True)
PLACED_LINES = (
    select(OrderLine)
    .where(OrderLine.order_id == bindparam("of"), OrderLine.round_no > DRAFT)
    .order_by(OrderLine.round_no, OrderLine.added_at, OrderLine.id)
    .execution_options(populate_existing=True)
)
