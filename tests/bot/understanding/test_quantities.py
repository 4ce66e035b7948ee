from decimal import Decimal
from fractions import Fraction
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
    [
        ("十来个", 10),
        ("十几串", 11),
        ("二十多个", 20),
        ("三五个", 3),
        ("一两个", 1),
        ("大概五份", 5),
        ("三斤左右", 3),
        ("10-12串", 10),
        ("两到三瓶", 2),
        ("1~2份", 1),
    ],
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


NAMES = (
    "红烧肉",
    "生蚝",
    "包子",
    "啤酒",
    "可乐",
    "米饭",
    "羊肉串",
    "酸菜鱼",
    "小龙虾",
    "牛肉面",
    "例汤",
    "烤鸭",
    "豆浆",
    "油条",
    "三杯鸡",
    "拿铁",
    "寿司",
)


def between(text):
    """What is found between names of a small menu."""
    spans = [(at, at + len(name)) for name in NAMES for at in range(len(text)) if text.startswith(name, at)]
    return [(quantity.n, quantity.unit) for quantity in find_quantities(text, sorted(spans))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("半打生蚝", [("6", "个")]),
        ("仨包子", [("3", "个")]),
        ("三扎啤酒", [("3", "扎")]),
        ("俩可乐仨包子", [("2", "个"), ("3", "个")]),
        ("小龙虾来三斤", [("3", "斤")]),
        ("五斤小龙虾", [("5", "斤")]),
        ("小龙虾两斤半", [("2.5", "斤")]),
        ("羊肉串二十串", [("20", "串")]),
        ("三十串羊肉串", [("30", "串")]),
        ("半只烤鸭", [("0.5", "只")]),
        ("烤鸭一只半", [("1.5", "只")]),
        ("整只烤鸭", [("1", "只")]),
        ("一瓶啤酒两罐可乐", [("1", "瓶"), ("2", "罐")]),
        ("啤酒先来一箱", [("1", "箱")]),
        ("一提啤酒", [("1", "提")]),
        ("来壶豆浆", [("1", "壶")]),
        ("豆浆2杯油条4根", [("2", "杯"), ("4", "根")]),
        ("油条 x 6", [("6", "份")]),
        ("油条*6", [("6", "份")]),
        ("6油条", [("6", "份")]),
        ("1.红烧肉 2.米饭", []),
        ("拿铁大杯两杯", [("2", "杯")]),
        ("两大杯拿铁", [("2", "杯")]),
        ("两小碗米饭", [("2", "碗")]),
        ("米饭三小碗", [("3", "碗")]),
        ("一盒寿司", [("1", "盒")]),
        ("寿司十二枚", [("12", "枚")]),
        ("寿司12个装", [("12", "个")]),
        ("酸菜鱼一锅", [("1", "锅")]),
        ("给我拿两双筷子", [("2", "双")]),
        ("再来份三杯鸡", [("1", "份")]),
        ("三杯鸡三份", [("3", "份")]),
        ("各来两份", [("2", "份")]),
        ("改成四份", [("4", "份")]),
        ("改成4", [("4", "份")]),
        ("一共要八碗牛肉面", [("8", "碗")]),
        ("少一份红烧肉", [("1", "份")]),
        ("红烧肉减一份", [("1", "份")]),
        ("一客牛肉面", [("1", "客")]),
        ("来上三五瓶啤酒", [("3", "瓶")]),
        ("啤酒七八瓶吧", [("7", "瓶")]),
        ("二十来串羊肉串", [("20", "串")]),
        ("四两米饭", [("0.4", "斤")]),
        ("牛肉面三两", [("0.3", "斤")]),
        ("半斤小龙虾", [("0.5", "斤")]),
        ("一百串羊肉串", [("100", "串")]),
        ("一例例汤", [("1", "例")]),
        ("每人一例例汤", [("1", "例")]),
        ("一人两串羊肉串", [("2", "串")]),
        ("米饭人手一碗", [("1", "碗")]),
        ("两碗米饭少一点", [("2", "碗")]),
        ("米饭一点点就行", []),
        ("A12桌加两份红烧肉", [("2", "份")]),
        ("12号桌红烧肉一份", [("1", "份")]),
        ("七点来两份红烧肉", [("2", "份")]),
        ("红烧肉58块一份吗", [("58", "块"), ("1", "份")]),
        ("红烧肉多少钱一份", [("1", "份")]),
        ("有没有第二份半价", []),
        ("红烧肉等了半个小时", []),
        ("三分熟", []),
        ("等了二十分钟", []),
        ("积分1200", []),
        ("要三分之一只烤鸭", [("1/3", "只")]),
        ("两个半包子", [("2.5", "个")]),
        ("两三个包子", [("2", "个")]),
        ("10-12串羊肉串", [("10", "串")]),
        ("2到3瓶啤酒", [("2", "瓶")]),
        ("一两瓶啤酒", [("1", "瓶")]),
        ("红烧肉要双份", [("2", "份")]),
        ("十多个包子", [("10", "个")]),
    ],
)
def test_orders_of_all_kinds(text, expected):
    found = [(float(n), unit) for n, unit in between(text)]

    assert found == [(pytest.approx(float(Fraction(n)), rel=1e-9), unit) for n, unit in expected]


@given(st.text(alphabet="一二两三十百半俩零0123456789.份碗个斤打人每来多左右大 x第月点可乐", max_size=30))
def test_any_text_gives_quantities_above_nothing_inside_it(text):
    found = find_quantities(text)

    assert all(0 <= quantity.start < quantity.end <= len(text) and quantity.n > 0 for quantity in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert found == find_quantities(text)
