"""Late, broken and wrong answers of the callback."""

import asyncio
from typing import Any

import pytest

from haowei.simulators.wechat import UNAVAILABLE, WeChatPlatform
from tests.simulators.wechat.wechatpy_account import Callback


class TestRetries:
    async def test_late_answer_is_dropped_and_the_push_comes_again(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.answer_within = 0.5

        async def slow_at_first(message: Any) -> str | None:
            if len(callback.messages) == 1:
                await asyncio.sleep(0.6)
            return f"第{len(callback.messages)}次"

        callback.answers = slow_at_first

        answer = await platform.diner(following=True).says("你好")

        assert answer.text == "第2次"
        assert [attempt.status for attempt in answer.tries] == [None, 200]

    async def test_retry_has_a_nonce_of_its_own_but_the_same_content(self, callback: Callback, platform: WeChatPlatform) -> None:
        callback.answers = fails_times(2)

        await platform.diner(following=True).says("你好")

        assert len(callback.requests) == 3
        assert len({request.query["nonce"] for request in callback.requests}) == 3
        assert len({request.query["msg_signature"] for request in callback.requests}) == 3
        assert len({(message.id, message._data["CreateTime"]) for message in callback.messages}) == 1

    async def test_failed_try_is_not_repeated_at_once(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.retry_every = 0.2
        callback.answers = fails_times(2)
        loop = asyncio.get_running_loop()
        began = loop.time()

        await platform.diner(following=True).says("你好")

        assert loop.time() - began >= 0.39

    async def test_three_failures_tell_the_diner(self, callback: Callback, platform: WeChatPlatform) -> None:
        callback.answers = fails_times(3)
        diner = platform.diner(following=True)

        answer = await diner.says("你好")

        assert answer.reply is None
        assert (diner.chat[-1].kind, diner.chat[-1].text) == ("notice", UNAVAILABLE)
        assert [complaint.reason for complaint in platform.complaints] == ["HTTP status 503"] * 3

    async def test_dead_callback_tells_the_diner(self, platform: WeChatPlatform) -> None:
        platform.callback_url = "http://127.0.0.1:9/wechat/callback"
        diner = platform.diner(following=True)

        answer = await diner.says("你好")

        assert [attempt.status for attempt in answer.tries] == [None] * 3
        assert diner.chat[-1].text == UNAVAILABLE

    async def test_failed_unfollow_shows_nothing(self, callback: Callback, platform: WeChatPlatform) -> None:
        callback.answers = fails_times(3)
        diner = platform.diner(following=True)

        await diner.unfollows()

        assert diner.chat == []

    @pytest.mark.parametrize("body", [b"", b"success"])
    async def test_success_and_nothing_are_silence(self, callback: Callback, platform: WeChatPlatform, body: bytes) -> None:
        callback.answers = always(body)
        diner = platform.diner(following=True)

        answer = await diner.says("你好")

        assert answer.reply is None
        assert len(answer.tries) == 1
        assert len(diner.chat) == 1
        assert platform.complaints == []

    async def test_reply_to_someone_who_left_meanwhile_is_lost(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)
        callback.answers = always("再见")

        await diner.unfollows()

        assert diner.chat == []


class TestComplaints:
    async def test_no_answer_in_time(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.answer_within = 0.05

        async def sleeps(message: Any) -> None:
            await asyncio.sleep(0.1)

        callback.answers = sleeps

        await platform.diner(following=True).says("你好")

        assert platform.complaints[-1].reason == "no answer within 0.05 s"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b'{"errcode": 0}', "not XML"),
            (b"success\n", "not XML"),
            (b"\xff\xfe", "not UTF-8"),
            (b"<xml><ToUserName>o</ToUserName></xml>", "plain answer in safe mode"),
            (b"<xml><Encrypt>x</Encrypt></xml>", "TimeStamp is missing"),
            (b"<xml><Encrypt>x</Encrypt><TimeStamp>a</TimeStamp><Nonce>n</Nonce></xml>", "TimeStamp is not a number"),
            (
                b"<xml><Encrypt>x</Encrypt><TimeStamp>1</TimeStamp><Nonce>n</Nonce><MsgSignature>0</MsgSignature></xml>",
                "wrong MsgSignature",
            ),
        ],
    )
    async def test_malformed_answer_is_complained_about(
        self, callback: Callback, platform: WeChatPlatform, body: bytes, reason: str
    ) -> None:
        callback.answers = always(body)
        diner = platform.diner(following=True)

        await diner.says("你好")

        assert platform.complaints[0].reason.startswith(reason)
        assert platform.complaints[0].openid == diner.openid
        assert diner.chat[-1].text == UNAVAILABLE

    async def test_answer_sealed_with_another_key_is_complained_about(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.envelope.mode = "compatible"

        async def sealed_wrongly(message: Any) -> bytes:
            callback.seals_with = "A" * 43
            return callback.sealed(callback.requests[-1], "<xml/>").encode()

        callback.answers = sealed_wrongly
        diner = platform.diner(following=True)

        await diner.says("你好")

        assert platform.complaints[0].reason == "wrong key or padding"

    async def test_sealed_answer_in_plain_mode_is_complained_about(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.envelope.mode = "plain"
        callback.answers = always(b"<xml><Encrypt>x</Encrypt></xml>")

        await platform.diner(following=True).says("你好")

        assert platform.complaints[0].reason == "sealed answer in plain mode"


def always(answer: Any) -> Any:
    async def answers(message: Any) -> Any:
        return answer

    return answers


def fails_times(count: int) -> Any:
    left = [503] * count

    async def answers(message: Any) -> Any:
        return left.pop() if left else None

    return answers
