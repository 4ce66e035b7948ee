"""Pure decisions about bookings: states, legal moves, how long a party stays, what deposit it leaves, what is still worth saying."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from domain.kernel.money import ZERO, Fen
from domain.kernel.reminders import BEFORE, WORTH_SAYING, is_too_late
from domain.shop.booking_records import BookingRecord

UNIT = timedelta(minutes=15)  # tables are booked in these. Source: RESTAURANT, Bookings
HOLD = timedelta(minutes=15)  # for the deposit to be paid
APART = timedelta(hours=2)  # between two bookings of a diner in one store. Source: reference peers §6 (OpenTable)
REVIEW_WITHIN = timedelta(hours=2)  # for staff to say yes or no; unanswered is yes: nobody is shut out without a person's look
STRIKES_TO_REVIEW = 4  # in STRIKE_LIFE. Source: reference peers §6 (OpenTable: four in 12 months), which shuts out; we ask a person
STRIKE_LIFE = timedelta(days=365)
EARLY = timedelta(minutes=30)  # a party may sit down so long before its time
OVER_AFTER = timedelta(hours=3)  # after its end, a booking of which nobody said anything is done
FORGOTTEN_AFTER = timedelta(days=30)  # name and notes
PACE_KEPT = timedelta(days=7)  # the counters of past quarters
LONGEST_NOTES = 200
LONGEST_NAME = 40
LONGEST_ANSWER = 60


class BookingState(StrEnum):
    """Life of a booking."""

    REQUESTED = "requested"  # has its table, and waits for a yes of the staff
    HELD = "held"  # has its table, and waits for the deposit
    CONFIRMED = "confirmed"
    SEATED = "seated"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    EXPIRED = "expired"  # the deposit did not come


class Scene(StrEnum):
    """What brings the party."""

    BANQUET = "banquet"  # 商务宴请: a room before a table
    FAMILY = "family"
    COUPLE = "couple"


class Due(StrEnum):
    """Why a booking is looked at again later."""

    DAY_BEFORE = "24h"
    HOURS_BEFORE = "3h"
    NO_SHOW = "noshow"  # the grace is over, and nobody said that the party came
    HOLD = "hold"  # the deposit, or the answer of the staff, did not come


LIVING = (BookingState.REQUESTED, BookingState.HELD, BookingState.CONFIRMED, BookingState.SEATED)
"""The states in which a booking has its tables."""
COMING = (BookingState.REQUESTED, BookingState.HELD, BookingState.CONFIRMED)
"""The states in which the party has not come yet, and may change or cancel."""

BOOKING_MOVES: Mapping[BookingState, frozenset[BookingState]] = {
    BookingState.REQUESTED: frozenset({BookingState.HELD, BookingState.CONFIRMED, BookingState.CANCELLED}),
    BookingState.HELD: frozenset({BookingState.CONFIRMED, BookingState.CANCELLED, BookingState.EXPIRED}),
    BookingState.CONFIRMED: frozenset({BookingState.SEATED, BookingState.CANCELLED, BookingState.NO_SHOW, BookingState.DONE}),
    BookingState.SEATED: frozenset({BookingState.DONE}),
    BookingState.DONE: frozenset(),
    BookingState.CANCELLED: frozenset(),
    BookingState.NO_SHOW: frozenset(),
    BookingState.EXPIRED: frozenset(),
}


def may_become(to: BookingState) -> tuple[BookingState, ...]:
    """The states from which a booking may move there."""
    return tuple(state for state, following in BOOKING_MOVES.items() if to in following)


def floor_unit(moment: datetime) -> datetime:
    """The quarter of an hour in which an instant lies. Every zone of today is whole quarters away from UTC."""
    return moment - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)


def ceil_unit(moment: datetime) -> datetime:
    """The first quarter of an hour that begins at an instant or after it."""
    begun = floor_unit(moment)
    return begun if begun == moment else begun + UNIT


def units_between(start: datetime, end: datetime) -> tuple[datetime, ...]:
    """The starts of the quarters from one whole quarter until before another."""
    return tuple(start + number * UNIT for number in range((end - start) // UNIT))


def stay_of(people: int, settings: BookingRecord) -> timedelta:
    """How long a party of that size keeps its table, by the first turn that is for so many; the last one for all larger."""
    turn = next((turn for turn in settings.turns if people <= turn.people), settings.turns[-1])
    return timedelta(minutes=turn.minutes)


def deposit_for(people: int, *, in_room: bool, settings: BookingRecord) -> Fen:
    """What a party leaves in advance: for a room, or for its size; the higher of both, never their sum.

    Source: RESTAURANT, Bookings (deposits only for rooms and parties of 8 and more).
    """
    asked = settings.deposit
    if asked is None:
        return ZERO
    return max(asked.rooms if in_room else ZERO, asked.amount if people >= asked.people else ZERO)


def due_at(kind: Due, *, starts_at: datetime, late_minutes: int, hold_until: datetime | None) -> datetime | None:
    """When a booking is looked at again; None when it is not."""
    if kind is Due.HOLD:
        return hold_until
    if kind is Due.NO_SHOW:
        return starts_at + timedelta(minutes=late_minutes)
    return starts_at - BEFORE[kind.value]


def is_stale(kind: Due, due: datetime, *, starts_at: datetime, now: datetime) -> bool:
    """Whether it is too late to say it. A held table is always decided about, and who is late is asked after the start."""
    if kind is Due.HOLD:
        return False
    if kind is Due.NO_SHOW:
        return now > due + WORTH_SAYING
    return is_too_late(due, starts_at=starts_at, now=now)
