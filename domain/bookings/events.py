"""What happens to bookings. Name and notes stand with the booking only: whoever prints or tells them reads them there."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class _AboutBooking(Event):
    """The booking as it is now. Times are ISO in UTC; `diner_id` is None for one that staff wrote; `room` is "" at a table."""

    booking_id: str
    store_id: str
    diner_id: str | None
    number: str
    business_day: str
    starts_at: str
    ends_at: str
    people: int
    kids: int
    scene: str | None
    room: str
    tables: list[str]
    booking_version: int


@dataclass(frozen=True, slots=True)
class BookingRequested(_AboutBooking):
    """A booking has its table, and waits for a yes of the staff: its diner did not come several times."""

    name: ClassVar[str] = "booking_requested"

    strikes: int


@dataclass(frozen=True, slots=True)
class BookingHeld(_AboutBooking):
    """A booking has its table until `hold_until`, and waits for its deposit."""

    name: ClassVar[str] = "booking_held"

    deposit_fen: int
    hold_until: str


@dataclass(frozen=True, slots=True)
class BookingConfirmed(_AboutBooking):
    """A party is expected."""

    name: ClassVar[str] = "booking_confirmed"


@dataclass(frozen=True, slots=True)
class BookingChanged(_AboutBooking):
    """Time, party or place are others now, or the party stays longer. `by`: "diner" or "staff"; `before_*` say what was."""

    name: ClassVar[str] = "booking_changed"

    by: str
    before_store_id: str
    before_number: str
    before_starts_at: str
    before_people: int
    before_room: str
    before_tables: list[str]


@dataclass(frozen=True, slots=True)
class BookingCancelled(_AboutBooking):
    """A party does not come. `by`: "diner", "staff", or "house" when the deposit did not come; `refunded_fen` of the deposit goes back.

    `reason` is a code; "refused" when staff said no to what was asked for. Their words for the diner stand with the booking.
    """

    name: ClassVar[str] = "booking_cancelled"

    by: str
    reason: str
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class BookingSeated(_AboutBooking):
    """The party is here."""

    name: ClassVar[str] = "booking_seated"


@dataclass(frozen=True, slots=True)
class DepositReturned(_AboutBooking):
    """The deposit goes back whole: the party sits, was there, or staff gave it back after all."""

    name: ClassVar[str] = "deposit_returned"

    refunded_fen: int


@dataclass(frozen=True, slots=True)
class BookingMissed(_AboutBooking):
    """The party did not come. `strikes` counts such parties of the diner in 12 months, this one included."""

    name: ClassVar[str] = "booking_missed"

    strikes: int


@dataclass(frozen=True, slots=True)
class BookingReminderDue(Event):
    """A booking is to be looked at: `reminders.reminder_still_due` tells whether anything is to be said. `kind`: 24h, 3h, noshow, hold."""

    name: ClassVar[str] = "booking_reminder_due"

    booking_id: str
    kind: str
    booking_version: int
