"""Pictures of ours in the chat: read by their path, uploaded once, and used while the platform keeps them.

Called after the commit. Whatever goes wrong is no fault of the turn: the reply then is an article that shows the picture.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

import structlog

from domain.kernel.clock import Clock
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.errors import WeChatApiError
from wechat_gateway.api.media import MEDIA_LIFE, upload_image

KEPT: Final = MEDIA_LIFE - timedelta(hours=1)  # a message that is sent late still finds it
_MOST_KEPT = 500  # member codes are never asked for again; dishes are few


class PictureSource(Protocol):
    """Whoever has pictures under a path of ours."""

    async def picture_bytes(self, path: str) -> bytes | None:
        """The PNG or JPEG behind a path; None when it is none of theirs, or is shown no more."""
        ...


class _Kept(NamedTuple):
    media_id: str
    until: datetime


class Pictures:
    """Media ids of our pictures. A picture that many want at once is uploaded once."""

    def __init__(self, client: WeChatClient, clock: Clock, sources: Sequence[PictureSource]) -> None:
        self._client = client
        self._clock = clock
        self._sources = sources
        self._kept: dict[str, _Kept] = {}
        self._under_way: dict[str, asyncio.Task[str]] = {}
        self._log = structlog.get_logger("pictures")

    async def media_id(self, path: str, *, seconds: float) -> str:
        """The media id of a picture by its path ("/p/…"), or "" when there is none in time.

        Args:
            seconds: How long to wait. An upload that takes longer goes on, and the next who asks has its fruit.
        """
        try:
            async with asyncio.timeout(seconds):
                content = await self._content(path)
                return "" if content is None else await self._uploaded(content)
        except TimeoutError:
            self._log.warning("picture.too_slow")
        except WeChatApiError as error:
            self._log.warning("picture.not_uploaded", code=error.errcode, action=error.action.value)
        except ValueError as error:
            self._log.error("picture.not_uploaded", error=str(error))
        return ""

    def forget(self, media_id: str) -> None:
        """The platform no longer knows this id (40007): the next who asks uploads the picture again."""
        self._kept = {digest: kept for digest, kept in self._kept.items() if kept.media_id != media_id}

    async def close(self) -> None:
        """Give up what is still being uploaded."""
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _content(self, path: str) -> bytes | None:
        for source in self._sources:
            content = await source.picture_bytes(path)
            if content is not None:
                return content
        return None

    async def _uploaded(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        kept = self._kept.get(digest)
        if kept is not None and self._clock.now() < kept.until:
            return kept.media_id
        task = self._under_way.get(digest)
        if task is None:
            task = asyncio.create_task(self._upload(digest, content), name="picture")
            self._under_way[digest] = task
            task.add_done_callback(lambda done: self._settle(digest, done))
        return await asyncio.shield(task)

    async def _upload(self, digest: str, content: bytes) -> str:
        until = self._clock.now() + KEPT
        media_id = await upload_image(self._client, content)
        self._kept[digest] = _Kept(media_id, until)
        if len(self._kept) > _MOST_KEPT:
            del self._kept[min(self._kept, key=lambda known: self._kept[known].until)]
        return media_id

    def _settle(self, digest: str, task: asyncio.Task[str]) -> None:
        del self._under_way[digest]
        if not task.cancelled():
            task.exception()  # told to whoever waited; nobody may
