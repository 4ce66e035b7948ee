"""A transaction is one function: all of it or nothing, told after its commit, and dropped at its deadline."""

import asyncio
import sys
import time

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.storage import Database, DeadlineExceededError
from domain.storage.database import WOKEN
from tests.domain.conftest import LockedOutside
from tests.domain.scratch import Note, add, add_slowly, count_up, how_many, keys, number_of
from tests.domain.storage.ways import Transact


async def test_a_result_is_told_only_after_its_commit(scratch: Database, database_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.domain.storage.committing", database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    told = [(await process.stdout.readline()).decode().strip() for _ in range(300)]
    process.kill()
    told += (await process.stdout.read()).decode().split("\n")[:-1]
    await process.wait()

    written = await scratch.read(keys)

    assert len(told) >= 300
    assert set(told) <= written


async def test_a_failing_transaction_leaves_nothing(scratch: Database, transact: Transact) -> None:
    def fail(session: Session) -> None:
        add(session, "kept by nobody")
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await transact(fail)

    assert await scratch.read(how_many) == 0


async def test_failing_transactions_do_not_hurt_those_beside_them(scratch: Database, transact: Transact) -> None:
    await scratch.transaction(add, "taken")

    def refuse(session: Session, key: str) -> str:
        add(session, key)
        raise ValueError(key)

    def add_twice_by_core(session: Session, key: str) -> str:
        add(session, key)
        session.execute(insert(Note), {"key": "taken", "number": 0})
        return key

    def add_twice_by_flush(session: Session, key: str) -> str:
        session.add_all([Note(key=key, number=0), Note(key="taken", number=0)])
        return key

    ways = [add, refuse, add, add_twice_by_core, add, add_twice_by_flush]
    outcomes = await asyncio.gather(*(transact(way, f"{way.__name__}-{i}") for i, way in enumerate(ways * 5)), return_exceptions=True)

    good = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(good) == 15
    assert sum(isinstance(outcome, ValueError) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 10
    assert await scratch.read(keys) == {"taken", *good}


async def test_a_transaction_whose_time_was_over_before_it_began_does_not_run(scratch: Database) -> None:
    with pytest.raises(DeadlineExceededError):
        await scratch.transaction_before(time.monotonic() - 0.001, add, "late")

    await scratch.transaction(add, "next")
    assert await scratch.read(keys) == {"next"}


async def test_a_transaction_that_waits_past_its_deadline_is_dropped(scratch: Database, locked_outside: LockedOutside) -> None:
    await scratch.transaction(add, "busy")

    with locked_outside("busy"):
        begun = time.monotonic()
        with pytest.raises(DeadlineExceededError):
            await scratch.transaction_before(begun + 0.2, count_up, "busy")
        waited = time.monotonic() - begun

    assert waited < 1.0
    await scratch.transaction(add, "next")
    assert await scratch.read(number_of, "busy") == 0


async def test_a_transaction_that_runs_past_its_deadline_leaves_nothing(scratch: Database) -> None:
    with pytest.raises(DeadlineExceededError):
        await scratch.transaction_before(time.monotonic() + 0.15, add_slowly, "slow", 0.4)

    await scratch.transaction(add, "next")
    assert await scratch.read(keys) == {"next"}


async def test_a_transaction_that_computes_past_its_deadline_leaves_nothing(scratch: Database) -> None:
    def compute(session: Session) -> None:
        add(session, "slow")
        time.sleep(0.3)

    with pytest.raises(DeadlineExceededError):
        await scratch.transaction_before(time.monotonic() + 0.1, compute)

    await scratch.transaction(add, "next")
    assert await scratch.read(keys) == {"next"}


async def test_a_reader_sees_only_what_is_committed(scratch: Database) -> None:
    writing = asyncio.create_task(scratch.transaction(add_slowly, "open", 2.0))
    await asyncio.sleep(0.3)

    assert not writing.done()
    assert await scratch.read(how_many) == 0
    await writing
    assert await scratch.read(how_many) == 1


async def test_a_reader_does_not_wait_for_writers(scratch: Database, locked_outside: LockedOutside) -> None:
    await scratch.transaction(add, "busy")

    with locked_outside("busy"):
        begun = time.monotonic()
        assert await scratch.read(number_of, "busy") == 0
        assert time.monotonic() - begun < 0.5


async def test_a_cancelled_transaction_leaves_nothing(scratch: Database) -> None:
    running = asyncio.create_task(scratch.transaction(add_slowly, "cancelled", 0.3))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    await scratch.transaction(add, "next")
    assert await scratch.read(keys) == {"next"}


async def test_a_transaction_cancelled_before_it_runs_leaves_nothing(scratch: Database, transact: Transact) -> None:
    waiting = asyncio.create_task(transact(add, "cancelled"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    await transact(add, "next")
    assert await scratch.read(keys) == {"next"}


async def test_close_finishes_what_was_begun(scratch: Database, transact: Transact) -> None:
    running = [asyncio.create_task(transact(add_slowly, f"begun-{i}", 0.05)) for i in range(5)]
    await asyncio.sleep(0.02)
    await scratch.close()

    assert [await task for task in running] == [f"begun-{i}" for i in range(5)]
    assert await scratch.read(how_many) == 5


async def test_consumers_are_woken_after_the_commit_and_only_then(scratch: Database, transact: Transact) -> None:
    woken: list[frozenset[str]] = []

    def wake(session: Session, consumer: str) -> None:
        add(session, consumer)
        session.info[WOKEN].add(consumer)
        if consumer == "refused":
            raise ValueError

    scratch.on_commit(woken.append)
    await transact(wake, "printing")
    with pytest.raises(ValueError, match=r"^$"):
        await transact(wake, "refused")

    assert woken == [frozenset({"printing"})]
