"""Bookings under /api/v1/bookings. What they do is domain/bookings; the chat of the staff does the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from console.api.endpoint import Context, Endpoint
from console.api.shapes import Given, Nothing, page
from console.bookings.shapes import (
    Arrival,
    BookingAnswer,
    BookingChange,
    BookingExcused,
    BookingShown,
    BookingsQuery,
    BookingsShown,
    Cancellation,
    Longer,
    NewBooking,
    OfferShown,
    OffersQuery,
    OffersShown,
)
from domain.bookings.choosing import choose_tables
from domain.bookings.deposits import return_deposit
from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingOverError,
    BookingsClosedError,
    CannotExtendError,
    ChangeNeedsDepositError,
    FullError,
    NoRoomError,
    NoSuchTableError,
    NothingToReviewError,
    NotLateYetError,
    NotTodayError,
    OutsideHoursError,
    PartyTooLargeError,
    StaleBookingError,
    TablesTakenError,
    TooFarError,
    TooFewSeatsError,
    TooSoonError,
    UnknownBookingError,
)
from domain.bookings.finding import Floor, Wish
from domain.bookings.lifecycle import cancel_booking, finish_booking, miss_booking
from domain.bookings.listing import Booked, bookings_of_day, get_booking
from domain.bookings.occupancy import read_floor
from domain.bookings.offers import nearest_offers
from domain.bookings.requests import answer_request
from domain.bookings.rules import COMING, BookingState
from domain.bookings.service import book, change_booking, extend_booking
from domain.bookings.strikes import take_back_strike
from domain.bookings.wishes import check_book, store_for, tidied
from domain.kernel.errors import DomainError
from domain.kernel.ids import is_id, new_id
from domain.kernel.said import day_said
from domain.service_calls.service import end_calls_at
from domain.shop.store import Store
from domain.staff.rules import Act
from domain.waitlist.booked_parties import seat_booking
from domain.waitlist.errors import BookedTableTakenError

_TAG = "bookings"
_ONE = "/bookings/{booking_id}"
_SITS_NOWHERE = (BookingsClosedError, PartyTooLargeError, NoRoomError, TooSoonError, TooFarError)
_NO_PLACE = (BadPartyError, *_SITS_NOWHERE, OutsideHoursError, FullError)
_CHOSEN = (NoSuchTableError, TooFewSeatsError, TablesTakenError)


def list_bookings(context: Context, query: BookingsQuery) -> BookingsShown:
    """A business day's bookings, whatever became of them, in the order of time."""
    day = query.day or context.shop.brand.business_day(context.now, context.store.timezone)
    of_day = [
        booked for booked in bookings_of_day(context.session, context.store.id, day) if query.state is None or booked.state is query.state
    ]
    shown, following = page(of_day, query, lambda booked: (booked.starts_at.isoformat(), booked.id))
    return BookingsShown(day=day, bookings=[BookingShown.of(booked, context.store) for booked in shown], next=following)


def list_offers(context: Context, query: OffersQuery) -> OffersShown:
    """At most three places near a wish: the wished time itself first, when it is free. Nothing is taken."""
    store = store_for(context.shop, context.store.id)
    wish = tidied(Wish(query.at, query.people, room=query.room == "true"))
    check_book(context.shop, store, wish, now=context.now)

    def reads(there: Store, start: datetime, end: datetime) -> Floor:
        return read_floor(context.session, there.id, start, end)

    offers = nearest_offers(context.shop, store, wish, reads, now=context.now)
    return OffersShown(offers=[OfferShown.of(offer, store) for offer in offers])


def show_booking(context: Context, _: Nothing) -> BookingShown:
    """One booking as it is now."""
    return BookingShown.of(_booked(context), context.store)


def make_booking(context: Context, given: NewBooking) -> BookingShown:
    """Write in a party: the best free place for it is taken at once. No deposit is asked of who books by phone."""
    wish = Wish(**given.model_dump())
    booked = book(context.session, context.shop, context.store.id, None, wish, key=f"api:{new_id(context.now)}", now=context.now)
    return _done(context, booked, "booked")


def change(context: Context, given: BookingChange) -> BookingShown:
    """Another time, party, room or place; tables that the staff choose are taken last, for the time that it is then."""
    booked = _booked(context)
    wished = given.model_dump(exclude={"version", "tables", "force"}, exclude_unset=True, exclude_none=True)
    version = given.version
    if wished or given.tables is None:
        wish = replace(booked.wish, **wished)
        booked = change_booking(context.session, context.shop, booked.id, wish, version=version, diner_id=None, now=context.now)
        version = booked.version
    if given.tables is not None:
        by, tables = context.device.id, list(dict.fromkeys(given.tables))
        booked = choose_tables(context.session, context.shop, booked.id, tables, by=by, version=version, now=context.now, force=given.force)
    return _done(context, booked, "changed")


def answer(context: Context, given: BookingAnswer) -> BookingShown:
    """Yes or no to a booking that waits for the staff, because its diner did not come several times. The diner is told."""
    booked, by = _booked(context), context.device.id
    answered = answer_request(context.session, context.shop, booked.id, given.yes, by=by, reason=given.reason, now=context.now)
    return _done(context, answered, "yes" if given.yes else "no")


def cancel(context: Context, given: Cancellation) -> BookingShown:
    """The store cancels: the tables are free, the diner is told, and a deposit goes back whole. Again, nothing changes."""
    booked = cancel_booking(context.session, _booked(context).id, diner_id=None, words=given.reason, now=context.now)
    return _done(context, booked, "cancelled")


def seat(context: Context, given: Arrival) -> BookingShown:
    """The party is here, and nobody else has its tables. Again, nothing changes."""
    booked = seat_booking(context.session, context.shop, _booked(context).id, now=context.now, together=given.force)
    return _done(context, booked, "seated")


def finish(context: Context, _: Nothing) -> BookingShown:
    """The party has left: its tables are free. Again, nothing changes. Not of a party that is booked for a later day."""
    booked = _booked(context)
    if booked.state in COMING and booked.business_day > context.shop.brand.business_day(context.now, context.store.timezone):
        raise NotTodayError(number=booked.number, day=day_said(context.store.local(booked.starts_at)))
    done = finish_booking(context.session, booked.id, now=context.now)
    if booked.state is BookingState.SEATED:
        for table in booked.tables:
            end_calls_at(context.session, context.store.id, table, now=context.now)
    return _done(context, done, "done")


def miss(context: Context, _: Nothing) -> BookingShown:
    """The party did not come, and its time is over: its tables are free, and its diner has a strike. Again, nothing changes."""
    return _done(context, miss_booking(context.session, context.shop, _booked(context).id, now=context.now), "no show")


def excuse(context: Context, _: Nothing) -> BookingExcused:
    """A party that did not come has explained it, or the staff were wrong: the strike is taken back, and the deposit goes back."""
    booked = _booked(context)
    if booked.state is not BookingState.NO_SHOW:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    refunded = return_deposit(context.session, booked.id, now=context.now)
    forgiven = take_back_strike(context.session, booked.id)
    return BookingExcused(booking=_done(context, booked, "excused"), strike_taken_back=forgiven, refunded_fen=refunded)


def extend(context: Context, given: Longer) -> BookingShown:
    """The party stays longer, when nobody has its tables after."""
    booked = _booked(context)
    longer = extend_booking(context.session, context.shop, booked.id, given.minutes, diner_id=None, now=context.now)
    return _done(context, longer, "extended")


def _booked(context: Context) -> Booked:
    """The booking of the address, if it is this store's. Raises: UnknownBookingError."""
    booking_id = context.path["booking_id"]
    if not is_id(booking_id):
        raise UnknownBookingError
    booked = get_booking(context.session, booking_id)
    if booked.store_id != context.store.id:
        raise UnknownBookingError
    return booked


def _done(context: Context, booked: Booked, what: str) -> BookingShown:
    context.record(Act.DOOR, f"{booked.id} {what}")
    return BookingShown.of(booked, context.store)


def _act(
    path: str,
    name: str,
    summary: str,
    handle: Callable[[Context, Any], BookingShown],
    *refusals: type[DomainError],
    asks: type[Given] = Nothing,
) -> Endpoint:
    return Endpoint("POST", f"{_ONE}/{path}", name, _TAG, summary, handle, BookingShown, asks, (UnknownBookingError, *refusals))


ENDPOINTS = (
    Endpoint("GET", "/bookings", "listBookings", _TAG, "Bookings of a business day", list_bookings, BookingsShown, BookingsQuery),
    Endpoint(
        "GET", "/bookings/offers", "listOffers", _TAG, "Three places near a wish", list_offers, OffersShown, OffersQuery, _SITS_NOWHERE
    ),
    Endpoint("GET", _ONE, "showBooking", _TAG, "One booking", show_booking, BookingShown, refusals=(UnknownBookingError,)),
    Endpoint(
        "POST",
        "/bookings",
        "makeBooking",
        _TAG,
        "Write in a party",
        make_booking,
        BookingShown,
        NewBooking,
        _NO_PLACE,
        status=201,
        location="/bookings/{id}",
    ),
    Endpoint(
        "PATCH",
        _ONE,
        "changeBooking",
        _TAG,
        "Another time, party or place",
        change,
        BookingShown,
        BookingChange,
        (UnknownBookingError, StaleBookingError, BookingOverError, ChangeNeedsDepositError, AlreadyBookedError, *_NO_PLACE, *_CHOSEN),
    ),
    _act("confirm", "answerBooking", "Yes or no to a booking that waits for it", answer, NothingToReviewError, asks=BookingAnswer),
    _act("cancel", "cancelBooking", "The store cancels", cancel, BookingOverError, asks=Cancellation),
    _act("seat", "seatBooking", "The party is here", seat, BookingOverError, NotTodayError, BookedTableTakenError, asks=Arrival),
    _act("finish", "finishBooking", "The party has left", finish, BookingOverError, NotTodayError),
    _act("no-show", "missBooking", "The party did not come", miss, BookingOverError, NotLateYetError),
    Endpoint(
        "POST",
        f"{_ONE}/excuse",
        "excuseBooking",
        _TAG,
        "Not coming counts for nothing",
        excuse,
        BookingExcused,
        refusals=(UnknownBookingError, BookingOverError),
    ),
    _act("extend", "extendBooking", "The party stays longer", extend, BookingOverError, CannotExtendError, asks=Longer),
)
