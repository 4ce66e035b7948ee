"""What the page shows of the platform, the printers and the shop, as plain JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import segno

from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Printer, Store
from haowei.simulators.printers import Paper, PrinterSimulator
from haowei.simulators.wechat import Diner, PlatformComplaint, WeChatPlatform

_NAMES = "甲乙丙丁戊己庚辛壬癸"
_LONGEST_CHAT = 300  # items a page gets when it opens
_MOST_PAPERS = 20  # pieces of each printer a page gets when it opens
_MOST_NOTICES = 8
_ROLES = {"kitchen": "后厨", "pass": "传菜", "receipt": "收银", "service": "服务", "queue": "排队"}


class DemoView:
    """Reads the simulators; changes nothing."""

    def __init__(
        self, platform: WeChatPlatform, printers: Mapping[str, Sequence[PrinterSimulator]], shop: ShopSnapshot, gateway_url: str
    ) -> None:
        self._platform = platform
        self._printers = printers
        self._shop = shop
        self._gateway_url = gateway_url

    @property
    def brand(self) -> str:
        """What the account is called."""
        return self._shop.brand.name or "公众号"

    def state(self) -> dict[str, Any]:
        """Everything, for a page that opens."""
        return {
            "brand": self.brand,
            "timezone": self._shop.brand.timezone,
            "gateway": self._gateway_url,
            "stores": [self._store(store) for store in self._shop.stores.values()],
            "chats": {openid: [item.to_json() for item in diner.chat[-_LONGEST_CHAT:]] for openid, diner in self._platform.diners.items()},
            "papers": {
                store: {printer.printer_id: [self.paper(paper) for paper in printer.papers[-_MOST_PAPERS:]] for printer in printers}
                for store, printers in self._printers.items()
            },
            "live": self.live(),
        }

    def live(self) -> dict[str, Any]:
        """What changes without a message or a paper: the diners' standing, the menu bar, the printers' lamps, the platform's complaints."""
        return {
            "menu": self._platform.menu.buttons,
            "diners": [self._diner(place, diner) for place, diner in enumerate(self._platform.diners.values())],
            "faults": {
                store: {printer.printer_id: sorted(printer.faults) for printer in printers} for store, printers in self._printers.items()
            },
            "notices": [self._notice(complaint) for complaint in self._platform.complaints[-_MOST_NOTICES:]],
        }

    def paper(self, paper: Paper) -> dict[str, Any]:
        """One piece of paper; a QR code comes as a path to draw."""
        lines = [{**asdict(line), "qr": _qr_path(line.qr) if line.qr else None} for line in paper.lines]
        return {
            "number": paper.number,
            "columns": paper.columns,
            "lines": lines,
            "text": paper.text,
            "beeps": paper.beeps,
            "faulty": bool(paper.unknown) or paper.overflowed,
        }

    def name(self, openid: str) -> str:
        """What the page calls a diner: 甲, 乙, … by the order in which they came."""
        place = list(self._platform.diners).index(openid)
        return _NAMES[place] if place < len(_NAMES) else f"食客{place + 1}"

    def scene_name(self, scene: str) -> str:
        """A scanned code in words."""
        for store in self._shop.stores.values():
            for code in store.tables:
                if scene == f"t.{store.id}.{code}":
                    return f"{store.name} {code} 桌"
        return scene

    def _diner(self, place: int, diner: Diner) -> dict[str, Any]:
        name = _NAMES[place] if place < len(_NAMES) else f"食客{place + 1}"
        return {
            "openid": diner.openid,
            "name": name,
            "following": diner.is_following,
            "typing": diner.is_shown_typing,
            "served": bool(diner.talks_to),
        }

    def _store(self, store: Store) -> dict[str, Any]:
        known = {printer.id: printer for printer in store.printers}
        return {
            "id": store.id,
            "name": store.name,
            "address": store.address,
            "location": None if store.latitude is None else [store.latitude, store.longitude],
            "tables": [{"code": table.code, "seats": table.seats, "area": table.area} for table in store.tables.values()],
            "printers": [
                {"id": printer.printer_id, "label": _label(known.get(printer.printer_id))} for printer in self._printers.get(store.id, ())
            ],
        }

    def _notice(self, complaint: PlatformComplaint) -> dict[str, Any]:
        return {
            "at": complaint.at.isoformat(),
            "text": f"{self.name(complaint.openid)}：{_in_words(complaint.reason)}",
            "reason": complaint.reason,
        }


def _label(printer: Printer | None) -> str:
    if printer is None:
        return "打印机"
    return " · ".join((*(_ROLES[role] for role in printer.roles[:2]), *printer.stations))


def _in_words(reason: str) -> str:
    if reason.startswith("no answer within"):
        return "公众号没有及时应答，平台会再试"
    if reason.startswith("no answer"):
        return "连不上公众号的回调地址，平台会再试"
    if reason.startswith("HTTP status"):
        return f"公众号答了 HTTP {reason.rpartition(' ')[2]}，平台会再试"
    return "公众号的应答不合规范，平台没有送达"


def _qr_path(content: str) -> dict[str, Any] | None:
    try:
        matrix = segno.make(content, error="m").matrix
    except ValueError:  # more than a code can hold
        return None
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return {"size": len(matrix), "path": dots}
