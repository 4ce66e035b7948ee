"""The best combination is found exactly, whatever the order, and every coupon gets a word."""

from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coupons.choosing import Choice, Occasion, Outcome, choose
from domain.coupons.reductions import Hold, Line, Owned, reductions
from domain.coupons.terms import Terms, gift_terms
from domain.shop.value_records import StackingRecord
from tests.domain.coupons.baskets import ANY, HERE, LINES, ONE, STACKINGS, TODAY, coupon, coupons, line, off, pays

HUNDRED = [line("pork", "58"), line("tofu", "42", "2")]


def chosen(lines: list[Line], *owned: Owned, stacking: StackingRecord = ANY, occasion: Occasion = HERE, **more: Any) -> Choice:
    return choose(lines, owned, stacking, occasion, **more)


def whys(choice: Choice) -> dict[str, tuple[str, dict[str, object]]]:
    return {why.coupon_id: (why.outcome.value, dict(why.details)) for why in choice.why}


def test_the_coupon_that_takes_most_is_used() -> None:
    choice = chosen(HUNDRED, off("a", "15"), pays("b", "0.8"), stacking=ONE)

    assert (choice.used, choice.saved_fen) == (("b",), 2000)


def test_coupons_that_may_go_together_do() -> None:
    choice = chosen(HUNDRED, off("a", "15"), pays("b", "0.8"))

    assert (choice.used, [part.fen for part in choice.reductions]) == (("b", "a"), [2000, 1500])
    assert [(why.coupon_id, why.outcome, why.saved_fen) for why in choice.why] == [("b", "used", 2000), ("a", "used", 1500)]


def test_two_small_ones_beat_a_big_one_that_stands_alone() -> None:
    big = off("a", "20", alone=True)
    small = [off("b", "12"), off("c", "9")]

    assert chosen(HUNDRED, big, *small).used == ("b", "c")
    assert chosen(HUNDRED, big, small[0]).used == ("a",)


def test_a_group_has_a_limit_of_one_unless_it_is_named() -> None:
    owned = [off("a", "9"), off("b", "8"), pays("c", "0.5", dishes=("tofu",))]

    assert chosen(HUNDRED, *owned, stacking=StackingRecord(most=3)).used == ("c", "a")
    assert chosen(HUNDRED, *owned, stacking=StackingRecord(most=3, groups={"order": 2})).used == ("c", "a", "b")
    assert chosen(HUNDRED, *owned, stacking=StackingRecord(most=2, groups={"order": 2})).used == ("c", "a")


def test_of_equal_combinations_the_one_with_fewer_coupons_is_taken() -> None:
    assert chosen([line("rice", "5")], off("a", "3"), off("b", "2"), off("c", "5")).used == ("c",)


def test_of_equal_coupons_the_one_that_expires_first_is_used_then_the_lower_id() -> None:
    soon = Owned("z", off("a", "5").terms, TODAY, TODAY)
    fixed = pays("y", "0.95")

    assert chosen(HUNDRED, off("a", "5"), soon, stacking=ONE).used == ("z",)
    assert chosen(HUNDRED, fixed, soon, stacking=ONE).used == ("z",)
    assert chosen(HUNDRED, off("b", "5"), off("a", "5"), stacking=ONE).used == ("a",)


def test_what_the_diner_asks_for_is_used_although_another_takes_more() -> None:
    owned = [off("a", "5"), off("b", "9")]
    choice = chosen(HUNDRED, *owned, stacking=ONE, pinned=frozenset("a"))

    assert choice.used == ("a",)
    assert whys(choice)["b"] == ("not_together", {"with": ("5元券",)})
    assert chosen(HUNDRED, *owned, stacking=ONE, pinned=frozenset("ab")).used == ("b",)


def test_what_the_diner_asks_for_is_not_used_where_it_cannot_be() -> None:
    choice = chosen(HUNDRED, off("a", "5", "200"), off("b", "9"), pinned=frozenset("a"))

    assert choice.used == ("b",)
    assert whys(choice)["a"] == ("short", {"short_fen": 10000})


def test_what_the_diner_does_not_want_is_not_used() -> None:
    choice = chosen(HUNDRED, off("a", "5"), off("b", "9"), banned=frozenset("b"))

    assert choice.used == ("a",)
    assert whys(choice)["b"] == ("not_wanted", {})


LATER, EARLIER = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
USABLE = off("x", "5").terms


@pytest.mark.parametrize(
    ("owned", "outcome", "details"),
    [
        (off("x", "20", "103.2"), "short", {"short_fen": 320}),
        (Owned("x", USABLE, LATER, LATER), "not_started", {"good_from": LATER}),
        (Owned("x", USABLE, EARLIER, EARLIER), "expired", {"good_until": EARLIER}),
        (off("x", "5", stores=("west",)), "other_store", {"stores": ("west",)}),
        (off("x", "5", channels=("takeaway",)), "other_channel", {"channels": ("takeaway",)}),
        (coupon("x", gift_terms("甜品", "mango")), "no_dish", {"dishes": ("mango",)}),
        (pays("x", "1"), "saves_nothing", {}),
        (Owned("x", USABLE, TODAY, TODAY, Hold.ELSEWHERE), "busy", {}),
        (off("x", "5", stores=("east",), channels=("dine_in",)), "used", {}),
        (Owned("x", USABLE, TODAY, TODAY), "used", {}),
        (Owned("x", USABLE, EARLIER, EARLIER, Hold.HERE), "used", {}),
    ],
)
def test_every_coupon_says_why(owned: Owned, outcome: str, details: dict[str, object]) -> None:
    assert whys(chosen(HUNDRED, owned)) == {"x": (outcome, details)}


def test_a_coupon_that_is_kept_out_names_those_it_does_not_go_with() -> None:
    owned = [off("a", "9"), off("b", "8"), off("c", "7", alone=True), pays("d", "0.5", dishes=("tofu",))]

    why = whys(chosen(HUNDRED, *owned, stacking=StackingRecord(most=3)))

    assert why["b"] == ("not_together", {"with": ("9元券",)})
    assert why["c"] == ("not_together", {"with": ("0.5折券", "9元券")})


def test_a_coupon_with_nothing_left_to_take_saves_nothing() -> None:
    assert whys(chosen([line("rice", "5")], off("a", "5"), off("b", "4")))["b"] == ("saves_nothing", {})


def test_an_empty_cart_uses_no_coupon() -> None:
    choice = chosen([], off("a", "5"), coupon("b", gift_terms("甜品", "mango")), off("c", "5", "10"))

    assert choice.used == ()
    assert {coupon_id: outcome for coupon_id, (outcome, _) in whys(choice).items()} == {"a": "saves_nothing", "b": "no_dish", "c": "short"}


def test_who_has_no_coupon_pays_everything() -> None:
    assert chosen(HUNDRED) == Choice((), (), ())


def test_of_forty_coupons_that_promise_the_same_the_soonest_are_looked_at_and_others_find_room() -> None:
    same = [Owned(f"s{number:02}", off("s", "5").terms, TODAY, TODAY + timedelta(days=number)) for number in range(40)]

    choice = chosen(HUNDRED, *reversed(same), pays("other", "0.99"), stacking=StackingRecord(most=3, groups={"order": 3}))

    assert choice.used == ("s00", "s01", "s02")
    assert {why.outcome for why in choice.why} == {Outcome.USED, Outcome.NOT_TOGETHER}
    assert len(choice.why) == 41


def test_above_the_limit_the_weaker_ones_join_where_there_is_room() -> None:
    strong = [off(f"c{number:02}", str(number)) for number in range(2, 16)]
    gift = pays("gift", "0.99", dishes=("rice",))

    choice = chosen([line("pork", "100"), line("rice", "10")], *strong, gift, stacking=StackingRecord(most=2))

    assert choice.used == ("gift", "c15")


def _allowed(owned: tuple[Owned, ...], stacking: StackingRecord) -> bool:
    groups = [one.terms.group for one in owned]
    if any(one.terms.alone for one in owned) and len(owned) > 1:
        return False
    return len(owned) <= stacking.most and all(groups.count(group) <= stacking.groups.get(group, 1) for group in groups)


def _every_combination(lines: list[Line], owned: list[Owned], stacking: StackingRecord, pinned: frozenset[str]) -> list[tuple[Any, ...]]:
    """Every legal set in which each coupon takes something, the preferred first; one by one, without cleverness."""
    ranked = []
    for size in range(len(owned) + 1):
        for some in combinations(owned, size):
            parts = reductions(lines, some)
            if _allowed(some, stacking) and len(parts) == size:
                expiries = sorted((one.good_until, one.id) for one in some)
                saved = sum(part.fen for part in parts)
                ranked.append((-sum(one.id in pinned for one in some), -saved, size, expiries, tuple(part.coupon_id for part in parts)))
    return sorted(ranked)


@settings(max_examples=400)
@given(LINES, coupons(7), STACKINGS, st.sets(st.sampled_from(["c0", "c1", "c2"]), max_size=2))
def test_the_choice_is_the_best_of_all_combinations(
    lines: list[Line], owned: list[Owned], stacking: StackingRecord, pinned: set[str]
) -> None:
    choice = choose(lines, owned, stacking, HERE, pinned=frozenset(pinned))

    best = _every_combination(lines, owned, stacking, frozenset(pinned))[0]
    assert (choice.used, choice.saved_fen) == (best[4], -best[1])


@given(LINES, coupons(14), STACKINGS, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_coupons_does_not_matter(
    lines: list[Line], owned: list[Owned], stacking: StackingRecord, random: Any
) -> None:
    first = choose(lines, owned, stacking, HERE)
    random.shuffle(lines)
    random.shuffle(owned)
    second = choose(lines, owned, stacking, HERE)

    assert (first.used, first.why) == (second.used, second.why)
    assert sorted(why.coupon_id for why in first.why) == sorted(one.id for one in owned)
    assert first.saved_fen == sum(why.saved_fen for why in first.why)


@given(LINES, coupons(14), STACKINGS)
def test_a_choice_can_be_made(lines: list[Line], owned: list[Owned], stacking: StackingRecord) -> None:
    choice = choose(lines, owned, stacking, HERE, limit=5)

    used = tuple(one for one in owned if one.id in choice.used)
    assert _allowed(used, stacking)
    assert reductions(lines, used) == choice.reductions
    assert all(part.fen > 0 for part in choice.reductions)


def test_a_share_of_a_bill_beats_a_fixed_amount_when_the_bill_grows() -> None:
    owned = [off("fixed", "20", "100"), coupon("ratio", Terms("八折", pay_ratio=Decimal("0.8")))]

    assert chosen([line("pork", "99")], *owned, stacking=ONE).used == ("ratio",)
    assert chosen([line("pork", "100")], *owned, stacking=ONE).saved_fen == 2000
    assert chosen([line("pork", "101")], *owned, stacking=ONE).used == ("ratio",)
