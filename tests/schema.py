"""Empty databases with all tables, quickly: migrated once a run, then copied or emptied."""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import URL

from domain.storage.migrating import upgrade
from tests.servers import connect


class SqliteTemplate:
    """A migrated SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        upgrade(f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def copy_to(self, path: Path) -> str:
        """Copy it, and return the URL of the copy."""
        shutil.copyfile(self._path, path)
        return f"sqlite:///{path}"


class MariaDbSchema:
    """A migrated database on a server: haowei_test_<number>."""

    def __init__(self, server: URL, number: int) -> None:
        self._name = f"haowei_test_{number}"
        self._server = server.set(database="")
        self._execute(f"DROP DATABASE IF EXISTS {self._name}", f"CREATE DATABASE {self._name}")
        upgrade(self.url)
        self._tables = self._execute(f"SHOW TABLES FROM {self._name} WHERE Tables_in_{self._name} <> 'alembic_version'")

    @property
    def url(self) -> str:
        """Its URL."""
        return self._server.set(database=self._name).render_as_string(hide_password=False)

    def empty(self) -> None:
        """Remove all rows."""
        self._execute("SET foreign_key_checks=0", *(f"DELETE FROM {self._name}.`{table}`" for (table,) in self._tables))

    def drop(self) -> None:
        """Remove the database."""
        self._execute(f"DROP DATABASE IF EXISTS {self._name}")

    def _execute(self, *statements: str) -> tuple[tuple[str, ...], ...]:
        with connect(self._server) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall()
