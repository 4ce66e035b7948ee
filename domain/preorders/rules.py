"""Business numbers of pre-orders."""

from datetime import datetime, timedelta

STILL_WANTED = timedelta(minutes=30)  # after an outage: by then a party has ordered by other means, or has gone
TRIES = 3  # while others take the last portions


def is_still_wanted(seated_at: datetime, now: datetime) -> bool:
    """Whether the dishes may be sent to the kitchen without asking the party again."""
    return now - seated_at <= STILL_WANTED
