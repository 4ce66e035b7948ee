"""However often workers are killed, every event has its effect, and has it once."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.kernel.clock import SystemClock
from domain.messaging.models import Delivery, DeliveryState
from domain.storage import Database
from tests.domain.messaging.happenings import Counted, happen
from tests.domain.scratch import Note, add, number_of

EVENTS = 80
VICTIMS = 4


async def start_worker(url: str) -> Process:
    """Start a worker process."""
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.domain.messaging.working", url, stdout=PIPE)


async def work_a_little(url: str) -> None:
    """Start a worker, and kill it in the middle of its claim."""
    worker = await start_worker(url)
    assert worker.stdout is not None
    async with asyncio.timeout(60):
        assert [await worker.stdout.readline() for _ in range(3)] == [b"done\n"] * 3
    await end(worker)


async def end(*workers: Process) -> None:
    """kill -9."""
    for worker in workers:
        worker.kill()
        await worker.communicate()


def left(session: Session) -> int:
    """How many deliveries are not done."""
    return session.execute(select(func.count()).select_from(Delivery).where(Delivery.state != DeliveryState.DONE)).scalar_one()


def effects(session: Session) -> dict[str, int]:
    """How many rows each event has left."""
    rows = session.execute(select(Note.words, func.count()).where(Note.words.is_not(None)).group_by(Note.words)).all()
    return {row[0]: row[1] for row in rows}


async def test_every_event_has_one_effect_though_workers_are_killed(scratch: Database, database_url: str) -> None:
    clock = SystemClock()
    await scratch.transaction(add, "total")
    for number in range(EVENTS):
        await happen(scratch, Counted(number), now=clock.now())

    for _ in range(VICTIMS):
        await work_a_little(database_url)
    still_to_do = await scratch.read(left)
    workers = [await start_worker(database_url) for _ in range(2)]
    async with asyncio.timeout(60):
        while await scratch.read(left):
            await asyncio.sleep(0.05)
    await end(*workers)

    done = await scratch.read(effects)
    assert still_to_do > 0
    assert await scratch.read(number_of, "total") == len(done) == EVENTS
    assert set(done.values()) == {1}
