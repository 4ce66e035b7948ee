"""What a diner hears about their membership."""

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


def tells_of_the_new_level(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The level went up, or down after a refund or a year: with the reason, in the daytime."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        brand = snapshots.get(session).brand
        values = {"old": payload["old"], "new": payload["new"]}
        text = responses.render("level_risen" if payload["rose"] else "level_fallen", values, seed=event_id)
        key = f"level:{event_id}"
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
        request(session, Purpose.REMINDER, payload["diner_id"], content, key=key, now=now, not_before=by_day(now, brand.zone))

    return handle


def tells_of_the_birthday_dessert(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A dessert waits for the birthday: by customer message in the daytime."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        last = date.fromisoformat(payload["good_until"])
        values = {"dish": payload["dish"], "day": day_said(last)}
        content = {"reply": Reply(ReplyKind.TEXT, responses.render("birthday_dessert", values, seed=payload["grant_id"])).to_json()}
        morning = by_day(now, snapshots.get(session).brand.zone)
        request(session, Purpose.REMINDER, payload["diner_id"], content, key=f"birthday:{payload['grant_id']}", now=now, not_before=morning)

    return handle
