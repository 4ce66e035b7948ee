"""A flow that stays at hand after its act: what is said for it later does the act anew, whatever else is open."""

from datetime import UTC, datetime

from bot.dialogue.commands import Affirm, SetSlot, Start
from bot.dialogue.effects import Answered, Done, Effect, Found, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.dialogue.reducer import Step, reduce
from bot.dialogue.state import Frame, State

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
ASKS_AGAIN = Slot("reward", "ask_reward", takes="reward", asks_by_query=True, again="ask_reward_again")
FLOWS = {
    "pay": Flow(
        "pay",
        "买单",
        act="ask_for_bill",
        weight=Weight.SMALL,
        slots=(Slot("points", "bill", takes="points_wish", required=never),),
        lingers=True,
    ),
    "redeem": Flow("redeem", "积分兑换", act="redeem", weight=Weight.WEIGHTY, read_back="read_back_redeem", slots=(ASKS_AGAIN,)),
}
NO_POINTS = SetSlot("points", {"use": "none"})


def said(state: State, *commands: object) -> Step:
    return reduce(state, commands, NOW, FLOWS)  # type: ignore[arg-type]


def test_a_wish_for_the_bill_is_heard_under_another_flow() -> None:
    state = State(stack=(Frame("pay", NOW), Frame("redeem", NOW, asked="reward")))

    step = said(state, NO_POINTS)

    assert [(effect.name, effect.args) for effect in step.effects] == [("ask_for_bill", {"points": {"use": "none"}})]
    assert step.state.top is not None
    assert step.state.top.flow == "pay"


def test_a_read_back_above_the_bill_still_waits_for_its_yes() -> None:
    state = State(stack=(Frame("pay", NOW), Frame("redeem", NOW, {"reward": "ice"}, version="v1")))
    step = said(state, NO_POINTS)
    [effect] = step.effects
    step = said(step.state, Answered(effect, Done()))

    assert [prompt.name for prompt in step.prompts] == ["back_to_flow"]
    assert [effect.name for effect in said(step.state, Affirm()).effects] == ["redeem"]


def test_a_second_wish_of_one_message_is_no_correction() -> None:
    state = State(stack=(Frame("pay", NOW),))

    step = said(state, SetSlot("points", {"use": "all"}), SetSlot("points", {"use": 50}))

    assert step.prompts == ()
    assert [effect.args for effect in step.effects] == [{"points": {"use": 50}}]


def test_after_a_digression_a_long_question_is_repeated_in_short() -> None:
    step = said(State(), Start("redeem"))
    assert [effect.name for effect in step.effects] == ["ask_reward"]

    step = said(step.state, Answered(Effect("points_balance"), Found()))

    assert [prompt.name for prompt in step.prompts] == ["ask_reward_again"]
    assert step.effects == ()
