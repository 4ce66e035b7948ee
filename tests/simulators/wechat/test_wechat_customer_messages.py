"""Customer-service messages: windows, quotas, kinds, typing."""

from typing import Any

import pytest

from haowei.simulators.wechat import Article, Choice, Diner, WeChatPlatform
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Api

SEND = "message/custom/send"
TYPING = "message/custom/typing"


@pytest.fixture
def diner(platform: WeChatPlatform) -> Diner:
    return platform.diner(following=True)


class TestWindows:
    async def test_nothing_before_the_diner_did_anything(self, api: Api, diner: Diner) -> None:
        assert await api.send_text(diner.openid) == 45015

    async def test_five_after_a_message(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")

        assert [await api.send_text(diner.openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]

    async def test_another_message_gives_five_again(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")
        for _ in range(4):
            await api.send_text(diner.openid)

        await diner.says("在吗")

        assert [await api.send_text(diner.openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]

    async def test_passive_replies_cost_nothing(self, diner: Diner, clock: SettableClock) -> None:
        await diner.says("你好")

        assert diner.chat[-1].text == "你说:你好"
        assert diner.windows.left(clock.now()) == 5

    async def test_message_window_is_open_for_48_hours(
        self, api: Api, diner: Diner, clock: SettableClock, platform: WeChatPlatform
    ) -> None:
        await diner.says("你好")

        clock.advance(hours=47, minutes=59)
        await api.sign_in()
        assert await api.send_text(diner.openid) == 0
        clock.advance(minutes=1)
        assert await api.send_text(diner.openid) == 45015

    @pytest.mark.parametrize(
        "action",
        [
            lambda diner: diner.taps_menu("menu.help"),
            lambda diner: diner.scans("t.s1.A08"),
            lambda diner: diner.taps_choice("1.1", "好"),
            lambda diner: diner.push({"MsgType": "event", "Event": "scancode_waitmsg", "EventKey": "menu.scan"}),
        ],
        ids=["menu", "scan", "choice", "scancode"],
    )
    async def test_three_within_a_minute_of_a_tap(self, api: Api, diner: Diner, clock: SettableClock, action: Any) -> None:
        await action(diner)

        assert [await api.send_text(diner.openid) for _ in range(4)] == [0, 0, 0, 45047]
        clock.advance(minutes=1)
        assert await api.send_text(diner.openid) == 45015

    async def test_three_within_a_minute_of_a_follow(self, api: Api, platform: WeChatPlatform, clock: SettableClock) -> None:
        diner = platform.diner()

        await diner.follows()

        assert [await api.send_text(diner.openid) for _ in range(4)] == [0, 0, 0, 45047]

    async def test_opening_a_page_from_the_menu_opens_no_window(self, api: Api, diner: Diner) -> None:
        await api.post("menu/create", button=[{"type": "view", "name": "官网", "url": "https://host/menu"}])

        await diner.taps_menu("https://host/menu")

        assert await api.send_text(diner.openid) == 45015

    async def test_the_window_that_closes_first_is_spent_first(self, diner: Diner, clock: SettableClock, api: Api) -> None:
        await diner.says("你好")
        await diner.taps_menu("menu.help")

        await api.send_text(diner.openid)

        clock.advance(minutes=2)
        assert diner.windows.left(clock.now()) == 5

    async def test_whoever_left_gets_nothing(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")

        await diner.unfollows()

        assert await api.send_text(diner.openid) == 45015

    async def test_unknown_openid(self, api: Api) -> None:
        assert await api.send_text("oNobody") == 40003

    async def test_refused_message_costs_nothing(self, api: Api, diner: Diner, clock: SettableClock) -> None:
        await diner.says("你好")

        assert await api.send_text(diner.openid, "菜" * 683) == 45002
        assert diner.windows.left(clock.now()) == 5


class TestKinds:
    async def test_text_with_mark_of_an_ai(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")

        await api.post(SEND, touser=diner.openid, msgtype="text", text={"content": "推荐酸菜鱼"}, aimsgcontext={"is_ai_msg": 1})

        assert (diner.chat[-1].text, diner.chat[-1].by_machine, diner.chat[-1].from_diner) == ("推荐酸菜鱼", True, False)

    async def test_escapes_are_shown_as_they_stand(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")
        body = rb'{"touser":"%s","msgtype":"text","text":{"content":"\u4f60\n\"\\u597d"}}' % diner.openid.encode()

        await api.post_raw(SEND, body)

        assert diner.chat[-1].text == '\\u4f60\n"\\u597d'

    async def test_one_card_only(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")
        card = {"title": "菜单", "description": "热销", "url": "http://host/menu", "picurl": "http://host/p.png"}

        assert await api.code(SEND, touser=diner.openid, msgtype="news", news={"articles": [card, card]}) == 45008
        assert await api.code(SEND, touser=diner.openid, msgtype="news", news={"articles": []}) == 44003
        assert await api.code(SEND, touser=diner.openid, msgtype="news", news={"articles": [card]}) == 0
        assert diner.chat[-1].articles == (Article("菜单", "热销", "http://host/menu", "http://host/p.png"),)

    async def test_choices(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")

        await api.post(
            SEND,
            touser=diner.openid,
            msgtype="msgmenu",
            msgmenu={
                "head_content": "要几份?",
                "list": [{"id": "1.1", "content": "一份"}, {"id": "1.2", "content": "两份"}],
                "tail_content": "",
            },
        )

        assert (diner.chat[-1].kind, diner.chat[-1].text) == ("menu", "要几份?")
        assert diner.chat[-1].choices == (Choice("1.1", "一份"), Choice("1.2", "两份"))
        assert diner.chat[-1].to_json()["choices"] == ({"id": "1.1", "label": "一份"}, {"id": "1.2", "label": "两份"})

    async def test_picture_must_be_uploaded_first(self, api: Api, diner: Diner, platform: WeChatPlatform) -> None:
        await diner.says("你好")
        picture = platform.media.add("image", b"GIF89a").id

        assert await api.code(SEND, touser=diner.openid, msgtype="image", image={"media_id": "unknown"}) == 40007
        assert await api.code(SEND, touser=diner.openid, msgtype="voice", voice={"media_id": picture}) == 40007
        assert await api.code(SEND, touser=diner.openid, msgtype="image", image={"media_id": picture}) == 0
        assert diner.chat[-1].media == picture

    async def test_voice_video_music_and_mini_program(self, api: Api, diner: Diner, platform: WeChatPlatform) -> None:
        await diner.says("你好")
        thumb = platform.media.add("thumb", b"\xff\xd8\xff").id
        voice = platform.media.add("voice", b"ID3").id
        video = {
            "media_id": platform.media.add("video", b"\0\0\0\x18ftypmp42").id,
            "thumb_media_id": thumb,
            "title": "后厨",
            "description": "",
        }
        music = {"title": "店歌", "description": "好味", "musicurl": "http://host/a.mp3", "hqmusicurl": "", "thumb_media_id": thumb}
        page = {"title": "排队", "appid": "wx1", "pagepath": "pages/queue", "thumb_media_id": thumb}

        assert await api.code(SEND, touser=diner.openid, msgtype="voice", voice={"media_id": voice}) == 0
        assert await api.code(SEND, touser=diner.openid, msgtype="video", video=video) == 0
        assert await api.code(SEND, touser=diner.openid, msgtype="music", music=music) == 0
        assert await api.code(SEND, touser=diner.openid, msgtype="miniprogrampage", miniprogrampage=page) == 0
        assert [item.kind for item in diner.chat[-4:]] == ["voice", "video", "music", "miniprogram"]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", 44002),
            (b"{", 47001),
            (b"[]", 47001),
            ('{"touser":"你"}'.encode("gbk"), 47001),
            (b'{"touser":1}', 47001),
            (b'{"touser":"oAlice","msgtype":"video"}', 47001),
            (b'{"touser":"oAlice","msgtype":"sticker"}', 40008),
            (b'{"touser":"oAlice","msgtype":"wxcard"}', 48001),
            (b'{"touser":"oAlice","msgtype":"text","text":"hi"}', 47001),
            (b'{"touser":"oAlice","msgtype":"text","text":{"content":""}}', 44004),
            (b'{"touser":"oAlice","msgtype":"msgmenu","msgmenu":{"list":[]}}', 47001),
            (b'{"touser":"oAlice","msgtype":"msgmenu","msgmenu":{"list":[{"id":"","content":"x"}]}}', 47001),
            (b'{"touser":"oAlice","msgtype":"news","news":{"articles":["x"]}}', 47001),
        ],
    )
    async def test_faulty_call(self, api: Api, platform: WeChatPlatform, body: bytes, code: int) -> None:
        platform.diner("oAlice", following=True)

        assert (await api.post_raw(SEND, body))["errcode"] == code


class TestTyping:
    async def test_typing_is_shown_for_15_seconds(self, api: Api, diner: Diner, clock: SettableClock) -> None:
        await diner.says("你好")

        assert await api.code(TYPING, touser=diner.openid, command="Typing") == 0
        assert diner.is_shown_typing
        assert await api.code(TYPING, touser=diner.openid, command="Typing") == 45081
        clock.advance(seconds=15)
        assert not diner.is_shown_typing

    async def test_typing_ends_with_the_message_or_on_demand(self, api: Api, diner: Diner) -> None:
        await diner.says("你好")

        await api.post(TYPING, touser=diner.openid, command="Typing")
        await api.send_text(diner.openid)
        assert not diner.is_shown_typing
        await api.post(TYPING, touser=diner.openid, command="Typing")
        await api.post(TYPING, touser=diner.openid, command="CancelTyping")
        assert not diner.is_shown_typing

    async def test_typing_needs_a_fresh_exchange_and_a_window(self, api: Api, diner: Diner, clock: SettableClock) -> None:
        assert await api.code(TYPING, touser=diner.openid, command="Typing") == 45015
        await diner.says("你好")
        clock.advance(seconds=31)
        assert await api.code(TYPING, touser=diner.openid, command="Typing") == 45080
        assert await api.code(TYPING, touser=diner.openid, command="Dance") == 45072
