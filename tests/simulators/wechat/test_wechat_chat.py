"""Waiting for messages, listening, and what a page gets."""

import asyncio
import json

import pytest

from haowei.simulators.wechat import Content, Diner, WeChatPlatform
from tests.simulators.wechat.wechatpy_account import Api


@pytest.fixture
def diner(platform: WeChatPlatform) -> Diner:
    return platform.diner(following=True)


class TestExpecting:
    async def test_message_that_is_already_there(self, diner: Diner) -> None:
        await diner.says("你好")

        assert (await diner.expects("你说", 0.1)).text == "你说:你好"

    async def test_message_that_comes_later(self, diner: Diner, api: Api) -> None:
        await diner.says("你好")

        expected = asyncio.create_task(diner.expects(lambda item: item.text == "好了", 2))
        await asyncio.sleep(0)
        await api.send_text(diner.openid, "好了")

        assert (await expected).text == "好了"

    async def test_each_message_meets_one_expectation(self, diner: Diner) -> None:
        diner.sees(Content(kind="text", text="一"))
        diner.sees(Content(kind="text", text="一"))

        first, second = await diner.expects("一", 0.1), await diner.expects("一", 0.1)

        assert first.id < second.id
        with pytest.raises(TimeoutError, match="nothing like '一' within"):
            await diner.expects("一", 0.01)

    async def test_own_words_meet_nothing(self, diner: Diner) -> None:
        diner.sees(Content(kind="text", text="一"), from_diner=True)

        with pytest.raises(TimeoutError, match="> text: 一"):
            await diner.expects("一", 0.01)

    async def test_failed_expectation_shows_the_chat(self, diner: Diner) -> None:
        await diner.says("你好")

        with pytest.raises(TimeoutError, match="> text: 你好\n< text: 你说:你好"):
            await diner.expects("再见", 0.01)


class TestListening:
    async def test_every_item_of_every_chat_is_heard(self, platform: WeChatPlatform) -> None:
        alice, bob = platform.diner("oAlice", following=True), platform.diner("oBob", following=True)
        heard = platform.subscribe()

        await alice.says("一")
        await bob.says("二")

        items = [heard.get_nowait() for _ in range(4)]
        assert [(openid, item.text) for openid, item in items] == [
            ("oAlice", "一"),
            ("oAlice", "你说:一"),
            ("oBob", "二"),
            ("oBob", "你说:二"),
        ]

    async def test_returned_queue_hears_no_more(self, platform: WeChatPlatform, diner: Diner) -> None:
        heard = platform.subscribe()
        platform.unsubscribe(heard)

        await diner.says("一")

        assert heard.empty()


def test_json_leaves_empty_parts_out(diner: Diner) -> None:
    item = diner.sees(Content(kind="text", text="您好"))

    shown = json.loads(json.dumps(item.to_json(), ensure_ascii=False))

    assert shown == {"id": item.id, "at": "2026-11-21T10:30:00+00:00", "from_diner": False, "kind": "text", "text": "您好"}


def test_long_chat_forgets_its_beginning(diner: Diner) -> None:
    for number in range(1001):
        diner.sees(Content(kind="text", text=str(number)))

    assert (len(diner.chat), diner.chat[0].text) == (1000, "1")
