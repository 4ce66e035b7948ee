"""The scratch tables, and somebody outside who holds locks."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy.engine import make_url

from domain.storage import Database
from tests.domain.storage.scratch import Note, Scratch
from tests.servers import connect

LockedOutside = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
async def scratch(database: Database) -> AsyncIterator[Database]:
    """A database with the scratch tables, on each engine in turn."""
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))
    await database.transaction(lambda session: Scratch.metadata.create_all(session.connection()))
    yield database
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))


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
