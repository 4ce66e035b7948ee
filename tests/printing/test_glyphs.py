"""What paper can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.glyphs import MISSING, cells, printable

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("宫保鸡丁", "宫保鸡丁"),
        ("：￥、·—…①※é", "：￥、·—…①※é"),
        ("¥38", "￥38"),
        ("辣🌶️", "辣□"),
        ("👍🏽", "□"),
        ("㸆大虾", "□大虾"),
        ("𠮷野家", "□野家"),
        ("jalapeño ﬁsh", "jalapeno fish"),
        ("Ｃafe\u0301", "Ｃafé"),
        ("少\u200b辣\ufeff", "少辣"),
        ("第一行\r\n第二行\t完", "第一行 第二行 完"),
        ("a\u00a0b\u3000c", "a b\u3000c"),
        ("\x1b@\x1dV\x01\x10\x04\x01", "@V"),
        ("\ud83c", ""),
        ("€5", "EUR5"),
        ("", ""),
    ],
)
def test_text_becomes_what_paper_can_show(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY_TEXT)
def test_any_text_becomes_gbk_without_commands(text: str) -> None:
    shown = printable(text)

    raw = shown.encode("gbk")
    assert raw.decode("gbk") == shown
    assert not any(byte < 0x20 or byte == 0x7F for byte in raw)
    assert cells(shown) == len(raw)


@given(ANY_TEXT)
def test_showing_twice_changes_nothing(text: str) -> None:
    assert printable(printable(text)) == printable(text)


def test_every_common_hanzi_keeps_its_shape() -> None:
    hanzi = "".join(chr(code) for code in range(0x4E00, 0x9FA6))

    assert MISSING not in printable(hanzi)
