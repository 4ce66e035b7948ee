"""An open restaurant on each engine in turn."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.line.restaurant import Restaurant


@pytest.fixture
async def restaurant(tmp_path: Path, database_url: str) -> AsyncIterator[Restaurant]:
    """An open restaurant in which no program runs yet."""
    async with Restaurant(tmp_path, database_url) as restaurant:
        await restaurant.opens()
        yield restaurant
