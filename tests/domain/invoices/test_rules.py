"""Titles, numbers of taxpayers, addresses and links, as a diner types them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoices.rules import ASK_WITHIN, is_link, may_be_asked, needs_tax_number, read_email, read_tax_number, read_title
from tests.clock import SATURDAY_EVENING

KNOWN = ("91350100M000100Y43", "9144030071526726XG", "91330100799655058B", "914403001922038216", "91110000802100433B")
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("number", KNOWN)
def test_a_unified_social_credit_code_is_read(number: str) -> None:
    assert read_tax_number(number) == number


@pytest.mark.parametrize("number", KNOWN)
def test_a_code_with_any_one_character_wrong_is_no_number(number: str) -> None:
    wrong = {number[:place] + other + number[place + 1 :] for place in range(18) for other in CODE if other != number[place]}
    assert {read_tax_number(one) for one in wrong} == {None}


@pytest.mark.parametrize("typed", [" 9144 0300 7152 6726 xg ", "91440300-71526726-XG", "9144030071526726\u200bxg"])
def test_spaces_dashes_and_small_letters_are_put_right(typed: str) -> None:
    assert read_tax_number(typed) == "9144030071526726XG"


@pytest.mark.parametrize("number", ["110108123456789", "11010819900101123X01"])
def test_older_numbers_of_15_and_20_characters_are_read(number: str) -> None:
    assert read_tax_number(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1234",
        "11010819900101123X",
        "91350100O000100Y43",
        "9" * 17,
        "9" * 19,
        "9" * 21,
        "税号不知道",
        "９１３５０１００Ｍ０００１００Ｙ４３",
    ],
)
def test_what_is_no_number_of_a_taxpayer_is_refused(typed: str) -> None:
    assert read_tax_number(typed) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_a_number_has_15_18_or_20_capitals_and_digits(typed: str) -> None:
    number = read_tax_number(typed)
    assert number is None or (len(number) in {15, 18, 20} and number.isascii() and number.isalnum() and number == number.upper())


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("  成都好味餐饮有限公司 ", "成都好味餐饮有限公司"),
        ("张三", "张三"),
        ("Haowei\u200b  Ltd.\n（成都）", "Haowei Ltd. （成都）"),
        ("长" * 100, "长" * 100),
        ("长" * 101, None),
        ("   ", None),
        ("123456", None),
        ("——", None),
    ],
)
def test_a_title_is_a_name(typed: str, title: str | None) -> None:
    assert read_title(typed) == title


@pytest.mark.parametrize(
    "title", ["成都好味餐饮有限公司", "好味集团", "红星机械厂", "某某律师事务所", "好味企业管理中心（有限合伙）", "工商银行成都分行"]
)
def test_an_enterprise_must_state_its_number(title: str) -> None:
    assert needs_tax_number(title)


@pytest.mark.parametrize("title", ["张三", "成都市第七中学", "武侯区人民政府", "个人"])
def test_a_person_or_a_public_body_need_not(title: str) -> None:
    assert not needs_tax_number(title)


@pytest.mark.parametrize("typed", ["wang@example.com", " a.b+c@mail.example.com.cn "])
def test_an_address_is_read(typed: str) -> None:
    assert read_email(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        *("", "wang", "wang@", "@example.com", "wang@example", "wang@-a.com", "wang@a-.com", "a b@c.com", "王@例.com", "a@b..com"),
        *("a@b@c.com", "a" * 65 + "@b.com", "a@" + "b." * 130 + "com", "a@b.com\r\nBcc: x@y.com"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert read_email(typed) is None


@pytest.mark.parametrize("link", ["https://dppt.sichuan.chinatax.gov.cn:8443/v/2_26512000?jym=8C2A", "https://inv-veri.chinatax.gov.cn"])
def test_a_link_is_https(link: str) -> None:
    assert is_link(link)


@pytest.mark.parametrize(
    "link", ["http://a.cn/", "javascript:alert(1)", "https://a.cn/ x", "https://", "https://a.cn/票", "https://a.cn/" + "x" * 500]
)
def test_any_other_link_is_not_given_to_a_diner(link: str) -> None:
    assert not is_link(link)


def test_an_invoice_is_asked_for_within_180_days() -> None:
    assert may_be_asked(SATURDAY_EVENING, now=SATURDAY_EVENING + ASK_WITHIN)
    assert not may_be_asked(SATURDAY_EVENING, now=SATURDAY_EVENING + ASK_WITHIN + timedelta(seconds=1))
