"""One booking in hand: written, held so that nobody else moves it, and moved from state to state by conditional UPDATE."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.experiences.errors import AlreadyBookedError, ExperienceOverError
from domain.experiences.listing import ExperienceBooking, WaitingPlace, find_on_day, get_booking
from domain.experiences.models import BookedExperience
from domain.experiences.offering import hold_session
from domain.experiences.rules import HOLD, ExperienceState, may_become
from domain.experiences.sessions import SessionNow, lock_session
from domain.experiences.wishes import ExperienceWish, session_said, time_said
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.shop.snapshot import ShopSnapshot
from domain.storage import insert_once
from domain.stores.numbers import next_number

Held = TypeVar("Held")
Party = ExperienceWish | WaitingPlace
SERIES = "E"  # of short numbers: E003
_UNSYNCHRONIZED = {"synchronize_session": False}


def write_booking(
    session: Session, shop: ShopSnapshot, there: SessionNow, party: Party, *, diner_id: str, key: str, now: datetime
) -> ExperienceBooking:
    """Write down a party of a session that is held; whoever calls takes its places. It is booked, or held until it is paid.

    Args:
        party: A wish, or a place on the waiting list.

    Raises:
        AlreadyBookedError: The diner got places in another session of the day at this moment. Nothing was written.
    """
    fen = Fen(party.adults * there.adult_fen + party.children * there.child_fen)
    booking_id = new_id(now)
    number = next_number(session, there.store_id, there.business_day, SERIES)
    row: dict[str, Any] = {
        "id": booking_id,
        "key": key,
        "living_key": living_key(diner_id, there),
        "session_id": there.id,
        "diner_id": diner_id,
        "number": f"{SERIES}{number:03d}",
        "state": (ExperienceState.HELD if fen else ExperienceState.BOOKED).value,
        "adults": party.adults,
        "children": party.children,
        "kits": there.amount(party.adults, party.children).kits,
        "ages": list(party.ages) or None,
        "name": party.name or None,
        "notes": party.notes or None,
        "adult_fen": there.adult_fen,
        "child_fen": there.child_fen,
        "fen": fen,
        "refund_until": there.refund_until(fen),
        "hold_until": now + HOLD if fen else None,
        "version": 1,
        "booked_at": now,
    }
    if not insert_once(session, BookedExperience, row):
        raise already_booked(session, shop, there, diner_id)
    return get_booking(session, booking_id)


def already_booked(session: Session, shop: ShopSnapshot, there: SessionNow, diner_id: str) -> AlreadyBookedError:
    """The refusal for a diner who has places on the day of a session, with these."""
    other = find_on_day(session, diner_id, there.experience_id, there.business_day)
    if other is None:  # it was given up in this moment
        return AlreadyBookedError(number="", **session_said(shop, there))
    return AlreadyBookedError(name=there.name, number=other.number, time=time_said(shop.known_stores[other.store_id], other.starts_at))


def living_key(diner_id: str, there: SessionNow) -> str:
    """Unique while a booking has its places: a diner has places in one session of an experience on a business day."""
    return f"{diner_id}:{there.experience_id}:{there.business_day.isoformat()}"


def hold_booking(
    session: Session, shop: ShopSnapshot, booking_id: str, *, diner_id: str | None = None, now: datetime
) -> tuple[ExperienceBooking, SessionNow]:
    """A booking as it stands, and its session, held: nobody moves it until the transaction ends.

    Args:
        diner_id: Whose booking it must be; None for staff and the house itself.

    Raises:
        UnknownExperienceError.
    """
    return _held(session, booking_id, diner_id, lambda session_id: hold_session(session, shop, session_id, now=now))


def hold_as_it_is(session: Session, booking_id: str, *, diner_id: str | None = None) -> ExperienceBooking:
    """A booking as it stands, held with its session like `hold_booking` does; what the shop file says by now is left alone.

    Args:
        diner_id: Whose booking it must be; None for staff and the house itself.

    Raises:
        UnknownExperienceError.
    """
    booked, _ = _held(session, booking_id, diner_id, lambda session_id: lock_session(session, session_id))
    return booked


def _held(session: Session, booking_id: str, diner_id: str | None, hold: Callable[[str], Held]) -> tuple[ExperienceBooking, Held]:
    seen = get_booking(session, booking_id, diner_id=diner_id)
    while True:
        there = hold(seen.session_id)
        now_there = get_booking(session, booking_id, diner_id=diner_id)
        if now_there.session_id == seen.session_id:
            return now_there, there
        seen = now_there  # it went to another session before this one was held


def move(session: Session, booked: ExperienceBooking, to: ExperienceState, **values: Any) -> ExperienceBooking:
    """Bring a booking to another state.

    Raises:
        ExperienceOverError: It cannot get there from where it is.
    """
    if to is not ExperienceState.BOOKED:
        values["living_key"] = None
    moved = session.execute(
        update(BookedExperience)
        .where(BookedExperience.id == booked.id, BookedExperience.state.in_(may_become(to)))
        .values(state=to.value, hold_until=None, **values),
        execution_options=_UNSYNCHRONIZED,
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise ExperienceOverError(number=booked.number)
    return get_booking(session, booked.id)
