"""Whenever a payment comes in."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.checkout.service import PAYABLE, settle
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def settles_its_order(snapshots: SnapshotCache) -> Handler:
    """Then the order it was for is settled."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["payable_kind"] == PAYABLE:
            settle(session, snapshots.get(session), payload, now=now)

    return handle
