"""One birthday dessert a year, for who is entitled, from a week before the birthday."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from domain.benefits.service import end_benefits, entitle, merge_benefits
from domain.coupons.service import merge_coupons, owned_coupons
from domain.grants.birthdays import birthday_in, birthday_near, give_birthday_dessert
from domain.grants.errors import BudgetSpentError
from domain.grants.models import GrantKind
from domain.grants.service import Granted, merge_grants
from domain.members.models import Diner
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.grants.giving import meet, shop_with

SHOP = shop_with()
BIRTHDAY = (5, 20)


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    """Entitled by their level."""
    return await database.transaction(_entitled, clock)


def _entitled(session, clock: SettableClock) -> str:
    (diner,) = meet(session, 1, now=clock.now())
    entitle(
        session,
        diner,
        "birthday_dessert",
        source="level",
        starts_on=date(2026, 1, 1),
        ends_on=None,
        key=f"level:{diner}",
        now=clock.now(),
    )
    return diner


async def _give(
    database: Database, clock: SettableClock, diner: str, day: date, *, birthday: tuple[int, int] = BIRTHDAY, shop=SHOP
) -> Granted | None:
    return await database.transaction(give_birthday_dessert, shop, diner, birthday, day=day, now=clock.now())


@pytest.mark.parametrize(
    ("year", "birthday", "kept"),
    [
        (2027, (5, 20), date(2027, 5, 20)),
        (2028, (2, 29), date(2028, 2, 29)),
        (2027, (2, 29), date(2027, 2, 28)),
        (2100, (2, 29), date(2100, 2, 28)),
        (2000, (2, 29), date(2000, 2, 29)),
    ],
)
def test_a_birthday_of_29_february_is_kept_on_the_28th_in_other_years(year: int, birthday: tuple[int, int], kept: date) -> None:
    assert birthday_in(year, birthday) == kept


@pytest.mark.parametrize(
    ("birthday", "day", "on"),
    [
        ((5, 20), date(2027, 5, 12), None),
        ((5, 20), date(2027, 5, 13), date(2027, 5, 20)),
        ((5, 20), date(2027, 5, 20), date(2027, 5, 20)),
        ((5, 20), date(2027, 5, 27), date(2027, 5, 20)),
        ((5, 20), date(2027, 5, 28), None),
        ((1, 2), date(2026, 12, 25), None),
        ((1, 2), date(2026, 12, 28), date(2027, 1, 2)),
        ((1, 2), date(2027, 1, 9), date(2027, 1, 2)),
        ((12, 30), date(2027, 1, 6), date(2026, 12, 30)),
        ((12, 30), date(2027, 1, 7), None),
        ((2, 29), date(2027, 2, 20), None),
        ((2, 29), date(2027, 2, 21), date(2027, 2, 28)),
        ((2, 29), date(2028, 2, 21), None),
        ((2, 29), date(2028, 2, 22), date(2028, 2, 29)),
    ],
)
def test_the_dessert_is_given_from_a_week_before_until_its_days_are_over(birthday: tuple[int, int], day: date, on: date | None) -> None:
    near = birthday_near(birthday, day, 15)
    assert (None if near is None else near.on) == on


@pytest.mark.parametrize("day", [date(2027, 5, 13), date(2027, 5, 20), date(2027, 5, 27)])
async def test_the_dessert_is_good_for_its_days_whenever_it_is_given(
    database: Database, clock: SettableClock, diner: str, day: date
) -> None:
    granted = await _give(database, clock, diner, day)

    assert granted is not None
    assert (granted.kind, granted.cost_fen) == (GrantKind.GIFT, 1800)
    (owned,) = await database.read(owned_coupons, diner, day=day)
    assert (owned.terms.name, owned.good_from, owned.good_until) == ("生日蛋糕", date(2027, 5, 13), date(2027, 5, 27))


async def test_there_is_one_a_year_however_often_it_is_asked_for(database: Database, clock: SettableClock, diner: str) -> None:
    given = await asyncio.gather(*(_give(database, clock, diner, date(2027, 5, 13)) for _ in range(20)))

    assert sum(granted is not None for granted in given) == 1
    assert await _give(database, clock, diner, date(2027, 5, 20)) is None
    assert await _give(database, clock, diner, date(2028, 5, 20))


async def test_a_birthday_changed_within_the_year_brings_no_second_one(database: Database, clock: SettableClock, diner: str) -> None:
    assert await _give(database, clock, diner, date(2027, 5, 20))
    assert await _give(database, clock, diner, date(2027, 9, 1), birthday=(9, 1)) is None


async def test_the_week_before_new_year_belongs_to_the_year_of_the_birthday(database: Database, clock: SettableClock, diner: str) -> None:
    assert await _give(database, clock, diner, date(2026, 12, 28), birthday=(1, 2))
    assert await _give(database, clock, diner, date(2027, 1, 2), birthday=(1, 2)) is None
    assert await _give(database, clock, diner, date(2027, 12, 26), birthday=(1, 2))


async def test_who_is_not_entitled_on_the_day_gets_none(database: Database, clock: SettableClock, diner: str) -> None:
    day = date(2027, 5, 20)
    await database.transaction(end_benefits, diner, source="level", on=day)

    assert await _give(database, clock, diner, day) is None
    assert await _give(database, clock, diner, day - timedelta(days=1))


async def test_a_brand_without_the_rule_or_the_dish_gives_none(database: Database, clock: SettableClock, diner: str) -> None:
    day = date(2027, 5, 20)

    assert await _give(database, clock, diner, day, shop=replace(SHOP, brand=replace(SHOP.brand, birthday=None))) is None
    assert await _give(database, clock, diner, day, shop=replace(SHOP, dishes={})) is None


async def test_when_the_day_is_over_budget_the_dessert_comes_the_next_day(database: Database, clock: SettableClock, diner: str) -> None:
    other = await database.transaction(_entitled, clock)
    shop = shop_with(birthday={"per_day": "30"})

    await _give(database, clock, other, date(2027, 5, 13), shop=shop)
    with pytest.raises(BudgetSpentError):
        await _give(database, clock, diner, date(2027, 5, 13), shop=shop)
    assert await _give(database, clock, diner, date(2027, 5, 14), shop=shop)


async def test_two_who_turn_out_to_be_one_person_get_one_in_all(database: Database, clock: SettableClock, diner: str) -> None:
    other = await database.transaction(_entitled, clock)
    await _give(database, clock, other, date(2027, 5, 13))

    def merge(session):
        session.execute(update(Diner).where(Diner.id == other).values(merged_into=diner))
        merge_grants(session, other, diner)
        merge_coupons(session, other, diner, now=clock.now())
        merge_benefits(session, other, diner)

    await database.transaction(merge)

    assert await _give(database, clock, diner, date(2027, 5, 20)) is None
    assert await _give(database, clock, other, date(2027, 5, 20)) is None
    assert len(await database.read(owned_coupons, diner, day=date(2027, 5, 20))) == 1
