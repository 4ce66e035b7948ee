"""Refusals of the waitlist.

DomainError
├── QueueClosedError       the store is closed, or is none of ours
├── PartySizeError         no table of the store holds so many
├── AlreadyInLineError     one live number a diner, over all stores
├── NumberTooSoonError     the last number was given up less than three hours ago
├── NotInLineError         the diner has no live number
├── UnknownNumberError     no such number in this store
├── NumberMovedError       the number is not where this could be done
├── NobodyWaitsError       nobody who waits can take the table
├── TableHeldError         another party was called to the table, or sits there
├── TableBookedError       the table is booked soon
├── BookedTableTakenError  a booked party's table has others at it
├── RequeueTooLateError    the call was missed too long ago to come back
├── AtTheDoorOnlyError     the store gives numbers at its door alone
├── PlaceNotSaidError      the store gives numbers to who is near, and nobody said where they are
├── TooFarError            the store gives numbers to who is near
└── NotYourOrderError      the order was not chosen under the diner's number
"""

from domain.kernel.errors import DomainError


class QueueClosedError(DomainError):
    """Numbers are given in opening hours only. Details: store."""

    code = "waitlist.closed"


class PartySizeError(DomainError):
    """No table of the store is large enough, or the party is nobody. Details: store, most."""

    code = "waitlist.party_size"


class AlreadyInLineError(DomainError):
    """The diner has a live number, here or in another store. Details: store, number."""

    code = "waitlist.already_in_line"


class NumberTooSoonError(DomainError):
    """A number that ended otherwise than at a table counts for three hours, in all stores. Details: at ("19:30"), hours."""

    code = "waitlist.too_soon"


class NotInLineError(DomainError):
    """The diner has no live number."""

    code = "waitlist.not_in_line"


class UnknownNumberError(DomainError):
    """No such number in this store."""

    code = "waitlist.unknown_number"


class NumberMovedError(DomainError):
    """The number is in a state from which this cannot follow. Details: number, state, to."""

    code = "waitlist.moved"


class NobodyWaitsError(DomainError):
    """Nobody who waits can take this table. Details: table."""

    code = "waitlist.nobody_waits"


class TableHeldError(DomainError):
    """The table is not free: another party was called to it, or sits there. Details: table, number ("" when unknown)."""

    code = "waitlist.table_held"


class TableBookedError(DomainError):
    """The table is booked before the next party would be gone. Details: table, at ("19:30")."""

    code = "waitlist.table_booked"


class BookedTableTakenError(DomainError):
    """Others have a table of a booked party that is here. Details: number (of the booking), table, who, others (free places, as said).

    `scanned`: they sit there by a scan, and may be of the party.
    """

    code = "waitlist.booked_table_taken"

    def __init__(self, *, scanned: bool, **details: object) -> None:
        super().__init__(**details)
        self.scanned = scanned


class RequeueTooLateError(DomainError):
    """Who missed the call comes back within an hour, or takes a new number. Details: number, minutes."""

    code = "waitlist.requeue_too_late"


class NotYourOrderError(DomainError):
    """Only what was chosen under the diner's own number waits for its table."""

    code = "waitlist.not_your_order"


class AtTheDoorOnlyError(DomainError):
    """The store gives numbers to who has scanned the code at its door. Details: store."""

    code = "waitlist.at_the_door_only"


class PlaceNotSaidError(DomainError):
    """The store gives numbers to who is near: a location must be sent first. Details: store."""

    code = "waitlist.place_not_said"


class TooFarError(DomainError):
    """Whoever is so far away takes a number on the way. Details: store, km."""

    code = "waitlist.too_far"
