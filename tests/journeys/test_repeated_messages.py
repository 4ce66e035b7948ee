"""The platform sends a message up to three times, and slow turns answer later."""

import asyncio
import time

from sqlalchemy import func, select

from bot.inbox import Outcome
from domain.messaging.models import InboxMessage
from tests.journeys.restaurant import Diner, Restaurant


async def test_a_repeated_message_gets_the_same_answer_and_acts_once(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    first = diner.heard

    await diner.repeats(diner.message)

    assert diner.heard == first
    assert diner.last.outcome is Outcome.REPEATED
    await diner.says("购物车")
    diner.hears("合计 58元")


async def test_three_copies_at_once_place_one_order(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.says("确认")
    message = diner.message

    turns = await asyncio.gather(*(restaurant.bot.turn(message, deadline=time.monotonic() + 20) for _ in range(10)))

    assert {turn.reply.text for turn in turns} == {diner.last.reply.text}
    assert len(await restaurant.orders()) == 1


async def test_a_held_message_is_answered_later_and_once(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.says("我的积分")
    message = diner.message
    held = type(message)(**{name: getattr(message, name) for name in message.__slots__} | {"dedupe_key": "m.held", "text": "确认"})

    for _ in range(3):
        turn = await restaurant.bot.hold(held, deadline=time.monotonic() + 20)
        assert turn.outcome is Outcome.LATE
    await restaurant.works()
    repeated = await restaurant.bot.hold(held, deadline=time.monotonic() + 20)

    assert len(await restaurant.orders()) == 1
    assert repeated.outcome is Outcome.REPEATED
    late = [message for message in await restaurant.messages() if message["purpose"] == "reply"]
    assert len(late) == 1
    assert "单号 0001" in late[0]["text"]


async def test_the_inbox_holds_no_openid(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")

    rows = await restaurant.database.read(lambda session: session.execute(select(InboxMessage)).scalars().all())

    assert all(diner.openid not in str(row.__dict__) for row in rows)
    assert await restaurant.database.read(lambda session: session.execute(select(func.count(InboxMessage.key))).scalar()) == len(rows)
