"""The door on a Saturday evening, and who wants to sit down."""

import pytest

from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.waitlist.door import Door


@pytest.fixture
def door(database: Database, clock: SettableClock) -> Door:
    """Nobody waits yet."""
    return Door(database, clock)
