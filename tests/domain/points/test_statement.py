"""The member sees every movement with its reason, newest first."""

from domain.points.rules import Reason
from tests.domain.points.conftest import Book


async def test_one_movement_is_one_line_however_many_lots_it_took(book: Book) -> None:
    await book.credit(3, "a", life=3)
    await book.credit(3, "b", life=4)
    await book.spend(5, "tea")

    assert await book.movements() == [(Reason.EXCHANGED, -5, 0), (Reason.GRANTED, 3, 0), (Reason.GRANTED, 3, 0)]


async def test_a_refund_that_falls_short_says_what_is_owed(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.spend(7, "tea")
    await book.reverse("O1", 9, "R1")

    owed, reversed_, *_ = await book.statement()
    assert (owed.reason, owed.points, owed.owed, owed.order_id) == (Reason.OWED, 0, 7, "O1")
    assert (reversed_.reason, reversed_.points, reversed_.owed, reversed_.order_id) == (Reason.REVERSED, -2, 0, "O1")
    assert reversed_.at == book.clock.now()


async def test_pages_follow_each_other_without_gaps(book: Book) -> None:
    for number in range(5):
        await book.earn(number + 1, f"O{number}")

    first = await book.statement(limit=2)
    second = await book.statement(limit=2, before=first[-1].id)
    third = await book.statement(limit=2, before=second[-1].id)

    assert [movement.points for movement in (*first, *second, *third)] == [5, 4, 3, 2, 1]
    assert await book.statement(limit=2, before=third[-1].id) == []
