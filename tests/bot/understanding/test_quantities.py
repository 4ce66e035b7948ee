from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.quantities import find_quantities


@pytest.mark.parametrize(
    ("text", "n", "unit"),
    [
        ("两份", "2", "份"),
        ("３瓶", "3", "瓶"),
        ("2 碗", "2", "碗"),
        ("十二个", "12", "个"),
        ("九十九串", "99", "串"),
        ("一百二十串", "120", "串"),
        ("两百克", "200", "克"),
        ("2.5斤", "2.5", "斤"),
        ("一斤半", "1.5", "斤"),
        ("半只", "0.5", "只"),
        ("四分之一只", "0.25", "只"),
        ("仨包子", "3", "个"),
        ("贰份", "2", "份"),
        ("双份", "2", "份"),
        ("来碗米饭", "1", "碗"),
        ("三份儿", "3", "份"),
    ],
)
def test_numbers_with_measure_words(text, n, unit):
    [quantity] = find_quantities(text, [(1, 3)] if text.startswith("仨") else [])

    assert (quantity.n, quantity.unit, quantity.approx) == (Decimal(n), unit, False)


@pytest.mark.parametrize(
    ("text", "n", "unit"),
    [
        ("二两", "0.2", "斤"),
        ("两两", "0.2", "斤"),
        ("两斤", "2", "斤"),
        ("十二两", "1.2", "斤"),
        ("一两", "0.1", "斤"),
        ("两个", "2", "个"),
    ],
)
def test_liang_is_a_number_before_a_measure_word_and_a_weight_behind_a_number(text, n, unit):
    [quantity] = find_quantities(text)

    assert (quantity.n, quantity.unit) == (Decimal(n), unit)


@pytest.mark.parametrize(
    ("text", "n"),
    [("十来个", 10), ("十几串", 11), ("二十多个", 20), ("三五个", 3), ("一两个", 1), ("大概五份", 5), ("三斤左右", 3)],
)
def test_about_so_many_keeps_the_lower_bound(text, n):
    [quantity] = find_quantities(text)

    assert (quantity.n, quantity.approx) == (n, True)


def test_a_dozen_is_twelve_pieces():
    [two, half] = find_quantities("两打，半打")

    assert (two.n, two.unit, half.n) == (24, "个", 6)


@pytest.mark.parametrize("text", ["每人一份", "一人一碗", "人均2个", "每位各一例"])
def test_for_each_guest(text):
    [quantity] = find_quantities(text)

    assert quantity.per_person


def test_the_size_stands_between_number_and_measure_word():
    [quantity] = find_quantities("一大份")

    assert (quantity.n, quantity.unit, quantity.size) == (1, "份", "大")


@pytest.mark.parametrize(
    "text",
    [
        "一品豆腐",
        "七喜",
        "12号桌",
        "第二个",
        "10月份",
        "七点半",
        "六块钱",
        "三个月",
        "两个半小时",
        "13800138000",
        "123456个",
        "0份",
        "上个月来过",
        "三分糖",
        "一起",
        "一二三四五",
        "两百",
    ],
)
def test_other_numbers_are_no_quantities(text):
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "dish", "n"),
    [("2可乐", (1, 3), 2), ("可乐x2", (0, 2), 2), ("可乐×2", (0, 2), 2), ("可乐:2", (0, 2), 2)],
)
def test_a_number_beside_a_dish_needs_no_measure_word(text, dish, n):
    assert [quantity.n for quantity in find_quantities(text, [dish])] == [n]
    assert find_quantities("2块牛肉58元", [(2, 4)])[0].unit == "块"
    assert len(find_quantities("可乐58元", [(0, 2)])) == 0


def test_numbers_inside_dish_names_are_names():
    assert [quantity.n for quantity in find_quantities("来两份三杯鸡", [(3, 6)])] == [2]
    assert find_quantities("八宝饭", [(0, 3)]) == []


@given(st.text(alphabet="一二两三十百半俩零0123456789.份碗个斤打人每来多左右大 x第月点可乐", max_size=30))
def test_any_text_gives_quantities_above_nothing_inside_it(text):
    found = find_quantities(text)

    assert all(0 <= quantity.start < quantity.end <= len(text) and quantity.n > 0 for quantity in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert found == find_quantities(text)
