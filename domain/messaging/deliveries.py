"""Claim, fence, settle, retry: the life of one delivery, as short transactions.

A claim is a lease: `owner` is a fence that a worker paused for too long no longer holds.
Source: reference infra §1 (chaos-tested design).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.messaging.models import Delivery, DeliveryState, OutboxEvent

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 600.0


class LostLeaseError(DomainError):
    """Another worker holds the delivery now: nothing of ours may be kept."""

    code = "messaging.lost_lease"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in our hands until the lease ends."""

    id: str
    owner: str
    event_id: str
    event: str
    payload: dict[str, Any]
    attempts: int

    def settle(self, session: Session, *, now: datetime) -> None:
        """Mark it done in the transaction that holds its effects.

        Raises:
            LostLeaseError: The lease went to someone else; the caller's transaction rolls back.
        """
        settled = session.execute(
            update(Delivery)
            .where(Delivery.id == self.id, Delivery.owner == self.owner, Delivery.state == DeliveryState.PENDING)
            .values(state=DeliveryState.DONE, owner=None, settled_at=now)
        )
        if settled.rowcount != 1:  # type: ignore[attr-defined]
            raise LostLeaseError


def has_due(session: Session, consumer: str, *, now: datetime) -> bool:
    """Whether a claim would find something. Cheap, takes no lock."""
    due = exists().where(Delivery.consumer == consumer, Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now)
    return bool(session.execute(select(due)).scalar())


def claim(session: Session, consumer: str, *, now: datetime, limit: int, lease: timedelta = LEASE) -> Sequence[Claimed]:
    """Lease the deliveries that are due, oldest first; rows that others hold are skipped.

    One whose last of MAX_ATTEMPTS leases ran out unsettled is dead: it may be what ends its workers.
    """
    due = session.execute(
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.consumer == consumer, Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    worn_out = [delivery_id for delivery_id, attempts in due if attempts >= MAX_ATTEMPTS]
    if worn_out:
        buried = {"state": DeliveryState.DEAD, "owner": None, "last_error": "lease ended"}
        session.execute(update(Delivery).where(Delivery.id.in_(worn_out)).values(buried))
    ids = [delivery_id for delivery_id, attempts in due if attempts < MAX_ATTEMPTS]
    if not ids:
        return []
    owner = new_id(now)
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(owner=owner, due_at=now + lease, attempts=Delivery.attempts + 1))
    rows = session.execute(
        select(Delivery.id, Delivery.attempts, OutboxEvent.id, OutboxEvent.name, OutboxEvent.payload)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .where(Delivery.owner == owner, Delivery.id.in_(ids))
    ).all()
    found = {row[0]: Claimed(row[0], owner, row[2], row[3], row[4], row[1]) for row in rows}
    return [found[delivery_id] for delivery_id in ids if delivery_id in found]


def retry_delay(attempts: int) -> timedelta:
    """Doubling, with jitter, from one second to ten minutes."""
    longest = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** (attempts - 1))
    return timedelta(seconds=random.uniform(longest / 2, longest))


def put_back(session: Session, claimed: Claimed, *, error: str, now: datetime, due_at: datetime | None = None) -> bool:
    """Give a delivery back after a failure: later again, or dead after MAX_ATTEMPTS.

    Args:
        error: Class and code only, never words of a person.
        due_at: When to try again, as the consumer asked, which is no failure; by `retry_delay` when None.

    Returns:
        True when the delivery is dead now and a person must look.
    """
    dead = claimed.attempts >= MAX_ATTEMPTS and due_at is None
    session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.owner == claimed.owner, Delivery.state == DeliveryState.PENDING)
        .values(
            state=DeliveryState.DEAD if dead else DeliveryState.PENDING,
            owner=None,
            due_at=due_at or now + retry_delay(claimed.attempts),
            attempts=claimed.attempts if due_at is None else claimed.attempts - 1,
            last_error=error[:200],
        )
    )
    return dead


def backlog(session: Session, *, now: datetime) -> dict[str, tuple[int, float]]:
    """For each consumer: how many deliveries are due, and the age of the oldest in seconds."""
    rows = session.execute(
        select(Delivery.consumer, func.count(), func.min(Delivery.due_at))
        .where(Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now)
        .group_by(Delivery.consumer)
    ).all()
    return {consumer: (count, (now - oldest).total_seconds()) for consumer, count, oldest in rows}


def dead_count(session: Session) -> int:
    """How many deliveries were given up."""
    return session.execute(select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.DEAD)).scalar_one()
