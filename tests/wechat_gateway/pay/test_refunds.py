"""A refund reaches the diner once, whatever the provider answers and whatever dies in between."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messaging.models import Delivery, OutboxEvent
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.payments.models import Payment
from domain.payments.refunds import RefundOrder, ask_again, get_refund, request_refund
from domain.payments.service import close_pending, confirm_payment, request_payment
from domain.staff.tasks import list_tasks
from domain.storage import Database
from haowei.routing import REFUNDS, ROUTES
from tests.clock import SettableClock
from tests.wechat_gateway.pay.bank import Bank
from wechat_gateway.pay.provider import ProviderBusyError, RefundRefusedError, RefundUnclearError
from wechat_gateway.pay.refunds import RefundSender
from wechat_gateway.pay.simulated import SIMULATED, SimulatedRefunds

ROOT = Path(__file__).parents[3]
ORDER = RefundOrder("R1", "P1", "sim-P1", SIMULATED, Fen(3000), Fen(9400), "dish_returned", 1)


class Moody:
    """A provider that answers as it was told: a number for done, or how it fails; the last answer from then on."""

    def __init__(self, *answers: str | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[RefundOrder] = []

    async def refund(self, order: RefundOrder) -> str:
        self.asked.append(order)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture
async def payment(database: Database, clock: SettableClock) -> Payment:
    """A bill of 94 yuan, open."""
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    return await database.transaction(request_payment, "order", "O1", diner, Fen(9400), now=clock.now())


def confirm(session, payment: Payment, clock: SettableClock) -> bool:
    return confirm_payment(session, payment.id, fen=9400, method=SIMULATED, external_no=f"sim-{payment.id}", now=clock.now())


@pytest.fixture
async def refund_id(database: Database, clock: SettableClock, payment: Payment) -> str:
    """30 of the 94 yuan, asked back."""

    def ask(session) -> str:
        confirm(session, payment, clock)
        return request_refund(session, payment.id, Fen(3000), reason="dish_returned", key="k", now=clock.now()).id

    return await database.transaction(ask)


def paid_in_cash(session) -> None:
    session.execute(update(Payment).values(method="cash"))


def worker(database: Database, clock: SettableClock, provider: Moody | Bank | SimulatedRefunds) -> Worker:
    sender = RefundSender(database, clock, {SIMULATED: provider})
    return Worker(database, clock, Wakeup(), handlers={}, effects={REFUNDS: sender})


def settled(session) -> list[tuple[str, str, int]]:
    rows = session.execute(select(OutboxEvent.payload).where(OutboxEvent.name == "refund_settled").order_by(OutboxEvent.id)).scalars()
    return [(payload["payable_id"], payload["state"], payload["fen"]) for payload in rows]


def due_at(session):
    return session.execute(select(Delivery.due_at).where(Delivery.consumer == REFUNDS, Delivery.state == "pending")).scalar_one()


async def test_a_refund_is_given_back_and_told(database: Database, clock: SettableClock, refund_id: str) -> None:
    assert await worker(database, clock, SimulatedRefunds()).work_once(REFUNDS) == 1

    done = await database.read(get_refund, refund_id)
    assert (done.state, done.external_no, done.tries, done.settled_at) == ("done", f"sim-refund-{refund_id}", 1, clock.now())
    assert await database.read(settled) == [("O1", "done", 3000)]
    assert await worker(database, clock, SimulatedRefunds()).work_once(REFUNDS) == 0


async def test_money_that_comes_for_a_closed_bill_reaches_the_diner_again(
    database: Database, clock: SettableClock, payment: Payment
) -> None:
    await database.transaction(close_pending, "order", "O1")
    await database.transaction(confirm, payment, clock)
    simulated = SimulatedRefunds()
    await worker(database, clock, simulated).work_once(REFUNDS)

    assert simulated.given_back(payment.id) == 9400
    assert await database.read(settled) == [("O1", "done", 9400)]


@pytest.mark.parametrize("answer", [RefundUnclearError("SYSTEM_ERROR"), RuntimeError("a fault"), TimeoutError()])
async def test_without_a_clear_answer_it_is_repeated_under_the_same_number(
    database: Database, clock: SettableClock, refund_id: str, answer: Exception
) -> None:
    moody = Moody(answer, answer, "p1")
    refunds = worker(database, clock, moody)
    await refunds.work_once(REFUNDS)
    assert (await database.read(get_refund, refund_id)).state == "unknown"
    assert await database.read(due_at) == clock.now() + timedelta(seconds=30)
    assert await refunds.work_once(REFUNDS) == 0
    for _ in range(2):
        clock.set(await database.read(due_at))
        await refunds.work_once(REFUNDS)

    assert [order.refund_id for order in moody.asked] == [refund_id] * 3
    assert [order.tries for order in moody.asked] == [1, 2, 3]
    assert (await database.read(get_refund, refund_id)).state == "done"
    assert await database.read(settled) == [("O1", "done", 3000)]


async def test_a_busy_provider_is_asked_a_minute_later_as_if_for_the_first_time(
    database: Database, clock: SettableClock, refund_id: str
) -> None:
    moody = Moody(ProviderBusyError("FREQUENCY_LIMITED"), "p1")
    refunds = worker(database, clock, moody)
    await refunds.work_once(REFUNDS)
    assert (await database.read(get_refund, refund_id)).state == "asked"
    clock.advance(minutes=1)
    await refunds.work_once(REFUNDS)

    assert [order.tries for order in moody.asked] == [1, 1]
    assert (await database.read(get_refund, refund_id)).state == "done"


async def test_a_refused_refund_waits_for_staff_and_then_goes_out_under_the_same_number(
    database: Database, clock: SettableClock, refund_id: str
) -> None:
    moody = Moody(RefundRefusedError("NOT_ENOUGH"), "p1")
    refunds = worker(database, clock, moody)
    await refunds.work_once(REFUNDS)
    refused = await database.read(get_refund, refund_id)
    assert (refused.state, refused.fault) == ("failed", "NOT_ENOUGH")
    assert [task.subject for task in await database.read(list_tasks)] == [refund_id]
    assert await refunds.work_once(REFUNDS) == 0
    await database.transaction(ask_again, refund_id, by="staff1", now=clock.now())
    await refunds.work_once(REFUNDS)

    assert [order.refund_id for order in moody.asked] == [refund_id] * 2
    assert await database.read(list_tasks) == []
    assert await database.read(settled) == [("O1", "failed", 3000), ("O1", "done", 3000)]


async def test_money_taken_by_hand_is_given_back_by_hand(
    database: Database, clock: SettableClock, payment: Payment, refund_id: str
) -> None:
    await database.transaction(paid_in_cash)
    simulated = SimulatedRefunds()
    await worker(database, clock, simulated).work_once(REFUNDS)

    assert simulated.given_back(payment.id) == 0
    assert (await database.read(get_refund, refund_id)).fault == "by_hand:cash"
    assert len(await database.read(list_tasks)) == 1


async def test_two_workers_with_one_refund_pay_out_once(database: Database, clock: SettableClock, refund_id: str, tmp_path: Path) -> None:
    bank = Bank(tmp_path)
    worked = await asyncio.gather(*(worker(database, clock, bank).work_once(REFUNDS) for _ in range(8)))

    assert sum(worked) == 1
    assert bank.calls == [refund_id]
    assert bank.payouts == {refund_id: 3000}


async def test_killed_after_the_payout_it_is_repeated_under_its_number_and_paid_once(
    database: Database, clock: SettableClock, refund_id: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.wechat_gateway.pay.bank", database.url, str(tmp_path)]
    killed = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    interrupted = await database.read(get_refund, refund_id)
    assert (interrupted.state, interrupted.tries) == ("sending", 1)
    assert await database.read(settled) == []

    bank = Bank(tmp_path)
    clock.set(await database.read(due_at))
    await worker(database, clock, bank).work_once(REFUNDS)

    assert bank.calls == [refund_id, refund_id]
    assert bank.payouts == {refund_id: 3000}
    done = await database.read(get_refund, refund_id)
    assert (done.state, done.external_no, done.tries) == ("done", f"bank-{refund_id}", 2)
    assert await database.read(settled) == [("O1", "done", 3000)]


async def test_the_simulated_provider_answers_alike_in_every_process_and_pays_once() -> None:
    before, after = SimulatedRefunds(), SimulatedRefunds()

    assert await before.refund(ORDER) == await before.refund(ORDER) == await after.refund(ORDER)
    assert before.given_back("P1") == 3000


async def test_the_simulated_provider_refuses_another_amount_under_a_number_and_more_than_was_paid() -> None:
    simulated = SimulatedRefunds()
    await simulated.refund(ORDER)

    with pytest.raises(RefundRefusedError, match="under_this_number"):
        await simulated.refund(RefundOrder("R1", "P1", "sim-P1", SIMULATED, Fen(1), Fen(9400), "x", 1))
    with pytest.raises(RefundRefusedError, match="more_than"):
        await simulated.refund(RefundOrder("R2", "P1", "sim-P1", SIMULATED, Fen(6401), Fen(9400), "x", 1))
    assert await simulated.refund(RefundOrder("R3", "P1", "sim-P1", SIMULATED, Fen(6400), Fen(9400), "x", 1))
