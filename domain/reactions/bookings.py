"""Whenever a booking is to be looked at again, or a party leaves its table."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.bookings.lifecycle import finish_where_party_left, lapse_hold
from domain.bookings.reminders import reminder_still_due
from domain.bookings.rules import Due
from domain.service_calls.service import end_calls_at


def leaving_frees_the_tables(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """A party paid, or the staff said that it went: what its booking still held of the evening is for others, and it calls nobody."""
    opened_at, left_at = datetime.fromisoformat(payload["opened_at"]), datetime.fromisoformat(payload["left_at"])
    end_calls_at(session, payload["store_id"], payload["table_code"], now=left_at, session_id=payload["session_id"])
    finish_where_party_left(session, payload["store_id"], payload["table_code"], opened_at=opened_at, now=now)


def decides_what_was_held(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """The time for the deposit, or for the answer of the staff, is over: the table is free again, or the booking stands."""
    kind, version = payload["kind"], payload["booking_version"]
    if kind == Due.HOLD and reminder_still_due(session, payload["booking_id"], kind, version, now=now) is not None:
        lapse_hold(session, payload["booking_id"], now=now)
