"""Points end with their last business day, in small steps, and who is near the end can be told."""

from datetime import timedelta

import pytest

from domain.points.errors import NotEnoughPointsError
from domain.points.rules import Reason
from domain.points.service import expiring
from tests.domain.points.conftest import LI, TODAY, WANG, Book


async def test_the_last_day_is_a_good_day(book: Book) -> None:
    await book.credit(5, "gift", life=1)
    book.days_go_by(1)

    assert await book.expire() == 0
    assert await book.spend(2, "tea")
    book.days_go_by(1)
    with pytest.raises(NotEnoughPointsError):
        await book.spend(1, "cake")
    assert (await book.points()).total == 0  # also before the sweep
    assert await book.balance() == 3
    assert await book.expire() == 1
    assert await book.balance() == 0
    assert (await book.movements())[0] == (Reason.EXPIRED, -3, 0)
    assert await book.is_proven()


async def test_expiry_goes_in_bounded_steps_and_comes_to_an_end(book: Book) -> None:
    for number in range(5):
        await book.credit(1, f"gift {number}", life=1, who=WANG if number % 2 else LI)
    await book.credit(7, "stays", life=9)
    book.days_go_by(2)

    steps = [await book.expire(limit=1) for _ in range(3)]

    assert sorted(steps) == [0, 2, 3]  # a step ends with a whole member
    assert (await book.balance(), await book.balance(LI)) == (7, 0)
    assert await book.is_proven()


async def test_reminders_name_members_last_days_and_points_page_by_page(book: Book) -> None:
    await book.credit(5, "a", life=3)
    await book.credit(2, "b", life=3)
    await book.credit(4, "c", life=5)
    await book.credit(9, "d", life=6)
    await book.credit(3, "e", life=4, who=LI)
    await book.hold(6, "O1")

    async def page(limit: int, after: object = None) -> object:
        days = {"day_from": TODAY + timedelta(days=3), "day_to": TODAY + timedelta(days=5)}
        return await book.database.read(expiring, **days, limit=limit, after=after)

    first = (LI, TODAY + timedelta(days=4), 3)
    rest = [(WANG, TODAY + timedelta(days=3), 1), (WANG, TODAY + timedelta(days=5), 4)]
    assert await page(9) == [first, *rest]
    assert await page(1) == [first]
    assert await page(9, first[:2]) == rest
    assert await page(9, rest[0][:2]) == rest[1:]
