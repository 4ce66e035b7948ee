"""What a printer answers: one byte at a time, three kinds of answers mixed on one line.

DLE EOT answers 0xx1xx10; GS r answers 0xx0xxxx; an automatic status (ASB), which some other program may have
switched on, is four bytes: 0xx1xx00 and three of 0xx0xxxx. Source: reference printing §1.4.
"""

from collections import deque

STATUS_KINDS = (1, 2, 3, 4)

_REASONS = (  # (which DLE EOT, bits, reason), the most telling first
    (2, 0x04, "cover_open"),
    (4, 0x60, "paper_out"),
    (2, 0x20, "paper_out"),
    (3, 0x08, "cutter"),
    (3, 0x60, "error"),
    (2, 0x40, "error"),
    (2, 0x08, "busy"),  # someone holds the feed button
    (1, 0x08, "offline"),
)


class AnswerReader:
    """Sorts the bytes that come from a printer.

    Attributes:
        statuses: DLE EOT answers not yet taken.
        processed: How many GS r answers came.
    """

    def __init__(self) -> None:
        self.statuses: deque[int] = deque()
        self.processed = 0
        self._asb_left = 0

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; automatic statuses and flow control are dropped."""
        for byte in data:
            if byte & 0x93 == 0x12:
                self._asb_left = 0
                self.statuses.append(byte)
            elif byte & 0x93 == 0x10:
                self._asb_left = 3
            elif byte & 0x90 == 0x00:
                if self._asb_left:
                    self._asb_left -= 1
                else:
                    self.processed += 1


def why_not(statuses: dict[int, int]) -> str:
    """Why a printer with these DLE EOT answers cannot print; "" when it can. Paper near its end still prints.

    Args:
        statuses: n of DLE EOT to its answer; those that did not come are left out.
    """
    for n, bits, reason in _REASONS:
        if statuses.get(n, 0) & bits:
            return reason
    return ""
