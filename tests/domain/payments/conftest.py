"""A diner with a bill, open and paid."""

import pytest

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.payments.models import Payment
from domain.payments.service import confirm_payment, request_payment
from domain.storage import Database
from tests.clock import SettableClock


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


@pytest.fixture
async def payment(database: Database, clock: SettableClock, diner: str) -> Payment:
    """An open bill of 94 yuan."""
    return await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())


@pytest.fixture
async def paid(database: Database, clock: SettableClock, payment: Payment) -> Payment:
    """The same bill, paid."""
    confirmed = await database.transaction(
        confirm_payment, payment.id, fen=9400, method="simulated", external_no=f"sim-{payment.id}", now=clock.now()
    )
    assert confirmed
    return payment
