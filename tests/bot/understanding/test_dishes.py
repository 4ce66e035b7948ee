from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex


def found(menu, text):
    return [(span.words, span.dish_ids, span.exact) for span in menu.find(text)]


@pytest.mark.parametrize("text", ["红烧肉", "紅燒肉", "红 烧 肉", "来一份红烧肉吧", "秘制红烧肉"])
def test_names_and_aliases_as_they_stand(menu, text):
    [(_, ids, exact)] = found(menu, text)

    assert (ids, exact) == (("hs",), True)


def test_latin_names_are_whole_words_in_any_case_and_width(menu):
    assert [ids for _, ids, _ in found(menu, "ＣＯＫＥ x2")] == [("kl",)]
    assert [ids for _, ids, _ in found(menu, "cokex2")] == [("kl",)]
    assert found(menu, "cokery") == []


def test_the_longest_name_wins():
    menu = MenuIndex([MenuEntry("a", "牛肉面"), MenuEntry("b", "红烧牛肉"), MenuEntry("c", "红烧牛肉面")])

    assert [ids for _, ids, _ in found(menu, "红烧牛肉面")] == [("c",)]


def test_two_dishes_beside_each_other_are_not_the_one_that_is_called_like_both():
    menu = MenuIndex([MenuEntry("a", "可乐"), MenuEntry("b", "鸡翅"), MenuEntry("c", "可乐鸡翅")])

    assert [ids for _, ids, _ in found(menu, "可乐 鸡翅")] == [("a",), ("b",)]
    assert [ids for _, ids, _ in found(menu, "可乐鸡翅")] == [("c",)]


@pytest.mark.parametrize(("text", "ids"), [("排骨", ("tp", "zp")), ("啤酒", ("qd", "xh")), ("三扎啤酒", ("qd", "xh")), ("份虾仁", ("lw",))])
def test_the_end_of_names_is_a_family_and_a_question(menu, text, ids):
    [(_, choices, exact)] = found(menu, text)

    assert (choices, exact) == (ids, False)


def test_a_name_that_two_dishes_share_is_a_question_too():
    menu = MenuIndex([MenuEntry("a", "大杯可乐", ("可乐",)), MenuEntry("b", "小杯可乐", ("可乐",))])

    assert found(menu, "可乐") == [("可乐", ("a", "b"), True)]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("红烧弱", "hs"),
        ("宫爆鸡丁", "gb"),
        ("宫包鸡丁", "gb"),
        ("鱼香肉思", "yx"),
        ("渔香肉丝", "yx"),
        ("鱼香丝肉", "yx"),
        ("麻婆豆豆腐", "mp"),
        ("麻豆腐", "mp"),
        ("清炒芦损虾仁", "lw"),
    ],
)
def test_one_slip_of_the_pen_is_a_guess(menu, text, id_):
    [(words, ids, exact)] = found(menu, f"来一份{text}吧")

    assert (words, ids, exact) == (text, (id_,), False)


@pytest.mark.parametrize("text", ["红烧鱼", "红烧牛肉", "三黄鸡", "鱼香茄子", "酸菜鱼粉", "雪碧鸡翅", "烤鸡翅店", "虾仁炒饭", "小米手机"])
def test_other_dishes_and_other_words_are_left_alone(menu, text):
    assert found(menu, f"来一份{text}") == []


def test_a_guess_needs_words_that_stand_alone(menu):
    assert found(menu, "隔壁老王鱼香肉思考题") == []


def test_a_dish_sold_under_a_shorter_name_is_a_guess(menu):
    assert found(menu, "麻辣小面") == [("麻辣小面", ("xm",), False)] or found(menu, "酸辣小面") == [("酸辣小面", ("xm",), False)]


def test_spans_are_offsets_of_what_was_written(menu):
    text = "来２份　紅燒肉👌"
    [span] = menu.find(text)

    assert text[span.start : span.end] == span.words == "紅燒肉"


def test_an_empty_menu_finds_nothing():
    assert MenuIndex([]).find("来一份红烧肉") == []


ALPHABET = "红烧肉宫保鸡丁三杯八宝饭可乐啤酒排骨来一份 两的和，coke2x弱鱼香👌\u200b\ufb00１"


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(menu, text):
    spans = menu.find(text)

    assert all(0 <= span.start < span.end <= len(text) and span.words == text[span.start : span.end] and span.dish_ids for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert spans == menu.find(text)
