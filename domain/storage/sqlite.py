"""SQLite: turns are run and committed on the loop, everything else by one writer thread. Nobody's result leaves before its commit.

A turn is short and somebody waits for it: handing it to a thread costs as much as the turn itself, and two threads of Python
slow each other down. The loop waits neither for the lock that another connection holds nor for a slow disk: then the thread
takes over. Source: README, Decision 41 (measured).
"""

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Concatenate

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from domain.storage.database import LONGEST_TRANSACTION_S, Database, DeadlineExceededError, P, Routes, T
from domain.storage.group_commit import Job, commit_together
from domain.storage.prepared import execute
from domain.storage.sqlite_engine import BUSY_MS, Channel, is_busy, translated

_PATIENCE_S = 0.005  # for the disk, on the loop
_AGAIN_S = 0.002


class SqliteDatabase(Database):
    """The embedded default: one file, one writer at a time."""

    def __init__(self, url: str, routes: Routes) -> None:
        super().__init__(url, routes)
        self._channel: Channel | None = None  # of the loop
        self._asked: deque[Job] = deque()  # to be run on the loop
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._disk_s = 0.0  # how long the last commit took
        self._under_way: set[Job] = set()  # in the thread's hands
        self._alarm: asyncio.TimerHandle | None = None

    async def transaction(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        job = self._job(time.monotonic() + LONGEST_TRANSACTION_S, lambda session: fn(session, *args, **kwargs))
        self._hand_over([job])
        return await self._outcome(job)

    async def transaction_before(
        self, deadline: float, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if time.monotonic() >= deadline:
            raise DeadlineExceededError
        job = self._job(deadline, lambda session: fn(session, *args, **kwargs))
        if self._under_way:
            self._hand_over([job])
        else:
            self._asked.append(job)
            if len(self._asked) == 1:  # whoever else asks in this round of the loop is committed with it
                job.future.get_loop().call_soon(self._run_asked)
        return await self._outcome(job)

    def _job(self, deadline: float, run: Callable[[Session], T]) -> Job:
        return Job(run, deadline, asyncio.get_running_loop().create_future(), self._session_info())

    async def _outcome(self, job: Job) -> T:
        try:
            result: T = await job.future
        except asyncio.CancelledError:
            job.drop()
            raise
        return result

    def _run_asked(self) -> None:
        while self._asked:
            if self._under_way or self._disk_s > _PATIENCE_S or not self._begin():
                waiting = [*self._asked]
                self._asked.clear()
                self._hand_over(waiting)
                return
            assert self._channel is not None
            batch = [self._asked.popleft()]
            try:
                self._disk_s = commit_together(self._channel, batch, self._next_asked)
            except Exception as error:
                _give_up(batch, error)
                self._forget_channel()
            self._tell(batch)

    def _begin(self) -> bool:
        """Begin a transaction on the loop, if nobody else is in one; the thread waits, and finds out what else is wrong."""
        try:
            execute(self._opened().driver, "BEGIN IMMEDIATE")
        except Exception as error:
            if not (isinstance(error, DBAPIError) and is_busy(error)):
                self._forget_channel()
            return False
        return True

    def _next_asked(self) -> Job | None:
        return self._asked.popleft() if self._asked else None

    def _hand_over(self, jobs: Sequence[Job]) -> None:
        loop = asyncio.get_running_loop()
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, args=(loop,), name="sqlite-writer", daemon=True)
            self._writer.start()
        for job in jobs:
            self._under_way.add(job)
            self._watch(loop, job.deadline)
            self._jobs.put(job)

    def _watch(self, loop: asyncio.AbstractEventLoop, deadline: float) -> None:
        """One alarm for all jobs under way: nearly every one is done long before, and a timer of its own would cost more than it waits."""
        if self._alarm is not None:
            if self._alarm.when() <= deadline:
                return
            self._alarm.cancel()
        self._alarm = loop.call_at(deadline, self._drop_overdue, loop)

    def _drop_overdue(self, loop: asyncio.AbstractEventLoop) -> None:
        self._alarm = None
        now = time.monotonic()
        for job in self._under_way:
            if job.deadline <= now:
                job.drop()
        waiting = [job.deadline for job in self._under_way if job.deadline > now]
        if waiting:
            self._watch(loop, min(waiting))

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        channel: Channel | None = None
        while (first := self._jobs.get()) is not None:
            batch = [first]
            try:
                if channel is None:
                    channel = Channel(self.url)
                execute(channel.driver, "BEGIN IMMEDIATE")
                self._disk_s = commit_together(channel, batch, self._next_handed)
            except Exception as error:
                _give_up(batch, error)
                if channel is not None:
                    channel.close()
                    channel = None
            try:
                loop.call_soon_threadsafe(self._tell_handed, batch)
            except RuntimeError:  # the loop is closed: nobody waits any more
                break
        if channel is not None:
            channel.close()

    def _next_handed(self) -> Job | None:
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return None
        if job is None:
            self._jobs.put(None)  # closing: finish this batch first
        return job

    def _tell_handed(self, batch: Sequence[Job]) -> None:
        self._under_way.difference_update(batch)
        self._tell(batch)

    def _tell(self, batch: Sequence[Job]) -> None:
        self._committed(frozenset[str]().union(*[job.tell() for job in batch]))

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        # Inline on the loop: in WAL mode a reader never waits, and a point read costs less than a thread hop.
        until = time.monotonic() + BUSY_MS / 1000
        while True:
            try:
                return self._read(lambda session: fn(session, *args, **kwargs))
            except DBAPIError as error:
                self._forget_channel()
                if not is_busy(error) or time.monotonic() > until:
                    raise translated(error) from error
            await asyncio.sleep(_AGAIN_S)  # a file is being set right after a crash

    def _read(self, fn: Callable[[Session], T]) -> T:
        channel = self._opened()
        written = channel.driver.total_changes
        execute(channel.driver, "BEGIN")
        try:
            result = fn(channel.session)
        finally:
            channel.let_go()
            execute(channel.driver, "ROLLBACK")
        if channel.driver.total_changes != written:
            raise RuntimeError("a read must not write; it was undone")
        return result

    def _opened(self) -> Channel:
        if self._channel is None:
            self._channel = Channel(self.url, waits=False)
        return self._channel

    def _forget_channel(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    async def close(self) -> None:
        self._run_asked()
        if self._writer is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._forget_channel()


def _give_up(batch: Sequence[Job], error: Exception) -> None:
    for job in batch:
        job.fail(error)
