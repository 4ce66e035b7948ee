"""What is kept of a message, so that it has one effect and one answer however often it comes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.messages import SILENCE, InboundKind, InboundMessage, Reply
from domain.messaging.models import InboxMessage, InboxState
from domain.storage import Prepared, insert_once

_KEEP_REPLY = Prepared(update(InboxMessage).where(InboxMessage.key == bindparam("of")).values(reply=bindparam("reply")))


class Outcome(StrEnum):
    """What became of a message."""

    ANSWERED = "answered"
    REPEATED = "repeated"  # it was answered before; this is that answer
    LATE = "late"  # it is stored, the answer follows


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of a turn. `commands` are names for the log, never words."""

    reply: Reply
    outcome: Outcome
    commands: tuple[str, ...] = ()


def inbox_key(dedupe_key: str) -> str:
    """The form of a message's dedupe key that is stored: it may hold an openid."""
    return hashlib.sha256(dedupe_key.encode()).hexdigest()[:40]


def keep_message(session: Session, key: str, diner_id: str, message: InboundMessage, state: InboxState, *, now: datetime) -> bool:
    """Write a message down, never its sender: the row knows a diner by a random id. Returns: False when it came before.

    A place is kept only for a message that is yet to be answered: nothing else is made of it later.
    """
    said = _without_place(message)
    for name in ("text", "key", "latitude", "longitude") if message.kind is not InboundKind.LOCATION or state is InboxState.LATE else ():
        value = getattr(message, name)
        if value not in {None, ""}:
            said[name] = value
    row = {"key": key, "diner_id": diner_id, "state": state.value, "message": said, "received_at": now}
    return insert_once(session, InboxMessage, row)


def keep_reply(session: Session, key: str, reply: Reply) -> None:
    """Write down what was answered."""
    _KEEP_REPLY.run(session, of=key, reply=reply.to_json())


def take_late(session: Session, key: str) -> bool:
    """A late message is answered now; a place in it is forgotten. Returns: False when it was before."""
    _, message = stored_message(session, key)
    values = {"message": _without_place(message)} if message.kind is InboundKind.LOCATION else {}
    late = update(InboxMessage).where(InboxMessage.key == key, InboxMessage.state == InboxState.LATE)
    return bool(session.execute(late.values(state=InboxState.ANSWERED.value, **values)).rowcount)  # type: ignore[attr-defined]


def stored_message(session: Session, key: str) -> tuple[str, InboundMessage]:
    """The diner's id, and the message they sent."""
    row = session.execute(select(InboxMessage.diner_id, InboxMessage.message).where(InboxMessage.key == key)).one()
    said: Mapping[str, Any] = row[1]
    message = InboundMessage(
        dedupe_key=key,
        sender="",
        kind=InboundKind(said["kind"]),
        sent_at=datetime.fromisoformat(said["sent_at"]),
        text=said.get("text", ""),
        key=said.get("key", ""),
        latitude=said.get("latitude"),
        longitude=said.get("longitude"),
    )
    return row[0], message


def answered_before(session: Session, key: str) -> Turn:
    """The answer of a message that came before."""
    row = session.execute(select(InboxMessage.state, InboxMessage.reply).where(InboxMessage.key == key)).one()
    if row[0] == InboxState.LATE:
        return Turn(SILENCE, Outcome.LATE)
    return Turn(Reply.from_json(row[1]) if row[1] else SILENCE, Outcome.REPEATED)


def _without_place(message: InboundMessage) -> dict[str, Any]:
    return {"kind": message.kind.value, "sent_at": message.sent_at.isoformat()}
