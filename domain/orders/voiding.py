"""退菜: the staff take dishes off a bill that is not paid yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.menu.portions import give_back_portions
from domain.messaging import emit
from domain.orders.cart import DRAFT
from domain.orders.errors import NothingToVoidError, TooManyVoidedError, VoidPaidError, WrongQuantityError
from domain.orders.events import OrderVoided
from domain.orders.kitchen import dish_fields, order_fields, rounds_of
from domain.orders.models import Order, OrderLine, OrderRound, OrderVoid
from domain.orders.rules import UNPAID, OrderState, PaymentStatus, may_move
from domain.orders.service import lock_order, placed_lines
from domain.shop.snapshot import ShopSnapshot
from domain.storage import insert_once

_ON_THE_TABLE = {OrderState.READY, OrderState.SERVED}  # cooked: what is taken back now cannot be sold to somebody else


def void_lines(
    session: Session,
    shop: ShopSnapshot,
    order_id: str,
    portions: Mapping[str, Decimal],
    *,
    by: str,
    reason: str,
    key: str,
    now: datetime,
) -> bool:
    """Take placed dishes off the bill, whole lines or a part of them, and tell the kitchen.

    Portions go back on sale as long as nothing of the order is ready. An order of which nothing stands any more, and
    for which nobody is choosing dishes, is cancelled. A bill that was asked for before is the caller's to withdraw.

    Args:
        portions: How much of which line, by line id.
        by: Id of the staff member.
        reason: In the staff's words; 64 characters are kept.
        key: Idempotency key of the act.

    Returns:
        False when this key was done before: nothing is voided twice.

    Raises:
        NothingToVoidError: The order is not open, or has no such line.
        VoidPaidError: It is paid; its dishes are refunded.
        TooManyVoidedError: Less stands of a line than is taken back.
        WrongQuantityError: Not a quantity the dish is sold in.

    Emits: OrderVoided.
    Source: RESTAURANT, Orders (退菜); reference peers §5.
    """
    order = lock_order(session, order_id)
    void_id = new_id(now)
    act = {
        "id": void_id,
        "key": key,
        "order_id": order_id,
        "voided_by": by,
        "reason": reason[:64],
        "lines": {line_id: str(n) for line_id, n in sorted(portions.items())},
        "voided_at": now,
    }
    if not insert_once(session, OrderVoid, act):
        return False
    before = _voidable(session, order, portions)
    for line in before:
        _void(session, shop, line, portions[line.id])
    if OrderState(order.state) not in _ON_THE_TABLE:
        assert order.business_day is not None
        give_back_portions(session, order.store_id, [(line.dish_id, portions[line.id]) for line in before], order.business_day)
    rounds = rounds_of(session, order_id)
    voided = [_dish(line, portions[line.id], rounds) for line in before]
    emit(
        session,
        OrderVoided(
            **order_fields(shop.known_stores[order.store_id], order),
            lines=voided,
            void_id=void_id,
            voided_by=by,
            reason=reason[:64],
            voided_at=now.isoformat(),
            cancelled=_cancel_if_empty(session, order_id, now=now),
        ),
        now=now,
    )
    return True


def call_back(session: Session, shop: ShopSnapshot, order_id: str, *, by: str, reason: str, key: str, now: datetime) -> None:
    """Cancel an order whose money was given back, and tell the kitchen to cook nothing of it; its portions are for sale again.

    Args:
        by, reason, key: As for `void_lines`.

    Emits: OrderVoided.
    """
    order = lock_order(session, order_id)
    lines = [line for line in placed_lines(session, order_id) if line.standing]
    rounds = rounds_of(session, order_id)
    void_id = new_id(now)
    act = {"id": void_id, "key": key, "order_id": order_id, "voided_by": by, "reason": reason[:64], "lines": {}, "voided_at": now}
    cancelled = {"state": OrderState.CANCELLED.value, "active_key": None, "closed_at": now}
    session.execute(update(Order).where(Order.id == order_id).values(**cancelled))
    if not insert_once(session, OrderVoid, act):
        return
    assert order.business_day is not None
    give_back_portions(session, order.store_id, [(line.dish_id, line.standing) for line in lines], order.business_day)
    event = OrderVoided(
        **order_fields(shop.known_stores[order.store_id], order),
        lines=[_dish(line, line.standing, rounds) for line in lines],
        void_id=void_id,
        voided_by=by,
        reason=reason[:64],
        voided_at=now.isoformat(),
        cancelled=True,
    )
    emit(session, event, now=now)


def _dish(line: OrderLine, n: Decimal, rounds: Mapping[int, OrderRound]) -> dict[str, Any]:
    placed = rounds[line.round_no]
    return dish_fields(line, n, placed.placed_at) | {"in_kitchen": placed.released_at is not None}


def _voidable(session: Session, order: Order, portions: Mapping[str, Decimal]) -> Sequence[OrderLine]:
    """The lines that are to be voided, in the order of the bill."""
    number = order.number or ""
    if PaymentStatus(order.payment_status) not in UNPAID:
        raise VoidPaidError(number=number)
    lines = [line for line in placed_lines(session, order.id) if line.id in portions]
    if not portions or len(lines) != len(portions) or not may_move(OrderState(order.state), OrderState.CANCELLED):
        raise NothingToVoidError(number=number)
    return lines


def _void(session: Session, shop: ShopSnapshot, line: OrderLine, n: Decimal) -> None:
    dish = shop.dishes.get(line.dish_id)
    step = dish.step if dish else Decimal(1)
    if n <= 0 or (n % step and n != line.standing):
        raise WrongQuantityError(dish=line.name, step=str(step), unit=line.unit, most=line.standing)
    voided = session.execute(
        update(OrderLine)
        .where(OrderLine.id == line.id, OrderLine.round_no > DRAFT, OrderLine.voided + n <= OrderLine.quantity)
        .values(voided=OrderLine.voided + n)
        .execution_options(synchronize_session=False)
    )
    if voided.rowcount != 1:  # type: ignore[attr-defined]
        raise TooManyVoidedError(dish=line.name, left=line.standing, unit=line.unit)


def _cancel_if_empty(session: Session, order_id: str, *, now: datetime) -> bool:
    """Cancel an order of which nothing stands; drafts keep it open, for the table is about to order something else."""
    cancelled = session.execute(
        update(Order)
        .where(Order.id == order_id, ~_has_lines(order_id, (OrderLine.round_no == DRAFT) | (OrderLine.voided < OrderLine.quantity)))
        .values(state=OrderState.CANCELLED.value, active_key=None, closed_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(cancelled.rowcount)  # type: ignore[attr-defined]


def _has_lines(order_id: str, such: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(OrderLine.id).where(OrderLine.order_id == order_id, such))
