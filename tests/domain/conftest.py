"""The scratch table."""

from collections.abc import AsyncIterator

import pytest

from domain.storage import Database
from tests.domain.scratch import Scratch


@pytest.fixture
async def scratch(database: Database) -> AsyncIterator[Database]:
    """A database with the scratch table, on each engine in turn."""
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))
    await database.transaction(lambda session: Scratch.metadata.create_all(session.connection()))
    yield database
    await database.transaction(lambda session: Scratch.metadata.drop_all(session.connection()))
