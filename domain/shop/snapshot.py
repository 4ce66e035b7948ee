"""The shop in memory, as chat, pricing and printing read it: frozen, and one object for one version of the shop."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.kernel.clock import business_date
from domain.kernel.money import ZERO, Fen
from domain.shop.booking_records import BookingRecord
from domain.shop.brand_records import BrandRecord
from domain.shop.document import ShopDocument
from domain.shop.hours import ALWAYS, Week, week_of, window, within
from domain.shop.menu_records import DishRecord
from domain.shop.models import ShopVersion
from domain.shop.rows import document_from_rows, retired_stores
from domain.shop.store_records import HoursRecord, RoomRecord, StoreRecord
from domain.shop.value_records import HOUSE_BUDGETS, BirthdayRecord, BudgetRecord, CouponRecord, RewardRecord, StackingRecord
from domain.storage import Prepared


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of an option; `price_fen` is what it adds to one unit."""

    name: str
    price_fen: Fen


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose about a dish: at least `minimum`, at most `maximum` of its choices."""

    name: str
    minimum: int
    maximum: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish at the price of one store.

    Attributes:
        price_fen: Of one unit, choices not included.
        step: Smallest quantity that is sold.
        station: Kitchen station, "" for none.
        spice: 0 to 5.
        carbon_g: Grams CO2e of one unit.
        packaging_fen: Per unit taken away.
        picture: https link, "pictures/<digest>.png", or "".
        available: When it is served, in local time.
        daily_limit: Portions a store and business day.
    """

    id: str
    name: str
    category: str
    price_fen: Fen
    aliases: tuple[str, ...] = ()
    member_price_fen: Fen | None = None
    unit: str = "份"
    step: Decimal = Decimal(1)
    station: str = ""
    options: tuple[Option, ...] = ()
    allergens: tuple[str, ...] = ()
    spice: int = 0
    carbon_g: int | None = None
    packaging_fen: Fen = ZERO
    picture: str = ""
    link: str = ""
    origin: str = ""
    available: Week = ALWAYS
    daily_limit: int | None = None


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
    printers: tuple[Printer, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the store's wall clock."""
        return ZoneInfo(self.timezone)

    def local(self, now: datetime) -> datetime:
        """The store's wall clock."""
        return now.astimezone(self.zone)

    def is_open(self, now: datetime) -> bool:
        """Whether the store is open at an instant, by its wall clock."""
        return within(self.hours, self.local(now))

    def serves(self, dish: Dish, now: datetime) -> bool:
        """Whether a dish is served at an instant."""
        return within(dish.available, self.local(now))


@dataclass(frozen=True, slots=True)
class Level:
    """A level of membership: reached by net spend or by visits in 12 months."""

    name: str
    spend_fen: Fen
    visits: int
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand and its rules.

    Attributes:
        yuan_per_point: Net paid yuan that earn one point, which pays `point_value_fen`.
        points_most: The most of a bill that points pay.
        favourites_pay: The share of the price that members pay for a favourite dish.
        rounding: "none" or "jiao".
        coupons: Templates by id.
        budgets: By campaign.
    """

    name: str
    timezone: str
    business_day_starts: time
    yuan_per_point: int
    point_value_fen: Fen
    points_expire_days: int
    points_most: Decimal
    levels: tuple[Level, ...]
    favourites_pay: Decimal
    rounding: str
    coupons: Mapping[str, CouponRecord]
    stacking: StackingRecord
    rewards: tuple[RewardRecord, ...]
    budgets: Mapping[str, BudgetRecord]
    birthday: BirthdayRecord | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the brand's own clock, where no store is meant."""
        return ZoneInfo(self.timezone)

    def business_day(self, now: datetime, zone: str = "") -> date:
        """The business day of an instant, in a store's zone or the brand's own."""
        return business_date(now, zone or self.timezone, self.business_day_starts)


@dataclass(frozen=True, slots=True)
class ShopSnapshot:
    """The shop at one version.

    Attributes:
        stores: The stores that do business, by id, in the order of the shop file.
        known_stores: These and the retired ones, which are never open and sell nothing: for what happened there.
        categories: Parts of the menu in order.
        dishes: Dishes of the brand by id, at the brand's price.
        menus: By store: the dishes it sells, by id, in menu order, at its price.
    """

    version: int
    brand: Brand
    stores: Mapping[str, Store]
    known_stores: Mapping[str, Store]
    categories: tuple[str, ...]
    dishes: Mapping[str, Dish]
    menus: Mapping[str, Mapping[str, Dish]]

    def menu_of(self, store_id: str) -> tuple[Dish, ...]:
        """What a store sells, in menu order, at its prices. Dishes for holders of a plan are not among them."""
        return tuple(self.menus.get(store_id, _NOTHING).values())

    def dish_for(self, store_id: str, dish_id: str) -> Dish | None:
        """A dish at a store's price, or None when the store does not sell it."""
        return self.menus.get(store_id, _NOTHING).get(dish_id)


_NOTHING: Mapping[str, Dish] = MappingProxyType({})
_NEVER: Week = ((),) * 7
NEWEST_VERSION = select(func.max(ShopVersion.version)).scalar_subquery()
"""The version of the shop, as a column of a statement that reads something else with it. NULL before the first import."""
_NEWEST = Prepared(select(NEWEST_VERSION))


def current_version(session: Session) -> int:
    """The version of the shop: 0 before the first import, one more with each change."""
    return int(_NEWEST.scalar(session) or 0)


def load_snapshot(session: Session) -> ShopSnapshot:
    """The shop as its rows say it is now."""
    while True:
        version = current_version(session)
        snapshot = snapshot_of(document_from_rows(session), version=version, retired=retired_stores(session))
        if current_version(session) == version:  # else an import was committed meanwhile, and its rows are mixed with older ones
            return snapshot


class SnapshotCache:
    """Keeps the snapshot of this process and loads it again when the version has moved."""

    def __init__(self) -> None:
        self._snapshot: ShopSnapshot | None = None

    @property
    def known_store_ids(self) -> tuple[str, ...]:
        """The stores of the snapshot that was read last; none before the first reading."""
        return tuple(self._snapshot.known_stores) if self._snapshot else ()

    def get(self, session: Session, version: int | None = None) -> ShopSnapshot:
        """The snapshot of the shop's newest version. Args: version: That version, from whoever has read it with something else."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.version != (current_version(session) if version is None else version):
            snapshot = self._snapshot = load_snapshot(session)
        return snapshot


def snapshot_of(document: ShopDocument, *, version: int = 0, retired: Iterable[StoreRecord] = ()) -> ShopSnapshot:
    """The snapshot of a document, with no database behind it."""
    brand = document.brand
    stores = {store.id: _store(store, brand) for store in document.stores}
    closed = {store.id: _store(store, brand, retired=True) for store in retired}
    dishes = {dish.id: _dish(dish, part.category) for part in document.menu for dish in part.dishes}
    common = {dish.id: dishes[dish.id] for part in document.menu for dish in part.dishes if not dish.plan_only}
    return ShopSnapshot(
        version=version,
        brand=_brand(brand, document.stores[0].name if document.stores else ""),
        stores=MappingProxyType(stores),
        known_stores=MappingProxyType({**closed, **stores}),
        categories=tuple(part.category for part in document.menu),
        dishes=MappingProxyType(dishes),
        menus=MappingProxyType({store.id: _menu(store, common) for store in document.stores}),
    )


def _brand(record: BrandRecord, first_store: str) -> Brand:
    return Brand(
        name=record.name or first_store,
        timezone=record.timezone,
        business_day_starts=time.fromisoformat(record.business_day_starts),
        yuan_per_point=record.points.yuan_per_point,
        point_value_fen=record.points.value,
        points_expire_days=record.points.expire_days,
        points_most=record.points.most,
        levels=tuple(Level(level.name, level.spend, level.visits, level.benefits) for level in record.levels),
        favourites_pay=record.favourites_pay,
        rounding=record.rounding,
        coupons=MappingProxyType({coupon.id: coupon for coupon in record.coupons}),
        stacking=record.stacking,
        rewards=record.rewards,
        budgets=MappingProxyType({budget.campaign: budget for budget in (*HOUSE_BUDGETS, *record.budgets)}),
        birthday=record.birthday,
    )


def _store(record: StoreRecord, brand: BrandRecord, *, retired: bool = False) -> Store:
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


def _dish(record: DishRecord, category: str) -> Dish:
    return Dish(
        id=record.id,
        name=record.name,
        category=category,
        price_fen=record.price,
        aliases=record.aliases,
        member_price_fen=record.member_price,
        unit=record.unit,
        step=record.step,
        station=record.station or "",
        options=tuple(
            Option(option.name, option.min, option.max, tuple(Choice(choice.name, choice.price) for choice in option.choices))
            for option in record.options
        ),
        allergens=record.allergens,
        spice=record.spice,
        carbon_g=record.carbon_g,
        packaging_fen=record.packaging_fee,
        picture=record.picture or "",
        link=record.link or "",
        origin=record.origin or "",
        available=week_of(record.available),
        daily_limit=record.daily_limit,
    )


def _menu(store: StoreRecord, common: Mapping[str, Dish]) -> Mapping[str, Dish]:
    without, prices = store.menu.without, store.menu.prices
    sold = {key: dish for key, dish in common.items() if key not in without}
    return MappingProxyType({key: replace(dish, price_fen=prices[key]) if key in prices else dish for key, dish in sold.items()})
