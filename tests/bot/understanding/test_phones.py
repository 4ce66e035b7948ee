from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.phones import find_phones


def numbers(text, **how):
    return [span.number for span in find_phones(text, **how)]


@pytest.mark.parametrize(
    "text",
    [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "1 3 9 1 2 3 4 5 6 7 8",
        "139.1234.5678",
        "+8613912345678",
        "+86 139 1234 5678",
        "(+86)139-1234-5678",
        "0086 13912345678",
        "86-13912345678",
        "１３９１２３４５６７８",
        "幺三九幺二三四五六七八",
        "一三九一二三四五六七八",
        "么三九 么二三四 五六七八",
        "139一二三四5678",
        "我姓王电话13912345678谢谢",
        "13912345678六个人",
        "幺三九幺二三四五六七八六个人",
        "手机：13912345678，6位",
        "tel13912345678",
    ],
)
def test_a_mobile_in_every_spelling(text):
    assert numbers(text) == ["13912345678"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("028-55501001", "02855501001"),
        ("(028)5550 1001", "02855501001"),
        ("（028）55501001", "02855501001"),
        ("01088886666", "01088886666"),
        ("0571-8765432", "05718765432"),
        ("0755 8765 4321", "075587654321"),
        ("+86 28 5550 1001", "02855501001"),
        ("零二八 五五五零幺零零幺", "02855501001"),
        ("028-55501001转802", "02855501001"),
    ],
)
def test_a_landline_needs_its_area_code(text, number):
    assert numbers(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "55501001",
        "1391234567",
        "139123456789",
        "12012345678",
        "510104198501011234",
        "订单号202611211830123456",
        "2026-11-21 18:30 12人",
        "尾号5678",
        "6个人",
        "一二三四五六七八九",
        "028-5550100",
        "3.13912345678",
        "来一份红烧肉",
        "",
    ],
)
def test_other_digits_are_no_phone(text):
    assert numbers(text) == []


def test_two_numbers_and_their_places():
    text = "打１３９　１２３４　５６７８或 028-55501001"

    [mobile, landline] = find_phones(text)

    assert text[mobile.start : mobile.end] == "１３９　１２３４　５６７８"
    assert text[landline.start : landline.end] == "028-55501001"


def test_what_is_taken_is_not_read():
    assert numbers("13912345678", taken=[(3, 4)]) == []


@given(st.text(alphabet="0123456789１３８+-() 零幺三八六个人转.\u200b", max_size=40))
def test_any_text_gives_numbers_of_ten_to_twelve_digits_inside_it(text):
    spans = find_phones(text)

    assert all(0 <= span.start < span.end <= len(text) and 10 <= len(span.number) <= 12 and span.number.isdecimal() for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
