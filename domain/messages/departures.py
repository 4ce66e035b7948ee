"""A message's way out: queued → sending (committed before the call) → sent | unknown | failed | expired | suppressed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from domain.kernel.quiet_hours import by_day
from domain.members.identities import resolve
from domain.messages.arbiter import Leave, Wait, decide
from domain.messages.consents import return_consent, take_consent
from domain.messages.facts import Channels, gather_facts, templates_for
from domain.messages.models import Message, MessageReach
from domain.messages.quotas import (
    TakenFromWindow,
    platform_day,
    return_mass,
    return_to_window,
    take_from_day,
    take_from_window,
    take_mass,
)
from domain.messages.rules import (
    SAME_TEMPLATE,
    TERMS,
    ChannelKind,
    MessageState,
    Purpose,
)
from domain.storage import insert_once

_WAITS = (MessageState.QUEUED.value, MessageState.SENDING.value)
_TAKES = 4  # a window that closes while it is taken from leads to the next channel


@dataclass(frozen=True, slots=True)
class Departure:
    """A message that may leave now, through this channel.

    Attributes:
        remaining: Customer messages that may follow it.
        kind: Of the template or notice, or "".
        sends: How often it has been handed over, this time included.
        taken: What it was taken from, for a customer message.
    """

    message_id: str
    diner_id: str
    purpose: Purpose
    content: dict[str, Any]
    channel: ChannelKind
    sends: int
    kind: str = ""
    taken: TakenFromWindow | None = field(default=None, compare=False)

    @property
    def remaining(self) -> int:
        """Customer messages that may follow it."""
        return self.taken.remaining if self.taken else 0

    @property
    def may_be_repeated(self) -> bool:
        """Whether it may be handed over once more when nobody knows whether it arrived."""
        return self.channel is ChannelKind.TEMPLATE or self.sends <= TERMS[self.purpose].repeats


@dataclass(frozen=True, slots=True)
class Postponed:
    """A message that stays in the queue until then. `reason` says what it waits for."""

    until: datetime
    reason: str = field(default="", compare=False)


def depart(session: Session, message_id: str, *, channels: Channels, zone: ZoneInfo, now: datetime) -> Departure | Postponed | None:
    """Take a message out of the queue into `sending`, committed before the call; or settle that it does not leave.

    A message found in `sending` was interrupted: nobody knows whether it arrived. A template message is repeated under its
    key as long as the platform knows it; else the purpose decides whether it is said once more.

    Args:
        channels: What this installation can send.
        zone: The brand's, for the quiet hours of messages that name none.

    Returns:
        None when it is not to be sent: expired, suppressed, interrupted, or settled already.
    """
    asked = session.execute(select(Message.diner_id).where(Message.id == message_id)).scalar_one()
    diner_id = resolve(session, asked)
    reach = _lock(session, diner_id)
    message = session.execute(
        select(Message).where(Message.id == message_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    if message.state not in _WAITS or message.content is None:
        return None
    quiet_zone = ZoneInfo(message.zone) if message.zone else zone
    interrupted = message.state == MessageState.SENDING
    if interrupted:
        again = _same_template(message, diner_id, quiet_zone, now=now)
        if again is not None:
            session.execute(update(Message).where(Message.id == message_id).values(sends=again.sends))
            return again
        if message.sends > TERMS[Purpose(message.purpose)].repeats or now >= message.expires_at:
            settle(session, message_id, MessageState.UNKNOWN, "interrupted", now=now)
            return None
    elif now >= message.expires_at:
        settle(session, message_id, MessageState.EXPIRED, "too_late", now=now)
        return None
    decided = _leave(session, message, diner_id, reach, channels, quiet_zone, now=now)
    if isinstance(decided, Departure):
        left = {"state": MessageState.SENDING.value, "channel": decided.channel.value, "sends": decided.sends, "departed_at": now}
        session.execute(update(Message).where(Message.id == message_id).values(left | {"reason": None}))
        return decided
    if interrupted:
        settle(session, message_id, MessageState.UNKNOWN, "interrupted", now=now)
        return None
    if isinstance(decided, Postponed):
        waits = {"leaves_at": decided.until, "reason": decided.reason or None}
        session.execute(update(Message).where(Message.id == message_id).values(waits))
        return decided
    settle(session, message_id, MessageState.SUPPRESSED, decided, now=now)
    return None


def settle(
    session: Session, message_id: str, state: MessageState, reason: str | None, *, now: datetime, platform_id: str | None = None
) -> None:
    """Write down how a departure ended. What is settled stays so.

    Args:
        platform_id: What the platform calls it, when it gave it a name.
    """
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state.in_(_WAITS))
        .values(state=state.value, reason=reason, settled_at=now, platform_id=platform_id)
    )


def requeue(session: Session, departure: Departure, *, now: datetime) -> None:
    """A departure that surely did not reach the platform waits again, and what it took is given back.

    One that had been handed over before stays interrupted.
    """
    before = departure.sends - 1
    waits = {"state": MessageState.QUEUED.value, "channel": None, "departed_at": None, "sends": 0}
    mine = (Message.id == departure.message_id, Message.state == MessageState.SENDING.value, Message.sends == departure.sends)
    requeued = session.execute(update(Message).where(*mine).values({"sends": before} if before else waits))
    if requeued.rowcount == 1:  # type: ignore[attr-defined]
        give_back(session, departure, now=now)


def give_back(session: Session, departure: Departure, *, now: datetime) -> None:
    """What a departure took, that surely did not reach the platform."""
    if departure.channel is ChannelKind.CUSTOMER and departure.taken is not None:
        return_to_window(session, departure.diner_id, departure.taken)
    elif departure.channel is ChannelKind.NOTICE:
        return_consent(session, departure.diner_id, departure.kind)
    elif departure.channel is ChannelKind.MASS:
        return_mass(session, departure.diner_id, now=now)


def _lock(session: Session, diner_id: str) -> Row[datetime | None, datetime | None]:
    """Messages to one diner leave one by one, so that what is counted holds until it is written."""
    asked = select(MessageReach.unreachable_at, MessageReach.templates_refused_at).where(MessageReach.diner_id == diner_id)
    row = session.execute(asked.with_for_update()).first()
    if row is None:
        insert_once(session, MessageReach, {"diner_id": diner_id})
        row = session.execute(asked.with_for_update()).one()
    return row


def _same_template(message: Message, diner_id: str, zone: ZoneInfo, *, now: datetime) -> Departure | None:
    """The same template message under the same key, while the platform still knows it and nobody sleeps."""
    if message.channel != ChannelKind.TEMPLATE or message.departed_at is None or now - message.departed_at >= SAME_TEMPLATE:
        return None
    purpose = Purpose(message.purpose)
    if now >= message.expires_at or (TERMS[purpose].quiet and by_day(now, zone) > now):
        return None
    return Departure(message.id, diner_id, purpose, message.content or {}, ChannelKind.TEMPLATE, message.sends + 1, message.kind or "")


def _leave(
    session: Session,
    message: Message,
    diner_id: str,
    reach: Row[datetime | None, datetime | None],
    channels: Channels,
    zone: ZoneInfo,
    *,
    now: datetime,
) -> Departure | Postponed | str:
    """The decision carried out; a text is the reason for which the message is suppressed."""
    purpose, kind = Purpose(message.purpose), message.kind or ""
    for _ in range(_TAKES):
        decision = decide(purpose, gather_facts(session, message, diner_id, reach, channels, zone, now=now))
        if isinstance(decision, Wait):
            return Postponed(decision.until, decision.reason)
        if not isinstance(decision, Leave):
            return decision.reason
        taken: TakenFromWindow | None = None
        if decision.channel is ChannelKind.CUSTOMER:
            taken = take_from_window(session, diner_id, now=now)
            got = taken is not None
        elif decision.channel is ChannelKind.NOTICE:
            got = take_consent(session, diner_id, kind)
        elif decision.channel is ChannelKind.TEMPLATE:
            got = take_from_day(session, ChannelKind.TEMPLATE, platform_day(now), at_most=templates_for(purpose, channels))
        else:
            got = take_mass(session, diner_id, now=now)
        if got:
            return Departure(message.id, diner_id, purpose, message.content or {}, decision.channel, message.sends + 1, kind, taken)
    return "contended"
