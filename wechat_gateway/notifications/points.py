"""What a diner hears about their points."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.quiet_hours import by_day
from domain.kernel.said import day_said
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def tells_that_points_expire(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """Points end in a month: by customer message in the daytime, once for a member and day."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        last = date.fromisoformat(payload["expires_on"])
        values = {"points": payload["points"], "day": day_said(last)}
        reply = Reply(ReplyKind.TEXT, responses.render("points_expire", values, seed=event_id))
        morning = by_day(now, snapshots.get(session).brand.zone)
        key = f"points_expire:{payload['diner_id']}:{last}"
        request(session, Purpose.REMINDER, payload["diner_id"], {"reply": reply.to_json()}, key=key, now=now, not_before=morning)

    return handle
