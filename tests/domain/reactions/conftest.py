"""A house on each engine, open, with all its wiring."""

from collections.abc import Mapping

import pytest

from domain.storage import Database
from haowei.routing import ROUTES
from tests.clock import SettableClock
from tests.domain.reactions.house import House


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    opened = House(database, clock)
    await opened.opens()
    return opened
