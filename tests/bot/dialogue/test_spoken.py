"""How values are read back: never as the parts they are stored in."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import bot.skills
from bot.dialogue.slots import SPOKEN, spoken

PLAIN = {  # words, numbers, ids, yes or no, or lists of these: spoken as they are
    "words",
    "phone",
    "table",
    "wait",
    "reward",
    "email",
    "tax_number",
    "invoice_title",
    "invoice_order",
    "invoice_request",
    "invoice_kind",
    "distance",
    "diet",
    "favourites",
    "profile_part",
    "store",
    "booking",
    "booking_notes",
    "guests",
    "place",
    "waiting",
    "waits_for",
    "guest_name",
    "kids",
    "minutes",
    "room",
    "scene",
    "written_in",
}


@pytest.mark.parametrize(
    ("takes", "value", "words"),
    [
        ("time", {"date": "2026-11-28", "time": "19:00", "approx": False}, "11月28日周六 19:00"),
        ("people", {"n": 8, "kids": 2, "approx": False}, "8人（含2个孩子）"),
        ("birthday", {"month": 5, "day": 12, "lunar": False, "impossible": False}, "5月12日"),
        ("birthday", {"month": 8, "day": 15, "lunar": True, "impossible": False}, "农历8月15日"),
        ("dish", {"name": "宫保鸡丁", "n": 1, "exact": True}, "宫保鸡丁"),
        ("dish", {"choices": ["红烧肉", "红烧排骨"], "n": 1}, "红烧肉、红烧排骨"),
        ("coupon_wish", {"use": ["八折券"], "ban": ["20元券"]}, "“八折券”，不用“20元券”"),
        ("coupon_wish", {"use": "none"}, "不用券"),
        ("points_wish", {"use": "all"}, "积分都用上"),
        ("points_wish", {"use": 50}, "50积分"),
        ("points_wish", {"fen": 2000}, "抵20元"),
        ("words", "不吃香菜", "不吃香菜"),
    ],
)
def test_values_are_spoken_as_people_say_them(takes: str, value: object, words: str) -> None:
    assert spoken(takes, value) == words


def test_every_kind_of_value_that_a_flow_takes_can_be_spoken() -> None:
    skills = [import_module(f"bot.skills.{module.name}").SKILL for module in iter_modules(bot.skills.__path__)]
    taken = {slot.takes for skill in skills for flow in skill.flows for slot in flow.slots}

    assert taken <= SPOKEN.keys() | PLAIN


def test_parts_that_nobody_taught_to_speak_are_never_read_out() -> None:
    with pytest.raises(KeyError):
        spoken("words", {"use": "all"})
