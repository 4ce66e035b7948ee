"""The words of time that are read one by one before they are put together: days, parts of the day, clock times, lengths."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was said.

    Attributes:
        dates: What it may mean, likeliest first; what is over is passed by when another one is not.
        later: What it means when all of them are over: 周三中午 said on a Wednesday afternoon is next week's.
        numbered: Said by its number (12月3号), so a weekday beside it only repeats it.
        grain: day, week or month.
    """

    dates: tuple[date, ...]
    later: tuple[date, ...] = ()
    numbered: bool = False
    weekday: bool = False
    grain: str = "day"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time as it was said.

    Attributes:
        minutes: After midnight, as the number says it; below zero for 差五分零点.
        exact: Of the two readings of a number up to twelve, this one is meant (19:00, 07:30, 0点).
    """

    minutes: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """Words of time. One token may say several things: 今晚 would be a day and a part, tonight is both at once.

    Attributes:
        start, end: In the normal form of the text.
        part: morning, noon, afternoon, evening, night, or dawn (the early hours of the date itself).
        instant: A moment counted from now: 半小时后.
        delta: Minutes by which a booking moves: 推迟半小时 is 30.
    """

    start: int
    end: int
    day: Day | None = None
    part: str | None = None
    clock: Clock | None = None
    instant: datetime | None = None
    delta: int | None = None
    approx: bool = False

    def joined(self, other: "Token", *, day: Day | None, approx: bool) -> "Token":
        """This one and the next one as one expression on a day."""
        part, clock = self.part or other.part, self.clock or other.clock
        return Token(self.start, other.end, day, part, clock, approx=self.approx or other.approx or approx)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text while it is read.

    Attributes:
        text: In normal form; what others have taken is blotted out.
        now: The wall clock of the store.
        last: The word of time read before.
    """

    text: str
    now: datetime
    last: Token | None = None

    @property
    def today(self) -> date:
        """The date on the wall clock."""
        return self.now.date()

    def touches(self, start: int) -> bool:
        """Whether the word read before ends here, or a space earlier."""
        return self.last is not None and self.text[self.last.end : start].strip(" 的") == ""


@dataclass(frozen=True, slots=True)
class Words:
    """One kind of words of time: the characters they begin with, how they are spelled, and what they say."""

    begins: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Reading], Token | None]


BLOT = "￼"
"""Stands where a dish or something else was taken out of the text."""
