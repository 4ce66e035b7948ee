"""Words go after 7 days, records of delivery after 30, and every night puts the next one on the books."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.departures import settle
from domain.messages.models import Message
from domain.messages.rules import MessageState, Purpose
from domain.messages.service import request
from domain.messaging.housekeeping import schedule_housekeeping
from domain.messaging.models import Delivery, DeliveryState, InboxMessage, OutboxEvent
from domain.reactions.nights import forgets
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database, insert_once
from haowei.routing import ROUTES
from tests.clock import SettableClock


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


async def night(database: Database, clock: SettableClock) -> None:
    await database.transaction(
        lambda session: forgets(SnapshotCache())(session, {"day": clock.now().date().isoformat()}, event_id="", now=clock.now())
    )


def count(session, model) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


async def test_words_of_the_inbox_and_of_messages_go_after_a_week(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    row = {"key": "k", "diner_id": diner, "state": "answered", "message": {"text": "我要投诉"}, "reply": {}, "received_at": clock.now()}
    await database.transaction(insert_once, InboxMessage, row)
    await database.transaction(request, Purpose.SERVICE, diner, {"reply": {}}, key="m", now=clock.now())
    message = await database.read(lambda session: session.execute(select(Message.id)).scalar_one())
    await database.transaction(settle, message, MessageState.SENT, None, now=clock.now())

    clock.advance(days=6, hours=23)
    await night(database, clock)
    assert (await database.read(lambda session: session.get(InboxMessage, "k"))).message == {"text": "我要投诉"}
    clock.advance(hours=2)
    await night(database, clock)
    kept = await database.read(lambda session: session.get(InboxMessage, "k"))
    assert (kept.message, kept.reply) == (None, None)
    assert (await database.read(lambda session: session.get(Message, message))).content is None


async def test_settled_deliveries_go_after_a_month_and_waiting_ones_never(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    for key in ("done", "waiting"):
        await database.transaction(request, Purpose.SERVICE, diner, {"reply": {}}, key=key, now=clock.now())

    def settle_one(session) -> None:
        delivery = session.execute(select(Delivery).where(Delivery.consumer == "messages").limit(1)).scalar_one()
        delivery.state, delivery.settled_at = DeliveryState.DONE.value, clock.now()

    await database.transaction(settle_one)
    clock.advance(days=31)
    await night(database, clock)

    consumers = await database.read(lambda session: session.execute(select(Delivery.consumer)).scalars().all())
    assert {"messages", "printing", "reactions"} == set(consumers)
    names = await database.read(lambda session: session.execute(select(OutboxEvent.name)).scalars().all())
    assert names.count("message_requested") == 1


async def test_a_night_is_on_the_books_once_however_often_it_is_asked_for(database: Database, clock: SettableClock) -> None:
    for _ in range(3):
        await database.transaction(schedule_housekeeping, now=clock.now())

    due = await database.read(lambda session: set(session.execute(select(Delivery.due_at)).scalars()))
    assert await database.read(count, Delivery) == 2
    [moment] = due
    assert timedelta(0) < moment - clock.now() <= timedelta(days=1)
