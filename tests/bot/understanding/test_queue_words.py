"""What a party says while it waits; and what could be about its number or about something else."""

import pytest

from bot.dialogue.commands import Ask, Nothing, SetSlot
from bot.understanding.queue_words import DIGITS, DOOR_CODE, HERE, ON_THE_WAY, PARTY, of_the_queue, queue_said


@pytest.mark.parametrize("words", ["我在路上", "马上到", "马上就到", "这就过来", "往回走", "来了来了", "快到了", "在路上呢！"])
def test_on_the_way(words: str) -> None:
    assert queue_said(words) == (Ask(ON_THE_WAY),)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("我到了", None),
        ("我们到门口了", None),
        ("到店了", None),
        ("我回来了", None),
        ("我到了 4821", "4821"),
        ("到了，０４２１", "0421"),
        ("到了4821", "4821"),
        ("我们已经到门口了 4821", "4821"),
    ],
)
def test_at_the_door(words: str, code: str | None) -> None:
    assert queue_said(words) == (Ask(HERE, {DOOR_CODE: code} if code else {}),)


@pytest.mark.parametrize("words", ["到我了吗", "到了吗", "菜到了吗？", "来", "人都到了", "我到了给我上菜", "到了 48211", "快点", "4821"])
def test_anything_else_is_not_of_the_door(words: str) -> None:
    assert queue_said(words) == ()


@pytest.mark.parametrize("words", ["4821", " 4821 ", "４８２１"])
def test_four_digits_that_nothing_explains_may_be_those_of_the_door(words: str) -> None:
    assert of_the_queue(words, (Nothing(),)) == (Ask(DIGITS, {DOOR_CODE: "4821"}),)


def test_four_digits_that_answer_a_question_are_its_answer() -> None:
    assert of_the_queue("4821", (SetSlot("points", 4821),)) == (SetSlot("points", 4821),)


def test_another_party_may_be_that_of_a_number_but_with_a_time_it_is_a_booking() -> None:
    people = {"n": 6, "kids": 0, "approx": False, "delta": False}

    assert of_the_queue("改成6个人", (Ask("change_booking", {"people": people}),)) == (Ask(PARTY, {"people": people}),)
    assert of_the_queue("改成明天6个人", (Ask("change_booking", {"people": people, "time": {}}),)) == (
        Ask("change_booking", {"people": people, "time": {}}),
    )
