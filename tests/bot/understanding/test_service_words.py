"""What a table calls for, and what it takes back."""

import pytest

from bot.dialogue.commands import Ask
from bot.understanding.service_words import call_args, called_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("加水", ["water"]),
        ("茶没了", ["water"]),
        ("铁观音泡淡了 续茶一下呗", ["water"]),
        ("来点纸巾", ["tissue"]),
        ("拿点纸过来", ["tissue"]),
        ("紙巾冇晒", ["tissue"]),
        ("加个椅子", ["chair"]),
        ("来个宝宝椅", ["chair"]),
        ("收拾一下", ["clean"]),
        ("汤洒了 快拿抹布", ["clean"]),
        ("盘子太多放不下了 收走几个", ["clean"]),
        ("叫服务员来买单", ["bill"]),
        ("加水，再拿点纸巾", ["water", "tissue"]),
        ("要三个打包盒", ["other"]),
        ("空调太冷了", ["other"]),
        ("要两个纸箱子", ["other"]),
        ("叫服务员", ["other"]),
    ],
)
def test_the_kinds_of_a_call(text: str, kinds: list[str]) -> None:
    assert call_args(text, {})["kinds"] == kinds


def test_a_call_names_its_table_or_room_and_keeps_the_words() -> None:
    assert call_args(" 12号桌加水 ", {}) == {"kinds": ["water"], "words": "12号桌加水", "table": "12"}
    assert call_args("锦绣厅喊人", {"room": "锦绣厅"}) == {"kinds": ["other"], "words": "锦绣厅喊人", "room": "锦绣厅"}
    assert len(call_args("多" * 99, {})["words"]) == 40


@pytest.mark.parametrize(
    "text", ["加水", "A03加水", "麻烦加点热水谢谢", "服务员 续杯茶", "服务员怎么还没来", "叫了半天没人来", "买单叫人来"]
)
def test_some_calls_need_no_engine(text: str) -> None:
    assert called_in(text) == (Ask("call_waiter", call_args(text, {})),)


@pytest.mark.parametrize("text", ["不用来了", "不用加水了", "服务员不用来了", "别叫服务员了", "取消呼叫", "那不用收拾了谢谢"])
def test_what_takes_a_call_back(text: str) -> None:
    assert called_in(text) == (Ask("withdraw_call"),)


@pytest.mark.parametrize(
    "text",
    [
        "不用了",
        "买单",
        "服务员买单",
        "加两瓶矿泉水",
        "来杯水",
        "不要加糖",
        "不要红烧肉了",
        "加个水煮肉片",
        "取消订单",
        "加水吗？",
        "有人吗",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert called_in(text) == ()
