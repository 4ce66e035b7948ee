"""A brand whose stores take bookings: an ordinary one, one far into the night, one with summer time, and one with a single table."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of

TEXT = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: day
    name: 一店
    location: [30.65, 104.08]
    hours: {daily: ["10:00-14:00", "17:00-22:00"]}
    tables:
      - {code: A01, seats: 2, area: 大厅}
      - {code: A02, seats: 2, area: 靠窗}
      - {code: A03, seats: 4, area: 大厅}
      - {code: A04, seats: 4, area: 大厅}
      - {code: A05, seats: 4, area: 靠窗}
      - {code: V01, seats: 10, area: 包间}
    rooms: [{name: 锦绣厅, tables: [V01]}]
    table_pairs: [[A03, A04]]
    bookings: {deposit: {rooms: 100, people: 8, amount: 200}}
  - id: night
    name: 夜店
    location: [30.66, 104.09]
    hours: {daily: ["17:00-02:00"]}
    tables: [{code: N1, seats: 2}, {code: N2, seats: 4}, {code: N3, seats: 4}, {code: N4, seats: 6}]
    table_pairs: [[N2, N3]]
    bookings: {days_ahead: 365, clean_minutes: 10, starting: 0.5, present: 0.75}
  - id: berlin
    name: 柏林店
    timezone: Europe/Berlin
    hours: {daily: ["17:00-04:00"]}
    tables: [{code: B1, seats: 2}, {code: B2, seats: 4}]
    table_pairs: [[B1, B2]]
    bookings: {days_ahead: 365}
  - id: single
    name: 独桌店
    location: [30.67, 104.10]
    tables: [{code: T1, seats: 4}]
    bookings: {days_ahead: 365}
  - {id: shut, name: 不订店, tables: [{code: S1}], bookings: {open: no}}
"""
DOCUMENT = read_shop(TEXT.encode()).document
SHOP = snapshot_of(DOCUMENT, version=1)


def wall(moment: str, zone: str = "Asia/Shanghai") -> datetime:
    """An instant from a wall-clock time of a store: "2026-11-28 19:00"."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def shop_with(old: str, new: str) -> ShopSnapshot:
    """The brand with one thing written otherwise."""
    assert old in TEXT
    return snapshot_of(read_shop(TEXT.replace(old, new).encode()).document, version=2)
