"""Book, change a booking, and stay longer. What a booking would be: wishes; what becomes of it: lifecycle."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.bookings.deposits import NOT_NEEDED, PAYABLE, deposit_paid, give_back, is_deposit_paid
from domain.bookings.errors import BookingOverError, CannotExtendError, ChangeNeedsDepositError, StaleBookingError
from domain.bookings.finding import Stay, Wish, limits_of
from domain.bookings.lifecycle import Side
from domain.bookings.listing import Booked, find_by_key, get_booking
from domain.bookings.models import Booking
from domain.bookings.occupancy import occupy, open_book, read_floor
from domain.bookings.offers import LONGEST_STAY
from domain.bookings.opening import openings_around
from domain.bookings.requests import ask_staff, review_until
from domain.bookings.rewriting import columns_of, rewrite, write_tables
from domain.bookings.rules import COMING, HOLD, UNIT, BookingState, ceil_unit
from domain.bookings.states import announce, hold_booking
from domain.bookings.wishes import Proposal, check_apart, check_book, proposal_of, propose_booking, seek, store_for, tidied
from domain.kernel.ids import new_id
from domain.kernel.money import short_yuan
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.stores.numbers import next_number

SERIES = "B"  # of short numbers: B018


def book(session: Session, shop: ShopSnapshot, store_id: str, diner_id: str | None, wish: Wish, *, key: str, now: datetime) -> Booked:
    """Book the best free place for a party, for the turn of its size.

    It is confirmed; or held for 15 minutes until its deposit is paid (`deposits.ask_deposit`); or, for a diner who did not come
    four times in a year, asked for until staff say yes. In each case nobody else gets its tables.

    Args:
        diner_id: Who books; None for a party that staff write in from the phone, which leaves no deposit.
        key: At most one booking under it: asked again, the same one is returned as it is now.

    Raises:
        BadPartyError, BookingsClosedError, PartyTooLargeError, NoRoomError, TooSoonError, TooFarError, AlreadyBookedError.
        OutsideHoursError, FullError: With up to three offers. Nothing is written.
        ValueError: The key belongs to another diner's booking.

    Emits: BookingConfirmed, BookingHeld or BookingRequested; BookingReminderDue.
    Source: RESTAURANT, Bookings.
    """
    standing = find_by_key(session, key)
    if standing is None:
        # A full house is told before the book is held: many ask for the last table, and only who may get it waits in line.
        propose_booking(session, shop, store_id, wish, diner_id=diner_id, now=now)
        open_book(session, store_id)
        standing = find_by_key(session, key)
    if standing is not None:
        if standing.diner_id != diner_id:
            raise ValueError(f"booking key {key!r} belongs to another diner")
        return standing
    store = store_for(shop, store_id)
    wish = tidied(wish)
    check_apart(session, store, diner_id, wish)
    booking_id = new_id(now)
    for place, stay in seek(session, shop, store, wish, now=now):
        if occupy(session, booking_id, stay, limits_of(store)):
            proposal = proposal_of(session, shop, store, wish, place, stay, diner_id=diner_id, now=now)
            break
    _write(session, booking_id, store, wish, proposal, diner_id=diner_id, key=key, now=now)
    booked = get_booking(session, booking_id)
    if booked.state is BookingState.REQUESTED:
        ask_staff(session, store, booked, now=now)
    else:
        announce(session, booked, now=now)
    return booked


def change_booking(
    session: Session,
    shop: ShopSnapshot,
    booking_id: str,
    wish: Wish,
    *,
    version: int,
    diner_id: str | None,
    store_id: str | None = None,
    now: datetime,
) -> Booked:
    """Bring a booking to another time, party, place or store. The new tables are taken first; refused, the old ones stay.

    A deposit that is no longer asked for goes back, as long as the booking could be cancelled for nothing; later it stays.

    Args:
        wish: The whole of what is wanted: `Booked.wish` with what is another.
        version: Of the booking as the diner saw it.
        diner_id: Whose booking it must be; None for staff.
        store_id: Where to; None for where it is.

    Returns:
        The booking; a wish that changes nothing changes nothing.

    Raises:
        UnknownBookingError, StaleBookingError, BookingOverError.
        ChangeNeedsDepositError: A confirmed booking would need a deposit, or a higher one.
        BadPartyError, BookingsClosedError, PartyTooLargeError, NoRoomError, TooSoonError, TooFarError, AlreadyBookedError.
        OutsideHoursError, FullError: With up to three offers.

    Emits: BookingChanged; BookingReminderDue; RefundRequested.
    """
    booked = hold_booking(session, booking_id, *([store_id] if store_id else []), diner_id=diner_id)
    if booked.version != version:
        raise StaleBookingError(number=booked.number)
    if booked.state not in COMING:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    store = store_for(shop, store_id or booked.store_id)
    wish = tidied(wish)
    if store.id == booked.store_id and wish == tidied(booked.wish):
        return booked
    if booked.state is BookingState.HELD and is_deposit_paid(session, booked.id):
        deposit_paid(session, booked.id, now=now)
        booked = get_booking(session, booked.id)
    moved_only = store.id == booked.store_id
    check_book(shop, store, wish, now=now, later_than=booked.starts_at if moved_only else None)
    check_apart(session, store, booked.diner_id, wish, but=booked.id)
    for place, stay in seek(session, shop, store, wish, now=now, instead_of=booked):
        proposal = proposal_of(session, shop, store, wish, place, stay, diner_id=booked.diner_id, now=now)
        if booked.state is BookingState.CONFIRMED and proposal.deposit_fen > booked.deposit_fen:
            raise ChangeNeedsDepositError(number=booked.number, deposit=short_yuan(proposal.deposit_fen))
        if occupy(session, booked.id, stay, limits_of(store), instead_of=booked.stay):
            break
    return _changed(session, booked, store, wish, proposal, by=_side(diner_id), now=now)


def extend_booking(session: Session, shop: ShopSnapshot, booking_id: str, minutes: int, *, diner_id: str | None, now: datetime) -> Booked:
    """The party keeps its tables longer, when nobody has them after and the store does not close.

    Args:
        minutes: More than nothing; counted from when the party was to leave.
        diner_id: Whose booking it must be; None for staff.

    Raises:
        UnknownBookingError, BookingOverError.
        CannotExtendError: It says until when the party can stay.
        ValueError: Not longer.

    Emits: BookingChanged; BookingReminderDue.
    """
    if minutes <= 0:
        raise ValueError(f"longer by {minutes} minutes")
    booked = hold_booking(session, booking_id, diner_id=diner_id)
    if not booked.is_living:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    store = shop.known_stores[booked.store_id]
    stay = _until(store, booked, booked.ends_at + timedelta(minutes=minutes))
    closing = next(
        (opening.closes_at for opening in openings_around(store, booked.starts_at) if booked.starts_at < opening.closes_at), None
    )
    too_late = closing is not None and stay.ends_at > closing
    if too_late or not occupy(session, booked.id, stay, limits_of(store), instead_of=booked.stay):
        latest = _latest(session, store, booked, min(stay.ends_at, closing or stay.ends_at))
        raise CannotExtendError(number=booked.number, until=store.clock_said(latest))
    return rewrite(session, booked, store, stay, {}, by=_side(diner_id), now=now)


def _write(
    session: Session, booking_id: str, store: Store, wish: Wish, proposal: Proposal, *, diner_id: str | None, key: str, now: datetime
) -> None:
    if proposal.reviewed:
        state, hold_until = BookingState.REQUESTED, review_until(store, wish.starts_at, now=now)
    elif proposal.deposit_fen:
        state, hold_until = BookingState.HELD, now + HOLD
    else:
        state, hold_until = BookingState.CONFIRMED, None
    row = {
        "id": booking_id,
        "key": key,
        "store_id": store.id,
        "diner_id": diner_id,
        "number": _number(session, store.id, proposal),
        "business_day": proposal.business_day,
        "state": state.value,
        "version": 1,
        "hold_until": hold_until,
        "late_minutes": store.bookings.late_minutes,
        "booked_at": now,
        **columns_of(proposal.stay),
        **_wished(wish, proposal),
    }
    session.execute(insert(Booking), row)
    write_tables(session, booking_id, proposal.stay)


def _changed(session: Session, booked: Booked, store: Store, wish: Wish, proposal: Proposal, *, by: Side, now: datetime) -> Booked:
    values = _wished(wish, proposal) | {"business_day": proposal.business_day, "store_id": store.id, "acknowledged_at": None}
    if (store.id, proposal.business_day) != (booked.store_id, booked.business_day):
        values["number"] = _number(session, store.id, proposal)
    late = booked.refund_until is not None and now > booked.refund_until
    if booked.state is BookingState.HELD and proposal.deposit_fen != booked.deposit_fen:
        close_pending(session, PAYABLE, booked.id)
    if booked.state is BookingState.HELD and not proposal.deposit_fen:
        values |= {"state": BookingState.CONFIRMED.value, "hold_until": None}
    if booked.state is BookingState.CONFIRMED and booked.deposit_fen and late:
        # Too late to cancel is too late to move out of it: the deposit stays as if the party had not moved.
        values |= {"deposit_fen": booked.deposit_fen, "refund_until": booked.refund_until}
    elif booked.state is BookingState.CONFIRMED and booked.deposit_fen and not proposal.deposit_fen:
        give_back(session, booked, reason=NOT_NEEDED, now=now)
    elif booked.state is BookingState.CONFIRMED:
        values["deposit_fen"] = booked.deposit_fen  # what was paid; a lower one is not worth a refund of a part
    if booked.state is BookingState.REQUESTED and booked.hold_until is not None:
        # A party that comes sooner waits shorter.
        values["hold_until"] = min(booked.hold_until, review_until(store, wish.starts_at, now=now))
    return rewrite(session, booked, store, proposal.stay, values, by=by, now=now)


def _side(diner_id: str | None) -> Side:
    return Side.STAFF if diner_id is None else Side.DINER


def _wished(wish: Wish, proposal: Proposal) -> dict[str, Any]:
    return {
        "kids": wish.kids,
        "scene": None if wish.scene is None else wish.scene.value,
        "room": proposal.place.room or None,
        "area": wish.area or None,
        "notes": wish.notes or None,
        "name": wish.name or None,
        "deposit_fen": proposal.deposit_fen,
        "refund_until": proposal.refund_until,
    }


def _number(session: Session, store_id: str, proposal: Proposal) -> str:
    return f"{SERIES}{next_number(session, store_id, proposal.business_day, SERIES):03d}"


def _until(store: Store, booked: Booked, ends_at: datetime) -> Stay:
    held_until = ceil_unit(ends_at + timedelta(minutes=store.bookings.clean_minutes))
    return replace(booked.stay, ends_at=ends_at, held_until=held_until)


def _latest(session: Session, store: Store, booked: Booked, wanted: datetime) -> datetime:
    """Until when, in quarters from its end on, a party can stay."""
    floor = read_floor(session, store.id, booked.stay.held_from, booked.starts_at + LONGEST_STAY, without=(booked.id, booked.stay))
    latest = booked.ends_at
    while latest + UNIT <= wanted and floor.has_room_for(_until(store, booked, latest + UNIT), limits_of(store)):
        latest += UNIT
    return latest
