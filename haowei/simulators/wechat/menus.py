"""The menu bar below the chat: at most three buttons, each with at most five more."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from haowei.simulators.wechat.endpoints import ESCAPE, OK, Endpoint, json_object
from haowei.simulators.wechat.errors import ApiError

_KEYED = {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"}
_LINKED = {"view", "miniprogram"}


@dataclass(frozen=True, slots=True)
class _Level:
    """Limits of one level and the codes beyond them. Source: the platform's page on creating menus."""

    most: int
    name_bytes: int
    too_many: int
    bad_type: int
    bad_name: int
    bad_key: int
    bad_url: int


_BAR = _Level(3, 16, 40016, 40017, 40018, 40019, 40020)
_SUB = _Level(5, 60, 40023, 40024, 40025, 40026, 40027)
_KEY_BYTES, _URL_BYTES = 128, 1024


class MenuBar:
    """The account's menu.

    Attributes:
        buttons: As the account gave them; empty while there is no menu.
    """

    def __init__(self) -> None:
        self.buttons: list[dict[str, Any]] = []

    def create(self, raw: bytes) -> None:
        """Replace the menu.

        Raises:
            ApiError: 40033 for escapes of the form backslash-u in the raw body, which the platform does
                not read; 400xx for the limits.
        """
        if ESCAPE.search(raw):
            raise ApiError(40033)
        buttons = json_object(raw).get("button")
        _check(buttons, _BAR)
        self.buttons = [{**button, "sub_button": button.get("sub_button", [])} for button in buttons or ()]

    def find(self, key: str) -> dict[str, Any] | None:
        """The button with this key, or this address."""
        for button in self.buttons:
            for candidate in (button, *button["sub_button"]):
                if key in {candidate.get("key"), candidate.get("url")}:
                    return dict(candidate)
        return None


def _check(buttons: Any, level: _Level) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= level.most:
        raise ApiError(level.too_many)
    for button in buttons:
        if not isinstance(button, dict):
            raise ApiError(47001)
        if not 1 <= _size(button.get("name")) <= level.name_bytes:
            raise ApiError(level.bad_name)
        if level is _BAR and button.get("sub_button"):
            _check(button["sub_button"], _SUB)
        else:
            _check_action(button, level)


def _check_action(button: dict[str, Any], level: _Level) -> None:
    kind = button.get("type")
    if kind in _KEYED:
        if not 1 <= _size(button.get("key")) <= _KEY_BYTES:
            raise ApiError(level.bad_key)
    elif kind in _LINKED:
        url = button.get("url")
        if not 1 <= _size(url) <= _URL_BYTES or not str(url).startswith(("http://", "https://")):
            raise ApiError(level.bad_url)
    else:
        raise ApiError(level.bad_type)


def _size(value: Any) -> int:
    return len(value.encode()) if isinstance(value, str) else 0


def endpoints(menu: MenuBar) -> list[Endpoint]:
    """menu/create, menu/get, menu/delete."""

    async def create(request: web.Request) -> dict[str, Any]:
        menu.create(await request.read())
        return OK

    async def get(_request: web.Request) -> dict[str, Any]:
        if not menu.buttons:
            raise ApiError(46003)
        return {"menu": {"button": menu.buttons}}

    async def delete(_request: web.Request) -> dict[str, Any]:
        menu.buttons = []
        return OK

    return [
        Endpoint("POST", "/cgi-bin/menu/create", create),
        Endpoint("GET", "/cgi-bin/menu/get", get),
        Endpoint("GET", "/cgi-bin/menu/delete", delete),
    ]
