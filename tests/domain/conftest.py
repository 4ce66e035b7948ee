"""The scratch table, somebody outside who holds locks, and a MariaDB to be treated badly."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from domain.storage import Database, open_database
from domain.storage.migrating import upgrade
from tests.domain.any_history import on_mariadb
from tests.domain.scratch import Note, Scratch
from tests.servers import MariaDb, connect

LockedOutside = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
async def scratch(database: Database) -> AsyncIterator[Database]:
    """A database with the scratch table, on each engine in turn."""
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))
    await database.transaction(lambda session: Scratch.metadata.create_all(session.connection()))
    yield database
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))


@pytest.fixture
def server(mariadb_url: str) -> Iterator[Engine]:
    """MariaDB, for acts that cross (`tests.domain.crossing`)."""
    engine = on_mariadb(mariadb_url)
    yield engine
    engine.dispose()


@pytest.fixture
def locked_outside(database_url: str) -> LockedOutside:
    """Hold, from a connection of our own, a lock that a transaction which writes this row must wait for."""
    address = make_url(database_url)

    @contextmanager
    def hold(key: str) -> Iterator[None]:
        if address.get_backend_name() == "sqlite":
            file = sqlite3.connect(address.database or "", isolation_level=None)
            file.execute("BEGIN IMMEDIATE")
            yield
            file.execute("ROLLBACK")
            file.close()
        else:
            with connect(address) as connection, connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(f"SELECT * FROM {Note.__tablename__} WHERE `key` = %s FOR UPDATE", [key])
                yield
                cursor.execute("ROLLBACK")

    return hold


@pytest.fixture
def own_server(mariadb_url: str, tmp_path: Path) -> Iterator[MariaDb]:
    """A second MariaDB, for tests that kill it; missing where the first is."""
    server = MariaDb(tmp_path / "mariadb").start()
    with connect(server.url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE haowei")
    yield server
    server.kill()


@pytest.fixture
async def fragile(own_server: MariaDb, routes: Mapping[str, tuple[str, ...]]) -> AsyncIterator[Database]:
    """A database on the second MariaDB, with all tables."""
    url = f"{own_server.url}/haowei"
    await asyncio.to_thread(upgrade, url)
    database = open_database(url, routes=routes)
    await database.transaction(lambda session: Scratch.metadata.create_all(session.connection()))
    yield database
    await database.close()
