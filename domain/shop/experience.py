"""An experience in memory: on which days its sessions are, for how many, for whom, at what price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.kernel.money import Fen
from domain.shop import recurrence
from domain.shop.experience_records import PLACES, ExperienceRecord
from domain.shop.store import Store


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages that are asked as one: both ends are in it."""

    name: str
    youngest: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Kits:
    """Material for a session; `per`: "child", "adult" or "party"."""

    name: str
    number: int
    per: str


@dataclass(frozen=True, slots=True)
class Experience:
    """An experience of the brand. Texts not given are "".

    Attributes:
        stores: Where, by id.
        times: When sessions begin, by the store's clock.
        places: For one session, adults and children together.
        adults, children: At most so many; None for as many as there are places. No child may come where `children` is 0.
        level: The name of the level it is for; "" for everybody.
        decide_hours: So long before the start it is decided whether `minimum` places are booked.
    """

    id: str
    name: str
    about: str
    stores: tuple[str, ...]
    rules: tuple[recurrence.Rule, ...]
    dates: frozenset[date]
    without: frozenset[date]
    times: tuple[time, ...]
    minutes: int
    places: int
    adults: int | None
    children: int | None
    ages: tuple[AgeBand, ...]
    level: str
    adult_fen: Fen
    child_fen: Fen
    kits: Kits | None
    minimum: int
    decide_hours: int
    open_days: int
    close_minutes: int
    cancel_hours: int
    offer_minutes: int
    picture: str
    notes: str

    @property
    def for_adults_only(self) -> bool:
        """Whether no child may come."""
        return self.children == 0

    def takes_place(self, day: date) -> bool:
        """Whether it has sessions on a day of the store's calendar."""
        if day in self.without:
            return False
        return day in self.dates or any(recurrence.takes_place(rule, day) for rule in self.rules)

    def starts(self, store: Store, first: date, last: date) -> Iterator[datetime]:
        """When its sessions in a store begin, in order and in UTC, from one day of the store's calendar to another.

        The clock on the wall counts: 14:00 stays 14:00 when the clocks are changed.
        """
        for day in recurrence.days_between(first, last):
            if self.takes_place(day):
                yield from (datetime.combine(day, at, tzinfo=store.zone).astimezone(UTC) for at in self.times)

    def has_session(self, store: Store, starts_at: datetime) -> bool:
        """Whether one of its sessions in a store begins at an instant."""
        day = store.local(starts_at).date()
        return store.id in self.stores and starts_at in self.starts(store, day - timedelta(days=1), day)


def experience_from(record: ExperienceRecord, stores: Sequence[str]) -> Experience:
    """An experience of the shop file. Args: stores: The ids of all stores, in order."""
    both = (record.adults or 0) + (record.children or 0)
    kits = record.kits
    return Experience(
        id=record.id,
        name=record.name,
        about=record.about or "",
        stores=tuple(store for store in stores if not record.stores or store in record.stores),
        rules=tuple(map(recurrence.rule, record.on)),
        dates=frozenset(map(date.fromisoformat, record.dates)),
        without=frozenset(map(date.fromisoformat, record.without)),
        times=tuple(sorted(map(time.fromisoformat, record.times))),
        minutes=record.minutes,
        places=record.places if record.places is not None else both or PLACES,
        adults=record.adults,
        children=record.children,
        ages=tuple(AgeBand(band.name, band.youngest, band.oldest) for band in record.ages),
        level=record.level or "",
        adult_fen=record.price.adult,
        child_fen=record.price.child,
        kits=None if kits is None else Kits(kits.name, kits.number, kits.per),
        minimum=record.minimum,
        decide_hours=record.decide_hours,
        open_days=record.open_days,
        close_minutes=record.close_minutes,
        cancel_hours=record.cancel_hours,
        offer_minutes=record.offer_minutes,
        picture=record.picture or "",
        notes=record.notes or "",
    )
