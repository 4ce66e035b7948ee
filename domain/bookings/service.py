"""Book, look what a booking would be, change it, and stay longer. What becomes of a booking afterwards: lifecycle."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from domain.bookings.deposits import NOT_NEEDED, deposit_paid, give_back, is_deposit_paid
from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingOverError,
    BookingsClosedError,
    CannotExtendError,
    ChangeNeedsDepositError,
    FullError,
    NoRoomError,
    OutsideHoursError,
    PartyTooLargeError,
    StaleBookingError,
    TooFarError,
    TooSoonError,
)
from domain.bookings.events import BookingChanged
from domain.bookings.finding import Kind, Place, Stay, Wish, candidates, free_places, limits_of, places_of
from domain.bookings.listing import Booked, find_by_key, find_near, get_booking
from domain.bookings.models import BookedTable, Booking
from domain.bookings.occupancy import occupy, open_book, read_floor
from domain.bookings.offers import LONGEST_STAY, Offer, clock_said, day_said, nearest_offers, time_said
from domain.bookings.opening import Opening, opening_at, openings_around
from domain.bookings.reminders import about, schedule, schedule_visit
from domain.bookings.rules import (
    APART,
    COMING,
    HOLD,
    LONGEST_NAME,
    LONGEST_NOTES,
    REVIEW_WITHIN,
    STRIKES_TO_REVIEW,
    UNIT,
    BookingState,
    Due,
    ceil_unit,
    deposit_for,
    floor_unit,
)
from domain.bookings.states import announce, hold_booking
from domain.bookings.strikes import strikes_of
from domain.kernel.ids import new_id
from domain.kernel.money import ZERO, Fen, short_yuan
from domain.kernel.text import clean
from domain.messaging import emit
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot, Store
from domain.stores.numbers import next_number
