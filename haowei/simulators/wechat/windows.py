"""How many customer-service messages a diner may still be sent.

Source: the platform's page on sending customer messages: 5 within 48 h of a message, 3 within a minute of a
menu tap, a follow and a scan. A tap on a choice (msgmenu) counts as a menu tap, though it arrives as text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from haowei.simulators.wechat.codec import Fields
from haowei.simulators.wechat.errors import ApiError


class Trigger(StrEnum):
    """What opens a window."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


_RULES = {
    Trigger.MESSAGE: (5, timedelta(hours=48)),
    Trigger.MENU: (3, timedelta(minutes=1)),
    Trigger.FOLLOW: (3, timedelta(minutes=1)),
    Trigger.SCAN: (3, timedelta(minutes=1)),
}
_EVENTS = {
    "CLICK": Trigger.MENU,
    "scancode_push": Trigger.MENU,
    "scancode_waitmsg": Trigger.MENU,
    "subscribe": Trigger.FOLLOW,
    "SCAN": Trigger.SCAN,
}


def trigger_of(push: Fields) -> Trigger | None:
    """Which window a push opens, if any."""
    if push.get("MsgType") == "event":
        return _EVENTS.get(str(push.get("Event")))
    return Trigger.MENU if "bizmsgmenuid" in push else Trigger.MESSAGE


@dataclass(slots=True)
class _Window:
    closes_at: datetime
    left: int


class ServiceWindows:
    """The windows of one diner. A new trigger of a kind replaces the window of that kind."""

    def __init__(self) -> None:
        self._windows: dict[Trigger, _Window] = {}

    def open(self, trigger: Trigger, now: datetime) -> None:
        """The diner did something that opens a window."""
        limit, length = _RULES[trigger]
        self._windows[trigger] = _Window(now + length, limit)

    def close(self) -> None:
        """The diner left: nothing may be sent any more."""
        self._windows.clear()

    def left(self, now: datetime) -> int:
        """Messages that may still be sent now."""
        return sum(window.left for window in self._open(now))

    def require(self, now: datetime) -> None:
        """Check that one message may be sent.

        Raises:
            ApiError: 45015 no window is open; 45047 the open ones are used up.
        """
        windows = self._open(now)
        if not windows:
            raise ApiError(45015)
        if not any(window.left for window in windows):
            raise ApiError(45047)

    def spend(self, now: datetime) -> None:
        """Count one message, against the window that closes first.

        Raises:
            ApiError: As `require`.
        """
        self.require(now)
        min((window for window in self._open(now) if window.left), key=lambda window: window.closes_at).left -= 1

    def _open(self, now: datetime) -> list[_Window]:
        return [window for window in self._windows.values() if now < window.closes_at]
