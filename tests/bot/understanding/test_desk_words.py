"""What staff write about bookings and the floor, and what they leave to others."""

from datetime import datetime

import pytest

from bot.dialogue.commands import Ask
from bot.understanding.desk_words import bare_answer
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from bot.understanding.staff_words import staff_said

SATURDAY = datetime(2026, 11, 21, 18, 30)  # noqa: DTZ001 - the wall clock of a store
STORES = StoreIndex(
    [
        StoreEntry("xujiahui", "徐家汇店", "上海市徐汇区虹桥路1号"),
        StoreEntry("binjiang", "滨江天街店", "杭州市滨江区江汉路1515号"),
        StoreEntry("yizhuang", "亦庄万象汇店", "北京市大兴区荣华中路8号"),
        StoreEntry("gaoxin", "高新店", ""),
        StoreEntry("k11", "K11店", "", ("新世界",)),
    ],
    "拾味",
)


def said(menu: MenuIndex, text: str) -> tuple[object, ...]:
    return staff_said(text, menu, STORES, now=SATURDAY)


def answer(**args: object) -> Ask:
    return Ask("answer_booking", args)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("B018 同意", answer(number="B018", yes=True)),
        ("b18同意了", answer(number="B018", yes=True)),
        ("同意B018", answer(number="B018", yes=True)),
        ("同意陈先生的订位", answer(name="陈先生", yes=True)),
        ("欧阳女士的预订可以", answer(name="欧阳女士", yes=True)),
        ("批准 B018", answer(number="B018", yes=True)),
        ("B018可以", answer(number="B018", yes=True)),
        ("B018 没问题", answer(number="B018", yes=True)),
        ("接B018", answer(number="B018", yes=True)),
        ("订位18同意", answer(number="B018", yes=True)),
        ("同意这个订位", answer(yes=True)),
        ("接了这个订位", answer(yes=True)),
        ("B018 不行，没位了", answer(number="B018", yes=False, reason="没位了")),
        ("B018不行", answer(number="B018", yes=False)),
        ("B018 不同意：今晚包场，改天请早。", answer(number="B018", yes=False, reason="今晚包场，改天请早。")),
        ("拒绝B018", answer(number="B018", yes=False)),
        ("拒绝陈先生的订位，今天包场", answer(name="陈先生", yes=False, reason="今天包场")),
        ("陈先生的订位接不了，厨房检修", answer(name="陈先生", yes=False, reason="厨房检修")),
        ("B018没位了", answer(number="B018", yes=False, reason="没位了")),
        ("王总的订位满了", answer(name="王总", yes=False, reason="满了")),
        ("不接这个订位", answer(yes=False)),
        ("好的，B018给他留着吧", answer(number="B018", yes=True)),
        ("B018让他们来吧", answer(number="B018", yes=True)),
        ("答应王小姐的预约", answer(name="王小姐", yes=True)),
        ("B018算了，人手不够", answer(number="B018", yes=False, reason="人手不够")),
        ("谢绝 B018", answer(number="B018", yes=False)),
    ],
)
def test_a_booking_that_waits_is_answered(menu: MenuIndex, text: str, told: Ask) -> None:
    assert said(menu, text) == (told,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("同意", (answer(yes=True),)),
        ("同意了", (answer(yes=True),)),
        ("不同意，今天包场", (answer(yes=False, reason="今天包场"),)),
        ("拒绝", (answer(yes=False),)),
        ("好的", ()),
        ("可以", ()),
        ("不要了", ()),
        ("同意并加入", ()),
    ],
)
def test_a_bare_answer_is_meant_for_the_booking_that_waits(text: str, told: tuple[Ask, ...]) -> None:
    assert bare_answer(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("B018 换到A3", {"number": "B018", "where": "a3"}),
        ("把B018换到A03吧", {"number": "B018", "where": "a03"}),
        ("B018 调到3号桌", {"number": "B018", "where": "3号桌"}),
        ("陈先生坐包间牡丹", {"name": "陈先生", "where": "包间牡丹"}),
        ("陈先生坐V2", {"name": "陈先生", "where": "v2"}),
        ("B018 A3和A4拼一下", {"number": "B018", "where": "a3和a4"}),
        ("B018 A3、A4拼桌", {"number": "B018", "where": "a3a4"}),
        ("李女士的订位安排在听雨轩", {"name": "李女士", "where": "听雨轩"}),
        ("B018坐听雨轩", {"number": "B018", "where": "听雨轩"}),
    ],
)
def test_tables_are_chosen_for_a_booking(menu: MenuIndex, text: str, told: dict[str, str]) -> None:
    assert said(menu, text) == (Ask("choose_tables", told),)


@pytest.mark.parametrize(
    ("text", "clock", "n", "more"),
    [
        ("订位 今晚7点 6个人 陈先生", "19:00", 6, {"guest_name": "陈先生"}),
        ("电话订位：明晚七点半，欧阳女士，四位，包间", "19:30", 4, {"guest_name": "欧阳女士", "room": "包间"}),
        ("帮李总订明天中午12点8个人，电话13812345678", "12:00", 8, {"guest_name": "李总", "booking_notes": "电话13812345678"}),
        ("记一下，周小姐今晚八点两位", "20:00", 2, {"guest_name": "周小姐"}),
        ("徐家汇店订位 今晚7点 6个人 陈先生", "19:00", 6, {"guest_name": "陈先生", "store": "xujiahui"}),
    ],
)
def test_a_guest_who_has_called_is_written_in(menu: MenuIndex, text: str, clock: str, n: int, more: dict[str, str]) -> None:
    [asked] = said(menu, text)
    assert isinstance(asked, Ask)
    args = dict(asked.args)
    assert (asked.intent, args.pop("time")["time"], args.pop("people")["n"]) == ("book_table", clock, n)
    assert args == {**more, "written_in": True}


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("明天的订位", {"ahead": 1}),
        ("周日的订位", {"day": "2026-11-22"}),
        ("下周六订了几桌", {"day": "2026-11-28"}),
        ("11月28号的预订", {"day": "2026-11-28"}),
        ("看看大后天有哪些预订", {"day": "2026-11-24"}),
        ("明天中午有几桌订位", {"day": "2026-11-22", "part": "noon"}),
        ("周日晚上订了多少桌？", {"day": "2026-11-22", "part": "evening"}),
        ("周二有订位吗？", {"day": "2026-11-24"}),
        ("明天有谁订了", {"day": "2026-11-22"}),
    ],
)
def test_the_bookings_of_another_day(menu: MenuIndex, text: str, args: dict[str, object]) -> None:
    assert said(menu, text) == (Ask("day_bookings", args),)


@pytest.mark.parametrize(
    "text", ["现在几桌空着", "还有空桌吗？", "哪几桌是空的", "空桌", "看看还有几张空桌", "有没有空位", "桌台情况", "几张桌子没人坐"]
)
def test_the_floor_in_short(menu: MenuIndex, text: str) -> None:
    assert said(menu, text) == (Ask("free_tables"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("徐家汇 叫下一个", Ask("call_next_number", {"store": "xujiahui"})),
        ("徐家汇店叫号 A03", Ask("call_next_number", {"table": "A03", "store": "xujiahui"})),
        ("滨江店今天的订位", Ask("day_bookings", {"ahead": 0, "store": "binjiang"})),
        ("拾味（滨江天街店）周日的订位", Ask("day_bookings", {"day": "2026-11-22", "store": "binjiang"})),
        ("亦庄万象汇 排队情况", Ask("open_queue", {"store": "yizhuang"})),
        ("K11 B018 同意", answer(number="B018", yes=True, store="k11")),
        ("新世界：待办", Ask("open_tasks", {"store": "k11"})),
        ("高新 呼叫", Ask("open_calls", {"store": "gaoxin"})),
        ("高新店 A03 我来", Ask("take_call", {"table": "A03", "store": "gaoxin"})),
        ("徐家汇 估清 红烧肉", Ask("mark_sold_out", {"dishes": ["hs"], "store": "xujiahui"})),
        ("徐家汇的订位有哪些", Ask("day_bookings", {"ahead": 0, "store": "xujiahui"})),
        ("叫下一桌 徐家汇店", Ask("call_next_number", {"store": "xujiahui"})),
        ("现在几桌空着，滨江店", Ask("free_tables", {"store": "binjiang"})),
        ("徐家汇店0087好了", Ask("mark_served", {"number": "0087", "to": "ready", "store": "xujiahui"})),
    ],
)
def test_a_store_may_stand_before_or_after_what_staff_say(menu: MenuIndex, text: str, told: Ask) -> None:
    assert said(menu, text) == (told,)


@pytest.mark.parametrize(
    "text",
    [
        "徐家汇店排队 两位",
        "徐家汇店今晚七点四个人订位",
        "徐家汇",
        "高新店几点关门",
        "确认订位",
        "取消预订",
        "订位",
        "明天订位",
        "今晚7点订位",
        "B018改到8点",
        "B018换到明天",
        "陈先生的订位改成6个人",
        "同意",
        "不行",
        "可以",
        "B12可以",
        "A03空着",
        "订位可以吗",
        "我的订位",
        "改预订",
        "同意B018吗？",
        "明天7点的订位",
        "周六见",
        "今晚7点6个人订位",
        "陈先生今晚7点到",
        "陈先生的订位推迟半小时",
        "今晚7点陈先生6个人",
    ],
)
def test_what_is_left_to_others(menu: MenuIndex, text: str) -> None:
    assert said(menu, text) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("查一下陈先生的订位", Ask("find_booking", {"name": "陈先生"})),
        ("陈女士订的哪桌？", Ask("find_booking", {"name": "陈女士"})),
        ("查欧阳的订位", Ask("find_booking", {"name": "欧阳"})),
        ("姓陈的订位", Ask("find_booking", {"name": "陈"})),
        ("尾号5678的订位", Ask("find_booking", {"phone": "5678"})),
        ("查 13912345678", Ask("find_booking", {"phone": "13912345678"})),
        ("B018是谁", Ask("find_booking", {"number": "B018"})),
        ("给门口3位客人取号", Ask("give_number", {"people": {"n": 3, "kids": 0, "approx": False, "delta": False}})),
        ("取号 4位 王先生", Ask("give_number", {"people": {"n": 4, "kids": 0, "approx": False, "delta": False}, "name": "王先生"})),
    ],
)
def test_a_booking_that_is_looked_for_and_a_number_for_somebody(menu: MenuIndex, text: str, told: Ask) -> None:
    assert staff_said(text, menu) == (told,)


@pytest.mark.parametrize("text", ["查一下我的订位", "取号 3位", "排队 4位", "陈先生", "看看菜单"])
def test_what_staff_want_for_themselves_is_left_to_others(menu: MenuIndex, text: str) -> None:
    assert staff_said(text, menu) == ()
