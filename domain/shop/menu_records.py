"""The menu in the shop file: categories, dishes with their options, and set meals."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.kernel.money import Fen
from domain.shop.records import Record
from domain.shop.values import Between, Flag, Id, Line, Link, Name, Picture, Price, Quantity, ServingTime, Station, Step, Unit


class ChoiceRecord(Record):
    """One choice of an option."""

    name: Name
    price: Price = Fen(0)
    """What it adds, yuan."""


class OptionRecord(Record):
    """Something to choose about a dish: 辣度, 冰量, 加料."""

    name: Name
    min: Annotated[int, Between(0, 20)] = 0
    max: Annotated[int, Between(1, 20)] = 1
    choices: Annotated[tuple[ChoiceRecord, ...], Field(min_length=1)]


class DishRecord(Record):
    """A dish."""

    id: Id
    name: Name
    aliases: tuple[Name, ...] = ()
    """Other names that diners use."""
    price: Price
    member_price: Price | None = None
    cost: Price | None = None
    """What it costs the restaurant, yuan."""
    unit: Unit = "份"
    step: Step = Decimal(1)
    """Smallest quantity that is sold."""
    station: Station | None = None
    """Kitchen station that makes it."""
    options: tuple[OptionRecord, ...] = ()
    allergens: tuple[Name, ...] = ()
    spice: Annotated[int, Between(0, 5)] = 0
    carbon_g: Annotated[int, Between(0, 1_000_000)] | None = None
    """Carbon footprint of one unit, grams CO2e."""
    available: tuple[ServingTime, ...] = ()
    """When it is served: "mon-fri 10:30-14:00"; always when left out."""
    daily_limit: Annotated[int, Between(0, 100_000)] | None = None
    """Portions a store and business day."""
    packaging_fee: Price = Fen(0)
    """Per portion taken away, yuan."""
    picture: Picture | None = None
    """https://… or a path below the folder of the shop file; PNG or JPEG, at most 2 MB."""
    link: Link | None = None
    """Video or 3-D view."""
    origin: Line | None = None
    """Where the main ingredient comes from."""
    plan_only: Flag = False
    """Only for holders of a plan."""


class CategoryRecord(Record):
    """A part of the menu."""

    category: Name = "菜单"
    dishes: tuple[DishRecord, ...] = ()


class SetMealDishRecord(Record):
    """A dish of a set meal."""

    dish: Id
    quantity: Quantity = Decimal(1)


class SetMealRecord(Record):
    """Dishes sold together at one price."""

    id: Id
    name: Name
    aliases: tuple[Name, ...] = ()
    price: Price
    member_price: Price | None = None
    people: Annotated[int, Between(1, 60)] | None = None
    dishes: Annotated[tuple[SetMealDishRecord, ...], Field(min_length=1)]
    available: tuple[ServingTime, ...] = ()
    promise_minutes: Annotated[int, Between(1, 240)] | None = None
    """Minutes within which it is served."""
    packaging_fee: Price = Fen(0)
    picture: Picture | None = None
