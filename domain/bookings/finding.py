"""Pure: the places of a store, and which of them a party gets. What is taken is told; nothing is read here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.bookings.opening import Opening
from domain.bookings.rules import Scene, ceil_unit, floor_unit, stay_of, units_between
from domain.kernel.text import fold
from domain.shop.store import Store


class Kind(StrEnum):
    """What a place is."""

    TABLE = "table"
    PAIR = "pair"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party can sit: a table, two tables pushed together, or a room. `combinable`: the table is half of a pair."""

    kind: Kind
    tables: tuple[str, ...]
    seats: int
    area: str = ""
    room: str = ""
    combinable: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What a diner asks for.

    Attributes:
        starts_at: Aware; seconds are dropped.
        people: All who come, children included.
        kids: How many of them are children.
        room: A room (包间) and nothing else.
        room_name: That room and no other.
        area: The part of the floor they would like; taken elsewhere rather than nowhere.
        notes: For the staff; at most 200 characters.
        name: Whom to ask for at the door; at most 40 characters.
    """

    starts_at: datetime
    people: int
    kids: int = 0
    room: bool = False
    room_name: str = ""
    area: str = ""
    scene: Scene | None = None
    notes: str = ""
    name: str = ""

    @property
    def wants_room(self) -> bool:
        """Whether only a room will do."""
        return self.room or bool(self.room_name)


@dataclass(frozen=True, slots=True)
class Stay:
    """A party at its tables. Its guests are present from `held_from` until `ends_at`; the tables are taken until `held_until`."""

    store_id: str
    tables: tuple[str, ...]
    people: int
    starts_at: datetime
    ends_at: datetime
    held_until: datetime

    @property
    def held_from(self) -> datetime:
        """The quarter in which the party starts."""
        return floor_unit(self.starts_at)

    @property
    def units(self) -> tuple[datetime, ...]:
        """The quarters in which its tables are taken."""
        return units_between(self.held_from, self.held_until)

    @property
    def present(self) -> tuple[datetime, ...]:
        """The quarters in which its guests are there."""
        return units_between(self.held_from, ceil_unit(self.ends_at))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many booked guests may start in a quarter of an hour, and how many may be present in it."""

    starting: int
    present: int


@dataclass(frozen=True, slots=True)
class Floor:
    """What is taken at a store: the quarters of its tables, and by quarter how many guests start and how many are present."""

    taken: Mapping[str, frozenset[datetime]] = field(default_factory=dict)
    paces: Mapping[datetime, tuple[int, int]] = field(default_factory=dict)

    def has_room_for(self, stay: Stay, limits: Limits) -> bool:
        """Whether the tables are free, and the guests not too many."""
        units = stay.units
        if any(not self.taken.get(table, frozenset()).isdisjoint(units) for table in stay.tables):
            return False
        if self.paces.get(stay.held_from, (0, 0))[0] + stay.people > limits.starting:
            return False
        return all(self.paces.get(unit, (0, 0))[1] + stay.people <= limits.present for unit in stay.present)


@lru_cache(maxsize=1024)
def _places(
    codes: tuple[tuple[str, int, str], ...], rooms: tuple[tuple[str, int, tuple[str, ...]], ...], pairs: tuple[tuple[str, str], ...]
) -> tuple[Place, ...]:
    tables = {code: (seats, area) for code, seats, area in codes}
    inside = {code for _, _, within in rooms for code in within}
    joined = {code for pair in pairs for code in pair}
    singles = [Place(Kind.TABLE, (code,), seats, area, combinable=code in joined) for code, seats, area in codes if code not in inside]
    pushed = [
        Place(Kind.PAIR, (first, second), tables[first][0] + tables[second][0], tables[first][1])
        for first, second in pairs
        if first != second and {first, second} <= tables.keys() and not {first, second} & inside
    ]
    private = [
        Place(Kind.ROOM, tuple(sorted(within)), seats, tables[within[0]][1], room=name)
        for name, seats, within in rooms
        if within and seats > 0 and tables.keys() >= set(within)
    ]
    return (*singles, *pushed, *private)


def places_of(store: Store) -> tuple[Place, ...]:
    """Every place of a store that can be booked. Tables inside a room are booked with the room; a room without tables cannot be."""
    codes = tuple((table.code, table.seats, table.area) for table in store.tables.values())
    return _places(codes, tuple((room.name, room.seats, room.tables) for room in store.rooms), store.table_pairs)


def limits_of(store: Store) -> Limits:
    """The two limits of a store: shares of all its seats, rounded down; the largest place may always be taken.

    Source: RESTAURANT, Bookings (two pacing limits: starting per 15 min, default 25 % of seats; guests present).
    """
    places = places_of(store)
    seats = sum(place.seats for place in places if place.kind is not Kind.PAIR)
    largest = max((place.seats for place in places), default=0)
    return Limits(max(int(seats * store.bookings.starting), largest), max(int(seats * store.bookings.present), largest))


def candidates(store: Store, wish: Wish) -> list[Place]:
    """The places that would do for a party, the best first: smallest fit, single tables before pairs, halves of pairs last among equals.

    Rooms only when a room is wished for, first of all for a banquet, and for a party that fits nowhere else. A wished area goes before
    the fit. Source: RESTAURANT, Bookings (smallest fit; combinable tables by declared pairs; business banquets: room).
    """
    fitting = [place for place in places_of(store) if place.seats >= wish.people]
    rooms = [place for place in fitting if place.kind is Kind.ROOM]
    tables = [place for place in fitting if place.kind is not Kind.ROOM]
    area = fold(wish.area)

    def order(place: Place) -> tuple[bool, bool, int, bool]:
        elsewhere = bool(area) and area not in fold(place.area)
        return elsewhere, place.kind is Kind.PAIR, place.seats, place.combinable

    if wish.room_name:
        return [place for place in rooms if fold(place.room) == fold(wish.room_name)]
    rooms.sort(key=order)
    tables.sort(key=order)
    if wish.room:
        return rooms
    if wish.scene is Scene.BANQUET:
        return [*rooms, *tables]
    return tables or rooms


def stay_at(store: Store, place: Place, wish: Wish, opening: Opening) -> Stay:
    """The stay of a party at a place: as long as its turn, until closing at the latest, and then the cleaning."""
    starts_at = wish.starts_at.replace(second=0, microsecond=0)
    ends_at = min(starts_at + stay_of(wish.people, store.bookings), opening.closes_at)
    held_until = ceil_unit(ends_at + timedelta(minutes=store.bookings.clean_minutes))
    return Stay(store.id, tuple(sorted(place.tables)), wish.people, starts_at, ends_at, held_until)


def free_places(store: Store, wish: Wish, opening: Opening, floor: Floor, *, prefer: Iterable[str] = ()) -> Iterator[tuple[Place, Stay]]:
    """The candidates that are free, best first. Args: prefer: Tables that go first when they would do."""
    limits = limits_of(store)
    liked = tuple(sorted(prefer))
    ordered = sorted(candidates(store, wish), key=lambda place: tuple(sorted(place.tables)) != liked)
    for place in ordered:
        stay = stay_at(store, place, wish, opening)
        if floor.has_room_for(stay, limits):
            yield place, stay
