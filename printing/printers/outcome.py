"""How a try to print ended, and what a printer is asked to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class OutcomeKind(StrEnum):
    """The four ways in which a try can end."""

    NOT_SENT = "not_sent"  # not one byte of the ticket left: another try cannot double it
    SENT = "sent"  # all of it left, to a printer that never acknowledges
    CONFIRMED = "confirmed"  # the printer worked through all of it
    UNKNOWN = "unknown"  # some of it may be on paper, or come out later


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended.

    Attributes:
        reason: Why it is not sent or unknown: refused, unreachable, closed, silent, offline, cover_open, paper_out, cutter,
            error, busy, stalled, no_answer, unsupported, stopped; "" otherwise.
    """

    kind: OutcomeKind
    reason: str = ""


CONFIRMED = Outcome(OutcomeKind.CONFIRMED)
SENT = Outcome(OutcomeKind.SENT)


def not_sent(reason: str) -> Outcome:
    """Nothing of the ticket left for the printer."""
    return Outcome(OutcomeKind.NOT_SENT, reason)


def unknown(reason: str) -> Outcome:
    """Nobody can say whether the ticket is on paper."""
    return Outcome(OutcomeKind.UNKNOWN, reason)


class NotConnectedError(Exception):
    """No connection to the printer. `reason` is one of Outcome's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PrinterLink(Protocol):
    """A connection to a printer, for one ticket."""

    async def preflight(self) -> Outcome | None:
        """Ask whether it can print now: None, or why nothing should be sent."""
        ...

    async def send(self, data: bytes, *, lines: int) -> Outcome:
        """Send the whole ticket and wait for its proof."""
        ...

    async def late_answer(self, seconds: float) -> Outcome | None:
        """After an unknown outcome: wait for a proof that comes late. None when it does not."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class Printer(Protocol):
    """Something that prints."""

    async def connect(self) -> PrinterLink:
        """Open a connection for one ticket.

        Raises:
            NotConnectedError: It cannot be reached.
        """
        ...
