"""The conversation moves in one pure place: any sequence of commands leaves a valid state, and a yes means one version."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.commands import (
    Affirm,
    Ask,
    Cancel,
    Choose,
    Deny,
    LateTap,
    Line,
    LineOp,
    Nothing,
    Resume,
    SetSlot,
    Start,
    Undo,
    command_from_json,
    command_to_json,
)
from bot.dialogue.effects import Answered, Done, Effect, Found, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.dialogue.reducer import CHANGE_CART, reduce
from bot.dialogue.state import MOST_PARKED, MOST_UNDO, OpenChoices, State

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
FLOWS = {
    "checkout": Flow("checkout", "下单", act="place_order", weight=Weight.WEIGHTY, read_back="read_back_cart"),
    "book": Flow(
        "book",
        "订位",
        act="book_table",
        weight=Weight.WEIGHTY,
        read_back="read_back_booking",
        slots=(Slot("time", "ask_time"), Slot("people", "ask_people")),
    ),
    "call": Flow("call", "叫服务员", act="call_waiter", weight=Weight.SMALL),
}

ops = st.sampled_from(list(LineOp))
lines = st.builds(
    Line,
    op=ops,
    dish_id=st.none() | st.sampled_from(["a", "b"]),
    n=st.none() | st.integers(1, 9).map(Decimal),
    options=st.lists(st.sampled_from(["微辣", "少冰"]), max_size=2).map(tuple),
    candidates=st.sampled_from([(), ("a", "b")]),
)
commands = st.one_of(
    lines,
    st.builds(Start, st.sampled_from(list(FLOWS))),
    st.builds(SetSlot, st.sampled_from(["time", "people", "store", "nothing"]), st.sampled_from(["x", 3])),
    st.builds(Ask, st.sampled_from(["view_menu", "checkout", "pay_bill", "book"])),
    st.builds(Affirm, st.none() | st.sampled_from(["v1", "v2"])),
    st.builds(Choose, st.sampled_from(["", "t1", "t2"]), st.integers(0, 4)),
    st.sampled_from([Deny(), Cancel(), Undo(), Resume(), Nothing(), LateTap()]),
)
answers = st.sampled_from(["found", "done", "refused", "changed"])


def answer_to(effect: Effect, how: str, version: str):
    if effect.name.startswith("read_back"):
        return Refused("orders.empty_cart") if how == "refused" else Found(version=version)
    if effect.weight is None:
        return Found()
    if how == "refused":
        return Refused("orders.unknown_dish")
    if how == "changed" and effect.flow:
        return Refused("orders.cart_changed")
    inverse = (Line(LineOp.REMOVE, "a", Decimal(1)),) if effect.name == CHANGE_CART else ()
    return Done(inverse=inverse, last_dish="a")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.lists(commands, min_size=1, max_size=3), answers, st.integers(0, 200)), max_size=25))
def test_any_sequence_leaves_a_valid_state_and_no_weighty_act_without_its_yes(turns) -> None:
    state, now = State(choices=OpenChoices("t1", ((Start("checkout"),), (Affirm("v1"),)))), NOW
    version = 0
    for said, how, minutes in turns:
        now += timedelta(minutes=minutes)
        inputs = said
        shown = {frame.flow: frame.version for frame in state.stack}
        for _ in range(4):
            before = state
            step = reduce(state, inputs, now, FLOWS)
            assert reduce(before, inputs, now, FLOWS) == step
            state = step.state
            for effect in step.effects:
                if effect.weight is Weight.WEIGHTY:
                    assert effect.args["version"] == shown[effect.flow]
                    assert any(isinstance(command, Affirm | Choose) for command in said)
            if not step.effects:
                break
            version += 1
            inputs = [Answered(effect, answer_to(effect, how, f"v{version}")) for effect in step.effects]
        assert State.from_json(state.to_json()) == state
        assert len({frame.flow for frame in state.stack}) == len(state.stack)
        assert len(state.undo) <= MOST_UNDO
        assert len(state.parked) <= MOST_PARKED
        assert all(now - frame.touched_at <= FLOWS[frame.flow].time_to_live for frame in state.stack)


@given(commands)
def test_a_command_survives_storage(command) -> None:
    assert command_from_json(command_to_json(command)) == command


def test_the_next_question_is_the_first_empty_slot() -> None:
    step = reduce(State(), [Start("book")], NOW, FLOWS)
    assert [prompt.name for prompt in step.prompts] == ["ask_time"]
    step = reduce(step.state, [SetSlot("people", 4), SetSlot("time", "19:00")], NOW, FLOWS)
    assert [effect.name for effect in step.effects] == ["read_back_booking"]


def test_a_value_goes_to_the_topmost_frame_that_declares_it() -> None:
    state = reduce(State(), [Start("book", {"time": "19:00", "people": 4}), Start("call")], NOW, FLOWS).state
    state = reduce(state, [SetSlot("time", "20:00")], NOW, FLOWS).state
    assert state.stack[0].slots["time"] == "20:00"


def test_a_started_flow_is_raised_and_never_doubled() -> None:
    state = reduce(State(), [Start("book"), Start("checkout"), Start("book")], NOW, FLOWS).state
    assert [frame.flow for frame in state.stack] == ["checkout", "book"]


def test_an_idle_frame_parks_and_comes_back() -> None:
    state = reduce(State(), [Start("book", {"time": "19:00"})], NOW, FLOWS).state
    later = NOW + timedelta(days=1)
    step = reduce(state, [Nothing()], later, FLOWS)
    assert step.state.stack == ()
    step = reduce(step.state, [Resume()], later, FLOWS)
    assert [prompt.name for prompt in step.prompts] == ["ask_people"]
    assert step.state.top.slots == {"time": "19:00"}


def test_yes_with_a_change_changes_first() -> None:
    state = reduce(State(), [Start("checkout")], NOW, FLOWS).state
    state = reduce(state, [Answered(Effect("read_back_cart", flow="checkout"), Found(version="v1"))], NOW, FLOWS).state

    step = reduce(state, [Affirm(), Line(LineOp.ADD, "a")], NOW, FLOWS)

    assert [effect.name for effect in step.effects] == [CHANGE_CART]
    step = reduce(step.state, [Answered(step.effects[0], Done())], NOW, FLOWS)
    assert [effect.name for effect in step.effects] == ["read_back_cart"]
