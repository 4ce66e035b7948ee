"""Whenever a payment comes in, or does not come."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.checkout.billing import PAYABLE
from domain.checkout.service import lapse, settle
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def settles_its_order(snapshots: SnapshotCache) -> Handler:
    """Then the order it was for is settled."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["payable_kind"] == PAYABLE:
            settle(session, snapshots.get(session), payload, now=now)

    return handle


def lapses_with_its_time(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """A bill was open as long as it may be: nobody can pay it any more, and its coupons and points are free."""
    if payload["payable_kind"] == PAYABLE:
        lapse(session, payload["payment_id"], payload["payable_id"], now=now)
