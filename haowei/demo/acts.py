"""What a diner can do on the page, and the member of staff who serves them: read from JSON, done on the platform."""

import asyncio
import math
import re
from collections.abc import Callable, Coroutine
from typing import Any

from domain.kernel.text import clean
from haowei.demo.view import DemoView
from haowei.simulators.wechat import Answer, Content, Diner

Doing = Coroutine[Any, Any, Answer]

_SCENE = re.compile(r"[\w.-]{1,64}")
_LONGEST_TEXT = 2000  # characters


class UnreadableBodyError(ValueError):
    """What was sent cannot be read; the message says why, in Chinese."""


class NotNowError(Exception):
    """The diner cannot do that now; the message says why, in Chinese."""


class Body:
    """A JSON object from the page."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self._sent = sent

    def text(self, name: str, longest: int, *, may_be_empty: bool = False) -> str:
        """A text without control characters.

        Raises:
            UnreadableBodyError: Missing, not a text, empty or too long.
        """
        value = self._sent.get(name, "" if may_be_empty else None)
        if not isinstance(value, str) or len(value) > longest:
            raise UnreadableBodyError(f"{name} 应当是不超过 {longest} 个字的文字。")
        text = clean(value).strip()
        if not text and not may_be_empty:
            raise UnreadableBodyError(f"{name} 是空的。")
        return text

    def degrees(self, name: str, most: float) -> float:
        """A latitude or longitude.

        Raises:
            UnreadableBodyError: Not a number from -most to most.
        """
        value = self._sent.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.fabs(value) <= most:
            raise UnreadableBodyError(f"{name} 应当是 -{most:g} 到 {most:g} 之间的数。")
        return float(value)

    def flag(self, name: str) -> bool:
        """True or false.

        Raises:
            UnreadableBodyError: Neither.
        """
        value = self._sent.get(name)
        if not isinstance(value, bool):
            raise UnreadableBodyError(f"{name} 应当是 true 或 false。")
        return value


def act(body: Body, diner: Diner, view: DemoView) -> Doing:
    """Read what a diner does, or the member of staff who serves them, and give what does it.

    Raises:
        UnreadableBodyError: No such act, or what belongs to it is missing or wrong.
        NotNowError: Writing without following, following twice, serving a diner who was not handed over.
    """
    name = body.text("act", 20)
    if name not in _ACTS:
        raise UnreadableBodyError("不认识这个动作。")
    needs_following, read = _ACTS[name]
    if needs_following is not None and needs_following is not diner.is_following:
        raise NotNowError("还没有关注公众号：先关注，或者扫桌上的码。" if needs_following else "已经关注了。")
    return read(body, diner, view)


def _says(body: Body, diner: Diner, _view: DemoView) -> Doing:
    return diner.says(body.text("text", _LONGEST_TEXT))


def _menu(body: Body, diner: Diner, _view: DemoView) -> Doing:
    return diner.taps_menu(body.text("key", 1024))


def _choice(body: Body, diner: Diner, _view: DemoView) -> Doing:
    return diner.taps_choice(body.text("id", 64), body.text("label", 200))


def _scan(body: Body, diner: Diner, view: DemoView) -> Doing:
    scene = body.text("scene", 64)
    if not _SCENE.fullmatch(scene):
        raise UnreadableBodyError("这不是我们的二维码。")
    _tell(diner, f"扫码：{view.scene_name(scene)}")
    if not diner.is_following:
        _tell(diner, f"你已关注「{view.brand}」")
    return diner.scans(scene)


def _location(body: Body, diner: Diner, _view: DemoView) -> Doing:
    return diner.sends_location(body.degrees("latitude", 90), body.degrees("longitude", 180), body.text("label", 100))


async def _picture(_body: Body, diner: Diner, _view: DemoView) -> Answer:
    from haowei.demo.pictures.scenes import store_front  # a picture library: the start stays quick

    return await diner.sends_picture(await asyncio.to_thread(store_front))


def _speaks(body: Body, diner: Diner, _view: DemoView) -> Doing:
    return diner.speaks(body.text("text", _LONGEST_TEXT, may_be_empty=True) or None)


def _staff_writes(body: Body, diner: Diner, _view: DemoView) -> Doing:
    _require_staff(diner)
    return _written(diner, body.text("text", _LONGEST_TEXT))


async def _written(diner: Diner, text: str) -> Answer:
    return Answer(diner.staff_writes(text), ())


def _staff_leaves(_body: Body, diner: Diner, _view: DemoView) -> Doing:
    _require_staff(diner)
    _tell(diner, "客服已结束会话")
    return diner.staff_leaves()


def _require_staff(diner: Diner) -> None:
    if not diner.talks_to:
        raise NotNowError("现在没有客服在接待这位食客。")


def _follow(_body: Body, diner: Diner, view: DemoView) -> Doing:
    _tell(diner, f"你已关注「{view.brand}」")
    return diner.follows()


def _unfollow(_body: Body, diner: Diner, view: DemoView) -> Doing:
    _tell(diner, f"你已取消关注「{view.brand}」")
    return diner.unfollows()


def _tell(diner: Diner, notice: str) -> None:
    diner.sees(Content(kind="notice", text=notice))


_ACTS: dict[str, tuple[bool | None, Callable[[Body, Diner, DemoView], Doing]]] = {
    "says": (True, _says),
    "menu": (True, _menu),
    "choice": (True, _choice),
    "scan": (None, _scan),
    "location": (True, _location),
    "picture": (True, _picture),
    "speaks": (True, _speaks),
    "staff_writes": (True, _staff_writes),
    "staff_leaves": (True, _staff_leaves),
    "follow": (False, _follow),
    "unfollow": (True, _unfollow),
}
