"""On which days something takes place: "first saturday", "every sunday", "every day"; pure, by the calendar of the place."""

from collections.abc import Iterator
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_WEEK = timedelta(days=7)

Rule = tuple[int, int | None]
"""(which of the month, which day of the week): 0 is every one, -1 the last; Monday is 0, None any day."""


def rule(text: str) -> Rule:
    """Read a rule: "first saturday" -> (1, 5); "every sun" -> (0, 6); "every day" -> (0, None).

    Raises:
        ValueError: Anything else.
    """
    words = text.lower().split()
    if words == ["every", "day"]:
        return 0, None
    if len(words) != 2:
        raise ValueError(f"not a rule of days: {text!r}")
    which = 0 if words[0] == "every" else _ORDINALS.get(words[0])
    day = next((number for number, name in enumerate(_DAYS) if words[1] in {name, name[:3], f"{name}s"}), None)
    if which is None or day is None:
        raise ValueError(f"not a rule of days: {text!r}")
    return which, day


def rule_text(value: Rule) -> str:
    """Write a rule as the shop file does: (1, 5) -> "first saturday"."""
    which, day = value
    ordinal = next((name for name, number in _ORDINALS.items() if number == which), "every")
    return f"{ordinal} {'day' if day is None else _DAYS[day]}"


def takes_place(value: Rule, day: date) -> bool:
    """Whether a rule names a day."""
    which, weekday = value
    if weekday is not None and day.weekday() != weekday:
        return False
    if which == -1:
        return (day + _WEEK).month != day.month
    return which == 0 or (day.day - 1) // 7 + 1 == which


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from one to another, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
