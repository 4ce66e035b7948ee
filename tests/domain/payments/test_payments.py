"""A bill is paid once, whatever the provider repeats; what comes too late goes back."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.kernel.money import Fen
from domain.messaging.models import Delivery, OutboxEvent
from domain.payments.errors import UnknownPaymentError, WrongAmountError
from domain.payments.models import Payment, Refund
from domain.payments.rules import BILL_LIFE, LEAST_LEFT, PAYMENT_MOVES, PaymentState, payments_that_may_become
from domain.payments.service import (
    close_lapsed,
    close_pending,
    confirm_payment,
    get_payment,
    has_paid,
    paid_payments,
    request_payment,
)
from domain.storage import Database
from tests.clock import SettableClock

NO_SUCH = "01NOSUCHPAYMENT00000000000"


@pytest.fixture
def routes() -> dict[str, tuple[str, ...]]:
    return {"payment_paid": (), "bill_lapse_due": ("reactions",), "refund_requested": (), "refund_settled": ()}


def confirm(session, payment_id: str, clock: SettableClock, external_no: str = "x1") -> bool:
    return confirm_payment(session, payment_id, fen=9400, method="simulated", external_no=external_no, now=clock.now())


def events(session) -> list[str]:
    return list(session.execute(select(OutboxEvent.name).order_by(OutboxEvent.id)).scalars())


def refunds(session) -> list[tuple[str, int, str, str]]:
    rows = session.execute(select(Refund.payment_id, Refund.fen, Refund.reason, Refund.key))
    return [tuple(row) for row in rows]


async def test_asking_again_for_the_same_amount_is_the_same_bill(
    database: Database, clock: SettableClock, diner: str, payment: Payment
) -> None:
    again = await asyncio.gather(
        *(database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now()) for _ in range(10))
    )
    assert {bill.id for bill in again} == {payment.id}


async def test_two_who_ask_for_different_amounts_leave_one_open_bill(database: Database, clock: SettableClock, diner: str) -> None:
    asked = await asyncio.gather(
        *(database.transaction(request_payment, "order", "O1", diner, Fen(100 * n), now=clock.now()) for n in range(1, 9))
    )

    assert sorted(bill.fen for bill in asked) == [100 * n for n in range(1, 9)]
    states = await database.read(lambda session: list(session.execute(select(Payment.state)).scalars()))
    assert (states.count("pending"), states.count("closed")) == (1, 7)


async def test_another_amount_closes_the_older_bill(database: Database, clock: SettableClock, diner: str, payment: Payment) -> None:
    newer = await database.transaction(request_payment, "order", "O1", diner, Fen(10_000), now=clock.now())

    assert newer.id != payment.id
    assert (await database.read(get_payment, payment.id)).state == "closed"


async def test_many_confirmations_pay_once(database: Database, clock: SettableClock, payment: Payment) -> None:
    confirmed = await asyncio.gather(*(database.transaction(confirm, payment.id, clock) for _ in range(50)))

    assert confirmed.count(True) == 1
    assert await database.read(has_paid, "order", "O1")
    assert await database.read(events) == ["bill_lapse_due", "payment_paid"]


async def test_another_amount_than_asked_is_refused(database: Database, clock: SettableClock, payment: Payment) -> None:
    with pytest.raises(WrongAmountError):
        await database.transaction(confirm_payment, payment.id, fen=1, method="simulated", external_no="x", now=clock.now())
    assert (await database.read(get_payment, payment.id)).state == "pending"


async def test_no_such_bill_is_unknown(database: Database, clock: SettableClock) -> None:
    with pytest.raises(UnknownPaymentError):
        await database.read(get_payment, NO_SUCH)
    with pytest.raises(UnknownPaymentError):
        await database.transaction(confirm, NO_SUCH, clock)


async def test_money_for_a_closed_bill_goes_back_whole_however_often_it_is_told(
    database: Database, clock: SettableClock, payment: Payment
) -> None:
    await database.transaction(close_pending, "order", "O1")

    confirmed = await asyncio.gather(*(database.transaction(confirm, payment.id, clock) for _ in range(20)))

    assert confirmed == [False] * 20
    late = await database.read(get_payment, payment.id)
    assert (late.state, late.refunded_fen, late.paid_at) == ("paid", 9400, clock.now())
    assert await database.read(refunds) == [(payment.id, 9400, "late_payment", f"late:{payment.id}")]
    assert await database.read(events) == ["bill_lapse_due", "refund_requested"]
    assert not await database.read(has_paid, "order", "O1")
    assert await database.read(paid_payments, "order", "O1") == []


async def test_a_bill_that_closes_while_it_is_paid_is_paid_or_given_back(database: Database, clock: SettableClock, diner: str) -> None:
    async def race(n: int) -> tuple[bool, list]:
        bill = await database.transaction(request_payment, "order", f"R{n}", diner, Fen(9400), now=clock.now())
        confirmed, _ = await asyncio.gather(
            database.transaction(confirm, bill.id, clock, f"r{n}"), database.transaction(close_pending, "order", f"R{n}")
        )
        given_back = [row for row in await database.read(refunds) if row[0] == bill.id]
        return confirmed, given_back

    outcomes = [await race(n) for n in range(20)]

    assert [confirmed for confirmed, _ in outcomes] == [not given_back for _, given_back in outcomes]


async def test_a_bill_lapses_two_hours_after_it_was_asked_for(database: Database, clock: SettableClock, payment: Payment) -> None:
    clock.advance(BILL_LIFE - timedelta(seconds=1))
    assert not await database.transaction(close_lapsed, payment.id, now=clock.now())
    clock.advance(seconds=1)
    assert await database.transaction(close_lapsed, payment.id, now=clock.now())
    assert not await database.transaction(close_lapsed, payment.id, now=clock.now())

    assert (await database.read(get_payment, payment.id)).state == "closed"


async def test_a_paid_bill_does_not_lapse(database: Database, clock: SettableClock, paid: Payment) -> None:
    clock.advance(BILL_LIFE)
    assert not await database.transaction(close_lapsed, paid.id, now=clock.now())
    assert (await database.read(get_payment, paid.id)).state == "paid"


async def test_the_lapse_of_a_bill_is_on_the_books_once_for_two_hours_later(
    database: Database, clock: SettableClock, diner: str, payment: Payment
) -> None:
    await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())

    due = await database.read(lambda session: list(session.execute(select(Delivery.key, Delivery.due_at))))
    assert [tuple(row) for row in due] == [(f"lapse:{payment.id}", clock.now() + BILL_LIFE)]


async def test_a_bill_with_no_time_left_to_pay_it_is_not_handed_out_again(
    database: Database, clock: SettableClock, diner: str, payment: Payment
) -> None:
    clock.advance(BILL_LIFE - LEAST_LEFT)
    same = await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())
    clock.advance(seconds=1)
    fresh = await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())

    assert same.id == payment.id
    assert fresh.id != payment.id
    assert (await database.read(get_payment, payment.id)).state == "closed"


async def test_every_payment_that_still_holds_money_is_found_the_oldest_first(
    database: Database, clock: SettableClock, diner: str, paid: Payment
) -> None:
    clock.advance(minutes=1)
    second = await database.transaction(request_payment, "order", "O1", diner, Fen(600), now=clock.now())
    await database.transaction(confirm_payment, second.id, fen=600, method="simulated", external_no="x2", now=clock.now())

    assert [held.id for held in await database.read(paid_payments, "order", "O1")] == [paid.id, second.id]
    assert await database.read(paid_payments, "booking", "O1") == []


def test_the_legal_moves_of_a_payment() -> None:
    moves = {(current.value, to.value) for current, following in PAYMENT_MOVES.items() for to in following}
    assert moves == {("pending", "paid"), ("pending", "closed"), ("closed", "paid")}
    assert set(PAYMENT_MOVES) == set(PaymentState)
    assert payments_that_may_become(PaymentState.PAID) == (PaymentState.PENDING, PaymentState.CLOSED)
