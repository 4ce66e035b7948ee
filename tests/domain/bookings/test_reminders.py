"""A day and three hours before, when the grace is over, and when a hold ends: once each, and never for what has changed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.bookings.listing import Booked
from domain.bookings.reminders import reminder_still_due
from tests.domain.bookings.conftest import WANG, Desk
from tests.domain.bookings.floors import wall


async def still_due(desk: Desk, booked: Booked, kind: str, version: int, at: datetime) -> bool:
    return await desk.database.read(reminder_still_due, booked.id, kind, version, now=at) is not None


async def test_an_expected_party_is_reminded_twice_and_looked_for_once(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00")

    assert await desk.reminders() == [
        ("24h", 1, booked.starts_at - timedelta(hours=24)),
        ("3h", 1, booked.starts_at - timedelta(hours=3)),
        ("noshow", 1, booked.late_until),
    ]


async def test_a_time_that_has_passed_is_left_out(desk: Desk) -> None:
    await desk.book("2026-11-21 20:00")

    assert [kind for kind, _, _ in await desk.reminders()] == ["noshow"]


async def test_a_held_table_is_looked_at_when_its_time_is_over_and_reminded_of_when_it_is_paid(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 8)
    assert await desk.reminders() == [("hold", 1, booked.hold_until)]

    await desk.pay_deposit(booked)

    assert [kind for kind, _, _ in await desk.reminders()] == ["hold", "24h", "3h", "noshow"]
    assert booked.hold_until is not None
    assert not await still_due(desk, booked, "hold", 1, booked.hold_until)


@pytest.mark.parametrize("waits_for", ["deposit", "answer"])
async def test_a_wait_whose_end_nobody_has_heard_yet_ends_though_the_booking_is_changed(desk: Desk, waits_for: str) -> None:
    booked = await desk.book("2026-11-28 19:00", 8) if waits_for == "deposit" else await desk.asked_for("2026-11-28 19:00", 4)
    assert booked.hold_until is not None
    desk.clock.set(booked.hold_until + timedelta(minutes=1))  # the worker stands still

    changed = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 20:00")))

    assert ("hold", changed.version, booked.hold_until) in await desk.reminders()
    assert await still_due(desk, changed, "hold", changed.version, desk.now)
    assert await desk.lapse(changed)


async def test_a_change_makes_the_older_reminders_silent(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00")
    later = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 20:00")))

    due = {version: moment for kind, version, moment in await desk.reminders() if kind == "3h"}
    assert due == {1: wall("2026-11-28 16:00"), 2: wall("2026-11-28 17:00")}
    assert not await still_due(desk, later, "3h", 1, due[1])
    assert not await still_due(desk, later, "3h", 2, due[1])  # not yet
    assert await still_due(desk, later, "3h", 2, due[2])


async def test_nothing_is_said_about_a_cancelled_booking_or_a_party_that_is_here(desk: Desk) -> None:
    cancelled = await desk.book("2026-11-28 19:00")
    await desk.cancel(cancelled, who=WANG)
    assert not await still_due(desk, cancelled, "24h", 1, wall("2026-11-27 19:00"))

    here = await desk.book("2026-11-21 19:00")
    await desk.seat(here)
    assert not await still_due(desk, here, "noshow", 1, here.late_until)
    assert await desk.database.read(reminder_still_due, "nobody", "3h", 1, now=desk.now) is None


@pytest.mark.parametrize(
    ("kind", "due", "late", "said"),
    [
        ("24h", "2026-11-27 19:00", timedelta(hours=2), True),
        ("24h", "2026-11-27 19:00", timedelta(hours=2, seconds=1), False),
        ("3h", "2026-11-28 16:00", timedelta(hours=2), True),
        ("3h", "2026-11-28 16:00", timedelta(hours=3), False),
        ("noshow", "2026-11-28 19:15", timedelta(hours=3), False),
    ],
)
async def test_after_an_outage_a_late_reminder_is_dropped(desk: Desk, kind: str, due: str, late: timedelta, said: bool) -> None:
    booked = await desk.book("2026-11-28 19:00")

    assert await still_due(desk, booked, kind, 1, wall(due) + late) == said


async def test_after_an_outage_a_held_table_is_still_decided_about(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 8)
    assert booked.hold_until is not None

    assert await still_due(desk, booked, "hold", 1, booked.hold_until + timedelta(hours=5))
