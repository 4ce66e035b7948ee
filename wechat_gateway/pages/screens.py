"""/screen/{store}: the television at a store's door. Numbers and tables, never a name; the code that says who is really there."""

from datetime import datetime
from typing import Final, NamedTuple

from aiohttp import web
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.shop.snapshot import SnapshotCache
from domain.shop.store import Store
from domain.staff.models import TokenScope
from domain.staff.service import find_store
from domain.storage import Database
from domain.waitlist.board import Board, BoardCall, board_of
from domain.waitlist.presence import changes_at, door_code
from domain.waitlist.rules import CALLS_PER_JUMP, CallReason, TicketState
from wechat_gateway.pages.rendering import STATIC, Pages

_MOST_CALLS = 6  # that are legible across a hall
_MOST_MISSED = 8
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)
_FILES: Final = {"screen.css", "screen.js"}
_HOUR = "public, max-age=3600"  # what may change under its name with the next version
_WHY: Final = {CallReason.PRIORITY: "会员优先", CallReason.SPILL: "大桌空出", CallReason.STAFF: "店员安排"}
_STATES: Final = {TicketState.CALLED: "请入座", TicketState.ON_THE_WAY: "正在赶来", TicketState.ARRIVED: "已到店"}


class Called(NamedTuple):
    """A number on the screen. `why`: "" when it was simply its turn."""

    number: str
    table: str
    state: str
    why: str


class ScreenPage:
    """Shows the line of a store to whoever stands at its door. Its link holds the store's screen token, and nothing else opens it."""

    def __init__(self, database: Database, snapshots: SnapshotCache, clock: Clock, pages: Pages, door_key: bytes) -> None:
        """Args: door_key: Of presence.door_key, the same that the chat checks a code with."""
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._pages = pages
        self._door_key = door_key

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [web.get("/screen/{store}", self.show), web.get("/screen/static/{name}", self.static)]

    async def show(self, request: web.Request) -> web.Response:
        """GET, with ?token=: the board as it is now. The page renews itself."""
        store_id, token, now = request.match_info["store"], request.query.get("token", ""), self._clock.now()
        found = await self._database.read(self._read, store_id, token, now)
        if found is None:
            text = "这个链接打不开门口屏幕。请店长用 haowei token create 重新生成屏幕链接。"
            return self._pages.render("notice.html", status=403, title="门口屏幕", text=text)
        store, brand, board = found
        answer = self._pages.render(
            "screen.html",
            store=store,
            brand=brand,
            clock=store.clock_said(now),
            calls=[_called(call) for call in board.calls[:_MOST_CALLS]],
            more=max(0, len(board.calls) - _MOST_CALLS),
            lines=board.lines,
            missed=board.missed[-_MOST_MISSED:],
            strip=_strip(board),
            code=door_code(self._door_key, store_id, now=now),
            code_until=store.clock_said(changes_at(now)),
        )
        answer.headers["Content-Security-Policy"] = _POLICY  # its own script renews it, so that it outlives a network that is gone
        return answer

    async def static(self, request: web.Request) -> web.StreamResponse:
        """GET: the screen's style and script."""
        name = request.match_info["name"]
        if name not in _FILES:
            return web.Response(status=404)
        return web.FileResponse(STATIC / name, headers={"Cache-Control": _HOUR, "X-Content-Type-Options": "nosniff"})

    def _read(self, session: Session, store_id: str, token: str, now: datetime) -> tuple[Store, str, Board] | None:
        """The store, its brand and the board; None when the token is not that of this store's screen, or the store has closed for good."""
        if find_store(session, token, TokenScope.SCREEN) != store_id:
            return None
        shop = self._snapshots.get(session)
        store = shop.stores.get(store_id)
        return None if store is None else (store, shop.brand.name, board_of(session, shop, store_id, now=now))


def _called(call: BoardCall) -> Called:
    why = _WHY.get(CallReason(call.reason), "") if call.reason else ""
    return Called(call.number, call.table_code, _STATES[TicketState(call.state)], why)


def _strip(board: Board) -> list[str]:
    """Why nobody is passed without a reason, in words that a guest understands."""
    words = [f"按取号先后叫号；会员优先最多每{CALLS_PER_JUMP}桌1桌，今天 {board.jumps} 桌 / 共叫 {board.called} 桌"]
    if board.judged:
        words.append(f"今天说的等位时间 {board.judged} 次里准了 {board.kept} 次")
    words.append("过号可重新排一次，排在后面 3 桌")
    return words
