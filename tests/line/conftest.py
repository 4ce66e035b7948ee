"""A restaurant on each engine in turn, and servers that a test may kill."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.conftest import SERVERS_HINT
from tests.line.restaurant import Restaurant


def missing(what: str) -> None:
    """A part that this machine lacks: a failure in CI, loud elsewhere."""
    message = f"no {what} on this machine; {SERVERS_HINT}"
    if os.environ.get("CI") or os.environ.get("NEED_SERVERS"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
async def restaurant(tmp_path: Path, database_url: str) -> AsyncIterator[Restaurant]:
    """An open restaurant in which no program runs yet."""
    async with Restaurant(tmp_path, database_url) as restaurant:
        await restaurant.opens()
        yield restaurant
