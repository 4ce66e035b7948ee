"""The days that diners name without a number: public holidays, lunar festivals and lunar dates, from 2024 to 2050.

A lunar year is kept as its first day and the lengths of its months; everything else is counted from there. Festivals are
rows of a table: when, and what diners call them. Outside the years of the table a lunar day is not known, and not guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

# Source: lunar_python 1.4.8 (MIT), generated once. Lunar year, its first day, its months in order (L of 30 days, s of 29; the leap
# month stands behind the month whose number it repeats), number of the leap month (0: none), and the day of the month on which
# 清明 (April), 立秋 (August), 立冬 (November) and 冬至 (December) of that civil year fall. 2023 is there for January 2024.
_YEARS = """
    2023 01-22 sLssLLsLLsLsL 2 5 8 8 22
    2024 02-10 sLssLsLLsLLs 0 4 7 7 21
    2025 01-29 LsLssLsLsLLLs 6 4 7 7 21
    2026 02-17 LsLssLssLLLs 0 5 7 7 22
    2027 02-06 LLsLssLssLLs 0 5 8 7 22
    2028 01-26 LLLsLssLssLLs 5 4 7 7 21
    2029 02-13 LLsLsLsLssLL 0 4 7 7 21
    2030 02-03 sLsLLsLsLsLs 0 5 7 7 22
    2031 01-23 sLLsLsLLsLsLs 3 5 8 7 22
    2032 02-11 LssLsLLsLLsL 0 4 7 7 21
    2033 01-31 sLssLsLsLLLsL 11 4 7 7 21
    2034 02-19 sLssLsLsLLsL 0 5 7 7 22
    2035 02-08 LsLssLssLLsL 0 5 7 7 22
    2036 01-28 LLsLssLssLsLL 6 4 7 7 21
    2037 02-15 LLsLssLssLsL 0 4 7 7 21
    2038 02-04 LLsLsLsLssLs 0 5 7 7 22
    2039 01-24 LLsLLsLsLsLss 5 5 7 7 22
    2040 02-12 LsLLsLsLLsLs 0 4 7 7 21
    2041 02-01 sLsLsLLsLLsL 0 4 7 7 21
    2042 01-22 sLssLsLsLLsLL 2 4 7 7 22
    2043 02-10 sLssLssLLsLL 0 5 7 7 22
    2044 01-30 LsLssLssLsLLL 7 4 7 7 21
    2045 02-17 LsLssLssLsLL 0 4 7 7 21
    2046 02-06 LsLsLsLssLsL 0 4 7 7 22
    2047 01-26 LsLLsLsLssLsL 5 5 7 7 22
    2048 02-14 sLLsLLsLssLs 0 4 7 7 21
    2049 02-02 LsLsLLsLLsLs 0 4 7 7 21
    2050 01-23 sLsLsLsLLsLLs 3 4 7 7 22
"""

# When, and the names; the first number is the month. "L": lunar; "L12-end": its last day; "5-sun2": the second Sunday of May.
# Two dates: both are kept somewhere (小年 is the 23rd in the north and the 24th in the south); the sooner one is the likelier.
_FESTIVALS = """
    1-1 元旦 元旦节 阳历年
    2-14 情人节 西方情人节
    3-7 女生节
    3-8 妇女节 三八节 38节 三八妇女节 女神节
    3-12 植树节
    3-14 白色情人节
    4-1 愚人节
    term4 清明 清明节
    5-1 五一 五一节 劳动节 五一劳动节
    5-4 青年节 五四青年节
    5-sun2 母亲节
    6-1 六一 六一节 儿童节 六一儿童节
    6-sun3 父亲节
    7-1 建党节
    8-1 建军节 八一建军节
    term8 立秋
    9-10 教师节
    10-1 国庆 国庆节 十一国庆节 十一国庆
    10-31 万圣节 万圣夜
    term11 立冬
    11-11 双十一 双11 光棍节
    11-thu4 感恩节
    12-12 双十二 双12
    term12 冬至 冬至节
    12-24 平安夜 圣诞前夜
    12-25 圣诞 圣诞节
    12-31 跨年 跨年夜 元旦前夜
    1-1/L1-1 新年
    L1-1 春节 过年 大年初一 农历新年 阴历年
    L1-15 元宵节 上元节 灯节
    L2-2 龙抬头 二月二
    L5-5 端午 端午节 端阳节
    L7-7 七夕 七夕节 七夕情人节
    L7-15 中元节 鬼节
    L8-15 中秋 中秋节 八月节 八月十五
    L9-9 重阳 重阳节
    L12-8 腊八 腊八节
    L12-23/L12-24 小年
    L12-end 除夕 大年三十 年三十 大年夜
    5-20 520 五二零 五二〇
    6-18 618 六一八
    10-1 十一
    L1-15 元宵
"""
# These are numbers or food as often as days: they count beside a word of time only.
ONLY_IN_CONTEXT = frozenset({"520", "五二零", "五二〇", "618", "六一八", "十一", "元宵"})

_TERM_MONTHS = {"term4": 4, "term8": 8, "term11": 11, "term12": 12}
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}

Occurrence = Callable[[int], date | None]
"""The day on which something falls in a year (a lunar one for lunar days); None where it does not, or is not known."""


@dataclass(frozen=True, slots=True)
class _LunarYear:
    first: date
    months: tuple[int, ...]
    leap: int
    terms: dict[int, int]


def _read_years() -> dict[int, _LunarYear]:
    years: dict[int, _LunarYear] = {}
    for row in _YEARS.split("\n")[1:-1]:
        year, first, months, leap, *terms = row.split()
        days = tuple(30 if length == "L" else 29 for length in months)
        years[int(year)] = _LunarYear(
            date.fromisoformat(f"{year}-{first}"), days, int(leap), dict(zip((4, 8, 11, 12), map(int, terms), strict=True))
        )
    return years


_LUNAR = _read_years()
FIRST_YEAR, LAST_YEAR = min(_LUNAR), max(_LUNAR)


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The civil date of a lunar one; the 30th of a month of 29 days is its last day, as 年三十 is New Year's Eve in any year.

    Args:
        year: Lunar: it begins in January or February of the same civil year.
        leap: The second month of that number.

    Returns:
        None outside the table, or when the year has no such leap month.
    """
    known = _LUNAR.get(year)
    if known is None or not (1 <= month <= 12 and 1 <= day <= 30) or (leap and known.leap != month):
        return None
    index = month - 1 + (leap or 0 < known.leap < month)
    return known.first + timedelta(sum(known.months[:index]) + min(day, known.months[index]) - 1)


def civil_day(year: int, month: int, day: int) -> date | None:
    """A date of the civil calendar, None when there is none (2月30日)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def coming(occurrence: Occurrence, today: date) -> date | None:
    """The first day on or after today on which something falls."""
    # A lunar December ends in the civil year after; leap days are up to eight years apart.
    found = (occurrence(year) for year in range(today.year - 1, today.year + 9))
    return next((day for day in found if day is not None and day >= today), None)


def festivals() -> tuple[str, ...]:
    """Every name of a festival, longest first."""
    return tuple(sorted(_festival_days(), key=len, reverse=True))


def festival(name: str, today: date, *, year: int | None = None) -> tuple[date, ...]:
    """The days that a festival's name may mean, likeliest first.

    Args:
        name: One of `festivals()`.
        today: The first day that counts, when no year is given.
        year: The civil year that was named (明年春节); a day of it that is over counts as the next one.
    """
    since = today if year is None else max(today, date(year, 1, 1))
    days = (coming(occurrence, since) for occurrence in _festival_days()[name])
    return tuple(sorted({day for day in days if day is not None}))


@cache
def _festival_days() -> dict[str, tuple[Occurrence, ...]]:
    named: dict[str, tuple[Occurrence, ...]] = {}
    for row in _FESTIVALS.split("\n")[1:-1]:
        when, *names = row.split()
        named |= dict.fromkeys(names, tuple(map(_occurrence, when.split("/"))))
    return named


def _occurrence(when: str) -> Occurrence:
    """Read the first column of the table of festivals."""
    if term := _TERM_MONTHS.get(when):
        return lambda year: date(year, term, _LUNAR[year].terms[term]) if year in _LUNAR else None
    month, day = when.removeprefix("L").split("-")
    if when == "L12-end":
        return lambda year: lunar_day(year, 12, 30)
    if when.startswith("L"):
        return lambda year: lunar_day(year, int(month), int(day))
    if day[:3] in _WEEKDAYS:
        return lambda year: nth_weekday(year, int(month), _WEEKDAYS[day[:3]], int(day[3:]))
    return lambda year: civil_day(year, int(month), int(day))


def named_year(words: str | None, today: date) -> int | None:
    """The year that 今年, 明年, 2028年 or 28年 says."""
    if not words:
        return None
    if words[0].isdigit():
        year = int(words.rstrip("年"))
        return year if year > 99 else 2000 + year
    return today.year + ("今", "明", "后").index(words[0])


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The second Sunday of a month, and the like; Monday is 0."""
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
