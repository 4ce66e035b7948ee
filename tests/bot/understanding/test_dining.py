"""What is said at the table: wait, bring it now, hurry, another table, the same again."""

import pytest

from bot.dialogue.commands import Ask, SetSlot, Start
from bot.understanding.dining import WAIT, dining_in
from bot.understanding.finer_intents import finer
from bot.understanding.resolvers.dishes import MenuIndex

NOTHING_OPEN = frozenset[str]()


@pytest.mark.parametrize("text", ["先别做，人齐了再上", "叫起", "先叫起吧", "人齐了再上菜", "菜先别上，等我通知", "先莫做，等人齐了再做"])
def test_the_dishes_wait(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == (Start("checkout", {WAIT: True}),)
    assert dining_in(text, menu, wanted=frozenset({WAIT})) == (SetSlot(WAIT, True),)


@pytest.mark.parametrize("text", ["先别做", "先不做", "别急着上菜", "先别上", "确认，先别做", "晚点再上"])
def test_at_the_read_back_not_yet_means_that_the_dishes_wait(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=frozenset({WAIT})) == (SetSlot(WAIT, True),)
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == ()


def test_the_wish_to_wait_may_be_said_twice(menu: MenuIndex) -> None:
    assert dining_in("叫起，先别做", menu, wanted=NOTHING_OPEN) == (Start("checkout", {WAIT: True}),)


@pytest.mark.parametrize("text", ["先不下单", "别做了", "不上", "先别做红烧肉"])
def test_what_is_no_wish_to_wait(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=frozenset({WAIT})) == ()


@pytest.mark.parametrize(
    ("text", "dishes"), [("红烧肉先上", ["hs"]), ("麻烦红烧肉和三杯鸡先做", ["hs", "sb"]), ("我点的红烧肉可以先上吗", ["hs"])]
)
def test_what_is_to_come_first_is_not_ordered_again(menu: MenuIndex, text: str, dishes: list[str]) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == (Ask("serve_first", {"dishes": dishes}),)


@pytest.mark.parametrize("text", ["先来红烧肉", "红烧肉先来一份", "先上菜", "先点红烧肉"])
def test_what_is_ordered_first_is_an_order(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) != (Ask("serve_first", {"dishes": ["hs"]}),)


@pytest.mark.parametrize("text", ["起菜", "可以上菜了", "人齐了，上菜吧", "走菜"])
def test_the_dishes_are_brought(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == (Ask("fire_courses"),)


@pytest.mark.parametrize(
    ("text", "args"),
    [("换到B01桌", {"table": "B01"}), ("我们换到a03了", {"table": "A03"}), ("换张桌子", {}), ("能不能换个靠窗的桌子", {"area": "靠窗"})],
)
def test_another_table(menu: MenuIndex, text: str, args: dict[str, str]) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == (Ask("change_table", args),)


@pytest.mark.parametrize("text", ["再来一份上次的", "还是老样子", "跟上次一样", "上次点的再来一遍"])
def test_the_same_as_last_time(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == (Ask("repeat_order"),)


@pytest.mark.parametrize(
    "text", ["上菜了吗", "可以上菜了吗？", "先别做", "再来一份", "和刚才一样", "上次的红烧肉再来一份", "上次", "换一份红烧肉", "等等"]
)
def test_what_only_looks_like_it(menu: MenuIndex, text: str) -> None:
    assert dining_in(text, menu, wanted=NOTHING_OPEN) == ()


@pytest.mark.parametrize(
    ("asked", "text", "told"),
    [
        (Ask("order_status"), "怎么还没上", Ask("rush_order", {"dishes": []})),
        (Ask("order_status"), "催一下红烧肉", Ask("rush_order", {"dishes": ["hs"]})),
        (Ask("order_status"), "还要等多久", Ask("order_status")),
        (Ask("order_status"), "菜上齐了吗", Ask("order_status")),
        (Ask("checkout"), "这些下单，人没来齐先别做", Ask("checkout", {"wait": True})),
        (Ask("checkout"), "这些下了吧先别做", Ask("checkout", {"wait": True})),
        (Ask("checkout"), "人来齐了喊厨房起菜", Ask("fire_courses")),
        (Ask("checkout"), "下单吧", Ask("checkout")),
        (Ask("call_waiter", {"table": "B04"}), "我们挪去B04坐了哈", Ask("change_table", {"table": "B04"})),
        (Ask("call_waiter", {}), "从A01换到A06", Ask("change_table", {"table": "A06"})),
        (Ask("call_waiter", {}), "加点水", Ask("call_waiter", {"kinds": ["water"], "words": "加点水"})),
    ],
)
def test_a_broad_intent_is_made_finer(menu: MenuIndex, asked: Ask, text: str, told: Ask) -> None:
    assert finer((asked,), text, menu) == (told,)
