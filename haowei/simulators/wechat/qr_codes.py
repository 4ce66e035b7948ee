"""QR codes with a scene: what a diner scans at a table, at the door, on a leaflet."""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import segno
from aiohttp import web

from domain.kernel.clock import Clock
from haowei.simulators.wechat.endpoints import Endpoint, json_object, part
from haowei.simulators.wechat.errors import ApiError

# Source: the platform's page on codes with parameters. When the time is left out the pages say 30 or 60 seconds.
_DEFAULT_SECONDS = 60
_MOST_SECONDS = 2_592_000
_MOST_PERMANENT = 100_000
_PERMANENT = {"QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"}
_NUMBERED = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}
_NAMED = {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}


@dataclass(frozen=True, slots=True)
class QrCode:
    """One code.

    Attributes:
        life: None for a permanent one.
    """

    ticket: str
    scene: str
    url: str
    created_at: datetime
    life: timedelta | None

    def is_valid(self, now: datetime) -> bool:
        """Whether a scan still works."""
        return self.life is None or now < self.created_at + self.life


class QrCodes:
    """The account's codes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_ticket: dict[str, QrCode] = {}
        self._permanent: dict[str, QrCode] = {}
        self._temporary: dict[str, QrCode] = {}

    def create(self, action: str, scene: dict[str, Any], seconds: int | None = None) -> QrCode:
        """Make a code; the same permanent scene always has the same one.

        Args:
            scene: `{"scene_id": …}` or `{"scene_str": …}`, as the action wants.
            seconds: Life of a temporary code, at most 30 days.

        Raises:
            ApiError: 40052 action, 40053 scene, 45029 too many permanent codes.
        """
        name = _scene(action, scene)
        if action not in _PERMANENT:
            code = self._new(name, timedelta(seconds=min(seconds or _DEFAULT_SECONDS, _MOST_SECONDS)))
            self._temporary[name] = code
            return code
        if name not in self._permanent:
            if len(self._permanent) >= _MOST_PERMANENT:
                raise ApiError(45029)
            self._permanent[name] = self._new(name, None)
        return self._permanent[name]

    def scan(self, scene: str) -> QrCode | None:
        """The code that a diner scans, or None if it has expired.

        A scene of which no code was ever made stands for one printed before this platform was started.
        """
        code = self._permanent.get(scene) or self._temporary.get(scene)
        if code is None:
            return self.create("QR_LIMIT_STR_SCENE", {"scene_str": scene})
        return code if code.is_valid(self._clock.now()) else None

    def picture(self, ticket: str) -> bytes | None:
        """The code as PNG, or None for an unknown or expired ticket."""
        code = self._by_ticket.get(ticket)
        if code is None or not code.is_valid(self._clock.now()):
            return None
        png = io.BytesIO()
        segno.make(code.url, error="m").save(png, kind="png", scale=8)
        return png.getvalue()

    def _new(self, scene: str, life: timedelta | None) -> QrCode:
        url = f"http://weixin.qq.com/q/02{secrets.token_urlsafe(15)}"
        code = QrCode(f"gQ{secrets.token_urlsafe(68)}==", scene, url, self._clock.now(), life)
        self._by_ticket[code.ticket] = code
        return code


def _scene(action: str, scene: dict[str, Any]) -> str:
    if action in _NUMBERED:
        number = scene.get("scene_id")
        if not isinstance(number, int) or not 1 <= number <= _NUMBERED[action]:
            raise ApiError(40053)
        return str(number)
    if action in _NAMED:
        name = scene.get("scene_str")
        if not isinstance(name, str) or not 1 <= len(name) <= 64:
            raise ApiError(40053)
        return name
    raise ApiError(40052)


def endpoints(codes: QrCodes) -> list[Endpoint]:
    """qrcode/create and showqrcode."""

    async def create(request: web.Request) -> dict[str, Any]:
        sent = json_object(await request.read())
        seconds = sent.get("expire_seconds")
        code = codes.create(
            str(sent.get("action_name")), part(part(sent, "action_info"), "scene"), seconds if isinstance(seconds, int) else None
        )
        answer: dict[str, Any] = {"ticket": code.ticket}
        if code.life is not None:
            answer["expire_seconds"] = int(code.life.total_seconds())
        return {**answer, "url": code.url}

    async def show(request: web.Request) -> web.Response:
        png = codes.picture(request.query.get("ticket", ""))
        if png is None:
            raise web.HTTPNotFound
        return web.Response(body=png, content_type="image/png")

    return [
        Endpoint("POST", "/cgi-bin/qrcode/create", create),
        Endpoint("GET", "/cgi-bin/showqrcode", show, public=True),
    ]
