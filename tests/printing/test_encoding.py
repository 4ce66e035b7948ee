"""Bytes for the printer, read back by a decoder that shares nothing with the encoder."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haowei.simulators.printers import PaperLine
from printing.encoding import encode
from printing.layout import Laid, PrintedLine, lay_out
from printing.tickets.kitchen import kitchen_ticket
from printing.tickets.receipt import receipt
from printing.tickets.ticket import Beep, Cut, Qr, Text, Ticket
from tests.printing.decoding import decode
from tests.printing.orders import dish, paid, released, sold
from tests.printing.test_tickets import TICKETS

PRINTED_AT = datetime(2026, 11, 21, 4, 31, 7, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def expected(laid: tuple[Laid, ...]) -> list[PaperLine]:
    return [_expected(line) for line in laid if isinstance(line, PrintedLine)]


def _expected(line: PrintedLine) -> PaperLine:
    if not line.text:
        return PaperLine("", align=line.align)
    return PaperLine(line.text, wide=line.size == 2, tall=line.size == 2, bold=line.bold, align=line.align)


def without_feed(lines: list[PaperLine]) -> list[PaperLine]:
    """The lines without the blank paper before the cut."""
    assert [line.text for line in lines[-5:]] == [""] * 5
    return lines[:-5]


def test_bytes_of_a_small_ticket() -> None:
    ticket = Ticket((Beep(), Text("桌:A08", size=2, align="center"), Text("微辣", bold=True, indent=2), Cut()))

    data = encode(lay_out(ticket, 48, printed_at=PRINTED_AT), bell=True)

    assert data == (
        b"\x1b@\x1c&"  # reset, Chinese mode
        b"\x1bB\x03\x02"  # bell
        b"\x1ba\x01\x1d!\x11\xd7\xc0:A08\n"
        b"\x1ba\x00\x1d!\x00\x1bE\x01  \xce\xa2\xc0\xb1\n"
        b"\x1bd\x05\x1dV\x01"  # feed past the cutter, cut
    )


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_printer_reads_what_was_laid_out(name: str, width: int) -> None:
    laid = lay_out(TICKETS[name], width, printed_at=PRINTED_AT)

    [paper] = decode(encode(laid), width)

    assert without_feed(paper.lines) == expected(laid)
    assert paper.unknown == []
    assert not paper.overflowed


@settings(max_examples=200)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.sampled_from([48, 42, 32, 24]))
def test_no_name_or_note_can_break_a_ticket(name: str, option: str, note: str, width: int) -> None:
    order = released(dish(name, options=(option,), note=note), note=note, table_code=option)
    bill = paid(sold(name, 3200, options=(option,)), method_label=note, store_name=name)
    for ticket in (kitchen_ticket(order, "热菜", part=1, parts=1, code="7F3A"), receipt(bill, code="7F3A")):
        laid = lay_out(ticket, width, printed_at=PRINTED_AT)

        papers = decode(encode(laid), width)

        assert len(papers) == 1
        assert without_feed(papers[0].lines) == expected(laid)
        assert papers[0].unknown == []
        assert not papers[0].overflowed


def test_bell_rings_only_at_printers_that_have_one() -> None:
    laid = lay_out(TICKETS["kitchen_hot"], 48, printed_at=PRINTED_AT)

    assert decode(encode(laid), 48)[0].beeps == 0
    assert decode(encode(laid, bell=True), 48)[0].beeps == 3


def test_qr_code_is_drawn_by_the_printer_in_the_middle() -> None:
    link = "https://example.com/p/receipt?o=01JD4&名=好味"
    laid = lay_out(Ticket((Text("扫码开票"), Qr(link), Text("谢谢"), Cut())), 48, printed_at=PRINTED_AT)

    [paper] = decode(encode(laid), 48)

    drawn = [line for line in paper.lines if line.qr is not None]
    assert drawn == [PaperLine("", align="center", qr=link)]
    assert paper.lines[-6] == PaperLine("谢谢")
    assert paper.unknown == []


@pytest.mark.parametrize("harm", [lambda data: data[:40] + data[41:], lambda data: data.replace("鱼香".encode("gbk"), "鱼香".encode())])
def test_decoder_notices_harm(harm: object) -> None:
    """Negative control: a decoder that agrees with everything would prove nothing."""
    laid = lay_out(TICKETS["kitchen_hot"], 48, printed_at=PRINTED_AT)

    papers = decode(harm(encode(laid)), 48)  # type: ignore[operator]

    assert not papers or without_feed(papers[0].lines) != expected(laid) or papers[0].unknown
