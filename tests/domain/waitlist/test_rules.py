"""Lines by the tables of a store, who is next, and what may follow what."""

import random

import pytest

from domain.waitlist.rules import (
    TICKET_MOVES,
    CallReason,
    Line,
    Party,
    PassReason,
    TicketState,
    back_in_line,
    choose,
    line_for,
    lines_of,
)


def party(name: str, people: int, *, letter: str = "B", priority: bool = False, here: bool = True) -> Party:
    return Party(name, letter, people, priority, here)


def test_only_lines_with_a_table_exist_and_the_next_line_takes_what_is_missing() -> None:
    assert lines_of([2, 2, 4, 6, 8, 10]) == (Line("A", 1, 2), Line("B", 3, 4), Line("C", 5, 6), Line("D", 7, 10))
    assert lines_of([4, 4]) == (Line("B", 1, 4),)
    assert lines_of([3, 6]) == (Line("B", 1, 3), Line("C", 4, 6))
    assert lines_of([]) == ()


@pytest.mark.parametrize(("people", "letter"), [(0, None), (1, "B"), (4, "B"), (5, "D"), (9, "D"), (10, None)])
def test_a_party_waits_in_the_first_line_where_it_fits(people: int, letter: str | None) -> None:
    line = line_for(lines_of([4, 9]), people)

    assert (line.letter if line else None) == letter


def test_a_jump_passes_everybody_before_it_and_each_for_a_reason() -> None:
    waiting = [party("large", 4), party("away", 2, here=False), party("first", 3), party("vip", 2, priority=True)]

    jump = choose(waiting, 3, may_jump=True)
    turn = choose(waiting, 3, may_jump=False)

    assert jump is not None
    assert (jump.ticket_id, jump.reason) == ("vip", CallReason.PRIORITY)
    assert jump.passed == (("large", PassReason.TOO_SMALL), ("away", PassReason.NOT_HERE), ("first", PassReason.PRIORITY))
    assert turn is not None
    assert (turn.ticket_id, turn.reason, turn.passed) == ("first", CallReason.TURN, jump.passed[:2])


def test_priority_never_brings_a_smaller_party_before_the_line_of_the_table() -> None:
    waiting = [party("small", 2, letter="A", priority=True), party("four", 4)]

    assert choose(waiting, 4, may_jump=True) == choose(waiting, 4, may_jump=False)


def test_whoever_is_chosen_fits_is_here_and_passed_nobody_silently() -> None:
    dice = random.Random(7)
    letters = {1: "A", 2: "A", 3: "B", 4: "B", 5: "C", 6: "C", 8: "D"}
    for _ in range(2000):
        sizes = [dice.choice(list(letters)) for _ in range(dice.randrange(8))]
        waiting = [Party(str(n), letters[size], size, dice.random() < 0.2, here=dice.random() < 0.8) for n, size in enumerate(sizes)]
        seats = dice.choice([2, 3, 4, 5, 6, 8, 10])

        choice = choose(waiting, seats, may_jump=dice.random() < 0.5)

        able = [each for each in waiting if each.people <= seats and each.here]
        assert (choice is None) == (able == [])
        if choice is not None:
            chosen = waiting[int(choice.ticket_id)]
            assert chosen in able
            assert chosen.letter == max(each.letter for each in able)
            before = [each.ticket_id for each in waiting[: waiting.index(chosen)] if each.letter == chosen.letter]
            assert [ticket for ticket, _ in choice.passed] == before


@pytest.mark.parametrize(("turns", "behind"), [([], None), ([5], 5), ([5, 6], 6), ([5, 6, 7], 7), ([5, 6, 7, 8], 7)])
def test_who_missed_the_call_comes_back_behind_three(turns: list[int], behind: int | None) -> None:
    assert back_in_line(turns) == behind


def test_every_state_but_the_last_ones_can_be_left_and_reached() -> None:
    ends = {TicketState.SEATED, TicketState.LEFT, TicketState.VOID}
    reached = {state for following in TICKET_MOVES.values() for state in following}

    assert {state for state, following in TICKET_MOVES.items() if not following} == ends
    assert reached == set(TicketState) - {TicketState.WAITING}
