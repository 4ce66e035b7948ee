"""Levels follow the last 12 months: up at once, down by night or refund, told once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.kernel.money import Fen
from domain.members.levels import level_of, members_to_review, record_spending, reduce_spending, standing, update_level
from domain.members.models import MemberSpending
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import TODAY, events, new_diner, new_member, spend
from tests.domain.members.test_rules import LEVELS


async def test_the_window_starts_after_the_same_day_of_last_year(database: Database, clock: SettableClock, member: str) -> None:
    def orders(session):
        spend(session, member, "O1", 100, now=clock.now(), day=date(2025, 11, 21))
        spend(session, member, "O2", 200, now=clock.now(), day=date(2025, 11, 22))
        spend(session, member, "O3", 400, now=clock.now(), day=TODAY)
        spend(session, member, "O4", 800, now=clock.now(), day=TODAY + timedelta(days=1))

    await database.transaction(orders)
    found = await database.read(standing, member, LEVELS, day=TODAY)
    assert (found.spend_fen, found.visits, found.level) == (60000, 2, "白银")


async def test_the_orders_of_one_table_and_day_are_one_visit(database: Database, clock: SettableClock, member: str) -> None:
    def orders(session):
        for n in range(4):
            spend(session, member, f"O{n}", 10, now=clock.now(), visit="S1")
        spend(session, member, "O5", 10, now=clock.now(), visit="S1", day=TODAY - timedelta(days=1))
        spend(session, member, "O6", 0, now=clock.now())  # paid by a gift wholly

    await database.transaction(orders)
    found = await database.read(standing, member, LEVELS, day=TODAY)
    assert (found.spend_fen, found.visits) == (5000, 2)


async def test_an_order_counts_once_however_often_it_is_told(database: Database, clock: SettableClock, member: str) -> None:
    counted = await asyncio.gather(*(database.transaction(spend, member, "O1", 100, now=clock.now()) for _ in range(20)))
    assert counted.count(True) == 1
    assert (await database.read(standing, member, LEVELS, day=TODAY)).spend_fen == 10000


async def test_nothing_is_kept_of_who_is_no_member(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(new_diner, "oGuest", now=clock.now())
    assert not await database.transaction(spend, diner, "O1", 100, now=clock.now())
    assert await database.read(lambda session: session.execute(select(MemberSpending.order_id)).all()) == []


async def test_a_refund_lowers_what_counts_and_wholly_refunded_is_no_visit(database: Database, clock: SettableClock, member: str) -> None:
    await database.transaction(spend, member, "O1", 100, now=clock.now())

    assert await database.transaction(reduce_spending, "O1", Fen(4000))
    found = await database.read(standing, member, LEVELS, day=TODAY)
    assert (found.spend_fen, found.visits) == (6000, 1)

    assert await database.transaction(reduce_spending, "O1", Fen(999999))
    found = await database.read(standing, member, LEVELS, day=TODAY)
    assert (found.spend_fen, found.visits) == (0, 0)
    assert not await database.transaction(reduce_spending, "O9", Fen(1))


async def test_refunds_at_once_add_up(database: Database, clock: SettableClock, member: str) -> None:
    await database.transaction(spend, member, "O1", 100, now=clock.now())
    await asyncio.gather(*(database.transaction(reduce_spending, "O1", Fen(700)) for _ in range(10)))
    assert (await database.read(standing, member, LEVELS, day=TODAY)).spend_fen == 3000


async def test_negative_money_is_a_mistake_of_ours(database: Database, clock: SettableClock, member: str) -> None:
    with pytest.raises(ValueError, match="spends"):
        await database.transaction(record_spending, member, order_id="O1", visit="O1", business_day=TODAY, net_fen=Fen(-1), now=clock.now())
    with pytest.raises(ValueError, match="refunds"):
        await database.transaction(reduce_spending, "O1", Fen(-1))


async def test_many_orders_at_once_raise_a_member_once_and_lose_no_fen(database: Database, clock: SettableClock, member: str) -> None:
    def paid(session, n):
        spend(session, member, f"O{n}", 100, now=clock.now(), visit="S1")
        return update_level(session, member, LEVELS, day=TODAY, floor=None, now=clock.now())

    changes = await asyncio.gather(*(database.transaction(paid, n) for n in range(20)))

    assert [(change.old, change.new) for change in changes if change] in (
        [("普通", "白银"), ("白银", "黄金")],
        [("白银", "黄金"), ("普通", "白银")],
    )
    assert await database.read(level_of, member, LEVELS) == "黄金"
    told = await database.read(events, "level_changed")
    assert [(event["new"], event["rose"], event["day"]) for event in told] == [("白银", True, "2026-11-21"), ("黄金", True, "2026-11-21")]


async def test_up_is_at_once_and_down_only_by_night_or_refund_and_not_on_the_same_day(
    database: Database, clock: SettableClock, member: str
) -> None:
    def level(session, day, *, may_fall):
        return update_level(session, member, LEVELS, day=day, floor=None, now=clock.now(), may_fall=may_fall)

    await database.transaction(spend, member, "O1", 2000, now=clock.now())
    rose = await database.transaction(level, TODAY, may_fall=False)
    await database.transaction(reduce_spending, "O1", Fen(160000))
    assert (rose.old, rose.new) == ("普通", "黄金")
    assert await database.transaction(level, TODAY, may_fall=True) is None  # buy, rise, refund
    tomorrow = TODAY + timedelta(days=1)
    assert await database.transaction(level, tomorrow, may_fall=False) is None

    fell = await database.transaction(level, tomorrow, may_fall=True)

    assert (fell.old, fell.new, fell.rose) == ("黄金", "普通", False)
    assert await database.transaction(level, tomorrow, may_fall=True) is None
    assert await database.read(level_of, member, LEVELS) == "普通"


async def test_a_plan_gives_at_least_its_level(database: Database, clock: SettableClock, member: str) -> None:
    def level(session, day, floor):
        return update_level(session, member, LEVELS, day=day, floor=floor, now=clock.now(), may_fall=True)

    assert (await database.transaction(level, TODAY, "黄金")).new == "黄金"
    later = TODAY + timedelta(days=31)
    assert await database.transaction(level, later, "黄金") is None
    assert await database.read(members_to_review, later, "", 10) == [member]
    assert (await database.transaction(level, later, None)).new == "普通"
    assert await database.transaction(level, later, "没有这个等级") is None


async def test_a_level_that_the_shop_renamed_is_put_right_without_a_word(database: Database, clock: SettableClock, member: str) -> None:
    def level(session, levels):
        return update_level(session, member, levels, day=TODAY, floor=None, now=clock.now())

    await database.transaction(spend, member, "O1", 500, now=clock.now())
    await database.transaction(level, LEVELS)
    renamed = (LEVELS[0], replace(LEVELS[1], name="银卡"), *LEVELS[2:])

    assert await database.read(level_of, member, renamed) == "普通"
    assert await database.transaction(level, renamed) is None
    assert await database.read(level_of, member, renamed) == "银卡"
    assert len(await database.read(events, "level_changed")) == 1


async def test_by_night_members_come_page_by_page_and_only_those_with_something_to_lose_or_win(
    database: Database, clock: SettableClock
) -> None:
    def people(session):
        ids = [new_member(session, f"o{n}", now=clock.now()) for n in range(4)]
        spend(session, ids[0], "O1", 10, now=clock.now())
        spend(session, ids[1], "O2", 10, now=clock.now(), day=date(2025, 11, 21))
        spend(session, ids[3], "O3", 10, now=clock.now())
        return ids

    ids = await database.transaction(people)
    first = await database.read(members_to_review, TODAY, "", 1)
    rest = await database.read(members_to_review, TODAY, first[-1], 10)
    assert first + rest == [ids[0], ids[3]]


async def test_who_is_no_member_has_no_level(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(new_diner, "oGuest", now=clock.now())
    assert await database.transaction(update_level, diner, LEVELS, day=TODAY, floor="VIP", now=clock.now()) is None
    assert await database.read(level_of, diner, LEVELS) is None
