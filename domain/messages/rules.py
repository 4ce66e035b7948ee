"""Pure decisions about messages: purposes, windows, states."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Purpose(StrEnum):
    """Why we write to a diner."""

    REPLY = "reply"  # the late answer to what they said
    PAYMENT = "payment"  # that their money arrived
    SERVICE = "service"  # something about their order
    REMINDER = "reminder"  # something of theirs is about to end, or waits for them


# An unknown outcome of these is repeated once: silence would be worse than a second copy. Source: decision 11.
REPEATED_ONCE = frozenset({Purpose.REPLY, Purpose.PAYMENT})

LIFE = {
    Purpose.REPLY: timedelta(minutes=10),
    Purpose.PAYMENT: timedelta(hours=24),
    Purpose.SERVICE: timedelta(hours=2),
    Purpose.REMINDER: timedelta(hours=10),
}


_DAY_BEGINS, _DAY_ENDS = time(9, 0), time(21, 30)  # Source: RESTAURANT, Messages (quiet hours of reminders and marketing)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the next nine o'clock in the diner's part of the world when it is in the quiet hours."""
    local = moment.astimezone(zone)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return moment
    day = local.date() if local.time() < _DAY_BEGINS else local.date() + timedelta(days=1)
    return datetime.combine(day, _DAY_BEGINS, tzinfo=zone).astimezone(UTC)


class Window(StrEnum):
    """What a diner did that lets us write customer-service messages."""

    MESSAGE = "message"
    TAP = "tap"


# (messages, how long). Source: reference wechat §1.2, official page of 2026-10.
QUOTAS = {Window.MESSAGE: (5, timedelta(hours=48)), Window.TAP: (3, timedelta(minutes=1))}


class MessageState(StrEnum):
    """Life of a message to a diner (ARCHITECTURE, decision 11)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


class ChannelKind(StrEnum):
    """How a message leaves."""

    CUSTOMER = "customer"
    TEMPLATE = "template"
