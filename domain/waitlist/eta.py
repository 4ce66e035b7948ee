"""How long a party will wait: the floor and the line are played through 200 times. Pure, and the same for the same seed.

Source: peers §7 (d) 2; issue 5 (20th to 80th percentile, rounded to five minutes).
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heapreplace

from domain.waitlist.floor import Floor, Place
from domain.waitlist.rules import letter_of_table

RUNS = 200
STEP_MIN = 5  # to which a range is rounded
LONGEST_MIN = 300
_OVERSTAY_S = 15 * 60  # who stays longer than everybody we know of may go any moment, within this


@dataclass(frozen=True, slots=True)
class Waiting:
    """A party that waits, in the order of the line."""

    letter: str
    people: int


@dataclass(frozen=True, slots=True)
class Eta:
    """A range of minutes; `raw_low_s` and `raw_high_s` are its ends in seconds as simulated, neither stretched nor rounded."""

    low: int
    high: int
    raw_low_s: int
    raw_high_s: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """By how many percent the ends of the simulated range are stretched, so that they are where they should be."""

    low: int = 100
    high: int = 100


def estimate(
    floor: Floor, line: Sequence[Waiting], turns: Mapping[str, Sequence[int]], *, stretch: Stretch, now: datetime, seed: str
) -> Eta:
    """The range in which the last party of the line is called, with a chance of three in five; four in five by its end.

    Tables go to whoever `rules.choose` would call, but for jumps. Parties that come later are not foreseen: what they, and
    parties that walk away, change on average is in the stretch, which is learned from promises made before.

    Args:
        line: Everybody up to the party that asks, which is the last.
        turns: Turn times in seconds by line, ascending.
        seed: Of the dice.
    """
    waits = _play(floor, line, turns, now=now, dice=random.Random(seed))
    waits.sort()
    low_s, high_s = waits[len(waits) // 5], waits[len(waits) * 4 // 5]
    low = min(low_s * stretch.low // 100 // 60 // STEP_MIN * STEP_MIN, LONGEST_MIN)
    high = min(-(-high_s * stretch.high // 6000 // STEP_MIN) * STEP_MIN, LONGEST_MIN + STEP_MIN)
    high = max(high, STEP_MIN)
    return Eta(min(low, high - STEP_MIN), high, low_s, high_s)


class _Table:
    """A table in the play.

    Attributes:
        lines: Indexes of the lines it may serve, its own first.
        left: Seconds that the party there may still stay; (0,) when it is free.
    """

    __slots__ = ("booked_s", "left", "lines", "seats", "turns")

    def __init__(self, place: Place, letters: Sequence[str], turns: Mapping[str, Sequence[int]], now: datetime) -> None:
        own = letter_of_table(place.seats)
        self.seats = place.seats
        self.lines = tuple(index for index in range(len(letters) - 1, -1, -1) if letters[index] <= own)
        self.turns = turns[own]
        self.left: Sequence[int] = (0,) if place.since is None else _still(self.turns, _seconds(now - place.since))
        self.booked_s = None if place.booked_at is None else _seconds(place.booked_at - now)


def _still(turns: Sequence[int], stayed_s: int) -> Sequence[int]:
    """How much longer a party may stay that has been there for so long."""
    rest = [turn - stayed_s for turn in turns[bisect_right(turns, stayed_s) :]]
    return rest or (0, _OVERSTAY_S // 3, _OVERSTAY_S * 2 // 3, _OVERSTAY_S)


def _play(floor: Floor, line: Sequence[Waiting], turns: Mapping[str, Sequence[int]], *, now: datetime, dice: random.Random) -> list[int]:
    letters = sorted({party.letter for party in line})
    lines = [[party.people for party in line if party.letter == letter] for letter in letters]
    mine = letters.index(line[-1].letter)
    tables = [table for table in (_Table(place, letters, turns, now) for place in floor) if table.lines]
    return [_one_evening(tables, lines, mine, dice.random) for _ in range(RUNS)]


def _one_evening(tables: Sequence[_Table], lines: Sequence[Sequence[int]], mine: int, roll: Callable[[], float]) -> int:
    """Seconds until the last party of the line `mine` is called."""
    waiting = [list(people) for people in lines]
    line_of_mine = waiting[mine]
    frees = [(table.left[int(roll() * len(table.left))], index) for index, table in enumerate(tables)]
    heapify(frees)
    booked: set[int] = set()
    while frees:
        at, index = frees[0]
        table = tables[index]
        turn = table.turns[int(roll() * len(table.turns))]
        if table.booked_s is not None and index not in booked and at + turn > table.booked_s:
            booked.add(index)
            heapreplace(frees, (max(at, table.booked_s) + turn, index))
            continue
        people, place = _next_for(table, waiting)
        if place < 0:
            heappop(frees)  # nobody who waits now can take it
            continue
        del people[place]
        if people is line_of_mine and place == len(people):
            return at
        heapreplace(frees, (at + turn, index))
    return LONGEST_MIN * 60


def _next_for(table: _Table, waiting: Sequence[list[int]]) -> tuple[list[int], int]:
    """The line and the place in it of whoever gets the table; place -1 for nobody. The inner loop of the play."""
    seats, people = table.seats, waiting[0]
    for index in table.lines:
        people = waiting[index]
        if not people:
            continue
        if people[0] <= seats:  # nearly always
            return people, 0
        for place, size in enumerate(people):
            if size <= seats:
                return people, place
    return people, -1


def _seconds(span: timedelta) -> int:
    return max(int(span.total_seconds()), 0)
