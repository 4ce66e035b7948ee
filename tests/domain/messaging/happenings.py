"""Events that only these tests have, and short ways to emit and look at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.messaging import Event, emit
from domain.messaging.deliveries import Claimed, claim
from domain.messaging.models import Delivery, OutboxEvent
from domain.storage import Database


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """Heard by "counting"."""

    name: ClassVar[str] = "test.counted"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Shouted(Event):
    """Heard by "counting" and by "shouting"."""

    name: ClassVar[str] = "test.shouted"
    words: str = "来啦🍜"


@dataclass(frozen=True, slots=True)
class Unheard(Event):
    """Heard by nobody."""

    name: ClassVar[str] = "test.unheard"


async def happen(database: Database, event: Event, *, now: datetime, due_at: datetime | None = None, key: str | None = None) -> None:
    """Emit an event in a transaction of its own."""
    await database.transaction(emit, event, now=now, due_at=due_at, key=key)


async def claimed(
    database: Database, *, now: datetime, consumer: str = "counting", limit: int = 10, lease: timedelta = timedelta(seconds=60)
) -> list[Claimed]:
    """Claim what is due."""
    return list(await database.transaction(claim, consumer, now=now, limit=limit, lease=lease))


def deliveries(session: Session) -> list[tuple[str, str]]:
    """Consumer and state of every delivery, in the order of its making."""
    rows = session.execute(select(Delivery.consumer, Delivery.state).order_by(Delivery.id)).all()
    return sorted((row[0], row[1]) for row in rows)


def the_delivery(session: Session) -> dict[str, Any]:
    """The only delivery there is."""
    row = session.execute(select(Delivery)).scalar_one()
    return {name: getattr(row, name) for name in ("state", "attempts", "due_at", "owner", "last_error", "settled_at")}


def events(session: Session) -> int:
    """How many events are kept."""
    return session.execute(select(func.count()).select_from(OutboxEvent)).scalar_one()
