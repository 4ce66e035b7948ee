"""The numbers of points."""

from datetime import date

import pytest

from domain.kernel.money import Fen
from domain.points.rules import expires_on, points_for, returned_expires_on, take_in_order, usable_from


@pytest.mark.parametrize(("fen", "points"), [(0, 0), (999, 0), (1000, 1), (9400, 9), (-5000, 0)])
def test_one_point_for_ten_yuan_rounded_down(fen: int, points: int) -> None:
    assert points_for(Fen(fen)) == points


def test_points_are_good_for_365_business_days() -> None:
    assert expires_on(date(2027, 3, 1)) == date(2028, 2, 29)


def test_points_of_an_order_can_be_used_from_the_next_business_day() -> None:
    assert usable_from(date(2026, 12, 31)) == date(2027, 1, 1)


@pytest.mark.parametrize(("old", "new"), [(date(2026, 11, 1), date(2026, 11, 28)), (date(2026, 12, 24), date(2026, 12, 24))])
def test_returned_points_keep_their_last_day_but_have_a_week_at_least(old: date, new: date) -> None:
    assert returned_expires_on(old, date(2026, 11, 21)) == new


@pytest.mark.parametrize(("points", "taken"), [(0, []), (2, [("a", 2)]), (4, [("a", 3), ("c", 1)]), (9, [("a", 3), ("c", 2)])])
def test_points_are_taken_from_the_first_then_from_the_next(points: int, taken: list[tuple[str, int]]) -> None:
    assert take_in_order([("a", 3), ("b", 0), ("c", 2)], points) == taken
