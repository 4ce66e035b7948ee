"""An experience (活动) in the shop file: what it is, when and where it takes place, for how many, for whom, and what it costs.

亲子烘焙 on the first Saturday, a tasting, a latte-art course: what people come to at a fixed time and book places for.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from domain.kernel.money import Fen
from domain.shop.records import Record
from domain.shop.values import Between, Day, Id, Line, Name, OnDays, Picture, Price, TimeOfDay, fault

PLACES = 10  # of a session, where the file limits none. Source: RESTAURANT, Bookings (10 places each)


def _listed(value: Any) -> Any:
    """A bare text is a list of one."""
    return [value] if isinstance(value, str) else value


OnRules = Annotated[
    tuple[OnDays, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class AgesRecord(Record):
    """A band of ages. Bands are all that is ever asked of a child: no birthday and no name. Source: reference peers §6 (PIPL 28, 31)."""

    name: Name
    """What diners tap: 3-6岁."""
    youngest: Annotated[int, Between(0, 17)] = Field(default=0, alias="from")
    oldest: Annotated[int, Between(0, 17)] = Field(default=17, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "AgesRecord":
        if self.youngest > self.oldest:
            raise fault(f"the ages go from {self.youngest} to {self.oldest}", "from is not above to")
        return self


class ExperiencePriceRecord(Record):
    """What a place costs, yuan; left out it is free."""

    adult: Price = Fen(0)
    child: Price = Fen(0)


class KitsRecord(Record):
    """Material that is there for so many (材料包)."""

    name: Name
    number: Annotated[int, Between(1, 10_000)]
    """For one session."""
    per: Literal["child", "adult", "party"] = "child"
    """Who gets one each."""


class ExperienceRecord(Record):
    """Something that takes place at fixed times, and for which places are booked.

    Source: RESTAURANT, Bookings (亲子烘焙: first Saturday 14:00/15:00/16:00, 10 places each, gold level and above).
    """

    id: Id
    name: Name
    about: Line | None = None
    """What it is, in a sentence for diners."""
    stores: tuple[Id, ...] = ()
    """Where, by id; every store when left out."""
    on: OnRules = ()
    """first saturday, second tuesday, last friday, every sunday, every day; one or a list."""
    dates: tuple[Day, ...] = ()
    """Days on which it takes place, too: 2026-12-24."""
    without: tuple[Day, ...] = Field(default=(), alias="except")
    """Days on which it does not, whatever `on` says: holidays."""
    times: Annotated[tuple[TimeOfDay, ...], Field(min_length=1)]
    """When each session of a day begins, by the store's clock."""
    minutes: Annotated[int, Between(10, 1440)] = 60
    """How long one lasts."""
    places: Annotated[int, Between(1, 10_000)] | None = None
    """For one session, adults and children together; 10 when neither this nor `adults` and `children` are written."""
    adults: Annotated[int, Between(0, 10_000)] | None = None
    """Adults at most."""
    children: Annotated[int, Between(0, 10_000)] | None = None
    """Children at most; 0: for adults only."""
    ages: tuple[AgesRecord, ...] = ()
    """Bands of ages, one is asked for each child; none: not asked."""
    level: Name | None = None
    """The level of membership it is for, and those above (a name of brand.levels); left out: for everybody."""
    price: ExperiencePriceRecord = ExperiencePriceRecord()
    kits: KitsRecord | None = None
    minimum: Annotated[int, Between(0, 10_000)] = 0
    """Places that must be booked at `decide_hours` before the start, or it is called off; 0: it takes place for whoever comes."""
    decide_hours: Annotated[int, Between(1, 336)] = 24
    open_days: Annotated[int, Between(0, 365)] = 30
    """Business days from today that can be booked."""
    close_minutes: Annotated[int, Between(0, 10_080)] = 30
    """Booking closes so long before the start."""
    cancel_hours: Annotated[int, Between(0, 720)] = 24
    """Cancelled until then before the start, what was paid goes back whole."""
    offer_minutes: Annotated[int, Between(10, 1440)] = 60
    """How long a place that has become free is kept for the next of the waiting list."""
    picture: Picture | None = None
    notes: Line | None = None
    """What guests must know: bring an apron."""

    @model_validator(mode="after")
    def _whole(self) -> "ExperienceRecord":
        if not self.on and not self.dates:
            raise fault("the experience never takes place", "write on: first saturday, or dates: [2026-12-24]")
        if self.places is None and (self.adults is None) != (self.children is None):
            raise fault("places are limited for adults or children alone", "write places: too, or both adults: and children:")
        most = self.places if self.places is not None else (self.adults or 0) + (self.children or 0) or PLACES
        if self.minimum > most:
            raise fault(f"{self.minimum} places must be booked of {most}", "minimum is not above places")
        if self.adults == 0:
            raise fault("no adult may come", "children come with an adult: leave adults: out, or write a number")
        return self
