"""Simulated printers for tests, and waiting times that a test can bear."""

import asyncio
from collections.abc import Callable

from printing.printers.network import Timing

QUICK = Timing(connect=1.0, status=0.2, answer=1.5, answer_40_lines=0.0)


async def until(holds: Callable[[], bool], *, within_s: float = 10.0) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is awaited raises no event
            await asyncio.sleep(0.01)
