"""Experiences, as the shop file says them: on which days, for how many, for whom."""

from datetime import UTC, date, datetime, time

import pytest

from domain.kernel.money import Fen
from domain.shop.diff import compare
from domain.shop.errors import ShopFileError
from domain.shop.experience import Experience, Kits
from domain.shop.importing import import_shop
from domain.shop.recurrence import rule, rule_text, takes_place
from domain.shop.snapshot import load_snapshot, snapshot_of
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.shop.files import DEMO, document, shop

HEAD = """
brand: {name: 小馆, levels: [{name: 普通}, {name: 金卡, spend: 1000}]}
stores:
  - {id: one, name: 一店, hours: {daily: ["10:00-22:00"]}}
  - {id: two, name: 二店, timezone: Europe/Berlin}
experiences:
"""
BAKING = '{id: baking, name: 亲子烘焙, on: first saturday, times: ["14:00", "15:00"]'


def experience(written: str) -> Experience:
    return next(iter(snapshot_of(document(f"{HEAD}  - {written}")).experiences.values()))


def fault(written: str) -> str:
    with pytest.raises(ShopFileError) as refused:
        document(f"{HEAD}  - {written}")
    return str(refused.value)


def days(found: Experience, first: date, last: date) -> list[str]:
    store = snapshot_of(document(f"{HEAD}  - {BAKING}}}")).stores["one"]
    return [f"{store.local(start):%m-%d %H:%M}" for start in found.starts(store, first, last)]


def test_the_rules_of_the_house_hold_when_none_are_written() -> None:
    found = experience(f"{BAKING}}}")

    assert (found.stores, found.times, found.minutes, found.places) == (("one", "two"), (time(14), time(15)), 60, 10)
    assert (found.adults, found.children, found.level, found.kits, found.ages) == (None, None, "", None, ())
    assert (found.adult_fen, found.child_fen, found.minimum) == (Fen(0), Fen(0), 0)
    assert (found.decide_hours, found.open_days, found.close_minutes, found.cancel_hours, found.offer_minutes) == (24, 30, 30, 24, 60)


def test_the_demo_bakes_on_the_first_saturday_for_gold_and_tastes_tea_with_everybody() -> None:
    found = snapshot_of(document(DEMO.read_text(encoding="utf-8"))).experiences

    assert [(one.name, one.level) for one in found.values()][:2] == [("亲子烘焙", "黄金"), ("盖碗茶品鉴", "")]
    assert found["baking"].kits == Kits("烘焙材料包", 10, "child")
    assert days(found["baking"], date(2026, 12, 1), date(2026, 12, 31)) == ["12-05 14:00", "12-05 15:00", "12-05 16:00"]


@pytest.mark.parametrize(
    ("written", "first", "found"),
    [
        ("first saturday", date(2026, 12, 1), [5]),
        ("first sat", date(2027, 5, 1), [1]),
        ("last friday", date(2026, 12, 1), [25]),
        ("Second Tuesdays", date(2026, 12, 1), [8]),
        ("every sunday", date(2026, 12, 1), [6, 13, 20, 27]),
        ("last tuesday", date(2028, 2, 1), [29]),
        ("last monday", date(2028, 2, 1), [28]),
        ("every day", date(2028, 2, 1), list(range(1, 30))),
    ],
)
def test_a_rule_names_days_of_the_calendar(written: str, first: date, found: list[int]) -> None:
    month = [first.replace(day=number) for number in range(1, 30 if first.month == 2 else 32)]
    assert [day.day for day in month if takes_place(rule(written), day)] == found
    assert rule(rule_text(rule(written))) == rule(written)


def test_the_first_saturday_may_be_new_years_day_and_the_file_may_leave_it_out() -> None:
    always = experience(f"{BAKING}}}")
    closed = experience(f"{BAKING}, except: [2027-02-06], dates: [2027-02-13]}}")

    assert days(always, date(2027, 2, 1), date(2027, 2, 28)) == ["02-06 14:00", "02-06 15:00"], "正月初一 2027"
    assert days(closed, date(2027, 2, 1), date(2027, 2, 28)) == ["02-13 14:00", "02-13 15:00"]


def test_dates_alone_are_enough_and_a_leap_day_is_one() -> None:
    found = experience('{id: x, name: 新年品酒会, dates: [2028-02-29, 2026-12-31], times: ["20:30", "9:00"]}')
    assert days(found, date(2026, 12, 1), date(2028, 3, 1)) == ["12-31 09:00", "12-31 20:30", "02-29 09:00", "02-29 20:30"]


def test_the_clock_on_the_wall_counts_when_it_is_changed() -> None:
    shop_found = snapshot_of(document(f'{HEAD}  - {{id: x, name: 早课, on: every sunday, times: ["02:30", "14:00"]}}'))
    store, found = shop_found.stores["two"], shop_found.experiences["x"]
    starts = list(found.starts(store, date(2026, 10, 18), date(2026, 10, 25)))
    assert starts[1::2] == [datetime(2026, 10, 18, 12, tzinfo=UTC), datetime(2026, 10, 25, 13, tzinfo=UTC)]
    for day in (date(2026, 10, 25), date(2027, 3, 28)):  # 02:30 comes twice, and not at all
        assert all(found.has_session(store, start) for start in found.starts(store, day, day))


@pytest.mark.parametrize(
    ("written", "path", "problem"),
    [
        ("{id: x, name: 空}", "experiences[0].times", "the key times is missing"),
        ('{id: x, name: 空, times: ["14:00"]}', "experiences[0]", "never takes place"),
        ("{id: x, name: 空, on: first saturday, times: []}", "experiences[0].times", "the list is empty"),
        (f"{BAKING}, on: fifth saturday}}".replace("on: first saturday, ", ""), "experiences[0].on[0]", "does not say on which days"),
        (f"{BAKING}, dates: [2027-02-29]}}", "experiences[0].dates[0]", "not a day of the calendar"),
        (f"{BAKING}, stores: [three]}}", "experiences[0].stores[0]", "there is no store “three”"),
        (f"{BAKING}, level: 黄金}}", "experiences[0].level", "there is no level “黄金”"),
        (f"{BAKING}, children: 8}}", "experiences[0]", "limited for adults or children alone"),
        (f"{BAKING}, adults: 0, children: 8}}", "experiences[0]", "no adult may come"),
        (f"{BAKING}, minimum: 11}}", "experiences[0]", "11 places must be booked of 10"),
        (f"{BAKING}, ages: [{{name: 大, from: 9, to: 3}}]}}", "experiences[0].ages[0]", "go from 9 to 3"),
        (f"{BAKING}, ages: [{{name: 小}}, {{name: 小}}]}}", "experiences[0].ages[1].name", "stands twice"),
        (f"{BAKING}, kits: {{number: 3}}}}", "experiences[0].kits.name", "the key name is missing"),
        (f"{BAKING}, price: {{adult: -3}}}}", "experiences[0].price.adult", "is not a price"),
        (f"{BAKING}, birthday: yes}}", "experiences[0].birthday", "there is no key"),
        (f"{BAKING}}}\n  - {BAKING}}}", "experiences[1].id", "stands twice"),
    ],
)
def test_a_fault_is_told_with_its_place(written: str, path: str, problem: str) -> None:
    told = [line for line in fault(written).splitlines() if f"{path}:" in line]
    assert any(problem in line for line in told), fault(written)
    assert all(line.startswith("line ") for line in told)


def test_a_session_when_the_store_is_never_open_is_odd_and_allowed() -> None:
    told = shop(f'{HEAD}  - {{id: x, name: 早课, on: every day, times: ["08:00", "10:00"]}}').warnings
    assert [(warning.path, warning.problem) for warning in told] == [("experiences[0].times[0]", "“一店” is never open at 08:00")]


def test_what_an_import_changes_is_told_by_experience() -> None:
    before, after = (
        document(f"{HEAD}  - {BAKING}}}"),
        document(f'{HEAD}  - {BAKING}, level: 金卡}}\n  - {{id: x, name: 茶, dates: [2027-01-01], times: ["9:00"]}}'),
    )
    lines = compare(before, after).lines()
    assert lines == ["~ experience baking 亲子烘焙: level – → 金卡", "+ experience x 茶", "1 added, 1 changed, 0 removed"]
    assert compare(after, before).lines()[0] == "- experience x 茶"


async def test_an_imported_experience_reads_back_the_same(database: Database, clock: SettableClock) -> None:
    written = document(
        f"{HEAD}  - {BAKING}, level: 金卡, kits: {{name: 围裙, number: 8, per: party}}, price: {{child: 19.9}}, except: [2027-02-06]}}"
    )
    await database.transaction(import_shop, written, imported_by="test", now=clock.now())
    loaded = await database.read(load_snapshot)
    assert loaded.experiences == snapshot_of(written).experiences
    assert loaded.experiences["baking"].child_fen == 1990
    assert not await database.transaction(import_shop, written, imported_by="test", now=clock.now())
