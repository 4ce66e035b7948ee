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

ROUNDS = 3
EVENTS_A_ROUND = 40


async def start_worker(url: str) -> Process:
    """Start one, and wait until it has handled a few."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.domain.messaging.working", url, stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert [await process.stdout.readline() for _ in range(3)] == [b"done\n"] * 3
    return process


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
    for round_ in range(ROUNDS):
        for number in range(EVENTS_A_ROUND):
            await happen(scratch, Counted(round_ * EVENTS_A_ROUND + number), now=clock.now())
        workers = await asyncio.gather(start_worker(database_url), start_worker(database_url))
        await end(*workers)
    still_to_do = await scratch.read(left)

    last = await start_worker(database_url)
    async with asyncio.timeout(30):
        while await scratch.read(left):  # noqa: ASYNC110 - another process does the work
            await asyncio.sleep(0.05)
    await end(last)

    done = await scratch.read(effects)
    assert still_to_do > 0, "the workers were too quick to be killed in the middle"
    assert await scratch.read(number_of, "total") == len(done) == ROUNDS * EVENTS_A_ROUND
    assert set(done.values()) == {1}
