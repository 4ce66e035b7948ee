"""Whenever an order is printed or over its time."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from domain.orders.absorbing import surviving_order
from domain.orders.errors import IllegalMoveError
from domain.orders.rules import OrderState
from domain.orders.service import move_order

_log = structlog.get_logger("orders")


def printed_is_accepted(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Every kitchen ticket is on paper: the kitchen has accepted the order."""
    if payload["all_kitchen_confirmed"]:
        _move(session, payload["order_id"], OrderState.ACCEPTED, now=now)


def closes_after_its_time(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Three hours after payment the order is closed."""
    _move(session, payload["order_id"], OrderState.CLOSED, now=now)


def _move(session: Session, order_id: str, to: OrderState, *, now: datetime) -> None:
    order_id = surviving_order(session, order_id)  # its table may have joined another one meanwhile
    try:
        move_order(session, order_id, to, now=now)
    except IllegalMoveError as refused:
        _log.info("order.move_refused", order_id=order_id, **refused.details)
