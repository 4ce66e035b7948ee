"""A booked party at a floor where others sit by their numbers and scans: it never sits down at a table of theirs."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.bookings import lifecycle
from domain.bookings.finding import places_of
from domain.bookings.listing import Booked, get_booking, tables_booked_soon
from domain.bookings.rules import COMING
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.tables.listing import parties_of
from domain.tables.service import find_seat_at, guests_of
from domain.waitlist.errors import BookedTableTakenError
from domain.waitlist.line import lock_day
from domain.waitlist.seating import claims_of

_MOST_SHOWN = 3  # places, as many as a booking that cannot be had is offered


def seat_booking(session: Session, shop: ShopSnapshot, booking_id: str, *, now: datetime, together: bool = False) -> Booked:
    """A booked party is here, and sits down at its tables when nobody else has them.

    Who scanned there is the party itself when its diner is among them; of friends who came first, the staff say so.

    Args:
        together: Whoever scanned there belongs to the party. Never of a party that has the table by its number.

    Raises:
        BookedTableTakenError: Others have one of its tables; with the free places that would do.
        UnknownBookingError, NotTodayError, BookingOverError: As of `bookings.lifecycle.seat_booking`.

    Emits: BookingSeated; RefundRequested and DepositReturned.
    """
    store = shop.known_stores[get_booking(session, booking_id).store_id]
    hold_floor(session, shop, store, now=now)
    booked = get_booking(session, booking_id)
    if booked.state in COMING:
        _check_free(session, shop, store, booked, now=now, together=together)
    return lifecycle.seat_booking(session, shop, booking_id, now=now)


def hold_floor(session: Session, shop: ShopSnapshot, store: Store, *, now: datetime) -> None:
    """Nobody is called or sits down by a number until the transaction ends. Held before the book of a store, by who needs both."""
    lock_day(session, shop, store, now=now)


def _check_free(session: Session, shop: ShopSnapshot, store: Store, booked: Booked, *, now: datetime, together: bool) -> None:
    claims = [
        claim
        for claim in claims_of(session, store, shop.brand.business_day(now, store.timezone), now=now)
        if claim.diner_id is None or claim.diner_id != booked.diner_id
    ]
    holders = {claim.table_code: claim for claim in claims}
    for table in booked.tables:
        sitting = None if together else find_seat_at(session, store.id, table, now=now)
        strangers = sitting is not None and booked.diner_id not in guests_of(session, sitting.session_id)
        if strangers or table in holders:
            holder, others = holders.get(table), _free_places(session, store, booked, holders, now=now)
            who = f"{holder.number}号" if holder is not None else "扫码坐下的客人"
            said = {"number": booked.number, "table": table, "who": who, "others": "、".join(others) or "没有了"}
            raise BookedTableTakenError(scanned=holder is None, **said)


def _free_places(session: Session, store: Store, booked: Booked, held: Iterable[str], *, now: datetime) -> Collection[str]:
    """Places for the party that nobody sits at, was called to or has booked for its time: the smallest that do."""
    stays = max(booked.stay.held_until - now, timedelta(minutes=1))
    taken = {party.table_code for party in parties_of(session, store.id, now=now)} | set(held)
    taken |= set(tables_booked_soon(session, store.id, now=now, within=stays)) | set(booked.tables)
    fits = [place for place in places_of(store) if place.seats >= booked.people and not taken & set(place.tables)]
    fits.sort(key=lambda place: (bool(place.room) and not booked.room, place.seats, len(place.tables), place.tables))
    return [place.room or "+".join(place.tables) for place in fits[:_MOST_SHOWN]]
