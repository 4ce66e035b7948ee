"""/p/consent: the question at the moment of use, and the way from its button to our books."""

import hashlib
import json
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.responses import NLU_DATA, Responses
from domain.members.codes import signing_key
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.consent_links import consent_path
from domain.messages.consents import notices_left
from domain.storage import Database
from haowei.runtime import wechat_client
from haowei.settings import load_settings
from haowei.simulators.wechat import Account, WeChatPlatform
from tests.clock import SettableClock
from wechat_gateway.api.subscribe_tickets import SubscribeTickets
from wechat_gateway.message_events import MessageEvents
from wechat_gateway.pages.consent import TITLES, ConsentPage, Platform
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.push import parse_push
from wechat_gateway.templates import KINDS, Template

KEY = signing_key(b"s" * 32)
VAULT = Vault(b"s" * 32)
NOTICES = {kind: Template(f"notice_{kind}", KINDS[kind]) for kind in ("queue_call", "booking_reminder")}
Client = TestClient[web.Request, web.Application]


class House:
    """The page, the platform and the diner."""

    def __init__(self, database: Database, clock: SettableClock, platform: WeChatPlatform, client: Client, real: Client) -> None:
        self.database, self.clock, self.platform, self.client, self.real = database, clock, platform, client, real
        self.diner = platform.diner(following=True)

    async def path(self, *kinds: str) -> str:
        diner_id = await self.database.transaction(meet_diner, VAULT, self.diner.openid, now=self.clock.now())
        return consent_path(KEY, diner_id, kinds, now=self.clock.now())

    async def left(self, kind: str) -> int:
        diner_id = await self.database.transaction(meet_diner, VAULT, self.diner.openid, now=self.clock.now())
        return await self.database.read(notices_left, diner_id, kind)


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> AsyncIterator[House]:
    account = Account.random()
    platform = WeChatPlatform(account, "", mode="plain", clock=clock, answer_within=2)
    for kind, notice in NOTICES.items():
        platform.add_notice(TITLES[kind], "{{thing2.DATA}}", notice.id)
    events = MessageEvents(database, clock, VAULT, notices=NOTICES)

    async def callback(request: web.Request) -> web.Response:
        await events.take_in(parse_push(await request.read()))
        return web.Response(text="success")

    async with platform.serving() as api_url:
        settings = load_settings(
            secret_key="s" * 32, wechat_app_id=account.app_id, wechat_app_secret=account.app_secret, wechat_api_url=api_url
        )
        async with wechat_client(settings, database, clock) as wechat:

            def app(simulated_url: str, public_url: str) -> web.Application:
                page = ConsentPage(
                    database,
                    clock,
                    VAULT,
                    KEY,
                    Pages(),
                    Responses.load(NLU_DATA / "responses"),
                    notices=NOTICES,
                    tickets=SubscribeTickets(wechat, clock),
                    platform=Platform(account.app_id, public_url, simulated_url),
                )
                app = web.Application()
                app.add_routes([*page.routes(), web.post("/wechat/callback", callback)])
                return app

            server = TestServer(web.Application())
            real = TestServer(app("", "https://example.com"))
            await server.start_server()
            address = f"http://127.0.0.1:{server.port}"
            port = server.port
            await server.close()
            server = TestServer(app(api_url, address), port=port)
            async with TestClient(server) as client, TestClient(real) as real_client:
                platform.callback_url = f"{address}/wechat/callback"
                yield House(database, clock, platform, client, real_client)


@pytest.mark.parametrize(("answer", "left"), [("accept", 1), ("reject", 0)])
async def test_the_simulated_button_tells_the_platform_and_the_platform_tells_us(house: House, answer: str, left: int) -> None:
    path = await house.path("queue_call", "booking_reminder")
    async with house.client.get(path) as shown:
        page, policy = await shown.text(), shown.headers["Content-Security-Policy"]
    assert "叫号提醒、预订提醒" in page
    action = re.findall(r'action="([^"]+)"', page)[0]
    assert f"form-action {action.removesuffix('/simulated/subscribe')} 'self'" in policy
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', page.split("<button")[0])
    async with aiohttp.ClientSession() as phone, phone.post(action, data=[*fields, ("answer", answer)]) as back:
        assert back.status == 200
        assert "可以回到聊天了" in await back.text()
    assert [await house.left(kind) for kind in NOTICES] == [left, left]
    assert house.platform.complaints == []


async def test_the_form_leads_back_to_our_pages_only(house: House) -> None:
    form = {"openid": house.diner.openid, "template": "notice_queue_call", "answer": "accept", "back": "https://example.org/x"}
    url = f"{house.platform.media.base_url}/simulated/subscribe"
    async with aiohttp.ClientSession() as phone, phone.post(url, data=form, allow_redirects=False) as answer:
        assert answer.status == 200
        assert (await answer.json())["errcode"] == 40066
    assert await house.left("queue_call") == 0


async def test_the_real_page_holds_the_platforms_button_and_a_signature_of_its_address(house: House) -> None:
    path = await house.path("queue_call")
    async with house.real.get(path) as shown:
        page, policy = await shown.text(), shown.headers["Content-Security-Policy"]
    assert '<wx-open-subscribe id="ask" template="notice_queue_call">' in page
    assert house.diner.openid not in page
    config = json.loads(re.findall(r"wx\.config\((\{.*\})\)", page)[0])
    signed = (
        f"jsapi_ticket={house.platform.notices.ticket}&noncestr={config['nonceStr']}"
        f"&timestamp={config['timestamp']}&url=https://example.com{path}"
    )
    assert config["signature"] == hashlib.sha1(signed.encode()).hexdigest()
    nonces = set(re.findall(r'nonce="([^"]+)"', page))
    assert nonces == {config["nonceStr"]}
    assert f"script-src 'nonce-{config['nonceStr']}'" in policy
    async with house.real.get(path):
        pass
    assert house.platform.calls["/cgi-bin/ticket/getticket"] == 1, "a ticket is kept"


async def test_without_a_ticket_the_page_asks_to_come_again(house: House) -> None:
    house.platform.faults.refuse(48001, "/cgi-bin/ticket/getticket")
    async with house.real.get(await house.path("queue_call")) as shown:
        assert shown.status == 503


@pytest.mark.parametrize("kind", ["order_ready", "nothing_known"])
async def test_what_the_account_has_no_notice_for_is_not_asked(house: House, kind: str) -> None:
    async with house.client.get(await house.path(kind)) as shown:
        assert shown.status == 200
        assert "<form" not in await shown.text()


async def test_an_old_link_and_a_forged_one_say_so(house: House) -> None:
    path = await house.path("queue_call")
    async with house.client.get(path[:-3] + "AAA") as forged:
        assert forged.status == 404
    house.clock.advance(days=1)
    async with house.client.get(path) as old:
        assert old.status == 410
        assert "过期" in await old.text()
