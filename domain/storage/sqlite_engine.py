"""Connections to SQLite: their settings, and transactions begun and ended by hand."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from domain.storage.database import StorageUnavailableError
from domain.storage.prepared import DRIVER, execute

BUSY_MS = 15_000  # another process may hold the write lock (migration, worker)


def sqlite_path(url: str) -> Path | None:
    """The file behind a URL; None when it names another kind of database."""
    address = make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def sqlite_engine(url: str) -> Engine:
    """An engine with our own BEGIN: the driver's own transaction control loses updates (reference infra §2)."""
    engine = _engine(url)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        execute(_driver(connection), "BEGIN IMMEDIATE")

    return engine


def _engine(url: str, *, waits: bool = True) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        busy = f"busy_timeout={BUSY_MS if waits else 0}"
        for pragma in ("journal_mode=WAL", busy, "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

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


class Channel:
    """A connection with one session for all transactions, which are begun and ended by hand: that costs a tenth of SQLAlchemy's way.

    SQLAlchemy is told of one transaction without end. What it runs itself (the ORM, a statement that is not Prepared) it
    puts under a savepoint of its own, whose rollback, also the one inside a failing flush, goes back no further.
    """

    def __init__(self, url: str, *, waits: bool = True) -> None:
        """Args: waits: For the lock that another connection holds; else it is refused at once (`is_busy`).

        Raises: StorageUnavailableError: There is no file. Only a migration makes one.
        """
        path = sqlite_path(url)
        if path is None or not path.exists():
            raise StorageUnavailableError(f"there is no database {path} yet")
        self._connection = _engine(url, waits=waits).connect()
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


def is_busy(error: DBAPIError) -> bool:
    """Whether another connection holds the lock."""
    code: int = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY


def translated(error: BaseException) -> BaseException:
    """The error as the house knows it."""
    if isinstance(error, DBAPIError) and type(error).__name__ == "OperationalError":
        unavailable = StorageUnavailableError(str(error.orig))
        unavailable.__cause__ = error
        return unavailable
    return error
