"""What is said while an invoice is asked for: a title is a name, and every other wish is heard first."""

import pytest

from bot.dialogue.commands import Ask, Cancel, SetSlot
from bot.understanding.invoice_answers import (
    EMAIL,
    KIND,
    NO_TAX_NUMBER,
    NUMBER,
    ORDER,
    OTHER_TITLE,
    REQUEST_INVOICE,
    TITLE,
    WITHDRAW_INVOICE,
    invoice_said,
)
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from bot.understanding.shop_words import ShopWords

CODE = "91510107MA61T3XY2K"
OPEN = frozenset({ORDER, TITLE, NUMBER, EMAIL, KIND})


@pytest.fixture
def words(menu: MenuIndex) -> ShopWords:
    stores = (StoreEntry("js", "建设路店", "建设路1号"), StoreEntry("cx", "春熙路店", "春熙路9号"))
    return ShopWords(1, menu, StoreIndex(stores, "好味"), {})


@pytest.mark.parametrize(
    "text",
    [
        "积分明细",
        "等一下，先看看菜单",
        "在建设路店外带一份酸菜鱼",
        "去建设路店",
        "建设路店",
        "宫保鸡丁",
        "会员码",
        "我的券",
        "人工",
        "服务员",
        "随便",
        "哈哈哈",
        "算了",
    ],
)
def test_what_is_no_name_is_no_title(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=TITLE, confirming=None, wanted=OPEN) == ()


@pytest.mark.parametrize("text", ["王小明", "欧阳娜娜", "青禾网络", "西南财大", "Haowei Ltd.", "来伊份股份有限公司", "四川大学"])
def test_a_plain_name_is_a_title(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=TITLE, confirming=None, wanted=OPEN) == (SetSlot(TITLE, text),)


@pytest.mark.parametrize("text", ["发票不要了", "不开发票了", "不要了", "取消开票", "不用开发票"])
def test_who_wants_none_while_it_is_asked_for_ends_it(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=TITLE, confirming=None, wanted=OPEN) == (Cancel(),)


@pytest.mark.parametrize("text", ["发票不要了", "取消发票", "撤回开票申请", "刚才的发票不要了"])
def test_who_wants_none_later_withdraws_it(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=None, confirming=None, wanted=frozenset()) == (Ask(WITHDRAW_INVOICE),)


@pytest.mark.parametrize("text", ["发票不要写明细", "不要了", "开发票"])
def test_nothing_is_withdrawn_by_other_words(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=None, confirming=None, wanted=frozenset()) == ()


def test_new_details_at_the_read_back_change_it_and_are_no_yes(words: ShopWords) -> None:
    said = invoice_said(f"开专票 成都好味科技有限公司 {CODE}", words, expected=None, confirming=REQUEST_INVOICE, wanted=OPEN)
    assert said == (SetSlot(TITLE, "成都好味科技有限公司"), SetSlot(NUMBER, CODE), SetSlot(KIND, "专票"))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("换个抬头", Ask(OTHER_TITLE)),
        ("抬头错了", Ask(OTHER_TITLE)),
        ("邮箱改成 a@b", SetSlot(EMAIL, "a@b")),
        ("邮箱 A.b@qq.com", SetSlot(EMAIL, "a.b@qq.com")),
    ],
)
def test_what_is_changed_at_the_read_back(words: ShopWords, text: str, command: object) -> None:
    assert invoice_said(text, words, expected=None, confirming=REQUEST_INVOICE, wanted=OPEN) == (command,)


def test_an_ordinary_one_after_all(words: ShopWords) -> None:
    assert invoice_said("不要专票", words, expected=None, confirming=REQUEST_INVOICE, wanted=OPEN) == (SetSlot(KIND, "普票"),)


@pytest.mark.parametrize("text", ["对", "确认", "来份米饭", "王小明"])
def test_a_yes_at_the_read_back_stays_one(words: ShopWords, text: str) -> None:
    assert invoice_said(text, words, expected=None, confirming=REQUEST_INVOICE, wanted=OPEN) == ()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("算了开个人的", SetSlot(TITLE, "个人")),
        ("改成四川大学", SetSlot(TITLE, "四川大学")),
        ("我不知道税号", Ask(NO_TAX_NUMBER)),
        ("没有税号", Ask(NO_TAX_NUMBER)),
        ("123", SetSlot(NUMBER, "123")),
        ("9151 0107 MA61 T3XY 2K", SetSlot(NUMBER, "9151 0107 MA61 T3XY 2K")),
    ],
)
def test_into_the_question_for_a_tax_number(words: ShopWords, text: str, command: object) -> None:
    assert invoice_said(text, words, expected=NUMBER, confirming=None, wanted=OPEN) == (command,)


@pytest.mark.parametrize(("text", "number"), [("0012", "0012"), ("单号0003", "0003"), ("0002那单", "0002")])
def test_an_order_is_picked_by_its_number(words: ShopWords, text: str, number: str) -> None:
    assert invoice_said(text, words, expected=ORDER, confirming=None, wanted=OPEN) == (SetSlot(ORDER, number),)
