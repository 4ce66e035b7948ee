"""Many at once, in one process and in two: one table goes to one party, and no limit is passed."""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.bookings.errors import FullError
from domain.bookings.finding import limits_of
from domain.bookings.listing import Booked, bookings_of_day
from domain.bookings.proof import busiest, overlaps
from domain.kernel.errors import DomainError
from domain.storage import Database
from tests.domain.bookings.conftest import DINERS, Desk
from tests.domain.bookings.floors import wall

BATCH = 12  # so many connections MariaDB has for us


async def in_batches(acts: Sequence[Awaitable[Any]]) -> list[Any]:
    """Each batch at once; refusals are outcomes."""
    outcomes: list[Any] = []
    for start in range(0, len(acts), BATCH):
        outcomes += await asyncio.gather(*acts[start : start + BATCH], return_exceptions=True)
    return outcomes


def unexpected(outcomes: Sequence[Any]) -> list[Exception]:
    """What went wrong otherwise than by a refusal."""
    return [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, DomainError)]


async def start_process(url: str, first: int, count: int) -> Process:
    """Start one that waits for the word."""
    arguments = ("-m", "tests.domain.bookings.booking_process", url, str(first), str(count))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_of_200_requests_for_the_last_table_over_two_processes_one_gets_it(desk: Desk, database_url: str) -> None:
    async with asyncio.timeout(60):
        processes = await asyncio.gather(*(start_process(database_url, first, 100) for first in (0, 100)))
        answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    said = Counter[str]()
    for answer, _ in answers:
        for word in answer.decode().split():
            outcome, _, number = word.partition("=")
            said[outcome] += int(number)
    assert said == {"confirmed": 1, "full": 199}
    day = await desk.database.read(bookings_of_day, "single", wall("2026-11-28 19:00").date())
    assert [booked.number for booked in day] == ["B001"]
    assert await desk.discrepancies() == []


async def test_fifty_copies_of_one_request_are_one_booking(desk: Desk) -> None:
    outcomes = await in_batches([desk.book("2026-11-28 19:00", 2, key="turn") for _ in range(50)])

    assert len({booked.id for booked in outcomes}) == 1
    assert await desk.events() == ["booking_confirmed"]


async def test_one_diner_at_two_tables_of_a_store_at_once_gets_one(desk: Desk) -> None:
    outcomes = await in_batches([desk.book(f"2026-11-28 19:{minute:02}", 2) for minute in range(12)])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyBookedError"] * 11 + ["Booked"]


async def test_no_limit_is_passed_when_all_come_at_once(desk: Desk) -> None:
    outcomes = await in_batches([desk.book("2026-11-28 19:00", 3, store="night", who=None) for _ in range(24)])

    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 2  # a third table is free
    assert sum(isinstance(outcome, FullError) for outcome in outcomes) == 22
    limits = limits_of(desk.shop.stores["night"])
    arriving, present = await desk.database.read(busiest, "night", since=desk.now)
    assert (arriving, present) == (6, 6)
    assert arriving <= limits.starting
    assert present <= limits.present


async def test_two_parties_that_change_places_at_once_do_not_block_each_other_for_ever(desk: Desk) -> None:
    day = await desk.book("2026-11-28 19:00", 2, who=DINERS[0])
    night = await desk.book("2026-11-28 19:00", 2, store="night", who=DINERS[1])

    outcomes = await asyncio.gather(desk.change(day, day.wish, store="night"), desk.change(night, night.wish, store="day"))

    assert [booked.store_id for booked in outcomes] == ["night", "day"]
    assert await desk.discrepancies() == []


async def test_capture_and_cancel_of_a_held_table_at_once_end_in_one_of_them(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 8)
    await desk.pay_deposit(booked, heard=False)
    desk.clock.advance(minutes=15)

    outcomes = await in_batches([desk.lapse(booked) if number % 2 else desk.cancel(booked) for number in range(12)])

    assert unexpected(outcomes) == []
    assert (await desk.get(booked)).end_reason == "staff"
    assert await desk.refunds() == [(20000, "booking_cancelled")]
    assert await desk.discrepancies() == []


async def test_a_busy_evening_of_everything_at_once_has_no_overlap(desk: Desk, database: Database) -> None:
    dice = random.Random(20261128)
    opens = wall("2026-11-28 17:00")

    def start() -> Any:
        return opens + timedelta(minutes=5) * dice.randrange(96)

    async def book(number: int) -> Any:
        local = desk.shop.stores["night"].local(start()).strftime("%Y-%m-%d %H:%M")
        return await desk.book(local, dice.choice((1, 2, 2, 4, 4, 6, 8)), store="night", who=None, key=f"party {number}")

    async def move(booked: Booked) -> Any:
        act = dice.choice(("change", "change", "extend", "cancel"))
        if act == "change":
            return await desk.change(booked, replace(booked.wish, starts_at=start(), people=dice.choice((2, 4, 6))))
        return await (desk.extend(booked, dice.choice((15, 30, 60))) if act == "extend" else desk.cancel(booked))

    outcomes = await in_batches([book(number) for number in range(72)])
    parties = [outcome for outcome in outcomes if isinstance(outcome, Booked)]
    outcomes += await in_batches([act for number, party in enumerate(parties * 2) for act in (move(party), book(100 + number))])

    assert unexpected(outcomes) == []
    assert len(parties) > 8
    assert await database.read(overlaps) == []
    assert await desk.discrepancies() == []
    limits = limits_of(desk.shop.stores["night"])
    arriving, present = await database.read(busiest, "night", since=desk.now)
    assert 0 < arriving <= limits.starting
    assert 0 < present <= limits.present
