"""A minute of kill -9, of workers that hang and of a server that dies: nothing is lost, nothing happens twice."""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable

import pytest

from domain.kernel.clock import SystemClock
from domain.storage import Database, StorageUnavailableError
from tests.domain.messaging.happenings import Counted, happen
from tests.domain.messaging.test_exactly_once import effects, left
from tests.domain.scratch import add, number_of
from tests.servers import MariaDb, connect

pytestmark = pytest.mark.soak

CHAOS_S = float(os.environ.get("HAOWEI_SOAK_SECONDS", "60"))
WORKERS = 3


async def start_worker(url: str) -> Process:
    """Start one."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.domain.messaging.working", url, stdout=DEVNULL, stderr=DEVNULL)


async def end(worker: Process) -> None:
    """kill -9, also when it is stopped."""
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()


async def emit_all_the_time(database: Database, stop: asyncio.Event) -> int:
    """Emit events one after the other, each until it is certain that it is written. Returns how many."""
    clock = SystemClock()
    number = 0
    while not stop.is_set():
        with contextlib.suppress(StorageUnavailableError):
            await happen(database, Counted(number), now=clock.now(), key=f"event {number}")
            number += 1
        await asyncio.sleep(0.02)
    return number


async def live_through(database: Database, url: str, harm: Callable[[], Awaitable[None]]) -> None:
    """Workers are killed and hang, and `harm` is done, while events happen; then everything comes to rest."""
    stop = asyncio.Event()
    await database.transaction(add, "total")
    emitting = asyncio.create_task(emit_all_the_time(database, stop))
    workers = [await start_worker(url) for _ in range(WORKERS)]
    until = time.monotonic() + CHAOS_S
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(0.5, 2.5))
        victim = random.randrange(WORKERS)
        if random.random() < 0.5:
            await end(workers[victim])
            workers[victim] = await start_worker(url)
        else:  # longer than its lease
            workers[victim].send_signal(signal.SIGSTOP)
            await asyncio.sleep(1.5)
            workers[victim].send_signal(signal.SIGCONT)
        await harm()
    stop.set()
    emitted = await emitting
    async with asyncio.timeout(120):
        while await database.read(left):
            await asyncio.sleep(0.2)
    for worker in workers:
        await end(worker)

    done = await database.read(effects)
    assert await database.read(number_of, "total") == len(done) == emitted > 0
    assert set(done.values()) == {1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_sqlite(scratch: Database, database_url: str) -> None:
    async def no_more() -> None:
        return

    await live_through(scratch, database_url, no_more)


async def test_on_mariadb_which_dies_as_well(fragile: Database, own_server: MariaDb) -> None:
    async def kill_the_server() -> None:
        if random.random() < 0.2:
            own_server.kill()
            await asyncio.sleep(random.uniform(0, 2))
            own_server.start()
            await asyncio.to_thread(lambda: connect(own_server.url).close())

    await live_through(fragile, fragile.url, kill_the_server)
