from datetime import UTC, date, datetime

from domain.kernel.said import day_said


def test_a_day_is_said_by_month_and_day_without_noughts() -> None:
    assert day_said(date(2026, 1, 5)) == "1月5日"


def test_of_a_moment_only_its_day_is_said() -> None:
    assert day_said(datetime(2026, 11, 21, 23, 59, tzinfo=UTC)) == "11月21日"
