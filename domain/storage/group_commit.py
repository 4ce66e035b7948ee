"""Transactions that wait for SQLite's one writer: run one after the other under savepoints, and committed together.

No result leaves before its commit. Source: reference turn-cost (group commit halves the CPU of a turn and makes FULL free).
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from domain.storage.database import WOKEN, DeadlineExceededError, StorageUnavailableError
from domain.storage.prepared import execute
from domain.storage.sqlite_engine import Channel, translated

_MOST = 64
_LONGEST_S = 0.02
_WAITING, _RUNNING, _SEALED, _DROPPED = range(4)
_LOCK = threading.Lock()  # a job is dropped on the loop while it may run in the writer's thread


class Job:
    """One transaction that waits for the writer."""

    __slots__ = ("_info", "_result", "_run", "_state", "deadline", "error", "future")

    def __init__(self, run: Callable[[Session], Any], deadline: float, future: "asyncio.Future[Any]", info: dict[Any, Any]) -> None:
        """Args:
        deadline: time.monotonic() after which it is dropped, or rolled back.
        future: Gets the result, or the error, by `tell`.
        info: Of the session while it runs.
        """
        self._run = run
        self.deadline = deadline
        self.future = future
        self._info = info
        self._state = _WAITING
        self._result: Any = None
        self.error: BaseException | None = None

    def run(self, channel: Channel) -> bool:
        """Run it in a transaction that is open. Returns: whether what it did may be kept; else the caller undoes it."""
        with _LOCK:
            if self._state == _DROPPED or self.future.cancelled():
                return True  # it does nothing
            self._state = _RUNNING
        session = channel.session
        session.info.update(self._info)
        try:
            self._result = self._run(session)
            if session.in_transaction():
                session.commit()
        except BaseException as error:
            self.error = translated(error)
        channel.let_go()
        with _LOCK:
            if self.error is None and self._state == _RUNNING and time.monotonic() > self.deadline:
                self.error = DeadlineExceededError()
            kept = self.error is None and self._state == _RUNNING
            if kept or self.error is not None:
                self._state = _SEALED
        return kept

    def drop(self) -> None:
        """Its time is over, or nobody waits any more. Once its COMMIT is under way it is told instead."""
        with _LOCK:
            if self._state == _SEALED:
                return
            self._state = _DROPPED
        if not self.future.done():
            self.future.set_exception(DeadlineExceededError())

    def fail(self, error: BaseException) -> None:
        """Its transaction came to nothing."""
        self.error = StorageUnavailableError(str(error))
        self._result = None

    def tell(self) -> frozenset[str]:
        """Give the outcome to whoever waits, on the loop. Returns: the consumers to wake."""
        if self.error is None and self._state != _SEALED:
            return frozenset()
        if not self.future.done():
            if self.error is None:
                self.future.set_result(self._result)
            else:
                self.future.set_exception(self.error)
        return frozenset(self._info[WOKEN]) if self.error is None else frozenset()


def commit_together(channel: Channel, batch: list[Job], take: Callable[[], Job | None]) -> float:
    """Run a job, and those that wait behind it, in the transaction that was begun, and end it.

    The first is undone with the whole transaction, and needs no savepoint: when it is not kept, it stays alone.

    Args:
        batch: The first one; gets those that were run behind it, also when an error leaves this function: then none is kept.
        take: The next one that waits, or None.

    Returns:
        How many seconds the disk took.

    Raises:
        StorageUnavailableError: The transaction was given up.
        DBAPIError: It could not be ended.
    """
    until = time.monotonic() + _LONGEST_S
    (first,) = batch
    if not _stands(channel, first, first.run(channel)):
        execute(channel.driver, "ROLLBACK")
        return 0.0
    while len(batch) < _MOST and time.monotonic() <= until and (job := take()) is not None:
        batch.append(job)
        execute(channel.driver, "SAVEPOINT job")
        if not _stands(channel, job, job.run(channel)):
            execute(channel.driver, "ROLLBACK TO job")
        execute(channel.driver, "RELEASE job")
    begun = time.monotonic()
    execute(channel.driver, "COMMIT")
    return time.monotonic() - begun


def _stands(channel: Channel, job: Job, kept: bool) -> bool:
    """Whether a job is kept. Raises: StorageUnavailableError: SQLite rolled everything back, and COMMIT would say nothing."""
    if not channel.driver.in_transaction:  # a full disk or a failing one
        raise StorageUnavailableError(f"SQLite gave the transaction up: {job.error}")
    return kept
