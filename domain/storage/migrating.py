"""Bring a database to the newest shape of its tables: Alembic as a library, safe when several processes start at once.

On SQLite the whole way is one transaction, and its write lock lets the next process wait. On MySQL a named lock does; there
every DDL statement commits, so a way that was cut off is walked again and finds some of its steps done.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.ddl.mysql import MySQLImpl
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import DDLElement

from domain.storage.database import StorageUnavailableError
from domain.storage.mysql import mysql_engine
from domain.storage.sqlite_engine import sqlite_engine, sqlite_path

_FOLDER = Path(__file__).parent / "migrations"
_WAIT_S = 600  # for another process that migrates
_DONE_BEFORE = {
    1050,  # the table exists
    1060,  # the column exists
    1061,  # the index exists
    1091,  # what should go is gone
    1826,  # the foreign key exists
}
_NO_TABLE, _SAME_NAME = 1005, "errno: 121"  # what MariaDB says instead of 1826: a foreign key of this name exists

T = TypeVar("T")


class _Resumable(MySQLImpl):
    """MySQL's steps, of which those that an interrupted run has done are passed over."""

    __dialect__ = "mysql"

    def _exec(self, construct: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._exec(construct, *args, **kwargs)
        except DBAPIError as error:
            if isinstance(construct, DDLElement) and error.orig is not None and _done_before(*error.orig.args):
                return None
            raise


def _done_before(code: int, words: str = "", *_: Any) -> bool:
    return code in _DONE_BEFORE or (code == _NO_TABLE and _SAME_NAME in words)


class _ResumableMariaDb(_Resumable):
    __dialect__ = "mariadb"


class UnknownRevisionError(StorageUnavailableError):
    """The database was migrated by a newer Haowei than this one."""


def upgrade(url: str) -> None:
    """Create or change the tables until they are as this version needs them. Does nothing when they are.

    Not inside a running event loop: call it through `asyncio.to_thread` there.

    Raises:
        UnknownRevisionError: The database is newer than this version.
        StorageUnavailableError: It does not answer, or another process kept it locked for ten minutes.
    """
    _run(url, _upgrade)


def current(url: str) -> str | None:
    """The newest revision that the database has; None for an empty or absent one."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return None
    return _run(url, _current)


def pending(url: str) -> tuple[str, ...]:
    """The revisions that `upgrade` would still run, oldest first.

    Raises:
        UnknownRevisionError: The database is newer than this version.
        StorageUnavailableError: It does not answer.
    """
    return _missing(current(url))


def _upgrade(connection: Connection) -> None:
    _missing(_current(connection))
    command.upgrade(alembic_config(connection), "head")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """Every revision that this version knows, oldest first."""
    script = ScriptDirectory(str(_FOLDER))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _missing(revision: str | None) -> tuple[str, ...]:
    known = revisions()
    if revision is not None and revision not in known:
        raise UnknownRevisionError(f"the database has revision {revision}, which this version does not know: install the newer Haowei")
    return tuple(known if revision is None else known[known.index(revision) + 1 :])


def alembic_config(connection: Connection, **options: Any) -> Config:
    """What an Alembic command needs: our folder, and a connection with options for migrations/env.py."""
    config = Config(
        attributes={"options": {"connection": connection, "render_as_batch": True, "transaction_per_migration": True, **options}},
    )
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _run(url: str, work: Callable[[Connection], T]) -> T:
    try:
        return asyncio.run(_on_mysql(url, work)) if sqlite_path(url) is None else _on_sqlite(url, work)
    except OperationalError as error:
        raise StorageUnavailableError(str(error.orig)) from error


def _on_sqlite(url: str, work: Callable[[Connection], T]) -> T:
    engine = sqlite_engine(url)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        # A table is changed by building it anew, and dropping the old one must not touch the rows that point to it.
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(f"PRAGMA busy_timeout={_WAIT_S * 1000}")
        with connection.begin():
            result = work(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"a migration left rows that point to nothing: {broken[:5]}")
    return result


async def _on_mysql(url: str, work: Callable[[Connection], T]) -> T:
    engine = mysql_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_locked, work)
    finally:
        await engine.dispose()


def _locked(connection: Connection, work: Callable[[Connection], T]) -> T:
    name = f"haowei.migrate.{connection.engine.url.database}"[:64]
    if connection.execute(text("SELECT GET_LOCK(:name, :seconds)"), {"name": name, "seconds": _WAIT_S}).scalar() != 1:
        raise StorageUnavailableError(f"another process has been migrating for {_WAIT_S} s")
    result = work(connection)
    connection.commit()
    connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": name})
    return result
