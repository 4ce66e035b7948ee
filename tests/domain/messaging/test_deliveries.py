"""A claim is a lease: one worker at a time, and whoever slept too long has nothing to say any more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.messaging.deliveries import MAX_ATTEMPTS, Claimed, LostLeaseError, backlog, dead_count, has_due, put_back, retry_delay
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.messaging.happenings import Counted, Shouted, claimed, deliveries, happen, the_delivery
from tests.domain.scratch import add, keys

MINUTE = timedelta(minutes=1)


async def test_the_oldest_are_claimed_first(database: Database, clock: SettableClock) -> None:
    for number in (3, 1, 2):
        await happen(database, Counted(number), now=clock.now(), due_at=clock.now() + number * MINUTE)

    due = await claimed(database, now=clock.now() + 5 * MINUTE, limit=2)

    assert [delivery.payload["number"] for delivery in due] == [1, 2]


async def test_a_consumer_claims_only_its_own(database: Database, clock: SettableClock) -> None:
    await happen(database, Shouted(), now=clock.now())

    assert await database.read(has_due, "shouting", now=clock.now()) is True
    assert len(await claimed(database, now=clock.now(), consumer="counting")) == 1
    assert len(await claimed(database, now=clock.now(), consumer="shouting")) == 1
    assert await claimed(database, now=clock.now(), consumer="nobody") == []


async def test_what_is_claimed_is_not_due_for_others_until_the_lease_ends(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    await claimed(database, now=clock.now(), lease=MINUTE)

    assert await database.read(has_due, "counting", now=clock.now() + MINUTE / 2) is False
    assert await claimed(database, now=clock.now() + MINUTE / 2) == []
    assert len(await claimed(database, now=clock.now() + MINUTE)) == 1


async def test_workers_at_once_never_claim_the_same(database: Database, clock: SettableClock) -> None:
    for number in range(60):
        await happen(database, Counted(number), now=clock.now())

    hands = await asyncio.gather(*(claimed(database, now=clock.now(), limit=7) for _ in range(12)))
    rest = await claimed(database, now=clock.now(), limit=60)

    numbers = [delivery.payload["number"] for hand in (*hands, rest) for delivery in hand]
    assert sorted(numbers) == list(range(60))


async def test_a_settled_delivery_is_done(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    (delivery,) = await claimed(database, now=clock.now())

    await database.transaction(delivery.settle, now=clock.advance(seconds=3))

    after = await database.read(the_delivery)
    assert after == {
        "state": "done",
        "attempts": 1,
        "due_at": after["due_at"],
        "owner": None,
        "last_error": None,
        "settled_at": clock.now(),
    }
    assert await claimed(database, now=clock.now() + 10 * MINUTE) == []


async def test_a_worker_that_slept_past_its_lease_keeps_nothing(scratch: Database, clock: SettableClock) -> None:
    await happen(scratch, Counted(), now=clock.now())
    (slept,) = await claimed(scratch, now=clock.now(), lease=MINUTE)
    (other,) = await claimed(scratch, now=clock.advance(minutes=1), lease=MINUTE)

    def work(session: Session, delivery: Claimed, key: str) -> None:
        add(session, key)
        delivery.settle(session, now=clock.now())

    with pytest.raises(LostLeaseError):
        await scratch.transaction(work, slept, "of the sleeper")
    await scratch.transaction(work, other, "of the other")
    with pytest.raises(LostLeaseError):
        await scratch.transaction(work, other, "a second time")

    assert await scratch.read(keys) == {"of the other"}


async def test_a_worker_that_slept_past_its_lease_does_not_give_back_what_another_holds(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    (slept,) = await claimed(database, now=clock.now(), lease=MINUTE)
    (other,) = await claimed(database, now=clock.advance(minutes=1), lease=MINUTE)

    await database.transaction(put_back, slept, error="Timeout", now=clock.now())

    assert (await database.read(the_delivery))["owner"] == other.owner


async def test_of_two_that_settle_at_once_one_is_first(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    (delivery,) = await claimed(database, now=clock.now())

    outcomes = await asyncio.gather(*(database.transaction(delivery.settle, now=clock.now()) for _ in range(10)), return_exceptions=True)

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, LostLeaseError) for outcome in outcomes) == 9


async def test_a_failed_delivery_comes_back_later(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    (delivery,) = await claimed(database, now=clock.now())

    dead = await database.transaction(put_back, delivery, error="PrinterOffline: timeout", now=clock.now())

    after = await database.read(the_delivery)
    assert dead is False
    assert (after["state"], after["owner"], after["last_error"]) == ("pending", None, "PrinterOffline: timeout")
    assert clock.now() < after["due_at"] <= clock.now() + timedelta(seconds=1)
    assert await claimed(database, now=clock.now()) == []


async def test_after_ten_failures_a_delivery_is_dead_and_a_person_must_look(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    outcomes = []
    for _ in range(MAX_ATTEMPTS):
        (delivery,) = await claimed(database, now=clock.advance(minutes=15))
        outcomes.append(await database.transaction(put_back, delivery, error="Broken", now=clock.now()))

    assert outcomes == [False] * (MAX_ATTEMPTS - 1) + [True]
    assert await database.read(dead_count) == 1
    assert await claimed(database, now=clock.advance(days=1)) == []


async def test_a_postponed_delivery_uses_up_none_of_its_tries(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    for _ in range(2 * MAX_ATTEMPTS):
        (delivery,) = await claimed(database, now=clock.advance(minutes=15))
        assert await database.transaction(put_back, delivery, error="", now=clock.now(), due_at=clock.now() + MINUTE) is False

    (delivery,) = await claimed(database, now=clock.advance(minutes=15))

    assert await database.transaction(put_back, delivery, error="Broken", now=clock.now()) is False
    assert await database.read(deliveries) == [("counting", "pending")]


async def test_a_postponed_delivery_comes_at_the_time_it_asked_for(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    (delivery,) = await claimed(database, now=clock.now())
    await database.transaction(put_back, delivery, error="postponed", now=clock.now(), due_at=clock.now() + 5 * MINUTE)

    assert await claimed(database, now=clock.now() + 4 * MINUTE) == []
    assert len(await claimed(database, now=clock.now() + 5 * MINUTE)) == 1


async def test_a_delivery_that_kills_its_worker_each_time_is_dead_in_the_end(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now())
    for _ in range(MAX_ATTEMPTS):
        assert len(await claimed(database, now=clock.advance(minutes=5), lease=MINUTE)) == 1

    assert await claimed(database, now=clock.advance(minutes=5)) == []
    assert await database.read(dead_count) == 1


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 0.5, 1), (2, 1, 2), (5, 8, 16), (10, 256, 512), (40, 300, 600)])
def test_pauses_between_tries_double_from_one_second_to_ten_minutes(attempts: int, least: float, most: float) -> None:
    pauses = [retry_delay(attempts).total_seconds() for _ in range(200)]

    assert least <= min(pauses)
    assert max(pauses) <= most
    assert len(set(pauses)) > 100


async def test_the_backlog_tells_how_many_wait_and_how_long(database: Database, clock: SettableClock) -> None:
    await happen(database, Shouted(), now=clock.now())
    await happen(database, Counted(), now=clock.advance(seconds=30))
    await happen(database, Counted(), now=clock.now(), due_at=clock.now() + MINUTE)

    assert await database.read(backlog, now=clock.advance(seconds=10)) == {"counting": (2, 40.0), "shouting": (1, 40.0)}
