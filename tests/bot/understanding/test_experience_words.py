"""What diners and staff say of experiences, and what they answer while one is talked about; nothing of it is bound to one shop's names."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.commands import Affirm, Ask, Choose, Command, Deny, SetSlot
from bot.understanding.experience_details import details_in
from bot.understanding.experience_words import experience_asked, experience_said, guests_said, of_experiences
from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from bot.understanding.resolvers.experiences import ExperienceEntry, ExperienceIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from bot.understanding.shop_words import ShopWords

NOW = datetime(2026, 11, 19, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
MENU = MenuIndex((MenuEntry("hsr", "红烧肉"), MenuEntry("coffee", "美式咖啡", ("咖啡",))))
STORES = StoreIndex((StoreEntry("chunxi", "春熙路店"), StoreEntry("tianfu", "天府广场店")), "好味")
EXPERIENCES = ExperienceIndex(
    (
        ExperienceEntry("bake", "亲子烘焙", "家长和孩子一起做小蛋糕"),
        ExperienceEntry("latte", "咖啡拉花课"),
        ExperienceEntry("wine", "新年品酒会"),
        ExperienceEntry("dim", "非遗面点手作"),
    )
)
WORDS = ShopWords(1, MENU, STORES, {}, EXPERIENCES)
OPEN = frozenset({"event", "session", "session_day", "guests", "adults", "children", "age", "years", "waits_for"})
BAKE = {"ids": ["bake"], "name": "亲子烘焙"}


def said(text: str, expected: str | None = None, *, open_: bool = False, **more: Any) -> tuple[Command, ...]:
    wanted = OPEN if open_ or expected else frozenset()
    return experience_said(text, WORDS, expected=expected, wanted=wanted, now=NOW, hours=None, **more)


def intent(text: str) -> str | None:
    found = said(text)
    assert all(isinstance(command, Ask) for command in found)
    return found[0].intent if found and isinstance(found[0], Ask) else None


def when(**given: object) -> dict[str, object]:
    return {"days": None, "month": None, "time": None, "part": None, **given}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("有什么活动", "whats_on"),
        ("最近有活动吗", "whats_on"),
        ("有什么可以带孩子参加的", "view_experiences"),
        ("活动怎么报名", "view_experiences"),
        ("亲子烘焙什么时候", "view_experiences"),
        ("拉花课多少钱一位", "view_experiences"),
        ("咖啡课还有名额吗", "view_experiences"),
        ("小朋友五岁能参加亲子烘焙吗", "view_experiences"),
        ("亲子烘焙能退吗", "view_experiences"),
        ("亲子烘焙报名", "book_event"),
        ("这周六亲子烘焙两大一小", "book_event"),
        ("给我和老公报新年品酒会", "book_event"),
        ("非遗面点报两个", "book_event"),
        ("烘焙满了给我排个候补", "book_event"),
        ("亲子烘焙有人退出的话通知我", "book_event"),
        ("排候补", "book_event"),
        ("我的活动", "my_experiences"),
        ("我报了哪些活动", "my_experiences"),
        ("报上了吗", "my_experiences"),
        ("候补排到第几了", "my_experiences"),
        ("亲子烘焙去不了了", "cancel_experience"),
        ("取消新年品酒会", "cancel_experience"),
        ("取消报名", "cancel_experience"),
        ("改活动", "change_experience"),
        ("烘焙改成4点那场", "change_experience"),
        ("亲子烘焙多带一个孩子", "change_experience"),
        ("不候补了", "leave_waiting_list"),
        ("退出烘焙的候补", "leave_waiting_list"),
        ("要候补位", "take_offered_place"),
        ("候补那个我要", "take_offered_place"),
        ("那个名额我要", "take_offered_place"),
        ("不要候补位", "decline_offered_place"),
    ],
)
def test_what_is_wanted_of_an_experience_is_told_by_closed_words(text: str, meant: str) -> None:
    assert intent(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "来一杯咖啡",
        "咖啡",
        "两碗米饭",
        "有什么优惠活动",
        "红烧肉多少钱",
        "我带孩子去吃饭 有儿童椅吗",
        "订位 亲子",
        "插花课报名",
        "要",
        "不要了",
        "6月1号",
    ],
)
def test_what_is_of_something_else_is_left_alone(text: str) -> None:
    assert said(text) == ()


def test_nothing_is_read_in_a_shop_without_experiences() -> None:
    none = ShopWords(1, MENU, STORES, {})
    assert experience_said("有什么活动", none, expected=None, wanted=frozenset(), now=NOW, hours=None) == ()


def test_one_sentence_says_month_hour_party_and_ages() -> None:
    (ask,) = said("报名下个月烘焙 3点那场 一个大人带俩娃 一个5岁一个8岁")
    years = {"years": [5, 8], "all": False}
    assert ask == Ask(
        "book_event", {"event": BAKE, "years": years, "session_day": when(month="2026-12", time="15:00"), "adults": 1, "children": 2}
    )


def test_the_store_is_of_the_wish_and_no_part_of_the_name() -> None:
    (ask,) = said("春熙路店的亲子烘焙报名")
    assert ask == Ask("book_event", {"event": BAKE, "store": "chunxi"})


@pytest.mark.parametrize(
    ("text", "expected", "commands"),
    [
        ("第二场", "session", [Choose("", 2)]),
        ("2", "session", [Choose("", 2)]),
        ("3点那场", "session", [SetSlot("session_day", when(time="15:00"))]),
        ("两点那场还有位吗", "session", [SetSlot("session_day", when(time="02:00"))]),
        ("周六的", "session", [SetSlot("session_day", when(days=["2026-11-21"]))]),
        ("12月的", "session", [SetSlot("session_day", when(month="2026-12"))]),
        ("烘焙那个", "session", [SetSlot("event", BAKE)]),
        ("2", "adults", [SetSlot("adults", 2)]),
        ("我和老公", "adults", [SetSlot("adults", 2)]),
        ("我和她爸", "adults", [SetSlot("adults", 2)]),
        ("两大一小", "adults", [SetSlot("adults", 2), SetSlot("children", 1)]),
        ("一家三口", "adults", [SetSlot("adults", 2), SetSlot("children", 1)]),
        ("一共四个人 两个孩子", "adults", [SetSlot("adults", 2), SetSlot("children", 2)]),
        ("0", "children", [SetSlot("children", 0)]),
        ("没有", "children", [SetSlot("children", 0)]),
        ("一个都不带", "children", [SetSlot("children", 0)]),
        ("俩", "children", [SetSlot("children", 2)]),
        ("两个 5岁和8岁", "children", [SetSlot("years", {"years": [5, 8], "all": False}), SetSlot("children", 2)]),
        ("5", "age", [SetSlot("age", {"years": [5], "all": False})]),
        ("六岁半", "age", [SetSlot("age", {"years": [6], "all": False})]),
        ("3到6岁", "age", [SetSlot("age", {"years": [4], "all": False})]),
        ("都5岁", "age", [SetSlot("years", {"years": [5], "all": True})]),
        ("一个5一个8", "age", [SetSlot("years", {"years": [5, 8], "all": False})]),
    ],
)
def test_an_open_question_takes_its_answer(text: str, expected: str, commands: list[Command]) -> None:
    assert list(said(text, expected)) == commands


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("改成4点那场", [SetSlot("session_day", when(time="16:00"))]),
        ("再加一个孩子", [SetSlot("children", {"by": 1})]),
        ("少一个大人", [SetSlot("adults", {"by": -1})]),
        ("再带一个孩子 4岁", [SetSlot("children", {"by": 1}), SetSlot("more_years", {"years": [4], "all": False})]),
        ("换咖啡拉花课", [SetSlot("event", {"ids": ["latte"], "name": "咖啡拉花课"})]),
        ("排候补", [SetSlot("waits_for", True)]),
        ("多少钱", [Ask("view_experiences")]),
        ("红烧肉多少钱", []),
        ("确认", []),
        ("算了", []),
        ("来两份红烧肉", []),
        ("你们几点关门", []),
    ],
)
def test_while_a_booking_is_open_words_correct_it_and_other_matters_pass(text: str, commands: list[Command]) -> None:
    assert sorted(map(repr, said(text, open_=True))) == sorted(map(repr, commands))


def test_a_day_or_a_party_said_after_the_sessions_were_shown_is_of_that_experience() -> None:
    assert said("就4点那场吧 一大一小", shown=BAKE) == (
        Ask("book_event", {"event": BAKE, "session_day": when(time="16:00"), "adults": 1, "children": 1}),
    )
    assert said("就4点那场吧 一大一小") == ()


def test_who_has_just_booked_changes_that_booking() -> None:
    more = {"children": {"by": 1}, "more_years": {"years": [10], "all": False}}
    assert said("再多带一个孩子 10岁", booked=True) == (Ask("change_experience", more),)
    assert said("再多带一个孩子 10岁") == ()


def test_a_name_that_no_experience_has_is_kept_to_be_told() -> None:
    ask = experience_asked(Ask("book_event", {"event": "插花课"}), "插花课报名", WORDS, now=NOW, hours=None)
    assert ask == Ask("book_event", {"unknown_event": "插花课"})
    generic = experience_asked(Ask("book_event", {"event": "亲子活动"}), "周末活动报名", WORDS, now=NOW, hours=None)
    assert "unknown_event" not in generic.args


def test_a_bare_yes_may_be_to_an_offer_only_while_nothing_is_open() -> None:
    assert of_experiences([Affirm()], "要", done=None, idle=True) == (Ask("yes_to_an_offer"),)
    assert of_experiences([Deny()], "不要", done=None, idle=True) == (Ask("no_to_an_offer"),)
    assert of_experiences([Affirm()], "要", done=None, idle=False) == (Affirm(),)


def test_a_change_of_a_table_right_after_booking_places_is_of_the_places() -> None:
    people = {"people": {"n": 1, "kids": 1, "approx": False, "delta": True}}
    change = [Ask("change_booking", people)]
    assert of_experiences(change, "再加一个孩子", done="book_event", idle=True) == (Ask("change_experience", {"children": {"by": 1}}),)
    assert of_experiences(change, "再加一个孩子", done=None, idle=True) == tuple(change)
    assert of_experiences(change, "订位再加一个孩子", done="book_event", idle=True) == tuple(change)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("今天的活动", Ask("day_guests")),
        ("明天的活动", Ask("day_guests", {"session_day": when(days=["2026-11-20"])})),
        ("下午烘焙来了谁", Ask("day_guests", {"event": BAKE, "session_day": when(part="afternoon")})),
        ("烘焙 王女士 到了", Ask("guest_here", {"event": BAKE, "name": "王女士"})),
        ("E003到了", Ask("guest_here", {"number": "E003"})),
    ],
)
def test_staff_ask_who_comes_and_say_who_is_here(text: str, ask: Ask) -> None:
    found = guests_said(text, WORDS, now=NOW, hours=None)
    assert [(one.intent, {**one.args}) for one in found if isinstance(one, Ask)] == [
        (ask.intent, {**ask.args, **({"session_day": when(days=["2026-11-19"])} if text == "今天的活动" else {})})
    ]


@pytest.mark.parametrize("text", ["王女士到了", "B018到了", "烘焙", "今天的订位", "有什么活动"])
def test_other_words_of_staff_are_left_alone(text: str) -> None:
    assert guests_said(text, WORDS, now=NOW, hours=None) == ()


def test_a_note_and_a_name_are_told_apart() -> None:
    values = details_in("备注 孩子鸡蛋过敏 我姓赵", now=NOW, hours=None).values
    assert (values["guest_name"], values["booking_notes"]) == ("赵", "孩子鸡蛋过敏")


@pytest.mark.parametrize("text", ["有一点贵", "快一点", "便宜一点"])
def test_a_bit_is_no_hour(text: str) -> None:
    assert "session_day" not in details_in(text, now=NOW, hours=None).values
