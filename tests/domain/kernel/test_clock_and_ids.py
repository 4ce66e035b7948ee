"""The business day, and ids that keep their order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.kernel.clock import FileClock, business_date
from domain.kernel.ids import is_id, made_at, new_id
from domain.kernel.text import clean, clip_bytes

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 20, 59, tzinfo=UTC), date(2026, 11, 21)),  # 04:59 in Shanghai: still yesterday's books
        (datetime(2026, 11, 21, 21, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2028, 2, 28, 22, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_business_day_begins_at_five(moment: datetime, day: date) -> None:
    assert business_date(moment, "Asia/Shanghai") == day


def test_a_store_in_a_zone_with_summer_time_keeps_its_own_day() -> None:
    the_hour_that_comes_twice = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)  # 04:30 in New York after the change
    assert business_date(the_hour_that_comes_twice, "America/New_York") == date(2026, 10, 31)


def test_a_clock_file_tells_the_time_and_needs_a_zone(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-11-21T18:30:00+08:00\n", encoding="utf-8")
    assert FileClock(file).now() == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    file.write_text("2026-11-21T18:30:00", encoding="utf-8")
    with pytest.raises(ValueError, match="zone"):
        FileClock(file).now()


def test_a_clock_file_that_is_being_written_tells_the_time_before(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("", encoding="utf-8")
    clock = FileClock(file)
    with pytest.raises(ValueError, match="isoformat"):
        clock.now()  # there is none before
    file.write_text("2026-11-21T18:30:00+08:00", encoding="utf-8")
    assert clock.now() == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    file.write_text("", encoding="utf-8")
    assert clock.now() == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def test_an_id_tells_when_it_was_made() -> None:
    moment = datetime(2026, 11, 21, 10, 30, 5, 123_000, tzinfo=UTC)
    assert made_at(new_id(moment)) == moment


def test_ids_of_one_millisecond_keep_their_order() -> None:
    ids = [new_id(NOON) for _ in range(5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5000
    assert all(is_id(one) for one in ids)


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [new_id(NOON) for _ in range(500)], range(8)))
    assert len({one for batch in made for one in batch}) == 4000


def test_control_and_direction_characters_leave_every_text() -> None:
    assert clean("红\x00烧\u202e肉\u200b\r\n一份\x1b[31m\ud800") == "红烧肉\n一份[31m"


@pytest.mark.parametrize(("text", "limit"), [("红烧肉" * 10, 20), ("a" * 30, 10), ("😀" * 9, 11)])
def test_a_cut_text_never_breaks_a_character(text: str, limit: int) -> None:
    cut = clip_bytes(text, limit)
    assert len(cut.encode()) <= limit
    assert cut.endswith("…")
