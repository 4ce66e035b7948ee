"""Refusals of bookings.

DomainError
├── UnknownBookingError     no such booking, or another diner's
├── BookingsClosedError     the store takes no bookings
├── BadPartyError           nobody comes, or more children than people
├── PartyTooLargeError      no place of the store is so large
├── NoRoomError             the store has no such room
├── TooSoonError            the store needs some notice
├── TooFarError             the book is not open for that day yet
├── OutsideHoursError       closed then, or after the last seating; carries offers
├── FullError               everything is taken then; carries offers
├── AlreadyBookedError      the diner has a table there around that time
├── StaleBookingError       the booking has changed since it was looked at
├── BookingOverError        the party came, did not come, or cancelled
├── ChangeNeedsDepositError the changed booking would need a deposit
├── CannotExtendError       somebody comes after, or the store closes
├── NotTodayError           staff: the party is booked for another day
├── NotLateYetError         staff: the table is still kept
├── NothingToReviewError    staff: the booking waits for nobody's yes
├── NoSuchTableError        staff: the store has no such table
├── TooFewSeatsError        staff: the tables are too small for the party
└── TablesTakenError        staff: another party has one of the tables then
"""

from collections.abc import Sequence

from domain.bookings.offers import Offer
from domain.kernel.errors import DomainError


class UnknownBookingError(DomainError):
    """No such booking, or it is another diner's."""

    code = "bookings.unknown"


class BookingsClosedError(DomainError):
    """The store takes no bookings. Details: store."""

    code = "bookings.not_taken"


class BadPartyError(DomainError):
    """Nobody comes, or there are more children than people."""

    code = "bookings.bad_party"


class PartyTooLargeError(DomainError):
    """No place of the store has so many seats. Details: store, people, most."""

    code = "bookings.party_too_large"


class NoRoomError(DomainError):
    """The store has no room, none of that name, or none so large. Details: store, people, most (seats of the largest, 0: no room)."""

    code = "bookings.no_room"


class TooSoonError(DomainError):
    """In the past, or the store needs more notice. Details: minutes, earliest (local "18:45")."""

    code = "bookings.too_soon"


class TooFarError(DomainError):
    """The book is not open for that day yet. Details: days, last (local "12月21日")."""

    code = "bookings.too_far"


class _OfferingError(DomainError):
    """Refused with up to three others, each free at this moment. Details: more, offers (as said; "其他日子" without any)."""

    def __init__(self, offers: Sequence[Offer], **details: object) -> None:
        super().__init__(offers="、".join(offer.said for offer in offers) or "其他日子", **details)
        self.offers = tuple(offers)


class OutsideHoursError(_OfferingError):
    """The store is closed then, or it is after the last seating. Details: store, time, offers."""

    code = "bookings.outside_hours"


class FullError(_OfferingError):
    """No table is free then, or too many guests come at once. Details: store, time, people, offers."""

    code = "bookings.full"


class AlreadyBookedError(DomainError):
    """The diner has a table in this store within two hours of that time. Details: number, time."""

    code = "bookings.already_booked"


class StaleBookingError(DomainError):
    """The booking has changed since it was looked at: an older card was tapped. Details: number."""

    code = "bookings.stale"


class BookingOverError(DomainError):
    """The booking is over, or has got further than this. Details: number, state."""

    code = "bookings.over"


class ChangeNeedsDepositError(DomainError):
    """Changed like that it would need a deposit that was not paid: the booking stays as it is. Details: number, deposit (yuan, as said)."""

    code = "bookings.change_needs_deposit"


class CannotExtendError(DomainError):
    """The tables are booked after, or the store closes. Details: number, until (local "20:30")."""

    code = "bookings.cannot_extend"


class NotTodayError(DomainError):
    """Staff seat a party on its own business day. Details: number, day (local "11月21日")."""

    code = "bookings.not_today"


class NotLateYetError(DomainError):
    """The table is still kept for who is late. Details: number, until (local "18:45")."""

    code = "bookings.not_late_yet"


class NothingToReviewError(DomainError):
    """The booking does not wait for a yes of the staff. Details: number, state."""

    code = "bookings.nothing_to_review"


class NoSuchTableError(DomainError):
    """The store has no such table. Details: store, tables (codes)."""

    code = "bookings.no_such_table"


class TooFewSeatsError(DomainError):
    """The tables have too few seats; staff may take them all the same. Details: number, people, seats, tables (codes)."""

    code = "bookings.too_few_seats"


class TablesTakenError(DomainError):
    """Other parties have some of the tables in that time. Details: number, tables (codes), others (as said: "B012 18:30")."""

    code = "bookings.tables_taken"
