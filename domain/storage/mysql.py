"""MySQL 8 and MariaDB 10.6+ through aiomysql: one transaction each, run by AsyncSession.run_sync."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from typing import Any, Concatenate, cast

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from domain.storage.database import WOKEN, Database, DeadlineExceededError, P, Routes, StorageUnavailableError, T

# Deadlock, lock wait, record changed: the statement did not happen. 1305: the savepoint is gone with the whole transaction,
# which a deadlock inside it had undone.
_RETRIED = {1213, 1205, 1020, 1305}
_LOST = {2003, 2006, 2013, 2014, 2055, 1053, 1927}  # the connection is gone
_CLOSED = {1040, 1203, 1226, 1129, 1290, 1836, 1021, 1041}  # no more connections, reads only, or no disk or memory, for a while
_OLD = {1054, 1146}  # no such column, no such table: not of this version
_TRIES = 8
_COMMIT_S = 10.0
_STOP_S = 3.0
_DRIVER = "haowei.driver"  # Session.info: the driver's connection


def mysql_engine(url: str, *, read_only: bool = False) -> AsyncEngine:
    """UTC, short waits, utf8mb4; READ COMMITTED to write, one snapshot (REPEATABLE READ) to read. Source: reference infra §2."""
    full = make_url(url).update_query_dict({"charset": "utf8mb4"})
    engine = create_async_engine(
        full,
        hide_parameters=True,  # what diners wrote does not belong in messages of faults
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        pool_size=5 if read_only else 10,
        max_overflow=5,
        pool_timeout=3,
        pool_recycle=1800,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "init_command": "SET SESSION innodb_lock_wait_timeout=5, time_zone='+00:00'"},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'")
        cursor.close()

    return engine


class _Session(Session):
    """Remembers its connection also when it was taken away from it."""


@event.listens_for(_Session, "after_begin")
def _remember_driver(session: Session, _: Any, connection: Connection) -> None:
    session.info[_DRIVER] = connection.connection.driver_connection


class MysqlDatabase(Database):
    """A chain's database."""

    def __init__(self, url: str, routes: Routes) -> None:
        super().__init__(url, routes)
        self._engine = mysql_engine(url)
        self._reader = mysql_engine(url, read_only=True)
        self._under_way = 0
        self._stopping: set[asyncio.Task[None]] = set()

    async def transaction_before(
        self, deadline: float, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        self._under_way += 1
        try:
            return await self._repeated(deadline, lambda session: fn(session, *args, **kwargs))
        finally:
            self._under_way -= 1

    async def _repeated(self, deadline: float, fn: Callable[[Session], T]) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                return await self._once(deadline, fn)
            except (DBAPIError, PoolTimeoutError, OSError) as error:
                if _code(error) in _OLD:
                    raise StorageUnavailableError(str(error)) from error
                if not _is_lost(error) and _code(error) not in _RETRIED | _CLOSED:
                    raise
                if tries >= _TRIES or time.monotonic() >= deadline:
                    raise StorageUnavailableError(str(error)) from error
                await asyncio.sleep(random.uniform(0, min(0.5, 0.01 * 2**tries)))

    async def _once(self, deadline: float, fn: Callable[[Session], T]) -> T:
        if time.monotonic() >= deadline:
            raise DeadlineExceededError
        info = self._session_info()
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                session = AsyncSession(self._engine, sync_session_class=_Session, expire_on_commit=False, info=info)
                try:
                    result = await session.run_sync(fn)
                    await session.run_sync(lambda inner: inner.flush())
                    _check_time(deadline)
                except BaseException:
                    await asyncio.shield(self._abandon(session))
                    raise
        except TimeoutError as error:
            raise DeadlineExceededError from error
        await asyncio.shield(_commit(session))
        self._committed(frozenset(info[WOKEN]))
        return result

    async def _abandon(self, session: AsyncSession) -> None:
        try:
            await session.rollback()
            await session.close()
        except (DBAPIError, OSError):
            await session.invalidate()
        driver = session.info.get(_DRIVER)
        if driver is not None and driver.closed:  # cut off in a statement
            task = asyncio.create_task(self._stop(driver.thread_id()))
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _stop(self, thread: int) -> None:
        """Stop the server's thread of a connection that was cut off: one that waits for a lock does not notice, and until it
        does it keeps its own locks, among them the inbox row under which the same message is to be stored for later.
        """
        with contextlib.suppress(DBAPIError, PoolTimeoutError, TimeoutError, OSError):
            async with asyncio.timeout(_STOP_S), self._reader.connect() as connection:
                await connection.exec_driver_sql(f"KILL {thread}")

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            async with asyncio.timeout(_COMMIT_S), AsyncSession(self._reader, expire_on_commit=False) as session:
                return await session.run_sync(lambda inner: fn(inner, *args, **kwargs))
        except (OperationalError, InterfaceError, PoolTimeoutError, TimeoutError, OSError) as error:
            raise StorageUnavailableError(str(error)) from error
        except ProgrammingError as error:
            if _code(error) in _OLD:
                raise StorageUnavailableError(str(error.orig)) from error
            raise

    async def close(self) -> None:
        while self._under_way or cast(QueuePool, self._engine.pool).checkedout():  # noqa: ASYNC110 - once, at the end
            await asyncio.sleep(0.01)
        await asyncio.gather(*self._stopping)
        await self._engine.dispose()
        await self._reader.dispose()


def _check_time(deadline: float) -> None:
    """A function that computes for long does not give asyncio.timeout a turn."""
    if time.monotonic() >= deadline:
        raise TimeoutError


async def _commit(session: AsyncSession) -> None:
    """Never cancelled half-way: whoever gave up waiting finds the outcome under the same key."""
    try:
        async with asyncio.timeout(_COMMIT_S):
            await session.commit()
    except TimeoutError as error:
        raise StorageUnavailableError("no answer to COMMIT") from error
    finally:
        await session.close()


def _code(error: BaseException) -> int:
    original = getattr(error, "orig", None)
    args = getattr(original, "args", None)
    return args[0] if args and isinstance(args[0], int) else 0


def _is_lost(error: BaseException) -> bool:
    if isinstance(error, (PoolTimeoutError, OSError)):
        return True
    return (isinstance(error, DBAPIError) and error.connection_invalidated) or _code(error) in _LOST
