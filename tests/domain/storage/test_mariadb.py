"""What is MariaDB's own: deadlocks, lost connections, a server that is killed or hangs."""

import asyncio
import contextlib
import signal
import threading
import time

import pymysql
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.storage import Database, DeadlineExceededError, StorageUnavailableError, insert_once, savepoint
from tests.domain.conftest import LockedOutside
from tests.domain.scratch import Note, add, count_up, how_many, keys, number_of, pause
from tests.servers import MariaDb, connect

on_mariadb = pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)


@on_mariadb
async def test_a_deadlock_is_repeated_until_both_are_through(scratch: Database) -> None:
    await scratch.transaction(add, "one")
    await scratch.transaction(add, "two")
    runs = 0

    def both(session: Session, first: str, second: str) -> None:
        nonlocal runs
        runs += 1
        count_up(session, first)
        pause(session, 0.1)
        count_up(session, second)

    await asyncio.gather(scratch.transaction(both, "one", "two"), scratch.transaction(both, "two", "one"))

    assert runs > 2
    assert [await scratch.read(number_of, key) for key in ("one", "two")] == [2, 2]


@on_mariadb
async def test_a_deadlock_inside_savepoints_is_told_as_one_and_repeated(scratch: Database) -> None:
    await scratch.transaction(add, "one")
    await scratch.transaction(add, "two")
    told: list[int] = []

    def both(session: Session, first: str, second: str) -> None:
        count_up(session, first)
        try:
            with savepoint(session), savepoint(session):
                pause(session, 0.1)
                count_up(session, second)
        except DBAPIError as error:
            told.append(error.orig.args[0])
            raise

    await asyncio.gather(scratch.transaction(both, "one", "two"), scratch.transaction(both, "two", "one"))

    assert set(told) == {1213}
    assert [await scratch.read(number_of, key) for key in ("one", "two")] == [2, 2]


@on_mariadb
async def test_a_commit_under_way_is_told_even_past_its_deadline(scratch: Database, database_url: str) -> None:
    with connect(database_url) as outside, outside.cursor() as cursor:
        unlocks = threading.Timer(0.6, cursor.execute, ["UNLOCK TABLES"])

        def add_and_stop_commits(session: Session) -> str:
            add(session, "slow commit")
            cursor.execute("FLUSH TABLES WITH READ LOCK")
            unlocks.start()
            return "told"

        begun = time.monotonic()
        assert await scratch.transaction_before(begun + 0.3, add_and_stop_commits) == "told"
        assert time.monotonic() - begun > 0.5
        unlocks.join()

    assert await scratch.read(keys) == {"slow commit"}


@on_mariadb
async def test_a_dropped_transaction_lets_go_of_its_locks_though_the_server_still_waits(
    scratch: Database, locked_outside: LockedOutside
) -> None:
    await scratch.transaction(add, "ours")
    await scratch.transaction(add, "theirs")

    def lock_ours_and_wait_for_theirs(session: Session) -> None:
        count_up(session, "ours")
        count_up(session, "theirs")

    with locked_outside("theirs"):
        with pytest.raises(DeadlineExceededError):
            await scratch.transaction_before(time.monotonic() + 0.3, lock_ours_and_wait_for_theirs)
        begun = time.monotonic()
        await scratch.transaction(count_up, "ours")
        waited = time.monotonic() - begun

    assert waited < 2.0  # and not innodb_lock_wait_timeout
    assert await scratch.read(number_of, "ours") == 1


@on_mariadb
async def test_a_connection_that_the_server_ended_is_replaced(scratch: Database, database_url: str) -> None:
    runs = 0

    def add_and_lose_connection(session: Session) -> None:
        nonlocal runs
        runs += 1
        add(session, "again")
        if runs == 1:
            number = session.execute(text("SELECT CONNECTION_ID()")).scalar_one()
            with connect(database_url) as outside, outside.cursor() as cursor:
                cursor.execute(f"KILL {number}")
            session.execute(text("SELECT 1"))

    await scratch.transaction(add_and_lose_connection)

    assert runs == 2
    assert await scratch.read(keys) == {"again"}


@on_mariadb
async def test_reads_in_one_transaction_see_one_state(scratch: Database, database_url: str) -> None:
    await scratch.transaction(add, "counter")

    def look_twice(session: Session) -> tuple[int, int]:
        before = number_of(session, "counter")
        with connect(database_url) as outside, outside.cursor() as cursor:
            cursor.execute(f"UPDATE {Note.__tablename__} SET number = 7")
        session.expire_all()
        return before, number_of(session, "counter")

    assert await scratch.read(look_twice) == (0, 0)


@on_mariadb
async def test_conditional_updates_lose_nothing_at_read_committed(scratch: Database) -> None:
    await scratch.transaction(add, "counter")

    await asyncio.gather(*(scratch.transaction(count_up, "counter") for _ in range(100)))

    assert await scratch.read(number_of, "counter") == 100


async def test_nothing_is_lost_or_doubled_when_the_server_is_killed(fragile: Database, own_server: MariaDb) -> None:
    told: list[str] = []
    stop = asyncio.Event()

    def once(session: Session, key: str) -> None:
        if insert_once(session, Note, {"key": key, "number": 0}):
            count_up(session, "total")

    async def write(task: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            key = f"{task}-{number}"
            while True:
                with contextlib.suppress(StorageUnavailableError):
                    await fragile.transaction(once, key)
                    break
                await asyncio.sleep(0.05)
            told.append(key)

    await fragile.transaction(add, "total")
    async with asyncio.TaskGroup() as tasks:
        for task in range(8):
            tasks.create_task(write(task))
        await asyncio.sleep(0.5)
        before = len(told)
        own_server.kill()
        await asyncio.sleep(0.3)
        own_server.start()
        await asyncio.to_thread(lambda: connect(own_server.url).close())
        await asyncio.sleep(0.5)
        stop.set()

    assert 0 < before < len(told)
    assert await fragile.read(keys) == {"total", *told}
    assert await fragile.read(number_of, "total") == len(told)


async def test_a_server_that_hangs_does_not_hold_a_turn_past_its_deadline(fragile: Database, own_server: MariaDb) -> None:
    await fragile.transaction(add, "before")
    own_server.signal(signal.SIGSTOP)

    begun = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        await fragile.transaction_before(begun + 0.5, add, "hanging")
    waited = time.monotonic() - begun

    own_server.signal(signal.SIGCONT)
    await fragile.transaction(add, "after")
    assert waited < 1.5
    assert await fragile.read(keys) == {"before", "after"}


async def test_a_server_that_is_away_is_unavailable(fragile: Database, own_server: MariaDb) -> None:
    own_server.kill()

    with pytest.raises(StorageUnavailableError):
        await fragile.transaction_before(time.monotonic() + 20, add, "nowhere")
    with pytest.raises(StorageUnavailableError):
        await fragile.read(how_many)

    own_server.start()
    await asyncio.to_thread(lambda: connect(own_server.url).close())
    await fragile.transaction(add, "back")
    assert await fragile.read(keys) == {"back"}


async def test_a_server_without_a_free_connection_is_unavailable_until_it_has_one(fragile: Database, own_server: MariaDb) -> None:
    held = [connect(own_server.url)]
    with held[0].cursor() as cursor:
        cursor.execute("SET GLOBAL max_connections = 10")
        cursor.execute("SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND command = 'Sleep'")
        for row in cursor.fetchall():
            cursor.execute(f"KILL {row[0]}")  # what the house has open already
    with pytest.raises(pymysql.OperationalError, match="Too many connections"):
        held.extend(connect(own_server.url) for _ in range(20))

    with pytest.raises(StorageUnavailableError, match="Too many connections"):
        await fragile.transaction_before(time.monotonic() + 3, add, "nowhere")

    for connection in held:
        connection.close()
    await fragile.transaction(add, "back")
    assert await fragile.read(keys) == {"back"}
