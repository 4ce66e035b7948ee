import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.commands import Ask, Line, LineOp, Nothing
from bot.understanding.deterministic import understand_text
from bot.understanding.lexicon import WORDS
from bot.understanding.resolvers.dishes import MenuIndex
from tests.bot.understanding.conftest import ENTRIES
from tests.bot.understanding.shorthand import short


def understood(menu, text):
    return short(understand_text(text, menu))


def test_a_bare_number_says_nothing_by_itself(menu):
    assert understood(menu, "6") == "nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("菜单", "view_menu"),
        ("来两份红烧肉，下单", "add hs x2; checkout"),
        ("红烧肉一份就这些", "add hs x1; checkout"),
        ("红烧肉一份，就这些，买单", "add hs x1; checkout"),
        ("来一份红烧肉先不下单", "add hs x1"),
        ("对，再加一碗米饭", "add mf x1"),
        ("确认，但是红烧肉少辣", "add hs [少辣]"),
        ("没问题，不过可乐不要了", "remove kl"),
        ("确认下单，再来一碗米饭", "add mf x1; checkout"),
        ("刚刚加的都不要了", "undo"),
        ("你好，来一份红烧肉，谢谢", "add hs x1"),
        ("红烧肉辣吗？不辣的话来一份", "ask hs spice; add hs x1 [不辣]"),
        ("我还有多少积分", "points_balance"),
    ],
)
def test_phrases_and_orders_in_one_message(menu, text, expected):
    assert understood(menu, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "asdfghjkl",
        "服务员态度不好",
        "明晚七点半六个人，要包间",
        "我想吃红烧肉，你知道城里哪家餐馆做得最地道吗",
        "<xml><Content><![CDATA[来两份红烧肉]]></Content></xml>",
        "{0.__class__.__init__.__globals__} %s %n ${jndi:ldap://x}",
        "'; DROP TABLE diners; --",
        "你们这家店的服务真的太差了" * 150,
        "来两份红烧肉" * 400,
    ],
)
def test_junk_is_nothing(menu, text):
    assert understood(menu, text) == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "一" * 2000,
        "每人都" * 500,
        " " * 500,
        "不是1份" * 100,
        "鸡" * 500,
        "可乐2" * 160,
        "嗯" * 23 + "啦",
        "来份红烧" * 60,
        "1." * 250,
        "9" * 2000,
    ],
    ids=lambda text: text[:4],
)
def test_no_message_takes_long(menu, text):
    spent = []
    for _ in range(3):
        started = time.thread_time()
        understand_text(text, menu)
        spent.append(time.thread_time() - started)

    assert min(spent) < 0.05  # ten times what it takes


IDS = {entry.id for entry in ENTRIES}
PIECES = [*(entry.name for entry in ENTRIES), *(alias for entry in ENTRIES for alias in entry.aliases), *WORDS]
PIECES += [
    "两份",
    "3瓶",
    "半只",
    "一打",
    "二两",
    "每人一份",
    "，",
    "。",
    "？",
    "、",
    " ",
    "\n",
    "2",
    "x",
    "鱼香肉思",
    "排骨",
    "停车",
    "😀",
    "(",
    ")",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_any_text_becomes_commands_that_can_be_carried_out(menu, text):
    commands = understand_text(text, menu)

    assert commands
    assert commands == understand_text(text, menu)
    assert Nothing() not in commands or len(commands) == 1
    for line in (command for command in commands if isinstance(command, Line)):
        assert line.n is None or line.n > 0
        assert {*line.candidates, line.dish_id, line.other_id} <= {*IDS, None}
        assert line.dish_id is None or not line.candidates
        assert (line.other_id is not None) == (line.op is LineOp.SWAP)
        assert line.options or line.op is not LineOp.MODIFY
        assert line.n is not None or line.op is not LineOp.SET
        assert all(option and " " not in option for option in line.options)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("我要加入会员再买单", (Ask("member_card", {"then": "pay_bill"}),)),
        ("先看看菜单，然后看购物车", (Ask("view_menu"), Ask("view_cart"))),
    ],
)
def test_two_wishes_one_after_the_other(menu: MenuIndex, text: str, commands: tuple[Ask, ...]) -> None:
    assert understand_text(text, menu) == commands
