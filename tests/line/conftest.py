"""An open restaurant on each engine in turn, and a database without tables."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.line.restaurant import Restaurant
from tests.servers import connect


@pytest.fixture
async def restaurant(tmp_path: Path, database_url: str) -> AsyncIterator[Restaurant]:
    """An open restaurant in which no program runs yet."""
    async with Restaurant(tmp_path, database_url) as restaurant:
        await restaurant.opens()
        yield restaurant


@pytest.fixture
def bare_url(mariadb_url: str) -> Iterator[str]:
    """A database without tables."""
    address = make_url(mariadb_url)
    name = f"{address.database}_line"
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE OR REPLACE DATABASE {name}")
        yield address.set(database=name).render_as_string(hide_password=False)
        cursor.execute(f"DROP DATABASE {name}")
