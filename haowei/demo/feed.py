"""Tells every open page what happens: chat, paper, and what else changes. Server-Sent Events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from aiohttp import web

from haowei.demo.view import DemoView
from haowei.simulators.printers import PrinterSimulator
from haowei.simulators.wechat import WeChatPlatform

_LOOK_EVERY_S = 0.4  # lamps, menu and followers change without a word
_HEARTBEAT_S = 15.0  # so that a page that is gone is noticed
_MOST_WAITING = 1000  # events; a page that falls behind is let go, comes back and gets the whole state
_COME_BACK_MS = 800


class Feed:
    """The events of one demo, handed to each open page."""

    def __init__(self, view: DemoView, platform: WeChatPlatform, printers: Mapping[str, Sequence[PrinterSimulator]]) -> None:
        self._view = view
        self._platform = platform
        self._printers = printers
        self._pages: set[asyncio.Queue[bytes | None]] = set()
        self._last_live: dict[str, Any] = {}

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Listens to the simulators as long as the application runs."""
        watchers = [asyncio.create_task(self._chats()), asyncio.create_task(self._looks())]
        watchers += [
            asyncio.create_task(self._papers(store, printer)) for store, printers in self._printers.items() for printer in printers
        ]
        yield
        for watcher in watchers:
            watcher.cancel()
        for ended in await asyncio.gather(*watchers, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    async def close(self, _app: web.Application) -> None:
        """Lets every page go, so that stopping does not wait for them."""
        for page in tuple(self._pages):
            self._let_go(page)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """One page's stream: first the whole state, then every change of it."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"})
        await response.prepare(request)
        page: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._pages.add(page)
        page.put_nowait(f"retry: {_COME_BACK_MS}\n".encode() + _event("state", self._view.state()))
        try:
            while (event := await _next(page)) is not None:
                await response.write(event)
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._pages.discard(page)
        return response

    def look(self) -> None:
        """Tell what changed without a word, if anything did."""
        live = self._view.live()
        if live != self._last_live:
            self._last_live = live
            self._publish("live", live)

    def _publish(self, name: str, data: dict[str, Any]) -> None:
        event = _event(name, data)
        for page in tuple(self._pages):
            page.put_nowait(event)
            if page.qsize() > _MOST_WAITING:
                self._let_go(page)

    def _let_go(self, page: asyncio.Queue[bytes | None]) -> None:
        self._pages.discard(page)
        while not page.empty():
            page.get_nowait()
        page.put_nowait(None)

    async def _chats(self) -> None:
        chats = self._platform.subscribe()
        try:
            while True:
                openid, item = await chats.get()
                self.look()  # a diner nobody knew, a new follower: before the words
                self._publish("chat", {"openid": openid, "item": item.to_json()})
        finally:
            self._platform.unsubscribe(chats)

    async def _papers(self, store: str, printer: PrinterSimulator) -> None:
        papers = printer.subscribe()
        try:
            while True:
                paper = await papers.get()
                self._publish("paper", {"store": store, "printer": printer.printer_id, "paper": self._view.paper(paper)})
        finally:
            printer.unsubscribe(papers)

    async def _looks(self) -> None:
        while True:
            if self._pages:
                self.look()
            await asyncio.sleep(_LOOK_EVERY_S)


async def _next(page: asyncio.Queue[bytes | None]) -> bytes | None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_HEARTBEAT_S):
            return await page.get()
    return b": still here\n\n"


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
