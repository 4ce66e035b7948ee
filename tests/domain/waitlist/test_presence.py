"""The door's code: of one store, for five minutes, and for the five after that."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.waitlist.presence import changes_at, door_code, door_key, is_door_code

KEY = door_key(b"k" * 32)
NOW = datetime(2026, 11, 21, 10, 32, tzinfo=UTC)


def test_a_code_is_good_while_it_is_shown_and_just_after() -> None:
    code = door_code(KEY, "one", now=NOW)

    assert is_door_code(KEY, "one", code, now=NOW)
    assert is_door_code(KEY, "one", f" {code[:2]} {code[2:]} ", now=changes_at(NOW))
    assert not is_door_code(KEY, "one", code, now=changes_at(NOW) + timedelta(minutes=5))
    assert not is_door_code(KEY, "one", code, now=NOW - timedelta(minutes=5))


def test_codes_differ_by_store_key_and_time() -> None:
    codes = {door_code(KEY, store, now=NOW + timedelta(minutes=5 * step)) for store in ("one", "two") for step in range(50)}

    assert len(codes) > 90
    assert door_code(door_key(b"x" * 32), "one", now=NOW) != door_code(KEY, "one", now=NOW)


@pytest.mark.parametrize("text", ["", "12", "12345", "abcd", "１２３", "12.4"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert not is_door_code(KEY, "one", text, now=NOW)


def test_the_code_changes_on_the_full_five_minutes() -> None:
    assert changes_at(NOW) == datetime(2026, 11, 21, 10, 35, tzinfo=UTC)
    assert door_code(KEY, "one", now=changes_at(NOW)) != door_code(KEY, "one", now=NOW)
