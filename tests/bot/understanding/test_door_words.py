"""What staff write at the door, and what they leave to others."""

import pytest

from bot.dialogue.commands import Ask
from bot.understanding.finer_intents import finer
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.staff_words import staff_said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("叫下一桌 A03", Ask("call_next_number", {"table": "A03"})),
        ("叫号 A03", Ask("call_next_number", {"table": "A03"})),
        ("A03空了，叫号", Ask("call_next_number", {"table": "A03", "cleared": "空了"})),
        ("12号桌收拾好了 叫下一位", Ask("call_next_number", {"table": "12", "cleared": "收拾好了"})),
        ("叫号", Ask("call_next_number", {})),
        ("叫A005", Ask("call_this_number", {"number": "A005"})),
        ("叫A005到A03", Ask("call_this_number", {"number": "A005", "table": "A03"})),
        ("A03空了，叫A005", Ask("call_this_number", {"number": "A005", "table": "A03"})),
        ("A005优先，带着老人", Ask("call_this_number", {"number": "A005"})),
        ("先让A005进来吧", Ask("call_this_number", {"number": "A005"})),
        ("A005过了", Ask("party_missed", {"number": "A005"})),
        ("A005客人回来了", Ask("party_back_in_line", {"number": "A005"})),
        ("A005客人走了不等了", Ask("party_left_line", {"number": "A005"})),
        ("陈先生走了", Ask("party_left_line", {"name": "陈先生"})),
        ("陈女士到了，坐A06", Ask("party_seated", {"name": "陈女士", "table": "A06"})),
        ("清4号台", Ask("empty_table", {"table": "4"})),
        ("排队有多少人了", Ask("open_queue")),
        ("叫到几号了", Ask("open_queue")),
        ("再叫一下 A005", Ask("call_again", {"number": "A005"})),
        ("a005再叫一次", Ask("call_again", {"number": "A005"})),
        ("A005过号", Ask("party_missed", {"number": "A005"})),
        ("B018没来", Ask("party_missed", {"number": "B018"})),
        ("陈先生没来", Ask("party_missed", {"name": "陈先生"})),
        ("A005到了", Ask("party_seated", {"number": "A005"})),
        ("A005入座", Ask("party_seated", {"number": "A005"})),
        ("A005坐A06", Ask("party_seated", {"number": "A005", "table": "A06"})),
        ("陈先生到了", Ask("party_seated", {"name": "陈先生"})),
        ("排队情况", Ask("open_queue")),
        ("还有几桌", Ask("open_queue")),
        ("外面还有多少桌在等", Ask("open_queue")),
        ("排队情况？", Ask("open_queue")),
        ("今天有订位吗？", Ask("day_bookings", {"ahead": 0})),
        ("今天的订位", Ask("day_bookings", {"ahead": 0})),
        ("明天有哪些预订", Ask("day_bookings", {"ahead": 1})),
        ("订位列表", Ask("day_bookings", {"ahead": 0})),
    ],
)
def test_what_staff_say_at_the_door(menu: MenuIndex, text: str, told: Ask) -> None:
    assert staff_said(text, menu) == (told,)


@pytest.mark.parametrize(
    "text",
    [
        "我到了",
        "菜到了",
        "A005",
        "A03",
        "订位",
        "今晚订位",
        "取号",
        "排队",
        "前面还有几桌",
        "下一位",
        "叫下一桌来点菜",
        "陈先生",
        "A005过号了怎么办",
        "A005过号？",
        "A005优先吗？",
        "排到几号了",
        "叫号A03？",
    ],
)
def test_what_is_left_to_others(menu: MenuIndex, text: str) -> None:
    assert staff_said(text, menu) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A03空了 喊下一个进来", Ask("call_next_number", {"table": "A03"})),
        ("翻台了 放下一桌", Ask("call_next_number")),
        ("再叫一遍B06", Ask("call_again", {"number": "B006"})),
        ("叫B112进来", Ask("call_again", {"number": "B112"})),
        ("C08没来 过了 叫后面的", Ask("party_missed", {"number": "C008"})),
        ("请A07入座", Ask("party_seated", {"number": "A007"})),
        ("重叫刚才那个号", Ask("call_again")),
    ],
)
def test_what_an_engine_found_never_calls_a_party_for_a_number_that_was_named(menu: MenuIndex, text: str, told: Ask) -> None:
    assert finer((Ask("call_next_number", {"code": "x"}),), text, menu) == (told,)
