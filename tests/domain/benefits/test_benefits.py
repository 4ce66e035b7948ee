"""Benefits come from levels and plans, count on their days, and end without being forgotten."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.benefits.models import Benefit
from domain.benefits.service import (
    Entitlement,
    benefits_of,
    end_benefits,
    entitle,
    entitle_by_level,
    is_entitled,
    level_floor,
    merge_benefits,
)
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.shop.brand import Level
from domain.storage import Database
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
PLAIN = Level("普通", Fen(0), 0, ())
SILVER = Level("白银", Fen(500_00), 3, ("birthday_dessert",))
GOLD = Level("黄金", Fen(2000_00), 12, ("birthday_dessert", "priority_queue"))
LEVELS = (PLAIN, SILVER, GOLD)


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


@pytest.fixture
async def other(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o2", now=clock.now())


def _rows(session):
    columns = select(Benefit.kind, Benefit.starts_on, Benefit.ends_on).order_by(Benefit.starts_on, Benefit.id)
    return [tuple(row) for row in session.execute(columns)]


async def _kinds(database: Database, diner: str, day: date) -> set[str]:
    return {given.kind for given in await database.read(benefits_of, diner, day)}


async def test_a_benefit_counts_from_its_first_day_and_not_on_the_day_it_ends(
    database: Database, clock: SettableClock, diner: str, other: str
) -> None:
    end = date(2026, 12, 21)
    await database.transaction(
        entitle, diner, "free_delivery", source="plan:P1", starts_on=TODAY, ends_on=end, key="P1:1:free_delivery", now=clock.now()
    )

    days = (TODAY - timedelta(days=1), TODAY, end - timedelta(days=1), end)
    assert [await database.read(is_entitled, diner, "free_delivery", day) for day in days] == [False, True, True, False]
    assert await database.read(benefits_of, diner, TODAY) == (Entitlement("free_delivery", "", "plan:P1", TODAY, end),)
    assert not await database.read(is_entitled, diner, "priority_queue", TODAY)
    assert not await database.read(is_entitled, other, "free_delivery", TODAY)


async def test_a_key_entitles_once_however_often_it_is_used(database: Database, clock: SettableClock, diner: str) -> None:
    def once(session):
        return entitle(session, diner, "free_delivery", source="plan:P1", starts_on=TODAY, ends_on=None, key="P1:1", now=clock.now())

    entitled = await asyncio.gather(*(database.transaction(once) for _ in range(20)))

    assert entitled.count(True) == 1
    assert len(await database.read(benefits_of, diner, TODAY)) == 1


async def test_ending_a_plan_ends_what_it_gives_and_nothing_else(database: Database, clock: SettableClock, diner: str) -> None:
    future = TODAY + timedelta(days=30)

    def begin(session):
        now = clock.now()
        entitle(session, diner, "free_delivery", source="plan:P1", starts_on=TODAY, ends_on=future, key="P1:1", now=now)
        entitle(session, diner, "free_delivery", source="plan:P1", starts_on=future, ends_on=None, key="P1:2", now=now)
        entitle(session, diner, "priority_queue", source="plan:P2", starts_on=TODAY, ends_on=None, key="P2:1", now=now)

    await database.transaction(begin)

    assert await database.transaction(end_benefits, diner, source="plan:P1", on=TOMORROW) == 2
    assert await database.transaction(end_benefits, diner, source="plan:P1", on=TOMORROW + timedelta(days=1)) == 0
    assert await _kinds(database, diner, TODAY) == {"free_delivery", "priority_queue"}
    assert await _kinds(database, diner, TOMORROW) == {"priority_queue"}
    assert await _kinds(database, diner, future) == {"priority_queue"}


async def test_a_level_gives_what_it_says_and_a_lower_one_ends_the_rest(database: Database, clock: SettableClock, diner: str) -> None:
    now = clock.now()
    assert await database.transaction(entitle_by_level, diner, GOLD, day=TODAY, now=now)
    assert not await database.transaction(entitle_by_level, diner, GOLD, day=TOMORROW, now=now)
    assert await _kinds(database, diner, TOMORROW) == {"birthday_dessert", "priority_queue"}

    later = TODAY + timedelta(days=100)
    assert await database.transaction(entitle_by_level, diner, SILVER, day=later, now=now)

    assert await _kinds(database, diner, later - timedelta(days=1)) == {"birthday_dessert", "priority_queue"}
    assert await _kinds(database, diner, later) == {"birthday_dessert"}
    assert await database.read(_rows) == [("birthday_dessert", TODAY, None), ("priority_queue", TODAY, later)]


async def test_a_level_lost_and_reached_again_on_one_day_counts_again(database: Database, clock: SettableClock, diner: str) -> None:
    for level in (SILVER, PLAIN, SILVER, PLAIN, SILVER):
        await database.transaction(entitle_by_level, diner, level, day=TODAY, now=clock.now())

    assert await _kinds(database, diner, TODAY) == {"birthday_dessert"}
    assert await database.read(_rows) == [*[("birthday_dessert", TODAY, TODAY)] * 2, ("birthday_dessert", TODAY, None)]


async def test_a_level_does_not_touch_what_a_plan_gives(database: Database, clock: SettableClock, diner: str) -> None:
    await database.transaction(
        entitle, diner, "birthday_dessert", source="plan:P1", starts_on=TODAY, ends_on=None, key="P1:1", now=clock.now()
    )
    await database.transaction(entitle_by_level, diner, SILVER, day=TODAY, now=clock.now())
    await database.transaction(entitle_by_level, diner, PLAIN, day=TOMORROW, now=clock.now())

    assert [given.source for given in await database.read(benefits_of, diner, TOMORROW)] == ["plan:P1"]


async def test_many_reviews_of_one_level_at_once_entitle_once(database: Database, clock: SettableClock, diner: str) -> None:
    await asyncio.gather(*(database.transaction(entitle_by_level, diner, GOLD, day=TODAY, now=clock.now()) for _ in range(20)))

    assert sorted(await database.read(_rows)) == [("birthday_dessert", TODAY, None), ("priority_queue", TODAY, None)]


async def test_the_highest_level_that_a_plan_lends_is_the_floor(database: Database, clock: SettableClock, diner: str) -> None:
    def lend(session):
        for number, name in enumerate(("黄金", "白银", "钻石")):  # the brand has no 钻石
            entitle(
                session,
                diner,
                "level",
                source=f"plan:P{number}",
                starts_on=TODAY,
                ends_on=TOMORROW,
                key=f"P{number}",
                now=clock.now(),
                value=name,
            )

    await database.transaction(lend)

    assert await database.read(level_floor, diner, TODAY, levels=LEVELS) == "黄金"
    assert await database.read(level_floor, diner, TOMORROW, levels=LEVELS) is None


async def test_a_merged_diner_keeps_both_and_the_next_review_leaves_one_of_a_kind(
    database: Database, clock: SettableClock, diner: str, other: str
) -> None:
    await database.transaction(entitle_by_level, diner, GOLD, day=TODAY, now=clock.now())
    await database.transaction(entitle_by_level, other, SILVER, day=TODAY, now=clock.now())

    await database.transaction(merge_benefits, other, diner)
    assert len(await database.read(benefits_of, diner, TODAY)) == 3
    assert await database.read(benefits_of, other, TODAY) == ()

    await database.transaction(entitle_by_level, diner, GOLD, day=TOMORROW, now=clock.now())
    assert sorted(given.kind for given in await database.read(benefits_of, diner, TOMORROW)) == ["birthday_dessert", "priority_queue"]

    await database.transaction(entitle_by_level, diner, PLAIN, day=TOMORROW, now=clock.now())
    await database.transaction(entitle_by_level, diner, GOLD, day=TOMORROW, now=clock.now())
    assert await _kinds(database, diner, TOMORROW) == {"birthday_dessert", "priority_queue"}
