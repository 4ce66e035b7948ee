"""Points that are given up: all that nobody holds, once, with a reason, and never asked for again."""

import asyncio

from domain.points.rules import Reason
from domain.points.service import forfeit_points
from tests.domain.points.conftest import LI, WANG, Book


async def forfeit(book: Book, key: str = "left", *, who: str = WANG) -> int:
    return await book.database.transaction(forfeit_points, who, key=key, now=book.clock.now())


async def test_all_points_go_those_too_that_can_be_used_later_and_nobody_elses(book: Book) -> None:
    await book.credit(5, "gift")
    await book.earn(7, "O1")  # from tomorrow on
    await book.credit(9, "gift of li", who=LI)

    assert await forfeit(book) == 12

    assert (await book.balance(), await book.balance(LI)) == (0, 9)
    assert (await book.movements())[0] == (Reason.FORFEITED, -12, 0)
    assert await book.is_proven()


async def test_held_points_stay_with_their_bill(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(4, "O1")

    assert await forfeit(book) == 6

    assert await book.capture("O1") == 4
    assert await book.balance() == 0
    assert await book.is_proven()


async def test_what_is_owed_stays_owed(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.spend(9, "tea")
    await book.reverse("O1", 9, "R1")
    await book.credit(5, "gift")

    await forfeit(book)

    points = await book.points()
    assert (points.total, points.owed) == (0, 9)
    assert await book.is_proven()


async def test_a_key_gives_up_once_and_who_has_nothing_gives_up_nothing(book: Book) -> None:
    await book.credit(5, "gift")
    assert await forfeit(book) == 5
    await book.credit(3, "later")

    assert [await forfeit(book), await forfeit(book, who=LI)] == [0, 0]
    assert await book.balance() == 3


async def test_giving_up_and_spending_at_once_move_every_point_once(book: Book) -> None:
    await book.credit(20, "gift")

    await asyncio.gather(
        forfeit(book), *(book.spend(1, f"tea {number}") for number in range(5)), forfeit(book, "again"), return_exceptions=True
    )

    moved = {reason: points for reason, points, _ in await book.movements()}
    assert await book.balance() == 0
    assert sum(points for _, points, _ in await book.movements()) == 0
    assert moved[Reason.FORFEITED] <= -15
    assert await book.is_proven()
