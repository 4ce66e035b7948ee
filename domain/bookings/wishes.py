"""A wish, judged: whether the book is open for it, which places are free, and what it would be as a booking. Only reads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingsClosedError,
    FullError,
    NoRoomError,
    OutsideHoursError,
    PartyTooLargeError,
    TooFarError,
    TooSoonError,
)
from domain.bookings.finding import Floor, Kind, Place, Stay, Wish, candidates, free_places, places_of
from domain.bookings.listing import Booked, find_near
from domain.bookings.occupancy import read_floor
from domain.bookings.offers import LONGEST_STAY, nearest_offers, time_said
from domain.bookings.opening import opening_at, seatings_around
from domain.bookings.rules import APART, LONGEST_NAME, LONGEST_NOTES, STRIKES_TO_REVIEW, ceil_unit, deposit_for, floor_unit
from domain.bookings.strikes import strikes_of
from domain.kernel.money import ZERO, Fen
from domain.kernel.said import day_said
from domain.kernel.text import clean
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a wish would be as a booking.

    Attributes:
        deposit_fen: What is left in advance; 0 for nothing. Never for a party that staff write in, whose diner nobody knows.
        refund_until: Cancelled until then, the deposit goes back whole; None without one.
        reviewed: A member of staff says yes or no first, because the diner did not come several times.
    """

    store_id: str
    place: Place
    stay: Stay
    business_day: date
    deposit_fen: Fen
    refund_until: datetime | None
    reviewed: bool


def propose_booking(session: Session, shop: ShopSnapshot, store_id: str, wish: Wish, *, diner_id: str | None, now: datetime) -> Proposal:
    """What a wish would be as a booking at this moment, to be read back before the diner says yes. Takes nothing.

    Raises:
        BadPartyError, BookingsClosedError, PartyTooLargeError, NoRoomError, TooSoonError, TooFarError, AlreadyBookedError.
        OutsideHoursError, FullError: With up to three offers.
    """
    store = store_for(shop, store_id)
    wish = tidied(wish)
    check_book(shop, store, wish, now=now)
    check_apart(session, store, diner_id, wish)
    place, stay = next(seek(session, shop, store, wish, now=now))
    return proposal_of(session, shop, store, wish, place, stay, diner_id=diner_id, now=now)


def store_for(shop: ShopSnapshot, store_id: str) -> Store:
    """The store, if it takes bookings. Raises: BookingsClosedError."""
    store = shop.stores.get(store_id)
    if store is None or not store.bookings.open or not places_of(store):
        known = store or shop.known_stores.get(store_id)
        raise BookingsClosedError(store=known.name if known else store_id)
    return store


def tidied(wish: Wish) -> Wish:
    """The wish as it is kept: whole minutes in UTC, texts clean and not too long. Raises: BadPartyError."""
    if not 0 <= wish.kids <= wish.people or wish.people < 1:
        raise BadPartyError
    return replace(
        wish,
        starts_at=wish.starts_at.astimezone(UTC).replace(second=0, microsecond=0),
        notes=clean(wish.notes).strip()[:LONGEST_NOTES],
        name=clean(wish.name).strip()[:LONGEST_NAME],
        area=clean(wish.area).strip()[:LONGEST_NAME],
    )


def earliest_start(store: Store, *, now: datetime) -> datetime:
    """The first start that leaves a store the notice it needs."""
    earliest = now + timedelta(minutes=store.bookings.notice_minutes)
    return min((start for start, _ in seatings_around(store, earliest) if start >= earliest), default=ceil_unit(earliest))


def check_book(shop: ShopSnapshot, store: Store, wish: Wish, *, now: datetime, later_than: datetime | None = None) -> None:
    """Whether the store has such a place at all, and its book is open for that day.

    Args:
        later_than: The start of the booking that is changed: a party that comes later than that needs no notice, as long as
            it does not come in the past.

    Raises:
        PartyTooLargeError, NoRoomError, TooSoonError, TooFarError.
    """
    if not candidates(store, wish):
        if wish.wants_room:
            most = max((place.seats for place in places_of(store) if place.kind is Kind.ROOM), default=0)
            raise NoRoomError(store=store.name, people=wish.people, most=most)
        raise PartyTooLargeError(store=store.name, people=wish.people, most=max(place.seats for place in places_of(store)))
    minutes = store.bookings.notice_minutes
    earliest = now + timedelta(minutes=minutes)
    if wish.starts_at < (floor_unit(now) if later_than is not None and wish.starts_at >= later_than else earliest):
        first = earliest_start(store, now=now)
        same_day = store.local(first).date() == store.local(now).date()
        raise TooSoonError(minutes=minutes, earliest=store.clock_said(first) if same_day else time_said(store, first))
    days = store.bookings.days_ahead
    last = shop.brand.business_day(now, store.timezone) + timedelta(days=days)
    if shop.brand.business_day(wish.starts_at, store.timezone) > last:
        raise TooFarError(days=days, last=day_said(last))


def check_apart(session: Session, store: Store, diner_id: str | None, wish: Wish, *, but: str | None = None) -> None:
    """A diner has no second table in a store within two hours of the first. Raises: AlreadyBookedError."""
    near = None if diner_id is None else find_near(session, store.id, diner_id, wish.starts_at, APART, but=but)
    if near is not None:
        raise AlreadyBookedError(number=near.number, time=time_said(store, near.starts_at))


def seek(
    session: Session, shop: ShopSnapshot, store: Store, wish: Wish, *, now: datetime, instead_of: Booked | None = None
) -> Iterator[tuple[Place, Stay]]:
    """The places that are free for a wish, the best first, and at the end a refusal with offers.

    Args:
        instead_of: The booking that is changed: its own tables are free for it, and it keeps them when the party is the same.

    Raises:
        OutsideHoursError, FullError: When no (further) place is free.
    """
    reads = partial(_reads, session, instead_of)
    opening = opening_at(store, wish.starts_at)
    time = time_said(store, wish.starts_at)
    if opening is None:
        offers = nearest_offers(shop, store, wish, reads, now=now)
        raise OutsideHoursError(offers, store=store.name, time=time)
    same_party = instead_of is not None and (instead_of.people, bool(instead_of.room)) == (wish.people, wish.wants_room)
    prefer = instead_of.tables if instead_of is not None and same_party else ()
    yield from free_places(store, wish, opening, reads(store, wish.starts_at, wish.starts_at + LONGEST_STAY), prefer=prefer)
    raise FullError(nearest_offers(shop, store, wish, reads, now=now), store=store.name, time=time, people=wish.people)


def proposal_of(
    session: Session, shop: ShopSnapshot, store: Store, wish: Wish, place: Place, stay: Stay, *, diner_id: str | None, now: datetime
) -> Proposal:
    """A place that was found, with what it asks of this diner."""
    settings = store.bookings
    deposit = ZERO if diner_id is None else deposit_for(wish.people, in_room=bool(place.room), settings=settings)
    refund_until = None
    if deposit and settings.deposit is not None:
        refund_until = wish.starts_at - timedelta(hours=settings.deposit.refund_hours)
    return Proposal(
        store_id=store.id,
        place=place,
        stay=stay,
        business_day=shop.brand.business_day(wish.starts_at, store.timezone),
        deposit_fen=deposit,
        refund_until=refund_until,
        reviewed=diner_id is not None and len(strikes_of(session, diner_id, now=now)) >= STRIKES_TO_REVIEW,
    )


def _reads(session: Session, instead_of: Booked | None, store: Store, start: datetime, end: datetime) -> Floor:
    return read_floor(session, store.id, start, end, without=None if instead_of is None else (instead_of.id, instead_of.stay))
