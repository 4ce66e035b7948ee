"""Whenever the time of something about an experience has come: unpaid places, offers, decisions, the end of booking."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.experiences.calling_off import decide
from domain.experiences.lifecycle import lapse_hold
from domain.experiences.reminders import reminder_still_due
from domain.experiences.rules import Due
from domain.experiences.waiting import close_list, lapse_offer
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def gives_up_what_was_not_paid(snapshots: SnapshotCache) -> Handler:
    """The time to pay is over: the places go to whoever waits."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        kind, version = payload["kind"], payload["booking_version"]
        if kind == Due.HOLD and reminder_still_due(session, payload["booking_id"], kind, version, now=now) is not None:
            lapse_hold(session, snapshots.get(session), payload["booking_id"], now=now)

    return handle


def goes_on_to_the_next(snapshots: SnapshotCache) -> Handler:
    """The time of an offer is over: the next of the waiting list gets the places."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        lapse_offer(session, snapshots.get(session), payload["waiting_id"], now=now)

    return handle


def decides_whether_it_takes_place(snapshots: SnapshotCache) -> Handler:
    """With too few places taken a session is called off."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        decide(session, snapshots.get(session), payload["session_id"], now=now)

    return handle


def ends_the_waiting(snapshots: SnapshotCache) -> Handler:
    """Booking has closed: nobody waits any more."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        close_list(session, snapshots.get(session), payload["session_id"], now=now)

    return handle
