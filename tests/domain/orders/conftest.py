"""Parties in a small restaurant."""

from typing import Any

import pytest

from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.orders.tables import Party, Seated, shop_with


@pytest.fixture
def seated(database: Database, clock: SettableClock) -> Seated:
    """Seats a party. Args: table: None for a takeaway; name: of the diner; and daily limits by dish."""

    async def seat(*, table: str | None = "A01", name: str = "o1", **limits: Any) -> Party:
        return await Party(database, clock, shop_with(**limits), table=table, name=name).sits()

    return seat


@pytest.fixture
async def party(seated: Seated) -> Party:
    """One at table A01; ten portions of pork today."""
    return await seated(pork=10)
