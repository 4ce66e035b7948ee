"""The account's books at the platform: menu bar, QR codes, media, diners."""

from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image

from haowei.simulators.wechat import WeChatPlatform
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Api, Callback

CLICK = {"type": "click", "name": "点餐", "key": "menu.view_menu"}


class TestMenu:
    async def test_menu_is_kept_and_given_back(self, api: Api, platform: WeChatPlatform) -> None:
        bar = [CLICK, {"name": "会员", "sub_button": [{"type": "view", "name": "我的会员卡片页", "url": "https://host/card"}]}]

        assert await api.code("menu/create", button=bar) == 0

        assert (await api.get("menu/get"))["menu"]["button"] == [{**CLICK, "sub_button": []}, bar[1]]
        assert platform.menu.buttons[1]["name"] == "会员"
        await api.get("menu/delete")
        assert (await api.get("menu/get"))["errcode"] == 46003

    async def test_buttons_push_by_their_kind(self, api: Api, platform: WeChatPlatform, callback: Callback) -> None:
        scan = {"type": "scancode_waitmsg", "name": "扫码", "key": "menu.scan"}
        page = {"type": "view", "name": "官网", "url": "https://host/"}
        await api.post("menu/create", button=[CLICK, scan, page])
        diner = platform.diner(following=True)

        await diner.taps_menu("menu.view_menu")
        await diner.taps_menu("menu.scan", scanned="t.s1.A08")
        await diner.taps_menu("https://host/")

        assert [message.event for message in callback.messages] == ["click", "scancode_waitmsg", "view"]
        assert callback.messages[1].scan_result == "t.s1.A08"
        assert callback.messages[2].url == "https://host/"

    @pytest.mark.parametrize(
        ("button", "code"),
        [
            ([], 40016),
            ([CLICK] * 4, 40016),
            ([{**CLICK, "name": ""}], 40018),
            ([{**CLICK, "name": "六个汉字太长"}], 40018),
            ([{**CLICK, "key": "k" * 129}], 40019),
            ([{**CLICK, "type": "dance"}], 40017),
            ([{"type": "view", "name": "官网", "url": "ftp://host"}], 40020),
            ([{"type": "view", "name": "官网", "url": "https://" + "h" * 1020}], 40020),
            ([{"name": "更多", "sub_button": [CLICK] * 6}], 40023),
            ([{"name": "更多", "sub_button": [{**CLICK, "name": "字" * 21}]}], 40025),
            ([{"name": "更多", "sub_button": [{**CLICK, "key": ""}]}], 40026),
            ([{"name": "更多", "sub_button": [{"name": "再深", "sub_button": [CLICK]}]}], 40024),
            (["点餐"], 47001),
        ],
    )
    async def test_limits(self, api: Api, button: list[Any], code: int) -> None:
        assert await api.code("menu/create", button=button) == code

    async def test_escapes_are_refused(self, api: Api) -> None:
        assert (await api.post_raw("menu/create", rb'{"button":[{"type":"click","name":"\u70b9\u9910","key":"k"}]}'))["errcode"] == 40033


class TestQrCodes:
    async def test_permanent_code_of_a_scene_is_always_the_same(self, api: Api) -> None:
        wanted = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "t.s1.A08"}}}

        first, second = await api.post("qrcode/create", **wanted), await api.post("qrcode/create", **wanted)

        assert first == second
        assert set(first) == {"ticket", "url"}

    async def test_temporary_code_without_a_time_lives_a_minute(
        self, api: Api, platform: WeChatPlatform, clock: SettableClock, callback: Callback
    ) -> None:
        code = await api.post("qrcode/create", action_name="QR_STR_SCENE", action_info={"scene": {"scene_str": "i.7K2"}})
        diner = platform.diner(following=True)

        assert code["expire_seconds"] == 60
        await diner.scans("i.7K2")
        clock.advance(seconds=60)
        answer = await diner.scans("i.7K2")

        assert len(callback.messages) == 1
        assert answer.reply is None
        assert diner.chat[-1].text == "该二维码已过期"
        assert (await platform.diner().follows("i.7K2")).tries == ()

    async def test_temporary_code_lives_30_days_at_most(self, api: Api) -> None:
        code = await api.post("qrcode/create", action_name="QR_SCENE", expire_seconds=9_999_999, action_info={"scene": {"scene_id": 7}})

        assert code["expire_seconds"] == 2_592_000

    @pytest.mark.parametrize(
        ("action", "scene", "code"),
        [
            ("QR_CODE", {"scene_id": 1}, 40052),
            ("QR_SCENE", {"scene_id": 0}, 40053),
            ("QR_SCENE", {"scene_str": "a"}, 40053),
            ("QR_LIMIT_SCENE", {"scene_id": 100_001}, 40053),
            ("QR_STR_SCENE", {"scene_str": ""}, 40053),
            ("QR_LIMIT_STR_SCENE", {"scene_str": "s" * 65}, 40053),
        ],
    )
    async def test_scene_must_fit(self, api: Api, action: str, scene: dict[str, Any], code: int) -> None:
        assert await api.code("qrcode/create", action_name=action, action_info={"scene": scene}) == code

    async def test_picture_by_ticket(self, api: Api) -> None:
        code = await api.post("qrcode/create", action_name="QR_LIMIT_STR_SCENE", action_info={"scene": {"scene_str": "d.s1"}})

        async with api.session.get(api.address("showqrcode"), params={"ticket": code["ticket"]}) as answer:
            picture = Image.open(BytesIO(await answer.read()))
        async with api.session.get(api.address("showqrcode"), params={"ticket": "unknown"}) as answer:
            assert answer.status == 404
        assert picture.format == "PNG"
        assert picture.width > 200


class TestMedia:
    async def test_upload_is_answered_as_plain_text_and_can_be_fetched(self, api: Api) -> None:
        async with api.session.post(
            api.address("media/upload"), data=file(b"\x89PNG\r\n\x1a\n..."), params={"access_token": api.token, "type": "image"}
        ) as answer:
            assert answer.content_type == "text/plain"
            kept = await answer.json(content_type=None)

        assert kept["type"] == "image"
        async with api.session.get(api.address("media/get"), params={"access_token": api.token, "media_id": kept["media_id"]}) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", b"\x89PNG\r\n\x1a\n...")
        async with api.session.get(f"{api.url}/mmbiz/{kept['media_id']}") as answer:
            assert answer.content_type == "image/png"

    async def test_media_is_kept_for_three_days(self, api: Api, platform: WeChatPlatform, clock: SettableClock) -> None:
        media_id = platform.media.add("image", b"\xff\xd8\xff").id

        clock.advance(days=3)
        await api.sign_in()

        assert (await api.get("media/get", media_id=media_id))["errcode"] == 40007
        async with api.session.get(f"{api.url}/mmbiz/{media_id}") as answer:
            assert answer.status == 404

    async def test_thumb_is_answered_under_its_own_name(self, api: Api) -> None:
        assert "thumb_media_id" in await api.post_raw("media/upload", file(b"\xff\xd8\xff"), type="thumb")

    @pytest.mark.parametrize(
        ("kind", "start", "kib", "code"),
        [
            ("image", b"\xff\xd8\xff", 10 * 1024, 40009),
            ("voice", b"#!AMR", 2 * 1024, 40010),
            ("thumb", b"\xff\xd8\xff", 64, 40012),
            ("image", b"BM......", 1, 40113),
            ("voice", b"\xff\xd8\xff", 1, 40113),
            ("image", b"", 0, 44001),
            ("file", b"x", 1, 40004),
        ],
    )
    async def test_limits(self, api: Api, kind: str, start: bytes, kib: int, code: int) -> None:
        assert (await api.post_raw("media/upload", file(start + bytes(kib * 1024)), type=kind))["errcode"] == code

    async def test_file_needs_a_name_and_the_right_field(self, api: Api) -> None:
        other = FormData()
        other.add_field("picture", b"\xff\xd8\xff", filename="a.jpg")
        nameless = FormData(default_to_multipart=True)
        nameless.add_field("media", "text")

        assert (await api.post_raw("media/upload", other, type="image"))["errcode"] == 41005
        assert (await api.post_raw("media/upload", nameless, type="image"))["errcode"] == 41005
        assert (await api.post_raw("media/upload", b"\xff\xd8\xff", type="image"))["errcode"] == 41005


class TestUsers:
    async def test_follower_by_code(self, api: Api, platform: WeChatPlatform) -> None:
        diner = platform.diner()
        await diner.scans("d.s1")

        told = await api.get("user/info", openid=diner.openid)

        assert (told["subscribe"], told["qr_scene_str"], told["subscribe_scene"]) == (1, "d.s1", "ADD_SCENE_QR_CODE")

    async def test_stranger_and_nobody(self, api: Api, platform: WeChatPlatform) -> None:
        diner = platform.diner()

        assert await api.get("user/info", openid=diner.openid) == {"subscribe": 0, "openid": diner.openid}
        assert (await api.get("user/info", openid="oNobody"))["errcode"] == 40003


def file(data: bytes) -> FormData:
    form = FormData()
    form.add_field("media", BytesIO(data), filename="a.bin", content_type="application/octet-stream")
    return form
