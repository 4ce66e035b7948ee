"""A store in memory: its clock and hours, its tables and rooms, its printers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.shop.booking_records import BookingRecord
from domain.shop.brand_records import BrandRecord
from domain.shop.dish import Dish
from domain.shop.hours import ALWAYS, Week, window, within
from domain.shop.store_records import HoursRecord, RoomRecord, StoreRecord
from domain.shop.waitlist_records import WaitlistRecord

_NEVER: Week = ((),) * 7


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer of a store. No stations: those of every station. `width` counts characters."""

    id: str
    connection: str
    width: int
    roles: tuple[str, ...]
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a store."""

    code: str
    seats: int
    area: str


@dataclass(frozen=True, slots=True)
class Room:
    """A private room: its seats, and the codes of the tables that stand in it."""

    name: str
    seats: int
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """A store. `service_fee` is a share of the bill; `tables` are found by code; texts not given are "".

    Attributes:
        table_pairs: Codes of tables that can be pushed together.
        bookings: How it takes bookings; `open` says whether it does.
        waitlist: How it gives numbers by chat.
    """

    id: str
    name: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    timezone: str
    hours: Week
    pay: str
    service_fee: Decimal
    tables: Mapping[str, Table]
    rooms: tuple[Room, ...]
    table_pairs: tuple[tuple[str, str], ...]
    bookings: BookingRecord
    waitlist: WaitlistRecord
    printers: tuple[Printer, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the store's wall clock."""
        return ZoneInfo(self.timezone)

    def local(self, now: datetime) -> datetime:
        """The store's wall clock."""
        return now.astimezone(self.zone)

    def clock_said(self, moment: datetime) -> str:
        """An instant as the store's wall clock shows it: 「18:45」."""
        return f"{self.local(moment):%H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether the store is open at an instant, by its wall clock."""
        return within(self.hours, self.local(now))

    def serves(self, dish: Dish, now: datetime) -> bool:
        """Whether a dish is served at an instant."""
        return within(dish.available, self.local(now))


def store_from(record: StoreRecord, brand: BrandRecord, *, retired: bool = False) -> Store:
    """A store of the shop file, in the brand's zone when it names none. Args: retired: It does no business: never open, no bookings."""
    latitude, longitude = record.location or (None, None)
    tables = {table.code: Table(table.code, table.seats, table.area or "") for table in record.tables}
    return Store(
        id=record.id,
        name=record.name,
        address=record.address or "",
        phone=record.phone or "",
        latitude=None if latitude is None else float(latitude),
        longitude=None if longitude is None else float(longitude),
        timezone=record.timezone or brand.timezone,
        hours=_NEVER if retired else _week(record.hours),
        pay=record.pay,
        service_fee=record.service_fee,
        tables=MappingProxyType(tables),
        rooms=tuple(_room(room, tables) for room in record.rooms),
        table_pairs=record.table_pairs,
        bookings=_bookings(record, retired=retired),
        waitlist=record.waitlist,
        printers=tuple(Printer(item.id, item.connection, item.width, item.roles, item.stations) for item in record.printers),
    )


def _room(record: RoomRecord, tables: Mapping[str, Table]) -> Room:
    seats = sum(tables[code].seats for code in record.tables if code in tables) if record.seats is None else record.seats
    return Room(record.name, seats, record.tables)


def _bookings(record: StoreRecord, *, retired: bool) -> BookingRecord:
    wanted = bool(record.tables) if record.bookings.open is None else record.bookings.open
    return record.bookings.model_copy(update={"open": wanted and not retired})


def _week(record: HoursRecord | None) -> Week:
    if record is None:
        return ALWAYS
    days = (record.mon, record.tue, record.wed, record.thu, record.fri, record.sat, record.sun)
    return tuple(tuple(sorted(window(text) for text in (record.daily if day is None else day))) for day in days)
