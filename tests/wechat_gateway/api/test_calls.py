"""The calls that the gateway makes, against the simulated platform."""

import pytest

from bot.messages import Card, Choice, Reply, ReplyKind
from haowei.simulators.wechat import Diner, WeChatPlatform
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.customer_messages import send_customer_message
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.media import upload_image
from wechat_gateway.api.menus import create_menu
from wechat_gateway.api.qr_codes import create_permanent_qr_code, create_temporary_qr_code
from wechat_gateway.api.template_messages import TemplateFieldError, send_template_message
from wechat_gateway.menus import account_menu
from wechat_gateway.outbound import customer_message

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
UPLOAD = "/cgi-bin/media/upload"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


async def send(client: WeChatClient, diner: Diner, reply: Reply, media_id: str = "") -> None:
    body = customer_message(reply, diner.openid, public_url="https://haowei.example", remaining=5, media_id=media_id)
    assert body is not None
    await send_customer_message(client, body)


class TestCustomerMessages:
    async def test_text_arrives_as_it_was_written(self, client: WeChatClient, diner: Diner) -> None:
        await send(client, diner, Reply(ReplyKind.TEXT, "叫号:A018,请到前台 🍜 \\u4e2d"))

        assert diner.chat[-1].words == "叫号:A018,请到前台 🍜 \\u4e2d"

    async def test_choices_cards_and_pictures(self, client: WeChatClient, diner: Diner) -> None:
        media_id = await upload_image(client, PNG)

        await send(client, diner, Reply(ReplyKind.CHOICES, "要哪一份?", (Choice("T1.1", "宫保鸡丁"), Choice("T1.2", "都不是"))))
        await send(client, diner, Reply(ReplyKind.CARDS, "x", cards=(Card("秘制红烧肉", "58 元", "/p/d1", "/p/d1.jpg"),)))
        await send(client, diner, Reply(ReplyKind.IMAGE, image="/p/card.png"), media_id)

        choices, cards, picture = diner.chat[-3:]
        assert [(choice.id, choice.label) for choice in choices.choices] == [("T1.1", "宫保鸡丁"), ("T1.2", "都不是")]
        assert [(article.title, article.url) for article in cards.articles] == [("秘制红烧肉", "https://haowei.example/p/d1")]
        assert picture.media == media_id

    async def test_sixth_message_is_over_the_quota(self, client: WeChatClient, diner: Diner) -> None:
        for _ in range(5):
            await send(client, diner, Reply(ReplyKind.TEXT, "好"))

        with pytest.raises(WeChatApiError) as caught:
            await send(client, diner, Reply(ReplyKind.TEXT, "好"))

        assert (caught.value.errcode, caught.value.action, caught.value.sent) == (45047, Action.QUOTA_USED, False)

    async def test_window_closed(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        with pytest.raises(WeChatApiError) as caught:
            await send(client, platform.diner(following=True), Reply(ReplyKind.TEXT, "好"))

        assert (caught.value.action, caught.value.sent) == (Action.WINDOW_CLOSED, False)

    async def test_without_an_answer_it_is_not_repeated(self, client: WeChatClient, platform: WeChatPlatform, diner: Diner) -> None:
        platform.faults.outage(SEND, status=None)

        with pytest.raises(WeChatApiError) as caught:
            await send(client, diner, Reply(ReplyKind.TEXT, "好"))

        assert caught.value.sent is None
        assert platform.calls[SEND] == 1

    async def test_busy_platform_is_asked_once_more(self, client: WeChatClient, platform: WeChatPlatform, diner: Diner) -> None:
        platform.faults.refuse(-1, SEND, times=1)

        await send(client, diner, Reply(ReplyKind.TEXT, "好"))

        assert len(diner.chat) == 1
        assert platform.calls[SEND] == 2


class TestTemplateMessages:
    FIELDS = {"thing1": "靠窗四人桌", "time2": "2026年11月21日 18:30", "character_string3": "B018", "amount4": "¥58.50"}  # noqa: RUF012

    @pytest.fixture
    def template_id(self, platform: WeChatPlatform) -> str:
        content = "桌位:{{thing1.DATA}}\n时间:{{time2.DATA}}\n号码:{{character_string3.DATA}}\n金额:{{amount4.DATA}}"
        return platform.add_template("取号提醒", content).id

    async def send(self, client: WeChatClient, diner: Diner, template_id: str, key: str = "K1", **fields: str) -> str:
        return await send_template_message(
            client,
            openid=diner.openid,
            template_id=template_id,
            fields={**self.FIELDS, **fields},
            client_msg_id=key,
            url="https://haowei.example/p/1",
        )

    async def test_arrives_and_has_an_id_in_text(self, client: WeChatClient, diner: Diner, template_id: str) -> None:
        msgid = await self.send(client, diner, template_id)

        assert msgid.isdigit()
        assert "B018" in str(diner.chat[-1])

    async def test_same_key_is_sent_once(self, client: WeChatClient, diner: Diner, template_id: str) -> None:
        first = await self.send(client, diner, template_id)

        assert await self.send(client, diner, template_id) == first
        assert len(diner.chat) == 1

    async def test_without_an_answer_it_is_repeated_under_its_key(
        self, client: WeChatClient, platform: WeChatPlatform, diner: Diner, template_id: str
    ) -> None:
        platform.faults.outage(TEMPLATE, status=None, times=1)

        await self.send(client, diner, template_id)

        assert platform.calls[TEMPLATE] == 2
        assert len(diner.chat) == 1

    async def test_a_diner_who_refuses(self, client: WeChatClient, diner: Diner, template_id: str) -> None:
        diner.refuses = True

        with pytest.raises(WeChatApiError) as caught:
            await self.send(client, diner, template_id)

        assert (caught.value.action, caught.value.sent) == (Action.STOP_KIND, False)

    async def test_broken_field_is_named_and_nothing_is_sent(
        self, client: WeChatClient, platform: WeChatPlatform, diner: Diner, template_id: str
    ) -> None:
        with pytest.raises(TemplateFieldError, match="thing1: at most 20 characters") as caught:
            await self.send(client, diner, template_id, thing1="字" * 21)

        assert (caught.value.field, caught.value.action, caught.value.sent) == ("thing1", Action.ALARM, False)
        assert platform.calls[TEMPLATE] == 0


class TestMenuCodesAndMedia:
    async def test_menu_bar(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        await create_menu(client, account_menu())

        assert [button["name"] for button in platform.menu.buttons] == ["点餐", "会员", "帮助"]

    async def test_menu_over_the_limits_is_not_sent(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        with pytest.raises(ValueError, match="1 to 3 buttons"):
            await create_menu(client, {"button": account_menu()["button"] * 2})

        assert platform.calls["/cgi-bin/menu/create"] == 0

    async def test_table_code_for_good(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        code = await create_permanent_qr_code(client, "t.s1.A08")

        scanned = platform.codes.scan("t.s1.A08")
        assert scanned is not None
        assert (code.ticket, code.url) == (scanned.ticket, scanned.url)
        assert await create_permanent_qr_code(client, "t.s1.A08") == code

    async def test_code_for_a_while(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        code = await create_temporary_qr_code(client, "i.7KQ2", seconds=3600)

        assert code.ticket
        assert platform.codes.scan("i.7KQ2") is not None

    @pytest.mark.parametrize(("scene", "seconds"), [("", 60), ("s" * 65, 60), ("店" * 22, 60), ("i.1", 0), ("i.1", 2_592_001)])
    async def test_code_out_of_bounds(self, client: WeChatClient, scene: str, seconds: int) -> None:
        with pytest.raises(ValueError, match="1 to"):
            await create_temporary_qr_code(client, scene, seconds=seconds)

    async def test_picture_is_uploaded_whole_on_the_second_try_too(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        platform.faults.outage(UPLOAD, times=1)
        picture = PNG + bytes(300_000)

        media_id = await upload_image(client, picture)

        kept = platform.media.get(media_id)
        assert kept.data == picture
        assert kept.content_type == "image/png"
        assert platform.calls[UPLOAD] == 2

    async def test_picture_after_the_token_was_refused(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        await upload_image(client, PNG)
        platform.expire_token()

        media_id = await upload_image(client, PNG)

        kept = platform.media.get(media_id)
        assert kept.data == PNG

    @pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", PNG[:7], b"\xff\xd8\xff" + bytes(10 * 1024 * 1024)])
    async def test_only_pictures_that_the_platform_takes(self, client: WeChatClient, content: bytes) -> None:
        with pytest.raises(ValueError, match="PNG or a JPEG"):
            await upload_image(client, content)
