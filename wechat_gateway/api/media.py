"""Temporary media: media/upload. An id lives three days. Source: reference wechat §1.7."""

from datetime import timedelta
from typing import Final

from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.transport import required

MEDIA_LIFE: Final = timedelta(days=3)
_LARGEST_IMAGE = 10 * 1024 * 1024
_IMAGES = {b"\x89PNG\r\n\x1a\n": ("picture.png", "image/png"), b"\xff\xd8\xff": ("picture.jpg", "image/jpeg")}


async def upload_image(client: WeChatClient, content: bytes) -> str:
    """Upload a PNG or JPEG for use in messages.

    Returns:
        The media id, good for `MEDIA_LIFE` from now.

    Raises:
        ValueError: Neither PNG nor JPEG, or over 10 MB.
        WeChatApiError: The call failed.
    """
    form = next((form for magic, form in _IMAGES.items() if content.startswith(magic)), None)
    if form is None or len(content) > _LARGEST_IMAGE:
        raise ValueError("an image is a PNG or a JPEG of at most 10 MB")
    filename, content_type = form
    answer = await client.upload("/cgi-bin/media/upload", content, query={"type": "image"}, filename=filename, content_type=content_type)
    return required(answer, "media_id")
