"""Pure decisions about table sessions."""

from datetime import datetime, timedelta

IDLE = timedelta(hours=3)  # Source: RESTAURANT, Orders: a session ends after 3 h idle


def is_idle(touched_at: datetime, now: datetime) -> bool:
    """Whether nobody at the table has done anything for too long."""
    return now - touched_at >= IDLE
