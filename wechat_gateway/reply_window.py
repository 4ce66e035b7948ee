"""The platform's patience: 5 seconds for an answer, three tries, and how old a signature may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wechat_gateway.errors import PushRefusedError

REPLY_SECONDS: Final = 4.2  # the platform drops the line at 5. Source: reference wechat §1.1, ARCHITECTURE §2
LAST_TRY_AGE: Final = timedelta(seconds=9)  # tries start 0, 5 and 10 seconds after the message


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """The time in which one delivery of one push can be answered.

    Attributes:
        received: When this delivery came in, by the loop's monotonic clock, in seconds.
        sent_at: When the diner sent the message, by the platform's clock, aware.
    """

    received: float
    sent_at: datetime

    @property
    def deadline(self) -> float:
        """When the answer must be on its way, by the same monotonic clock."""
        return self.received + REPLY_SECONDS

    def is_last_try(self, now: datetime) -> bool:
        """Whether the platform will not deliver this message again."""
        return now - self.sent_at >= LAST_TRY_AGE


def check_fresh(timestamp: str, now: datetime, max_skew: int) -> None:
    """Refuse a push whose signature was made too long ago, or in the future: someone may be replaying it.

    Args:
        timestamp: Of the query, covered by the signature; Unix seconds in digits.
        max_skew: Seconds allowed either way (HAOWEI_WECHAT_MAX_SKEW).

    Raises:
        PushRefusedError: `malformed` or `stale`.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise PushRefusedError("malformed", "timestamp is not Unix seconds")
    if abs(now.timestamp() - int(timestamp)) > max_skew:
        raise PushRefusedError("stale")
