"""Opening hours and serving times: windows of a week in local minutes, which may cross midnight."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

Window = tuple[int, int]
"""Opens and closes, in minutes after the day's midnight; closing after midnight is above 1440."""

Week = tuple[tuple[Window, ...], ...]
"""The windows of Monday to Sunday."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440
ALWAYS: Week = (((0, DAY_MINUTES),),) * 7

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_WINDOW = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)", re.ASCII)


def minutes(text: str) -> int:
    """Read a time of day: "10:30" -> 630. "24:00" is the end of the day.

    Raises:
        ValueError: Not a time.
    """
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time of day: {text!r}")
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def window(text: str) -> Window:
    """Read a window: "17:00-02:00" -> (1020, 1560).

    Raises:
        ValueError: Not two times with a hyphen between them, or both the same.
    """
    match = _WINDOW.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a window of time: {text!r}")
    opens, closes = minutes(match[1]), minutes(match[2])
    if opens in {closes, DAY_MINUTES}:
        raise ValueError(f"an empty window of time: {text!r}")
    return opens, closes if closes > opens else closes + DAY_MINUTES


def window_text(value: Window) -> str:
    """Write a window as the shop file does: (1020, 1560) -> "17:00-02:00"."""
    opens, closes = value
    closes = closes if closes <= DAY_MINUTES else closes - DAY_MINUTES
    return f"{opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}"


def days(text: str) -> tuple[int, ...]:
    """Read days of the week: "mon-fri" -> (0, 1, 2, 3, 4); "sat,mon" -> (0, 5). "fri-mon" goes over the week's end.

    Raises:
        ValueError: Another word.
    """
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"not days of the week: {text!r}")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found.update(day % 7 for day in range(start, end + 1 if end >= start else end + 8))
    return tuple(sorted(found))


def serving_time(text: str) -> tuple[tuple[int, ...], Window]:
    """Read a serving time: days, a window, or both: "mon-fri 10:30-14:00", "sat,sun", "17:00-21:00".

    Raises:
        ValueError: Anything else.
    """
    words = text.split()
    if not 1 <= len(words) <= 2:
        raise ValueError(f"not a serving time: {text!r}")
    if len(words) == 2:
        return days(words[0]), window(words[1])
    return (tuple(range(7)), window(words[0])) if ":" in words[0] else (days(words[0]), (0, DAY_MINUTES))


def week_of(times: Sequence[str]) -> Week:
    """The week of a list of serving times; no times at all is always."""
    if not times:
        return ALWAYS
    week: list[list[Window]] = [[] for _ in DAYS]
    for on_days, value in map(serving_time, times):
        for day in on_days:
            week[day].append(value)
    return tuple(tuple(sorted(windows)) for windows in week)


def within(week: Week, local: datetime) -> bool:
    """Whether a wall-clock time falls in a window of its day, or in one of the day before that went over midnight."""
    minute = local.hour * 60 + local.minute
    yesterday = (local - timedelta(days=1)).weekday()
    return any(opens <= minute < closes for opens, closes in week[local.weekday()]) or any(
        minute + DAY_MINUTES < closes for _, closes in week[yesterday]
    )


def overlap(week: Week) -> tuple[int, Window] | None:
    """The first window that begins before the one before it has closed, with its day, or None."""
    spans = sorted((day * DAY_MINUTES + opens, day * DAY_MINUTES + closes, day) for day in range(7) for opens, closes in week[day])
    if not spans:
        return None
    again = spans[0][0] + 7 * DAY_MINUTES, spans[0][1], spans[0][2]
    for (_, ends, _), (begins, closes, day) in pairwise([*spans, again]):
        if begins < ends:
            return day, (begins % DAY_MINUTES, closes - day * DAY_MINUTES)
    return None
