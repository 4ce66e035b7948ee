"""A restaurant with the demo shop, on each engine in turn."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.understanding.embedded import EmbeddedEngine
from domain.shop.document import ShopDocument
from domain.shop.reading import read_shop
from domain.storage import Database
from haowei.routing import ROUTES
from tests.clock import SettableClock
from tests.journeys.restaurant import Diner, Restaurant

_SHOP = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture(scope="session")
def demo_shop() -> ShopDocument:
    return read_shop(_SHOP.read_bytes()).document


@pytest.fixture
async def restaurant(database: Database, clock: SettableClock, demo_shop: ShopDocument, engine: EmbeddedEngine) -> Restaurant:
    restaurant = Restaurant(database, clock, engine)
    await restaurant.imports(demo_shop)
    return restaurant


@pytest.fixture
async def diner(restaurant: Restaurant) -> Diner:
    """Someone who sits at table A01 of 春熙路店, where one pays after eating."""
    diner = restaurant.diner()
    await diner.scans("t.chunxi.A01")
    return diner
