"""Whenever the platform reported on a message whose send was not written down yet."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.messages.feedback import ReportTooEarlyError, template_reported
from domain.messaging.worker import TryAgainAtError

_AGAIN = timedelta(seconds=30)


def hears_the_report_again(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """By now the send is written down, or what it was part of is so long ago that nobody can tell which message was meant."""
    try:
        template_reported(session, payload["diner_id"], payload["platform_id"], payload["status"], now=now)
    except ReportTooEarlyError:
        raise TryAgainAtError(now + _AGAIN) from None
