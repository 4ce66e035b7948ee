"""kill -9 at the worst moments, and SIGTERM under load: nothing is lost, nothing happens twice."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import pytest

from haowei.simulators.wechat import Diner
from tests.line.interception import Interception
from tests.line.restaurant import Restaurant


@contextlib.asynccontextmanager
async def intercepted(restaurant: Restaurant, address: str | None) -> AsyncIterator[Interception]:
    assert address is not None
    async with Interception(int(address.rpartition(":")[2])) as line:
        restaurant.platform.callback_url = f"{line.address}/wechat/callback"
        yield line


async def test_killed_between_commit_and_reply_the_retry_gets_the_stored_reply(restaurant: Restaurant) -> None:
    web, _ = await asyncio.gather(restaurant.starts("web"), restaurant.starts("worker"))
    message_id = restaurant.platform.line.next_message_id()
    async with intercepted(restaurant, web.address) as line:
        diner = await restaurant.seats("A01")
        await restaurant.reads_back(diner, "红烧肉一份", "可乐一瓶")

        line.keep_answers()
        pushing = asyncio.create_task(diner.push({"MsgType": "text", "Content": "确认", "MsgId": message_id}))
        await restaurant.records.become("SELECT count(*) FROM order_round", 1)
        web.kill()
        line.cut()
        await web.start()
        answer = await pushing

    assert answer.tries[0].status is None
    assert answer.tries[-1].status == 200
    assert "下单成功" in answer.text
    [(state, reply)] = restaurant.records.inbox(message_id)
    assert state == "answered"
    assert json.loads(reply)["text"] in answer.text
    assert restaurant.records.counts("customer_order", "order_round") == {"customer_order": 1, "order_round": 1}
    await restaurant.records.become("SELECT count(*) FROM print_job", 2)
