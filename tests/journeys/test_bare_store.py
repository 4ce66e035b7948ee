"""A store of which the shop file says nothing but its name: nothing that is told of it has a hole."""

from datetime import timedelta

import pytest

from bot.understanding.embedded import EmbeddedEngine
from domain.shop.reading import read_shop
from domain.storage import Database
from tests.clock import SATURDAY_EVENING, SettableClock
from tests.journeys.restaurant import Restaurant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHOP = """
brand: {name: 山里面馆}
stores:
  - {id: one, name: 老店, tables: [{code: "1", seats: 4}], hours: {daily: ["10:30-22:00"]}}
menu:
  - {category: 面, dishes: [{id: noodles, name: 牛肉面, price: "18.00"}]}
"""


async def test_what_is_told_has_no_empty_place(database: Database, clock: SettableClock, engine: EmbeddedEngine) -> None:
    clock.set(SATURDAY_EVENING)
    restaurant = Restaurant(database, clock, engine)
    await restaurant.imports(read_shop(SHOP.encode()).document)
    diner = restaurant.diner()

    about = await diner.says("你们店在哪儿，电话多少")
    await diner.says("后天晚上六点两个人订位")
    booked = await diner.says("确认")
    clock.set(SATURDAY_EVENING + timedelta(days=2, hours=-3))
    await restaurant.works()
    reminded = [message["text"] for message in await restaurant.messages()]

    assert "老店" in about
    assert "预订号B001" in booked
    assert any("就要见面啦" in text for text in reminded), reminded
    for text in (about, booked, *reminded):
        assert "\n\n" not in text.strip(), text
        assert not any(hole in text for hole in ("，。", "，，", "：。", "  ")), text
