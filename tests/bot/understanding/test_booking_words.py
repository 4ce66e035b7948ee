"""What is said of a booking in closed words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.commands import Ask, SetSlot
from bot.understanding.booking_words import booking_args, booking_said

_NOW = datetime(2026, 11, 19, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
_OPEN = frozenset({"store", "time", "people", "kids", "room", "scene", "guest_name", "booking_notes"})
_CLOSED = frozenset[str]()


def _said(text: str, wanted: frozenset[str]) -> tuple[object, ...]:
    return booking_said(text, wanted=wanted, now=_NOW, hours=None)


@pytest.mark.parametrize("text", ["确认到店", "好的，会准时到", "我们会来的", "准时到", "放心一定会到"])
@pytest.mark.parametrize("wanted", [_OPEN, _CLOSED])
def test_one_word_answers_a_reminder_whatever_is_open(text: str, wanted: frozenset[str]) -> None:
    assert _said(text, wanted) == (Ask("confirm_booking"),)


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("多坐半小时", {"minutes": 30}),
        ("想多坐一个小时可以吗", {"minutes": 60}),
        ("延长20分钟", {"minutes": 20}),
        ("多坐一会儿", {"minutes": 30}),
        ("我们想延长", {}),
    ],
)
def test_to_stay_longer_says_for_how_long_if_it_was_said(text: str, args: dict[str, Any]) -> None:
    assert _said(text, _CLOSED) == (Ask("extend_booking", args),)


def test_what_moves_or_grows_is_the_booking_that_stands() -> None:
    moved, *others = _said("推迟半小时", _CLOSED)
    assert isinstance(moved, Ask)
    assert (moved.intent, moved.args["time"]["delta_minutes"], others) == ("change_booking", 30, [])
    grown, *others = _said("再加两个人", _CLOSED)
    assert isinstance(grown, Ask)
    assert (grown.intent, grown.args["people"]["n"], others) == ("change_booking", 2, [])


@pytest.mark.parametrize("text", ["推迟半小时", "再加两个人", "改成八点"])
def test_while_a_flow_takes_such_values_they_are_its_own(text: str) -> None:
    assert _said(text, _OPEN) == ()
    assert _said(text, frozenset({"time", "people"})) == ()


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("要靠窗的位置", "room", "靠窗"),
        ("换成包间", "room", "包间"),
        ("大厅就行", "room", "大厅"),
        ("不要包间了", "room", "大厅"),
        ("带两个小孩", "kids", 2),
        ("不带小孩了", "kids", 0),
        ("我姓陈", "guest_name", "陈"),
        ("名字写张总", "guest_name", "张总"),
        ("备注：要两把宝宝椅", "booking_notes", "要两把宝宝椅"),
        ("商务宴请", "scene", "商务宴请"),
    ],
)
def test_details_go_to_the_open_booking_and_mean_nothing_without_one(text: str, slot: str, value: object) -> None:
    assert _said(text, _OPEN) == (SetSlot(slot, value),)
    assert _said(text, _CLOSED) == ()


@pytest.mark.parametrize("text", ["来两份红烧肉", "三个人的餐具", "七点来取", "不要香菜", "加两个米饭", "包间里能唱歌吗"])
def test_what_is_of_the_meal_is_left_alone(text: str) -> None:
    assert _said(text, _CLOSED) == ()


def test_one_sentence_names_the_room_the_occasion_and_the_name() -> None:
    people = {"n": 8, "kids": 0, "approx": False, "delta": False}
    args = booking_args("book_table", "周六晚上请客户吃饭，8个人要包间，姓陈，电话13800138000", {"people": people, "phone": "13800138000"})
    assert args == {"people": people, "room": "包间", "scene": "商务宴请", "guest_name": "陈"}


def test_where_only_children_were_named_the_party_is_still_asked_for() -> None:
    people = {"n": 2, "kids": 2, "approx": False, "delta": False}
    assert booking_args("book_table", "订位，带两个小孩", {"people": people}) == {"kids": 2}


def test_a_change_without_a_booking_books_nothing() -> None:
    later = {"date": None, "time": None, "delta_minutes": 30}
    assert booking_args("book_table", "推迟半小时", {"time": later}) == {}
    assert booking_args("change_booking", "推迟半小时", {"time": later}) == {"time": later}
