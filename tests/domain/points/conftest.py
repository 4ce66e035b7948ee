"""Two members, and what can happen to their points, told shortly."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from domain.members.models import Diner
from domain.points.proof import prove_points
from domain.points.rules import LIFE_DAYS, Reason
from domain.points.service import (
    Movement,
    Points,
    Reversal,
    balance_of,
    capture_hold,
    credit_points,
    earn_points,
    expire_points,
    hold_points,
    merge_points,
    points_of,
    release_hold,
    return_points,
    reverse_earning,
    spend_points,
    statement,
)
from domain.storage import Database
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)
WANG, LI = "diner-wang", "diner-li"


@dataclass
class Book:
    """The points of two members on the business day `day`; each call is a transaction of its own."""

    database: Database
    clock: SettableClock
    day: date = field(default=TODAY)

    async def earn(self, points: int, order: str, *, who: str = WANG, life: int = LIFE_DAYS) -> bool:
        return await self._do(earn_points, who, points, order_id=order, business_day=self.day, life_days=life)

    async def credit(self, points: int, key: str, *, who: str = WANG, life: int = LIFE_DAYS) -> bool:
        return await self._do(credit_points, who, points, reason=Reason.GRANTED, key=key, day=self.day, life_days=life)

    async def hold(self, points: int, key: str, *, who: str = WANG) -> None:
        await self._do(hold_points, who, points, key=key, day=self.day)

    async def release(self, key: str) -> int:
        return await self._do(release_hold, key)

    async def capture(self, key: str) -> int:
        return await self._do(capture_hold, key, reason=Reason.SPENT, order_id=key)

    async def spend(self, points: int, key: str, *, who: str = WANG) -> bool:
        return await self._do(spend_points, who, points, reason=Reason.EXCHANGED, key=key, day=self.day)

    async def give_back(self, hold: str, points: int, key: str) -> int:
        return await self._do(return_points, hold, points, key=key, day=self.day)

    async def reverse(self, order: str, points: int, key: str) -> Reversal:
        return await self._do(reverse_earning, order, points, key=key)

    async def expire(self, limit: int = 500) -> int:
        return await self._do(expire_points, self.day, limit=limit)

    async def merge(self, source: str, target: str) -> None:
        await self._do(merge_points, source, target)

    async def balance(self, who: str = WANG) -> int:
        return await self.database.read(balance_of, who)

    async def points(self, who: str = WANG) -> Points:
        return await self.database.read(points_of, who, day=self.day)

    async def movements(self, who: str = WANG) -> list[tuple[Reason, int, int]]:
        """(reason, points, owed), newest first."""
        return [(movement.reason, movement.points, movement.owed) for movement in await self.statement(who, limit=100)]

    async def statement(self, who: str = WANG, *, limit: int = 10, before: str | None = None) -> list[Movement]:
        return await self.database.read(statement, who, limit=limit, before=before)

    async def is_proven(self) -> bool:
        return await self.database.read(prove_points) == []

    def days_go_by(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.clock.advance(days=days)

    async def _do(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(act, *args, **kwargs, now=self.clock.now())


@pytest.fixture
async def book(database: Database, clock: SettableClock) -> Book:
    members = [{"id": diner, "following": True, "met_at": clock.now(), "followed_at": clock.now()} for diner in (WANG, LI)]
    await database.transaction(lambda session: session.execute(insert(Diner), members))
    return Book(database, clock)
