"""/p/stores/{store}: one store: open or not, the hours of its week, address, telephone and the way there."""

import re
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.shop.hours import DAY_MINUTES, Week, Window, window_text
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.shop.store import Store
from domain.storage import Database
from wechat_gateway.pages.rendering import Pages

_DAYS = "一二三四五六日"
_MAP: Final = "https://apis.map.qq.com/uri/v1/marker"  # opens 腾讯地图; needs no key, and takes GCJ-02 as the shop file has it
_SEPARATORS = str.maketrans(":;|", "：；｜")  # what parts the marker's fields may not stand in a name
_NUMBER = re.compile(r"\+?\d[\d -]{2,}")


class OpenDays(NamedTuple):
    """Days in a row with the same hours, in words."""

    days: str
    hours: str
    is_today: bool


class StorePage:
    """Shows a store. A store that the brand has given up is said to be closed for good."""

    def __init__(self, database: Database, snapshots: SnapshotCache, clock: Clock, pages: Pages) -> None:
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Where the handler stands."""
        return [web.get("/p/stores/{store}", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """GET: the store as the shop file has it, and whether it is open at this moment."""
        shop = await self._database.read(self._shop)
        store_id = request.match_info["store"]
        store = shop.stores.get(store_id)
        if store is None:
            retired = shop.known_stores.get(store_id)
            text = f"“{retired.name}”已经停业了。" if retired else "没有这家门店。"
            return self._pages.render("notice.html", status=404, title="门店", text=f"{text}回到聊天里发个位置，可以找到附近的门店。")
        now = self._clock.now()
        return self._pages.render(
            "store.html",
            store=store,
            is_open=store.is_open(now),
            week=open_days(store.hours, store.local(now).weekday()),
            dial=dial_link(store.phone),
            map=map_link(store, shop.brand.name),
        )

    def _shop(self, session: Session) -> ShopSnapshot:
        return self._snapshots.get(session)


def open_days(week: Week, today: int) -> list[OpenDays]:
    """The hours of a week, Monday first; days in a row that are alike stand on one line.

    Args:
        today: 0 for Monday.
    """
    lines = []
    for windows, group in groupby(range(7), key=week.__getitem__):
        days = list(group)
        lines.append(OpenDays(_days_text(days), _hours_text(windows), today in days))
    return lines


def dial_link(phone: str) -> str:
    """The tel: link of the first number in a text, or "": an extension (「转 8」) is told, not dialled."""
    number = _NUMBER.search(phone)
    return f"tel:{re.sub('[ -]', '', number[0])}" if number else ""


def map_link(store: Store, brand: str) -> str:
    """The link that shows the store in a map app, or "" when the shop file does not say where it is."""
    if store.latitude is None:
        return ""
    fields = {"coord": f"{store.latitude},{store.longitude}", "title": store.name, "addr": store.address or store.name}
    marker = ";".join(f"{name}:{value.translate(_SEPARATORS)}" for name, value in fields.items())
    return f"{_MAP}?{urlencode({'marker': marker, 'referer': brand}, quote_via=quote)}"


def _days_text(days: list[int]) -> str:
    if len(days) == 7:
        return "每天"
    first, last = f"周{_DAYS[days[0]]}", f"周{_DAYS[days[-1]]}"
    if len(days) == 1:
        return first
    return f"{first}、{last}" if len(days) == 2 else f"{first}至{last}"


def _hours_text(windows: tuple[Window, ...]) -> str:
    if windows == ((0, DAY_MINUTES),):
        return "全天营业"
    return "、".join(map(window_text, windows)) or "休息"
