"""Many at once, in one process and in two: no place is given twice, and an act that is done twice is done once."""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Any

from sqlalchemy import insert

from domain.experiences.errors import AlreadyBookedError
from domain.experiences.listing import ExperienceBooking, WaitingPlace
from domain.experiences.rules import ExperienceState, WaitingState
from domain.kernel.errors import DomainError
from domain.members.models import Diner
from tests.domain.experiences.conftest import GUESTS, ZHAO, Desk

BATCH = 12  # so many connections MariaDB has for us
LATTE = ("latte", "2026-11-28 15:00")


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
    arguments = ("-m", "tests.domain.experiences.experience_process", url, str(first), str(count))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_of_200_requests_for_the_last_places_over_two_processes_as_many_get_them_as_fit(desk: Desk, database_url: str) -> None:
    crowd = [{"id": f"crowd-{number}", "following": True, "met_at": desk.now, "followed_at": desk.now} for number in range(200)]
    await desk.database.transaction(lambda session: session.execute(insert(Diner), crowd))
    async with asyncio.timeout(60):
        processes = await asyncio.gather(*(start_process(database_url, first, 100) for first in (0, 100)))
        answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    said = Counter[str]()
    for answer, _ in answers:
        for word in answer.decode().split():
            outcome, _, number = word.partition("=")
            said[outcome] += int(number)
    assert said == {"booked": 3, "full": 197}
    [there] = [seen for seen in await desk.sessions(store_id="one", experience_id="tasting", days=10) if seen.session_id]
    assert there.places_left == 0
    assert await desk.discrepancies() == []


async def test_fifty_copies_of_one_request_are_one_booking(desk: Desk) -> None:
    outcomes = await in_batches([desk.book(key="turn") for _ in range(50)])
    assert len({booked.id for booked in outcomes}) == 1
    assert await desk.events() == ["booked"]


async def test_one_diner_in_two_sessions_of_a_day_at_once_gets_one(desk: Desk) -> None:
    outcomes = await in_batches([desk.book(store=store) for store in ("one", "two") * 6])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyBookedError"] * 11 + ["ExperienceBooking"]
    assert any(isinstance(outcome, AlreadyBookedError) for outcome in outcomes)
    assert await desk.discrepancies() == []


async def test_an_offer_that_is_taken_declined_and_lapses_at_once_ends_in_one_of_them(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place, after = await desk.wait(adults=6), await desk.wait(adults=6, who=ZHAO)
    await desk.cancel(booked)
    outcomes = await in_batches([desk.take(place, key=f"tap {n}") if n % 2 else desk.decline(place) for n in range(12)])

    assert unexpected(outcomes) == []
    ended, second = await desk.place(place), await desk.place(after)
    assert (ended.state, second.state) in {
        (WaitingState.TAKEN, WaitingState.WAITING),
        (WaitingState.DECLINED, WaitingState.OFFERED),
    }
    assert (await desk.of(booked)).places_taken == 6
    assert await desk.discrepancies() == []


async def test_places_that_are_paid_and_given_up_at_once_end_in_one_of_them(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 4)
    await desk.pay(booked, heard=False)
    desk.clock.advance(minutes=15)
    outcomes = await in_batches([desk.lapse_hold(booked) if number % 2 else desk.cancel(booked) for number in range(12)])

    assert unexpected(outcomes) == []
    assert (await desk.get(booked)).state is ExperienceState.CANCELLED
    assert await desk.refunds() == [(20000, "experience_cancelled")]
    assert await desk.discrepancies() == []


async def test_parties_that_change_sessions_crosswise_do_not_block_each_other_for_ever(desk: Desk) -> None:
    days = [f"2026-11-{day} 15:00" for day in (26, 27, 28, 29)]
    booked = [await desk.book("latte", day, 1, who=who) for day, who in zip(days, GUESTS, strict=False)]
    for one in booked:
        await desk.pay(one)
    parties = [await desk.get(one) for one in booked]
    outcomes = await in_batches(
        [desk.change(party, 1, at=day) for party, day in zip(parties, [*days[1:], "2026-12-01 15:00"], strict=True)]
    )
    assert unexpected(outcomes) == []
    assert [type(outcome).__name__ for outcome in outcomes] == ["ExperienceBooking"] * 4
    assert await desk.discrepancies() == []


async def test_everything_at_once_agrees_in_the_end(desk: Desk) -> None:
    dice = random.Random(20261128)
    outcomes = await in_batches(
        [desk.book("dough", "2026-11-28 11:00", dice.choice((1, 1, 2)), dice.choice((0, 1)), who=who) for who in GUESTS[:12]]
    )
    outcomes += await in_batches(
        [desk.wait("dough", "2026-11-28 11:00", dice.choice((1, 2)), dice.choice((0, 1, 2)), who=who) for who in GUESTS[12:30]]
    )
    parties = [outcome for outcome in outcomes if isinstance(outcome, ExperienceBooking)]
    places = [outcome for outcome in outcomes if isinstance(outcome, WaitingPlace)]
    assert parties
    assert len(places) == 18

    async def act(number: int) -> Any:
        party, place = dice.choice(parties), dice.choice(places)
        match dice.randrange(6):
            case 0:
                return await desk.cancel(party)
            case 1:
                return await desk.pay(party)
            case 2:
                return await desk.change(await desk.get(party), 1)
            case 3:
                return await desk.take(place)
            case 4:
                return await desk.decline(place)
            case _:
                return await desk.book("dough", "2026-11-28 11:00", 1, who=GUESTS[30 + number % 10])

    more = await in_batches([act(number) for number in range(60)])
    assert unexpected(outcomes + more) == []
    assert await desk.discrepancies() == []
