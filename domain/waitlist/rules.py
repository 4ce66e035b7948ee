"""Pure decisions of the waitlist: lines by party size, who is next for a table, which state may follow which."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

BOOKED_WITHIN = timedelta(hours=3)  # looked ahead for booked tables: longer than a party stays
ONE_NUMBER_IN = timedelta(hours=3)  # over all stores, unless seated: touts sell front numbers. Source: peers §7 (d) 4
CALLS_PER_JUMP = 10  # a party with priority is called before its turn at most once in so many calls. Source: RESTAURANT, Waitlist
BACK_BEHIND = 3  # a party that missed its call goes back behind so many. Source: RESTAURANT, Waitlist; peers §7 (a)
REQUEUE_WITHIN = timedelta(minutes=60)  # of missing the call
MILESTONES = (3, 1)  # parties ahead at which the diner is told to come nearer
PRESENCE_TRIES = 5  # of the door's code; then a member of staff looks who is there
PRIORITY = "priority_queue"  # the benefit. Source: RESTAURANT, Subscriptions
_LARGEST_TABLE_OF = (("A", 2), ("B", 4), ("C", 6))  # larger ones are of line D. Source: peers §7 (a), A/B/C lines by size
_LAST_LINE = "D"


class TicketState(StrEnum):
    """Where a party is on its way to a table."""

    WAITING = "waiting"
    CALLED = "called"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    SEATED = "seated"
    MISSED = "missed"
    REQUEUED = "requeued"
    LEFT = "left"
    VOID = "void"  # a number given by mistake, or left over from another day


class CallReason(StrEnum):
    """Why a party was called."""

    TURN = "turn"
    SPILL = "spill"  # a larger table, since nobody of its own line could take it
    PRIORITY = "priority"
    STAFF = "staff"  # a member of staff chose the party, and answers for it


class PassReason(StrEnum):
    """Why a party of the same line was called before one that came earlier."""

    PRIORITY = "priority"
    TOO_SMALL = "too_small"  # the table has too few seats for the one that was passed
    NOT_HERE = "not_here"  # it has not shown that it is at the door
    STAFF = "staff"


IN_LINE = frozenset({TicketState.WAITING, TicketState.REQUEUED})
AT_CALL = frozenset({TicketState.CALLED, TicketState.ON_THE_WAY, TicketState.ARRIVED})
LIVE = IN_LINE | AT_CALL | {TicketState.MISSED}

# Source: RESTAURANT, Waitlist: waiting → called → on the way → arrived → seated | missed → requeued once | left.
TICKET_MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.WAITING: frozenset({TicketState.CALLED, TicketState.LEFT, TicketState.VOID}),
    TicketState.CALLED: frozenset(
        {TicketState.ON_THE_WAY, TicketState.ARRIVED, TicketState.SEATED, TicketState.MISSED, TicketState.LEFT, TicketState.VOID}
    ),
    TicketState.ON_THE_WAY: frozenset({TicketState.ARRIVED, TicketState.SEATED, TicketState.MISSED, TicketState.LEFT, TicketState.VOID}),
    TicketState.ARRIVED: frozenset({TicketState.SEATED, TicketState.MISSED, TicketState.LEFT, TicketState.VOID}),
    TicketState.MISSED: frozenset({TicketState.REQUEUED, TicketState.LEFT, TicketState.VOID}),
    TicketState.REQUEUED: frozenset({TicketState.CALLED, TicketState.LEFT, TicketState.VOID}),
    TicketState.SEATED: frozenset(),
    TicketState.LEFT: frozenset(),
    TicketState.VOID: frozenset(),
}


def origins(to: TicketState) -> frozenset[TicketState]:
    """From where a state may be reached: the condition of the UPDATE that sets it."""
    return frozenset(state for state, following in TICKET_MOVES.items() if to in following)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a store: parties of `least` to `most` people wait in it under its letter."""

    letter: str
    least: int
    most: int


def letter_of_table(seats: int) -> str:
    """The line that a table of so many seats serves first."""
    return next((letter for letter, largest in _LARGEST_TABLE_OF if seats <= largest), _LAST_LINE)


def lines_of(seats: Collection[int]) -> tuple[Line, ...]:
    """The lines of a store, the smallest parties first: only lines that have a table; a party goes to the first where it fits.

    Args:
        seats: Of every table of the store.
    """
    largest: dict[str, int] = {}
    for each in sorted(seats):
        largest[letter_of_table(each)] = each
    lines: list[Line] = []
    for letter, most in largest.items():
        lines.append(Line(letter, lines[-1].most + 1 if lines else 1, most))
    return tuple(lines)


def line_for(lines: Sequence[Line], people: int) -> Line | None:
    """The line of a party; None when no table of the store is large enough, or the party is nobody."""
    return next((line for line in lines if line.least <= people <= line.most), None)


@dataclass(frozen=True, slots=True)
class Party:
    """A party in line, as far as it matters for who is next.

    Attributes:
        priority: Entitled to be called before its turn, within the limit.
        here: At the door as far as we know; where nobody can show it, everybody is.
    """

    ticket_id: str
    letter: str
    people: int
    priority: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is next, why, and which parties of the same line that came earlier are passed for what reason."""

    ticket_id: str
    reason: CallReason
    passed: tuple[tuple[str, PassReason], ...]


def choose(parties: Sequence[Party], seats: int, *, may_jump: bool) -> Choice | None:
    """Who gets a free table: the first of its own line; of a smaller line only when nobody of the larger one can take it.

    Of the smaller lines the nearest comes first, whose parties fill the table best.

    Args:
        parties: Everybody in line, in the order of the line.
        seats: Of the table.
        may_jump: Whether enough calls have gone by for a party with priority to be called before its turn.

    Returns:
        None when nobody who waits can take the table.
    """
    own = letter_of_table(seats)
    for letter in sorted({party.letter for party in parties if party.letter <= own}, reverse=True):
        choice = _choose_in([party for party in parties if party.letter == letter], seats, may_jump=may_jump)
        if choice is not None:
            spilled = letter != own and choice.reason is CallReason.TURN
            return Choice(choice.ticket_id, CallReason.SPILL, choice.passed) if spilled else choice
    return None


def _choose_in(line: Sequence[Party], seats: int, *, may_jump: bool) -> Choice | None:
    able = [party for party in line if party.people <= seats and party.here]
    if not able:
        return None
    chosen = able[0]
    if may_jump:
        chosen = next((party for party in able if party.priority), chosen)
    reason = CallReason.TURN if chosen is able[0] else CallReason.PRIORITY
    passed = [(party.ticket_id, _why_passed(party, seats)) for party in line[: line.index(chosen)]]
    return Choice(chosen.ticket_id, reason, tuple(passed))


def _why_passed(party: Party, seats: int) -> PassReason:
    if party.people > seats:
        return PassReason.TOO_SMALL
    return PassReason.PRIORITY if party.here else PassReason.NOT_HERE


def back_in_line(turns: Sequence[int]) -> int | None:
    """Where a party that missed its call goes back to: right behind the third of those who wait, or behind the last.

    Args:
        turns: Of those who wait in its line, in order.

    Returns:
        The turn after which it comes; None when nobody waits.
    """
    return turns[min(BACK_BEHIND, len(turns)) - 1] if turns else None
