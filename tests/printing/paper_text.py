"""A ticket as plain text, for golden files: 【2x】 before large lines, 【b】 before bold ones."""

import os
from datetime import UTC, datetime
from pathlib import Path

from printing.glyphs import cells
from printing.layout import Laid, PrintedLine, lay_out
from printing.tickets.ticket import Beep, Cut, Qr, Ticket

GOLDEN = Path(__file__).parent / "golden"
PRINTED_AT = datetime(2026, 11, 21, 4, 31, 7, tzinfo=UTC)


def as_text(ticket: Ticket, width: int) -> str:
    return "".join(f"{_line(laid, width)}\n" for laid in lay_out(ticket, width, printed_at=PRINTED_AT))


def looks_like_its_golden_file(ticket: Ticket, name: str, width: int) -> None:
    """Asserts it; with UPDATE_GOLDEN set, the file is written first."""
    golden = GOLDEN / f"{name}_{width}.txt"
    text = as_text(ticket, width)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def _line(laid: Laid, width: int) -> str:
    match laid:
        case PrintedLine(text, size, align, bold):
            room = width // size - cells(text)
            assert room >= 0, f"too wide for the paper: {text!r}"
            padding = " " * (room // 2) if align == "center" else ""
            return ("【2x】" if size == 2 else "") + ("【b】" if bold else "") + padding + text
        case Qr(data):
            return f"[QR {data}]"
        case Beep():
            return "[beep]"
        case Cut():
            return "[cut]"
