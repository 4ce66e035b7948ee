"""What is read out of a text about time: where it stands, what else it may mean, and what is left alone."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.calendar import FIRST_YEAR, LAST_YEAR, festival, festivals, lunar_day
from bot.understanding.resolvers.times import Moment, find_times
from domain.shop.hours import week_of

WEDNESDAY = datetime(2026, 11, 18, 14, 20, tzinfo=timezone(timedelta(hours=8)))
ALL_DAY = week_of(["06:30-22:00"])
BAR = week_of(["17:00-02:00"])


def only(text: str, now: datetime = WEDNESDAY, **said) -> Moment:
    [span] = find_times(text, now=now, **said)
    return span.moment


def at(moment: Moment) -> str:
    return " ".join(str(item) for item in (moment.date, moment.time and f"{moment.time:%H:%M}", moment.part) if item)


def words(text: str, **said) -> list[str]:
    return [text[span.start : span.end] for span in find_times(text, now=WEDNESDAY, **said)]


# --- where it stands ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("帮我订明晚七点半的位子,六个人", ["明晚七点半"]),
        ("週六　晚上８點左右 四位", ["週六　晚上８點左右"]),
        ("明\u200b晚七\u200b点", ["明\u200b晚七\u200b点"]),
        ("除夕那天中午", ["除夕那天中午"]),
        ("推迟半小时左右可以吗", ["推迟半小时左右"]),
        ("明天我们六个人七点到", ["明天", "七点"]),
        ("周六或者周日", ["周六或者周日"]),
        ("9月9 六个人", ["9月9"]),
        ("19:30 六个人", ["19:30"]),
        ("周日 来", ["周日"]),
        ("后天过来吃个午饭", ["后天过来吃个午饭"]),
        ("过完元旦第二天", ["元旦第二天"]),
        ("春节期间初四晚上", ["春节期间初四晚上"]),
    ],
)
def test_spans_are_offsets_into_the_text_as_written(text, expected):
    assert words(text) == expected


def test_what_is_taken_is_not_read():
    assert words("八点水煮鱼片一份", taken=[(0, 6)]) == []
    assert words("八点水煮鱼片一份", taken=[(2, 6)]) == []
    assert words("明晚八点水煮鱼片一份", taken=[(4, 8)]) == ["明晚八点"]
    assert words("来个五一大虾", taken=[(2, 6)]) == []
    assert words("三號餐，後天來", taken=[(0, 3)]) == ["後天"]


@given(st.text(alphabet="今明后天晚上中午周六下个月号12三十点半:.-/ ,，不是改到推迟小时分钟过年初二除夕个人桌\u200b８點", max_size=24))
def test_any_text_gives_ordered_spans_inside_it(text):
    found = find_times(text, now=WEDNESDAY)

    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(not text[span.end - 1].isspace() for span in found)
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert found == find_times(text, now=WEDNESDAY)


@given(
    st.integers(0, 23 * 365 * 1440),
    st.sampled_from(["七点", "晚上", "周三中午", "周末晚上六点", "31号", "31号晚上七点", "除夕", "2月29号", "一点半"]),
)
def test_bookings_look_forward(minutes, text):
    now = WEDNESDAY + timedelta(minutes=minutes)
    moment = only(text, now)

    assert moment.date >= now.date()
    if moment.time:
        assert datetime.combine(moment.date, moment.time, now.tzinfo) >= now


def test_an_hour_that_is_over_on_a_day_that_was_named_stays_there():
    """So that the diner is told that it is over, instead of getting another day unasked."""
    assert at(only("今天中午十二点")) == "2026-11-18 12:00"
    assert at(only("11月18号中午")) == "2026-11-18 noon"


# --- one meaning, or several -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("周三", ["2026-11-18", "2026-11-25"]),
        ("周三晚上七点", ["2026-11-18 19:00", "2026-11-25 19:00"]),
        ("周三中午", ["2026-11-25 noon"]),
        ("这周三", ["2026-11-18"]),
        ("这周末", ["2026-11-21", "2026-11-22"]),
        ("周末晚上六点", ["2026-11-21 18:00", "2026-11-22 18:00"]),
        ("小年", ["2027-01-30", "2027-01-31"]),
        ("周六或者周日晚上七点", ["2026-11-21 19:00", "2026-11-22 19:00"]),
        ("明晚七点或者八点", ["2026-11-19 19:00", "2026-11-19 20:00"]),
        ("下周三或周四", ["2026-11-25", "2026-11-26"]),
        ("12月13号周六", ["2026-12-13", "2026-12-12"]),
        ("12月12号周六", ["2026-12-12"]),
        ("下周", ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"]),
    ],
)
def test_what_is_worth_asking_about_stands_in_the_alternatives(text, readings):
    moment = only(text)

    assert [at(moment), *map(at, moment.alternatives)] == readings
    assert all(not other.alternatives for other in moment.alternatives)


@pytest.mark.parametrize(
    ("text", "hours", "readings"),
    [
        ("明天七点", None, ["2026-11-19 19:00"]),
        ("明天七点", ALL_DAY, ["2026-11-19 19:00", "2026-11-19 07:00"]),
        ("明天早上七点", ALL_DAY, ["2026-11-19 07:00"]),
        ("明天07:00", ALL_DAY, ["2026-11-19 07:00"]),
        ("七点", ALL_DAY, ["2026-11-18 19:00"]),
        ("一点", BAR, ["2026-11-19 01:00"]),
        ("明天三点", week_of(["11:00-14:00", "17:00-21:00"]), ["2026-11-19 15:00"]),
    ],
)
def test_opening_hours_decide_between_morning_and_evening(text, hours, readings):
    moment = only(text, hours=hours)

    assert [at(moment), *map(at, moment.alternatives)] == readings


def test_before_opening_the_nearest_hour_comes_first_and_the_evening_is_asked():
    early = WEDNESDAY.replace(hour=6, minute=40)

    moment = only("八点", early, hours=ALL_DAY)

    assert [at(moment), *map(at, moment.alternatives)] == ["2026-11-18 08:00", "2026-11-18 20:00"]


def test_a_day_without_opening_hours_borrows_those_of_the_week():
    assert at(only("下周一六点", hours=week_of(["tue-sun 11:00-21:00"]))) == "2026-11-23 18:00"


# --- put together, corrected, denied -----------------------------------------------------------------------------------------------


def test_a_day_and_a_clock_time_with_words_between_are_one_moment():
    first, second = find_times("周六晚上我们十个人，七点半到", now=WEDNESDAY)

    assert first.moment == second.moment
    assert at(first.moment) == "2026-11-21 19:30"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是周五,是周六晚上六点", ["2026-11-21 18:00"]),
        ("是不是明天", ["2026-11-19"]),
        ("明天不行", ["2026-11-19"]),
        ("明天没空，后天中午吧", ["2026-11-20 noon"]),
        ("明晚七点的改到八点半", ["2026-11-19 20:30"]),
        ("推迟半小时到八点", ["2026-11-18 20:00"]),
        ("除了周六都可以，周日吧", ["2026-11-22"]),
    ],
)
def test_what_is_denied_or_corrected_gives_way(text, meant):
    assert [at(span.moment) for span in find_times(text, now=WEDNESDAY)] == meant


def test_moves_are_counted_from_the_booking():
    later, sooner = only("推迟一个半小时"), only("提前20分钟左右")

    assert (later.grain, later.delta_minutes, later.date, later.time) == ("delta", 90, None, None)
    assert (sooner.delta_minutes, sooner.approx) == (-20, True)


def test_the_value_in_json():
    assert only("12月24号晚上八九点").to_json() == {
        "date": "2026-12-24",
        "time": "20:00",
        "part": None,
        "grain": "minute",
        "approx": True,
        "delta_minutes": None,
        "alternatives": [],
    }
    assert [only(text).grain for text in ("明晚", "明天", "七点", "下周", "下个月", "推迟十分钟")] == [
        "part",
        "day",
        "minute",
        "week",
        "month",
        "delta",
    ]


# --- the lunar calendar ------------------------------------------------------------------------------------------------------------


def test_each_lunar_year_ends_where_the_next_begins():
    for year in range(FIRST_YEAR, LAST_YEAR):
        eve, new_year = lunar_day(year, 12, 30), lunar_day(year + 1, 1, 1)
        assert eve is not None
        assert new_year is not None
        assert new_year - eve == timedelta(1)
        assert date(year + 1, 1, 21) <= new_year <= date(year + 1, 2, 20)


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("春节", 2025, date(2025, 1, 29)),
        ("端午", 2025, date(2025, 5, 31)),
        ("中秋", 2025, date(2025, 10, 6)),  # behind a leap sixth month
        ("除夕", 2033, date(2033, 1, 30)),
        ("清明", 2028, date(2028, 4, 4)),
        ("母亲节", 2026, date(2026, 5, 10)),
        ("感恩节", 2030, date(2030, 11, 28)),
    ],
)
def test_festivals_of_a_year(name, year, day):
    assert festival(name, date(2024, 1, 1), year=year) == (day,)


def test_every_festival_comes_within_the_table():
    for name in festivals():
        assert festival(name, date(2049, 12, 1)), name
        assert all(day >= date(2026, 11, 18) for day in festival(name, WEDNESDAY.date()))


def test_a_leap_month_is_another_month():
    assert lunar_day(2025, 6, 1) == date(2025, 6, 25)
    assert lunar_day(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert lunar_day(2026, 6, 1, leap=True) is None


def test_beyond_the_table_lunar_days_are_not_guessed():
    far = datetime(2052, 3, 1, 12, tzinfo=WEDNESDAY.tzinfo)

    assert find_times("端午", now=far) == []
    assert at(only("国庆", far)) == "2052-10-01"
