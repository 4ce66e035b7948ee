"""Whenever an order is paid, printed or over its time."""

from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from domain.messaging.worker import Handler
from domain.orders.errors import IllegalMoveError
from domain.orders.rules import OrderState
from domain.orders.service import move_order
from domain.points.service import earn_points
from domain.shop.snapshot import SnapshotCache

_log = structlog.get_logger("orders")


def paid_earns_points(snapshots: SnapshotCache) -> Handler:
    """Paid: the member who paid earns points."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        earn_points(
            session,
            payload["diner_id"],
            payload["points"],
            order_id=payload["order_id"],
            business_day=date.fromisoformat(payload["business_day"]),
            life_days=snapshots.get(session).brand.points_expire_days,
            now=now,
        )

    return handle


def printed_is_accepted(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Every kitchen ticket is on paper: the kitchen has accepted the order."""
    if payload["all_kitchen_confirmed"]:
        _move(session, payload["order_id"], OrderState.ACCEPTED, now=now)


def closes_after_its_time(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Three hours after payment the order is closed."""
    _move(session, payload["order_id"], OrderState.CLOSED, now=now)


def _move(session: Session, order_id: str, to: OrderState, *, now: datetime) -> None:
    try:
        move_order(session, order_id, to, now=now)
    except IllegalMoveError as refused:
        _log.info("order.move_refused", order_id=order_id, **refused.details)
