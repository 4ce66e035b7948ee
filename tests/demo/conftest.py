"""A platform, two printers and a small account behind the demo page, and a browser in front of it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Locator, Page, async_playwright
from wechatpy import parse_message
from wechatpy.replies import ArticlesReply, TextReply, TransferCustomerServiceReply

from domain.shop.reading import read_shop
from domain.shop.snapshot import snapshot_of
from haowei.demo.server import make_demo_app, serving_demo
from haowei.simulators.printers import PrinterSimulator
from haowei.simulators.wechat import Account, Diner, WeChatPlatform

SHOP = """
brand: {name: 好味}
stores:
  - id: s1
    name: 人民路店
    address: 人民路 1 号
    location: [30.66, 104.08]
    tables: [{code: A05, seats: 4, area: 大厅}, {code: B01, seats: 2, area: 靠窗}]
    printers:
      - {id: hot, connection: "tcp://127.0.0.1:9101", roles: [kitchen], stations: [热菜]}
      - {id: front, connection: "tcp://127.0.0.1:9102", roles: [receipt]}
  - {id: s2, name: 建设路店}
"""
TO_STAFF = "→客服"  # the answer that hands a diner over
MENU = {
    "button": [
        {"name": "点餐", "sub_button": [{"type": "click", "name": "看菜单", "key": "menu.view_menu"}]},
        {"type": "click", "name": "帮助", "key": "menu.help"},
    ]
}
BILL = "<!doctype html><meta charset='utf-8'><title>账单</title><h1>应付 62.00 元</h1><a href='/pay/1' target='_blank'>另开一页</a>"


class World:
    """Everything behind the page. `answer` is asked for the account's words, or for cards as dictionaries."""

    def __init__(self) -> None:
        self.answer: Callable[[Any], str | list[dict[str, str]] | None] = self._echo
        self.pushes: list[Any] = []
        self.gateway_url = ""
        self.page_url = ""
        self.printers = [PrinterSimulator("hot"), PrinterSimulator("front")]
        self.shop = snapshot_of(read_shop(SHOP.encode()).document)
        self._serving = AsyncExitStack()
        self._arrival = asyncio.Event()

    async def start(self) -> None:
        app = web.Application()
        app.add_routes([web.post("/wechat/callback", self._callback), web.get("/pay/1", self._bill)])
        self._gateway = TestServer(app)
        await self._gateway.start_server()
        self.gateway_url = str(self._gateway.make_url("")).rstrip("/")
        self.platform = WeChatPlatform(Account.random(), f"{self.gateway_url}/wechat/callback", mode="plain", answer_within=0.3)
        self.platform.menu.create(json.dumps(MENU, ensure_ascii=False).encode())
        for printer in self.printers:
            await printer.start()
        await self.open()

    async def open(self, port: int = 0) -> None:
        """Start the page's server, once more on the same port after `shut`."""
        app = make_demo_app(self.platform, {"s1": self.printers}, self.shop, gateway_url=self.gateway_url)
        self.page_url = await self._serving.enter_async_context(serving_demo(app, port=port))

    async def shut(self) -> int:
        """Stop the page's server; gives its port."""
        await self._serving.aclose()
        return int(self.page_url.rpartition(":")[2])

    async def stop(self) -> None:
        await self.shut()
        await self.platform.close()
        for printer in self.printers:
            await printer.stop()
        await self._gateway.close()

    @property
    def diners(self) -> list[Diner]:
        return list(self.platform.diners.values())

    async def prints(self, printer: PrinterSimulator, data: bytes) -> None:
        """Send bytes to a printer, and a cut."""
        _, writer = await asyncio.open_connection("127.0.0.1", printer.port)
        writer.write(b"\x1b@\x1c&" + data + b"\n\x1dV\x00")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def pushed(self, wanted: Callable[[Any], bool]) -> Any:
        """Wait for a push that the account gets."""
        async with asyncio.timeout(5):
            while not (found := [push for push in self.pushes if wanted(push)]):
                self._arrival.clear()
                await self._arrival.wait()
        return found[0]

    def _echo(self, push: Any) -> str | None:
        return f"你说：{push.content}" if push.type == "text" else None

    async def _callback(self, request: web.Request) -> web.Response:
        push = parse_message(await request.read())
        self.pushes.append(push)
        self._arrival.set()
        answer = self.answer(push)
        if answer is None:
            return web.Response(text="success")
        if answer == TO_STAFF:
            return web.Response(text=TransferCustomerServiceReply(message=push).render())
        if isinstance(answer, str):
            return web.Response(text=TextReply(message=push, content=answer).render())
        reply = ArticlesReply(message=push)
        for card in answer:
            reply.add_article(card)
        return web.Response(text=reply.render())

    async def _bill(self, _request: web.Request) -> web.Response:
        return web.Response(text=BILL, content_type="text/html")


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> AsyncIterator[World]:
    """The demo of a small shop, running."""
    running = World()
    await running.start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium. Without it the tests are skipped; in CI they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "NO CHROMIUM ON THIS MACHINE, the demo page was not looked at; install it with: make deps"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest_asyncio.fixture(loop_scope="module")
async def page(world: World, browser: Browser) -> AsyncIterator[Page]:
    """The demo page, seen for the first time, on 1440 × 900. No script error may appear on it."""
    visit = await browser.new_context(viewport={"width": 1440, "height": 900})
    opened = await visit.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.set_default_timeout(5000)
    await opened.goto(world.page_url)
    await opened.locator(".printer").first.wait_for()
    yield opened
    await visit.close()
    assert errors == []


@pytest_asyncio.fixture(loop_scope="module")
async def phone(page: Page) -> Locator:
    """The phone in 甲's hand, who has scanned the code of A05."""
    held = page.locator("#phone-1")
    await held.get_by_role("button", name="扫桌码，关注并入座").click()
    await held.get_by_role("button", name="A05").click()
    await held.get_by_text("你已关注「好味」").wait_for()
    return held


async def says(phone: Locator, text: str) -> None:
    """Type a message and press Enter."""
    await phone.get_by_label("输入消息").fill(text)
    await phone.get_by_label("输入消息").press("Enter")
