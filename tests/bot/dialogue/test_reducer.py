"""The conversation moves in one pure place: any sequence of commands leaves a valid state, and a yes means one version."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.commands import (
    Affirm,
    Ask,
    Cancel,
    Choose,
    Clarify,
    Command,
    Deny,
    HandBack,
    Handoff,
    LateTap,
    Line,
    LineOp,
    NoneOfThese,
    Nothing,
    Resume,
    SetSlot,
    Start,
    ToPerson,
    Undo,
    command_from_json,
    command_to_json,
)
from bot.dialogue.effects import Answered, Done, Effect, Found, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.dialogue.reducer import CHANGE_CART, Step, reduce
from bot.dialogue.state import MOST_PARKED, MOST_UNDO, Frame, OpenChoices, State

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
FLOWS = {
    "checkout": Flow("checkout", "下单", act="place_order", weight=Weight.WEIGHTY, read_back="read_back_cart"),
    "book": Flow(
        "book",
        "订位",
        act="book_table",
        weight=Weight.WEIGHTY,
        read_back="read_back_booking",
        slots=(
            Slot("time", "ask_time", takes="time"),
            Slot("people", "ask_people", takes="people", offers=(("2人", {"n": 2}), ("4人", {"n": 4}))),
            Slot("phone", "ask_phone", takes="phone", required=lambda slots: slots["people"]["n"] >= 8),
        ),
        take_back="cancel_booking",
    ),
    "call": Flow("call", "叫服务员", act="call_waiter", weight=Weight.SMALL),
    "cancel_booking": Flow("cancel_booking", "取消预订", act="cancel_booking", weight=Weight.WEIGHTY, read_back="read_back_cancel_booking"),
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
times = st.builds(
    lambda day, hour, dated: {"date": f"2026-11-{day}", "time": f"{hour}:00", "part": None, "dated": dated},
    st.integers(21, 28),
    st.integers(10, 21),
    st.booleans(),
) | st.just({"date": None, "time": None, "delta_minutes": 30})
parties = st.builds(lambda n, delta: {"n": n, "kids": 0, "delta": delta}, st.integers(1, 12), st.booleans())
values = st.one_of(
    st.builds(SetSlot, st.just("time"), times),
    st.builds(SetSlot, st.just("people"), parties),
    st.builds(SetSlot, st.sampled_from(["phone", "store", "nothing"]), st.just("x")),
)
stored_commands = st.one_of(
    lines,
    st.builds(Start, st.sampled_from(list(FLOWS))),
    values,
    st.builds(Ask, st.sampled_from(["view_menu", "checkout", "pay_bill", "book"])),
    st.builds(Affirm, st.none() | st.sampled_from(["v1", "v2"])),
    st.sampled_from([Deny(), Cancel(), Undo(), Resume(), NoneOfThese(), Handoff()]),
)
commands = st.one_of(
    stored_commands,
    st.builds(Choose, st.sampled_from(["", "t1", "t2"]), st.integers(0, 4), st.none() | st.just(Decimal(2))),
    st.just(Clarify(("订位", "看菜单"), ((Start("book"),), (Ask("view_menu"),)))),
    st.sampled_from([Nothing(), LateTap(), ToPerson(), HandBack()]),
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


@settings(max_examples=300)
@given(st.lists(st.tuples(st.lists(commands, min_size=1, max_size=3), answers, st.integers(0, 200)), max_size=25))
def test_any_sequence_leaves_a_valid_state_and_no_weighty_act_without_its_yes(turns) -> None:
    state, now = State(choices=OpenChoices("t1", ((Start("checkout"),), (Affirm("v1"),)))), NOW
    version = 0
    for said, how, minutes in turns:
        now += timedelta(minutes=minutes)
        inputs = said
        shown, asked_for_yes = {frame.flow: frame.version for frame in state.stack}, state.asks_yes
        for _ in range(4):
            before = state
            step = reduce(state, inputs, now, FLOWS)
            assert reduce(before, inputs, now, FLOWS) == step
            state = step.state
            for effect in step.effects:
                if effect.weight is Weight.WEIGHTY:
                    assert effect.args["version"] == shown[effect.flow]
                    assert any(isinstance(command, Affirm | Choose) for command in said)
                    names_it = any(isinstance(command, Choose) or (isinstance(command, Affirm) and command.version) for command in said)
                    assert asked_for_yes or names_it
            if not step.effects:
                break
            version += 1
            inputs = [Answered(effect, answer_to(effect, how, f"v{version}")) for effect in step.effects]
        assert State.from_json(state.to_json()) == state
        assert len({frame.flow for frame in state.stack}) == len(state.stack)
        assert len(state.undo) <= MOST_UNDO
        assert len(state.parked) <= MOST_PARKED
        assert all(now - frame.touched_at <= FLOWS[frame.flow].time_to_live for frame in state.stack)


@given(stored_commands)
def test_a_command_survives_storage(command) -> None:
    assert command_from_json(command_to_json(command)) == command


def said(state: State, *inputs: Command, now: datetime = NOW) -> Step:
    return reduce(state, list(inputs), now, FLOWS)


def names(step: Step) -> list[str]:
    return [prompt.name for prompt in step.prompts]


SEVEN = {"date": "2026-11-22", "time": "19:00", "part": None, "dated": True}
EIGHT = {"date": "2026-11-21", "time": "20:00", "part": None, "dated": False}
FOUR = {"n": 4, "kids": 0, "delta": False}
TEN = {"n": 10, "kids": 0, "delta": False}


def test_the_next_question_is_the_first_empty_slot() -> None:
    step = said(State(), Start("book"))
    assert names(step) == ["ask_time"]
    step = said(step.state, SetSlot("people", FOUR), SetSlot("time", SEVEN))
    assert names(step) == []
    assert [effect.name for effect in step.effects] == ["read_back_booking"]


def test_a_slot_is_required_when_others_make_it_so() -> None:
    step = said(State(), Start("book", {"time": SEVEN, "people": TEN}))
    assert names(step) == ["ask_phone"]
    step = said(step.state, SetSlot("people", FOUR))
    assert names(step) == ["slot_corrected"]
    assert [effect.name for effect in step.effects] == ["read_back_booking"]


def test_many_values_in_one_message_are_asked_about_once() -> None:
    step = said(State(), Start("book"), SetSlot("people", TEN), SetSlot("time", SEVEN))
    assert names(step) == ["ask_phone"]


def test_a_value_goes_to_the_topmost_frame_that_declares_it_and_keeps_the_day() -> None:
    state = said(State(), Start("book", {"time": SEVEN, "people": FOUR}), Start("call")).state
    step = said(state, SetSlot("time", EIGHT))
    assert step.state.frame("book").slots["time"] == EIGHT | {"date": "2026-11-22", "alternatives": []}
    assert step.prompts[0].values == {"slot": "订位", "old": "11月22日周日 19:00", "new": "11月22日周日 20:00"}


@pytest.mark.parametrize(
    ("slot", "old", "new", "stands"),
    [
        ("time", SEVEN, {"date": None, "time": None, "delta_minutes": 30}, ("2026-11-22", "19:30")),
        ("time", SEVEN, {"date": None, "time": None, "delta_minutes": -60}, ("2026-11-22", "18:00")),
        ("time", SEVEN, {"date": "2026-11-25", "time": None, "part": None, "dated": True}, ("2026-11-25", "19:00")),
        ("time", SEVEN | {"time": "23:50"}, {"date": None, "time": None, "delta_minutes": 30}, ("2026-11-23", "00:20")),
        ("people", FOUR, {"n": 2, "kids": 0, "delta": True}, (6,)),
        ("people", FOUR, {"n": -1, "kids": 0, "delta": True}, (3,)),
        ("people", FOUR, TEN, (10,)),
    ],
)
def test_what_a_correction_leaves(slot, old, new, stands) -> None:
    state = said(State(), Start("book", {"time": SEVEN, "people": FOUR} | {slot: old})).state
    value = said(state, SetSlot(slot, new)).state.frame("book").slots[slot]
    assert tuple(value[key] for key in (("date", "time") if slot == "time" else ("n",))) == stands


def test_a_started_flow_is_raised_and_never_doubled() -> None:
    state = said(State(), Start("book"), Start("checkout"), Start("book")).state
    assert [frame.flow for frame in state.stack] == ["checkout", "book"]


def test_two_flows_of_one_message_both_move() -> None:
    step = said(State(), Ask("call"), Ask("checkout"))
    assert [effect.name for effect in step.effects] == ["call_waiter", "read_back_cart"]


def test_the_flow_underneath_asks_again_when_the_one_on_top_is_done() -> None:
    state = said(State(), Start("book")).state
    step = said(state, Start("call"))
    step = reduce(step.state, [Answered(step.effects[0], Done())], NOW, FLOWS)
    assert names(step) == ["ask_time"]


def test_an_idle_frame_parks_and_comes_back() -> None:
    state = said(State(), Start("book", {"time": SEVEN})).state
    later = NOW + timedelta(days=1)
    step = said(state, Nothing(), now=later)
    assert step.state.stack == ()
    step = said(step.state, Resume(), now=later)
    assert names(step) == ["resumed", "ask_people"]
    assert step.state.top.slots == {"time": SEVEN}


def test_a_frame_of_a_flow_that_is_gone_is_dropped() -> None:
    state = State(stack=(Frame("an old flow", NOW), Frame("book", NOW)))
    assert [frame.flow for frame in said(state, Nothing()).state.stack] == ["book"]


def test_yes_with_a_change_changes_first() -> None:
    state = said(State(), Start("checkout")).state
    state = reduce(state, [Answered(Effect("read_back_cart", flow="checkout"), Found(version="v1"))], NOW, FLOWS).state

    step = said(state, Affirm(), Line(LineOp.ADD, "a"))

    assert [effect.name for effect in step.effects] == [CHANGE_CART]
    step = reduce(step.state, [Answered(step.effects[0], Done())], NOW, FLOWS)
    assert [effect.name for effect in step.effects] == ["read_back_cart"]


def test_undo_after_a_weighty_act_offers_what_takes_it_back() -> None:
    state = State(done="book")
    step = said(state, Undo())
    assert names(step) == ["done_already"]
    assert [offer.commands for offer in step.prompts[0].offers] == [(Ask("cancel_booking"),)]
    assert step.effects == ()


def test_it_never_asks_twice_in_a_row() -> None:
    unsure = Clarify(("订位", "看菜单"), ((Start("book"),), (Ask("view_menu"),)))
    first = said(State(), unsure)
    assert names(first) == ["clarify"]
    assert [offer.label for offer in first.prompts[0].offers] == ["订位", "看菜单", "都不是"]
    second = said(first.state, unsure)
    assert names(second) == ["fallback"]
    third = said(second.state, unsure)
    assert names(third) == ["fallback_again"]
    assert third.prompts[0].offers[0].commands == (Handoff(),)


def test_none_of_these_asks_for_other_words_once_and_then_offers_a_person() -> None:
    step = said(State(clarifying=True), NoneOfThese())
    assert names(step) == ["rephrase"]
    assert names(said(step.state, Nothing())) == ["fallback_again"]


def test_an_open_question_is_put_again_with_choices_and_then_a_person_is_offered() -> None:
    state = said(State(), Start("book", {"time": SEVEN})).state
    step = said(state, Nothing())
    assert names(step) == ["ask_people"]
    assert [offer.label for offer in step.prompts[0].offers] == ["2人", "4人"]
    step = said(step.state, Nothing())
    assert names(step) == ["ask_people"]
    step = said(step.state, Nothing())
    assert names(step) == ["fallback_again"]


def test_a_digression_is_no_failed_try() -> None:
    state = said(State(), Start("book", {"time": SEVEN})).state
    step = said(state, Ask("points_balance"))
    step = reduce(step.state, [Answered(step.effects[0], Found())], NOW, FLOWS)
    assert names(step) == ["ask_people"]
    assert step.state.top.tries == 0


def test_the_bot_is_silent_while_a_person_talks_and_comes_back_by_time_by_hand_or_by_a_tap() -> None:
    state = said(State(), Start("book"), Handoff()).state
    assert state.with_person(NOW)
    step = said(state, ToPerson(), now=NOW + timedelta(minutes=20))
    assert names(step) == []
    assert step.state.with_person(NOW + timedelta(minutes=45))
    assert names(said(step.state, HandBack(), now=NOW + timedelta(minutes=25))) == ["handed_back", "ask_time"]
    assert not said(step.state, Ask("view_menu"), now=NOW + timedelta(minutes=25)).state.person_until
    assert not said(step.state, Nothing(), now=NOW + timedelta(minutes=51)).state.person_until


def test_a_value_that_the_domain_does_not_take_is_dropped_and_the_flow_goes_on() -> None:
    state = said(State(), Start("book", {"time": SEVEN, "people": FOUR})).state
    refused = Answered(Effect("read_back_booking", flow="book"), Refused("bookings.closed", slot="time"))
    step = reduce(state, [refused], NOW, FLOWS)
    assert names(step) == ["refused_bookings_closed", "ask_time"]
    assert step.state.top.slots == {"people": FOUR}


def test_a_message_is_undone_as_a_whole_its_last_change_first() -> None:
    first, second = Line(LineOp.REMOVE, "a", Decimal(1)), Line(LineOp.REMOVE, "b", Decimal(2))
    done = [Answered(Effect(CHANGE_CART, {}, Weight.DRAFT), Done(inverse=(line,))) for line in (first, second)]
    step = reduce(State(), done, NOW, FLOWS)
    assert [tuple(undo) for undo in step.state.undo] == [(second, first)]


def test_a_choice_of_a_dish_may_carry_how_many() -> None:
    state = State(choices=OpenChoices("t1", ((Line(LineOp.ADD, "a"),), (Start("checkout"),))))
    step = said(state, Choose("", 1, Decimal(3)))
    assert [effect.args["line"] for effect in step.effects] == [Line(LineOp.ADD, "a", Decimal(3))]


def test_another_store_makes_a_read_back_void() -> None:
    state = said(State(store_id="x", store_at=NOW), Start("checkout")).state
    state = reduce(state, [Answered(Effect("read_back_cart", flow="checkout"), Found(version="v1"))], NOW, FLOWS).state
    assert said(state, SetSlot("store", "x")).state.top.version == "v1"
    step = said(state, SetSlot("store", "y"))
    assert step.state.top.version is None
    assert [effect.name for effect in step.effects] == ["read_back_cart"]
    assert [effect.weight for effect in said(step.state, Affirm()).effects] == []


def test_which_choices_answer_one_question() -> None:
    which = OpenChoices("t", ((Line(LineOp.ADD, "a", words="鱼"),), (Line(LineOp.ADD, "b", words="鱼"),)))
    page = OpenChoices("t", ((Line(LineOp.ADD, "a"),), (Line(LineOp.ADD, "b"),), (Ask("view_menu", {"page": 2}),)))
    assert which.alternatives
    assert not page.alternatives
    assert page.dishes == {1, 2}


def test_who_says_yes_too_late_hears_how_to_go_on() -> None:
    state = said(State(), Start("checkout")).state
    later = NOW + timedelta(hours=1)
    assert names(said(state, Affirm(), now=later)) == ["parked_waits"]


def test_a_question_may_be_put_by_a_query() -> None:
    flows = FLOWS | {
        "order_here": Flow(
            "order_here", "点菜", act="go", weight=Weight.DRAFT, slots=(Slot("store", "ask_store", takes="store", asks_by_query=True),)
        )
    }
    step = reduce(State(), [Start("order_here", {"lines": [1]}), Start("order_here", {"lines": [2]})], NOW, flows)
    assert [effect.name for effect in step.effects] == ["ask_store"]
    step = reduce(step.state, [SetSlot("store", "s1")], NOW, flows)
    assert step.effects[0].args == {"lines": [1, 2], "store": "s1"}
    step = reduce(step.state, [Answered(step.effects[0], Done(then=(SetSlot("store", "s1"), Ask("view_menu"))))], NOW, flows)
    assert (step.state.stack, step.state.store_id) == ((), "s1")
    assert [effect.name for effect in step.effects] == ["view_menu"]
