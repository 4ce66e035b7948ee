"""Whenever a booking is to be looked at again."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.bookings.lifecycle import lapse_hold
from domain.bookings.reminders import reminder_still_due
from domain.bookings.rules import Due


def decides_what_was_held(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """The time for the deposit, or for the answer of the staff, is over: the table is free again, or the booking stands."""
    kind, version = payload["kind"], payload["booking_version"]
    if kind == Due.HOLD and reminder_still_due(session, payload["booking_id"], kind, version, now=now) is not None:
        lapse_hold(session, payload["booking_id"], now=now)
