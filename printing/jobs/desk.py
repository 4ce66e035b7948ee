"""The counter where agents fetch tickets: waits for work, then runs the short transactions of the queue."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.messaging.wakeup import Wakeup
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from printing.jobs.leasing import LeasedJob, lease_jobs
from printing.jobs.service import AGENTS, mark_sending, report
from printing.jobs.tending import stores_with_work
from printing.printers.outcome import Outcome

_CLOSED_S = 0.1  # an agent of this process asks on until it is stopped itself
_POLL_S = (1.0, 2.0)  # retries fall due, and other processes queue jobs, without a wake-up


class PrintDesk:
    """Serves the agents of this process and those that call by HTTP."""

    def __init__(self, database: Database, snapshots: SnapshotCache, clock: Clock, wakeup: Wakeup) -> None:
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._wakeup = wakeup
        self._closed = False

    async def lease(
        self, store_ids: Sequence[str], *, owner: str, wait_s: float, limit: int, gone: Callable[[], bool] = lambda: False
    ) -> list[LeasedJob]:
        """Lease jobs of some stores, waiting up to `wait_s` seconds for the first.

        Args:
            owner: The agent's fence.
            limit: At most so many jobs a store.
            gone: Whether the agent has hung up: jobs leased to it would wait for the end of their lease.
        """
        until = time.monotonic() + wait_s
        while not gone():
            now = self._clock.now()
            busy = await self._database.read(stores_with_work, store_ids, now=now)
            if busy:
                jobs = await self._database.transaction(self._lease, busy, owner=owner, now=now, limit=limit)
                if jobs:
                    return jobs
            left = until - time.monotonic()
            if left <= 0:
                return []
            if self._closed:
                await asyncio.sleep(min(left, _CLOSED_S))
                return []
            await self._wakeup.wait(AGENTS, min(left, random.uniform(*_POLL_S)))
        return []

    async def sending(self, store_id: str, job_id: str, *, owner: str) -> None:
        """See `mark_sending`: returns after the commit."""
        await self._database.transaction(mark_sending, job_id, store_id=store_id, owner=owner, now=self._clock.now())

    async def report(self, store_id: str, job_id: str, *, owner: str, outcome: Outcome) -> None:
        """See `jobs.service.report`."""
        await self._database.transaction(report, job_id, store_id=store_id, owner=owner, outcome=outcome, now=self._clock.now())

    def close(self) -> None:
        """Let agents that wait go home empty-handed, so that the process can stop."""
        self._closed = True
        self._wakeup.wake([AGENTS])

    def _lease(self, session: Session, store_ids: Sequence[str], *, owner: str, now: datetime, limit: int) -> list[LeasedJob]:
        stores = self._snapshots.get(session).known_stores
        leased: list[LeasedJob] = []
        for store_id in store_ids:
            printers = stores[store_id].printers if store_id in stores else ()
            leased += lease_jobs(session, store_id, printers, owner=owner, now=now, limit=limit)
        return leased
