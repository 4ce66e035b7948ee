"""The loop that hands deliveries out: woken by a commit, not stopped by a failure, done with what it holds before it stops."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from domain.messaging.deliveries import Claimed, dead_count
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import TryAgainAtError, Worker
from domain.storage import Database, open_database
from tests.clock import SettableClock
from tests.domain.conftest import LockedOutside
from tests.domain.messaging.happenings import Counted, Shouted, claimed, deliveries, happen, the_delivery
from tests.domain.scratch import add, how_many, keys, pause
from tests.servers import MariaDb, connect


@pytest.fixture
def wakeup(scratch: Database) -> Wakeup:
    """Wakes whoever has work after a commit, as the program does."""
    flags = Wakeup()
    scratch.on_commit(flags.wake)
    return flags


@contextlib.asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """A worker at work, stopped in order at the end."""
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    yield
    stop.set()
    async with asyncio.timeout(5):
        await task


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def seen(database: Database, key: str) -> None:
    """Wait until a row is there."""
    async with asyncio.timeout(10):
        while key not in await database.read(keys):
            await asyncio.sleep(0.05)


def note(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """A handler that writes a row."""
    add(session, f"number {payload['number']}")


async def test_a_handler_and_its_delivery_are_one_commit(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    worker = Worker(scratch, clock, wakeup, handlers={"counting": {"test.counted": note}}, effects={})
    await happen(scratch, Counted(7), now=clock.now())

    assert await worker.work_once("counting") == 1

    assert await scratch.read(keys) == {"number 7"}
    assert await scratch.read(deliveries) == [("counting", "done")]
    assert await worker.work_once("counting") == 0


async def test_a_failing_handler_leaves_nothing_and_is_tried_again(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    outcomes: list[str] = []
    faults = [ValueError("the diner said 你好"), None]

    def fail_once(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        note(session, payload, event_id=event_id, now=now)
        if fault := faults.pop(0):
            raise fault

    worker = Worker(
        scratch,
        clock,
        wakeup,
        handlers={"counting": {"test.counted": fail_once}},
        effects={},
        on_outcome=lambda consumer, outcome: outcomes.append(outcome),
    )
    await happen(scratch, Counted(7), now=clock.now())

    with capture_logs() as logs:
        await worker.work_once("counting")
    after_failure = await scratch.read(keys), await scratch.read(the_delivery)
    clock.advance(seconds=2)
    await worker.work_once("counting")

    assert after_failure[0] == set()
    assert after_failure[1]["last_error"] == "ValueError: "
    assert [line["event"] for line in logs] == ["delivery.failed"]
    assert outcomes == ["retried", "done"]
    assert await scratch.read(keys) == {"number 7"}


async def test_a_database_that_is_gone_is_one_line_of_the_log_and_no_traceback(
    scratch: Database, clock: SettableClock, wakeup: Wakeup, tmp_path: Path
) -> None:
    gone = open_database(f"sqlite:///{tmp_path / 'gone.db'}")
    outcomes: list[str] = []

    async def shout(delivery: Claimed) -> None:
        await gone.transaction(how_many)

    worker = Worker(
        scratch, clock, wakeup, handlers={}, effects={"shouting": shout}, on_outcome=lambda _, outcome: outcomes.append(outcome)
    )
    await happen(scratch, Shouted(), now=clock.now())
    with capture_logs() as logs:
        await worker.work_once("shouting")
    await gone.close()

    assert outcomes == ["retried"]
    assert [(line["event"], line["log_level"], line["error"]) for line in logs] == [
        ("delivery.failed", "warning", "StorageUnavailableError")
    ]
    assert not any(line.get("exc_info") for line in logs)


async def test_one_failing_event_does_not_hold_up_the_others(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    def fail_on_three(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["number"] == 3:
            raise ValueError
        note(session, payload, event_id=event_id, now=now)

    worker = Worker(scratch, clock, wakeup, handlers={"counting": {"test.counted": fail_on_three}}, effects={})
    for number in range(1, 6):
        await happen(scratch, Counted(number), now=clock.now())

    with capture_logs():
        await worker.work_once("counting")

    assert await scratch.read(keys) == {f"number {number}" for number in (1, 2, 4, 5)}


async def test_an_event_without_a_handler_is_dead_in_the_end(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    worker = Worker(scratch, clock, wakeup, handlers={"counting": {}}, effects={})
    await happen(scratch, Counted(), now=clock.now())

    with capture_logs() as logs:
        for _ in range(12):
            await worker.work_once("counting")
            clock.advance(minutes=15)

    assert await scratch.read(dead_count) == 1
    assert [line["event"] for line in logs].count("delivery.dead") == 1


async def test_a_commit_wakes_the_worker_at_once(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    handled: list[float] = []

    def remember(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        handled.append(time.monotonic())

    worker = Worker(scratch, clock, wakeup, handlers={"counting": {"test.counted": remember}}, effects={})
    async with running(worker):
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        await happen(scratch, Counted(), now=clock.now())
        await until(lambda: bool(handled))

    assert handled[0] - begun < 0.5


async def test_what_another_process_emitted_is_found_without_being_woken(scratch: Database, clock: SettableClock) -> None:
    handled: list[int] = []

    def remember(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        handled.append(payload["number"])

    worker = Worker(scratch, clock, Wakeup(), handlers={"counting": {"test.counted": remember}}, effects={})
    async with running(worker):
        await asyncio.sleep(0.1)
        await happen(scratch, Counted(5), now=clock.now())
        await until(lambda: bool(handled))

    assert handled == [5]


async def test_stopping_finishes_what_is_in_hand(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        loop.call_soon_threadsafe(begun.set)
        note(session, payload, event_id=event_id, now=now)
        pause(session, 0.3)

    worker = Worker(scratch, clock, wakeup, handlers={"counting": {"test.counted": slowly}}, effects={})
    await happen(scratch, Counted(1), now=clock.now())
    async with running(worker):
        await begun.wait()

    assert await scratch.read(deliveries) == [("counting", "done")]
    assert await scratch.read(keys) == {"number 1"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_locked_database_is_outlived(
    scratch: Database, clock: SettableClock, wakeup: Wakeup, locked_outside: LockedOutside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.storage.sqlite_engine.BUSY_MS", 50)
    impatient = open_database(scratch.url)
    worker = Worker(impatient, clock, wakeup, handlers={"counting": {"test.counted": note}}, effects={})
    await happen(scratch, Counted(1), now=clock.now())

    with capture_logs() as logs, contextlib.ExitStack() as lock:
        lock.enter_context(locked_outside("any"))
        async with running(worker):
            await until(lambda: any(line["event"] == "worker.storage_unavailable" for line in logs))
            lock.close()
            await seen(scratch, "number 1")
    await impatient.close()


async def test_a_killed_server_is_outlived(fragile: Database, own_server: MariaDb, clock: SettableClock) -> None:
    worker = Worker(fragile, clock, Wakeup(), handlers={"counting": {"test.counted": note}}, effects={})

    with capture_logs() as logs:
        async with running(worker):
            own_server.kill()
            await until(lambda: any(line["event"] == "worker.storage_unavailable" for line in logs))
            own_server.start()
            await asyncio.to_thread(lambda: connect(own_server.url).close())
            await happen(fragile, Counted(1), now=clock.now())
            await seen(fragile, "number 1")


async def test_an_effect_settles_its_delivery_itself(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    sent: list[str] = []

    async def shout(delivery: Claimed) -> None:
        await asyncio.sleep(0.01)
        sent.append(delivery.payload["words"])
        await scratch.transaction(delivery.settle, now=clock.now())

    worker = Worker(scratch, clock, wakeup, handlers={}, effects={"shouting": shout})
    await happen(scratch, Shouted("来啦"), now=clock.now())

    await worker.work_once("shouting")

    assert sent == ["来啦"]
    assert ("shouting", "done") in await scratch.read(deliveries)


async def test_an_effect_may_ask_to_be_called_later(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    calls: list[datetime] = []

    async def shout(delivery: Claimed) -> None:
        calls.append(clock.now())
        if len(calls) == 1:
            raise TryAgainAtError(clock.now() + timedelta(minutes=5))
        await scratch.transaction(delivery.settle, now=clock.now())

    worker = Worker(scratch, clock, wakeup, handlers={}, effects={"shouting": shout})
    await happen(scratch, Shouted(), now=clock.now())
    for _ in range(4):
        await worker.work_once("shouting")
        clock.advance(minutes=2)

    assert [moment.minute for moment in calls] == [30, 36]
    assert ("shouting", "done") in await scratch.read(deliveries)


async def test_a_handler_that_outlasts_its_lease_keeps_nothing(scratch: Database, clock: SettableClock, wakeup: Wakeup) -> None:
    outcomes: list[str] = []
    taken: list[Claimed] = []

    async def sleep_too_long(delivery: Claimed) -> None:
        taken.extend(await claimed(scratch, now=clock.advance(minutes=2), consumer="shouting"))
        await scratch.transaction(work, delivery)

    def work(session: Session, delivery: Claimed) -> None:
        add(session, "of the sleeper")
        delivery.settle(session, now=clock.now())

    worker = Worker(
        scratch, clock, wakeup, handlers={}, effects={"shouting": sleep_too_long}, on_outcome=lambda _, outcome: outcomes.append(outcome)
    )
    await happen(scratch, Shouted(), now=clock.now())
    await worker.work_once("shouting")

    assert outcomes == ["lost_lease"]
    assert len(taken) == 1
    assert await scratch.read(keys) == set()
