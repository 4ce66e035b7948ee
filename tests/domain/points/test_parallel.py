"""Many at once: a key counts once, and a member never spends more than there is."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from domain.points.errors import NotEnoughPointsError
from tests.domain.points.conftest import LI, WANG, Book

BATCH = 12  # so many connections MariaDB has for us


async def in_batches(acts: Sequence[Awaitable[Any]]) -> list[Any]:
    """Each batch at once; refusals are outcomes."""
    outcomes: list[Any] = []
    for start in range(0, len(acts), BATCH):
        outcomes += await asyncio.gather(*acts[start : start + BATCH], return_exceptions=True)
    return outcomes


async def test_fifty_copies_of_one_earning_are_one(book: Book) -> None:
    assert (await in_batches([book.earn(9, "O1") for _ in range(50)])).count(True) == 1
    assert await book.balance() == 9
    assert await book.is_proven()


async def test_fifty_copies_of_one_grant_are_one(book: Book) -> None:
    assert (await in_batches([book.credit(9, "gift") for _ in range(50)])).count(True) == 1
    assert len(await book.movements()) == 1


async def test_fifty_copies_of_one_spending_are_one(book: Book) -> None:
    await book.credit(100, "gift")

    assert (await in_batches([book.spend(9, "tea") for _ in range(50)])).count(True) == 1
    assert await book.balance() == 91
    assert await book.is_proven()


async def test_fifty_copies_of_one_hold_its_capture_and_its_return_are_one(book: Book) -> None:
    await book.credit(100, "gift")

    assert await in_batches([book.hold(9, "O1") for _ in range(50)]) == [None] * 50
    assert sorted(await in_batches([book.capture("O1") for _ in range(50)])) == [0] * 49 + [9]
    assert sorted(await in_batches([book.give_back("O1", 9, "R1") for _ in range(50)])) == [0] * 49 + [9]
    assert await book.balance() == 100
    assert await book.is_proven()


async def test_capture_and_release_of_one_hold_at_once_end_in_one_of_them(book: Book) -> None:
    await book.credit(100, "gift")
    await book.hold(40, "O1")

    outcomes = await in_batches([book.capture("O1") if number % 2 else book.release("O1") for number in range(24)])

    assert sorted(outcomes) == [0] * 23 + [40]
    assert (await book.points()).held == 0
    assert await book.is_proven()


async def test_a_thousand_spendings_at_once_never_take_more_than_there_is(book: Book) -> None:
    for number in range(10):
        await book.credit(60, f"gift {number}", life=number + 1)

    async def pay(number: int) -> int:
        await book.hold(2, f"O{number}")
        return await book.capture(f"O{number}")

    acts = [pay(number) if number % 2 else book.spend(1, f"tea {number}") for number in range(1000)]
    outcomes = await in_batches(acts)

    refused = [outcome for outcome in outcomes if isinstance(outcome, NotEnoughPointsError)]
    spent = sum(int(outcome) for outcome in outcomes if not isinstance(outcome, Exception))
    assert len(refused) + sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1000
    assert spent == 600
    assert refused
    assert await book.balance() == 0
    assert await book.is_proven()


async def test_many_kinds_of_movements_at_once_keep_the_proof(book: Book) -> None:
    await book.credit(50, "gift")
    acts = [
        act
        for number in range(12)
        for act in (
            book.earn(3, f"O{number}", who=(WANG, LI)[number % 2]),
            book.spend(5, f"tea {number}"),
            book.hold(4, f"H{number}"),
            book.reverse(f"O{number}", 2, f"R{number}"),
            book.release(f"H{number - 1}"),
            book.expire(),
        )
    ]

    outcomes = await in_batches(acts)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, NotEnoughPointsError)] == []
    assert await book.is_proven()
