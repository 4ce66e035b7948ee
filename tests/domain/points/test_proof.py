"""The proof finds one point of difference, wherever it is."""

from typing import Any

import pytest
from sqlalchemy import Update, delete, update

from domain.kernel.proofs import Discrepancy
from domain.points.models import PointsAccount, PointsEntry, PointsHold, PointsHoldLot, PointsLot
from domain.points.proof import prove_points
from domain.points.rules import Reason
from tests.domain.points.conftest import WANG, Book


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        (
            update(PointsAccount).values(balance=PointsAccount.balance + 1),
            {"balance = sum of what remains in lots", "balance = sum of entries"},
        ),
        (update(PointsAccount).values(held=3), {"held = sum of what is held in lots", "held = sum of open holds"}),
        (update(PointsAccount).values(owed=1), {"owed = sum of what entries made owed"}),
        (
            update(PointsLot).values(remaining=PointsLot.remaining + 1),
            {"balance = sum of what remains in lots", "what remains in a lot = sum of its entries"},
        ),
        (
            update(PointsLot).values(held=5),
            {"held = sum of what is held in lots", "what is held in a lot = sum of its open holds"},
        ),
        (
            update(PointsEntry).where(PointsEntry.reason == Reason.GRANTED).values(delta=9),
            {"balance = sum of entries", "what remains in a lot = sum of its entries"},
        ),
        (update(PointsHold).values(points=5), {"held = sum of open holds", "a hold = sum of its lots"}),
        (update(PointsHoldLot).values(points=5), {"what is held in a lot = sum of its open holds", "a hold = sum of its lots"}),
        (update(PointsLot).values(open_until=None), {"a lot is open as long as points remain"}),
    ],
)
async def test_one_wrong_number_is_found(book: Book, wrong: Update, rules: set[str]) -> None:
    await book.credit(10, "gift")
    await book.hold(4, "O1")
    assert await book.is_proven()

    found = await _after(book, wrong)

    assert {discrepancy.rule for discrepancy in found} == rules


async def test_it_says_whose_and_how_much(book: Book) -> None:
    await book.credit(10, "gift")

    found = await _after(book, update(PointsAccount).values(owed=2))

    assert found == [Discrepancy("owed = sum of what entries made owed", WANG, expected=0, found=2)]


async def test_points_without_an_account_are_found(book: Book) -> None:
    await book.credit(10, "gift")

    found = await _after(book, delete(PointsAccount))

    assert {(discrepancy.subject, discrepancy.expected, discrepancy.found) for discrepancy in found} == {(WANG, 10, 0)}


async def _after(book: Book, wrong: Any) -> list[Discrepancy]:
    await book.database.transaction(lambda session: session.execute(wrong, execution_options={"synchronize_session": False}))
    return await book.database.read(prove_points)
