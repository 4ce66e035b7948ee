"""When the kitchen cooks: a round that waits (叫起) is fired (起菜), and a table that has waited too long calls (催菜)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from domain.messaging import emit
from domain.orders.errors import NothingToFireError, NothingToRushError, RushedAlreadyError
from domain.orders.events import OrderFired, OrderRushed
from domain.orders.kitchen import order_fields, rounds_of, standing_dishes
from domain.orders.models import Order, OrderRound
from domain.orders.rules import RUSH_AGAIN_AFTER, FireState, OrderState
from domain.orders.service import lock_order, placed_lines
from domain.shop.snapshot import ShopSnapshot

_IN_THE_KITCHEN = {OrderState.PLACED, OrderState.ACCEPTED, OrderState.COOKING}
_MINUTE = timedelta(minutes=1)


def fire_round(session: Session, shop: ShopSnapshot, order_id: str, round_no: int | None = None, *, now: datetime) -> Sequence[int]:
    """Let the kitchen cook a round that waits, each exactly once.

    A round that waits for the money too is cooked as soon as it is paid.

    Args:
        round_no: Which round; None for all that wait.

    Returns:
        The numbers of the rounds that were fired.

    Raises:
        NothingToFireError: No such round waits.

    Emits: OrderFired for each that the kitchen has.
    Source: RESTAURANT, Orders (course firing, 叫起/起菜).
    """
    order = lock_order(session, order_id)
    rounds = rounds_of(session, order_id)
    live = OrderState(order.state) not in {OrderState.CLOSED, OrderState.CANCELLED}
    waiting = [no for no, each in rounds.items() if live and each.fire_state == FireState.WAITING and round_no in {None, no}]
    fired = [no for no in waiting if _fire(session, order_id, no)]
    if not fired:
        raise NothingToFireError(number=order.number or "")
    lines = placed_lines(session, order_id)
    for no in fired:
        dishes = standing_dishes((line for line in lines if line.round_no == no), rounds)
        if rounds[no].released_at is None or not dishes:
            continue
        emit(
            session,
            OrderFired(
                **order_fields(shop.known_stores[order.store_id], order),
                lines=dishes,
                round_no=no,
                placed_at=rounds[no].placed_at.isoformat(),
                fired_at=now.isoformat(),
            ),
            now=now,
        )
    return fired


def rush_order(
    session: Session, shop: ShopSnapshot, order_id: str, *, line_ids: Collection[str] | None = None, now: datetime
) -> Sequence[str]:
    """Call the kitchen for dishes that are not there yet. Once in five minutes for an order, whoever calls.

    Args:
        line_ids: Which dishes; None for all that are being cooked.

    Returns:
        The names of the dishes that are hurried.

    Raises:
        NothingToRushError: None of them is being cooked.
        RushedAlreadyError: The kitchen was called less than five minutes ago.

    Emits: OrderRushed.
    Source: RESTAURANT, Orders (rush, 催菜).
    """
    order = lock_order(session, order_id)
    rounds = rounds_of(session, order_id)
    cooking = {no for no, each in rounds.items() if each.released_at is not None and each.fire_state == FireState.FIRED}
    wanted = [line for line in placed_lines(session, order_id) if line.round_no in cooking and (line_ids is None or line.id in line_ids)]
    dishes = standing_dishes(wanted, rounds)
    if not dishes or OrderState(order.state) not in _IN_THE_KITCHEN:
        raise NothingToRushError(number=order.number or "")
    rushed = session.execute(
        update(Order)
        .where(Order.id == order_id, or_(Order.rushed_at.is_(None), Order.rushed_at <= now - RUSH_AGAIN_AFTER))
        .values(rushes=Order.rushes + 1, rushed_at=now)
        .execution_options(synchronize_session=False)
    )
    if rushed.rowcount != 1:  # type: ignore[attr-defined]
        assert order.rushed_at is not None
        raise RushedAlreadyError(number=order.number or "", minutes=-((now - order.rushed_at - RUSH_AGAIN_AFTER) // _MINUTE))
    emit(
        session,
        OrderRushed(
            **order_fields(shop.known_stores[order.store_id], order), lines=dishes, times=order.rushes + 1, rushed_at=now.isoformat()
        ),
        now=now,
    )
    return [dish["name"] for dish in dishes]


def _fire(session: Session, order_id: str, round_no: int) -> bool:
    fired = session.execute(
        update(OrderRound)
        .where(OrderRound.order_id == order_id, OrderRound.round_no == round_no, OrderRound.fire_state == FireState.WAITING.value)
        .values(fire_state=FireState.FIRED.value)
        .execution_options(synchronize_session=False)
    )
    return bool(fired.rowcount)  # type: ignore[attr-defined]
