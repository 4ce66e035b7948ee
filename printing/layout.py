"""From a ticket to lines that fit the paper, in half-width cells. The printer never has to wrap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from printing.glyphs import cells, printable
from printing.tickets.ticket import Align, Beep, Cut, Qr, Row, Rule, Size, Stamp, Table, Text, Ticket

_GAP = 2
_NARROWEST_NAME = 10  # cells; a table that leaves less for names puts them on lines of their own
_TOKEN = re.compile(r"[!-~]+| +|[^ -~]")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text that fits the paper in its size. Centred lines carry no padding: the printer centres them."""

    text: str
    size: Size = 1
    align: Align = "left"
    bold: bool = False


Laid = PrintedLine | Qr | Beep | Cut


def lay_out(ticket: Ticket, width: int, *, printed_at: datetime) -> tuple[Laid, ...]:
    """Break a ticket into lines.

    Args:
        width: Cells in a line of small letters, at least 24: 48 on 80 mm paper, 32 on 58 mm. Source: reference printing §1.2.
        printed_at: Aware; stands in the ticket's stamp, in the store's zone.

    Returns:
        Lines whose text is GBK only and at most `width` cells (half of it in large letters).
    """
    return tuple(_lines(ticket, width, printed_at))


def _lines(ticket: Ticket, width: int, printed_at: datetime) -> Iterator[Laid]:
    for block in ticket.blocks:
        match block:
            case Text(text, size, align, bold, indent):
                for line in wrap(printable(text), width // size - indent):
                    yield PrintedLine(" " * indent + line, size, align, bold)
            case Row(left, right, size, bold):
                for line in _columns(printable(left), printable(right), width // size):
                    yield PrintedLine(line, size, bold=bold)
            case Table():
                yield from (PrintedLine(line) for line in _table(block, width))
            case Rule(char):
                yield PrintedLine(char * width)
            case Stamp(left, zone, code):
                right = f"打印{printed_at.astimezone(ZoneInfo(zone)):%H:%M:%S} #{code}"
                yield from (PrintedLine(line) for line in _columns(printable(left), right, width))
            case Qr() | Beep() | Cut():
                yield block


def wrap(text: str, width: int) -> list[str]:
    """Break printable text into lines of at most `width` cells: between hanzi, between words, inside a word only when it must.

    Args:
        width: Cells, at least 2.
    """
    lines: list[str] = []
    line = ""
    for token in _TOKEN.findall(text):
        if cells(line) + cells(token) <= width:
            line += token
            continue
        if line.strip():
            lines.append(line.rstrip(" "))
        line = "" if token.isspace() else token
        while cells(line) > width:  # a word longer than a line; its letters are one cell each
            lines.append(line[:width])
            line = line[width:]
    if line.strip() or not lines:
        lines.append(line.rstrip(" "))
    return lines


def _columns(left: str, right: str, width: int) -> list[str]:
    if not right:
        return wrap(left, width)
    if cells(right) >= width // 2:
        if cells(left) + 1 + cells(right) <= width:
            return [_apart(left, right, width)]
        return [*(wrap(left, width) if left else ()), *(_apart("", line, width) for line in wrap(right, width))]
    first, *others = wrap(left, width - cells(right) - 1)
    return [_apart(first, right, width), *others]


def _apart(left: str, right: str, width: int) -> str:
    return left + " " * (width - cells(left) - cells(right)) + right


def _table(table: Table, width: int) -> Iterator[str]:
    header, *rows = [tuple(printable(cell) for cell in row) for row in (table.header, *table.rows)]
    widths = [max(cells(row[i]) for row in (header, *rows)) + _GAP for i in range(1, len(header))]
    yield from _entry(header, widths, width)
    yield "-" * width
    for row in rows:
        yield from _entry(row, widths, width)


def _entry(row: tuple[str, ...], widths: list[int], width: int) -> Iterator[str]:
    numbers = "".join(_apart("", cell, column) for cell, column in zip(row[1:], widths, strict=True))
    for_name = width - sum(widths)
    if for_name < _NARROWEST_NAME:
        yield from wrap(row[0], width)
        yield from (_apart("", line, width) for line in wrap(numbers.lstrip(" "), width))
    else:
        first, *others = wrap(row[0], for_name)
        yield first + " " * (for_name - cells(first)) + numbers
        yield from others
