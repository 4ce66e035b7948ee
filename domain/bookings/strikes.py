"""Parties that did not come: a strike each, seen by staff, gone after 12 months. Four ask for a person's yes; nobody is shut out.

Source: RESTAURANT, Bookings (no-show strikes that decay).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.bookings.models import Booking, BookingStrike
from domain.bookings.rules import STRIKE_LIFE
from domain.storage import insert_once


@dataclass(frozen=True, slots=True)
class Strike:
    """A party that did not come, so that the diner can be told which: it counts until `until`."""

    booking_id: str
    number: str
    store_id: str
    starts_at: datetime
    until: datetime


def strikes_of(session: Session, diner_id: str, *, now: datetime) -> Sequence[Strike]:
    """The strikes of a diner that count today, the newest first."""
    rows = session.execute(
        select(Booking.id, Booking.number, Booking.store_id, Booking.starts_at, BookingStrike.struck_at)
        .join(Booking, Booking.id == BookingStrike.booking_id)
        .where(BookingStrike.diner_id == diner_id, BookingStrike.struck_at > now - STRIKE_LIFE)
        .order_by(BookingStrike.struck_at.desc(), Booking.id)
    )
    return [
        Strike(booking_id, number, store_id, starts_at, struck_at + STRIKE_LIFE)
        for booking_id, number, store_id, starts_at, struck_at in rows
    ]


def strike(session: Session, booking_id: str, diner_id: str, *, now: datetime) -> None:
    """A party did not come. Twice for one booking is once."""
    insert_once(session, BookingStrike, {"booking_id": booking_id, "diner_id": diner_id, "struck_at": now})


def take_back_strike(session: Session, booking_id: str) -> bool:
    """Staff were wrong, or the diner has explained it. Returns: False when there was none."""
    gone = session.execute(delete(BookingStrike).where(BookingStrike.booking_id == booking_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def forget_strikes(session: Session, *, now: datetime) -> None:
    """Delete the strikes that no longer count."""
    session.execute(delete(BookingStrike).where(BookingStrike.struck_at <= now - STRIKE_LIFE))
