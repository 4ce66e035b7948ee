"""Bookings of experiences and places on waiting lists as they are read: one, a diner's, the guests of a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from domain.experiences.errors import UnknownExperienceError, UnknownWaitingError
from domain.experiences.models import BookedExperience, ExperienceSession, WaitingParty
from domain.experiences.rules import LIVING, ON_THE_LIST, Amount, ExperienceState, WaitingState
from domain.kernel.money import Fen


@dataclass(frozen=True, slots=True)
class ExperienceBooking:
    """A booking as it stood when it was read.

    Attributes:
        number: As people say it: E003, counted by store and business day.
        ages: The name of a band for each child; empty where none is asked, and 30 days after.
        fen: What it costs in all; 0 for nothing.
        refund_until: Cancelled by the diner until then, the price goes back whole; None when it costs nothing.
        hold_until: Until when the price is waited for.
        version: Hand it to `change_experience`: another one by then refuses.
    """

    id: str
    session_id: str
    experience_id: str
    experience_name: str
    store_id: str
    zone: str
    diner_id: str
    number: str
    state: ExperienceState
    business_day: date
    starts_at: datetime
    ends_at: datetime
    adults: int
    children: int
    ages: tuple[str, ...]
    kits: int
    kit_name: str
    name: str
    notes: str
    adult_fen: Fen
    child_fen: Fen
    fen: Fen
    refund_until: datetime | None
    hold_until: datetime | None
    version: int
    changed_key: str
    checked_in_at: datetime | None
    end_reason: str

    @property
    def is_living(self) -> bool:
        """Whether it has its places."""
        return self.state in LIVING

    @property
    def amount(self) -> Amount:
        """What it takes of its session."""
        return Amount(self.adults + self.children, self.adults, self.children, self.kits)


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A place on a waiting list as it stood when it was read.

    Attributes:
        place: Its number on the list, which it keeps.
        ahead: How many parties were before it then; 0 when it is off the list.
        fen: What the places cost by the session's prices of now.
        offer_until: Until when the offered places are kept for it.
        passed: Why one behind it was offered places the last time: the value of a `Passed`; "" when none was.
    """

    id: str
    session_id: str
    experience_id: str
    experience_name: str
    store_id: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    diner_id: str
    place: int
    ahead: int
    adults: int
    children: int
    ages: tuple[str, ...]
    kits: int
    name: str
    notes: str
    fen: Fen
    state: WaitingState
    offer_until: datetime | None
    passed: str

    @property
    def amount(self) -> Amount:
        """What it would take of its session."""
        return Amount(self.adults + self.children, self.adults, self.children, self.kits)


@dataclass(frozen=True, slots=True)
class MyExperiences:
    """What a diner has to come, each in the order of time."""

    bookings: tuple[ExperienceBooking, ...]
    waiting: tuple[WaitingPlace, ...]
    offers: tuple[WaitingPlace, ...]


_BOOKED = select(BookedExperience, ExperienceSession).join(ExperienceSession, ExperienceSession.id == BookedExperience.session_id)
_BEFORE = aliased(WaitingParty)
_AHEAD = (
    select(func.count())
    .select_from(_BEFORE)
    .where(_BEFORE.session_id == WaitingParty.session_id, _BEFORE.place < WaitingParty.place, _BEFORE.state == WaitingState.WAITING)
    .correlate(WaitingParty)
    .scalar_subquery()
)
_WAITING = select(WaitingParty, ExperienceSession, _AHEAD).join(ExperienceSession, ExperienceSession.id == WaitingParty.session_id)


def get_booking(session: Session, booking_id: str, *, diner_id: str | None = None) -> ExperienceBooking:
    """A booking as it stands now.

    Args:
        diner_id: Whose it must be; None for staff and the house itself.

    Raises:
        UnknownExperienceError.
    """
    query = _BOOKED.where(BookedExperience.id == booking_id)
    if diner_id is not None:
        query = query.where(BookedExperience.diner_id == diner_id)
    found = _bookings(session, query)
    if not found:
        raise UnknownExperienceError
    return found[0]


def get_waiting(session: Session, waiting_id: str, *, diner_id: str | None = None) -> WaitingPlace:
    """A place on a waiting list as it stands now.

    Args:
        diner_id: Whose it must be; None for the house itself.

    Raises:
        UnknownWaitingError.
    """
    query = _WAITING.where(WaitingParty.id == waiting_id)
    if diner_id is not None:
        query = query.where(WaitingParty.diner_id == diner_id)
    found = _places(session, query)
    if not found:
        raise UnknownWaitingError
    return found[0]


def find_by_key(session: Session, key: str) -> ExperienceBooking | None:
    """The booking that was made under a key, or None."""
    return next(iter(_bookings(session, _BOOKED.where(BookedExperience.key == key))), None)


def find_waiting_by_key(session: Session, key: str) -> WaitingPlace | None:
    """The place on a list that was taken under a key, or None."""
    return next(iter(_places(session, _WAITING.where(WaitingParty.key == key))), None)


def find_on_day(session: Session, diner_id: str, experience_id: str, day: date, *, but: str | None = None) -> ExperienceBooking | None:
    """A diner's living booking of an experience on a business day, in whatever store. Args: but: A booking that does not count."""
    query = _BOOKED.where(BookedExperience.diner_id == diner_id, BookedExperience.state.in_(LIVING))
    query = query.where(ExperienceSession.experience_id == experience_id, ExperienceSession.business_day == day)
    if but is not None:
        query = query.where(BookedExperience.id != but)
    return next(iter(_bookings(session, query.limit(1))), None)


def find_on_list(session: Session, diner_id: str, session_id: str) -> WaitingPlace | None:
    """A diner's place on the list of a session, while it is on it."""
    query = _WAITING.where(WaitingParty.diner_id == diner_id, WaitingParty.session_id == session_id)
    return next(iter(_places(session, query.where(WaitingParty.state.in_(ON_THE_LIST)).limit(1))), None)


def my_experiences(session: Session, diner_id: str, *, now: datetime) -> MyExperiences:
    """A diner's bookings that are to come or go on, places on waiting lists, and offers that can be taken."""
    to_come = ExperienceSession.ends_at > now
    booked = _BOOKED.where(BookedExperience.diner_id == diner_id, BookedExperience.state.in_(LIVING), to_come)
    places = _WAITING.where(WaitingParty.diner_id == diner_id, WaitingParty.state.in_(ON_THE_LIST), ExperienceSession.closes_at > now)
    waiting = _places(session, places.order_by(ExperienceSession.starts_at, WaitingParty.id))
    return MyExperiences(
        bookings=tuple(_bookings(session, booked.order_by(ExperienceSession.starts_at, BookedExperience.id))),
        waiting=tuple(place for place in waiting if place.state is WaitingState.WAITING),
        offers=tuple(place for place in waiting if place.offer_until is not None and place.offer_until > now),
    )


def guests_of(session: Session, session_id: str) -> Sequence[ExperienceBooking]:
    """Who is expected at a session, or there already, by number. Who has not paid yet is among them."""
    query = _BOOKED.where(BookedExperience.session_id == session_id, BookedExperience.state.in_(LIVING))
    return _bookings(session, query.order_by(BookedExperience.number, BookedExperience.id))


def line_of(session: Session, session_id: str) -> Sequence[WaitingPlace]:
    """Who is on the waiting list of a session, in its order; offers that are open are among them."""
    query = _WAITING.where(WaitingParty.session_id == session_id, WaitingParty.state.in_(ON_THE_LIST))
    return _places(session, query.order_by(WaitingParty.place))


def _bookings(session: Session, query: Select[BookedExperience, ExperienceSession]) -> list[ExperienceBooking]:
    return [_booking(row, of) for row, of in session.execute(query.execution_options(populate_existing=True))]


def _places(session: Session, query: Select[WaitingParty, ExperienceSession, int]) -> list[WaitingPlace]:
    return [_place(row, of, ahead) for row, of, ahead in session.execute(query.execution_options(populate_existing=True))]


def _booking(row: BookedExperience, of: ExperienceSession) -> ExperienceBooking:
    return ExperienceBooking(
        id=row.id,
        session_id=row.session_id,
        experience_id=of.experience_id,
        experience_name=of.name,
        store_id=of.store_id,
        zone=of.zone,
        diner_id=row.diner_id,
        number=row.number,
        state=ExperienceState(row.state),
        business_day=of.business_day,
        starts_at=of.starts_at,
        ends_at=of.ends_at,
        adults=row.adults,
        children=row.children,
        ages=tuple(row.ages or ()),
        kits=row.kits,
        kit_name=of.kit_name,
        name=row.name or "",
        notes=row.notes or "",
        adult_fen=row.adult_fen,
        child_fen=row.child_fen,
        fen=row.fen,
        refund_until=row.refund_until,
        hold_until=row.hold_until,
        version=row.version,
        changed_key=row.changed_key or "",
        checked_in_at=row.checked_in_at,
        end_reason=row.end_reason or "",
    )


def _place(row: WaitingParty, of: ExperienceSession, ahead: int) -> WaitingPlace:
    state = WaitingState(row.state)
    return WaitingPlace(
        id=row.id,
        session_id=row.session_id,
        experience_id=of.experience_id,
        experience_name=of.name,
        store_id=of.store_id,
        zone=of.zone,
        starts_at=of.starts_at,
        ends_at=of.ends_at,
        diner_id=row.diner_id,
        place=row.place,
        ahead=ahead if state is WaitingState.WAITING else 0,
        adults=row.adults,
        children=row.children,
        ages=tuple(row.ages or ()),
        kits=row.kits,
        name=row.name or "",
        notes=row.notes or "",
        fen=Fen(row.adults * of.adult_fen + row.children * of.child_fen),
        state=state,
        offer_until=row.offer_until if state is WaitingState.OFFERED else None,
        passed=row.passed or "",
    )
