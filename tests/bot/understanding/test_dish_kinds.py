"""Kinds of dishes: a part of the menu taken away as a whole, a wish for all dishes, boxes of drinks, and what 这个 means."""

import pytest

from bot.understanding.dish_kinds import Made, dishes_of_kind, meant_by
from bot.understanding.order_words import read_order
from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from tests.bot.understanding.shorthand import short

RICE, COLA = Made("主食", 0, ()), Made("酒水", 0, ("去冰",))
HOT, MILD, CHOICE = Made("热菜", 3, ()), Made("热菜", 0, ()), Made("凉菜", 0, ("微辣", "不辣"))


@pytest.fixture(scope="module")
def parts() -> MenuIndex:
    return MenuIndex(
        [
            MenuEntry("hs", "红烧肉", category="招牌"),
            MenuEntry("gb", "宫保鸡丁", category="招牌", spice=2),
            MenuEntry("kl", "可乐", (), "瓶", category="酒水饮料"),
            MenuEntry("pj", "啤酒", (), "瓶", category="酒水饮料"),
            MenuEntry("sp", "双皮奶", (), "碗", category="甜品"),
            MenuEntry("nm", "牛肉面", (), "碗", category="主食"),
            MenuEntry("dd", "担担面", (), "碗", category="主食"),
            MenuEntry("hw", "好味小食拼盘", category="好味小食"),
        ]
    )


def read(text: str, menu: MenuIndex) -> str:
    order = read_order(text, menu)
    return short((*order.questions, *order.lines))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("饮料都不要了", "remove ?kl|pj every"),
        ("把甜品都去掉", "remove sp every"),
        ("喝的都退了吧", "remove ?kl|pj every"),
        ("不要饮料了", "remove ?kl|pj every"),
        ("好味小食不要了", "remove hw every"),
        ("面都不要了", "remove ?nm|dd every"),
        ("红烧肉来一份，饮料都不要了", "add hs x1; remove ?kl|pj every"),
        ("可乐不要了", "remove kl"),
        ("来份面", "add ?nm|dd x1~"),
    ],
)
def test_a_part_of_the_menu_is_taken_away(parts: MenuIndex, text: str, expected: str) -> None:
    assert read(text, parts).replace(" every", "").split("; ") == expected.replace(" every", "").split("; ")
    assert any(line.every for line in read_order(text, parts).lines) == ("every" in expected)


def test_the_shops_own_name_for_a_part_of_its_menu_comes_first(parts: MenuIndex) -> None:
    assert dishes_of_kind("酒水饮料", parts) == dishes_of_kind("饮料", parts) == ("kl", "pj")
    assert dishes_of_kind("招牌", parts) == ("hs", "gb")
    assert dishes_of_kind("包间", parts) == ()


@pytest.mark.parametrize(
    ("wish", "dishes", "meant"),
    [
        ("少辣", [HOT, MILD, COLA], (0,)),
        ("微辣", [MILD, CHOICE, RICE], (1,)),
        ("少辣", [MILD, COLA, RICE], (0,)),
        ("去冰", [HOT, COLA], (1,)),
        ("不要葱", [HOT, MILD, COLA], (0, 1)),
        ("打包", [HOT, COLA, RICE], (0, 1, 2)),
        ("少辣", [COLA, RICE], (0, 1)),
    ],
)
def test_a_wish_for_all_is_for_those_that_can_be_made_so(wish: str, dishes: list[Made], meant: tuple[int, ...]) -> None:
    assert meant_by(wish, dishes) == meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("宫保鸡丁和可乐，都微辣", "add gb [微辣]; add kl"),
        ("红烧肉和宫保鸡丁，都少辣", "add hs [少辣]; add gb [少辣]"),
        ("来份红烧肉两瓶可乐，都去冰", "add hs x1; add kl x2 [去冰]"),
    ],
)
def test_a_wish_for_all_that_were_named_passes_over_drinks(parts: MenuIndex, text: str, expected: str) -> None:
    assert read(text, parts) == expected


def test_how_many_a_box_holds_is_asked(parts: MenuIndex) -> None:
    assert read("来一箱可乐", parts) == "sold_by_unit dish_id=kl unit=瓶 said=1箱"
    assert read("两箱啤酒，一碗双皮奶", parts) == "sold_by_unit dish_id=pj unit=瓶 said=2箱; add sp x1"
    assert read("一打啤酒", parts) == "add pj x12"


def test_this_means_the_dish_named_before(parts: MenuIndex) -> None:
    assert read("来份宫保鸡丁，这个辣不辣", parts) == "ask gb spice; add gb x1"
    [inside] = read_order("这个里面有牛肉面吗", parts).questions
    assert inside.args == {"topic": "allergens"}


def test_asking_for_dishes_made_so_changes_nothing(parts: MenuIndex) -> None:
    assert read_order("有什么不辣的", parts).lines == ()
    assert short(read_order("能不能不辣", parts).lines) == "modify last [不辣]"
