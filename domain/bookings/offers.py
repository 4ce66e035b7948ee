"""Pure: what else a party could have when its wish cannot be met. What is taken comes from whoever reads the tables."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from domain.bookings.finding import Floor, Wish, free_places, places_of
from domain.bookings.opening import Opening, opening_at, seatings_around
from domain.bookings.rules import deposit_for
from domain.kernel.money import Fen
from domain.kernel.said import day_said
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store

MOST_OFFERS = 3  # Source: RESTAURANT, Bookings (three nearest offers when full)
NEAR = timedelta(hours=2)  # so far from the wished time, the same store goes before another
LONGEST_STAY = timedelta(hours=13)  # ten hours of turn, two of cleaning, and a quarter on each side
_STORES_LOOKED_AT = 3
_DAYS_LOOKED_AT = (1, -1, 2, -2, 3, 7)

Reads = Callable[[Store, datetime, datetime], Floor]
"""What is taken at a store from one instant to another."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that was free when it was looked for. `said` names it to the diner: 「19:30」, 「11月22日 19:00」, 「万达店 19:00」."""

    store_id: str
    store_name: str
    starts_at: datetime
    ends_at: datetime
    room: str
    deposit_fen: Fen
    said: str


def time_said(store: Store, moment: datetime) -> str:
    """Day and time at the store: 「11月21日 18:45」."""
    return f"{day_said(store.local(moment))} {store.clock_said(moment)}"


def in_book(shop: ShopSnapshot, store: Store, starts_at: datetime, *, now: datetime) -> bool:
    """Whether the book is open for that time: not too soon, and not further than the days ahead."""
    settings = store.bookings
    last = shop.brand.business_day(now, store.timezone) + timedelta(days=settings.days_ahead)
    return starts_at >= now + timedelta(minutes=settings.notice_minutes) and shop.brand.business_day(starts_at, store.timezone) <= last


def nearest_offers(shop: ShopSnapshot, store: Store, wish: Wish, reads: Reads, *, now: datetime) -> Sequence[Offer]:
    """At most three others for a wish: near in time, then other stores at that time, then other days, then the rest of the day.

    Source: RESTAURANT, Bookings; reference peers §6 (never more than three choices).
    """
    found: dict[tuple[str, datetime], Offer] = {}
    for offer in _all_offers(shop, store, wish, reads, now=now):
        found.setdefault((offer.store_id, offer.starts_at), offer)
        if len(found) == MOST_OFFERS:
            break
    return tuple(found.values())


def _all_offers(shop: ShopSnapshot, store: Store, wish: Wish, reads: Reads, *, now: datetime) -> Iterator[Offer]:
    wished = wish.starts_at
    floor = reads(store, wished - timedelta(days=1), wished + timedelta(days=1) + LONGEST_STAY)
    seatings = seatings_around(store, wished)
    yield from _at(shop, store, wish, [seating for seating in seatings if abs(seating[0] - wished) <= NEAR], floor, now=now)
    elsewhere = replace(wish, room=wish.wants_room, room_name="")
    for other in islice(_others(shop, store), _STORES_LOOKED_AT):
        there = reads(other, wished, wished + LONGEST_STAY)
        yield from _at(shop, other, elsewhere, [(wished, opening_at(other, wished))], there, now=now, named=True)
    for days in _DAYS_LOOKED_AT:
        moment = store.local(wished).replace(fold=0) + timedelta(days=days)  # the same time on the wall, whatever the clocks do
        then = moment.astimezone(wished.tzinfo)
        yield from _at(shop, store, wish, [(then, opening_at(store, then))], reads(store, then, then + LONGEST_STAY), now=now)
    yield from _at(shop, store, wish, seatings, floor, now=now)


def _at(
    shop: ShopSnapshot,
    store: Store,
    wish: Wish,
    seatings: Sequence[tuple[datetime, Opening | None]],
    floor: Floor,
    *,
    now: datetime,
    named: bool = False,
) -> Iterator[Offer]:
    """Those seatings at which a place is free. Args: named: Say the store, too."""
    for start, opening in seatings:
        if opening is None or not in_book(shop, store, start, now=now):
            continue
        place, stay = next(free_places(store, replace(wish, starts_at=start), opening, floor), (None, None))
        if place is None or stay is None:
            continue
        same_day = store.local(start).date() == store.local(wish.starts_at).date()
        said = store.clock_said(start) if same_day else time_said(store, start)
        deposit = deposit_for(wish.people, in_room=bool(place.room), settings=store.bookings)
        yield Offer(store.id, store.name, start, stay.ends_at, place.room, deposit, f"{store.name} {said}" if named else said)


def _others(shop: ShopSnapshot, store: Store) -> list[Store]:
    """The other stores that take bookings, the nearest first; those of which nobody knows where they are, last."""
    others = [other for other in shop.stores.values() if other.id != store.id and other.bookings.open and places_of(other)]

    def distance(other: Store) -> float:
        if None in {store.latitude, store.longitude, other.latitude, other.longitude}:
            return float("inf")
        assert store.latitude is not None
        assert store.longitude is not None
        assert other.latitude is not None
        assert other.longitude is not None
        return abs(store.latitude - other.latitude) + abs(store.longitude - other.longitude)

    return sorted(others, key=distance)
