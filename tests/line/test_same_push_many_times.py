"""The same push comes many times at once, to two processes: it acts once and is answered alike.

A platform that lost every answer might do it; a proxy that repeats requests does.
"""

import json

from tests.line.restaurant import Restaurant

COPIES = 50


async def test_an_order_sent_fifty_times_is_one_order_and_one_reply(restaurant: Restaurant) -> None:
    first, second = await restaurant.starts("web"), await restaurant.starts("web")
    await restaurant.starts("worker")
    diner = await restaurant.seats("A01")
    await restaurant.reads_back(diner, "红烧肉一份", "可乐一瓶")
    push = restaurant.message("确认")
    restaurant.platform.line.answer_within = 30  # a machine that runs other tests too may be slow; the answer is what counts
    callbacks = [f"{web.address}/wechat/callback" for web in (first, second)]

    copies = await diner.push_many(push, copies=COPIES, urls=callbacks)

    assert len(copies) == COPIES
    assert {copy.status for copy in copies} <= {200, 503}, [copy.complaint for copy in copies if copy.complaint]
    [said] = {copy.text for copy in copies if copy.text}
    assert "下单成功" in said
    assert {copy.url for copy in copies if copy.text} == set(callbacks)
    [(state, reply)] = restaurant.records.inbox(push)
    assert (state, json.loads(reply)["text"] in said) == ("answered", True)
    assert restaurant.records.rows("SELECT rounds, number FROM customer_order") == [(1, "0001")]
    assert restaurant.records.counts("order_round", "order_line") == {"order_round": 1, "order_line": 2}
    await restaurant.records.become("SELECT count(*) FROM print_job", 2)
    assert restaurant.records.one("SELECT last FROM day_number") == 1


async def test_the_first_word_of_a_new_diner_sent_fifty_times_makes_one_diner(restaurant: Restaurant) -> None:
    first, second = await restaurant.starts("web"), await restaurant.starts("web")
    stranger = restaurant.platform.diner(following=True)
    push = restaurant.message("红烧肉一份")
    restaurant.platform.line.answer_within = 30
    callbacks = [f"{web.address}/wechat/callback" for web in (first, second)]

    copies = await stranger.push_many(push, copies=COPIES, urls=callbacks)

    assert {copy.status for copy in copies} <= {200, 503}, [copy.complaint for copy in copies if copy.complaint]
    [said] = {copy.text for copy in copies if copy.text}
    assert "秘制红烧肉×1" in said
    assert restaurant.records.counts("diner", "contact", "inbox_message", "order_line") == {
        "diner": 1,
        "contact": 1,
        "inbox_message": 1,
        "order_line": 1,
    }
