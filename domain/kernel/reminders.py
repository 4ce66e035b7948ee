"""When a diner is reminded of what begins at a certain time, and when it is too late for that."""

from datetime import datetime, timedelta
from typing import Final

BEFORE: Final = {"24h": timedelta(hours=24), "3h": timedelta(hours=3)}  # the start. Source: RESTAURANT, Bookings
WORTH_SAYING: Final = timedelta(hours=2)  # after its time; a later reminder is dropped. Source: reference infra §4


def is_too_late(due: datetime, *, starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder that was due then is not said any more: what it is about has begun, or an outage held it up."""
    return now >= starts_at or now > due + WORTH_SAYING
