"""One HTTP exchange with the platform: bytes out, a JSON object back, and every fault as a WeChatApiError."""

import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from wechat_gateway.api.errors import Action, WeChatApiError, action_for

TIMEOUT: Final = aiohttp.ClientTimeout(total=8, sock_connect=3)
_LONGEST_ERRMSG = 300

Body = bytes | aiohttp.FormData


class Transport:
    """Speaks to one base URL through a session that its owner opens and closes."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        """Take the session.

        Args:
            api_url: HAOWEI_WECHAT_API_URL, "https://api.weixin.qq.com" for the real platform.
        """
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._timeout = timeout

    async def post(self, path: str, body: Body, *, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Post once, without any retry.

        The address holds the token, so the library's own exceptions, which may show it, are never passed on.

        Raises:
            WeChatApiError: Any fault; `sent` says what is known of the effect.
        """
        headers = {"Content-Type": "application/json; charset=utf-8"} if isinstance(body, bytes) else None
        return await self._exchange("POST", path, query, body, headers)

    async def get(self, path: str, *, query: Mapping[str, str]) -> dict[str, Any]:
        """Get once, without any retry.

        Raises:
            WeChatApiError: Any fault.
        """
        return await self._exchange("GET", path, query, None, None)

    async def _exchange(
        self, method: str, path: str, query: Mapping[str, str] | None, body: Body | None, headers: Mapping[str, str] | None
    ) -> dict[str, Any]:
        try:
            async with self._session.request(
                method, f"{self._api_url}{path}", params=query, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _no_answer(f"no connection ({type(error).__name__})", sent=False) from None
        except aiohttp.InvalidURL:
            raise WeChatApiError(None, "the API address is no URL", Action.ALARM, sent=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _no_answer(f"the connection broke ({type(error).__name__})", sent=None) from None
        return _answer(path, status, raw)


def encode(body: Mapping[str, Any]) -> bytes:
    r"""A JSON body. Chinese stays as it is: menu/create refuses \uXXXX escapes (40033)."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def required(answer: Mapping[str, Any], name: str) -> str:
    """A value that a successful answer must have, as text: ids exceed what other languages keep exact.

    Raises:
        WeChatApiError: It is missing. The call itself was done.
    """
    value = answer.get(name)
    if not isinstance(value, str | int) or value == "":
        raise WeChatApiError(None, f"no {name} in the answer", Action.RETRY_LATER, sent=True)
    return str(value)


def _answer(path: str, status: int, raw: bytes) -> dict[str, Any]:
    # The platform labels JSON as text/plain, and may leave control characters in it.
    try:
        answer = json.loads(raw.decode("utf-8", "replace"), strict=False)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _unreadable(path, status)
    errcode = answer.get("errcode", 0)
    if not isinstance(errcode, int):
        raise _unreadable(path, status)
    if errcode:
        action = action_for(errcode)
        if action is Action.SUCCESS:
            return answer
        raise WeChatApiError(errcode, str(answer.get("errmsg", ""))[:_LONGEST_ERRMSG], action, sent=False)
    if status >= 400:
        raise _unreadable(path, status)
    return answer


def _unreadable(path: str, status: int) -> WeChatApiError:
    refused = 400 <= status < 500
    action = Action.ALARM if refused and status != 429 else Action.RETRY_LATER
    return WeChatApiError(None, f"HTTP {status} without a usable answer to {path}", action, sent=False if refused else None)


def _no_answer(words: str, *, sent: bool | None) -> WeChatApiError:
    return WeChatApiError(None, words, Action.RETRY_LATER, sent)
