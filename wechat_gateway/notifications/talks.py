"""What a diner hears when a person hands their talk back."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler


def tells_that_the_bot_is_back(responses: Responses) -> Handler:
    """A member of staff gave the talk back to the bot: the diner may go on with it."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        reply = Reply(ReplyKind.TEXT, responses.render("handed_back", {}, seed=payload["turn"]))
        content = {"reply": reply.to_json()}
        request(session, Purpose.SERVICE, payload["diner_id"], content, key=f"handed_back:{payload['turn']}", now=now)

    return handle
