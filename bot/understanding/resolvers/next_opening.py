"""Which day and time a clock time means: opening hours decide between morning and evening, and bookings look forward.

Times are wall-clock times of the store. A day's minutes may go past midnight: 今晚一点 is minute 1500 of today.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.understanding.resolvers.time_tokens import Clock, Day
from domain.shop.hours import DAY_MINUTES, Week, Window

TYPICAL: Week = (((600, 1320),),) * 7
"""10:00 to 22:00: when a store says no hours, and between two readings that both fall into opening hours."""
_PART_WINDOWS: dict[str, Window] = {
    "morning": (300, 720),
    "noon": (660, 840),
    "afternoon": (720, 1080),
    "evening": (1020, 1440),
    "night": (1260, 1740),
    "dawn": (0, 300),
}
_HALF = DAY_MINUTES // 2
_EVES, _FESTIVE_WEEK = 3, 7  # days before and from a festival that its name may stand beside: 国庆3号, 圣诞24号
_NIGHT_ENDS = 5  # o'clock: until then 今晚 is the night that has not ended yet


def clock_times(clock: Clock, part: str | None, day: Day | None, now: datetime, week: Week) -> list[datetime]:
    """The moments that a clock time may mean, likeliest first; more than one only where it is worth asking.

    Args:
        clock, part, day: As they were said.
        now: The wall clock, without zone and seconds.
        week: The store's opening hours.
    """
    said = (clock, part, now, week)
    if day is None:
        return _next_times(*said)
    coming = _times_on(day.dates, *said) or _times_on(day.later, *said)
    return coming or [_readings_on(day.dates[0], *said)[0]]


def same_day(one: Day, other: Day) -> Day | None:
    """A day said twice (12月12号周六, 明天周四); when the two differ, both are asked about."""
    if one.weekday == other.weekday:
        if one.dates[0] == other.dates[0]:
            return one
        if one.weekday or one.numbered == other.numbered:
            return None
        by_number, named = (one, other) if one.numbered else (other, one)
        # 25号圣诞, 国庆3号: of a number without a month, the name says which.
        nth = by_number.dates[0].day - named.dates[0].day
        return replace(named, dates=(named.dates[0] + timedelta(nth),)) if by_number.later and -_EVES <= nth < _FESTIVE_WEEK else by_number
    date_said, weekday = (other, one) if one.weekday else (one, other)
    if date_said.dates[0].weekday() == weekday.dates[0].weekday():
        return date_said
    said = date_said.dates[0]
    nearest = said + timedelta((weekday.dates[0].weekday() - said.weekday() + 3) % 7 - 3)
    return replace(date_said, dates=(said, nearest))


def part_days(part: str | None, day: Day | None, now: datetime, week: Week) -> list[date]:
    """The days that a part of a day, or a day alone, may mean, likeliest first."""
    if day is None:
        today = now.date()
        return [today + timedelta(_is_over(today, part, now, week))]
    coming = [found for found in day.dates if not _is_over(found, part, now, week)]
    return coming or [found for found in day.later if not _is_over(found, part, now, week)] or [day.dates[0]]


def _times_on(days: Iterable[date], clock: Clock, part: str | None, now: datetime, week: Week) -> list[datetime]:
    readings = [[at for at in _readings_on(day, clock, part, now, week) if at >= now] for day in days]
    readings = [found for found in readings if found]
    # Several days: one time on each is enough to ask about.
    return readings[0] if len(readings) == 1 else [found[0] for found in readings]


def _readings_on(day: date, clock: Clock, part: str | None, now: datetime, week: Week) -> list[datetime]:
    """Likeliest first; a second one only when the store is open at both."""
    minutes = _minutes(clock, part)
    if part in {"evening", "night"} and minutes[0] > DAY_MINUTES and day == now.date() and now.hour < _NIGHT_ENDS:
        minutes = (minutes[0] - DAY_MINUTES, *minutes)
    ranked = sorted(minutes, key=lambda minute: _rank(day, minute, now, week, chosen=part is not None))
    if part is None:
        ranked = ranked[:1] + [minute for minute in ranked[1:] if not _gap(day, minute, week)]
    found = [_at(day, minute) for minute in ranked]
    return [at for at in found if at.date() == found[0].date()] if part is None else found[:1]


def _rank(day: date, minute: int, now: datetime, week: Week, *, chosen: bool) -> tuple[bool, int, int, int]:
    over = _at(day, minute) < now
    return (over, 0, 0, minute) if chosen else (over, _gap(day, minute, week), _gap(day, minute, TYPICAL), minute)


def _next_times(clock: Clock, part: str | None, now: datetime, week: Week) -> list[datetime]:
    """Without a day: the next time at which the store is open; if it never is, the one nearest to opening."""
    today = now.date()
    slots: list[tuple[int, datetime]] = []
    for minute in _minutes(clock, part):
        days = [today + timedelta(ahead) for ahead in range(-(minute // DAY_MINUTES), 2)]
        slots += [(0 if part else _gap(day, minute, week), at) for day in days if (at := _at(day, minute)) >= now]
    slots.sort()
    nearest, best = slots[0]
    also = {at for gap, at in slots if gap == nearest == 0 and at.date() == best.date() and at != best}
    return [best, *sorted(also)] if part is None else [best]


def _minutes(clock: Clock, part: str | None) -> tuple[int, ...]:
    """The minutes of the day that a clock time may be."""
    said, hour = clock.minutes, clock.minutes // 60
    if part is None:
        if clock.exact:
            return (said,)
        return (said, said + _HALF, said + DAY_MINUTES) if hour <= _NIGHT_ENDS else (said, said + _HALF)
    if part == "dawn":
        return (said % _HALF, said % _HALF + DAY_MINUTES)
    if hour > 12 or part == "morning":
        return (said,)
    if part == "noon":
        return (said if hour >= 10 else said + _HALF,)
    if part == "afternoon":
        return (said if hour == 12 else said + _HALF,)
    return (said + _HALF if hour >= _NIGHT_ENDS else said + DAY_MINUTES,)


def _gap(day: date, minute: int, week: Week) -> int:
    """Minutes between a time and the nearest opening hours; 0 when the store is open then."""
    own = week[day.weekday()]
    before = [(opens - DAY_MINUTES, closes - DAY_MINUTES) for opens, closes in week[day.weekday() - 1] if closes > DAY_MINUTES]
    windows: Sequence[Window] = [*own, *before] or [window for windows in week for window in windows] or TYPICAL[0]
    return min(0 if opens <= minute < closes else opens - minute if minute < opens else minute - closes + 1 for opens, closes in windows)


def _is_over(day: date, part: str | None, now: datetime, week: Week) -> bool:
    if day != now.date() or part is None:
        return day < now.date()
    begins, ends = _PART_WINDOWS[part]
    open_until = [min(closes, ends) for opens, closes in week[day.weekday()] if opens < ends and closes > begins]
    return now.hour * 60 + now.minute >= max(open_until, default=ends)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)
