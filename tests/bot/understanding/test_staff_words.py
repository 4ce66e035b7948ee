"""What staff write, and what they do not mean."""

import pytest

from bot.dialogue.commands import Ask
from bot.understanding.finer_intents import finer
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.staff_words import code_said, order_args, staff_said
from bot.understanding.table_words import codes_to_mark


@pytest.mark.parametrize("text", ["绑定 123456", "绑定123456", "绑定：１２３４５６", "绑定员工 123 456"])
def test_a_code_is_heard_from_everybody(text: str) -> None:
    assert code_said(text) == (Ask("bind_staff", {"code": "123456"}),)


@pytest.mark.parametrize("text", ["绑定手机13800138000", "绑定", "123456", "绑定12345", "怎么绑定123456的手机"])
def test_what_is_no_code(text: str) -> None:
    assert code_said(text) == ()


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("0087 好了", {"number": "0087", "to": "ready"}),
        ("0087单做好了", {"number": "0087", "to": "ready"}),
        ("A03 上齐了", {"table": "A03", "to": "served"}),
        ("a03上齐", {"table": "A03", "to": "served"}),
        ("12号桌上齐了", {"table": "12", "to": "served"}),
        ("0087取走了", {"number": "0087", "to": "served"}),
        ("0087接单", {"number": "0087", "to": "accepted"}),
        ("0087下锅了", {"number": "0087", "to": "cooking"}),
    ],
)
def test_an_order_goes_on(menu: MenuIndex, text: str, args: dict[str, str]) -> None:
    assert staff_said(text, menu) == (Ask("mark_served", args),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("呼叫", Ask("open_calls")),
        ("看看有哪些呼叫", Ask("open_calls")),
        ("A03 我来", Ask("take_call", {"table": "A03"})),
        ("接A03", Ask("take_call", {"table": "A03"})),
        ("A03处理好了", Ask("finish_call", {"table": "A03"})),
        ("待办", Ask("open_tasks")),
        ("A03 交还", Ask("hand_back_talk", {"table": "A03"})),
        ("把A03交还给机器人", Ask("hand_back_talk", {"table": "A03"})),
        ("0087交还", Ask("hand_back_talk", {"number": "0087"})),
        ("解绑", Ask("unbind_staff")),
    ],
)
def test_what_staff_say(menu: MenuIndex, text: str, told: Ask) -> None:
    assert staff_said(text, menu) == (told,)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("估清 红烧肉", "mark_sold_out"),
        ("红烧肉沽清了", "mark_sold_out"),
        ("恢复 红烧肉", "mark_on_sale"),
        ("红烧肉恢复供应", "mark_on_sale"),
        ("沽清红烧肉", "mark_sold_out"),
        ("恢复红烧肉", "mark_on_sale"),
    ],
)
def test_the_sale_of_a_dish(menu: MenuIndex, text: str, intent: str) -> None:
    assert staff_said(text, menu) == (Ask(intent, {"dishes": ["hs"]}),)


@pytest.mark.parametrize(
    "text",
    [
        "红烧肉",
        "一份红烧肉",
        "红烧肉沽清了吗？",
        "A03",
        "好了",
        "我来",
        "A03加水",
        "0087",
        "呼叫A12",
        "上齐了",
        "红烧肉上齐了吗",
        "明天A03好了叫我",
    ],
)
def test_what_is_left_to_others(menu: MenuIndex, text: str) -> None:
    assert staff_said(text, menu) == ()


@pytest.mark.parametrize(
    ("asked", "text", "told"),
    [
        (Ask("mark_sold_out"), "红烧肉卖光了 别让点了", Ask("mark_sold_out", {"dishes": ["hs"]})),
        (Ask("mark_sold_out"), "红烧肉到货了 重新上架", Ask("mark_on_sale", {"dishes": ["hs"]})),
        (Ask("mark_sold_out"), "红烧肉还剩两份", Ask("mark_sold_out", {"dishes": ["hs"], "some_left": True})),
        (Ask("mark_sold_out"), "沽清", Ask("mark_sold_out", {"dishes": []})),
        (Ask("mark_served", {"code": "0625"}), "自提0625客人取走了", Ask("mark_served", {"to": "served", "number": "0625"})),
    ],
)
def test_what_an_engine_found_is_made_finer(menu: MenuIndex, asked: Ask, text: str, told: Ask) -> None:
    assert finer((asked,), text, menu) == (told,)


def test_served_is_meant_when_nothing_else_is_said() -> None:
    assert order_args("C6出餐完成") == {"to": "ready", "table": "C6"}
    assert order_args("A11这桌传完了") == {"to": "served", "table": "A11"}
    assert order_args("划单") == {"to": "served"}


TABLES = codes_to_mark(("1", "3", "4", "5", "12", "松1", "A03", "VIP1"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4 好了", Ask("mark_served", {"table": "4", "to": "ready"})),
        ("04上齐了", Ask("mark_served", {"table": "4", "to": "served"})),
        ("十二号桌好了", Ask("mark_served", {"table": "12", "to": "ready"})),
        ("0087 好了", Ask("mark_served", {"number": "0087", "to": "ready"})),
        ("4 我来", Ask("take_call", {"table": "4"})),
        ("松1我来", Ask("take_call", {"table": "松1"})),
        ("vip1我来", Ask("take_call", {"table": "VIP1"})),
        ("叫号 1", Ask("call_next_number", {"table": "1"})),
        ("叫号 一号", Ask("call_next_number", {"table": "1"})),
        ("叫下一桌", Ask("call_next_number", {})),
        ("a003 入座 3号", Ask("party_seated", {"number": "A003", "table": "3"})),
        ("3号桌入座", Ask("party_seated", {"table": "3"})),
        ("换桌 3到5", Ask("move_seated_party", {"table": "3", "to": "5"})),
        ("把3号桌换到4号桌", Ask("move_seated_party", {"table": "3", "to": "4"})),
        ("松一换到12", Ask("move_seated_party", {"table": "松1", "to": "12"})),
        ("4号桌走了", Ask("empty_table", {"table": "4"})),
        ("清台 4", Ask("empty_table", {"table": "4"})),
        ("A03走了", Ask("empty_table", {"table": "A03"})),
        ("A003走了", Ask("party_left_line", {"number": "A003"})),
        ("A003 重新排", Ask("party_back_in_line", {"number": "A003"})),
        ("B004换到1、2", Ask("choose_tables", {"number": "B004", "where": "1和2"})),
    ],
)
def test_a_table_is_known_by_the_code_that_the_shop_gave_it(menu: MenuIndex, text: str, told: Ask) -> None:
    assert staff_said(text, menu, tables=TABLES) == (told,)


def test_an_order_is_no_table_and_a_table_of_one_store_no_part_of_anothers(menu: MenuIndex) -> None:
    assert staff_said("0004接单", menu, tables=TABLES) == (Ask("mark_served", {"number": "0004", "to": "accepted"}),)
    assert staff_said("004接单", menu, tables=TABLES) == (Ask("mark_served", {"table": "4", "to": "accepted"}),)
    assert staff_said("T-4换到T1", menu, tables=TABLES) == (Ask("move_seated_party", {"table": "T4", "to": "T1"}),)


@pytest.mark.parametrize("text", ["12点", "4个人", "1", "3份红烧肉", "再叫一次", "4 12 好了", "我走了"])
def test_a_number_is_no_table_where_nothing_says_so(menu: MenuIndex, text: str) -> None:
    assert staff_said(text, menu, tables=TABLES) == ()


@pytest.mark.parametrize("text", ["红烧肉还剩3份", "红烧肉只剩两份了", "红烧肉 剩5份"])
def test_what_is_left_of_a_dish_is_never_an_order(menu: MenuIndex, text: str) -> None:
    assert staff_said(text, menu) == (Ask("mark_sold_out", {"dishes": ["hs"], "some_left": True}),)
