"""Who hears of a service call: the diner that somebody comes, those in charge of the store that nobody does."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.ids import made_at
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.staff.roster import bound_staff
from domain.staff.rules import IN_CHARGE

_WORTH = timedelta(minutes=10)  # then somebody has come, or the table has called again


def tells_that_somebody_comes(responses: Responses) -> Handler:
    """A member of staff has taken the call: by customer message, or not at all; nobody needs a template message for a glass of water."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["diner_id"] is None:  # the staff called for the table
            return
        text = responses.render("call_taken", payload, seed=payload["call_id"])
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
        key = f"call_taken:{payload['call_id']}"
        request(session, Purpose.SERVICE, payload["diner_id"], content, key=key, now=now, not_after=made_at(event_id) + _WORTH)

    return handle


def tells_that_nobody_comes(responses: Responses) -> Handler:
    """Nobody has taken a call in time: everybody in charge of the store hears it, whose phone is bound."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        words = f"（{payload['words']}）" if payload["words"] and payload["words"] != payload["title"] else ""
        text = responses.render("call_escalated", {**payload, "words": words}, seed=payload["call_id"])
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
        for staff_id, diner_id in bound_staff(session, payload["store_id"], IN_CHARGE):
            key = f"call:{payload['call_id']}:{payload['times']}:{staff_id}"
            request(session, Purpose.SERVICE, diner_id, content, key=key, now=now, not_after=made_at(event_id) + _WORTH)

    return handle
