"""/p/dishes/{dish}: one dish, and /p/pictures: the pictures of the shop file."""

import asyncio
import re
from pathlib import Path

from aiohttp import web
from sqlalchemy.orm import Session

from domain.shop.dish import Dish
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from wechat_gateway.pages.rendering import STATIC, Pages

_PICTURE = re.compile(r"[0-9a-f]{16,64}\.(png|jpg|jpeg)")
_WEEK = "public, max-age=604800, immutable"
_HOUR = "public, max-age=3600"  # what may change under its name with the next version


class DishPages:
    """Pages about dishes. Pictures are named by their content, so they never change under a name."""

    def __init__(self, database: Database, snapshots: SnapshotCache, pages: Pages, pictures: Path) -> None:
        self._database = database
        self._snapshots = snapshots
        self._pages = pages
        self._pictures = pictures

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [
            web.get("/p/dishes/{dish}", self.show),
            web.get("/p/pictures/{name}", self.picture),
            web.get("/p/static/{name}", self.static),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """GET: name, price, what to know, picture."""
        dish = await self._database.read(self._dish, request.match_info["dish"])
        if dish is None:
            return self._pages.render("notice.html", status=404, title="菜品", text="这道菜已经下架了。")
        picture = dish.picture if "://" in dish.picture else f"/p/{dish.picture}" if dish.picture else ""
        return self._pages.render("dish.html", dish=dish, picture=picture)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """GET: a picture that was imported with the shop file."""
        name = request.match_info["name"]
        return _file(self._pictures, name, _WEEK) if _PICTURE.fullmatch(name) else web.Response(status=404)

    async def picture_bytes(self, path: str) -> bytes | None:
        """The picture behind a path of `/p/pictures/`, for the upload into the chat; None when there is none."""
        name = path.removeprefix("/p/pictures/")
        if not _PICTURE.fullmatch(name):
            return None
        try:
            return await asyncio.to_thread((self._pictures / name).read_bytes)
        except FileNotFoundError:
            return None

    async def static(self, request: web.Request) -> web.StreamResponse:
        """GET: a file of ours: the style, and the pictures on cards of bills and stores."""
        name = request.match_info["name"]
        return _file(STATIC, name, _HOUR) if name in {"page.css", "bill.png", "store.png"} else web.Response(status=404)

    def _dish(self, session: Session, dish_id: str) -> Dish | None:
        return self._snapshots.get(session).dishes.get(dish_id)


def _file(folder: Path, name: str, kept: str) -> web.StreamResponse:
    path = folder / name
    return web.FileResponse(path, headers={"Cache-Control": kept}) if path.is_file() else web.Response(status=404)
