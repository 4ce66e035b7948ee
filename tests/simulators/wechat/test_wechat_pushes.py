"""What a diner does, as the account's callback sees it."""

import asyncio
import dataclasses
import re
from io import BytesIO

import pytest
from PIL import Image

from haowei.simulators.wechat import Account, WeChatPlatform
from haowei.simulators.wechat.envelope import Mode
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Callback


class TestModes:
    @pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
    async def test_text_goes_out_and_the_reply_comes_back(self, callback: Callback, platform: WeChatPlatform, mode: Mode) -> None:
        platform.line.envelope.mode = mode
        diner = platform.diner(following=True)

        answer = await diner.says("来两份红烧肉")

        assert callback.messages[0].content == "来两份红烧肉"
        assert answer.text == "你说:来两份红烧肉"
        assert [(item.from_diner, item.text) for item in diner.chat] == [(True, "来两份红烧肉"), (False, "你说:来两份红烧肉")]
        assert platform.complaints == []

    async def test_safe_push_says_nothing_in_the_clear(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await diner.says("秘密")

        assert set(callback.requests[0].query) == {"signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature"}
        assert re.findall(rb"<(\w+)>", callback.bodies[0]) == [b"xml", b"ToUserName", b"Encrypt"]

    async def test_compatible_push_carries_both_forms(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.envelope.mode = "compatible"

        await platform.diner(following=True).says("你好")

        assert "你好".encode() in callback.bodies[0]
        assert b"<Encrypt>" in callback.bodies[0]

    async def test_plain_push_is_only_signed(self, callback: Callback, platform: WeChatPlatform) -> None:
        platform.line.envelope.mode = "plain"

        await platform.diner(following=True).says("你好")

        assert set(callback.requests[0].query) == {"signature", "timestamp", "nonce", "openid"}

    async def test_push_under_way_at_a_key_change_uses_the_old_key(self, callback: Callback, clock: SettableClock) -> None:
        old = Account.random().aes_key
        platform = WeChatPlatform(dataclasses.replace(callback.account, aes_key_previous=old), callback.url, clock=clock)
        platform.line.envelope.uses_previous_key = True
        callback.seals_with = old

        answer = await platform.diner(following=True).says("你好")

        assert answer.text == "你说:你好"
        await platform.close()

    async def test_callback_address_is_checked_by_echo(self, callback: Callback, platform: WeChatPlatform) -> None:
        assert await platform.line.verify()

        platform.callback_url = callback.url + "/elsewhere"
        assert not await platform.line.verify()


class TestActions:
    async def test_follow(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner()

        await diner.follows()

        assert callback.messages[0].event == "subscribe"
        assert callback.messages[0]._data["EventKey"] is None
        assert diner.is_following

    async def test_scan_of_a_stranger_is_a_follow_by_the_scene(self, callback: Callback, platform: WeChatPlatform) -> None:
        await platform.diner().scans("t.s1.A08")

        message = callback.messages[0]
        assert (message.event, message.scene_id) == ("subscribe_scan", "t.s1.A08")
        assert message.ticket == platform.codes.scan("t.s1.A08").ticket

    async def test_scan_of_a_follower_is_a_scan(self, callback: Callback, platform: WeChatPlatform) -> None:
        await platform.diner(following=True).scans("t.s1.A08")

        assert (callback.messages[0].event, callback.messages[0].scene_id) == ("scan", "t.s1.A08")

    async def test_unfollow_is_told_and_ends_the_chat(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await diner.unfollows()

        assert callback.messages[0].event == "unsubscribe"
        with pytest.raises(ValueError, match="does not follow"):
            await diner.says("在吗")

    async def test_menu_tap(self, callback: Callback, platform: WeChatPlatform) -> None:
        await platform.diner(following=True).taps_menu("menu.view_menu")

        assert (callback.messages[0].event, callback.messages[0].key) == ("click", "menu.view_menu")

    async def test_choice_tap_is_a_text_with_the_choice(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await diner.taps_choice("01JD.2", "米饭")

        assert callback.messages[0].content == "米饭"
        assert callback.messages[0]._data["bizmsgmenuid"] == "01JD.2"
        assert re.findall(rb"<(\w+)>", platform_xml(callback))[-2:] == [b"MsgId", b"bizmsgmenuid"]
        assert diner.chat[0].text == "米饭"

    async def test_place(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await diner.sends_location(31.230416, 121.473701, "人民广场")

        assert callback.messages[0].location == ("31.230416", "121.473701")
        assert callback.messages[0].label == "人民广场"
        assert diner.chat[0].to_json()["place"] == {"latitude": 31.230416, "longitude": 121.473701, "label": "人民广场"}

    async def test_picture_is_a_real_one_kept_by_the_platform(self, callback: Callback, platform: WeChatPlatform) -> None:
        await platform.diner(following=True).sends_picture()

        kept = platform.media.get(callback.messages[0].media_id)
        assert Image.open(BytesIO(kept.data)).convert("RGB").getpixel((0, 0)) is not None
        assert callback.messages[0].image.endswith(kept.id)

    async def test_voice_with_and_without_words(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await diner.speaks("来碗米饭")
        await diner.speaks()

        assert callback.messages[0].recognition == "来碗米饭"
        assert "Recognition" not in callback.messages[1]._data
        assert platform.media.get(callback.messages[1].media_id).content_type == "audio/amr"

    async def test_any_push_can_be_sent(self, callback: Callback, platform: WeChatPlatform) -> None:
        await platform.diner(following=True).push({"MsgType": "event", "Event": "LOCATION", "Latitude": "31.2", "Longitude": "121.4"})

        assert callback.messages[0].event == "location"
        assert "MsgId" not in callback.messages[0]._data

    async def test_faulty_push_can_be_sent_too(self, callback: Callback, platform: WeChatPlatform) -> None:
        answer = await platform.diner(following=True).push({"Content": "没有类型"})

        assert answer.tries[0].status == 500

    async def test_message_ids_are_beyond_what_a_double_holds(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        await asyncio.gather(*(diner.says("1") for _ in range(10)))

        ids = {message.id for message in callback.messages}
        assert len(ids) == 10
        assert all(2**53 < number < 2**63 for number in ids)

    async def test_openid_must_be_one(self, platform: WeChatPlatform) -> None:
        with pytest.raises(ValueError, match="openid"):
            platform.diner("张 三")

    async def test_same_openid_is_the_same_diner(self, platform: WeChatPlatform) -> None:
        assert platform.diner("oAlice") is platform.diner("oAlice")


class TestCopies:
    async def test_copies_of_one_push_reach_every_address(self, callback: Callback, platform: WeChatPlatform) -> None:
        diner = platform.diner(following=True)

        copies = await diner.push_many({"MsgType": "text", "Content": "下单"}, copies=50, urls=[callback.url, callback.url + "?process=2"])

        assert {copy.text for copy in copies} == {"你说:下单"}
        assert [copy.status for copy in copies] == [200] * 50
        assert len({message.id for message in callback.messages}) == 1
        assert len({request.query["nonce"] for request in callback.requests}) == 50
        assert sum("process" in request.query for request in callback.requests) == 25
        assert diner.chat == []

    async def test_copy_without_an_answer_says_so(self, callback: Callback, platform: WeChatPlatform) -> None:
        copies = await platform.diner(following=True).push_many(
            {"MsgType": "text", "Content": "下单"}, copies=1, urls=["http://127.0.0.1:9/wechat/callback"]
        )

        assert copies[0].status is None
        assert copies[0].complaint.startswith("no answer")


def platform_xml(callback: Callback) -> bytes:
    """The last push in the clear."""
    return str(callback.opened(callback.requests[-1], callback.bodies[-1])).encode()
