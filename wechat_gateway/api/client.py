"""A call with a token: at most one retry, and only where it can do no harm."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import aiohttp

from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.transport import Transport, encode

_PAUSE_S: Final = 0.3


class TokenSource(Protocol):
    """Where access tokens come from (tokens.AccessTokens)."""

    async def get(self) -> str:
        """A token that should be good."""
        ...

    async def renew(self, refused: str) -> str:
        """Another token than the one that the platform has just refused."""
        ...


class WeChatClient:
    """Calls the API in the name of one account."""

    def __init__(self, transport: Transport, tokens: TokenSource) -> None:
        self._transport = transport
        self._tokens = tokens

    async def call(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> dict[str, Any]:
        """Post a JSON body.

        A refused token is renewed and the call made once more; so is a call that surely did nothing (no connection,
        platform busy).

        Args:
            path: "/cgi-bin/…".
            repeatable: Doing it twice does no harm (the body carries a key that the platform knows, or nothing
                reaches a diner): then a call without a usable answer is made once more too.

        Raises:
            WeChatApiError: `sent` is about both tries together.
        """
        content = encode(body)
        return await self._twice(lambda token: self._transport.post(path, content, query=token), repeatable=repeatable)

    async def look_up(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Get something that asking does not change. Repeatable.

        Raises:
            WeChatApiError: See `call`.
        """
        return await self._twice(lambda token: self._transport.get(path, query={**query, **token}), repeatable=True)

    async def upload(self, path: str, content: bytes, *, query: Mapping[str, str], filename: str, content_type: str) -> dict[str, Any]:
        """Post one file in the field "media". Repeatable; a retry sends the whole file again.

        Raises:
            WeChatApiError: See `call`.
        """

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData()
            data.add_field("media", content, filename=filename, content_type=content_type)
            return data

        return await self._twice(lambda token: self._transport.post(path, form(), query={**query, **token}), repeatable=True)

    async def _twice(self, attempt: Callable[[Mapping[str, str]], Awaitable[dict[str, Any]]], *, repeatable: bool) -> dict[str, Any]:
        token = await self._tokens.get()
        try:
            return await attempt({"access_token": token})
        except WeChatApiError as error:
            first = error
        if first.action is Action.REFRESH_TOKEN:
            token = await self._tokens.renew(token)
        elif _worth_repeating(first, repeatable=repeatable):
            await asyncio.sleep(_PAUSE_S)
        else:
            raise first
        try:
            return await attempt({"access_token": token})
        except WeChatApiError as second:
            if first.sent is None and second.sent is False:
                second.sent = None  # the second surely did nothing, the first still may have
            if second.action is Action.REFRESH_TOKEN:
                second.action = Action.RETRY_LATER  # one renewal a call; the next call starts from there
            raise


def _worth_repeating(error: WeChatApiError, *, repeatable: bool) -> bool:
    if error.action is not Action.RETRY_LATER:
        return False
    if error.sent is None:
        return repeatable
    return error.errcode in {None, -1}  # a minute's limit (45011) needs longer than this call lives
