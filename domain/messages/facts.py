"""What must be known of a message and its diner before it is decided about: read under the diner's lock."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.members.models import Diner
from domain.messages.arbiter import Facts
from domain.messages.consents import notices_left
from domain.messages.models import Message
from domain.messages.quotas import mass_left, platform_day, sent_on, windows_of
from domain.messages.rules import (
    LEFT,
    QUOTAS,
    REFUSAL_LASTS,
    TEMPLATES_A_DAY,
    TERMS,
    WEEK,
    ChannelKind,
    MessageState,
    Purpose,
    Window,
    day_began,
)

_URGENT_SHARE = 10  # a tenth of the day's template messages is kept for what does not wait for daylight


@dataclass(frozen=True, slots=True)
class Channels:
    """What this installation can send.

    Attributes:
        templates, notices: Kinds that have a template message, and those that have a subscription notice.
        templates_a_day: Template messages that the account may send a day.
        mass: Whether mass sends are done here.
    """

    templates: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    templates_a_day: int = TEMPLATES_A_DAY
    mass: bool = False


def gather_facts(
    session: Session,
    message: Message,
    diner_id: str,
    reach: Row[datetime | None, datetime | None],
    channels: Channels,
    zone: ZoneInfo,
    *,
    now: datetime,
) -> Facts:
    """What is true now."""
    purpose, kind = Purpose(message.purpose), message.kind or ""
    terms = TERMS[purpose]
    windows = windows_of(session, diner_id)
    opened = max((ends_at - QUOTAS[Window(window)][1] for window, _, ends_at in windows), default=None)
    live = [left for _, left, ends_at in windows if ends_at > now]
    unreachable_at, refused_at = reach
    capped = terms.a_day is not None or terms.a_week is not None
    today, week = _sent(session, diner_id, purpose, day_began(now, zone), now) if capped else (0, 0)
    notices = ChannelKind.NOTICE in terms.channels and kind in channels.notices
    return Facts(
        now=now,
        expires_at=message.expires_at,
        zone=zone,
        following=bool(session.execute(select(Diner.following).where(Diner.id == diner_id)).scalar()),
        reachable=unreachable_at is None or (opened is not None and opened > unreachable_at),
        window_open=bool(live),
        window_left=sum(live),
        notice_left=notices_left(session, diner_id, kind) if notices else None,
        has_template=kind in channels.templates,
        takes_templates=refused_at is None or now - refused_at >= REFUSAL_LASTS,
        mass_left=mass_left(session, diner_id, now=now) if channels.mass and ChannelKind.MASS in terms.channels else None,
        full=_full(session, purpose, channels, now=now),
        waiting_above=_waiting_above(session, message, purpose, now=now) if live else 0,
        sent_today=today,
        sent_this_week=week,
    )


def _sent(session: Session, diner_id: str, purpose: Purpose, since: datetime, now: datetime) -> tuple[int, int]:
    """How many of a purpose left to the diner since midnight, and in the last seven days."""
    left = and_(Message.diner_id == diner_id, Message.purpose == purpose.value, Message.state.in_(LEFT))
    asked = select(Message.departed_at).where(left, Message.departed_at > min(since, now - WEEK))
    moments = [moment for moment in session.execute(asked).scalars() if moment is not None]
    return sum(moment >= since for moment in moments), sum(moment > now - WEEK for moment in moments)


def _waiting_above(session: Session, message: Message, purpose: Purpose, *, now: datetime) -> int:
    above = [other.value for other, terms in TERMS.items() if terms.priority < TERMS[purpose].priority]
    if not above:
        return 0
    due = or_(Message.leaves_at.is_(None), Message.leaves_at <= now)
    waits = (Message.diner_id == message.diner_id, Message.state == MessageState.QUEUED.value, Message.purpose.in_(above))
    asked = select(func.count()).select_from(Message).where(*waits, due, Message.expires_at > now)
    return session.execute(asked).scalar_one()


def _full(session: Session, purpose: Purpose, channels: Channels, *, now: datetime) -> frozenset[ChannelKind]:
    counted = sent_on(session, platform_day(now))
    templates, _ = counted.get(ChannelKind.TEMPLATE, (0, False))
    full = {channel for channel, (_, says_full) in counted.items() if says_full}
    if templates >= templates_for(purpose, channels):
        full.add(ChannelKind.TEMPLATE)
    return frozenset(full)


def templates_for(purpose: Purpose, channels: Channels) -> int:
    """How many of the day's template messages a purpose may use."""
    whole = channels.templates_a_day
    return whole - whole // _URGENT_SHARE if TERMS[purpose].quiet else whole
