"""Short messages by what came before them; questions about rooms; and a range of guests."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.commands import Ask, Line, LineOp, SetSlot, Start
from bot.dialogue.state import Frame, State
from bot.understanding.party_ranges import for_the_most
from bot.understanding.room_questions import DEPOSIT, MINIMUM, ROOM_ASKED, SEATS, room_asked
from bot.understanding.short_replies import (
    CALL_HEARD,
    DEPOSIT_PAID,
    NOT_NEEDED,
    ORDERED_ELSEWHERE,
    STILL_WAITS,
    WAIT_FOR_ME,
    ordered_elsewhere,
    short_reply,
)
from haowei.runtime import SKILLS

FLOWS = {flow.name: flow for skill in SKILLS for flow in skill.flows}
_BOOKING = Frame("book_table", datetime(2026, 11, 19, tzinfo=UTC), {"people": {"n": 4}})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("不用了", NOT_NEEDED),
        ("不用了，谢谢", NOT_NEEDED),
        ("收到", CALL_HEARD),
        ("好的知道了", CALL_HEARD),
        ("等我5分钟", WAIT_FOR_ME),
        ("再等我们十分钟吧", WAIT_FOR_ME),
        ("点错了，我还要排", STILL_WAITS),
        ("订金付了吗", DEPOSIT_PAID),
    ],
)
def test_what_is_said_with_nothing_open(text: str, intent: str) -> None:
    assert short_reply(text, State(), FLOWS, asked=False) == (Ask(intent),)
    assert short_reply(text, State(), FLOWS, asked=True) == ()


@pytest.mark.parametrize("text", ["付款", "付钱", "付好了", "好吃", "不用葱", "还是订吧", "等我通知再上", "收到发票了"])
def test_what_says_something_else_is_not_taken(text: str) -> None:
    assert short_reply(text, State(), FLOWS, asked=False) == ()


def test_paid_is_of_the_booking_that_was_just_made() -> None:
    assert short_reply("付好了", State(done="book_table"), FLOWS, asked=False) == (Ask(DEPOSIT_PAID),)


@pytest.mark.parametrize("state", [State(parked=(_BOOKING,)), State(stack=(_BOOKING,))])
def test_after_all_brings_back_what_was_left(state: State) -> None:
    assert short_reply("还是订吧", state, FLOWS, asked=False) == (Start("book_table", dict(_BOOKING.slots)),)
    assert short_reply("还是下单吧", state, FLOWS, asked=False) == ()


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("订包间要押金吗", {"about": DEPOSIT}),
        ("包间最低消费多少", {"about": MINIMUM}),
        ("有没有低消", {"about": MINIMUM}),
        ("观海能坐多少人", {"about": SEATS, "place": "观海"}),
        ("最大的包厢坐几个人", {"about": SEATS}),
    ],
)
def test_questions_about_rooms_book_nothing(text: str, args: dict[str, str]) -> None:
    assert room_asked(text, ("观海", "听雨")) == (Ask(ROOM_ASKED, args),)


@pytest.mark.parametrize("text", ["明晚七点包间能坐八个人吗", "订个包间", "观海", "要付订金了", "今天能坐几个人"])
def test_wishes_for_a_room_are_no_questions(text: str) -> None:
    assert room_asked(text, ("观海", "听雨")) == ()


@pytest.mark.parametrize(("text", "n"), [("六到八个人", 8), ("6-8人", 8), ("六个人或者八个人", 8), ("六个人", 6), ("周六到六个人", 6)])
def test_a_range_is_for_the_most(text: str, n: int) -> None:
    said = SetSlot("people", {"n": 6, "kids": 0, "approx": n != 6, "delta": False})
    (widened,) = for_the_most(text, (said,))
    assert isinstance(widened, SetSlot)
    assert (widened.value["n"], widened.value["approx"]) == (n, n != 6)


def test_dishes_for_another_store_or_to_take_away_are_asked_about() -> None:
    line = Line(LineOp.ADD, "x")
    (asked,) = ordered_elsewhere("宽窄店来份虾", (SetSlot("store", "kuanzhai"), line))
    assert isinstance(asked, Ask)
    assert (asked.intent, asked.args["store"], asked.args["to_go"]) == (ORDERED_ELSEWHERE, "kuanzhai", False)
    assert ordered_elsewhere("来份虾", (line,)) == (line,)
