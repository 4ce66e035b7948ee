"""Levels, months and days of birth, on paper."""

from dataclasses import dataclass
from datetime import date

import pytest

from domain.kernel.money import ZERO, Fen
from domain.members.rules import birthdays_on, is_day_of_a_year, months_before, standing_of


@dataclass(frozen=True)
class Rule:
    name: str
    spend_fen: Fen = ZERO
    visits: int = 0


LEVELS = (Rule("普通"), Rule("白银", Fen(50000), 3), Rule("黄金", Fen(200000), 12), Rule("VIP", Fen(600000), 30))


@pytest.mark.parametrize(
    ("fen", "visits", "level"),
    [
        (0, 0, "普通"),
        (49999, 2, "普通"),
        (50000, 0, "白银"),
        (0, 3, "白银"),
        (199999, 11, "白银"),
        (100, 12, "黄金"),
        (600000, 1, "VIP"),
        (0, 99, "VIP"),
    ],
)
def test_a_level_is_reached_by_spend_or_by_visits(fen: int, visits: int, level: str) -> None:
    assert standing_of(LEVELS, Fen(fen), visits).level == level


def test_the_way_to_the_next_level_is_told() -> None:
    found = standing_of(LEVELS, Fen(188000), 5)
    assert (found.level, found.next_level, found.missing_fen, found.missing_visits) == ("白银", "黄金", 12000, 7)


def test_nothing_is_missing_on_the_highest() -> None:
    found = standing_of(LEVELS, Fen(600000), 0)
    assert (found.next_level, found.missing_fen, found.missing_visits) == (None, None, None)


def test_a_level_without_numbers_is_given_by_plans_only() -> None:
    levels = (Rule("普通"), Rule("黄金", visits=12), Rule("创始会员"))
    assert standing_of(levels, Fen(10**9), 999).level == "黄金"
    assert standing_of(levels, Fen(0), 999).next_level is None
    found = standing_of(levels, Fen(10**9), 2)
    assert (found.level, found.missing_fen, found.missing_visits) == ("普通", None, 10)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 11, 21), 12, date(2025, 11, 21)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), -12, date(2029, 2, 28)),
        (date(2026, 12, 1), -1, date(2027, 1, 1)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("month", "day", "is_one"), [(2, 29, True), (2, 30, False), (4, 31, False), (0, 1, False), (13, 1, False), (1, 0, False)]
)
def test_a_birthday_is_a_day_of_some_year(month: int, day: int, is_one: bool) -> None:
    assert is_day_of_a_year(month, day) is is_one


def test_a_birthday_on_29_february_is_kept_on_the_28th_without_a_leap_year() -> None:
    assert birthdays_on(date(2027, 2, 28)) == [(2, 28), (2, 29)]
    assert birthdays_on(date(2028, 2, 28)) == [(2, 28)]
    assert birthdays_on(date(2028, 2, 29)) == [(2, 29)]
