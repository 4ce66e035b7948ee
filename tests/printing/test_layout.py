"""Lines that fit the paper."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.glyphs import cells, printable
from printing.layout import PrintedLine, lay_out, wrap
from printing.tickets.ticket import Block, Row, Rule, Size, Stamp, Table, Text, Ticket

PRINTED_AT = datetime(2026, 11, 21, 4, 31, 7, tzinfo=UTC)
WIDTHS = st.sampled_from([24, 32, 42, 48, 64])
WORDS = st.text(st.sampled_from("鱼香肉丝辣 abcDEF123,(。「🌶¥\n\té"), max_size=60)


def lines(block: Block, width: int) -> list[str]:
    laid = lay_out(Ticket((block,)), width, printed_at=PRINTED_AT)
    return [line.text for line in laid if isinstance(line, PrintedLine)]


@given(WORDS, st.integers(2, 48))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    shown = printable(text)

    wrapped = wrap(shown, width)

    assert "".join(wrapped).replace(" ", "") == shown.replace(" ", "")
    assert all(cells(line) <= width for line in wrapped)


@given(WORDS, WORDS, st.sampled_from([1, 2]), WIDTHS)
def test_two_columns_fit_whatever_stands_in_them(left: str, right: str, size: Size, width: int) -> None:
    found = lines(Row(left, right, size=size), width)

    assert all(cells(line) <= width // size for line in found)
    assert "".join(found).replace(" ", "") or not printable(left + right).replace(" ", "")


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), max_size=5), WIDTHS)
def test_tables_fit_whatever_stands_in_them(rows: list[tuple[str, ...]], width: int) -> None:
    found = lines(Table(("品名", "数量", "单价", "金额"), tuple(rows)), width)

    assert all(cells(line) <= width for line in found)


@given(WORDS, st.sampled_from([1, 2]), st.sampled_from([0, 2]), WIDTHS)
def test_paragraphs_fit_with_their_indent(text: str, size: Size, indent: int, width: int) -> None:
    found = lines(Text(text, size=size, indent=indent), width)

    assert all(cells(line) <= width // size for line in found)


@pytest.mark.parametrize("width", [48, 32])
def test_a_rule_is_as_wide_as_the_paper(width: int) -> None:
    assert lines(Rule(), width) == ["-" * width]


def test_quantity_stands_right_beside_the_first_line_of_a_long_name() -> None:
    found = lines(Row("川西坝子农家柴火现炒土鸡", "x2", size=2), 32)

    assert found == ["川西坝子农家  x2", "柴火现炒土鸡"]


def test_words_are_not_broken_when_they_fit_a_line() -> None:
    assert wrap("Cappuccino with an extra shot", 12) == ["Cappuccino", "with an", "extra shot"]


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert wrap("Donaudampfschiff", 6) == ["Donaud", "ampfsc", "hiff"]


def test_table_that_leaves_no_room_for_names_puts_them_on_their_own_lines() -> None:
    found = lines(Table(("品名", "数量", "单价", "金额"), (("土鸡", "12", "1288.00", "15456.00"),)), 32)

    assert found[-2:] == ["土鸡", "           12  1288.00  15456.00".rjust(32)]


def test_stamp_tells_when_it_was_printed_in_the_stores_zone() -> None:
    assert lines(Stamp("下单12:30:00", "Asia/Shanghai", "7F3A"), 48) == ["下单12:30:00                  打印12:31:07 #7F3A"]
