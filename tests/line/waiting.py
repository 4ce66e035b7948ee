"""Waiting for what other processes do."""

import asyncio
import time
from collections.abc import Callable

_LOOK_EVERY_S = 0.05


async def comes_true(holds: Callable[[], bool], *, within_s: float) -> bool:
    """Ask again and again; returns whether it held in time."""
    until = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(_LOOK_EVERY_S)
    return True
