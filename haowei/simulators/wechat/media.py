"""Temporary media: pictures, voices and videos, kept for three days."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from domain.kernel.clock import Clock
from haowei.simulators.wechat.endpoints import Endpoint
from haowei.simulators.wechat.errors import ApiError

_KEPT = timedelta(days=3)
_KIB = 1024
# Largest size and the code beyond it. Source: the platform's page on temporary media.
_SIZES = {
    "image": (10 * _KIB * _KIB, 40009),
    "voice": (2 * _KIB * _KIB, 40010),
    "video": (10 * _KIB * _KIB, 40011),
    "thumb": (64 * _KIB, 40012),
}
_CONTENT_TYPES = {
    "image": ("image/png", "image/jpeg", "image/gif"),
    "voice": ("audio/amr", "audio/mpeg"),
    "video": ("video/mp4",),
    "thumb": ("image/jpeg",),
}


@dataclass(frozen=True, slots=True)
class Media:
    """One kept file."""

    id: str
    type: str
    content_type: str
    data: bytes
    created_at: datetime


class MediaStore:
    """The account's temporary media, uploaded by the account or sent by diners.

    Attributes:
        base_url: Where pages see them.
    """

    def __init__(self, clock: Clock) -> None:
        self.base_url = "http://mmbiz.qpic.cn"
        self._clock = clock
        self._kept: dict[str, Media] = {}

    def add(self, kind: str, data: bytes) -> Media:
        """Keep a file.

        Raises:
            ApiError: 40004 kind, 40113 format, 40009–40012 size, 44001 empty.
        """
        if kind not in _SIZES:
            raise ApiError(40004)
        if not data:
            raise ApiError(44001)
        largest, too_large = _SIZES[kind]
        if len(data) > largest:
            raise ApiError(too_large)
        content_type = _content_type(data)
        if content_type not in _CONTENT_TYPES[kind]:
            raise ApiError(40113)
        now = self._clock.now()
        self._kept = {key: media for key, media in self._kept.items() if now - media.created_at < _KEPT}
        media = Media(secrets.token_urlsafe(48), kind, content_type, data, now)
        self._kept[media.id] = media
        return media

    def get(self, media_id: str, kind: str | None = None) -> Media:
        """Find a file, of a kind if one is given.

        Raises:
            ApiError: 40007 unknown, older than three days, or of another kind.
        """
        media = self._kept.get(media_id)
        if media is None or self._clock.now() - media.created_at >= _KEPT or kind not in {None, media.type}:
            raise ApiError(40007)
        return media

    def address(self, media_id: str) -> str:
        """Where a page sees a picture."""
        return f"{self.base_url}/mmbiz/{media_id}"


def _content_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"#!AMR"):
        return "audio/amr"
    if data.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio/mpeg"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return "application/octet-stream"


def endpoints(store: MediaStore) -> list[Endpoint]:
    """media/upload, media/get, and the address where pages see a picture."""

    async def upload(request: web.Request) -> web.Response:
        media = store.add(request.query.get("type", ""), await _uploaded_file(request))
        name = "thumb_media_id" if media.type == "thumb" else "media_id"
        answer = {"type": media.type, name: media.id, "created_at": int(media.created_at.timestamp()), "item": []}
        # The platform answers uploads as text/plain.
        return web.json_response(answer, content_type="text/plain")

    async def get(request: web.Request) -> web.Response | dict[str, Any]:
        media = store.get(request.query.get("media_id", ""))
        name = f"{media.id}.{media.content_type.rpartition('/')[2]}"
        return web.Response(
            body=media.data, content_type=media.content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    async def picture(request: web.Request) -> web.Response:
        try:
            media = store.get(request.match_info["media_id"])
        except ApiError as error:
            raise web.HTTPNotFound from error
        return web.Response(body=media.data, content_type=media.content_type)

    return [
        Endpoint("POST", "/cgi-bin/media/upload", upload),
        Endpoint("GET", "/cgi-bin/media/get", get),
        Endpoint("GET", "/mmbiz/{media_id}", picture, public=True),
    ]


async def _uploaded_file(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    reader: MultipartReader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
            return bytes(await part.read())
    raise ApiError(41005)
