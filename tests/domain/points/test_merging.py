"""Two accounts of one person become one: rows move, nothing is edited, and what is under way goes on."""

import asyncio

from domain.points.rules import Reason
from domain.points.service import Points, Reversal
from tests.domain.points.conftest import LI, WANG, Book


async def test_everything_moves_and_adds_up(book: Book) -> None:
    await book.credit(10, "gift")
    await book.credit(5, "gift of li", who=LI)
    await book.hold(4, "O1")
    before = await book.statement()

    await book.merge(WANG, LI)

    points = await book.points(LI)
    assert (points.total, points.usable, points.held) == (15, 11, 4)
    assert await book.points(WANG) == Points(0, 0, 0, 0, 0, None)
    after = await book.statement(LI)
    assert [movement for movement in after if movement in before] == before
    assert after[0].reason == Reason.MERGED
    assert await book.is_proven()


async def test_what_is_owed_is_still_owed(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.spend(9, "tea")
    await book.reverse("O1", 9, "R1")

    await book.merge(WANG, LI)
    await book.earn(12, "O2", who=LI)

    points = await book.points(LI)
    assert (points.owed, points.total) == (0, 3)
    assert await book.is_proven()


async def test_holds_and_refunds_find_their_new_owner(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(4, "O1")
    await book.earn(6, "O2")

    await book.merge(WANG, LI)

    assert await book.capture("O1") == 4
    assert await book.give_back("O1", 4, "R1") == 4
    assert await book.reverse("O2", 6, "R2") == Reversal(6, 0)
    assert (await book.points(LI)).total == 10
    assert await book.is_proven()


async def test_an_order_of_the_old_account_does_not_earn_again(book: Book) -> None:
    await book.earn(9, "O1")
    await book.merge(WANG, LI)
    assert not await book.earn(9, "O1", who=LI)


async def test_twice_is_once_and_what_came_late_moves_the_next_time(book: Book) -> None:
    await book.credit(10, "gift")
    await book.merge(WANG, LI)
    await book.merge(WANG, LI)
    assert await book.balance(LI) == 10

    await book.earn(3, "late")
    await book.merge(WANG, LI)
    assert (await book.balance(LI), await book.balance(WANG)) == (13, 0)
    assert [reason for reason, _, _ in await book.movements(LI)].count(Reason.MERGED) == 1


async def test_who_never_had_points_brings_none(book: Book) -> None:
    await book.merge(WANG, LI)
    await book.merge(LI, LI)
    assert await book.movements(LI) == []


async def test_opposite_merges_and_spending_at_once_lose_nothing(book: Book) -> None:
    await book.credit(30, "gift")
    await book.credit(30, "gift of li", who=LI)

    outcomes = await asyncio.gather(
        *(book.merge(WANG, LI) if number % 2 else book.merge(LI, WANG) for number in range(6)),
        *(book.earn(1, f"O{number}", who=LI) for number in range(6)),
    )

    assert len(outcomes) == 12
    assert await book.balance() + await book.balance(LI) == 66
    assert await book.is_proven()
