"""A ticket: blocks in reading order, without a paper width, so that a spare printer of another width can print it too."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Size = Literal[1, 2]
Align = Literal["left", "center"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `size` 2 is twice as wide and as high; wrapped lines keep the indent (in cells)."""

    text: str
    size: Size = 1
    align: Align = "left"
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Two columns: the left one wraps, the right one stands at the right edge of the first line."""

    left: str
    right: str
    size: Size = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns under a header: the first wraps, the others are as wide as their content and right-aligned."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""

    char: Literal["-", "="] = "-"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The foot of a ticket: some words, when it was printed (in the store's zone), and its short code."""

    left: str
    zone: str
    code: str


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle of the paper.

    Attributes:
        data: What it says: no control characters, at most 512 bytes of UTF-8.
    """

    data: str

    def __post_init__(self) -> None:
        if not self.data.isprintable() or not 0 < len(self.data.encode()) <= 512:
            raise ValueError("a QR code holds 1 to 512 bytes without control characters")


@dataclass(frozen=True, slots=True)
class Beep:
    """Call the cook; only printers that are known to have a bell get it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed past the cutter and cut, leaving one point."""


Block = Text | Row | Table | Rule | Stamp | Qr | Beep | Cut
_KINDS: dict[str, type[Any]] = {
    "text": Text,
    "row": Row,
    "table": Table,
    "rule": Rule,
    "stamp": Stamp,
    "qr": Qr,
    "beep": Beep,
    "cut": Cut,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One piece of paper."""

    blocks: tuple[Block, ...]

    def marked(self, mark: str) -> "Ticket":
        """The same ticket under a header in large letters, for example 【可能重复】."""
        return Ticket((Text(mark, size=2, align="center"), *self.blocks))

    def to_json(self) -> list[Any]:
        """The stored form: ["kind", fields] for each block."""
        return [[_NAMES[type(block)], asdict(block)] for block in self.blocks]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> "Ticket":
        """Read the stored form back."""
        return cls(tuple(_block(name, dict(fields)) for name, fields in stored))


def _block(name: str, fields: dict[str, Any]) -> Block:
    if name == "table":
        return Table(tuple(fields["header"]), tuple(tuple(row) for row in fields["rows"]))
    block: Block = _KINDS[name](**fields)
    return block
