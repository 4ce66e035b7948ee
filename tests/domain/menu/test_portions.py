"""Portions: nobody gets what is not there, and what is taken back is for sale again."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.menu.errors import SoldOutError, TooFewLeftError
from domain.menu.portions import (
    Portioned,
    check_portions,
    give_back_portions,
    mark_on_sale,
    mark_sold_out,
    portions_left,
    sold_out,
    take_portions,
)
from domain.storage import Database
from tests.clock import SettableClock

DAY = date(2026, 11, 21)
ONE, HALF = Decimal(1), Decimal("0.5")


@dataclass(frozen=True)
class Dish:
    """What portions know of a dish."""

    id: str
    name: str
    daily_limit: int | None = None
    unit: str = "份"
    step: Decimal = ONE


PORK = Dish("pork", "红烧肉", 10)
FISH = Dish("fish", "鱼", 3, "斤", HALF)
RICE = Dish("rice", "米饭")
NEVER = Dish("never", "样品", 0)


class Counter:
    """What one store still has."""

    def __init__(self, database: Database, clock: SettableClock, store: str = "one") -> None:
        self.database, self.clock, self.store = database, clock, store

    async def takes(self, *wanted: tuple[Portioned, Decimal], day: date = DAY) -> None:
        await self.database.transaction(take_portions, self.store, wanted, day)

    async def gives_back(self, *portions: tuple[str, Decimal]) -> None:
        await self.database.transaction(give_back_portions, self.store, portions, DAY)

    async def left(self, *dishes: Portioned, day: date = DAY) -> list[Decimal | None]:
        found = await self.database.read(portions_left, self.store, dishes, day)
        return [found[dish.id] for dish in dishes]

    async def stops(self, dish: Portioned) -> bool:
        return await self.database.transaction(mark_sold_out, self.store, dish.id, DAY, now=self.clock.now())

    async def resumes(self, dish: Portioned) -> bool:
        return await self.database.transaction(mark_on_sale, self.store, dish.id, DAY)


@pytest.fixture
def counter(database: Database, clock: SettableClock) -> Counter:
    return Counter(database, clock)


async def test_of_two_hundred_who_want_ten_portions_ten_get_one(counter: Counter) -> None:
    outcomes = await asyncio.gather(*(counter.takes((PORK, ONE)) for _ in range(200)), return_exceptions=True)

    assert sum(outcome is None for outcome in outcomes) == 10
    assert {type(outcome) for outcome in outcomes} == {type(None), SoldOutError}
    assert await counter.left(PORK) == [0]


async def test_taking_and_giving_back_at_once_loses_nothing(counter: Counter) -> None:
    await counter.takes((PORK, Decimal(5)), (RICE, Decimal(5)))
    await asyncio.gather(
        *(counter.takes((PORK, ONE), (RICE, ONE)) for _ in range(5)),
        *(counter.takes((RICE, ONE), (PORK, ONE)) for _ in range(5)),
        *(counter.gives_back(("rice", ONE), ("pork", ONE)) for _ in range(5)),
        return_exceptions=True,
    )
    [pork, rice] = await counter.left(PORK, Dish("rice", "米饭", 10))
    assert pork == rice  # every taker took both or none
    await counter.gives_back(("pork", 10 - pork))
    assert await counter.left(PORK) == [10]


async def test_all_is_had_or_nothing_is_taken(counter: Counter) -> None:
    with pytest.raises(TooFewLeftError):
        await counter.takes((PORK, ONE), (FISH, Decimal(4)))
    assert await counter.left(PORK, FISH) == [10, 3]


async def test_a_refusal_names_every_dish_of_which_nothing_is_left(counter: Counter) -> None:
    await counter.takes((PORK, Decimal(10)))
    await counter.stops(RICE)
    with pytest.raises(SoldOutError) as refused:
        await counter.takes((FISH, Decimal(4)), (RICE, ONE), (PORK, ONE))
    assert (refused.value.code, refused.value.details["dish"]) == ("menu.sold_out", "红烧肉、米饭")


async def test_a_refusal_says_how_much_is_left(counter: Counter) -> None:
    await counter.takes((FISH, Decimal("1.5")), (PORK, Decimal(8)))
    with pytest.raises(TooFewLeftError) as refused:
        await counter.takes((FISH, Decimal(2)), (PORK, Decimal(3)))
    assert refused.value.details["left"] == "鱼1.5斤、红烧肉2份"


async def test_two_lines_of_a_dish_count_together(counter: Counter) -> None:
    with pytest.raises(TooFewLeftError):
        await counter.takes((PORK, Decimal(6)), (PORK, Decimal(5)))
    await counter.takes((PORK, Decimal(6)), (PORK, Decimal(4)))
    assert await counter.left(PORK) == [0]


async def test_a_dish_without_a_limit_is_counted_too_so_that_a_limit_set_later_holds(counter: Counter) -> None:
    await counter.takes((RICE, Decimal(120)))
    assert await counter.left(RICE) == [None]
    assert await counter.left(Dish("rice", "米饭", 150)) == [30]
    assert await counter.left(Dish("rice", "米饭", 100)) == [0]


async def test_sold_out_by_the_staff_refuses_whatever_the_limit_until_it_is_on_sale_again(counter: Counter) -> None:
    assert await counter.stops(RICE)
    assert not await counter.stops(RICE)
    assert await counter.left(RICE) == [0]
    with pytest.raises(SoldOutError):
        await counter.takes((RICE, ONE))

    assert await counter.resumes(RICE)
    assert not await counter.resumes(RICE)
    await counter.takes((RICE, ONE))
    assert await counter.left(RICE) == [None]


async def test_less_than_the_least_that_is_sold_is_sold_out(counter: Counter) -> None:
    await counter.takes((FISH, Decimal("2.7")))
    assert await counter.left(FISH) == [Decimal("0.3")]
    out = await counter.database.read(sold_out, "one", [PORK, FISH, RICE, NEVER], DAY)
    assert out == {"fish", "never"}


async def test_every_store_and_every_business_day_has_its_own(counter: Counter) -> None:
    await counter.takes((PORK, Decimal(10)))
    other = Counter(counter.database, counter.clock, "first")
    assert await other.left(PORK) == [10]
    assert await counter.left(PORK, day=DAY + timedelta(days=1)) == [10]


async def test_what_was_never_taken_is_not_given_back(counter: Counter) -> None:
    await counter.takes((PORK, Decimal(2)))
    await counter.gives_back(("pork", Decimal(3)), ("fish", ONE))
    assert await counter.left(PORK, FISH) == [8, 3]


async def test_a_look_takes_nothing(counter: Counter) -> None:
    await counter.takes((PORK, Decimal(8)))
    await counter.database.read(check_portions, "one", PORK, Decimal(2), DAY)
    await counter.database.read(check_portions, "one", RICE, Decimal(200), DAY)
    with pytest.raises(TooFewLeftError):
        await counter.database.read(check_portions, "one", PORK, Decimal(3), DAY)
    assert await counter.left(PORK) == [2]
