"""Whenever a night has come."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.messages.service import forget_contents
from domain.messaging.housekeeping import forget_messages, schedule_housekeeping


def forgets(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Forget what was kept long enough, and put the next night on the books."""
    forget_messages(session, now=now)
    forget_contents(session, now=now)
    schedule_housekeeping(session, now=now)
