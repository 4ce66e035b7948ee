"""One order takes in all of another: its drafts, its rounds and its lines. Nothing is cooked twice, no line is lost or doubled."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.orders.cart import DRAFT
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.rules import OrderState

OVER = (OrderState.CLOSED.value, OrderState.CANCELLED.value)
"""States of orders that nothing happens to any more."""

_ORDER = (
    Order.id,
    Order.store_id,
    Order.session_id,
    Order.table_code,
    Order.active_key,
    Order.diner_id,
    Order.state,
    Order.payment_status,
    Order.number,
    Order.business_day,
    Order.rounds,
    Order.placed_at,
    Order.split_from,
)
_WAY = list(OrderState)


def lock_orders(session: Session, order_ids: Iterable[str]) -> dict[str, RowMapping]:
    """What stands of these orders, their rows locked in the order of their ids."""
    rows = (session.execute(select(*_ORDER).where(Order.id == order_id).with_for_update()) for order_id in sorted(set(order_ids)))
    return {row["id"]: row for result in rows for row in result.mappings()}


def absorb(session: Session, source: RowMapping, target: RowMapping, *, now: datetime) -> None:
    """Put all of one unpaid order into another; the one that is empty then is cancelled, with a note of where it went.

    A round that both have, because they were split, is one round again. The others come after the target's, released where
    they were. The target is as far on its way as the part of both that is least far. The caller has locked both,
    and sees that the target has a number where the source has one. Bills that were asked for stand until they are withdrawn.

    Args:
        source: As `lock_orders` found it, like `target`.
    """
    known = {_same(row): row["round_no"] for row in _rounds(session, target["id"])}
    last = target["rounds"]
    _move_lines(session, source["id"], target["id"], DRAFT, DRAFT)
    for row in _rounds(session, source["id"]):
        old = (OrderRound.order_id == source["id"], OrderRound.round_no == row["round_no"])
        to = known.get(_same(row))
        if to is None:
            to = last = last + 1
            session.execute(insert(OrderRound), {**row, "order_id": target["id"], "round_no": to})
        session.execute(delete(OrderRound).where(*old))
        _move_lines(session, source["id"], target["id"], row["round_no"], to)
    states = [OrderState(order["state"]) for order in (source, target) if order["placed_at"] is not None]
    state = min(states, key=_WAY.index, default=OrderState.CART)
    session.execute(
        update(Order).where(Order.id == target["id"]).values(rounds=last, draft_version=Order.draft_version + 1, state=state.value)
    )
    session.execute(
        update(Order)
        .where(Order.id == source["id"])
        .values(
            state=OrderState.CANCELLED.value,
            active_key=None,
            merged_into=target["id"],
            draft_version=Order.draft_version + 1,
            closed_at=now,
        )
    )
    session.execute(update(Order).where(Order.split_from == source["id"], Order.id != target["id"]).values(split_from=target["id"]))


def surviving_order(session: Session, order_id: str) -> str:
    """Where the dishes of an order stand now: the order itself, or the one that it went up in, however often."""
    while True:
        further = session.execute(select(Order.merged_into).where(Order.id == order_id)).scalar()
        if further is None:
            return order_id
        order_id = further


def _rounds(session: Session, order_id: str) -> list[RowMapping]:
    rounds = select(*OrderRound.__table__.columns).where(OrderRound.order_id == order_id).order_by(OrderRound.round_no)
    return list(session.execute(rounds).mappings())


def _same(row: RowMapping) -> tuple[Any, ...]:
    """What tells one round from another, wherever it stands: one diner places once in an instant."""
    return tuple(value for name, value in sorted(row.items()) if name not in {"order_id", "round_no"})


def _move_lines(session: Session, source_id: str, target_id: str, round_no: int, to: int) -> None:
    session.execute(
        update(OrderLine).where(OrderLine.order_id == source_id, OrderLine.round_no == round_no).values(order_id=target_id, round_no=to)
    )
