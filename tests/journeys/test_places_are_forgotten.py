"""Where a diner was is used once and kept nowhere: not in the inbox, not in the conversation."""

import time

from sqlalchemy import select

from bot.inbox import Outcome
from bot.messages import InboundKind, InboundMessage
from domain.messages.rules import Window
from domain.messaging.models import InboxMessage
from domain.storage import Database
from tests.journeys.restaurant import Diner, Restaurant

_PLACE = {"latitude": 30.66, "longitude": 104.064}


async def kept(database: Database) -> list[set[str]]:
    """What stands in the inbox of every location."""
    said = await database.read(lambda s: s.execute(select(InboxMessage.message)).scalars().all())
    return [set(message) for message in said if message["kind"] == "location"]


async def test_a_location_that_is_answered_leaves_no_place(restaurant: Restaurant, diner: Diner) -> None:
    await diner.sends(InboundKind.LOCATION, text="天府广场 1 号", **_PLACE)
    diner.hears("离您最近的店")

    assert await kept(restaurant.database) == [{"kind", "sent_at"}]


async def test_a_location_that_is_answered_late_is_kept_until_then(restaurant: Restaurant, diner: Diner) -> None:
    late = InboundMessage(
        "m.late", diner.openid, InboundKind.LOCATION, restaurant.clock.now(), text="天府广场 1 号", window=Window.MESSAGE, **_PLACE
    )

    turn = await restaurant.bot.hold(late, deadline=time.monotonic() + 20)
    assert turn.outcome is Outcome.LATE
    assert await kept(restaurant.database) == [{"kind", "sent_at", "text", "latitude", "longitude"}]

    await restaurant.works()
    assert "离您最近的店" in (await restaurant.messages())[-1]["text"]
    assert await kept(restaurant.database) == [{"kind", "sent_at"}]
