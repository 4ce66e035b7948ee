"""What a member says of their profile in closed words."""

from typing import Any

import pytest

from bot.dialogue.commands import Ask, SetSlot
from bot.understanding.phrases import read_phrase
from bot.understanding.profile_words import (
    BIRTHDAY,
    DIET,
    FAVOURITES,
    LEAVE_MEMBERSHIP,
    MEMBER_CODE,
    SET_BIRTHDAY,
    UPDATE_PROFILE,
    profile_said,
)
from bot.understanding.resolvers.dishes import MenuIndex

NOTHING_OPEN: dict[str, Any] = {"expected": None, "confirming": None, "wanted": frozenset[str]()}


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("我的心头好", "favourites"),
        ("心头好", "favourites"),
        ("我有什么忌口", "diet"),
        ("我的口味是什么", "diet"),
        ("我的生日", "birthday"),
        ("我的手机号", "phone"),
    ],
)
def test_what_is_noted_is_shown(menu: MenuIndex, text: str, attribute: str) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == (Ask(UPDATE_PROFILE, {"attribute": attribute, "op": "show"}),)


@pytest.mark.parametrize(
    ("text", "attribute"),
    [("删手机号", "phone"), ("把我的手机号删掉", "phone"), ("手机号删了吧", "phone"), ("删掉生日", "birthday"), ("取消最爱", "favourites")],
)
def test_what_is_noted_goes(menu: MenuIndex, text: str, attribute: str) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == (Ask(UPDATE_PROFILE, {"attribute": attribute, "op": "remove"}),)


@pytest.mark.parametrize(
    ("text", "words"),
    [("删掉不吃香菜", ["不吃香菜"]), ("删掉口味少辣", ["少辣"]), ("去掉忌口花生", ["花生"]), ("删掉对花生过敏", ["不吃花生"])],
)
def test_one_thing_that_was_noted_goes(menu: MenuIndex, text: str, words: list[str]) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == (Ask(UPDATE_PROFILE, {"attribute": "diet", "op": "remove", "words": words}),)


@pytest.mark.parametrize(
    ("text", "attribute"), [("记口味", "diet"), ("登记一下生日", "birthday"), ("改手机号", "phone"), ("设最爱", "favourites")]
)
def test_what_is_to_be_noted_is_asked_for(menu: MenuIndex, text: str, attribute: str) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == (Ask(UPDATE_PROFILE, {"attribute": attribute}),)


@pytest.mark.parametrize("text", ["退会", "我要退会", "注销会员", "不想当会员了", "怎么退会", "取消会员"])
def test_who_leaves(menu: MenuIndex, text: str) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == (Ask(LEAVE_MEMBERSHIP),)


@pytest.mark.parametrize(
    "text", ["会员怎么办", "不要葱", "去掉少辣", "取消订单", "电话多少", "生日", "不要会员价", "改口味", "记一下我不吃香菜"]
)
def test_what_speaks_of_something_else(menu: MenuIndex, text: str) -> None:
    assert profile_said(text, menu, **NOTHING_OPEN) == ()


def test_a_birthday_is_put_right_at_its_read_back(menu: MenuIndex) -> None:
    [said] = profile_said("不对 是3月1号", menu, expected=None, confirming=SET_BIRTHDAY, wanted=frozenset({BIRTHDAY}))
    assert isinstance(said, SetSlot)
    assert (said.slot, said.value["month"], said.value["day"]) == (BIRTHDAY, 3, 1)
    assert profile_said("3月8号晚上六点", menu, expected=None, confirming=SET_BIRTHDAY, wanted=frozenset({BIRTHDAY})) == ()


@pytest.mark.parametrize(("text", "dishes"), [("红烧肉和宫保鸡丁", ["hs", "gb"]), ("就红烧肉吧", ["hs"]), ("三杯鸡、可乐", ["sb", "kl"])])
def test_dishes_into_the_question_for_favourites(menu: MenuIndex, text: str, dishes: list[str]) -> None:
    wanted = frozenset({FAVOURITES})
    assert profile_said(text, menu, expected=FAVOURITES, confirming=None, wanted=wanted) == (SetSlot(FAVOURITES, dishes),)


@pytest.mark.parametrize(("text", "words"), [("不吃香菜", ["不吃香菜"]), ("香菜、花生", ["不吃香菜", "不吃花生"]), ("少辣", ["少辣"])])
def test_words_into_the_question_for_tastes(menu: MenuIndex, text: str, words: list[str]) -> None:
    assert profile_said(text, menu, expected=DIET, confirming=None, wanted=frozenset({DIET})) == (SetSlot(DIET, words),)
    assert profile_said("积分明细", menu, expected=DIET, confirming=None, wanted=frozenset({DIET})) == ()


@pytest.mark.parametrize("text", ["会员码", "出示会员码", "会员二维码", "看一下会员码"])
def test_the_code_is_shown_to_who_asks_for_it(text: str) -> None:
    assert read_phrase(text) == Ask(MEMBER_CODE)
