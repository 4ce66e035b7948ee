"""Short numbers, counted per store, business day and series."""

import asyncio
from datetime import date

from domain.storage import Database
from domain.stores.numbers import next_number

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


async def test_numbers_start_at_one_each_business_day_in_each_store_and_series(database: Database):
    async def number(store: str, day: date, series: str) -> int:
        return await database.transaction(next_number, store, day, series)

    assert [await number("east", FRIDAY, "order") for _ in range(3)] == [1, 2, 3]
    assert await number("east", SATURDAY, "order") == 1
    assert await number("west", FRIDAY, "order") == 1
    assert await number("east", FRIDAY, "queue") == 1


async def test_callers_at_once_never_get_the_same_number(database: Database):
    numbers = await asyncio.gather(*(database.transaction(next_number, "east", FRIDAY, "order") for _ in range(12)))

    assert sorted(numbers) == list(range(1, 13))
