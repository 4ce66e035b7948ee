"""What the house has sent since a read-back takes a bare yes for itself: no order goes out by it."""

import pytest
from sqlalchemy import update

from bot.messages import Reply, ReplyKind
from domain.messages.models import Message
from domain.messages.rules import Purpose
from domain.messages.service import request
from tests.journeys.restaurant import Diner, Restaurant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("left", "orders"), [(True, 0), (False, 1)])
async def test_a_yes_after_a_message_of_the_house_asks_again(restaurant: Restaurant, diner: Diner, left: bool, orders: int) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    diner_id, now = await diner.id(), restaurant.clock.now()

    def send(session) -> None:  # type: ignore[no-untyped-def]
        content = {"reply": Reply(ReplyKind.TEXT, "您的预订明天见，来不来？").to_json()}
        request(session, Purpose.SERVICE, diner_id, content, key="test", now=now)
        if left:
            restaurant.clock.advance(seconds=30)
            session.execute(update(Message).values(departed_at=restaurant.clock.now()))

    await restaurant.database.transaction(send)
    await diner.says("好的")

    assert len(await restaurant.orders()) == orders
    diner.hears("单号" if orders else "确认下单吗")
    await diner.says("好的")
    assert len(await restaurant.orders()) == 1
