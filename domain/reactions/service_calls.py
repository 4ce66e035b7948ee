"""Whenever nobody takes a service call in time."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.messaging.worker import Handler
from domain.service_calls.listing import get_call
from domain.service_calls.service import escalate
from domain.shop.snapshot import SnapshotCache


def calls_louder(snapshots: SnapshotCache) -> Handler:
    """Three minutes have passed, or six: the house hears a call again that nobody has taken."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        call = get_call(session, payload["call_id"])
        escalate(session, snapshots.get(session).known_stores[call.store_id], call.id, payload["times"], now=now)

    return handle
