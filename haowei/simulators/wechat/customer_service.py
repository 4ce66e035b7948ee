"""The platform's customer service (客服): its staff take a diner's talk over from the account, and give it back.

Source: the platform's page on forwarding messages to customer service. Once a member of staff has taken a talk, what the
diner sends goes straight to them and is not pushed, until they close the talk or 30 minutes have passed; taps and scans are
pushed all the same. A diner who waits in the queue is still pushed. No document names an event for the end of the 30 minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.kernel.clock import Clock

CREATED = "kf_create_session"
CLOSED = "kf_close_session"
_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Session:
    account: str
    ends_at: datetime


class CustomerService:
    """The staff of one account, and which of them has whose talk.

    Attributes:
        on_duty: The staff account ("name@account") that takes whoever is handed over; "" for nobody: diners wait.
    """

    def __init__(self, original_id: str, clock: Clock) -> None:
        self.on_duty = f"kf2001@{original_id}"
        self._clock = clock
        self._sessions: dict[str, _Session] = {}

    def talking_to(self, openid: str) -> str:
        """The staff account that has a diner's talk, or ""."""
        session = self._sessions.get(openid)
        return session.account if session and self._clock.now() < session.ends_at else ""

    def take(self, openid: str, wanted: str = "") -> str:
        """Take a talk that was handed over; gives the staff account, or "" when nobody is there or somebody has it already.

        Args:
            wanted: The staff account that was asked for, or "" for anybody.
        """
        if not self.on_duty or self.talking_to(openid):
            return ""
        account = wanted or self.on_duty
        self._sessions[openid] = _Session(account, self._clock.now() + _LASTS)
        return account

    def close(self, openid: str) -> str:
        """Close a talk; gives the staff account that had it, or ""."""
        account = self.talking_to(openid)
        self._sessions.pop(openid, None)
        return account
