"""The waiting list of a full session: join it, leave it, take or decline what is offered; what is not answered goes to the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from domain.experiences.errors import AlreadyWaitingError, OfferOverError, UnknownWaitingError
from domain.experiences.events import ExperienceOfferLapsed, ExperienceWaitingJoined
from domain.experiences.listing import (
    ExperienceBooking,
    WaitingPlace,
    find_by_key,
    find_on_day,
    find_on_list,
    find_waiting_by_key,
    get_waiting,
    line_of,
)
from domain.experiences.models import ExperienceSession, WaitingParty
from domain.experiences.offering import end_waiting, hold_session, offer_free, open_session
from domain.experiences.places import give_back
from domain.experiences.reminders import about_place, announce
from domain.experiences.rules import ON_THE_LIST, WaitingState
from domain.experiences.sessions import SessionNow, get_session
from domain.experiences.wishes import ExperienceWish, check_day, check_open, checked, session_said
from domain.experiences.writing import already_booked, write_booking
from domain.kernel.ids import new_id
from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot
from domain.storage import savepoint


def join_waiting(session: Session, shop: ShopSnapshot, wish: ExperienceWish, *, diner_id: str, key: str, now: datetime) -> WaitingPlace:
    """Get in line for places in a session, behind everyone who waits.

    When there is room for the party by now, and nobody before it fits, the places are offered at once.

    Args:
        key: At most one place under it: asked again, the same one is returned as it is now.

    Raises:
        As `wishes.propose`, but SessionFullError.
        AlreadyWaitingError: With the place that the diner has.
        ValueError: The key belongs to another diner's place.

    Emits: ExperienceWaitingJoined; ExperienceOffered.
    Source: RESTAURANT, Bookings (waiting list with timed offers).
    """
    standing = find_waiting_by_key(session, key)
    if standing is None:
        experience, store, wish = checked(session, shop, wish, diner_id=diner_id, now=now)
        there = open_session(session, shop, experience, store, wish.starts_at, now=now)
        standing = find_waiting_by_key(session, key)
    if standing is not None:
        if standing.diner_id != diner_id:
            raise ValueError(f"waiting key {key!r} belongs to another diner")
        return standing
    check_open(session, shop, experience, store, wish.starts_at, now=now)
    check_day(session, shop, experience, store, wish.starts_at, diner_id)
    before = find_on_list(session, diner_id, there.id)
    if before is not None:
        raise AlreadyWaitingError(place=before.place, **session_said(shop, there))
    waiting_id = new_id(now)
    session.execute(insert(WaitingParty), _row(waiting_id, there, wish, diner_id=diner_id, key=key, now=now))
    numbered = update(ExperienceSession).where(ExperienceSession.id == there.id)
    session.execute(numbered.values(last_place=there.last_place + 1), execution_options=_UNSYNCHRONIZED)
    emit(session, ExperienceWaitingJoined(**about_place(get_waiting(session, waiting_id))), now=now)
    offer_free(session, shop, get_session(session, there.id), now=now)
    return get_waiting(session, waiting_id)


def leave_waiting(session: Session, shop: ShopSnapshot, waiting_id: str, *, diner_id: str, now: datetime) -> WaitingPlace:
    """A diner waits no more; what was offered goes to the next. Left already, nothing changes.

    Raises:
        UnknownWaitingError.

    Emits: ExperienceWaitingEnded; ExperienceOffered.
    """
    place, there = _hold_place(session, shop, waiting_id, diner_id=diner_id, now=now)
    if place.state in ON_THE_LIST and end_waiting(session, place, WaitingState.LEFT, "left", now=now):
        offer_free(session, shop, get_session(session, there.id), now=now)
    return get_waiting(session, waiting_id)


def take_offer(session: Session, shop: ShopSnapshot, waiting_id: str, *, diner_id: str, key: str, now: datetime) -> ExperienceBooking:
    """A diner takes what was offered: the places that were kept are booked, or held for 15 minutes until they are paid.

    The level was judged when the diner joined the list. The price is that of now.

    Args:
        key: At most one booking under it: asked again, the same one is returned as it is now.

    Raises:
        UnknownWaitingError.
        OfferOverError: It has lapsed, was answered, or nothing is offered yet.
        AlreadyBookedError: The diner has places on that day by now; the offer stands until it lapses.
        ValueError: The key belongs to another diner's booking.

    Emits: ExperienceBooked or ExperienceHeld; ExperienceWaitingEnded; ExperienceReminderDue.
    """
    place, there = _hold_place(session, shop, waiting_id, diner_id=diner_id, now=now)
    standing = find_by_key(session, key)
    if standing is not None:
        if standing.diner_id != diner_id:
            raise ValueError(f"experience key {key!r} belongs to another diner")
        return standing
    if place.offer_until is None or now >= place.offer_until:
        raise OfferOverError(**session_said(shop, there))
    if find_on_day(session, diner_id, there.experience_id, there.business_day) is not None:
        raise already_booked(session, shop, there, diner_id)
    with savepoint(session):
        booked = write_booking(session, shop, there, place, diner_id=diner_id, key=key, now=now)
        if not end_waiting(session, place, WaitingState.TAKEN, "taken", now=now):
            raise OfferOverError(**session_said(shop, there))
    announce(session, booked, now=now)
    return booked


def decline_offer(session: Session, shop: ShopSnapshot, waiting_id: str, *, diner_id: str, now: datetime) -> WaitingPlace:
    """A diner does not want what was offered, and is off the list; the next gets it. Declined already, nothing changes.

    Raises:
        UnknownWaitingError.
        OfferOverError: Nothing is offered: it has lapsed, or was taken.

    Emits: ExperienceWaitingEnded; ExperienceOffered.
    """
    place, there = _hold_place(session, shop, waiting_id, diner_id=diner_id, now=now)
    if place.state is WaitingState.DECLINED:
        return place
    if place.state is not WaitingState.OFFERED or not end_waiting(session, place, WaitingState.DECLINED, "declined", now=now):
        raise OfferOverError(**session_said(shop, there))
    offer_free(session, shop, get_session(session, there.id), now=now)
    return get_waiting(session, waiting_id)


def lapse_offer(session: Session, shop: ShopSnapshot, waiting_id: str, *, now: datetime) -> bool:
    """The time of an offer is over: the party is off the list, and the next gets the places.

    Returns:
        False when there is nothing to do: it was answered, or stands longer.

    Emits: ExperienceOfferLapsed; ExperienceOffered.
    """
    try:
        place, there = _hold_place(session, shop, waiting_id, now=now)
    except UnknownWaitingError:
        return False
    if not _lapse(session, place, now=now):
        return False
    offer_free(session, shop, get_session(session, there.id), now=now)
    return True


def close_list(session: Session, shop: ShopSnapshot, session_id: str, *, now: datetime) -> bool:
    """Booking has closed: whoever still waits is told that it was in vain.

    Returns:
        False when it has not closed: the shop file has changed since.

    Raises:
        NoSuchSessionError.

    Emits: ExperienceOfferLapsed, ExperienceWaitingEnded.
    """
    there = hold_session(session, shop, session_id, now=now)
    if now < there.closes_at:
        return False
    for place in line_of(session, session_id):
        if place.state is WaitingState.OFFERED:
            _lapse(session, place, now=now)
        else:
            end_waiting(session, place, WaitingState.ENDED, "closed", now=now)
    return True


def _lapse(session: Session, place: WaitingPlace, *, now: datetime) -> bool:
    if place.offer_until is None or now < place.offer_until:
        return False
    lapsed = update(WaitingParty).where(WaitingParty.id == place.id, WaitingParty.state == WaitingState.OFFERED.value)
    values: dict[str, Any] = {"state": WaitingState.LAPSED.value, "settled_at": now, "living_key": None, "offer_until": None}
    moved = session.execute(lapsed.values(values), execution_options=_UNSYNCHRONIZED)
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return False
    give_back(session, place.session_id, place.amount)
    emit(session, ExperienceOfferLapsed(**about_place(place)), now=now)
    return True


def _hold_place(
    session: Session, shop: ShopSnapshot, waiting_id: str, *, diner_id: str | None = None, now: datetime
) -> tuple[WaitingPlace, SessionNow]:
    there = hold_session(session, shop, get_waiting(session, waiting_id, diner_id=diner_id).session_id, now=now)
    return get_waiting(session, waiting_id, diner_id=diner_id), there


def _row(waiting_id: str, there: SessionNow, wish: ExperienceWish, *, diner_id: str, key: str, now: datetime) -> dict[str, Any]:
    return {
        "id": waiting_id,
        "key": key,
        "living_key": f"{there.id}:{diner_id}",
        "session_id": there.id,
        "diner_id": diner_id,
        "place": there.last_place + 1,
        "state": WaitingState.WAITING.value,
        "adults": wish.adults,
        "children": wish.children,
        "kits": there.amount(wish.adults, wish.children).kits,
        "ages": list(wish.ages) or None,
        "name": wish.name or None,
        "notes": wish.notes or None,
        "joined_at": now,
    }


_UNSYNCHRONIZED = {"synchronize_session": False}
