"""What became of a message, in words: every reason that there is has some, and who waits is told until when."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.messages.arbiter import Facts, Suppress, Wait, decide
from domain.messages.feedback import Lesson
from domain.messages.reasons import in_words, why_in_words
from domain.messages.rules import ChannelKind, Purpose

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
_FACTS = Facts(NOON, NOON + timedelta(hours=10), ZoneInfo("Asia/Shanghai"))
_OTHER = ("interrupted", "too_late", "no_answer", "contended", "erased", "user_block", "system_failed", "busy")


def reasons() -> set[str]:
    """Every reason that the arbiter gives."""
    some = [
        replace(_FACTS, now=NOON + timedelta(hours=hours), window_open=opened, window_left=left, notice_left=notice, mass_left=mass, **more)
        for hours, (opened, left), notice, mass in itertools.product((0, 9, 9.6), ((False, 0), (True, 0), (True, 1)), (None, 0), (None, 0))
        for more in (
            {},
            {"following": False},
            {"reachable": False},
            {"sent_today": 9},
            {"sent_this_week": 9},
            {"has_template": True, "takes_templates": False},
            {"has_template": True, "full": {ChannelKind.TEMPLATE}},
            {"waiting_above": 2},
        )
    ]
    decided = [decide(purpose, facts) for purpose in Purpose for facts in some]
    return {part for one in decided if isinstance(one, Suppress | Wait) for part in one.reason.split("+")}


def test_every_reason_has_words() -> None:
    found = reasons()
    assert {"quiet_hours", "cap_day", "cap_week", "no_window", "window_used", "window_kept", "no_consent", "day_full"} <= found
    strange = [code for code in (*found, *_OTHER) if not code or "refused it" in why_in_words(code)]
    assert strange == []


def test_what_the_platform_alone_knows_stands_as_it_is() -> None:
    assert why_in_words("notice_20001") == "the platform refused it (notice_20001)"


@pytest.mark.parametrize("lesson", Lesson)
def test_a_lesson_is_a_state_on_the_way_and_no_end(lesson: Lesson) -> None:
    assert why_in_words(lesson.value)


@pytest.mark.parametrize(
    ("state", "channel", "reason", "leaves_in", "words"),
    [
        (
            "queued",
            None,
            "quiet_hours",
            21,
            "waits until 2026-11-22 01:00 UTC, is worth sending until 2026-11-22 04:00 UTC: nobody",
        ),
        ("queued", None, None, 0, "waits for a worker, is worth sending until 2026-11-22 04:00 UTC"),
        ("sent", "template", None, 0, "sent, by template message"),
        ("unknown", "customer", "interrupted", 0, "unknown: the worker ended while it was being sent"),
        (
            "suppressed",
            None,
            "no_window+no_consent",
            0,
            "not sent: the diner has not written for 48 hours, nor tapped within the minute; ",
        ),
        ("expired", None, "too_late", 0, "dropped: it came too late"),
    ],
)
def test_who_waits_for_what(state: str, channel: str | None, reason: str | None, leaves_in: int, words: str) -> None:
    said = in_words(state, channel, reason, NOON + timedelta(hours=leaves_in), NOON + timedelta(hours=24), now=NOON)

    assert said.startswith(words)
