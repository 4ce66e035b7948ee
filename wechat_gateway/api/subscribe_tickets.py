"""The JS-SDK ticket of a page with the platform's own "subscribe" button, and the signature made of it. Source: reference wechat §1.7."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from typing import Final

from domain.kernel.clock import Clock
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.transport import required

_LIFE: Final = timedelta(seconds=7200 - 300)


class SubscribeTickets:
    """Keeps one ticket for each process; asking again before its end gives the same one."""

    def __init__(self, client: WeChatClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._ticket = ""
        self._good_until: datetime | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A ticket that is good now.

        Raises:
            WeChatApiError: The platform gives none.
        """
        async with self._lock:
            now = self._clock.now()
            if self._good_until is None or now >= self._good_until:
                answer = await self._client.look_up("/cgi-bin/ticket/getticket", {"type": "jsapi"})
                self._ticket, self._good_until = required(answer, "ticket"), now + _LIFE
            return self._ticket


def page_signature(ticket: str, *, nonce: str, timestamp: int, url: str) -> str:
    """What wx.config is given.

    Args:
        url: Of the page as the phone opened it, without what follows "#".
    """
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
