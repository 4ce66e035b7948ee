"""A store in the shop file: where it is, when it is open, its tables, rooms and printers, and how its menu differs."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from domain.kernel.money import Fen
from domain.shop.booking_records import BookingRecord
from domain.shop.records import Record
from domain.shop.values import (
    Between,
    Code,
    Connection,
    Id,
    Line,
    Location,
    Name,
    OpenWindow,
    Pair,
    Price,
    Radius,
    Ratio,
    Station,
    Width,
    Zone,
    fault,
)
from domain.shop.waitlist_records import WaitlistRecord

Pay = Literal["after", "first"]
Role = Literal["kitchen", "pass", "receipt", "service", "queue"]


def _as_a_set(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Order and repetition mean nothing: the same dishes are the same menu."""
    return tuple(sorted(set(ids)))


class HoursRecord(Record):
    """Opening hours: `daily`, and days that differ. A day with an empty list is closed."""

    daily: tuple[OpenWindow, ...] = ()
    mon: tuple[OpenWindow, ...] | None = None
    tue: tuple[OpenWindow, ...] | None = None
    wed: tuple[OpenWindow, ...] | None = None
    thu: tuple[OpenWindow, ...] | None = None
    fri: tuple[OpenWindow, ...] | None = None
    sat: tuple[OpenWindow, ...] | None = None
    sun: tuple[OpenWindow, ...] | None = None


class TableRecord(Record):
    """A table with a code that stands on its QR card."""

    code: Code
    seats: Annotated[int, Between(1, 60)] = 4
    area: Name | None = None


class RoomRecord(Record):
    """A private room. A bare text is its name."""

    model_config = ConfigDict(json_schema_extra={"type": ["object", "string"]})

    name: Name
    seats: Annotated[int, Between(1, 200)] | None = None
    tables: tuple[Code, ...] = ()
    """Codes of the tables that stand in it."""

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class DeliveryRecord(Record):
    """Delivery by the store's own staff."""

    radius_km: Radius = Decimal(3)
    fee: Price = Fen(0)
    minimum: Price = Fen(0)
    """Least order, yuan."""


class StoreMenuRecord(Record):
    """How a store's menu differs from the brand's."""

    without: Annotated[tuple[Id, ...], AfterValidator(_as_a_set)] = Field(default=(), alias="except")
    """Ids of dishes that this store does not sell."""
    prices: dict[Id, Price] = Field(default_factory=dict)
    """Prices of this store by dish id, yuan."""


class PrinterRecord(Record):
    """A printer of a store."""

    id: Id
    connection: Connection
    """tcp://host:port, serial:…, usb:… or file:… (under var/prints)."""
    width: Width = 48
    """Characters in a line, or the paper in mm (80, 58)."""
    roles: tuple[Role, ...] = ("kitchen", "receipt", "service", "queue")
    """What it prints."""
    stations: tuple[Station, ...] = ()
    """Kitchen stations whose tickets it prints; none named: those of every station."""


class StoreRecord(Record):
    """A store."""

    id: Id
    name: Name
    address: Line | None = None
    phone: Name | None = None
    location: Location | None = None
    """[latitude, longitude], GCJ-02 as maps in China show it."""
    timezone: Zone | None = None
    hours: HoursRecord | None = None
    """Left out: never closed."""
    pay: Pay = "after"
    """At the table: pay after the meal, or first."""
    tables: tuple[TableRecord, ...] = ()
    rooms: tuple[RoomRecord, ...] = ()
    table_pairs: tuple[Pair, ...] = ()
    """Tables that can be pushed together."""
    bookings: BookingRecord = BookingRecord()
    """How the store takes bookings."""
    waitlist: WaitlistRecord = WaitlistRecord()
    """How the store gives numbers by chat."""
    service_fee: Ratio = Decimal(0)
    """Share of a dine-in bill: 10% or 0.1."""
    delivery: DeliveryRecord | None = None
    """Left out: no delivery."""
    menu: StoreMenuRecord = StoreMenuRecord()
    printers: tuple[PrinterRecord, ...] = ()

    @model_validator(mode="after")
    def _near_to_somewhere(self) -> "StoreRecord":
        if self.waitlist.from_afar == "near" and self.location is None:
            raise fault("numbers are given to who is near, and nobody knows where the store is", "write location: [latitude, longitude]")
        return self
