"""Points are earned once an order, rounded down, and the balance is the sum of its entries."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import func, select

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.points.models import PointsEntry, PointsLot
from domain.points.rules import expires_on, points_for
from domain.points.service import balance_of, earn_points
from domain.storage import Database
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


@pytest.mark.parametrize(("fen", "points"), [(0, 0), (999, 0), (1000, 1), (9400, 9), (-5000, 0)])
def test_one_point_for_ten_yuan_rounded_down(fen: int, points: int) -> None:
    assert points_for(Fen(fen)) == points


def test_points_are_good_for_365_business_days() -> None:
    assert expires_on(date(2027, 3, 1)) == date(2028, 2, 29)


async def test_an_order_earns_once_however_often_it_is_told(database: Database, clock: SettableClock, diner: str) -> None:
    def earn(session):
        return earn_points(session, diner, 9, order_id="O1", business_day=TODAY, life_days=365, now=clock.now())

    earned = await asyncio.gather(*(database.transaction(earn) for _ in range(20)), return_exceptions=True)

    assert earned.count(True) == 1
    assert await database.read(balance_of, diner) == 9


async def test_the_balance_is_the_sum_of_lots_and_of_entries(database: Database, clock: SettableClock, diner: str) -> None:
    def earn(session, number: int):
        earn_points(session, diner, number, order_id=f"O{number}", business_day=TODAY, life_days=365, now=clock.now())

    await asyncio.gather(*(database.transaction(earn, number) for number in range(1, 31)))

    def sums(session):
        lots = session.execute(select(func.sum(PointsLot.remaining))).scalar()
        entries = session.execute(select(func.sum(PointsEntry.delta))).scalar()
        return int(lots), int(entries), balance_of(session, diner)

    assert set(await database.read(sums)) == {sum(range(1, 31))}


async def test_nothing_is_written_for_no_points(database: Database, clock: SettableClock, diner: str) -> None:
    earned = await database.transaction(earn_points, diner, 0, order_id="O1", business_day=TODAY, life_days=365, now=clock.now())
    assert not earned
    assert await database.read(balance_of, diner) == 0
