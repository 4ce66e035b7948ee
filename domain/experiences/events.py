"""What happens to experiences. Name, notes and ages stand with the booking only: whoever prints or tells them reads them there."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class _AboutExperience(Event):
    """A booking as it is now. Times are ISO in UTC."""

    booking_id: str
    session_id: str
    experience_id: str
    experience_name: str
    store_id: str
    diner_id: str
    number: str
    business_day: str
    starts_at: str
    ends_at: str
    adults: int
    children: int
    fen: int
    booking_version: int


@dataclass(frozen=True, slots=True)
class ExperienceHeld(_AboutExperience):
    """A party has its places until `hold_until`, and waits to be paid for."""

    name: ClassVar[str] = "experience_held"

    hold_until: str


@dataclass(frozen=True, slots=True)
class ExperienceBooked(_AboutExperience):
    """A party is expected."""

    name: ClassVar[str] = "experience_booked"


@dataclass(frozen=True, slots=True)
class ExperienceChanged(_AboutExperience):
    """Party or session are others now. `before_*` say what was; `refunded_fen` of the price goes back."""

    name: ClassVar[str] = "experience_changed"

    before_session_id: str
    before_starts_at: str
    before_adults: int
    before_children: int
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class ExperienceCancelled(_AboutExperience):
    """A party does not come. `by`: "diner", "staff", or "house" when the price was not paid; `refunded_fen` goes back."""

    name: ClassVar[str] = "experience_cancelled"

    by: str
    reason: str
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class ExperienceCalledOff(_AboutExperience):
    """The session that a party has booked does not take place. `reason`: "minimum" (too few have booked) or "staff"."""

    name: ClassVar[str] = "experience_called_off"

    reason: str
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class ExperienceCheckedIn(_AboutExperience):
    """The party is here."""

    name: ClassVar[str] = "experience_checked_in"


@dataclass(frozen=True, slots=True)
class _AboutWaiting(Event):
    """A place on a waiting list as it is now. `offer_until` is "" while none is open."""

    waiting_id: str
    session_id: str
    experience_id: str
    experience_name: str
    store_id: str
    diner_id: str
    place: int
    starts_at: str
    ends_at: str
    adults: int
    children: int
    fen: int
    offer_until: str


@dataclass(frozen=True, slots=True)
class ExperienceWaitingJoined(_AboutWaiting):
    """A party waits for places in a session."""

    name: ClassVar[str] = "experience_waiting_joined"


@dataclass(frozen=True, slots=True)
class ExperienceOffered(_AboutWaiting):
    """Places are kept for a party of the waiting list until `offer_until`."""

    name: ClassVar[str] = "experience_offered"


@dataclass(frozen=True, slots=True)
class ExperienceOfferLapsed(_AboutWaiting):
    """An offer was not answered in its time: the places go to the next."""

    name: ClassVar[str] = "experience_offer_lapsed"


@dataclass(frozen=True, slots=True)
class ExperienceWaitingEnded(_AboutWaiting):
    """A party waits no more. `reason`: "left", "declined", "taken", "booked" (it has places that day), "closed" or "called_off"."""

    name: ClassVar[str] = "experience_waiting_ended"

    reason: str


@dataclass(frozen=True, slots=True)
class ExperienceReminderDue(Event):
    """A booking is to be looked at: `reminders.reminder_still_due` tells whether anything is to be said. `kind`: 24h, 3h, hold."""

    name: ClassVar[str] = "experience_reminder_due"

    booking_id: str
    kind: str
    booking_version: int


@dataclass(frozen=True, slots=True)
class ExperienceOfferDue(Event):
    """The time of an offer is over: `waiting.lapse_offer` tells whether it was answered."""

    name: ClassVar[str] = "experience_offer_due"

    waiting_id: str


@dataclass(frozen=True, slots=True)
class ExperienceDecisionDue(Event):
    """Whether a session takes place is to be decided: are as many places booked as it needs?"""

    name: ClassVar[str] = "experience_decision_due"

    session_id: str


@dataclass(frozen=True, slots=True)
class ExperienceClosingDue(Event):
    """Booking of a session closes: nobody waits for places any more."""

    name: ClassVar[str] = "experience_closing_due"

    session_id: str


@dataclass(frozen=True, slots=True)
class ExperienceListDue(Event):
    """The list of a session's guests is to be printed: an hour before it begins, and again when somebody comes or goes after that."""

    name: ClassVar[str] = "experience_list_due"

    session_id: str
