"""Business numbers of messages: purposes and their terms, windows, quotas, states."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class ChannelKind(StrEnum):
    """How a message leaves."""

    CUSTOMER = "customer"  # customer-service message, while a window is open
    NOTICE = "notice"  # subscription notice, one for each consent
    TEMPLATE = "template"  # template message, for service only
    MASS = "mass"  # mass send, four a diner and calendar month


class Purpose(StrEnum):
    """Why we write to a diner."""

    SAFETY = "safety"  # a recalled dish, a fire alarm, food that someone must not eat
    CALL = "call"  # their number is called
    PAYMENT = "payment"  # that their money arrived
    REPLY = "reply"  # the late answer to what they said
    SERVICE = "service"  # something about their order
    BOOKING = "booking"  # that a booking or a place at an event comes near
    REMINDER = "reminder"  # something of theirs is about to end, or waits for them
    MARKETING = "marketing"  # what we would like them to buy


_SERVICE_CHANNELS = (ChannelKind.CUSTOMER, ChannelKind.NOTICE, ChannelKind.TEMPLATE)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms messages of a purpose leave.

    Attributes:
        priority: Lower goes first: a message leaves the window to those of a lower number that wait at the same time.
        life: How long it is worth sending, from the moment at which it may leave.
        channels: Where it may go at all, cheapest first.
        keeps: Customer messages that it leaves in the window for what is more urgent.
        repeats: How often one with an unknown outcome is said again where the platform knows no key for it.
        quiet: Not sent from 21:30 to 9:00.
        a_day, a_week: At most so many to a diner on a day of the quiet hours' zone, and in seven days; None for any number.
    """

    priority: int
    life: timedelta
    channels: tuple[ChannelKind, ...] = _SERVICE_CHANNELS
    keeps: int = 0
    repeats: int = 0
    quiet: bool = False
    a_day: int | None = None
    a_week: int | None = None


# What is quiet lives longer than a night. Source: RESTAURANT, Messages; repeats: ARCHITECTURE, decision 11; marketing is no template
# and no notice: reference wechat §1.3–1.4.
TERMS: Final = {
    Purpose.SAFETY: Terms(0, timedelta(hours=24), repeats=1),
    Purpose.CALL: Terms(1, timedelta(minutes=10), repeats=1),
    Purpose.PAYMENT: Terms(2, timedelta(hours=24), repeats=1),
    Purpose.REPLY: Terms(3, timedelta(minutes=10), channels=(ChannelKind.CUSTOMER,), repeats=1),
    Purpose.SERVICE: Terms(4, timedelta(hours=2)),
    Purpose.BOOKING: Terms(5, timedelta(hours=14), keeps=1, quiet=True, a_day=6),
    Purpose.REMINDER: Terms(6, timedelta(hours=14), keeps=1, quiet=True, a_day=3),
    Purpose.MARKETING: Terms(
        7, timedelta(hours=24), channels=(ChannelKind.CUSTOMER, ChannelKind.MASS), keeps=2, quiet=True, a_day=1, a_week=3
    ),
}

WEEK: Final = timedelta(days=7)


def day_began(moment: datetime, zone: ZoneInfo) -> datetime:
    """The midnight before a moment, in a zone."""
    return datetime.combine(moment.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)


class Window(StrEnum):
    """What a diner did that lets us write customer-service messages."""

    MESSAGE = "message"
    TAP = "tap"


# (messages, how long). Source: reference wechat §1.2, official page of 2026-10.
QUOTAS = {Window.MESSAGE: (5, timedelta(hours=48)), Window.TAP: (3, timedelta(minutes=1))}

PLATFORM_ZONE: Final = ZoneInfo("Asia/Shanghai")  # the days and months by which WeChat counts
TEMPLATES_A_DAY: Final = 100_000  # of an account, template messages. Source: reference wechat §1.3
MASS_A_MONTH: Final = 4  # to a diner, by calendar month. Source: reference wechat §1.5

# The platform knows a template's client_msg_id for ten minutes; within nine a repeat is surely none. Source: reference wechat §0.9
SAME_TEMPLATE: Final = timedelta(minutes=9)
REFUSAL_LASTS: Final = timedelta(days=30)  # a diner who blocked template messages is not tried again before


class MessageState(StrEnum):
    """Life of a message to a diner (ARCHITECTURE, decision 11)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


# What may have reached the diner, and therefore counts.
LEFT: Final = (MessageState.SENDING.value, MessageState.SENT.value, MessageState.UNKNOWN.value)

REPEATED: Final = frozenset(purpose.value for purpose, terms in TERMS.items() if terms.repeats)
"""Purposes of which a message with an unknown outcome is said once more."""
