"""Pure decisions about experiences: states, who fits, who of the waiting list is next, until when an offer stands, what is worth saying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.kernel.quiet_hours import by_day
from domain.kernel.reminders import BEFORE, is_too_late

HOLD = timedelta(minutes=15)  # for the price to be paid, as for deposits
LIST_BEFORE = timedelta(hours=1)  # before the start, the list of guests is printed
DOOR_OPENS = timedelta(hours=3)  # before the start, guests are checked in; and so long after the end
FORGOTTEN_AFTER = timedelta(days=30)  # names, notes and ages
LONGEST_NOTES = 200
LONGEST_NAME = 40
MOST_OTHERS = 3  # other sessions told when one is full. Source: RESTAURANT, Bookings (three nearest offers when full)


class ExperienceState(StrEnum):
    """Life of a booking."""

    HELD = "held"  # has its places, and waits for the price to be paid
    BOOKED = "booked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # the price was not paid
    CALLED_OFF = "called_off"  # the session does not take place


class WaitingState(StrEnum):
    """Life of a place on the waiting list."""

    WAITING = "waiting"
    OFFERED = "offered"  # places are kept for the party until `offer_until`
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    ENDED = "ended"  # booking closed, the session was called off, or the diner has places on that day already


class SessionState(StrEnum):
    """Whether a session can be booked."""

    OPEN = "open"
    FULL = "full"
    SOON = "soon"  # not yet
    CLOSED = "closed"  # not any more
    CALLED_OFF = "called_off"


class Due(StrEnum):
    """Why a booking is looked at again later."""

    DAY_BEFORE = "24h"
    HOURS_BEFORE = "3h"
    HOLD = "hold"  # the price was not paid


class Passed(StrEnum):
    """Why a later party of the waiting list was offered places, and this one was not: it does not fit into what is free."""

    PLACES = "too_few_places"
    ADULTS = "too_few_for_adults"
    CHILDREN = "too_few_for_children"
    KITS = "too_few_kits"


LIVING = (ExperienceState.HELD, ExperienceState.BOOKED)
"""The states in which a booking has its places."""
ON_THE_LIST = (WaitingState.WAITING, WaitingState.OFFERED)

EXPERIENCE_MOVES: Mapping[ExperienceState, frozenset[ExperienceState]] = {
    ExperienceState.HELD: frozenset(
        {ExperienceState.BOOKED, ExperienceState.CANCELLED, ExperienceState.EXPIRED, ExperienceState.CALLED_OFF}
    ),
    ExperienceState.BOOKED: frozenset({ExperienceState.CANCELLED, ExperienceState.CALLED_OFF}),
    ExperienceState.CANCELLED: frozenset(),
    ExperienceState.EXPIRED: frozenset(),
    ExperienceState.CALLED_OFF: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a session: its places, of which for adults and for children, and kits. Taken or given back as one."""

    places: int
    adults: int
    children: int
    kits: int

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.places - other.places, self.adults - other.adults, self.children - other.children, self.kits - other.kits)


@dataclass(frozen=True, slots=True)
class Room:
    """What is free in a session; None where nothing limits it. A session that the shop file has made smaller may be below nothing."""

    places: int
    adults: int | None
    children: int | None
    kits: int | None

    def refuses(self, wanted: Amount) -> Passed | None:
        """Why a party does not fit; None when it does."""
        if wanted.places > self.places:
            return Passed.PLACES
        if self.adults is not None and wanted.adults > self.adults:
            return Passed.ADULTS
        if self.children is not None and wanted.children > self.children:
            return Passed.CHILDREN
        if self.kits is not None and wanted.kits > self.kits:
            return Passed.KITS
        return None


def may_become(to: ExperienceState) -> tuple[ExperienceState, ...]:
    """The states from which a booking may move there."""
    return tuple(state for state, following in EXPERIENCE_MOVES.items() if to in following)


def amount_of(adults: int, children: int, kit_per: str) -> Amount:
    """What a party takes of a session. Args: kit_per: "child", "adult" or "party"; "" without kits."""
    kits = {"child": children, "adult": adults, "party": 1}.get(kit_per, 0)
    return Amount(adults + children, adults, children, kits)


def offer_until(now: datetime, *, minutes: int, closes_at: datetime, zone: str) -> datetime:
    """Until when an offer stands: so many minutes, counted from nine in the morning when it is made at night; never past the closing.

    The waiting list, whole: whenever places are free, it is gone through from the front, and each party that fits into what is
    left is offered its places, which nobody else gets until the offer is answered or lapses. A party that does not fit is passed
    with a reason (`Passed`) and keeps its number: places that suffice for it are always offered to it before anyone behind it.
    No place is kept empty for a large party while a smaller one could come.
    """
    return min(by_day(now, ZoneInfo(zone)) + timedelta(minutes=minutes), closes_at)


def due_at(kind: Due, *, starts_at: datetime, hold_until: datetime | None) -> datetime | None:
    """When a booking is looked at again; None when it is not."""
    return hold_until if kind is Due.HOLD else starts_at - BEFORE[kind.value]


def is_stale(kind: Due, due: datetime, *, starts_at: datetime, now: datetime) -> bool:
    """Whether it is too late to say it. Held places are always decided about."""
    return kind is not Due.HOLD and is_too_late(due, starts_at=starts_at, now=now)
