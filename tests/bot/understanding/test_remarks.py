"""Short remarks that mean one thing where they are said, and what only looks like one."""

import pytest

from bot.dialogue.commands import Ask, SetSlot
from bot.understanding.remarks import AVOIDS, WAITS, remark_in
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from bot.understanding.shop_words import ShopWords


@pytest.fixture
def words(menu: MenuIndex) -> ShopWords:
    stores = StoreIndex(
        [StoreEntry("yd", "雁塔店", "西安市雁塔区翠华路 9 号"), StoreEntry("gl", "鼓楼店", "西安市莲湖区西大街 3 号")], "长安里"
    )
    return ShopWords(1, menu, stores, {})


def said(text: str, words: ShopWords, *, confirming: bool = False, asked: bool = False) -> tuple[object, ...]:
    return remark_in(text, words, confirming=confirming, asked=asked, wanted=frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "等等",
        "稍等",
        "等一下哈",
        "等会儿",
        "你等我一下",
        "先等等，我问问我老婆",
        "稍等，接个电话",
        "让我想想",
        "等下，我们商量一下",
        "别急，还在看菜单",
    ],
)
def test_a_wait(words: ShopWords, text: str) -> None:
    assert said(text, words, confirming=True, asked=True) == (Ask(WAITS),)


@pytest.mark.parametrize(
    "text", ["等等，再加两碗米饭", "稍等，换成三杯鸡", "还要等多久", "等一下再上菜", "等我到了再做", "稍等，看下多少钱", "等等，取消"]
)
def test_what_is_more_than_a_wait(words: ShopWords, text: str) -> None:
    assert said(text, words, confirming=True, asked=True) == ()


@pytest.mark.parametrize("text", ["好了", "可以了", "行了", "就这样，够了", "我们点好了", "差不多可以了吧"])
def test_done(words: ShopWords, text: str) -> None:
    wanted = () if text == "就这样，够了" else (Ask("checkout"),)
    assert said(text, words) == wanted
    assert said(text, words, asked=True) == ()  # there a yes has a meaning of its own


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("我不吃香菜，花生过敏", "香菜、花生"),
        ("花生过敏，也不吃香菜", "花生、香菜"),
        ("我对虾过敏", "虾"),
        ("孩子鸡蛋过敏，不能吃什么", "鸡蛋"),
        ("朋友对坚果严重过敏", "坚果"),
        ("我海鲜过敏有什么能吃的", "海鲜"),
    ],
)
def test_an_allergy(words: ShopWords, text: str, food: str) -> None:
    assert said(text, words) == (Ask(AVOIDS, {"words": food}),)


@pytest.mark.parametrize("text", ["我对虾过敏，帮我记到档案里", "白灼虾会让人过敏吗，我想带走", "跟你们说了花生过敏还放"])
def test_what_is_more_than_an_allergy(words: ShopWords, text: str) -> None:
    assert said(text, words) == ()


def test_a_store_is_picked(words: ShopWords) -> None:
    assert said("那就鼓楼吧", words) == (SetSlot("store", "gl"), Ask("view_menu"))
    assert said("换到雁塔店取", words) == (SetSlot("store", "yd"), Ask("view_menu"))
    assert said("换到雁塔店取", words, confirming=True) == (SetSlot("store", "yd"),)
    assert said("雁塔店", words) == (SetSlot("store", "yd"), Ask("store_info", {"store": "yd"}))
    assert said("雁塔店几点关门", words) == ()
    assert said("雁塔店和鼓楼店", words) == ()
