"""A restaurant with everything outside simulated at the wire, and everything inside as real processes.

The platform and the printers are served by the test; `serve`, `web`, `worker` and `print-agent` are processes that
know them only by address.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from domain.kernel.clock import Clock, SystemClock
from domain.shop.reading import read_shop
from domain.storage import open_database
from haowei.routing import ROUTES
from haowei.shop_files import bring_in
from haowei.simulators.printers import Paper, PrinterSimulator
from haowei.simulators.wechat import Account, Answer, Diner, WeChatPlatform
from tests.line.clock_file import SharedClock
from tests.line.programs import Program, run
from tests.line.records import Records
from tests.line.waiting import comes_true
from tests.servers import free_port

STORE = "dongmen"
SECRET_KEY = "line-test-secret-key-of-forty-characters"
_SHOP = Path(__file__).with_name("shop.yaml")


class Restaurant:
    """One installation. Use it as an async context: in the end every program stops in good order, and no log has a traceback.

    Attributes:
        platform: WeChat; its callback is the web program started last, unless a test says otherwise.
        printers: By id: hot, cold, front.
        settings: What every program gets; a test may change them before it starts one.
        clock: The machine's, or one that every program shares with the test.
        folder: A temporary one.
    """

    def __init__(self, folder: Path, database_url: str, *, clock: SharedClock | None = None, shop: Path = _SHOP) -> None:
        self.folder = folder
        self.clock: Clock = clock or SystemClock()
        self.account = Account.random()
        self.platform = WeChatPlatform(self.account, "", clock=self.clock)
        self._shop = shop
        self.printers = {name: PrinterSimulator(name) for name in ("hot", "cold", "front")}
        self.records = Records(database_url)
        self.settings = {
            "HAOWEI_DATABASE_URL": database_url,
            "HAOWEI_HOST": "127.0.0.1",
            "HAOWEI_PUBLIC_URL": "http://127.0.0.1",
            "HAOWEI_SECRET_KEY": SECRET_KEY,
            "HAOWEI_METRICS_LISTEN": "",
            "HAOWEI_WECHAT_APP_ID": self.account.app_id,
            "HAOWEI_WECHAT_APP_SECRET": self.account.app_secret,
            "HAOWEI_WECHAT_TOKEN": self.account.token,
            "HAOWEI_WECHAT_AES_KEY": self.account.aes_key,
            "HAOWEI_PAYMENTS": "simulated",
        }
        if clock is not None:
            self.settings["HAOWEI_CLOCK_FILE"] = str(clock.path)
        self._programs: list[Program] = []
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.settings["HAOWEI_WECHAT_API_URL"] = await self._stack.enter_async_context(self.platform.serving())
        for printer in self.printers.values():
            await printer.start()
            self._stack.push_async_callback(printer.stop)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        running = [program for program in self._programs if program.is_running]
        codes = await asyncio.gather(*(program.stop() for program in running), return_exceptions=True)
        await self._stack.aclose()
        if kind is None:
            assert codes == [0] * len(running), codes
            for program in self._programs:
                assert "Traceback" not in program.log, program.log[-6000:]

    # ---- setting up

    def shop_file(self) -> Path:
        """The shop's file, with the addresses of its printers."""
        shop = self._shop.read_text(encoding="utf-8")
        for name, printer in self.printers.items():
            shop = shop.replace(f"{{{name}}}", str(printer.port))
        file = self.folder / "shop.yaml"
        file.write_text(shop, encoding="utf-8")
        return file

    async def opens(self) -> None:
        """Import the shop."""
        database = open_database(self.settings["HAOWEI_DATABASE_URL"], routes=ROUTES)
        document = read_shop(self.shop_file().read_bytes()).document
        await bring_in(database, document, imported_by="test", now=self.clock.now())
        await database.close()

    async def starts(self, command: str, **settings: str) -> Program:
        """Start a program and wait until it is ready. A web program becomes the platform's callback."""
        number, port = len(self._programs) + 1, free_port()
        own = dict(self.settings)
        address: str | None = f"http://127.0.0.1:{port}"
        if command in {"serve", "web"}:
            own |= {"HAOWEI_PORT": str(port), "HAOWEI_PUBLIC_URL": f"http://127.0.0.1:{port}"}
            self.platform.callback_url = f"{address}/wechat/callback"
        elif command == "worker":
            own |= {"HAOWEI_METRICS_LISTEN": f"127.0.0.1:{port}"}
        else:
            own, address = {}, None
        program = Program([command], own | settings, self.folder / f"{number}-{command}", address=address)
        self._programs.append(program)
        await program.start()
        return program

    async def runs(self, *arguments: str, **settings: str) -> str:
        """Run a command that must succeed, and return what it printed."""
        ended = await run(*arguments, settings=self.settings | settings, folder=self.folder)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    # ---- looking

    async def shows(self, what: str, *options: str) -> list[dict[str, Any]]:
        """`haowei show … --json`, oldest first."""
        return [json.loads(line) for line in (await self.runs("show", what, "--json", *options)).splitlines()][::-1]

    def papers(self) -> dict[str, list[Paper]]:
        """What came out of each printer."""
        return {name: printer.papers for name, printer in self.printers.items()}

    async def prints(self, wanted: Mapping[str, int], *, within_s: float = 60.0) -> dict[str, str]:
        """Wait until each of these printers has printed so many pieces of paper, and no more; returns the words on the newest."""
        await comes_true(lambda: all(len(self.printers[name].papers) >= count for name, count in wanted.items()), within_s=within_s)
        assert {name: len(self.printers[name].papers) for name in wanted} == dict(wanted)
        return {name: self.printers[name].papers[-1].text for name in wanted}

    # ---- doing

    def message(self, text: str) -> dict[str, Any]:
        """A text message as a push, which may be sent more than once."""
        now = int(self.clock.now().timestamp())
        return {"MsgType": "text", "Content": text, "MsgId": self.platform.line.next_message_id(), "CreateTime": now}

    async def seats(self, table: str) -> Diner:
        """A new diner who follows by scanning a table's code."""
        diner = self.platform.diner()
        answer = await diner.scans(f"t.{STORE}.{table}")
        assert f"{table}桌" in answer.text, answer
        return diner

    async def reads_back(self, diner: Diner, *dishes: str) -> Answer:
        """Let a diner say dishes and 下单; one more word places the order."""
        for dish in dishes:
            answer = await diner.says(dish)
            assert "合计" in answer.text, answer
        answer = await diner.says("下单")
        assert "确认下单" in answer.text, answer
        return answer

    async def orders(self, diner: Diner, *dishes: str) -> Answer:
        """Let a diner order."""
        await self.reads_back(diner, *dishes)
        answer = await diner.says("确认")
        assert "单号 0" in answer.text, answer
        return answer

    async def bills(self, diner: Diner) -> str:
        """Let a diner ask for the bill; returns the address of the page that pays it."""
        answer = await diner.says("买单")
        assert answer.reply is not None, answer
        [article] = answer.reply.articles
        return article.url

    async def pays(self, url: str) -> None:
        """Open a bill's page and pay it."""
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as page:
                assert page.status == 200, await page.text()
            async with http.post(url) as page:
                assert page.status == 200, await page.text()
                assert "支付成功" in await page.text()
