"""Refusals of experiences.

DomainError
├── NoSuchSessionError      nothing of that name at that store and time
├── SessionOverError        it is over, or has begun
├── SessionCalledOffError   it does not take place
├── NotOpenYetError         it cannot be booked yet
├── TooLateError            booking has closed
├── SessionFullError        no places for so many; carries other sessions
├── LevelNeededError        it is for members of a level; says what is missing
├── BadPartyError           nobody comes, children without an adult, ages that do not fit
├── PartyTooLargeError      the session never has so many places
├── AdultsOnlyError         no child may come
├── AlreadyBookedError      the diner has places on that day
├── AlreadyWaitingError     the diner is on that list
├── UnknownExperienceError  no such booking, or another diner's
├── UnknownWaitingError     no such place on a list, or another diner's
├── StaleExperienceError    the booking has changed since it was looked at
├── ExperienceOverError     the booking is over
├── ChangeCostsMoreError    the changed booking would cost more than was paid
├── OfferOverError          the offer has lapsed or was answered
├── PaymentPendingError     staff: the party has not paid yet
└── NotNowError             staff: the session is at another time
"""

from collections.abc import Sequence

from domain.experiences.levels import LevelGap
from domain.experiences.seen import SessionSeen
from domain.kernel.errors import DomainError


class NoSuchSessionError(DomainError):
    """Nothing of that name takes place at that store and time."""

    code = "experiences.none_such"


class SessionOverError(DomainError):
    """The session has begun or is over. Details: name, time."""

    code = "experiences.session_over"


class SessionCalledOffError(DomainError):
    """The session does not take place. Details: name, time."""

    code = "experiences.called_off"


class NotOpenYetError(DomainError):
    """The session cannot be booked yet. Details: name, time, opens (local "11月21日")."""

    code = "experiences.not_open_yet"


class TooLateError(DomainError):
    """Booking of the session has closed. Details: name, time."""

    code = "experiences.too_late"


class SessionFullError(DomainError):
    """No places for so many. Details: name, time, people, offers (as said; "其他场次" without any).

    Attributes:
        sessions: Up to three others that have room for the party now.
        waiting: How many parties wait for this one.
    """

    code = "experiences.full"

    def __init__(self, sessions: Sequence[SessionSeen], waiting: int, *, said: Sequence[str], **details: object) -> None:
        super().__init__(offers="、".join(said) or "其他场次", **details)
        self.sessions = tuple(sessions)
        self.waiting = waiting


class LevelNeededError(DomainError):
    """The experience is for members of a level and above. Details: name, level, held, progress ("还差120元或2次到店到黄金")."""

    code = "experiences.level_needed"

    def __init__(self, gap: LevelGap, **details: object) -> None:
        super().__init__(level=gap.level, held=gap.held, progress=gap.progress, **details)
        self.gap = gap


class BadPartyError(DomainError):
    """Nobody comes, children come without an adult, or their ages are not those of the experience. Details: hint."""

    code = "experiences.bad_party"


class PartyTooLargeError(DomainError):
    """A session never has so many places, or kits. Details: name, most."""

    code = "experiences.party_too_large"


class AdultsOnlyError(DomainError):
    """No child may come. Details: name."""

    code = "experiences.adults_only"


class AlreadyBookedError(DomainError):
    """The diner has places in a session of that day. Details: name, number, time."""

    code = "experiences.already_booked"


class AlreadyWaitingError(DomainError):
    """The diner is on the waiting list of that session. Details: name, time, place."""

    code = "experiences.already_waiting"


class UnknownExperienceError(DomainError):
    """No such booking, or it is another diner's."""

    code = "experiences.unknown"


class UnknownWaitingError(DomainError):
    """No such place on a waiting list, or it is another diner's."""

    code = "experiences.unknown_waiting"


class StaleExperienceError(DomainError):
    """The booking has changed since it was looked at: an older card was tapped. Details: number."""

    code = "experiences.stale"


class ExperienceOverError(DomainError):
    """The booking is over: cancelled, expired, or its session was called off. Details: number."""

    code = "experiences.over"


class ChangeCostsMoreError(DomainError):
    """Changed like that it would cost more than was paid: the booking stays as it is. Details: number, more (yuan, as said)."""

    code = "experiences.change_costs_more"


class OfferOverError(DomainError):
    """The offer has lapsed, or was answered. Details: name, time."""

    code = "experiences.offer_over"


class PaymentPendingError(DomainError):
    """The party has its places, and has not paid yet. Details: number."""

    code = "experiences.payment_pending"


class NotNowError(DomainError):
    """Staff check a party in shortly before its session, or while it goes on. Details: number, time."""

    code = "experiences.not_now"
