"""What a diner who waits for a table hears: come nearer, come in, too late, and back in line. Guests on paper are called at the door.

Each is worth something for a while after it happened, not after a worker gets to it: after an outage nobody is called to a table of
three hours ago.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.ids import made_at
from domain.messages.kinds import QUEUE_CALL
from domain.messages.rules import TERMS, Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler

_NEAR = timedelta(minutes=10)  # then the line has moved on
_NOTE = "请尽快到店入座"


def tells_that_the_table_is_free(responses: Responses) -> Handler:
    """The call: before everything else, also where the window is closed (template message or notice). Each call once."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        name = "number_called_again" if payload["again"] else "number_called"
        template = {
            "kind": QUEUE_CALL,
            "fields": {"number": payload["number"], "store": payload["store_name"], "table": payload["table_code"], "note": _NOTE},
        }
        content = {"reply": _text(responses, name, payload), "template": template}
        key = f"queue:{payload['ticket_id']}:{payload['called_at']}"
        over = datetime.fromisoformat(payload["called_at"]) + TERMS[Purpose.CALL].life
        _tell(session, Purpose.CALL, payload, content, key=key, now=now, not_after=over)

    return handle


def tells_that_it_comes_near(responses: Responses) -> Handler:
    """Three parties ahead, then one: come to the door, and show that you are there where its screen asks for it."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        presence = responses.render("queue_moved_presence", {}, seed=event_id) if payload["show_presence"] else ""
        name = "queue_moved" if payload["ahead"] else "queue_moved_next"
        content = {"reply": _text(responses, name, {**payload, "presence": presence})}
        _tell(session, Purpose.SERVICE, payload, content, key=f"queue:{event_id}", now=now, not_after=made_at(event_id) + _NEAR)

    return handle


def tells_that_the_call_was_missed(responses: Responses) -> Handler:
    """Nobody came: until when the party may come back, or that the number is out."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        until = payload["back_until"]
        at = datetime.fromisoformat(until) if until else None
        said = {**payload, "back_until": f"{at.astimezone(ZoneInfo(payload['zone'])):%H:%M}" if at else ""}
        content = {"reply": _text(responses, "number_missed" if at else "number_missed_twice", said)}
        over = at or made_at(event_id) + TERMS[Purpose.SERVICE].life
        _tell(session, Purpose.SERVICE, payload, content, key=f"queue:{event_id}", now=now, not_after=over)

    return handle


def tells_that_it_is_back_in_line(responses: Responses) -> Handler:
    """Back after a missed call, whether the diner asked for it or a member of staff at the door."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        content = {"reply": _text(responses, "number_requeued", payload)}
        _tell(session, Purpose.SERVICE, payload, content, key=f"queue:{event_id}", now=now, not_after=made_at(event_id) + _NEAR)

    return handle


def _text(responses: Responses, name: str, values: dict[str, Any]) -> dict[str, Any]:
    return Reply(ReplyKind.TEXT, responses.render(name, values, seed=values["ticket_id"])).to_json()


def _tell(
    session: Session,
    purpose: Purpose,
    payload: dict[str, Any],
    content: dict[str, Any],
    *,
    key: str,
    now: datetime,
    not_after: datetime | None = None,
) -> None:
    if payload["diner_id"] is not None:
        request(session, purpose, payload["diner_id"], content, key=key, now=now, not_after=not_after)
