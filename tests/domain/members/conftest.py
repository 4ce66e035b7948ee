"""Two members, for every test that needs them."""

import pytest

from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import new_member


@pytest.fixture
async def member(database: Database, clock: SettableClock) -> str:
    return await database.transaction(new_member, "oFirst", now=clock.now())


@pytest.fixture
async def other(database: Database, clock: SettableClock, member: str) -> str:
    """Joined an hour after the first."""
    return await database.transaction(new_member, "oSecond", now=clock.advance(hours=1))
