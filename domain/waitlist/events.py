"""What happens in the lines. Each event carries all that a message, a screen or a ticket needs; instants are ISO texts."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class QueueEvent(Event):
    """Something about one number. `diner_id` is None for a guest on paper."""

    ticket_id: str
    diner_id: str | None
    store_id: str
    store_name: str
    zone: str
    number: str
    people: int


@dataclass(frozen=True, slots=True)
class NumberTaken(QueueEvent):
    """A party joined a line. `low` to `high` are the minutes that were promised, `ahead` the parties of the line before it.

    `paper`: the door's printer gives the number to the guest. `renewed`: the party has another size, and so another number.
    """

    name: ClassVar[str] = "number_taken"

    ahead: int
    low: int
    high: int
    paper: bool
    renewed: bool
    taken_at: str


@dataclass(frozen=True, slots=True)
class NumberCalled(QueueEvent):
    """A table is free for the party. `reason` is a CallReason; `again`: the party was called before."""

    name: ClassVar[str] = "number_called"

    table_code: str
    reason: str
    again: bool
    called_at: str


@dataclass(frozen=True, slots=True)
class QueueMoved(QueueEvent):
    """So few parties are ahead now that the diner had better be near. `show_presence`: the door's code must be typed first."""

    name: ClassVar[str] = "queue_moved"

    ahead: int
    show_presence: bool


@dataclass(frozen=True, slots=True)
class NumberMissed(QueueEvent):
    """Nobody came when the number was called. `back_until`: when the party may still come back; None when it is out."""

    name: ClassVar[str] = "number_missed"

    back_until: str | None


@dataclass(frozen=True, slots=True)
class NumberRequeued(QueueEvent):
    """A party that missed its call is back in line."""

    name: ClassVar[str] = "number_requeued"

    ahead: int


@dataclass(frozen=True, slots=True)
class PartySeated(QueueEvent):
    """A party sits down. `order_id` is what it chose while it waited, to be placed now; None when nothing."""

    name: ClassVar[str] = "party_seated"

    table_code: str
    order_id: str | None
    waited_s: int
    seated_at: str


@dataclass(frozen=True, slots=True)
class NumberLeft(QueueEvent):
    """A number is over without a table. `reason`: "diner", "staff", "missed_twice", "not_back", "merged", "mistake" or "day_over"."""

    name: ClassVar[str] = "number_left"

    reason: str
    order_id: str | None


@dataclass(frozen=True, slots=True)
class PromiseBroken(QueueEvent):
    """A party was called later than it was told. `late` is by how many whole minutes."""

    name: ClassVar[str] = "promise_broken"

    late: int
