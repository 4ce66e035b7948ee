"""Waiting until the programs have done everything that is due by the clock."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.messaging.models import Delivery
from domain.storage import open_database
from haowei.routing import ROUTES

_WITHIN_S = 45.0


def due_or_leased(session: Session, now: datetime) -> Sequence[Any]:
    """(consumer, owner, due_at) of what is due, or in somebody's hands."""
    waits = (Delivery.state == "pending", or_(Delivery.due_at <= now, Delivery.owner.is_not(None)))
    return session.execute(select(Delivery.consumer, Delivery.owner, Delivery.due_at).where(*waits)).all()


async def worked_off(url: str, clock: Clock) -> None:
    """Wait until nothing is due and nobody has anything in hand.

    Raises:
        TimeoutError: Something stays due.
    """
    database = open_database(url, routes=ROUTES)
    try:
        async with asyncio.timeout(_WITHIN_S):
            while await database.read(due_or_leased, clock.now()):
                await asyncio.sleep(0.05)
    finally:
        await database.close()
