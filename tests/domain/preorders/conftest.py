"""A lobby on each engine in turn."""

import pytest

from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.preorders.lobby import Lobby


@pytest.fixture
async def lobby(database: Database, clock: SettableClock) -> Lobby:
    """Nobody waits yet, where one pays after eating."""
    return await Lobby(database, clock).opens()


@pytest.fixture
async def paid_first(database: Database, clock: SettableClock) -> Lobby:
    """Nobody waits yet, where the kitchen waits for the money."""
    return await Lobby(database, clock, "first").opens()
