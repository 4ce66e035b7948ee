"""Never more goes back than came in, and each refund once, under one number."""

import asyncio
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from domain.kernel.money import Fen
from domain.messaging.models import OutboxEvent
from domain.payments.errors import (
    NotPaidError,
    RefundNotFailedError,
    RefundTooLateError,
    RefundTooMuchError,
    TooManyRefundsError,
    UnknownPaymentError,
    UnknownRefundError,
)
from domain.payments.models import Payment, Refund
from domain.payments.refunds import (
    ask_again,
    depart_refund,
    get_refund,
    refund_done,
    refund_failed,
    refund_not_taken,
    refund_unclear,
    request_refund,
)
from domain.payments.rules import MOST_REFUNDS, REFUND_MOVES, REFUND_WITHIN, UNCLEAR_TRIES, RefundState, repeat_delay
from domain.payments.service import get_payment, has_paid, paid_payments
from domain.staff.tasks import list_tasks
from domain.storage import Database
from tests.clock import SettableClock

NO_SUCH = "01NOSUCHPAYMENT00000000000"


def ask(session, payment_id: str, fen: int, clock: SettableClock, key: str = "k") -> Refund:
    return request_refund(session, payment_id, Fen(fen), reason="dish_returned", key=key, now=clock.now())


def tally(session) -> tuple[int, int, int]:
    """What is set aside, the sum of refunds, their number."""
    aside = session.execute(select(func.sum(Payment.refunded_fen))).scalar_one()
    total, number = session.execute(select(func.coalesce(func.sum(Refund.fen), 0), func.count())).one()
    return int(aside), int(total), number


def settled(session) -> list[tuple[str, int]]:
    rows = session.execute(select(OutboxEvent.payload).where(OutboxEvent.name == "refund_settled").order_by(OutboxEvent.id)).scalars()
    return [(payload["state"], payload["fen"]) for payload in rows]


@pytest.fixture
async def refund(database: Database, clock: SettableClock, paid: Payment) -> Refund:
    """30 of the 94 yuan, asked back."""
    return await database.transaction(ask, paid.id, 3000, clock)


async def test_fifty_copies_of_a_request_are_one_refund(database: Database, clock: SettableClock, paid: Payment) -> None:
    asked = await asyncio.gather(*(database.transaction(ask, paid.id, 3000, clock) for _ in range(50)))

    assert len({refund.id for refund in asked}) == 1
    assert await database.read(tally) == (3000, 3000, 1)


async def test_a_hundred_parts_at_once_never_exceed_what_was_paid(database: Database, clock: SettableClock, paid: Payment) -> None:
    asked = await asyncio.gather(*(database.transaction(ask, paid.id, 700, clock, f"k{n}") for n in range(100)), return_exceptions=True)

    given, refused = [part for part in asked if isinstance(part, Refund)], [part for part in asked if not isinstance(part, Refund)]
    assert len(given) == 9400 // 700
    assert {type(error) for error in refused} == {RefundTooMuchError}
    assert {error.details["left"] for error in refused} == {"3"}
    assert await database.read(tally) == (9100, 9100, 13)


async def test_at_most_fifty_refunds_of_a_payment(database: Database, clock: SettableClock, paid: Payment) -> None:
    asked = await asyncio.gather(
        *(database.transaction(ask, paid.id, 1, clock, f"k{n}") for n in range(MOST_REFUNDS + 5)), return_exceptions=True
    )

    assert [type(part) for part in asked].count(TooManyRefundsError) == 5
    assert await database.read(tally) == (MOST_REFUNDS, MOST_REFUNDS, MOST_REFUNDS)


async def test_what_is_wholly_given_back_no_longer_counts_as_paid(database: Database, clock: SettableClock, paid: Payment) -> None:
    await database.transaction(ask, paid.id, 9399, clock, "most")
    assert [(held.id, held.refunded_fen) for held in await database.read(paid_payments, "order", "O1")] == [(paid.id, 9399)]
    await database.transaction(ask, paid.id, 1, clock, "rest")
    assert await database.read(paid_payments, "order", "O1") == []
    assert not await database.read(has_paid, "order", "O1")


async def test_an_unpaid_bill_is_not_refunded(database: Database, clock: SettableClock, payment: Payment) -> None:
    with pytest.raises(NotPaidError):
        await database.transaction(ask, payment.id, 1, clock)
    with pytest.raises(UnknownPaymentError):
        await database.transaction(ask, NO_SUCH, 1, clock)
    assert await database.read(tally) == (0, 0, 0)


async def test_a_payment_of_a_year_ago_is_not_refunded(database: Database, clock: SettableClock, paid: Payment) -> None:
    clock.advance(REFUND_WITHIN - timedelta(seconds=1))
    await database.transaction(ask, paid.id, 1, clock, "in time")
    clock.advance(seconds=1)
    with pytest.raises(RefundTooLateError):
        await database.transaction(ask, paid.id, 1, clock, "too late")


@pytest.mark.parametrize("fen", [0, -1])
async def test_a_refund_is_more_than_nothing(database: Database, clock: SettableClock, paid: Payment, fen: int) -> None:
    with pytest.raises(ValueError, match="fen"):
        await database.transaction(ask, paid.id, fen, clock)


async def test_a_key_is_not_used_for_another_refund(database: Database, clock: SettableClock, paid: Payment, refund: Refund) -> None:
    with pytest.raises(ValueError, match="another"):
        await database.transaction(ask, paid.id, 3001, clock)
    assert await database.read(tally) == (3000, 3000, 1)


async def test_an_interrupted_refund_leaves_again_under_its_own_number(database: Database, paid: Payment, refund: Refund) -> None:
    first = await database.transaction(depart_refund, refund.id)
    second = await database.transaction(depart_refund, refund.id)

    assert first is not None
    assert second is not None
    assert (first.refund_id, first.external_no, first.fen, first.paid_fen) == (refund.id, f"sim-{paid.id}", 3000, 9400)
    assert (first.tries, second.tries) == (1, 2)
    assert second.refund_id == first.refund_id


async def test_a_done_refund_is_told_once_and_never_leaves_again(database: Database, clock: SettableClock, refund: Refund) -> None:
    await database.transaction(depart_refund, refund.id)
    told = await asyncio.gather(*(database.transaction(refund_done, refund.id, external_no="p1", now=clock.now()) for _ in range(10)))

    assert told.count(True) == 1
    assert await database.read(settled) == [("done", 3000)]
    assert await database.transaction(depart_refund, refund.id) is None
    assert not await database.transaction(refund_failed, refund.id, fault="late", now=clock.now())
    assert not await database.transaction(refund_unclear, refund.id, fault="late", now=clock.now())
    assert not await database.transaction(refund_not_taken, refund.id)
    assert (await database.read(get_refund, refund.id)).state == "done"


async def test_a_refused_refund_becomes_a_task_and_stays_set_aside(
    database: Database, clock: SettableClock, paid: Payment, refund: Refund
) -> None:
    await database.transaction(depart_refund, refund.id)
    await database.transaction(refund_failed, refund.id, fault="NOT_ENOUGH", now=clock.now())

    [task] = await database.read(list_tasks)
    assert (task.kind, task.subject, task.text) == ("refund", refund.id, "退款30元被拒绝，请处理")
    assert await database.read(settled) == [("failed", 3000)]
    assert (await database.read(get_payment, paid.id)).refunded_fen == 3000
    assert await database.transaction(depart_refund, refund.id) is None


async def test_staff_ask_again_under_the_same_number_and_the_task_is_closed(
    database: Database, clock: SettableClock, refund: Refund
) -> None:
    def fail(session):
        depart_refund(session, refund.id)
        return refund_failed(session, refund.id, fault="NOT_ENOUGH", now=clock.now())

    assert await database.transaction(fail)
    await database.transaction(ask_again, refund.id, by="staff1", now=clock.now())
    assert await database.read(list_tasks) == []
    assert await database.transaction(fail)
    assert [task.subject for task in await database.read(list_tasks)] == [refund.id]
    await database.transaction(ask_again, refund.id, by="staff1", now=clock.now())
    again = await database.transaction(depart_refund, refund.id)
    assert again is not None
    assert (again.refund_id, again.tries) == (refund.id, 3)
    await database.transaction(refund_done, refund.id, external_no="p1", now=clock.now())

    assert await database.read(settled) == [("failed", 3000), ("failed", 3000), ("done", 3000)]
    assert await database.read(tally) == (3000, 3000, 1)


async def test_only_a_refund_that_failed_is_asked_for_again(database: Database, clock: SettableClock, refund: Refund) -> None:
    await database.transaction(depart_refund, refund.id)
    with pytest.raises(RefundNotFailedError):
        await database.transaction(ask_again, refund.id, by="staff1", now=clock.now())
    with pytest.raises(UnknownRefundError):
        await database.transaction(ask_again, NO_SUCH, by="staff1", now=clock.now())


async def test_staff_who_hand_the_money_over_settle_a_refused_refund(database: Database, clock: SettableClock, refund: Refund) -> None:
    await database.transaction(depart_refund, refund.id)
    await database.transaction(refund_failed, refund.id, fault="by_hand:cash", now=clock.now())
    assert await database.transaction(refund_done, refund.id, external_no="slip 12", now=clock.now())

    assert await database.read(list_tasks) == []
    assert await database.read(settled) == [("failed", 3000), ("done", 3000)]


async def test_a_refund_without_an_answer_goes_on_and_a_person_looks_after_six_tries(
    database: Database, clock: SettableClock, refund: Refund
) -> None:
    def try_in_vain(session) -> int:
        depart_refund(session, refund.id)
        refund_unclear(session, refund.id, fault="SYSTEM_ERROR", now=clock.now())
        return len(list_tasks(session))

    tasks = [await database.transaction(try_in_vain) for _ in range(UNCLEAR_TRIES + 2)]

    assert tasks == [0] * (UNCLEAR_TRIES - 1) + [1, 1, 1]
    assert await database.read(settled) == []
    await database.transaction(depart_refund, refund.id)
    assert await database.transaction(refund_done, refund.id, external_no="p1", now=clock.now())
    assert await database.read(list_tasks) == []


async def test_a_refund_that_was_surely_not_taken_counts_no_try(database: Database, refund: Refund) -> None:
    await database.transaction(depart_refund, refund.id)
    assert await database.transaction(refund_not_taken, refund.id)

    waiting = await database.read(get_refund, refund.id)
    assert (waiting.state, waiting.tries) == ("asked", 0)


def test_repeats_come_after_half_a_minute_doubling_to_an_hour() -> None:
    assert [repeat_delay(tries).total_seconds() for tries in (1, 2, 7, 8, 500)] == [30, 60, 1920, 3600, 3600]


def test_the_legal_moves_of_a_refund() -> None:
    legal = {(current.value, to.value) for current, to in product(RefundState, RefundState) if to in REFUND_MOVES[current]}
    assert legal == {
        ("asked", "sending"),
        ("sending", "sending"),
        ("sending", "asked"),
        ("sending", "done"),
        ("sending", "unknown"),
        ("sending", "failed"),
        ("unknown", "sending"),
        ("unknown", "done"),
        ("unknown", "failed"),
        ("failed", "asked"),
        ("failed", "done"),
    }
