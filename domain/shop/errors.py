"""What is wrong with a shop file, each fault with its place, and the refusal of an import.

ShopFileError                the file cannot be used; carries every fault
DomainError
└── ShopImportedError        somebody else imported at the same moment
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.kernel.errors import DomainError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or odd, in a shop file.

    Attributes:
        path: Where, as "stores[0].tables[2].seats"; empty for the file as a whole.
        line: Line of the file, from 1.
        column: Column of the file, from 1.
        problem: What is wrong, in one sentence without a full stop.
        hint: What to write instead; may be empty.
    """

    path: str
    line: int
    column: int
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.path}" if self.path else "")
        return f"{place}: {self.problem}" + (f" ({self.hint})" if self.hint else "")


class ShopFileError(Exception):
    """The shop file cannot be used. `faults` holds every fault that was found, in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ShopImportedError(DomainError):
    """Somebody else imported a shop at this moment; look again what would change. Details: version."""

    code = "shop.imported_meanwhile"


def path_text(path: Path) -> str:
    """Write a path as people read it: ("stores", 0, "name") -> "stores[0].name"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
