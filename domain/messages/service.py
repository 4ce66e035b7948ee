"""Ask for a message to a diner; forget what it said."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messages.events import MessageRequested
from domain.messages.models import Message
from domain.messages.quotas import close_windows, open_window
from domain.messages.rules import TERMS, ChannelKind, MessageState, Purpose
from domain.messaging import emit
from domain.messaging.housekeeping import WORDS_KEPT
from domain.storage import insert_once

__all__ = ["close_windows", "forget_contents", "open_window", "request"]


def request(
    session: Session,
    purpose: Purpose,
    diner_id: str,
    content: dict[str, Any],
    *,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    zone: str = "",
) -> bool:
    """Ask for a message to a diner. It leaves after the commit, if the platform and the diner allow it.

    Args:
        content: {"reply": the abstract reply as JSON, "template": {"kind", "fields", "url"} or absent}. The template is the
            form as a template message and as a subscription notice: its fields by their plain names ("store", "time"),
            which the settings tie to the account's own.
        key: At most one message under it, ever.
        not_before: When it may leave at the earliest; None for at once. Its life begins then.
        not_after: From when on it is worth nothing (a reminder of a booking that has begun), if that is before its
            purpose's life ends.
        zone: Whose night it respects, a store's; the brand's when empty.

    Returns:
        False when the key was used before.

    Raises:
        ValueError: Marketing, or a reply, in the form of a template: the platform forbids the one, the other has no such form.

    Emits: MessageRequested.
    """
    terms = TERMS[purpose]
    template = content.get("template")
    if template and ChannelKind.TEMPLATE not in terms.channels:
        raise ValueError(f"a {purpose} message is no template message")
    message_id = new_id(now)
    leaves_at = max(now, not_before or now)
    dies_at = leaves_at + terms.life
    row = {
        "id": message_id,
        "diner_id": diner_id,
        "purpose": purpose.value,
        "key": key,
        "kind": template["kind"] if template else None,
        "zone": zone or None,
        "content": content,
        "state": MessageState.QUEUED.value,
        "sends": 0,
        "requested_at": now,
        "leaves_at": leaves_at,
        "expires_at": min(dies_at, not_after or dies_at),
    }
    if not insert_once(session, Message, row):
        return False
    emit(session, MessageRequested(message_id=message_id, purpose=purpose.value), now=now, due_at=leaves_at)
    return True


def forget_contents(session: Session, *, now: datetime) -> None:
    """Blank the words of messages that are settled and older than 7 days."""
    settled = Message.settled_at.is_not(None)
    session.execute(
        update(Message).where(Message.requested_at < now - WORDS_KEPT, settled, Message.content.is_not(None)).values(content=None)
    )
