"""A bill is paid once, whatever the provider repeats."""

import asyncio

import pytest

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.payments.errors import PaymentClosedError, UnknownPaymentError, WrongAmountError
from domain.payments.models import Payment
from domain.payments.service import close_pending, confirm_payment, get_payment, has_paid, request_payment
from domain.storage import Database
from tests.clock import SettableClock


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


@pytest.fixture
async def payment(database: Database, clock: SettableClock, diner: str) -> Payment:
    return await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())


async def test_asking_again_for_the_same_amount_is_the_same_bill(
    database: Database, clock: SettableClock, diner: str, payment: Payment
) -> None:
    again = await asyncio.gather(
        *(database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now()) for _ in range(10))
    )
    assert {bill.id for bill in again} == {payment.id}


async def test_another_amount_closes_the_older_bill(database: Database, clock: SettableClock, diner: str, payment: Payment) -> None:
    newer = await database.transaction(request_payment, "order", "O1", diner, Fen(10_000), now=clock.now())
    assert newer.id != payment.id
    with pytest.raises(PaymentClosedError):
        await database.transaction(confirm_payment, payment.id, fen=9400, method="simulated", external_no="x", now=clock.now())


async def test_many_confirmations_pay_once(database: Database, clock: SettableClock, payment: Payment) -> None:
    def confirm(session):
        return confirm_payment(session, payment.id, fen=9400, method="simulated", external_no="x1", now=clock.now())

    confirmed = await asyncio.gather(*(database.transaction(confirm) for _ in range(50)))

    assert confirmed.count(True) == 1
    assert await database.read(has_paid, "order", "O1")


async def test_another_amount_than_asked_is_refused(database: Database, clock: SettableClock, payment: Payment) -> None:
    with pytest.raises(WrongAmountError):
        await database.transaction(confirm_payment, payment.id, fen=1, method="simulated", external_no="x", now=clock.now())
    assert (await database.read(get_payment, payment.id)).state == "pending"


async def test_a_closed_bill_cannot_be_paid_and_no_bill_is_unknown(database: Database, clock: SettableClock, payment: Payment) -> None:
    await database.transaction(close_pending, "order", "O1")
    with pytest.raises(PaymentClosedError):
        await database.transaction(confirm_payment, payment.id, fen=9400, method="simulated", external_no="x", now=clock.now())
    with pytest.raises(UnknownPaymentError):
        await database.read(get_payment, "01NOSUCHPAYMENT00000000000")
