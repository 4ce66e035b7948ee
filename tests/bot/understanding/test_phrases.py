import pytest

from bot.understanding.phrases import read_number, read_phrase
from tests.bot.understanding.shorthand import short


def phrase(text):
    command = read_phrase(text)
    return short([command]) if command else None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("菜单", "view_menu"),
        ("我想看一下菜单吧", "view_menu"),
        ("菜　单！", "view_menu"),
        ("今天有什么好吃的", "view_menu"),
        ("第二页", "view_menu page=2"),
        ("看第3页", "view_menu page=3"),
        ("购物车", "view_cart"),
        ("帮我看看点了啥", "view_cart"),
        ("清空购物车", "clear_cart"),
        ("就这些了，谢谢", "checkout"),
        ("可以下单了", "checkout"),
        ("麻烦买单哈～谢谢🙏", "pay_bill"),
        ("買單", "pay_bill"),
        ("服务员结账！", "pay_bill"),
        ("好了没", "order_status"),
        ("还要等多久啊", "order_status"),
        ("怎么加入会员", "member_card"),
        ("我还有多少积分", "points_balance"),
        ("我的積分", "points_balance"),
        ("门店在哪里", "find_store"),
        ("怎么用", "help"),
        ("？？", "help"),
        ("外带", "view_menu"),
        ("你好", "greet"),
        ("谢谢啦", "thank"),
        ("撤回上一步", "undo"),
        ("继续", "resume"),
        ("算了吧", "cancel"),
        ("算了不要了", "cancel"),
        ("好的好的", "affirm"),
        ("嗯，可以", "affirm"),
        ("[OK]", "affirm"),
        ("没问题的", "affirm"),
        ("不对", "deny"),
        ("不用了谢谢", "deny"),
    ],
)
def test_phrases_however_politely_said(text, command):
    assert phrase(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "来一份红烧肉",
        "对不对",
        "好不好",
        "可以不",
        "别取消",
        "不要取消",
        "取消订单",
        "服务员态度不好",
        "积分能换什么",
        "菜单上的红烧肉怎么样",
    ],
)
def test_what_only_looks_like_a_phrase(text):
    assert phrase(text) is None


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("2", 2),
        ("２", 2),
        ("二", 2),
        ("②", 2),
        ("第二个", 2),
        ("选2", 2),
        ("我选第2个吧", 2),
        ("2号", 2),
        ("十二", 12),
        ("2.", 2),
        ("就2", 2),
    ],
)
def test_a_number_picks(text, n):
    assert read_number(text) == n


@pytest.mark.parametrize("text", ["", "0", "2个", "两份", "2可乐", "123", "一二", "七点", "第二天", "红烧肉2"])
def test_how_many_is_not_which(text):
    assert read_number(text) is None
