"""Somebody outside who holds locks."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy.engine import make_url

from tests.domain.scratch import Note
from tests.servers import connect

LockedOutside = Callable[[str], AbstractContextManager[None]]


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
