"""Simulated printers for tests, and waiting times that a test can bear."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from printing.agent.loop import PrintAgent
from printing.agent.source import JobSource
from printing.printers.network import Timing

QUICK = Timing(connect=1.0, status=0.2, answer=1.5, answer_40_lines=0.0)


async def until(holds: Callable[[], bool], *, within_s: float = 60.0) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.01)


class RunningClock:
    """The machine's clock, ahead by what a test says."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present instant and what it is ahead."""
        return datetime.now(UTC) + self._ahead

    def advance(self, **parts: float) -> None:
        """Go ahead by parts of a timedelta: `advance(minutes=5)`."""
        self._ahead += timedelta(**parts)


@asynccontextmanager
async def running(source: JobSource, prints_dir: Path) -> AsyncIterator[asyncio.Event]:
    """An agent at work until the block ends; it may be stopped before by the event."""
    stop = asyncio.Event()
    agent = asyncio.create_task(PrintAgent(source, prints_dir=prints_dir, timing=QUICK).run(stop))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await agent
