"""One address of the platform's API, and how its request is read."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from haowei.simulators.wechat.errors import ApiError

Handler = Callable[[web.Request], Awaitable[dict[str, Any] | web.Response]]

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
# A backslash-u escape in a raw body. The platform refuses it in menus and shows it as it stands in messages.
ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u(?=[0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and what answers there: the JSON of the answer, or a whole answer.

    Attributes:
        public: Needs no access token.
    """

    method: str
    path: str
    handler: Handler
    public: bool = False


def json_object(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        ApiError: 44002 empty, 47001 not a JSON object in UTF-8.
    """
    if not raw:
        raise ApiError(44002)
    try:
        sent = json.loads(raw.decode())
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(sent, dict):
        raise ApiError(47001)
    return sent


def part(sent: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that must be an object.

    Raises:
        ApiError: 47001.
    """
    value = sent.get(name)
    if not isinstance(value, dict):
        raise ApiError(47001, name)
    return value


def words(sent: dict[str, Any], name: str) -> str:
    """A text member; a missing one is empty.

    Raises:
        ApiError: 47001 there, but not a text.
    """
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise ApiError(47001, name)
    return value
