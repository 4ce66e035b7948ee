"""What the bytes of a printer mean."""

import pytest

from printing.printers.status import AnswerReader, why_not


def test_answers_are_told_apart() -> None:
    reader = AnswerReader()

    for byte in b"\x12\x10\x00\x0f\x00\x00\x11\x1a":  # DLE EOT, an automatic status of four, GS r, XON, DLE EOT
        reader.feed(bytes((byte,)))

    assert list(reader.statuses) == [0x12, 0x1A]
    assert reader.processed == 1


def test_a_status_that_breaks_off_does_not_swallow_answers() -> None:
    reader = AnswerReader()

    reader.feed(b"\x18\x00\x12\x00")

    assert list(reader.statuses) == [0x12]
    assert reader.processed == 1


@pytest.mark.parametrize(
    ("statuses", "reason"),
    [
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}, ""),
        ({1: 0x16, 2: 0x12, 3: 0x12, 4: 0x1E}, ""),  # drawer open, paper near its end
        ({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x12}, "cover_open"),
        ({1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x7E}, "paper_out"),
        ({1: 0x12, 2: 0x32, 3: 0x12, 4: 0x12}, "paper_out"),
        ({1: 0x1A, 2: 0x52, 3: 0x1A, 4: 0x12}, "cutter"),
        ({1: 0x1A, 2: 0x52, 3: 0x32, 4: 0x12}, "error"),
        ({1: 0x1A, 2: 0x52, 3: 0x52, 4: 0x12}, "error"),
        ({1: 0x12, 2: 0x1A, 3: 0x12, 4: 0x12}, "busy"),
        ({1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x12}, "offline"),
        ({1: 0x12}, ""),
    ],
)
def test_reason_why_a_printer_cannot_print(statuses: dict[int, int], reason: str) -> None:
    assert why_not(statuses) == reason
