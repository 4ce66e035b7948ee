"""What happened is written down together with what it is about, once for everyone who listens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messaging import emit
from domain.messaging.models import Delivery, OutboxEvent
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.messaging.happenings import Counted, Shouted, Unheard, claimed, deliveries, events, happen
from tests.domain.scratch import add, how_many


async def test_everyone_who_listens_gets_a_delivery(database: Database, clock: SettableClock) -> None:
    await happen(database, Shouted(), now=clock.now())

    assert await database.read(deliveries) == [("counting", "pending"), ("shouting", "pending")]


async def test_an_event_that_nobody_hears_is_kept_all_the_same(database: Database, clock: SettableClock) -> None:
    await happen(database, Unheard(), now=clock.now())

    assert await database.read(deliveries) == []
    assert await database.read(events) == 1


async def test_an_event_without_a_route_is_refused(database: Database, clock: SettableClock) -> None:
    class Forgotten(Counted):
        name = "test.forgotten"

    with pytest.raises(LookupError, match=r"test\.forgotten"):
        await happen(database, Forgotten(), now=clock.now())


async def test_an_event_is_gone_with_the_transaction_in_which_it_happened(scratch: Database, clock: SettableClock) -> None:
    def refuse(session: Session) -> None:
        add(session, "order")
        emit(session, Shouted(), now=clock.now())
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await scratch.transaction(refuse)

    assert await scratch.read(how_many) == 0
    assert await scratch.read(events) == 0
    assert await scratch.read(deliveries) == []


async def test_the_payload_arrives_as_it_was(database: Database, clock: SettableClock) -> None:
    await happen(database, Shouted(words="一份水煮鱼🐟，不要辣"), now=clock.now())

    (delivery,) = await claimed(database, now=clock.now())

    assert delivery.event == "test.shouted"
    assert delivery.payload == {"words": "一份水煮鱼🐟，不要辣"}


async def test_under_one_key_an_event_is_delivered_once_ever(database: Database, clock: SettableClock) -> None:
    await happen(database, Counted(), now=clock.now(), key="birthday:1:2026")
    (first,) = await claimed(database, now=clock.now())
    await database.transaction(first.settle, now=clock.now())

    await happen(database, Counted(), now=clock.now(), key="birthday:1:2026")
    await happen(database, Counted(), now=clock.now(), key="birthday:1:2027")

    assert await database.read(deliveries) == [("counting", "done"), ("counting", "pending")]
    assert await database.read(events) == 2


async def test_under_one_key_many_at_once_are_one(database: Database, clock: SettableClock) -> None:
    await asyncio.gather(*(happen(database, Shouted(), now=clock.now(), key="once") for _ in range(20)))

    assert await database.read(deliveries) == [("counting", "pending"), ("shouting", "pending")]
    assert await database.read(events) == 1


async def test_a_reminder_waits_for_its_time(database: Database, clock: SettableClock) -> None:
    woken: list[frozenset[str]] = []
    database.on_commit(woken.append)

    await happen(database, Counted(), now=clock.now(), due_at=clock.now() + timedelta(hours=2))

    assert woken == []
    assert await claimed(database, now=clock.now() + timedelta(hours=2, microseconds=-1)) == []
    assert len(await claimed(database, now=clock.now() + timedelta(hours=2))) == 1


async def test_those_who_have_work_are_woken_by_the_commit(database: Database, clock: SettableClock) -> None:
    woken: list[frozenset[str]] = []
    database.on_commit(woken.append)

    await happen(database, Shouted(), now=clock.now())

    assert woken == [frozenset({"counting", "shouting"})]


async def test_every_delivery_knows_its_event(database: Database, clock: SettableClock) -> None:
    await happen(database, Shouted(), now=clock.now())

    def pairs(session: Session) -> list[tuple[str, str]]:
        rows = session.execute(select(Delivery.consumer, OutboxEvent.name).join(OutboxEvent, OutboxEvent.id == Delivery.event_id))
        return sorted((row[0], row[1]) for row in rows)

    assert await database.read(pairs) == [("counting", "test.shouted"), ("shouting", "test.shouted")]
