"""Tell a sleeping worker that something is due. Best effort: workers poll as well."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable


class Wakeup:
    """In-process wake-up: one flag a consumer."""

    def __init__(self) -> None:
        self._flags: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def wake(self, consumers: Iterable[str]) -> None:
        """Something is due for these consumers."""
        for consumer in consumers:
            self._flags[consumer].set()

    async def wait(self, consumer: str, seconds: float) -> None:
        """Sleep until woken or until the time is over."""
        flag = self._flags[consumer]
        try:
            async with asyncio.timeout(seconds):
                await flag.wait()
        except TimeoutError:
            return
        finally:
            flag.clear()
