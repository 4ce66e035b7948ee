"""What is SQLite's own: one writer, several transactions in one commit, several processes on one file."""

import asyncio
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain.storage import Database, DeadlineExceededError, StorageUnavailableError, open_database
from tests.domain.conftest import LockedOutside
from tests.domain.scratch import Note, Scratch, add, add_slowly, how_many, keys, number_of
from tests.domain.storage.ways import Transact, both_ways

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


_LONG_S = 60.0


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine's disk is, the loop waits for it."""
    monkeypatch.setattr("domain.storage.sqlite._PATIENCE_S", _LONG_S)


async def test_a_commit_under_way_is_told_even_past_its_deadline(scratch: Database) -> None:
    first = asyncio.create_task(scratch.transaction(add_slowly, "holds the writer", 0.1))
    await asyncio.sleep(0.02)
    sealed = asyncio.create_task(scratch.transaction_before(time.monotonic() + 0.25, add, "done, not yet committed"))
    last = asyncio.create_task(scratch.transaction(add_slowly, "slow, in the same commit", 0.5))

    assert await sealed == "done, not yet committed"
    assert len(await asyncio.gather(first, last)) == 2
    assert await scratch.read(how_many) == 3


async def test_each_waiting_transaction_has_its_own_deadline(scratch: Database) -> None:
    def answer(outcome: BaseException | str) -> str:
        return outcome if isinstance(outcome, str) else type(outcome).__name__

    holder = asyncio.create_task(scratch.transaction(add_slowly, "holds the writer", 0.6))
    await asyncio.sleep(0.05)
    told: list[str] = []
    waiting = {
        name: scratch.transaction_before(time.monotonic() + s, add, name) for name, s in (("c", 0.3), ("a", 0.1), ("d", 30), ("b", 0.2))
    }
    tasks = [asyncio.create_task(transaction, name=name) for name, transaction in waiting.items()]
    for task in tasks:
        task.add_done_callback(lambda done: told.append(done.get_name()))
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await holder

    assert [answer(outcome) for outcome in outcomes] == ["DeadlineExceededError", "DeadlineExceededError", "d", "DeadlineExceededError"]
    assert told == ["a", "b", "c", "d"]
    assert await scratch.read(keys) == {"holds the writer", "d"}


async def test_a_deadline_is_kept_after_others_were_met(scratch: Database) -> None:
    await scratch.transaction_before(time.monotonic() + 0.2, add, "in time")
    holder = asyncio.create_task(scratch.transaction(add_slowly, "holds the writer", 0.6))
    await asyncio.sleep(0.05)

    with pytest.raises(DeadlineExceededError):
        await scratch.transaction_before(time.monotonic() + 0.3, add, "too late")
    await holder

    assert await scratch.read(keys) == {"in time", "holds the writer"}


async def test_transactions_that_wait_share_commits(scratch: Database, database_url: str, transact: Transact) -> None:
    file = Path(database_url.removeprefix("sqlite:///"))
    watcher = sqlite3.connect(file)
    versions = set()

    async def watch() -> None:
        while True:
            versions.add(watcher.execute("PRAGMA data_version").fetchone()[0])
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(transact(add, f"{i}") for i in range(200)))
    watching.cancel()
    watcher.close()

    assert await scratch.read(how_many) == 200
    assert len(versions) < 50


async def test_two_processes_lose_no_update(scratch: Database, database_url: str) -> None:
    await scratch.transaction(add, "counter")

    command = (sys.executable, "-m", "tests.domain.storage.counting", database_url, "200")
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    endings = [await process.wait() for process in processes]

    assert endings == [0, 0]
    assert await scratch.read(number_of, "counter") == 400


async def test_several_processes_may_open_a_new_file_at_once(database_url: str) -> None:
    program = (
        "import asyncio, sys; from domain.storage import open_database; from tests.domain.scratch import *\n"
        "async def main():\n"
        "    database = open_database(sys.argv[1])\n"
        "    await database.transaction(lambda session: Scratch.metadata.create_all(session.connection()))\n"
        "    await database.transaction(add, sys.argv[2])\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    url = f"{database_url}.new"
    Path(url.removeprefix("sqlite:///")).touch()  # only a migration makes the file

    processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, f"{i}") for i in range(4)]
    endings = [await process.wait() for process in processes]

    assert endings == [0] * 4


async def test_a_full_disk_refuses_without_harm_to_the_writer(scratch: Database, transact: Transact) -> None:
    def most_pages(session: Session, pages: int) -> None:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def fill(session: Session) -> None:
        session.add(Note(key="big", number=0, words="满" * 1_000_000))

    ways = both_ways(scratch)
    for each in ways:  # each has a connection of its own
        await each(most_pages, 1)  # means: not one page more than there are
    outcomes = await asyncio.gather(transact(add, "beside"), transact(fill), return_exceptions=True)
    for each in ways:
        await each(most_pages, 1_000_000)
    await transact(add, "next")

    assert isinstance(outcomes[1], StorageUnavailableError)
    assert await scratch.read(keys) == {"next", *(outcome for outcome in outcomes if isinstance(outcome, str))}


async def test_a_locked_file_is_unavailable_not_wrong(scratch: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.storage.sqlite_engine.BUSY_MS", 100)
    other = open_database(database_url)
    holder = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailableError):
        await other.transaction(add, "refused")

    holder.execute("ROLLBACK")
    holder.close()
    assert await other.transaction(add, "next") == "next"
    assert await other.read(keys) == {"next"}
    await other.close()


async def test_a_missing_table_is_an_error_of_one_transaction(scratch: Database) -> None:
    await scratch.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))

    with pytest.raises(StorageUnavailableError, match="no such table"):
        await scratch.transaction(add, "nowhere")
    with pytest.raises(StorageUnavailableError, match="no such table"):
        await scratch.read(how_many)


async def test_what_waits_for_an_answer_runs_on_the_loop_unless_another_holds_the_lock(
    scratch: Database, locked_outside: LockedOutside, patient: None
) -> None:
    _, before = both_ways(scratch)
    assert await before(which_thread, "free") == "MainThread"

    with locked_outside("any"):
        waiting = asyncio.create_task(before(which_thread, "locked"))
        ticks = 0
        while ticks < 20:  # the loop goes on meanwhile
            await asyncio.sleep(0.005)
            ticks += 1
        assert not waiting.done()

    assert await waiting == "sqlite-writer"
    assert await before(which_thread, "free again") == "MainThread"
    assert await scratch.read(keys) == {"free", "locked", "free again"}


async def test_what_comes_while_the_writer_is_busy_is_committed_by_it(scratch: Database, patient: None) -> None:
    transact, before = both_ways(scratch)
    holder = asyncio.create_task(transact(add_slowly, "long", 0.2))
    await asyncio.sleep(0.05)

    assert await before(which_thread, "meanwhile") == "sqlite-writer"
    assert holder.done()
    assert await before(which_thread, "after it") == "MainThread"


async def test_after_a_slow_commit_the_thread_waits_for_the_disk(scratch: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, before = both_ways(scratch)

    monkeypatch.setattr("domain.storage.sqlite._PATIENCE_S", 0.0)  # the commits so far took longer than that
    assert await before(which_thread, "while it is slow") == "sqlite-writer"

    monkeypatch.setattr("domain.storage.sqlite._PATIENCE_S", _LONG_S)
    assert await before(which_thread, "quick again") == "MainThread"


async def test_a_read_that_writes_is_refused_and_undone(scratch: Database) -> None:
    with pytest.raises(RuntimeError, match="must not write"):
        await scratch.read(add, "smuggled")

    assert await scratch.read(how_many) == 0


def which_thread(session: Session, key: str) -> str:
    """Write a row, and say who does it."""
    add(session, key)
    return threading.current_thread().name
