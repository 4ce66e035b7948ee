"""The line under a message that asks the diner to allow one notice, for matters that are settled outside a turn (paid, confirmed)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.asking import ASKED_IN
from bot.responses import Responses
from domain.messages.asking import Asking

NOBODY_ASKED = Asking()


def line_that_asks(
    session: Session, asking: Asking, responses: Responses, diner_id: str, kind: str, *, needed_at: datetime, now: datetime
) -> str:
    """A line of its own behind a text, or "" where another way is sure, or the diner is not to be asked.

    Args:
        needed_at: When the last message of the matter leaves at the latest.
    """
    link = asking.link(session, diner_id, kind, needed_at=needed_at, now=now)
    return "" if link is None else "\n" + responses.render(ASKED_IN[kind], {"link": link}, seed=diner_id)
