"""/p/codes/{code}.png: a member code as a QR picture, while it is good. Asks no database."""

import asyncio
import io
import re
from typing import Final

import segno
from aiohttp import web

from domain.kernel.clock import Clock
from domain.kernel.errors import DomainError
from domain.members.codes import read_code
from domain.members.errors import CodeExpiredError
from wechat_gateway.pages.rendering import Pages

_PIXELS: Final = 10  # a module; the picture has about 370 in all, which a scanner reads from a phone at arm's length
_PATH = re.compile(r"/p/codes/([A-Z0-9.]{1,64})\.png")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def code_path(code: str) -> str:
    """Where the picture of a code stands; what `Reply.image` is set to."""
    return f"/p/codes/{code}.png"


def code_picture(code: str) -> bytes:
    """A code as a QR picture, PNG. The same code is always the same picture."""
    picture = io.BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="png", scale=_PIXELS, border=4)
    return picture.getvalue()


class MemberCodePages:
    """Draws codes that we signed and that have not run out, and no others."""

    def __init__(self, key: bytes, clock: Clock, pages: Pages) -> None:
        """Args:
        key: That signs member codes (`domain.members.codes.signing_key`).
        """
        self._key = key
        self._clock = clock
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Where the handler stands."""
        return [web.get("/p/codes/{code}.png", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """GET: the picture; in words why not, for a code that is not ours or has run out."""
        try:
            picture = await self._draw(request.match_info["code"])
        except CodeExpiredError:
            return self._pages.render("notice.html", status=410, title="会员码", text="这张会员码过期了，回到聊天里再要一张吧。")
        except DomainError:
            return self._pages.render("notice.html", status=404, title="会员码", text="没有这张会员码，回到聊天里再要一张吧。")
        return web.Response(body=picture, content_type="image/png", headers=_HEADERS)

    async def picture_bytes(self, path: str) -> bytes | None:
        """The picture behind a path, for the upload into the chat; None when the path is none of a good code."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        try:
            return await self._draw(found[1])
        except DomainError:
            return None

    async def _draw(self, code: str) -> bytes:
        read_code(self._key, code, now=self._clock.now())
        return await asyncio.to_thread(code_picture, code)
