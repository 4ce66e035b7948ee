"""Open a window, ask for a message, send it at most as often as its purpose allows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.members.models import Diner
from domain.messages.events import MessageRequested
from domain.messages.models import Message, ReplyQuota
from domain.messages.rules import LIFE, QUOTAS, REPEATED_ONCE, ChannelKind, MessageState, Purpose, Window
from domain.messaging import emit
from domain.messaging.housekeeping import WORDS_KEPT
from domain.storage import Prepared, insert_once


@dataclass(frozen=True, slots=True)
class Departure:
    """A message that may leave now, through this channel. `remaining` customer messages may follow it."""

    message_id: str
    diner_id: str
    purpose: Purpose
    content: dict[str, Any]
    channel: ChannelKind
    remaining: int


_REOPEN = Prepared(
    update(ReplyQuota)
    .where(ReplyQuota.diner_id == bindparam("of"), ReplyQuota.window == bindparam("kind"))
    .values(remaining=bindparam("remaining"), expires_at=bindparam("expires_at"))
)


def open_window(session: Session, diner_id: str, window: Window, *, now: datetime) -> None:
    """The diner did something that lets us write: the count starts afresh."""
    count, life = QUOTAS[window]
    values = {"remaining": count, "expires_at": now + life}
    if _REOPEN.run(session, of=diner_id, kind=window.value, **values) == 0:
        insert_once(session, ReplyQuota, {"diner_id": diner_id, "window": window.value} | values)


def close_windows(session: Session, diner_id: str, *, now: datetime) -> None:
    """Nothing may be sent: the diner left, or the platform says so, whatever we counted."""
    session.execute(update(ReplyQuota).where(ReplyQuota.diner_id == diner_id).values(remaining=0, expires_at=now))


def request(
    session: Session,
    purpose: Purpose,
    diner_id: str,
    content: dict[str, Any],
    *,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Ask for a message to a diner. It leaves after the commit, if the platform and the diner allow it.

    Args:
        content: {"reply": the abstract reply as JSON, "template": {"kind", "fields", "url"} or absent}.
        key: At most one message under it, ever.
        not_before: When it may leave at the earliest; None for at once. Its life begins then.

    Returns:
        False when the key was used before.

    Emits: MessageRequested.
    """
    message_id = new_id(now)
    leaves_at = max(now, not_before or now)
    row = {
        "id": message_id,
        "diner_id": diner_id,
        "purpose": purpose.value,
        "key": key,
        "content": content,
        "state": MessageState.QUEUED.value,
        "sends": 0,
        "requested_at": now,
        "expires_at": leaves_at + LIFE[purpose],
    }
    if not insert_once(session, Message, row):
        return False
    emit(session, MessageRequested(message_id=message_id), now=now, due_at=leaves_at)
    return True


def depart(session: Session, message_id: str, *, templates: frozenset[str], now: datetime) -> Departure | None:
    """Take a message out of the queue into `sending`, committed before the call; or settle that it does not leave.

    A message found in `sending` was interrupted: nobody knows whether it arrived. Its purpose decides whether it is
    said once more; a template message may always be, under its own key.

    Args:
        templates: Kinds of template messages this installation has.

    Returns:
        None when it is not to be sent: expired, suppressed, interrupted, or settled already.
    """
    message = session.execute(
        select(Message).where(Message.id == message_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    state, purpose = MessageState(message.state), Purpose(message.purpose)
    if state not in {MessageState.QUEUED, MessageState.SENDING} or message.content is None:
        return None
    if state is MessageState.SENDING:
        repeatable = message.channel == ChannelKind.TEMPLATE or (purpose in REPEATED_ONCE and message.sends == 1)
        if not repeatable:
            _settle(session, message_id, MessageState.UNKNOWN, "interrupted", now=now)
            return None
    if now >= message.expires_at:
        _settle(session, message_id, MessageState.EXPIRED, "too_late", now=now)
        return None
    if not session.execute(select(Diner.following).where(Diner.id == message.diner_id)).scalar():
        _settle(session, message_id, MessageState.SUPPRESSED, "not_following", now=now)
        return None
    interrupted_template = state is MessageState.SENDING and message.channel == ChannelKind.TEMPLATE
    remaining = None if interrupted_template else _take_quota(session, message.diner_id, now=now)
    kind = message.content.get("template", {}).get("kind")
    if remaining is None and kind not in templates:
        _settle(session, message_id, MessageState.SUPPRESSED, "no_window", now=now)
        return None
    channel = ChannelKind.CUSTOMER if remaining is not None else ChannelKind.TEMPLATE
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(state=MessageState.SENDING.value, channel=channel.value, sends=Message.sends + 1)
    )
    return Departure(message_id, message.diner_id, purpose, message.content, channel, remaining or 0)


def settle(session: Session, message_id: str, state: MessageState, reason: str | None, *, now: datetime) -> None:
    """Write down how a departure ended: sent, unknown or failed."""
    _settle(session, message_id, state, reason, now=now)


def requeue(session: Session, message_id: str) -> None:
    """A departure that surely did not reach the platform waits again."""
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == MessageState.SENDING.value)
        .values(state=MessageState.QUEUED.value, sends=Message.sends - 1)
    )


def forget_contents(session: Session, *, now: datetime) -> None:
    """Blank the words of messages that are settled and older than 7 days."""
    settled = Message.settled_at.is_not(None)
    session.execute(
        update(Message).where(Message.requested_at < now - WORDS_KEPT, settled, Message.content.is_not(None)).values(content=None)
    )


def _take_quota(session: Session, diner_id: str, *, now: datetime) -> int | None:
    """Take one from the window that ends first. Returns what is left in all, or None when nothing was."""
    live = (ReplyQuota.diner_id == diner_id, ReplyQuota.remaining > 0, ReplyQuota.expires_at > now)
    rows = session.execute(select(ReplyQuota.window, ReplyQuota.remaining).where(*live).order_by(ReplyQuota.expires_at)).all()
    for window, _ in rows:
        taken = session.execute(update(ReplyQuota).where(*live, ReplyQuota.window == window).values(remaining=ReplyQuota.remaining - 1))
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            return int(sum(row.remaining for row in rows)) - 1
    return None


def _settle(session: Session, message_id: str, state: MessageState, reason: str | None, *, now: datetime) -> None:
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state.in_([MessageState.QUEUED.value, MessageState.SENDING.value]))
        .values(state=state.value, reason=reason, settled_at=now)
    )
