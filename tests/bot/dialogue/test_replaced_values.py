"""Values that count from what was said before, and values that make another one be chosen anew."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.commands import Ask, SetSlot
from bot.dialogue.effects import Effect, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.dialogue.reducer import reduce
from bot.dialogue.slots import corrected, spoken
from bot.dialogue.state import State

NOW = datetime(2026, 11, 19, 10, tzinfo=UTC)
FLOW = Flow(
    "book_event",
    "报名活动",
    act="place",
    weight=Weight.WEIGHTY,
    read_back="read_back",
    slots=(
        Slot("day", "ask", takes="session_day", required=never, replaces=("session",), quiet=True),
        Slot("session", "which", takes="session", asks_by_query=True, quiet=True),
        Slot("adults", "ask_adults", takes="adults", title="大人"),
    ),
)
FLOWS = {FLOW.name: FLOW}


def _day(**given: object) -> dict[str, object]:
    return {"days": None, "month": None, "time": None, "part": None, **given}


@pytest.mark.parametrize(
    ("old", "new", "stands"),
    [
        (2, 3, 3),
        (2, {"by": 1}, 3),
        (1, {"by": -2}, 0),
        (None, {"by": 1}, {"by": 1}),
        ({"by": 1}, {"by": 1}, {"by": 2}),
        ({"by": 1}, 4, 4),
    ],
)
@pytest.mark.parametrize("takes", ["adults", "children"])
def test_one_more_counts_from_what_was_said_and_else_from_what_is_booked(takes: str, old: object, new: object, stands: object) -> None:
    assert corrected(takes, old, new) == stands


def test_another_hour_keeps_the_days_and_other_days_keep_the_hour() -> None:
    said = _day(days=["2026-12-05"], time="15:00")
    assert corrected("session_day", said, _day(time="16:00")) == _day(days=["2026-12-05"], time="16:00")
    assert corrected("session_day", said, _day(month="2027-01")) == _day(month="2027-01", time="15:00")
    assert corrected("session_day", said, _day(part="evening")) == _day(days=["2026-12-05"], part="evening")


def test_ages_of_those_who_come_as_well_are_added() -> None:
    old, new = ({"years": [years], "all": False} for years in (4, 9))
    assert corrected("more_years", old, new) == {"years": [4, 9], "all": False}
    assert corrected("years", old, new) == new


@pytest.mark.parametrize(
    ("takes", "value", "words"),
    [
        ("adults", 2, "2"),
        ("children", {"by": 1}, "多1位"),
        ("adults", {"by": -1}, "少1位"),
        ("years", {"years": [5, 8], "all": False}, "5岁、8岁"),
        ("event", {"ids": ["bake"], "name": "亲子烘焙"}, "亲子烘焙"),
        ("session", {"at": "2026-12-05T06:00:00+00:00", "name": "12月5日周六 14:00"}, "12月5日周六 14:00"),
        ("session_day", _day(month="2026-12", time="15:00"), "12月 15:00"),
        ("session_day", _day(days=["2026-12-05"], part="afternoon"), "12月5日周六 下午"),
    ],
)
def test_they_are_spoken_as_people_say_them(takes: str, value: object, words: str) -> None:
    assert spoken(takes, value) == words


def test_a_day_said_after_the_session_was_picked_has_it_picked_anew_and_tells_no_correction() -> None:
    state = reduce(State(), [Ask("book_event", {"session": {"name": "14:00"}, "adults": 2})], NOW, FLOWS).state
    step = reduce(state, [SetSlot("session_day", _day(time="16:00"))], NOW, FLOWS)

    assert "session" not in step.state.stack[0].slots
    assert step.state.stack[0].slots["adults"] == 2
    assert (step.prompts, step.effects) == ((), (Effect("which", flow="book_event"),))


def test_the_same_day_said_again_leaves_the_session_that_was_picked() -> None:
    day = _day(time="16:00")
    first = reduce(State(), [Ask("book_event", {"day": day, "session": {"name": "16:00"}, "adults": 2})], NOW, FLOWS).state
    assert "session" in reduce(first, [SetSlot("session_day", day)], NOW, FLOWS).state.stack[0].slots
