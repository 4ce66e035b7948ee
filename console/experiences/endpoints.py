"""Experiences under /api/v1/experiences. What they do is domain/experiences; places are booked by chat."""

from datetime import date, datetime
from typing import ClassVar

from console.api.endpoint import Context, Endpoint
from console.api.refusals import Refusal, Refusals
from console.api.shapes import Day, Given, Nothing, Shown
from domain.experiences.ahead import sessions_ahead
from domain.experiences.calling_off import call_off
from domain.experiences.errors import (
    ExperienceOverError,
    NoSuchSessionError,
    NotNowError,
    PaymentPendingError,
    UnknownExperienceError,
)
from domain.experiences.lifecycle import check_in
from domain.experiences.listing import ExperienceBooking, get_booking, guests_of
from domain.experiences.rules import ExperienceState
from domain.experiences.sessions import SessionNow, get_session, sessions_on
from domain.kernel.ids import is_id
from domain.shop.store import Store
from domain.staff.rules import Act

_TAG = "experiences"
_SESSION = "/experiences/{session_id}"
_ID = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"
REFUSALS: Refusals = {
    NoSuchSessionError: Refusal(404, "没有这一场", "本店没有这一场活动，或还没有人报名。"),
    UnknownExperienceError: Refusal(404, "没有这个报名", "本店没有这个报名。"),
    ExperienceOverError: Refusal(409, "报名已结束", "{number} 已取消、失效，或这一场不办了。"),
    PaymentPendingError: Refusal(409, "还没付款", "{number} 还没付款。"),
    NotNowError: Refusal(409, "不是这个时间", "{number} 报的是 {time} 的一场。"),
}


class SessionsQuery(Given):
    """Which sessions."""

    day: Day | None = None
    """The business day; today's when it is left out."""


class SessionShown(Shown):
    """A session as it is now."""

    EXAMPLE: ClassVar = {
        "id": _ID,
        "experience_id": "baking",
        "name": "亲子烘焙",
        "starts_at": "2026-12-05T14:00:00+08:00",
        "ends_at": "2026-12-05T15:00:00+08:00",
        "level": "黄金",
        "places": 10,
        "places_taken": 4,
        "adults": 2,
        "children": 2,
        "kits": 2,
        "kit_name": "烘焙材料包",
        "called_off": False,
    }

    id: str | None
    """Null while nobody has ever booked it."""
    experience_id: str
    name: str
    starts_at: datetime
    ends_at: datetime
    level: str
    """The level that its guests need; "" for everybody."""
    places: int
    places_taken: int
    """By bookings, and by offers to those who wait."""
    adults: int
    children: int
    kits: int
    """How many kits are taken."""
    kit_name: str
    called_off: bool

    @classmethod
    def of(cls, session: SessionNow, store: Store) -> "SessionShown":
        """A session that has been booked."""
        return cls(
            id=session.id,
            experience_id=session.experience_id,
            name=session.name,
            starts_at=store.local(session.starts_at),
            ends_at=store.local(session.ends_at),
            level=session.level,
            places=session.places,
            places_taken=session.places_taken,
            adults=session.adults_taken,
            children=session.children_taken,
            kits=session.kits_taken,
            kit_name=session.kit_name,
            called_off=session.called_off_at is not None,
        )


class SessionsShown(Shown):
    """The sessions of a business day, in the order of time."""

    EXAMPLE: ClassVar = {"day": "2026-12-05", "sessions": [SessionShown.EXAMPLE]}

    day: date
    sessions: list[SessionShown]


class GuestShown(Shown):
    """A party of a session."""

    EXAMPLE: ClassVar = {
        "id": _ID,
        "number": "E003",
        "state": "booked",
        "name": "陈女士",
        "notes": "",
        "adults": 1,
        "children": 1,
        "ages": ["3-6岁"],
        "kits": 1,
        "fen": 19800,
        "checked_in_at": None,
    }

    id: str
    number: str
    """As people say it: counted by store and business day."""
    state: ExperienceState
    name: str
    notes: str
    adults: int
    children: int
    ages: list[str]
    """The age band of each child, where that is asked. Never a birthday."""
    kits: int
    fen: int
    """What it costs in all, in fen."""
    checked_in_at: datetime | None

    @classmethod
    def of(cls, booked: ExperienceBooking, store: Store) -> "GuestShown":
        """A party, in its store's time."""
        return cls(
            id=booked.id,
            number=booked.number,
            state=booked.state,
            name=booked.name,
            notes=booked.notes,
            adults=booked.adults,
            children=booked.children,
            ages=list(booked.ages),
            kits=booked.kits,
            fen=booked.fen,
            checked_in_at=None if booked.checked_in_at is None else store.local(booked.checked_in_at),
        )


class GuestsShown(Shown):
    """Who comes to a session, by number."""

    EXAMPLE: ClassVar = {"session": SessionShown.EXAMPLE, "guests": [GuestShown.EXAMPLE]}

    session: SessionShown
    guests: list[GuestShown]


def list_sessions(context: Context, query: SessionsQuery) -> SessionsShown:
    """The sessions of a business day, also those that nobody has booked yet."""
    store = context.store
    day = query.day or context.shop.brand.business_day(context.now, store.timezone)
    sessions = [SessionShown.of(session, store) for session in sessions_on(context.session, store.id, day)]
    ahead = sessions_ahead(context.session, context.shop, now=context.now, store_id=store.id, day=day)
    for seen in ahead:
        if not seen.session_id:
            terms = context.shop.experiences[seen.experience_id]
            untouched = SessionShown(
                id=None,
                experience_id=seen.experience_id,
                name=seen.name,
                starts_at=store.local(seen.starts_at),
                ends_at=store.local(seen.ends_at),
                level=seen.level,
                places=terms.places,
                places_taken=0,
                adults=0,
                children=0,
                kits=0,
                kit_name="" if terms.kits is None else terms.kits.name,
                called_off=False,
            )
            sessions.append(untouched)
    return SessionsShown(day=day, sessions=sorted(sessions, key=lambda one: (one.starts_at, one.experience_id)))


def show_guests(context: Context, _: Nothing) -> GuestsShown:
    """Who comes to a session, and who is here."""
    return _guests(context, _session(context).id)


def check_guest_in(context: Context, _: Nothing) -> GuestShown:
    """The party is here. Again, nothing changes."""
    booking_id = context.path["booking_id"]
    if not is_id(booking_id) or get_booking(context.session, booking_id).store_id != context.store.id:
        raise UnknownExperienceError
    here = check_in(context.session, booking_id, by=context.device.id, now=context.now)
    context.record(Act.DOOR, f"{here.id} checked in")
    return GuestShown.of(here, context.store)


def call_session_off(context: Context, _: Nothing) -> GuestsShown:
    """The session does not take place: everybody is told, and all money goes back. Again, nothing changes."""
    gone = call_off(context.session, _session(context).id, by=context.device.id, now=context.now)
    context.record(Act.DOOR, f"{gone.id} called off")
    return _guests(context, gone.id)


def _session(context: Context) -> SessionNow:
    """The session of the address, if it is this store's. Raises: NoSuchSessionError."""
    session_id = context.path["session_id"]
    if not is_id(session_id):
        raise NoSuchSessionError
    session = get_session(context.session, session_id)
    if session.store_id != context.store.id:
        raise NoSuchSessionError
    return session


def _guests(context: Context, session_id: str) -> GuestsShown:
    guests = guests_of(context.session, session_id)
    session = SessionShown.of(get_session(context.session, session_id), context.store)
    return GuestsShown(session=session, guests=[GuestShown.of(guest, context.store) for guest in guests])


ENDPOINTS = (
    Endpoint("GET", "/experiences", "listSessions", _TAG, "Sessions of a business day", list_sessions, SessionsShown, SessionsQuery),
    Endpoint(
        "GET",
        f"{_SESSION}/guests",
        "showGuests",
        _TAG,
        "Who comes to a session",
        show_guests,
        GuestsShown,
        refusals=(NoSuchSessionError,),
    ),
    Endpoint(
        "POST",
        f"{_SESSION}/call-off",
        "callOffSession",
        _TAG,
        "A session does not take place",
        call_session_off,
        GuestsShown,
        refusals=(NoSuchSessionError,),
    ),
    Endpoint(
        "POST",
        "/experiences/guests/{booking_id}/check-in",
        "checkIn",
        _TAG,
        "The party is here",
        check_guest_in,
        GuestShown,
        refusals=(UnknownExperienceError, PaymentPendingError, ExperienceOverError, NotNowError),
    ),
)
