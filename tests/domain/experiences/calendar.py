"""A brand with experiences: for gold members, for everybody, for adults, paid ones with few kits; and a store with summer time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of

TEXT = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - {id: one, name: 一店}
  - {id: two, name: 二店}
  - {id: berlin, name: 柏林店, timezone: Europe/Berlin}
experiences:
  - id: baking
    name: 亲子烘焙
    stores: [one, two]
    on: first saturday
    times: ["14:00", "15:00", "16:00"]
    ages: [{name: 3-6岁, from: 3, to: 6}, {name: 7-12岁, from: 7, to: 12}]
    level: 黄金
    kits: {name: 围裙, number: 10}
  - id: tasting
    name: 新茶品鉴
    stores: [one, two]
    on: every sunday
    times: ["10:00"]
    places: 6
  - id: latte
    name: 咖啡拉花课
    stores: [one, berlin]
    on: every day
    times: ["15:00"]
    places: 4
    children: 0
    price: {adult: 50}
  - id: dough
    name: 非遗面点手作
    stores: [one]
    on: every saturday
    times: ["11:00", "16:00"]
    minutes: 90
    places: 6
    adults: 4
    children: 3
    price: {adult: 30, child: 20}
    kits: {name: 面点包, number: 3, per: child}
    minimum: 3
    cancel_hours: 48
    offer_minutes: 120
"""


def shop_of(*changes: tuple[str, str]) -> ShopSnapshot:
    """The brand, with words of its file replaced by others."""
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return snapshot_of(read_shop(text.encode()).document, version=1)


SHOP = shop_of()


def wall(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The instant of a wall clock: "2026-11-28 19:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
