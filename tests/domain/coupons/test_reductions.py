"""What coupons take off: the guide's examples, the fixed order, and shares that add up."""

from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coupons.reductions import Line, Owned, reductions
from domain.coupons.terms import gift_terms
from domain.kernel.money import Fen
from tests.domain.coupons.baskets import LINES, coupon, coupons, line, off, pays

DINNER = [line("pork", "58"), line("tofu", "44", "2"), line("rice", "6", "3")]  # 108 yuan


def taken(lines: list[Line], *owned: Owned) -> list[tuple[str, int]]:
    return [(part.coupon_id, part.fen) for part in reductions(lines, owned)]


def test_20_off_from_100_is_20_off_from_exactly_100() -> None:
    assert taken(DINNER, off("a", "20", "100")) == [("a", 2000)]
    assert taken([line("pork", "100")], off("a", "20", "100")) == [("a", 2000)]
    assert taken([line("pork", "99.99")], off("a", "20", "100")) == []


def test_a_20_yuan_coupon_from_50() -> None:
    assert taken([line("pork", "58")], off("a", "20", "50")) == [("a", 2000)]


def test_80_percent_from_50() -> None:
    assert taken(DINNER, pays("a", "0.8", "50")) == [("a", 2160)]
    assert taken([line("tofu", "44", "2")], pays("a", "0.8", "50")) == []


def test_the_birthday_dessert_is_one_portion_as_a_gift() -> None:
    lines = [line("mango", "54", "3"), *DINNER]

    (found,) = reductions(lines, [coupon("a", gift_terms("生日甜品", "mango"))])

    assert (found.fen, found.shares) == (1800, (1800, 0, 0, 0))


def test_two_gifts_of_a_dish_are_two_portions_and_on_one_portion_the_second_is_kept() -> None:
    gifts = [coupon(name, gift_terms("生日甜品", "mango")) for name in "ab"]

    assert taken([line("mango", "54", "3")], *gifts) == [("a", 1800), ("b", 1800)]
    assert taken([line("mango", "18")], *gifts) == [("a", 1800)]


def test_portions_that_cost_odd_fen_are_all_free_in_the_end() -> None:
    gifts = [coupon(name, gift_terms("送", "mango")) for name in "abc"]

    assert taken([line("mango", "10", "3")], *gifts) == [("a", 333), ("b", 334), ("c", 333)]


def test_the_dearest_portions_are_reduced_first() -> None:
    lines = [line("tofu", "44", "2"), line("pork", "116", "2"), line("rice", "2")]

    (found,) = reductions(lines, [pays("a", "0.5", portions=3)])

    assert found.shares == (1100, 5800, 0)


def test_half_a_portion_is_half_a_portion() -> None:
    assert taken([line("pork", "20", "0.5"), line("pork", "80", "2")], pays("a", "0", dishes=("pork",), portions=2)) == [("a", 8000)]
    assert taken([line("pork", "20", "0.5")], pays("a", "0", dishes=("pork",), portions=2)) == [("a", 2000)]


def test_a_fixed_amount_for_portions_is_taken_once_and_at_most_their_price() -> None:
    assert taken([line("tofu", "44", "2")], off("a", "30", dishes=("tofu",), portions=1)) == [("a", 2200)]
    assert taken([line("tofu", "44", "2")], off("a", "5", dishes=("tofu",), portions=2)) == [("a", 500)]


def test_dishes_before_orders_and_shares_before_fixed_amounts() -> None:
    owned = [
        off("1", "10"),
        pays("2", "0.8"),
        off("3", "5", dishes=("pork",)),
        pays("4", "0.9", dishes=("pork",)),
        pays("5", "0", portions=1),
    ]

    assert taken([line("pork", "200", "2")], *owned) == [("5", 10000), ("4", 1000), ("3", 500), ("2", 1700), ("1", 1000)]


def test_the_minimum_is_judged_before_any_coupon() -> None:
    assert taken([line("pork", "58")], off("a", "30", "50"), off("b", "10", "58")) == [("a", 3000), ("b", 1000)]


def test_the_minimum_of_a_coupon_for_dishes_is_spent_on_these_dishes() -> None:
    assert taken(DINNER, off("a", "5", "44", dishes=("tofu",))) == [("a", 500)]
    assert taken(DINNER, off("a", "5", "44.01", dishes=("tofu",))) == []


def test_nothing_is_taken_twice() -> None:
    assert taken([line("pork", "10")], off("a", "8"), off("b", "8")) == [("a", 800), ("b", 200)]
    assert taken([line("pork", "10")], off("a", "20"), off("b", "8")) == [("a", 1000)]


def test_most_is_the_most() -> None:
    assert taken(DINNER, pays("a", "0.5", most_fen=Fen(2000))) == [("a", 2000)]


@pytest.mark.parametrize(
    ("fen", "ratio", "off_fen"), [(5, "0.9", 1), (4, "0.9", 0), (15, "0.9", 2), (100, "0", 100), (100, "1", 0), (333, "0.85", 50)]
)
def test_a_share_is_rounded_half_up(fen: int, ratio: str, off_fen: int) -> None:
    assert sum(part.fen for part in reductions([Line("pork", Decimal(1), fen)], [pays("a", ratio)])) == off_fen


def test_a_reduction_is_shared_by_what_is_left_of_the_lines() -> None:
    found = reductions(
        [line("mango", "18"), line("pork", "20"), line("tofu", "10")], [coupon("a", gift_terms("送", "mango")), off("b", "10")]
    )

    assert [part.shares for part in found] == [(1800, 0, 0), (0, 667, 333)]


@given(LINES, coupons(6))
def test_shares_add_up_and_no_line_goes_below_nothing(lines: list[Line], owned: list[Owned]) -> None:
    found = reductions(lines, owned)

    left = [line.fen for line in lines]
    for part in found:
        assert part.fen == sum(part.shares) > 0
        assert all(share >= 0 for share in part.shares)
        left = [fen - share for fen, share in zip(left, part.shares, strict=True)]
    assert all(fen >= 0 for fen in left)


@given(LINES, coupons(6), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_coupons_changes_nothing(lines: list[Line], owned: list[Owned], random: Random) -> None:
    places = list(range(len(lines)))
    random.shuffle(places)
    moved = reductions([lines[place] for place in places], reversed(owned))
    still = reductions(lines, owned)

    assert [(part.coupon_id, part.fen) for part in moved] == [(part.coupon_id, part.fen) for part in still]
    there = [Counter(zip((lines[place] for place in places), part.shares, strict=True)) for part in moved]
    assert there == [Counter(zip(lines, part.shares, strict=True)) for part in still]


@given(LINES, coupons(5), coupons(5))
def test_no_coupon_takes_more_beside_others_than_alone(lines: list[Line], owned: list[Owned], others: list[Owned]) -> None:
    beside = [Owned(f"o{one.id}", one.terms, one.good_from, one.good_until) for one in others]
    alone = {one.id: sum(part.fen for part in reductions(lines, [one])) for one in (*owned, *beside)}

    # Later portions of a line may cost up to 2 fen more than its first ones, because their sum is what is rounded.
    assert all(part.fen <= alone[part.coupon_id] + 2 * len(lines) for part in reductions(lines, [*owned, *beside]))
