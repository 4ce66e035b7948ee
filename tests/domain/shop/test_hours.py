"""Opening hours by the store's wall clock, over midnight and over changes of summer time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.shop.hours import ALWAYS, overlap, serving_time, week_of, window, window_text
from domain.shop.snapshot import snapshot_of
from domain.shop.store import Store
from tests.domain.shop.files import document

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = "2026-11-21"  # a Saturday


def store(hours: str, zone: str = "Asia/Shanghai") -> Store:
    return snapshot_of(document(f"stores: [{{id: a, name: b, timezone: {zone}, hours: {hours}}}]")).stores["a"]


def at(moment: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


OPEN = {"10:30": True, "13:59": True, "17:00": True, "23:59": True, "00:00": True, "01:59": True}
SHUT = {"10:29": False, "14:00": False, "16:59": False, "02:00": False}


@pytest.mark.parametrize(("clock", "is_open"), (OPEN | SHUT).items())
def test_a_store_opens_with_the_first_minute_and_closes_before_the_last(clock: str, is_open: bool):
    east = store('{daily: ["10:30-14:00", "17:00-02:00"]}')

    assert east.is_open(at(f"{SATURDAY} {clock}")) is is_open


def test_friday_night_goes_on_into_saturday_that_is_closed():
    east = store('{fri: ["17:00-02:00"]}')

    assert east.is_open(at("2026-11-20 23:00"))
    assert east.is_open(at("2026-11-21 01:30"))
    assert not east.is_open(at("2026-11-21 02:00"))
    assert not east.is_open(at("2026-11-21 18:00"))


def test_sunday_night_goes_on_into_monday():
    east = store('{sun: ["22:00-03:00"]}')

    assert east.is_open(at("2026-11-23 02:59"))
    assert not east.is_open(at("2026-11-23 22:00"))


def test_a_day_of_its_own_replaces_the_daily_hours():
    east = store('{daily: ["10:00-22:00"], mon: []}')

    assert east.is_open(at("2026-11-22 12:00"))
    assert not east.is_open(at("2026-11-23 12:00"))


def test_a_store_without_hours_never_closes():
    anywhere = snapshot_of(document("stores: [{id: a, name: b}]")).stores["a"]

    assert anywhere.hours == ALWAYS
    assert anywhere.is_open(at("2026-11-23 04:00"))


def test_round_the_clock_has_no_gap():
    east = store('{daily: ["00:00-24:00"]}')

    assert all(east.is_open(at(f"{SATURDAY} {clock}")) for clock in ("00:00", "12:00", "23:59"))


def test_any_zone_of_the_instant_gives_the_same_answer():
    east = store('{daily: ["10:30-14:00"]}')

    assert east.is_open(at("2026-11-21 04:00", "UTC"))
    assert not east.is_open(at("2026-11-21 12:00", "UTC"))


def test_the_wall_clock_counts_when_summer_time_begins():
    berlin = store('{daily: ["17:00-03:00"]}', "Europe/Berlin")

    assert berlin.is_open(at("2027-03-28 00:59", "UTC"))  # 01:59; the clocks jump from 02:00 to 03:00
    assert not berlin.is_open(at("2027-03-28 01:00", "UTC"))  # 03:00


def test_the_wall_clock_counts_when_summer_time_ends():
    berlin = store('{daily: ["17:00-02:30"]}', "Europe/Berlin")

    assert berlin.is_open(at("2026-10-25 00:29", "UTC"))  # 02:29 in summer
    assert not berlin.is_open(at("2026-10-25 00:30", "UTC"))  # 02:30 in summer
    assert berlin.is_open(at("2026-10-25 01:29", "UTC"))  # 02:29 once more, in winter
    assert not berlin.is_open(at("2026-10-25 01:30", "UTC"))


@pytest.mark.parametrize(
    ("text", "value"), [("10:30-14:00", (630, 840)), ("17:00-02:00", (1020, 1560)), ("00:00-24:00", (0, 1440)), ("9:00-00:00", (540, 1440))]
)
def test_windows_are_minutes_and_may_end_after_midnight(text: str, value: tuple[int, int]):
    assert window(text) == value
    assert window(window_text(value)) == value


@pytest.mark.parametrize(
    "text", ["10:30", "10:30-10:30", "24:00-02:00", "10:60-11:00", "25:00-26:00", "10.30-14.00", "a-b", "", "-", "10:30-14:00-15:00"]
)
def test_other_texts_are_no_windows(text: str):
    with pytest.raises(ValueError, match=r"window of time|time of day"):
        window(text)


@pytest.mark.parametrize(
    ("text", "days", "value"),
    [
        ("mon-fri 10:30-14:00", (0, 1, 2, 3, 4), (630, 840)),
        ("sat,sun", (5, 6), (0, 1440)),
        ("fri-mon 17:00-21:00", (0, 4, 5, 6), (1020, 1260)),
        ("17:00-21:00", (0, 1, 2, 3, 4, 5, 6), (1020, 1260)),
    ],
)
def test_serving_times_are_days_a_window_or_both(text: str, days: tuple[int, ...], value: tuple[int, int]):
    assert serving_time(text) == (days, value)


@pytest.mark.parametrize("text", ["noon", "mon-", "mo", "", "mon tue", "10:30-14:00 mon", "mon 10:30-14:00 x"])
def test_other_texts_are_no_serving_times(text: str):
    with pytest.raises(ValueError, match="not "):
        serving_time(text)


def test_a_dish_is_served_in_its_windows():
    shop = snapshot_of(
        document(
            'stores: [{id: a, name: b}]\nmenu: [{dishes: [{id: x, name: y, price: 1, available: ["mon-fri 10:30-14:00", "sat,sun"]}]}]'
        )
    )
    dish, east = shop.dishes["x"], shop.stores["a"]

    assert east.serves(dish, at("2026-11-20 12:00"))
    assert not east.serves(dish, at("2026-11-20 18:00"))
    assert east.serves(dish, at("2026-11-21 18:00"))


def test_windows_that_overlap_are_found_over_midnight_and_over_the_week():
    assert overlap(week_of(["17:00-02:00", "01:00-03:00"])) is not None
    assert overlap(week_of(["sun 22:00-03:00", "mon 02:00-04:00"])) == (0, (120, 240))
    assert overlap(week_of(["17:00-02:00", "02:00-03:00"])) is None
    assert overlap(week_of(["00:00-24:00"])) is None
    assert overlap(((),) * 7) is None
