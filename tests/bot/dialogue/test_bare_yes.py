"""A bare yes (嗯, 好的) is one to what was said last. Whatever weighs something goes out only when that was its read-back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, SetSlot, Start
from bot.dialogue.effects import Answer, Answered, Done, Effect, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.dialogue.reducer import Step, reduce
from bot.dialogue.state import Frame, State

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
FLOWS = {
    "checkout": Flow(
        "checkout",
        "下单",
        act="place_order",
        weight=Weight.WEIGHTY,
        read_back="read_back_cart",
        slots=(Slot("wait", "ask_wait", takes="wait", required=never),),
    ),
    "book": Flow("book", "订位", act="book_it", weight=Weight.WEIGHTY, read_back="read_back_booking"),
    "call": Flow("call", "叫服务员", act="call_waiter", weight=Weight.SMALL),
}
READ_BACK = State(stack=(Frame("checkout", NOW, version="v1"),), asks_yes=True)
WORDS = Prompt("store_hours")
CHOICE = Prompt("which_store", offers=(Offer("春熙路店", (SetSlot("store", "a"),)),))


def said(state: State, *commands: Command) -> Step:
    return reduce(state, list(commands), NOW + timedelta(minutes=1), FLOWS)


def answered(step: Step, *answers: Answer) -> Step:
    return reduce(step.state, [Answered(effect, answer) for effect, answer in zip(step.effects, answers, strict=True)], NOW, FLOWS)


def names(step: Step) -> list[str]:
    return [effect.name for effect in step.effects]


def reads_back_again(state: State) -> None:
    """A bare yes asks anew, with everything in it; and the yes to that is one."""
    step = said(state, Affirm())
    assert names(step) == ["read_back_cart"]
    step = answered(step, Found((Prompt("read_back_cart"),), version="v2"))
    done = said(step.state, Affirm())
    assert [(effect.name, effect.args["version"]) for effect in done.effects] == [("place_order", "v2")]


def test_it_answers_the_read_back_that_was_just_said() -> None:
    step = answered(said(State(), Start("checkout")), Found((Prompt("read_back_cart"),), version="v1"))
    assert names(said(step.state, Affirm())) == ["place_order"]


def test_it_answers_the_reminder_that_follows_a_plain_answer() -> None:
    step = answered(said(READ_BACK, Ask("store_info")), Found((WORDS,)))
    assert [prompt.name for prompt in step.prompts] == ["store_hours", "back_to_flow"]
    assert names(said(step.state, Affirm())) == ["place_order"]


def test_several_answers_are_followed_by_one_reminder() -> None:
    step = answered(said(READ_BACK, Ask("store_info"), Ask("ask_dish")), Found((WORDS,)), Found((Prompt("dish_price"),)))
    assert [prompt.name for prompt in step.prompts] == ["store_hours", "dish_price", "back_to_flow"]
    assert names(said(step.state, Affirm())) == ["place_order"]


def test_after_other_work_it_is_thanks_for_that_and_the_question_is_put_again() -> None:
    step = answered(said(READ_BACK, Start("call")), Done((Prompt("waiter_called"),)))
    assert [prompt.name for prompt in step.prompts] == ["waiter_called", "back_to_flow"]
    reads_back_again(step.state)


def test_after_another_weighty_act_it_is_thanks_for_that() -> None:
    step = answered(said(READ_BACK, Start("book")), Found((Prompt("read_back_booking"),), version="b1"))
    step = answered(said(step.state, Affirm()), Done((Prompt("booking_done", offers=CHOICE.offers),)))
    assert names(said(step.state, Affirm())) == ["read_back_cart"]


@pytest.mark.parametrize("commands", [(Deny(),), (Cancel(),)])
def test_after_what_was_broken_off_it_is_no_yes_to_what_lay_below(commands: tuple[Command, ...]) -> None:
    state = State(stack=(*READ_BACK.stack, Frame("book", NOW, version="b1")), asks_yes=True)
    reads_back_again(said(state, *commands).state)


def test_beside_another_question_it_is_no_yes_to_either() -> None:
    step = answered(said(READ_BACK, Ask("find_store")), Found((CHOICE,)))
    reads_back_again(step.state)


def test_a_read_back_is_the_last_word_of_a_message_that_asks_something_else_too() -> None:
    step = answered(said(State(), Start("checkout"), Ask("store_info")), Found((WORDS,)), Found((Prompt("read_back_cart"),), version="v1"))
    assert [prompt.name for prompt in step.prompts] == ["store_hours", "read_back_cart"]
    assert names(said(step.state, Affirm())) == ["place_order"]


def test_a_later_round_that_says_more_takes_it_back() -> None:
    step = answered(said(State(), Start("checkout")), Found((Prompt("read_back_cart"),), version="v1"))
    step = reduce(step.state, [Answered(Effect("late"), Refused("bot.not_yet"))], NOW, FLOWS)
    reads_back_again(step.state)


def test_a_refusal_in_between_asks_again() -> None:
    reads_back_again(answered(said(READ_BACK, Ask("store_info")), Refused("stores.none")).state)


def test_a_yes_that_says_to_what_is_one_whatever_was_said_since() -> None:
    step = answered(said(READ_BACK, Start("call")), Done((Prompt("waiter_called"),)))
    assert names(said(step.state, Affirm(named=True))) == ["place_order"]


def test_a_tap_on_the_card_is_one_whatever_was_said_since() -> None:
    step = answered(said(READ_BACK, Start("call")), Done((Prompt("waiter_called"),)))
    assert names(said(step.state, Affirm("v1"))) == ["place_order"]
