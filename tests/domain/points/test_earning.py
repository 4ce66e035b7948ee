"""Points come in once, wait for a day, pay what is owed; a refund takes back exactly what was earned."""

from datetime import timedelta

from domain.points.rules import Reason
from domain.points.service import Reversal, reverse_credit
from tests.domain.points.conftest import LI, TODAY, Book


async def test_an_order_earns_once(book: Book) -> None:
    assert [await book.earn(9, "O1"), await book.earn(9, "O1"), await book.earn(9, "O1", who=LI)] == [True, False, False]
    assert (await book.balance(), await book.balance(LI)) == (9, 0)
    assert await book.is_proven()


async def test_nothing_is_written_for_no_points(book: Book) -> None:
    assert not await book.earn(0, "O1")
    assert not await book.credit(0, "G1")
    assert await book.movements() == []


async def test_points_of_an_order_are_pending_until_the_next_business_day(book: Book) -> None:
    await book.earn(9, "O1")
    earned = await book.points()
    book.days_go_by(1)
    later = await book.points()

    assert (earned.total, earned.usable, earned.pending) == (9, 0, 9)
    assert (later.total, later.usable, later.pending) == (9, 9, 0)


async def test_granted_points_can_be_used_at_once_and_come_once_a_key(book: Book) -> None:
    assert [await book.credit(50, "scan:wang"), await book.credit(50, "scan:wang")] == [True, False]
    assert (await book.points()).usable == 50
    assert await book.is_proven()


async def test_a_refund_takes_back_from_the_orders_own_points_first(book: Book) -> None:
    await book.credit(5, "soon", life=3)
    await book.earn(9, "O1")

    assert await book.reverse("O1", 4, "R1") == Reversal(taken=4, owed=0)
    points = await book.points()
    assert (points.usable, points.pending) == (5, 5)


async def test_then_from_other_points_that_expire_soonest(book: Book) -> None:
    await book.credit(5, "late", life=300)
    await book.credit(5, "soon", life=30)
    await book.earn(9, "O1", life=20)
    book.days_go_by(1)
    await book.spend(7, "tea")  # all of these from the order's own, which end first

    assert await book.reverse("O1", 6, "R1") == Reversal(taken=6, owed=0)
    assert (await book.points()).next_expiry == (TODAY + timedelta(days=30), 1)
    assert await book.balance() == 6
    assert await book.is_proven()


async def test_what_was_spent_is_owed_and_paid_by_the_next_earning(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.spend(7, "tea")

    assert await book.reverse("O1", 9, "R1") == Reversal(taken=2, owed=7)
    assert (await book.points()).owed == 7
    await book.earn(4, "O2")
    assert ((await book.points()).owed, await book.balance()) == (3, 0)
    await book.earn(4, "O3")
    assert ((await book.points()).owed, await book.balance()) == (0, 1)
    assert (await book.movements())[:4] == [
        (Reason.SETTLED, -3, -3),
        (Reason.ORDER_PAID, 4, 0),
        (Reason.SETTLED, -4, -4),
        (Reason.ORDER_PAID, 4, 0),
    ]
    assert await book.is_proven()


async def test_a_gift_does_not_pay_what_is_owed(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.spend(9, "tea")
    await book.reverse("O1", 9, "R1")

    await book.credit(5, "birthday")

    points = await book.points()
    assert (points.usable, points.owed) == (5, 9)


async def test_refunds_never_take_back_more_than_the_order_earned(book: Book) -> None:
    await book.credit(50, "gift")
    await book.earn(9, "O1")

    taken = [await book.reverse("O1", 5, f"R{number}") for number in range(3)]

    assert taken == [Reversal(5, 0), Reversal(4, 0), Reversal(0, 0)]
    assert await book.balance() == 50


async def test_the_same_refund_told_again_takes_nothing(book: Book) -> None:
    await book.earn(9, "O1")

    assert [await book.reverse("O1", 3, "R1"), await book.reverse("O1", 3, "R1")] == [Reversal(3, 0), Reversal(0, 0)]
    assert await book.balance() == 6


async def test_a_refund_leaves_held_points_alone(book: Book) -> None:
    await book.earn(9, "O1")
    book.days_go_by(1)
    await book.hold(8, "O2")

    assert await book.reverse("O1", 9, "R1") == Reversal(taken=1, owed=8)
    assert await book.capture("O2") == 8
    assert await book.is_proven()


async def test_an_order_that_earned_nothing_has_nothing_to_give_back(book: Book) -> None:
    assert await book.reverse("O1", 9, "R1") == Reversal(0, 0)
    await book.earn(9, "O1")
    assert await book.reverse("O1", 9, "R1") == Reversal(9, 0)


async def test_a_grant_can_be_taken_back_by_its_key(book: Book) -> None:
    await book.credit(10, "referral")
    await book.spend(4, "tea")

    def undo() -> object:
        return book.database.transaction(reverse_credit, "referral", 10, key="undo", now=book.clock.now())

    assert await undo() == Reversal(taken=6, owed=4)
    assert await undo() == Reversal(0, 0)
    assert await book.is_proven()
