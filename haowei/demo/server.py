"""The demo page's server: the page itself, its events, and the diners' hands. On this machine only."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from domain.shop.snapshot import ShopSnapshot
from haowei.demo.acts import Body, NotNowError, UnreadableBodyError, act
from haowei.demo.feed import Feed
from haowei.demo.local_only import local_only, page_policy
from haowei.demo.view import DemoView
from haowei.simulators.printers import Fault, PrinterSimulator
from haowei.simulators.wechat import Answer, ApiError, WeChatPlatform

_PAGE = Path(__file__).parent / "page"
_CONTENT_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FIRST_DINERS = 3  # 甲, 乙 and 丙: enough for a party at one table
_LARGEST = 64 * 1024  # bytes of a POST
_STOPS_WITHIN_S = 1.0
_log = structlog.get_logger()


def make_demo_app(
    platform: WeChatPlatform, printers: Mapping[str, Sequence[PrinterSimulator]], shop: ShopSnapshot, *, gateway_url: str
) -> web.Application:
    """The demo page over a platform and printers that run already.

    Args:
        printers: The printers of each store, by store id; each is called by its id in the shop file.
        shop: The shop the gateway works with: its stores and tables stand on the page.
        gateway_url: HAOWEI_PUBLIC_URL; links and pictures in chat are opened only if they lead there.
    """
    return _DemoServer(platform, printers, shop, gateway_url).app


@asynccontextmanager
async def serving_demo(app: web.Application, *, port: int = 0) -> AsyncIterator[str]:
    """Serve the page on 127.0.0.1; gives its address.

    Args:
        port: 0 for a free one.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOPS_WITHIN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class _DemoServer:
    def __init__(
        self, platform: WeChatPlatform, printers: Mapping[str, Sequence[PrinterSimulator]], shop: ShopSnapshot, gateway_url: str
    ) -> None:
        gateway = urlsplit(gateway_url)
        origin = f"{gateway.scheme}://{gateway.netloc}"
        self._platform = platform
        self._printers = printers
        self._view = DemoView(platform, printers, shop, origin)
        self._feed = Feed(self._view, platform, printers)
        self._files = {file.name: (file.read_bytes(), _CONTENT_TYPES[file.suffix]) for file in _PAGE.iterdir()}
        self._policy = page_policy(origin, platform.media.base_url)
        self._under_way: set[asyncio.Task[Answer]] = set()
        while len(platform.diners) < _FIRST_DINERS:
            platform.diner()
        self.app = web.Application(middlewares=[local_only], client_max_size=_LARGEST)
        self.app.on_response_prepare.append(self._sign_policy)
        self.app.on_shutdown.append(self._feed.close)
        self.app.cleanup_ctx.extend((self._feed.running, self._acts_end))
        self.app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page/{file}", self._page),
                web.get("/state", self._state),
                web.get("/events", self._feed.events),
                web.get("/media/{id}", self._media),
                web.post("/act", self._act),
                web.post("/diners", self._add_diner),
                web.post("/printers/{store}/{printer}/fault", self._fault),
            ]
        )

    async def _sign_policy(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(
            {"Content-Security-Policy": self._policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        )

    async def _acts_end(self, _app: web.Application) -> AsyncIterator[None]:
        yield
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _page(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info.get("file", "index.html"))
        if file is None:
            raise web.HTTPNotFound
        body, content_type = file
        return web.Response(body=body, content_type=content_type, charset="utf-8", headers={"Cache-Control": "no-cache"})

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._view.state(), headers={"Cache-Control": "no-store"})

    async def _media(self, request: web.Request) -> web.Response:
        try:
            media = self._platform.media.get(request.match_info["id"], "image")
        except ApiError as error:
            raise web.HTTPNotFound(text="没有这张图片，或者已经过期。") from error
        return web.Response(body=media.data, content_type=media.content_type, headers={"Cache-Control": "max-age=86400"})

    async def _act(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            diner = self._platform.diners.get(body.text("openid", 64))
            if diner is None:
                raise web.HTTPNotFound(text="没有这位食客，刷新页面再试。")
            doing = act(body, diner, self._view)
        except UnreadableBodyError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        except NotNowError as error:
            raise web.HTTPConflict(text=str(error)) from error
        # A late callback takes the platform up to 15 s; the chat shows what came of it.
        task = asyncio.create_task(doing)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return web.json_response({}, status=202)

    def _done(self, task: asyncio.Task[Answer]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("demo.act_failed", exc_info=error)
        self._feed.look()

    async def _add_diner(self, _request: web.Request) -> web.Response:
        diner = self._platform.diner()
        self._feed.look()
        return web.json_response({"openid": diner.openid, "name": self._view.name(diner.openid)}, status=201)

    async def _fault(self, request: web.Request) -> web.Response:
        body = await _body(request)
        where = request.match_info
        printer = next((one for one in self._printers.get(where["store"], ()) if one.printer_id == where["printer"]), None)
        if printer is None:
            raise web.HTTPNotFound(text="没有这台打印机。")
        try:
            fault, on = Fault(body.text("fault", 40)), body.flag("on")
        except UnreadableBodyError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        except ValueError as error:
            raise web.HTTPBadRequest(text="不认识这种故障。") from error
        await printer.set_fault(fault, on)
        self._feed.look()
        return web.json_response({"faults": sorted(printer.faults)})


async def _body(request: web.Request) -> Body:
    if request.content_type != "application/json":
        raise web.HTTPBadRequest(text="请求体应当是 JSON。")
    try:
        sent: Any = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text="请求体不是能读懂的 JSON。") from error
    if not isinstance(sent, dict):
        raise web.HTTPBadRequest(text="请求体应当是一个 JSON 对象。")
    return Body(sent)
