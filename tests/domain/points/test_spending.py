"""Points are held, captured, released and given back; what ends first goes first, and nobody uses more than there is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.points.errors import HoldChangedError, NotEnoughPointsError
from domain.points.models import PointsLot
from domain.points.rules import Reason
from tests.domain.points.conftest import LI, TODAY, Book


async def test_points_that_expire_soonest_are_spent_first(book: Book) -> None:
    await book.credit(5, "late", life=30)
    await book.credit(5, "soon", life=10)

    await book.spend(4, "tea")
    assert (await book.points()).next_expiry == (TODAY + timedelta(days=10), 1)
    await book.spend(2, "cake")
    assert (await book.points()).next_expiry == (TODAY + timedelta(days=30), 4)
    assert await book.is_proven()


async def test_of_points_that_expire_together_the_oldest_go_first(book: Book) -> None:
    await book.earn(5, "O1", life=11)
    book.days_go_by(1)
    await book.credit(5, "gift", life=10)
    await book.spend(5, "tea")

    left = select(PointsLot.source).where(PointsLot.remaining > 0)
    assert await book.database.read(lambda session: session.scalars(left).all()) == [Reason.GRANTED]


async def test_spending_happens_once_a_key(book: Book) -> None:
    await book.credit(5, "gift")

    assert [await book.spend(5, "tea"), await book.spend(5, "tea")] == [True, False]
    assert await book.balance() == 0


async def test_too_few_points_are_refused_and_nothing_is_spent(book: Book) -> None:
    await book.credit(5, "gift")
    await book.earn(9, "O1")  # pending

    with pytest.raises(NotEnoughPointsError) as refused:
        await book.spend(6, "tea")
    assert refused.value.details == {"points": 6, "usable": 5}
    with pytest.raises(NotEnoughPointsError):
        await book.hold(6, "O2")
    assert await book.balance() == 14
    assert (await book.points()).held == 0


async def test_who_never_had_points_has_none_to_spend(book: Book) -> None:
    with pytest.raises(NotEnoughPointsError):
        await book.spend(1, "tea", who=LI)
    assert (await book.points(LI)).total == 0


@pytest.mark.parametrize("points", [0, -5])
async def test_no_points_and_fewer_cannot_be_spent(book: Book, points: int) -> None:
    await book.credit(5, "gift")
    with pytest.raises(ValueError, match="cannot be moved"):
        await book.spend(points, "tea")
    with pytest.raises(ValueError, match="cannot be moved"):
        await book.hold(points, "O1")


async def test_held_points_are_nobodys_to_use(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(8, "O1")

    points = await book.points()
    assert (points.total, points.usable, points.held) == (10, 2, 8)
    with pytest.raises(NotEnoughPointsError):
        await book.hold(3, "O2")
    assert await book.is_proven()


async def test_the_same_hold_again_changes_nothing(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(8, "O1")
    await book.hold(8, "O1")
    assert (await book.points()).held == 8
    await book.capture("O1")
    await book.hold(8, "O1")
    assert (await book.points()).held == 0
    assert await book.balance() == 2


async def test_a_key_that_holds_something_else_is_refused(book: Book) -> None:
    await book.credit(10, "gift")
    await book.credit(10, "gift of li", who=LI)
    await book.hold(3, "O1")

    with pytest.raises(HoldChangedError) as refused:
        await book.hold(4, "O1")
    assert refused.value.details == {"points": 4, "held": 3}
    with pytest.raises(HoldChangedError):
        await book.hold(3, "O1", who=LI)


async def test_a_released_key_stays_its_members(book: Book) -> None:
    await book.credit(10, "gift")
    await book.credit(10, "gift of li", who=LI)
    await book.hold(3, "O1")
    await book.release("O1")

    with pytest.raises(HoldChangedError):
        await book.hold(3, "O1", who=LI)
    assert (await book.points(LI)).held == 0


async def test_released_points_are_free_and_the_key_can_hold_again(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(8, "O1")

    assert [await book.release("O1"), await book.release("O1"), await book.capture("O1")] == [8, 0, 0]
    assert (await book.points()).usable == 10
    await book.hold(5, "O1")
    assert await book.capture("O1") == 5
    assert await book.is_proven()


async def test_a_hold_is_captured_once_and_never_released_after(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(8, "O1")

    assert [await book.capture("O1"), await book.capture("O1"), await book.release("O1")] == [8, 0, 0]
    assert await book.balance() == 2
    (spent, _) = await book.statement()
    assert (spent.reason, spent.points, spent.order_id) == (Reason.SPENT, -8, "O1")


async def test_nothing_held_is_nothing_captured(book: Book) -> None:
    assert [await book.capture("O9"), await book.release("O9"), await book.give_back("O9", 5, "R1")] == [0, 0, 0]


async def test_a_hold_outlives_its_points(book: Book) -> None:
    await book.credit(10, "gift", life=1)
    await book.hold(8, "O1")
    book.days_go_by(2)

    assert await book.expire() == 1
    assert await book.balance() == 8
    assert await book.capture("O1") == 8
    assert await book.balance() == 0
    assert await book.is_proven()


async def test_points_released_after_their_last_day_expire(book: Book) -> None:
    await book.credit(10, "gift", life=1)
    await book.hold(8, "O1")
    book.days_go_by(2)
    await book.expire()

    await book.release("O1")
    assert (await book.points()).usable == 0
    assert [await book.expire(), await book.expire()] == [1, 0]
    assert [points for reason, points, _ in await book.movements() if reason == Reason.EXPIRED] == [-8, -2]
    assert await book.is_proven()


async def test_a_refund_gives_back_its_share_and_never_more_than_was_captured(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(9, "O1")
    await book.capture("O1")

    assert [await book.give_back("O1", 4, f"R{number}") for number in range(4)] == [4, 4, 1, 0]
    assert (await book.points()).usable == 10
    assert await book.is_proven()


async def test_the_same_return_told_again_gives_nothing(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(9, "O1")
    await book.capture("O1")

    assert [await book.give_back("O1", 4, "R1"), await book.give_back("O1", 4, "R1")] == [4, 0]


async def test_points_still_held_cannot_be_returned(book: Book) -> None:
    await book.credit(10, "gift")
    await book.hold(9, "O1")
    assert await book.give_back("O1", 9, "R1") == 0


async def test_returned_points_keep_their_last_day_but_have_a_week_at_least(book: Book) -> None:
    await book.credit(5, "soon", life=3)
    await book.credit(5, "late", life=60)
    await book.hold(10, "O1")
    await book.capture("O1")
    book.days_go_by(10)

    await book.give_back("O1", 6, "R1")  # five that last longer, one that had expired

    assert (await book.points()).next_expiry == (book.day + timedelta(days=7), 1)
    book.days_go_by(8)
    await book.expire()
    assert (await book.points()).next_expiry == (TODAY + timedelta(days=60), 5)
    assert await book.is_proven()
