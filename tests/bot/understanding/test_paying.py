"""What is said at paying: coupons, points, who pays, and why the bill is as it is; and what only looks like it."""

import pytest

from bot.dialogue.commands import Ask, SetSlot, Start
from bot.understanding.coupon_names import coupon_fits, wishes_for
from bot.understanding.pay_wishes import read_wishes
from bot.understanding.paying import COUPON_WISH, POINTS_WISH, paying_beside, paying_in, reward_said
from bot.understanding.resolvers.amounts import read_amount
from bot.understanding.resolvers.dishes import MenuIndex

AT_BILL = frozenset({COUPON_WISH, POINTS_WISH})
NONE_OPEN = frozenset[str]()


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("用200积分", {"use": 200}),
        ("用两百积分抵一下", {"use": 200}),
        ("积分用1,500", {"use": 1500}),
        ("积分全用上", {"use": "all"}),
        ("帮我把积分都抵了吧", {"use": "all"}),
        ("积分能抵多少就抵多少", {"use": "all"}),
        ("不用积分", {"use": "none"}),
        ("积分别用了", {"use": "none"}),
        ("积分一分都别动", {"use": "none"}),
        ("积分留着下次用", {"use": "none"}),
        ("积分抵一点", {"use": "auto"}),
        ("积分抵20块", {"fen": 2000}),
        ("积分抵0.5元", {"fen": 50}),
        ("莫用积分", {"use": "none"}),
        ("积分冇用", {"use": "none"}),
        ("唔要用积分", {"use": "none"}),
        ("积分先不用", {"use": "none"}),
        ("积分留到下次用", {"use": "none"}),
        ("就用一半积分", {"use": "half"}),
        ("积分用一半", {"use": "half"}),
        ("用50积分，不对，用100积分", {"use": 100}),
    ],
)
def test_how_many_points_are_used(menu: MenuIndex, text: str, points: object) -> None:
    assert paying_in(text, menu, wanted=AT_BILL) == (SetSlot("points", points),)
    assert paying_in(text, menu, wanted=NONE_OPEN) == (Start("pay_bill", {"points": points}),)


@pytest.mark.parametrize(
    ("text", "coupons"),
    [
        ("用那张20元的券", {"use": ["20元券"]}),
        ("用满100减20的券", {"use": ["满100减20券"]}),
        ("用生日券", {"use": ["生日券"]}),
        ("把生日券用上", {"use": ["生日券"]}),
        ("用八折券和20元券", {"use": ["八折券", "20元券"]}),
        ("不用券", {"use": "none"}),
        ("别用券了", {"use": "none"}),
        ("别用生日券", {"use": "auto", "ban": ["生日券"]}),
        ("不用八折券了，用20元券", {"use": ["20元券"], "ban": ["八折券"]}),
        ("八折券和生日券都用上", {"use": ["八折券", "生日券"]}),
        ("两张都用", {"use": "all"}),
        ("券全用上", {"use": "all"}),
        ("用最划算的", {"use": "auto"}),
        ("用券抵", {"use": "auto"}),
        ("八折券莫用", {"use": "auto", "ban": ["八折券"]}),
        ("八折那张留着用满100减20的", {"use": ["满100减20"], "ban": ["八折"]}),
        ("用那个二十块的", {"use": ["二十块"]}),
        ("用八折券不对用20元券", {"use": ["20元券"]}),
        ("不对，用20元券", {"use": ["20元券"]}),
    ],
)
def test_which_coupons_are_used(menu: MenuIndex, text: str, coupons: object) -> None:
    assert paying_in(text, menu, wanted=AT_BILL) == (SetSlot("coupons", coupons),)
    assert paying_in(text, menu, wanted=NONE_OPEN) == (Start("pay_bill", {"coupons": coupons}),)


@pytest.mark.parametrize(
    ("text", "coupons"),
    [
        ("换八折那张", {"use": ["八折"]}),
        ("20元券", {"use": ["20元券"]}),
        ("新客那张", {"use": ["新客"]}),
        ("把20元券换成八折券", {"use": ["八折券"], "ban": ["20元券"]}),
        ("全用上", {"use": "all"}),
        ("换一张券", {"use": "other"}),
        ("换一张", {"use": "other"}),
    ],
)
def test_what_means_a_coupon_only_with_a_bill_open(menu: MenuIndex, text: str, coupons: object) -> None:
    assert paying_in(text, menu, wanted=AT_BILL) == (SetSlot("coupons", coupons),)
    assert paying_in(text, menu, wanted=NONE_OPEN) == ()


@pytest.mark.parametrize("number", ["-5积分", "0.5积分", "负五积分", "9999999999积分"])
def test_a_number_that_points_cannot_be_is_never_cut_down_to_one_they_can(menu: MenuIndex, number: str) -> None:
    assert paying_in(f"用{number}", menu, wanted=AT_BILL) == (SetSlot("points", {"odd": number.removesuffix("积分")}),)


def test_money_that_points_cannot_pay_is_no_coupon(menu: MenuIndex) -> None:
    assert paying_in("积分抵99999999块", menu, wanted=AT_BILL) == (SetSlot("points", {"odd": "99999999块"}),)
    assert paying_in("用9999999999", menu, wanted=AT_BILL) == ()


@pytest.mark.parametrize("text", ["多少钱", "一共多少钱", "好多钱", "总共要付多少钱呀"])
def test_at_a_bill_the_price_is_that_of_the_bill(menu: MenuIndex, text: str) -> None:
    assert paying_in(text, menu, wanted=AT_BILL) == (Start("pay_bill"),)
    assert paying_in(text, menu, wanted=NONE_OPEN) == ()


def test_at_a_bill_the_best_is_that_of_coupons_and_points(menu: MenuIndex) -> None:
    assert paying_in("最划算的", menu, wanted=AT_BILL) == (SetSlot("coupons", {"use": "auto"}), SetSlot("points", {"use": "auto"}))
    assert paying_in("最划算的", menu, wanted=NONE_OPEN) == ()


@pytest.mark.parametrize("text", ["我要退款", "退钱", "怎么退款", "把钱退给我", "给我退20块"])
def test_money_back_is_asked_of_a_person(menu: MenuIndex, text: str) -> None:
    assert paying_in(text, menu, wanted=NONE_OPEN) == (Ask("ask_refund"),)


@pytest.mark.parametrize("text", ["红烧肉退了", "退款之后扣了多少积分", "月卡能退钱吗", "退一份米饭"])
def test_what_is_not_about_money_back_of_an_order(menu: MenuIndex, text: str) -> None:
    assert paying_in(text, menu, wanted=NONE_OPEN) != (Ask("ask_refund"),)


@pytest.mark.parametrize(
    ("text", "reward"), [("一元券", "一元券"), ("换20元券", "20元券"), ("不用券", None), ("用20元券", None), ("双皮奶", None)]
)
def test_which_coupon_is_wanted_for_points(text: str, reward: str | None) -> None:
    assert reward_said(text) == reward


@pytest.mark.parametrize(
    "text",
    [
        "用500积分换双皮奶",
        "积分有多少",
        "积分能抵多少钱",
        "优惠券怎么用",
        "我的券",
        "来一张20元券",
        "我有八折券",
        "积分明细",
        "来一份红烧肉",
    ],
)
def test_what_is_no_wish_for_the_bill(menu: MenuIndex, text: str) -> None:
    assert paying_in(text, menu, wanted=NONE_OPEN) == ()


def test_everything_at_once(menu: MenuIndex) -> None:
    wishes = {"coupons": {"use": ["生日券"]}, "points": {"use": "all"}}

    assert paying_in("买单，用生日券，积分全用上", menu, wanted=NONE_OPEN) == (Start("pay_bill", wishes),)
    assert read_wishes("券和积分都不用", at_bill=False).slots == {"coupons": {"use": "none"}, "points": {"use": "none"}}


@pytest.mark.parametrize(
    ("text", "coupons", "points"),
    [
        ("券和积分都用上", "all", "all"),
        ("积分和券都不用", "none", "none"),
        ("原价付", "none", "none"),
        ("只用券", "auto", "none"),
        ("只用积分", "none", "all"),
        ("怎么划算怎么来", "auto", "auto"),
    ],
)
def test_coupons_and_points_in_one_word(menu: MenuIndex, text: str, coupons: str, points: str) -> None:
    assert paying_in(text, menu, wanted=AT_BILL) == (SetSlot("coupons", {"use": coupons}), SetSlot("points", {"use": points}))


def test_of_what_is_not_all_understood_nothing_is_used_by_guess(menu: MenuIndex) -> None:
    assert paying_beside("买单 那个20元券过期没有啊", menu) == ()
    assert paying_beside("结账 顺便把我那张15元券用了啦", menu) == (Start("pay_bill", {"coupons": {"use": ["15元券"]}}),)


@pytest.mark.parametrize(
    ("text", "mode", "n", "dishes"),
    [
        ("AA", "even", None, []),
        ("四个人AA", "even", 4, []),
        ("我们平摊吧", "even", None, []),
        ("分开付", "dishes", None, []),
        ("各付各的行不行", "dishes", None, []),
        ("分开付，红烧肉和米饭我付", "dishes", None, [("hs", None), ("mf", None)]),
        ("可乐算我的", "dishes", None, [("kl", None)]),
        ("我只付三杯鸡", "dishes", None, [("sb", None)]),
        ("分开付，我付两份红烧肉", "dishes", None, [("hs", "2")]),
        ("红烧肉算我的一份", "dishes", None, [("hs", "1")]),
        ("红烧肉两份和三碗米饭我付", "dishes", None, [("hs", "2"), ("mf", "3")]),
        ("我来付", "mine", None, []),
        ("这顿我请", "mine", None, []),
    ],
)
def test_who_pays_what(menu: MenuIndex, text: str, mode: str, n: int | None, dishes: list[tuple[str, str | None]]) -> None:
    named = [{"dish_id": dish_id, "n": count} for dish_id, count in dishes]
    assert paying_in(text, menu, wanted=NONE_OPEN) == (Ask("split_bill", {"mode": mode, "n": n, "dishes": named}),)


@pytest.mark.parametrize("text", ["我来买单", "一人一份", "我请客 来一份红烧肉", "付款"])
def test_what_splits_no_bill(menu: MenuIndex, text: str) -> None:
    assert paying_in(text, menu, wanted=NONE_OPEN) == ()


@pytest.mark.parametrize(
    ("text", "topic"), [("怎么算的", "parts"), ("账单明细", "parts"), ("为什么没减", "why"), ("怎么没打折", "why"), ("券怎么没用上", "why")]
)
def test_what_the_bill_is_made_of(menu: MenuIndex, text: str, topic: str) -> None:
    assert paying_in(text, menu, wanted=NONE_OPEN) == (Ask("bill_details", {"topic": topic}),)


def test_details_alone_are_of_the_bill_that_is_open_or_was_paid(menu: MenuIndex) -> None:
    assert paying_in("明细", menu, wanted=AT_BILL) == (Ask("bill_details", {"topic": "parts"}),)
    assert paying_in("明细", menu, wanted=NONE_OPEN) == (Ask("bill_details", {"topic": "parts", "bare": True}),)
    assert paying_in("积分明细", menu, wanted=AT_BILL) == ()
    assert paying_in("我的券怎么用不了", menu, wanted=AT_BILL) == (Ask("bill_details", {"topic": "why"}),)
    assert paying_in("我的券怎么用不了", menu, wanted=NONE_OPEN) == ()
    assert paying_in("积分怎么没给", menu, wanted=AT_BILL) == ()


@pytest.mark.parametrize(
    ("words", "name", "fits"),
    [
        ("20元券", "20 元券", True),
        ("20块", "20元代金券", True),
        ("二十元券", "20元券", True),
        ("八折", "全场 8 折", True),
        ("8.8折", "八八折", True),
        ("生日券", "生日甜品券", True),
        ("20元券", "200元券", False),
        ("八折券", "八八折券", False),
        ("生日券", "20元券", False),
        ("券", "20元券", False),
        ("一元券", "1 元券", True),
        ("一元券", "双皮奶一份", False),
        ("双皮奶", "双皮奶一份", True),
        ("满100-20", "满100减20", True),
    ],
)
def test_a_coupon_is_known_by_what_it_is_called(words: str, name: str, *, fits: bool) -> None:
    assert coupon_fits(words, name) is fits


def test_the_coupons_that_are_meant() -> None:
    assert wishes_for(["20元券", "满100减20", "8折券"], ["八折", "满100减20券"]) == [1, 2]


@pytest.mark.parametrize(
    ("words", "n"), [("200", 200), ("1,200", 1200), ("两百五", 250), ("一千零五十", 1050), ("2万", 20000), ("十五", 15), ("百", None)]
)
def test_amounts(words: str, n: int | None) -> None:
    assert read_amount(words) == n
