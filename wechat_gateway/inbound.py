"""A push becomes what a diner said or did, with the customer-message quota that it opens."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.messages import InboundKind, InboundMessage
from domain.kernel.scenes import parse_scene
from domain.kernel.text import clean
from domain.messages.rules import Window
from wechat_gateway.push import Push
from wechat_gateway.push_types import EventType, MessageType

LONGEST_TEXT: Final = 2000  # characters; the chat itself ends at about as many
_LONGEST_KEY = 128  # bytes of a menu's EventKey; scenes have 64
_CHOICE = re.compile(r"[A-Za-z0-9_-]{1,40}\.[0-9]{1,3}")

_PICTURES = {MessageType.IMAGE, MessageType.VIDEO, MessageType.SHORTVIDEO}
_TAPS = {EventType.CLICK, EventType.SCANCODE_PUSH, EventType.SCANCODE_WAITMSG, EventType.SUBSCRIBE, EventType.SCAN}


def to_inbound(push: Push) -> InboundMessage | None:
    """What the bot hears of a push; None when there is nothing to hear (answered `success` and counted).

    Pushed positions (LOCATION events) are never heard: they are answered and dropped (ARCHITECTURE, decision 10).
    """
    kind = push.kind
    if kind is MessageType.TEXT:
        if _CHOICE.fullmatch(push.menu_item):
            return _message(push, InboundKind.CHOICE, text=push.content, key=push.menu_item)
        return _message(push, InboundKind.TEXT, text=push.content)
    if kind is EventType.CLICK:
        return _message(push, InboundKind.MENU, key=push.event_key) if push.event_key else None
    if kind is EventType.SCAN:
        return _message(push, InboundKind.SCAN, key=push.scene) if push.scene else None
    if kind is EventType.SUBSCRIBE:
        return _message(push, InboundKind.FOLLOW, key=push.scene)
    if kind is EventType.UNSUBSCRIBE:
        return _message(push, InboundKind.UNFOLLOW)
    if kind is EventType.SCANCODE_WAITMSG or kind is EventType.SCANCODE_PUSH:
        scene = _scene_in(push.scan_result)
        return _message(push, InboundKind.SCAN, key=scene) if scene else None
    if kind is MessageType.LOCATION:
        place = push.place
        if place is None:
            return None
        return _message(push, InboundKind.LOCATION, text=place.label, latitude=place.latitude, longitude=place.longitude)
    if kind is MessageType.VOICE:
        words = clean(push.recognition).strip()
        return _message(push, InboundKind.TEXT, text=words) if words else _message(push, InboundKind.VOICE)
    if kind in _PICTURES:
        return _message(push, InboundKind.PICTURE)
    if kind is EventType.KF_CREATE_SESSION:
        return _message(push, InboundKind.PERSON_CAME)
    if kind is EventType.KF_CLOSE_SESSION:
        return _message(push, InboundKind.PERSON_LEFT)
    return None


def _message(
    push: Push, kind: InboundKind, *, text: str = "", key: str = "", latitude: float | None = None, longitude: float | None = None
) -> InboundMessage:
    return InboundMessage(
        dedupe_key=push.dedupe_key,
        sender=push.from_user,
        kind=kind,
        sent_at=push.created_at,
        text=clean(text)[:LONGEST_TEXT],
        key=clean(key)[:_LONGEST_KEY],
        latitude=latitude,
        longitude=longitude,
        window=_opens_window(push),
    )


def _opens_window(push: Push) -> Window | None:
    """Which quota of customer messages the push opens; a tap on a msgmenu item is a tap, although it arrives as text.

    Source: reference wechat §1.2.
    """
    if isinstance(push.kind, MessageType):
        return Window.TAP if push.menu_item else Window.MESSAGE
    return Window.TAP if push.kind in _TAPS else None


def _scene_in(scanned: str) -> str:
    """The scene of ours in a code that a menu button read: bare, or as `scene` of a link."""
    if parse_scene(scanned):
        return scanned
    try:
        query = urlsplit(scanned).query
        scene = parse_qs(query, max_num_fields=20).get("scene", [""])[0]
    except ValueError:
        return ""
    return scene if parse_scene(scene) else ""
