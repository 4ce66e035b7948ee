"""Whenever a payment comes in, or does not come."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.bookings.deposits import PAYABLE as BOOKING
from domain.bookings.deposits import deposit_paid
from domain.checkout.billing import PAYABLE as ORDER
from domain.checkout.service import lapse, settle
from domain.experiences.lifecycle import experience_paid
from domain.experiences.paying import PAYABLE as EXPERIENCE
from domain.messaging.worker import Handler
from domain.payments.service import close_lapsed
from domain.shop.snapshot import SnapshotCache


def settles_what_it_was_for(snapshots: SnapshotCache) -> Handler:
    """Then the order it was for is settled, the booking whose deposit it is stands, or the party of an experience is expected."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["payable_kind"] == ORDER:
            settle(session, snapshots.get(session), payload, now=now)
        elif payload["payable_kind"] == BOOKING:
            deposit_paid(session, payload["payable_id"], now=now)
        elif payload["payable_kind"] == EXPERIENCE:
            experience_paid(session, snapshots.get(session), payload["payable_id"], now=now)

    return handle


def lapses_with_its_time(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """A bill was open as long as it may be: nobody can pay it any more, and its coupons and points are free."""
    if payload["payable_kind"] == ORDER:
        lapse(session, payload["payment_id"], payload["payable_id"], now=now)
    elif payload["payable_kind"] in {BOOKING, EXPERIENCE}:
        close_lapsed(session, payload["payment_id"], now=now)
