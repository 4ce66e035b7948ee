"""SQLite: one writer thread with group commit, and a reader that never waits.

The turns that wait are run one after the other under savepoints and committed together; no result leaves
before its commit. Source: reference turn-cost (a thread hop for each statement cost four times as much).
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Concatenate

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from domain.storage.database import WOKEN, Database, DeadlineExceededError, P, Routes, StorageUnavailableError, T
from domain.storage.prepared import DRIVER, execute

_BUSY_MS = 15_000  # another process may hold the write lock (migration, worker)
_BATCH = 64
_BATCH_S = 0.02
_WAITING, _RUNNING, _SEALED, _DROPPED = range(4)


def sqlite_engine(url: str) -> Engine:
    """An engine with our own BEGIN: the driver's own transaction control loses updates (reference infra §2)."""
    engine = _engine(url)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        execute(_driver(connection), "BEGIN IMMEDIATE")

    return engine


def _engine(url: str, *, read_only: bool = False) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", f"busy_timeout={_BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    # SQLAlchemy compiles these three anew each time, which costs 150 µs a turn.
    dialect: Any = engine.dialect
    dialect.do_savepoint = partial(_savepoint, "SAVEPOINT")
    dialect.do_release_savepoint = partial(_savepoint, "RELEASE")
    dialect.do_rollback_to_savepoint = partial(_savepoint, "ROLLBACK TO")
    return engine


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _savepoint(statement: str, connection: Connection, name: str) -> None:
    execute(_driver(connection), f"{statement} {name}")


class _Channel:
    """A connection with one session for all transactions, which are begun and ended by hand: that costs a tenth of SQLAlchemy's way.

    SQLAlchemy is told of one transaction without end. What it runs itself (the ORM, a statement that is not Prepared) it
    puts under a savepoint of its own, whose rollback, also the one inside a failing flush, goes back no further.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Raises: StorageUnavailableError: There is no file. Only a migration makes one."""
        path = make_url(url).database or ""
        if not Path(path).exists():
            raise StorageUnavailableError(f"there is no database {path} yet")
        self._connection = _engine(url, read_only=read_only).connect()
        self._connection.begin()
        self.driver = _driver(self._connection)
        self.session = Session(
            self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False, info={DRIVER: self.driver}
        )

    def let_go(self) -> None:
        """The next transaction's session knows no object of this one's."""
        if self.session.in_transaction() or self.session.identity_map:
            self.session.close()

    def close(self) -> None:
        """Roll back what is open, and close the file."""
        self._connection.close()


class _Job:
    """One transaction that waits for the writer."""

    __slots__ = ("deadline", "error", "future", "info", "result", "run", "state")

    def __init__(self, run: Callable[[Session], Any], deadline: float, future: "asyncio.Future[Any]", info: dict[Any, Any]) -> None:
        self.run = run
        self.deadline = deadline
        self.future = future
        self.info = info
        self.state = _WAITING
        self.result: Any = None
        self.error: BaseException | None = None


class SqliteDatabase(Database):
    """The embedded default: one file, one writer thread a process."""

    def __init__(self, url: str, routes: Routes) -> None:
        super().__init__(url, routes)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._reader: _Channel | None = None
        self._under_way: set[_Job] = set()
        self._alarm: asyncio.TimerHandle | None = None

    async def transaction_before(
        self, deadline: float, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        if time.monotonic() >= deadline:
            raise DeadlineExceededError
        loop = asyncio.get_running_loop()
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, args=(loop,), name="sqlite-writer", daemon=True)
            self._writer.start()
        job = _Job(lambda session: fn(session, *args, **kwargs), deadline, loop.create_future(), self._session_info())
        self._under_way.add(job)
        self._watch(loop, deadline)
        self._jobs.put(job)
        try:
            result: T = await job.future
        except asyncio.CancelledError:
            self._drop(job)
            raise
        finally:
            self._under_way.remove(job)
        return result

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
                self._drop(job)
        waiting = [job.deadline for job in self._under_way if job.deadline > now]
        if waiting:
            self._watch(loop, min(waiting))

    def _drop(self, job: _Job) -> None:
        with self._lock:
            if job.state == _SEALED:
                return  # its COMMIT is under way and will be told
            job.state = _DROPPED
        if not job.future.done():
            job.future.set_exception(DeadlineExceededError())

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        channel: _Channel | None = None
        while True:
            first = self._jobs.get()
            if first is None:
                break
            batch: list[_Job] = []
            try:
                if channel is None:
                    channel = _Channel(self.url)
                execute(channel.driver, "BEGIN IMMEDIATE")
                self._run_batch(channel, first, batch)
                execute(channel.driver, "COMMIT")
            except Exception as error:
                for job in batch or [first]:
                    job.error, job.result = StorageUnavailableError(str(error)), None
                batch = batch or [first]
                if channel is not None:
                    channel.close()
                    channel = None
            try:
                loop.call_soon_threadsafe(self._deliver, batch)
            except RuntimeError:  # the loop is closed: nobody waits any more
                break
        if channel is not None:
            channel.close()

    def _run_batch(self, channel: _Channel, first: _Job, batch: list[_Job]) -> None:
        until = time.monotonic() + _BATCH_S
        job: _Job | None = first
        while job is not None:
            batch.append(job)
            self._run_job(channel, job, first=job is first)
            if len(batch) >= _BATCH or time.monotonic() > until:
                return
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is None:
                self._jobs.put(None)  # closing: finish this batch first

    def _run_job(self, channel: _Channel, job: _Job, *, first: bool) -> None:
        """Run a job and undo it if it is not kept. The first of a batch is undone with the whole transaction, and needs no savepoint."""
        with self._lock:
            if job.state == _DROPPED:
                return
            job.state = _RUNNING
        driver, session = channel.driver, channel.session
        session.info.update(job.info)
        if not first:
            execute(driver, "SAVEPOINT job")
        try:
            job.result = job.run(session)
            if session.in_transaction():
                session.commit()
        except BaseException as error:
            job.error = _translated(error)
        channel.let_go()
        with self._lock:
            kept = job.error is None and job.state == _RUNNING
            if kept or job.error is not None:
                job.state = _SEALED
        if not driver.in_transaction:  # a full disk or a failing one: SQLite rolled back everything, and COMMIT would say nothing
            raise StorageUnavailableError(f"SQLite gave the transaction up: {job.error}")
        if not first:
            if not kept:
                execute(driver, "ROLLBACK TO job")
            execute(driver, "RELEASE job")
        elif not kept:
            execute(driver, "ROLLBACK")
            execute(driver, "BEGIN IMMEDIATE")

    def _deliver(self, batch: list[_Job]) -> None:
        woken: set[str] = set()
        for job in batch:
            if job.error is not None:
                if not job.future.done():
                    job.future.set_exception(job.error)
            elif job.state == _SEALED:
                woken |= job.info[WOKEN]
                if not job.future.done():
                    job.future.set_result(job.result)
        self._committed(frozenset(woken))

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        # Inline on the loop: in WAL mode a reader never waits, and a point read costs less than a thread hop.
        try:
            if self._reader is None:
                self._reader = _Channel(self.url, read_only=True)
            execute(self._reader.driver, "BEGIN")
            try:
                return fn(self._reader.session, *args, **kwargs)
            finally:
                self._reader.let_go()
                execute(self._reader.driver, "ROLLBACK")
        except DBAPIError as error:
            self._forget_reader()
            raise _translated(error) from error

    def _forget_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    async def close(self) -> None:
        self._forget_reader()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._writer is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._writer.join)
            self._writer = None


def _translated(error: BaseException) -> BaseException:
    if isinstance(error, DBAPIError) and type(error).__name__ == "OperationalError":
        unavailable = StorageUnavailableError(str(error.orig))
        unavailable.__cause__ = error
        return unavailable
    return error
