"""The brand's database and a till of its first store."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from domain.staff.models import TokenScope
from domain.storage import Database
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.console.till import DOCUMENT, Till, app_of, new_till

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(database: Database, clock: SettableClock) -> AsyncIterator[Client]:
    await bring_in(database, DOCUMENT, imported_by="test", now=clock.now())
    async with TestClient(TestServer(app_of(database, clock))) as opened:
        yield opened


@pytest.fixture
async def till(client: Client, database: Database, clock: SettableClock) -> Till:
    """At the river store, Saturday 18:30."""
    return await new_till(client, database, clock)


@pytest.fixture
async def hill(client: Client, database: Database, clock: SettableClock) -> Till:
    """The till of another store."""
    return await new_till(client, database, clock, "hill")


@pytest.fixture
async def screen(client: Client, database: Database, clock: SettableClock) -> Till:
    """The television at the river store's door."""
    return await new_till(client, database, clock, "river", TokenScope.SCREEN)
