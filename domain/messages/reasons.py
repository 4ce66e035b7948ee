"""Why a message has not left, or did not arrive, in words for whoever looks into the records."""

from datetime import datetime
from typing import Final

from domain.messages.rules import ChannelKind, MessageState

_WHY: Final = {
    # The arbiter's.
    "not_following": "the diner does not follow the account",
    "unreachable": "the platform says that this diner cannot be reached, until they do something",
    "quiet_hours": "nobody is disturbed between 21:30 and 9:00",
    "cap_day": "the diner got as many of the kind today as may be",
    "cap_week": "the diner got as many of the kind in seven days as may be",
    "no_window": "the diner has not written for 48 hours, nor tapped within the minute",
    "window_used": "the customer messages of the diner's last act are used up",
    "window_kept": "the last customer messages are kept for what is more urgent",
    "no_consent": "the diner has allowed no notice of the kind",
    "templates_refused": "the diner blocks template messages",
    "month_full": "the diner got the four mass sends of this month",
    "day_full": "the account's messages of the day are used up",
    "contended": "other messages to the diner were faster, again and again",
    # Of the way out.
    "too_late": "it came too late to be worth anything, as after an outage",
    "interrupted": "the worker ended while it was being sent: nobody knows whether it came",
    "no_answer": "the platform did not answer: nobody knows whether it came",
    "erased": "the diner's address was erased at their wish",
    # What the platform said.
    "user_block": "the diner has blocked it",
    "system_failed": "the platform could not deliver it",
    "busy": "the platform is busy",
}
_STATES: Final = {
    MessageState.SENDING: "is being sent, by {channel}",
    MessageState.SENT: "sent, by {channel}",
    MessageState.UNKNOWN: "unknown",
    MessageState.FAILED: "failed",
    MessageState.EXPIRED: "dropped",
    MessageState.SUPPRESSED: "not sent",
}
_CHANNELS: Final = {
    ChannelKind.CUSTOMER: "customer message",
    ChannelKind.NOTICE: "subscription notice",
    ChannelKind.TEMPLATE: "template message",
    ChannelKind.MASS: "mass send",
}


def in_words(
    state: str, channel: str | None, reason: str | None, leaves_at: datetime | None, expires_at: datetime, *, now: datetime
) -> str:
    """What has become of a message, or what it waits for and how long."""
    why = "; ".join(why_in_words(part) for part in reason.split("+")) if reason else ""
    if state == MessageState.QUEUED:
        later = f"until {_moment(leaves_at)}" if leaves_at is not None and leaves_at > now else "for a worker"
        said = f"waits {later}, is worth sending until {_moment(expires_at)}"
    else:
        said = _STATES[MessageState(state)].format(channel=_CHANNELS[ChannelKind(channel)] if channel else "nothing")
    return f"{said}: {why}" if why else said


def why_in_words(code: str) -> str:
    """One reason. What only the platform knows (an error code of its own) stands as it is."""
    return _WHY.get(code, f"the platform refused it ({code})")


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "now"
