"""QR codes with a scene: qrcode/create. Source: reference wechat §1.7."""

from typing import Any, Final, NamedTuple

from domain.kernel.scenes import LONGEST_SCENE
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.transport import required

LONGEST_LIFE: Final = 2_592_000  # seconds: 30 days


class QrCode(NamedTuple):
    """A QR code of the platform: `url` is what the code shows, `ticket` what a push names it by."""

    ticket: str
    url: str


async def create_temporary_qr_code(client: WeChatClient, scene: str, *, seconds: int) -> QrCode:
    """Make a QR code that works for a while.

    Args:
        scene: 1 to 64 bytes, see `domain.kernel.scenes`.
        seconds: 1 to 2,592,000. The platform's own default, when none is given, is under a minute.

    Raises:
        ValueError: Scene or life out of bounds.
        WeChatApiError: The call failed.
    """
    if not 1 <= seconds <= LONGEST_LIFE:
        raise ValueError(f"a temporary QR code lives 1 to {LONGEST_LIFE} seconds, not {seconds}")
    return await _create(client, {"expire_seconds": seconds, "action_name": "QR_STR_SCENE", "action_info": _info(scene)})


async def create_permanent_qr_code(client: WeChatClient, scene: str) -> QrCode:
    """Make a QR code for good: tables and doors. An account has 100,000 of them, and none comes back.

    Raises:
        ValueError: Scene out of bounds.
        WeChatApiError: The call failed.
    """
    return await _create(client, {"action_name": "QR_LIMIT_STR_SCENE", "action_info": _info(scene)})


def _info(scene: str) -> dict[str, Any]:
    if not 1 <= len(scene.encode()) <= LONGEST_SCENE:
        raise ValueError(f"a scene has 1 to {LONGEST_SCENE} bytes: {scene!r}")
    return {"scene": {"scene_str": scene}}


async def _create(client: WeChatClient, body: dict[str, Any]) -> QrCode:
    # The same permanent scene gives the same code again; a temporary one more does no harm.
    answer = await client.call("/cgi-bin/qrcode/create", body, repeatable=True)
    return QrCode(required(answer, "ticket"), required(answer, "url"))
