"""The printer's own brain: takes ESC/POS bytes in buffer order and puts lines on paper."""

from collections.abc import Callable

from haowei.simulators.printers.paper import Paper, PaperLine

_DLE, _ESC, _FS, _GS, _LF, _CR = 0x10, 0x1B, 0x1C, 0x1D, 0x0A, 0x0D
_ALIGNED = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}
_ARGUMENTS = {  # command to how many bytes follow it
    (_ESC, "@"): 0,
    (_ESC, "E"): 1,
    (_ESC, "a"): 1,
    (_ESC, "d"): 1,
    (_ESC, "B"): 2,
    (_FS, "&"): 0,
    (_FS, "."): 0,
    (_GS, "!"): 1,
    (_GS, "a"): 1,
    (_GS, "r"): 1,
}


class Interpreter:
    """Works through a buffer one command or character at a time.

    Attributes:
        answer: Called for GS r, when everything before it is done.
        automatic_status: Called for GS a with whether ASB is wanted.
        cut: Called with each piece of paper.
    """

    def __init__(
        self,
        printer_id: str,
        columns: int,
        *,
        answer: Callable[[], None],
        automatic_status: Callable[[bool], None],
        cut: Callable[[Paper], None],
    ) -> None:
        self.answer = answer
        self.automatic_status = automatic_status
        self.cut = cut
        self.lines_printed = 0
        self._paper = Paper(printer_id, 1, columns)
        self._buffer = bytearray()
        self._raw = bytearray()
        self._qr = ""
        self._finished: Paper | None = None
        self._reset()

    def feed(self, data: bytes) -> None:
        """Put bytes into the buffer; nothing is printed yet."""
        self._buffer += data

    def power_off(self) -> None:
        """Lose the buffer and every mode; what is on paper stays."""
        self._buffer.clear()
        self._reset()

    def step(self) -> bool:
        """Work through one command or character; False when the buffer holds none that is complete."""
        used = self._step() if self._buffer else 0
        self._raw += self._buffer[:used]
        del self._buffer[:used]
        if used and self._finished is not None:
            finished, self._finished = self._finished, None
            finished.raw = bytes(self._raw)
            self._raw.clear()
            self.cut(finished)
        return used > 0

    def _reset(self) -> None:
        self._wide = self._tall = self._bold = self._chinese = False
        self._align = "left"
        self._line = ""
        self._used = 0
        self._style = PaperLine("")

    def _step(self) -> int:
        first = self._buffer[0]
        if first in {_ESC, _FS, _GS}:
            return self._command(first)
        if first == _LF:
            self._print_line()
        elif first >= 0x80:
            return self._high(first)
        elif 0x20 <= first < 0x7F:
            self._type(chr(first), 1)
        elif first != _CR:
            self._paper.unknown.append(f"{first:02x}")
        return 1

    def _high(self, first: int) -> int:
        if not self._chinese:
            self._type(bytes((first,)).decode("cp437"), 1)
            return 1
        if len(self._buffer) < 2:
            return 0
        pair = bytes(self._buffer[:2])
        try:
            self._type(pair.decode("gbk"), 2)
        except UnicodeDecodeError:
            self._paper.unknown.append(f"not GBK: {pair.hex()}")
        return 2

    def _type(self, char: str, cells: int) -> None:
        cells *= 2 if self._wide else 1
        if self._used + cells > self._paper.columns:
            self._paper.overflowed = True
            self._print_line()
        if not self._used:
            self._style = PaperLine("", self._wide, self._tall, self._bold, self._align)
        self._line += char
        self._used += cells

    def _print_line(self, qr: str | None = None) -> None:
        style = self._style if self._used else PaperLine("", align=self._align)
        self._paper.lines.append(PaperLine(self._line, style.wide, style.tall, style.bold, style.align, qr))
        self.lines_printed += 1
        self._line, self._used = "", 0

    def _command(self, first: int) -> int:
        if len(self._buffer) < 2:
            return 0
        name = (first, chr(self._buffer[1]))
        if name == (_GS, "V"):
            return self._cut()
        if name == (_GS, "("):
            return self._function()
        wanted = _ARGUMENTS.get(name)
        if wanted is None:
            self._paper.unknown.append(bytes(self._buffer[:2]).hex())
            return 2
        if len(self._buffer) < 2 + wanted:
            return 0
        self._obey(name, bytes(self._buffer[2 : 2 + wanted]))
        return 2 + wanted

    def _obey(self, name: tuple[int, str], values: bytes) -> None:
        match name:
            case (0x1B, "@"):
                self._reset()
                self.automatic_status(False)
            case (0x1B, "E"):
                self._bold = bool(values[0] & 1)
            case (0x1B, "a"):
                self._align = _ALIGNED.get(values[0], self._align)
            case (0x1B, "d"):
                if self._used:
                    self._print_line()
                for _ in range(values[0]):
                    self._print_line()
            case (0x1B, "B"):
                self._paper.beeps += values[0]
            case (0x1C, "&"):
                self._chinese = True
            case (0x1C, "."):
                self._chinese = False
            case (0x1D, "!"):
                self._wide, self._tall = bool(values[0] & 0x70), bool(values[0] & 0x07)
            case (0x1D, "a"):
                self.automatic_status(values[0] != 0)
            case (0x1D, "r"):
                self.answer()

    def _cut(self) -> int:
        if len(self._buffer) < 3:
            return 0
        used = 3 if self._buffer[2] in {0, 1, 48, 49} else 4
        if len(self._buffer) < used:
            return 0
        if self._used:
            self._paper.unknown.append("cut inside a line")
            return used
        self._finished = self._paper
        self._paper = Paper(self._paper.printer_id, self._paper.number + 1, self._paper.columns)
        return used

    def _function(self) -> int:
        if len(self._buffer) < 5:
            return 0
        used = 5 + int.from_bytes(self._buffer[3:5], "little")
        if len(self._buffer) < used:
            return 0
        body = bytes(self._buffer[5:used])
        if self._buffer[2] != ord("k") or body[:1] != b"1" or body[1:2] not in {b"A", b"C", b"E", b"P", b"Q"}:
            self._paper.unknown.append(bytes(self._buffer[:used]).hex())
        elif body[1:3] == b"P0":
            self._qr = body[3:].decode("utf-8", errors="replace")
        elif body[1:3] == b"Q0":
            self._print_line(qr=self._qr)
        return used
