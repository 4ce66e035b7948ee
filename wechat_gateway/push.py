"""A push of any kind, typed: what WeChat says to the account. Source: reference wechat §1.1."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from wechat_gateway.errors import PushRefusedError
from wechat_gateway.push_types import EventType, MessageType, kind_of
from wechat_gateway.xml import Fields, read_fields

_SCENE_PREFIX = "qrscene_"
_LONGEST_NAME = 128  # openids have 28 characters; more than this is no account name


class Place(NamedTuple):
    """Where a diner says to be, in degrees (GCJ-02), with the label shown in the chat."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Push:
    """One push.

    Attributes:
        msg_type: MsgType without blanks around: "text", …, "event".
        event: Event as it came, without blanks around; "" for messages.
        kind: The known type, or None: such a push is answered and counted, no more.
        fields: Everything that stood in the XML, as it stood.
        from_user: The diner's openid; "" only when the kind is unknown.
        created_at: CreateTime, aware, UTC.
        dedupe_key: The same for every delivery of the same push. Holds no openid in the clear.
    """

    msg_type: str
    event: str
    kind: MessageType | EventType | None
    fields: Fields
    to_user: str
    from_user: str
    created_at: datetime
    dedupe_key: str

    @property
    def known(self) -> bool:
        """Whether this gateway knows the type."""
        return self.kind is not None

    @property
    def content(self) -> str:
        """The text of a text message, as it came."""
        return _text(self.fields, "Content")

    @property
    def menu_item(self) -> str:
        """The id of the msgmenu item that was tapped; such a tap arrives as a text message. "" otherwise."""
        return _text(self.fields, "bizmsgmenuid").strip()

    @property
    def recognition(self) -> str:
        """The words that the platform heard in a voice message; "" when it is off."""
        return _text(self.fields, "Recognition")

    @property
    def event_key(self) -> str:
        """EventKey: a menu key, a URL, or a scene (see `scene`)."""
        return _text(self.fields, "EventKey").strip()

    @property
    def scene(self) -> str:
        """The scene of the QR code that was scanned (SCAN, or subscribe by QR code); "" without one."""
        if self.kind is EventType.SCAN:
            return self.event_key.removeprefix(_SCENE_PREFIX)
        if self.kind is EventType.SUBSCRIBE and self.event_key.startswith(_SCENE_PREFIX):
            return self.event_key.removeprefix(_SCENE_PREFIX)
        return ""

    @property
    def scan_result(self) -> str:
        """What a menu's scan button read (scancode_push, scancode_waitmsg)."""
        info = self.fields.get("ScanCodeInfo")
        return _text(info, "ScanResult").strip() if isinstance(info, dict) else ""

    @property
    def place(self) -> Place | None:
        """The place of a location message; None when its numbers are none."""
        latitude = _degrees(_text(self.fields, "Location_X"), 90)
        longitude = _degrees(_text(self.fields, "Location_Y"), 180)
        if latitude is None or longitude is None:
            return None
        return Place(latitude, longitude, _text(self.fields, "Label"))


def parse_push(xml: bytes) -> Push:
    """Read a push in the clear. Types that nobody knows yet are read too (`known` is False).

    Raises:
        PushRefusedError: Not a push: no XML, no MsgType, no numeric CreateTime, or a known type without its two parties.
    """
    fields = read_fields(xml)
    msg_type = _text(fields, "MsgType").strip()
    event = _text(fields, "Event").strip()
    if not msg_type:
        raise PushRefusedError("malformed", "no MsgType")
    kind = kind_of(msg_type, event)
    to_user = _text(fields, "ToUserName").strip()
    from_user = _text(fields, "FromUserName").strip()
    if kind is not None and not (0 < len(from_user) <= _LONGEST_NAME and 0 < len(to_user) <= _LONGEST_NAME):
        raise PushRefusedError("malformed", "no ToUserName or no FromUserName")
    created = _text(fields, "CreateTime").strip()
    return Push(msg_type, event, kind, fields, to_user, from_user, _instant(created), _dedupe_key(fields, event, from_user, created))


def describe(push: Push) -> dict[str, Any]:
    """What `haowei wechat parse` prints."""
    return {
        "msg_type": push.msg_type,
        "event": push.event or None,
        "fields": push.fields,
        "dedupe_key": push.dedupe_key,
        "known": push.known,
    }


def _dedupe_key(fields: Fields, event: str, from_user: str, created: str) -> str:
    """Messages by MsgId. Everything else by who, when and what; two events in one second are real.

    A job's result (template, mass) carries the job's MsgID, which tells two results in one second apart; what a diner
    allows, or how a notice ended, is told apart by its list.
    Source: reference wechat §1.1 (dedupe).
    """
    msg_id = _text(fields, "MsgId").strip()
    if not event and msg_id.isascii() and msg_id.isdigit() and len(msg_id) <= 32:
        return f"m.{msg_id}"
    names = ("MsgType", "EventKey", "UserCardCode", "MsgID", "MsgId", "Content")
    parts = [created, from_user, event, *(_text(fields, name).strip() for name in names)]
    if event.startswith("subscribe_msg_"):
        parts.append(repr([value for value in fields.values() if not isinstance(value, str)]))
    return "e." + blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _instant(created: str) -> datetime:
    if created.isascii() and created.isdigit() and len(created) <= 12:
        try:
            return datetime.fromtimestamp(int(created), UTC)
        except (ValueError, OverflowError, OSError):
            pass  # beyond the year 9999
    raise PushRefusedError("malformed", "CreateTime is not Unix seconds")


def _degrees(text: str, most: int) -> float | None:
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
