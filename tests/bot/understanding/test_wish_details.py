"""What is named beside an intent: rewards, profiles, invoices; birthdays with their days."""

from typing import Any

import pytest

from bot.understanding.resolvers.birthdays import find_birthdays
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.invoice_details import read_invoice_details
from bot.understanding.wish_details import details_of, names_diet

NUMBER = "91510107MA61T3XY2K"


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("我生日是3月8号", 3, 8),
        ("03-08", 3, 8),
        ("1988年4月3日", 4, 3),
        ("1988-04-03", 4, 3),
        ("生日0612", 6, 12),
        ("10.28", 10, 28),
        ("my birthday is July 4", 7, 4),
        ("十二月二十五号", 12, 25),
        ("8月底", 8, None),
        ("2月29日", 2, 29),
    ],
)
def test_a_birthday_is_a_day_without_a_year(text: str, month: int, day: int | None) -> None:
    [found] = find_birthdays(text)
    assert (found.month, found.day, found.lunar, found.impossible) == (month, day, "", False)


@pytest.mark.parametrize("text", ["三月初八", "农历五月初五", "腊月初八", "二月廿九"])
def test_a_lunar_birthday_is_not_counted_over(text: str) -> None:
    [found] = find_birthdays(f"我{text}生的")
    assert (found.month, found.day, found.lunar) == (None, None, text)


@pytest.mark.parametrize("text", ["2月30日", "13月5号", "4月31", "02-30"])
def test_a_day_that_does_not_exist(text: str) -> None:
    [found] = find_birthdays(text)
    assert found.impossible


@pytest.mark.parametrize("text", ["我生日", "138 0013 8000", "今天我过生日"])
def test_no_birthday(text: str) -> None:
    assert find_birthdays(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"抬头：成都青禾网络科技有限公司 税号{NUMBER}", {"title": "成都青禾网络科技有限公司", "tax_number": NUMBER}),
        (f"税号 {NUMBER.lower()}", {"tax_number": NUMBER}),
        ("个人抬头", {"title": "个人"}),
        ("开票，抬头写个人就行，发到 A.b@qq.com", {"title": "个人", "email": "a.b@qq.com"}),
        ("开专票 抬头是四川大学", {"title": "四川大学", "kind": "专票"}),
        ("开给杭州云起贸易有限公司", {"title": "杭州云起贸易有限公司"}),
        ("发票抬头改一下", {}),
        ("开公司抬头", {}),
        ("改成四川大学", {"title": "四川大学"}),
        ("算了开个人的", {"title": "个人"}),
        ("抬头是李有才", {"title": "李有才"}),
        ("去建设路店", {}),
        ("抬头用上次的", {}),
    ],
)
def test_what_an_invoice_is_made_out_to(text: str, said: dict[str, Any]) -> None:
    assert read_invoice_details(text).to_args() == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("记一下我不吃香菜", {"attribute": "diet", "op": "add", "words": ["不吃香菜"]}),
        ("我对花生过敏 帮我记住", {"attribute": "diet", "op": "add", "words": ["不吃花生"]}),
        ("记一下我吃素的", {"attribute": "diet", "op": "add", "words": ["素食"]}),
        ("以后默认微辣", {"attribute": "diet", "op": "add", "words": ["微辣"]}),
        ("把宫保鸡丁设成最爱", {"attribute": "favourites", "op": "add", "dishes": ["gb"]}),
        ("把可乐从最爱里删掉", {"attribute": "favourites", "op": "remove", "dishes": ["kl"]}),
        ("最爱换成红烧肉", {"attribute": "favourites", "op": "swap", "dishes": ["hs"]}),
        ("昵称改成大橙子", {"attribute": "name", "name": "大橙子"}),
        ("手机号要换", {"attribute": "phone"}),
        ("我要改生日", {"attribute": "birthday"}),
        ("我有什么忌口", {"attribute": "diet", "op": "show", "words": []}),
        ("我忌口加上花生", {"attribute": "diet", "op": "add", "words": ["不吃花生"]}),
        ("手机号删了", {"attribute": "phone", "op": "remove"}),
        ("生日帮我去掉", {"attribute": "birthday", "op": "remove"}),
        ("我最爱的菜有哪些", {"attribute": "favourites", "op": "show", "dishes": []}),
    ],
)
def test_what_of_a_profile_changes(menu: MenuIndex, text: str, said: dict[str, Any]) -> None:
    assert details_of("update_profile", text, {"time": {}}, menu) == said


def test_the_new_birthday_is_the_one_said_last(menu: MenuIndex) -> None:
    birthday = details_of("update_profile", "生日从2月28改到3月1", {}, menu)["birthday"]
    assert (birthday["month"], birthday["day"]) == (3, 1)


@pytest.mark.parametrize(
    ("text", "reward"),
    [("兑换三杯鸡", "三杯鸡"), ("我要换20元券", "20元券"), ("用200积分换张20元券", "20元券"), ("帮我用积分换一份三杯鸡吧", "三杯鸡")],
)
def test_which_reward_is_meant(menu: MenuIndex, text: str, reward: str) -> None:
    assert details_of("redeem_points", text, {}, menu)["reward"] == reward


@pytest.mark.parametrize("text", ["积分能换啥", "积分兑换礼品", "积分怎么兑换"])
def test_no_reward_is_named(menu: MenuIndex, text: str) -> None:
    assert details_of("redeem_points", text, {}, menu) == {}


@pytest.mark.parametrize(
    ("intent", "text", "topic"),
    [
        ("my_coupons", "我的券什么时候过期", "expiry"),
        ("my_coupons", "这张券怎么用不了", "unusable"),
        ("my_coupons", "说好送我的券没收到", "missing"),
        ("points_history", "上个月积分怎么少了", "less"),
        ("points_history", "这顿给我积了几分", "earned"),
    ],
)
def test_what_is_asked_about_coupons_and_points(menu: MenuIndex, intent: str, text: str, topic: str) -> None:
    assert details_of(intent, text, {}, menu) == {"topic": topic}


def test_what_is_not_eaten_is_remembered_only_when_it_is_said_so() -> None:
    assert names_diet("麻烦记下 我们家不吃猪肉")
    assert not names_diet("红烧肉不要香菜")
