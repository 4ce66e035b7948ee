"""A dish in memory, with what there is to choose about it."""

from dataclasses import dataclass
from decimal import Decimal

from domain.kernel.money import ZERO, Fen
from domain.shop.hours import ALWAYS, Week, week_of
from domain.shop.menu_records import DishRecord


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


def dish_from(record: DishRecord, category: str) -> Dish:
    """A dish of the shop file, at the price of the brand."""
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
