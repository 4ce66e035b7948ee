"""Birthdays as diners write them: 3月8号, 03-08, 1988年4月3日, 三月初八. A day without a year; of a lunar one the solar is asked for."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.quantities import read_numeral

_LEAP_YEAR = 2000  # so that 2月29日 is a birthday
_NUMERAL = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_LUNAR_DAY = "初[一二三四五六七八九十]|十[一二三四五六七八九]|廿[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十"
_LUNAR = re.compile(
    f"(?:(?:农历|阴历|旧历)的?(?:(?:[正冬腊一二三四五六七八九十]{{1,2}}|[0-9]{{1,2}})月)?的?(?:{_LUNAR_DAY}|[0-9]{{1,2}})?[日号]?"
    f"|(?:[正冬腊]月|(?:十?[一二三四五六七八九十]|[0-9]{{1,2}})月(?=初|廿))(?:{_LUNAR_DAY}|[0-9]{{1,2}})?[日号]?)"
)
_SPELLED = re.compile(f"(?P<month>{_NUMERAL})月份?的?(?:(?P<day>{_NUMERAL})[日号]?|(?P<about>初|上旬|中旬|下旬|底|末))?(?!份)")
_SIGNS = re.compile(
    r"(?<![0-9.\-/])(?:(?:19|20)[0-9]{2}\s?[-/.年]\s?)?(?P<month>0?[1-9]|1[0-2])\s?[-/.]\s?(?P<day>[0-3]?[0-9])(?![0-9\-/.])"
)
_BARE = re.compile(r"(?<![0-9])(?:(?:19|20)[0-9]{2})?(?P<month>0[1-9]|1[0-2])(?P<day>[0-3][0-9])(?![0-9])")
_ENGLISH = re.compile("(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?\\s*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class BirthdaySpan:
    """A birthday: `start` and `end` in the text as written.

    Attributes:
        month, day: Of the solar calendar; None where they were not said, or only by the lunar one.
        lunar: The words of a lunar date: the solar one has to be asked for, as it moves from year to year.
        impossible: There is no such day: 2月30日.
    """

    start: int
    end: int
    month: int | None = None
    day: int | None = None
    lunar: str = ""
    impossible: bool = False

    def to_json(self) -> dict[str, Any]:
        """The value in commands."""
        return {"month": self.month, "day": self.day, "lunar": self.lunar, "impossible": self.impossible}


def find_birthdays(text: str) -> list[BirthdaySpan]:
    """The birthdays of a text, from left to right; of a text that speaks of birthdays, as any date looks like one.

    Args:
        text: As the diner wrote it.
    """
    form = normal_form(text)
    found: list[BirthdaySpan] = []
    for pattern in (_LUNAR, _SPELLED, _ENGLISH, _SIGNS, _BARE):
        for match in pattern.finditer(form.text):
            start, end = form.span(*match.span())
            if any(start < other.end and other.start < end for other in found):
                continue
            said = BirthdaySpan(start, end, lunar=match[0]) if pattern is _LUNAR else _solar(match, start, end)
            if said is not None:
                found.append(said)
    return sorted(found, key=lambda span: span.start)


def _solar(match: re.Match[str], start: int, end: int) -> BirthdaySpan | None:
    groups = match.groupdict()
    month = _MONTHS.index(groups["name"]) + 1 if groups.get("name") else _number(groups["month"])
    day = _number(groups["day"]) if groups["day"] else None
    if month is None or (groups["day"] and day is None):
        return None
    return BirthdaySpan(start, end, month, day, impossible=not _exists(month, day))


def _exists(month: int, day: int | None) -> bool:
    try:
        date(_LEAP_YEAR, month, day or 1)
    except ValueError:
        return False
    return True


def _number(spelled: str) -> int | None:
    if spelled.isascii():
        return int(spelled)
    number = read_numeral(spelled)
    return number[0] if number is not None and not number[1] else None
