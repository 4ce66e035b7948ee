"""What came out of a printer: one piece of paper, up to a cut."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A printed line, in the style of its first character. A QR code is a line with `qr` and no text."""

    text: str
    wide: bool = False
    tall: bool = False
    bold: bool = False
    align: str = "left"
    qr: str | None = None


@dataclass(slots=True)
class Paper:
    """One piece of paper.

    Attributes:
        number: Which piece of this printer, from 1.
        columns: Cells in a line of small letters.
        raw: The bytes it was printed from, without real-time commands.
        unknown: What the printer did not understand, in words or hex.
        overflowed: Whether a line was too long, so that the printer broke it.
    """

    printer_id: str
    number: int
    columns: int
    lines: list[PaperLine] = field(default_factory=list)
    raw: bytes = b""
    unknown: list[str] = field(default_factory=list)
    beeps: int = 0
    overflowed: bool = False

    @property
    def text(self) -> str:
        """The words, one printed line a line, blank ends left out."""
        return "\n".join(line.text for line in self.lines).strip("\n")

    def to_json(self) -> dict[str, Any]:
        """For a page that shows the paper; `raw` as hex."""
        return {**asdict(self), "raw": self.raw.hex()}
