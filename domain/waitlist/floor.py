"""The floor as the simulation sees it: tables, since when parties sit there, and how long parties stay. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ENOUGH_SEATINGS = 30  # measured turn times replace the defaults from here on. Source: issue 5
QUANTILES = 20  # how many values stand for a distribution
# Source: RESTAURANT, Bookings: turn time by party size (1–2: 90 min, 3–4: 105, 5–6: 120, 7+: 150), which is what a booking blocks.
TURN_TIMES: Mapping[str, timedelta] = {
    "A": timedelta(minutes=90),
    "B": timedelta(minutes=105),
    "C": timedelta(minutes=120),
    "D": timedelta(minutes=150),
}
# Parties stay shorter than what is blocked for four in five of them; the spread of stays is skewed to the long side.
_SPREAD = (38, 46, 51, 55, 59, 62, 65, 68, 71, 74, 77, 80, 83, 87, 91, 95, 100, 107, 117, 138)  # percent


@dataclass(frozen=True, slots=True)
class Place:
    """A table on the floor.

    Attributes:
        letter: The line it serves first.
        since: When the party that has it sat down, or was called to it; None when it is free.
        booked_at: When it is booked next, as far as that is soon.
    """

    code: str
    seats: int
    letter: str
    since: datetime | None = None
    booked_at: datetime | None = None


Floor = tuple[Place, ...]


def default_turns() -> dict[str, tuple[int, ...]]:
    """Turn times in seconds by line, where nothing is measured yet."""
    return {letter: tuple(int(turn.total_seconds()) * percent // 100 for percent in _SPREAD) for letter, turn in TURN_TIMES.items()}


def measured_turns(stays: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, ...]]:
    """Turn times in seconds by line: of lines with enough seatings the measured ones, as evenly spread quantiles.

    Args:
        stays: Seconds that parties stayed, by the line of their table.
    """
    turns = default_turns()
    for letter, seconds in stays.items():
        if len(seconds) >= ENOUGH_SEATINGS:
            ordered = sorted(seconds)
            turns[letter] = tuple(ordered[(2 * place + 1) * len(ordered) // (2 * QUANTILES)] for place in range(QUANTILES))
    return turns
