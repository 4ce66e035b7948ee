"""Pure decisions about service calls."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

ESCALATES_AFTER = (timedelta(minutes=3), timedelta(minutes=6))  # since it was called; then the staff have been told often enough
FORGOTTEN_AFTER = timedelta(hours=1)  # of a table at which nobody has scanned: nobody says when that party leaves
MOST_WORDS = 40  # of the diner's own words that a waiter reads
MOST_KEPT = 64  # of all they asked for in one call
MOST_NUDGES = 4  # of what has no kind of its own: a box to take home, then toothpicks, then ice
MOST_CALLS = 12  # of one diner within ten minutes, those taken back too: every one is paper in somebody's hand
CALLS_WITHIN = timedelta(minutes=10)


class CallKind(StrEnum):
    """What somebody is called for."""

    WATER = "water"
    TISSUE = "tissue"
    CHAIR = "chair"
    CLEAN = "clean"
    BILL = "bill"
    OTHER = "other"


TITLES: Mapping[CallKind, str] = {
    CallKind.WATER: "加水",
    CallKind.TISSUE: "拿纸巾",
    CallKind.CHAIR: "加椅子",
    CallKind.CLEAN: "收拾桌面",
    CallKind.BILL: "来人结账",
    CallKind.OTHER: "叫服务员",
}


class CallState(StrEnum):
    """Life of a call."""

    OPEN = "open"  # nobody has taken it
    TAKEN = "taken"  # somebody is on the way
    DONE = "done"
    WITHDRAWN = "withdrawn"  # 不用了
    ENDED = "ended"  # the party left before anybody came


LIVE = frozenset({CallState.OPEN, CallState.TAKEN})
