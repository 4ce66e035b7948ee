"""The single values of a shop file: each is read from the text that was written, typed here and nowhere else.

Every validator takes the written text, or the value that was once made from it, so that a stored document reads like a file.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from domain.kernel.money import Fen, fen_from_yuan, yuan
from domain.kernel.text import clean
from domain.shop import hours, recurrence

_ID = re.compile(r"[^\W_][\w-]*")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?", re.ASCII)
_TCP = re.compile(r"tcp://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", re.ASCII)
_DEVICE = re.compile(r"(serial|usb):[A-Za-z0-9/][\w./:@?=&,-]*", re.ASCII)
_PAPER = {58: 32, 76: 42, 80: 48}  # mm of paper -> characters in font A. Source: reference printing §0


def fault(problem: str, hint: str = "") -> PydanticCustomError:
    """A refusal of a value, with what to write instead."""
    return PydanticCustomError("shop_file", "{problem}", {"problem": problem, "hint": hint})


def shown(value: object) -> str:
    """A value as it is shown in a fault: quoted, short, without control characters."""
    text = clean(str(value)).replace("\n", " ")
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def scalar(value: Any) -> str:
    """The written text of a single value; a list, a map or nothing is refused."""
    if value is None:
        raise fault("the value is missing", "write one value after the colon")
    if isinstance(value, (list, tuple, dict)):
        raise fault(f"a {'map' if isinstance(value, dict) else 'list'} stands where one value belongs", "write one value")
    return str(value).strip()


def _text(value: Any, longest: int) -> str:
    text = scalar(value)
    if not text:
        raise fault("the text is empty", "write it, or leave the key out")
    if len(text) > longest:
        raise fault(f"the text has {len(text)} characters", f"at most {longest}")
    if clean(text) != text or "\n" in text or "\t" in text:
        raise fault(f"{shown(text)} holds line breaks or invisible characters", "write it on one line")
    return text


def _id(value: Any, longest: int = 32) -> str:
    text = _text(value, longest)
    if not _ID.fullmatch(text):
        raise fault(f"{shown(text)} cannot be an id or code", "letters, digits, - and _; it begins with a letter or digit")
    return text


def _price(value: Any) -> Fen:
    text = scalar(value)
    try:
        return fen_from_yuan(text)
    except ValueError:
        raise fault(f"{shown(text)} is not a price", "yuan with at most two decimals, without a sign or currency: 58 or 58.00") from None


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number in bounds, both included: Annotated[int, Between(1, 60)]."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def _read(self, value: Any) -> int:
        text = scalar(value)
        if not _WHOLE.fullmatch(text) or not self.least <= int(text) <= self.most:
            raise fault(f"{shown(text)} is not a whole number from {self.least} to {self.most}")
        return int(text)


def _decimal(value: Any, least: str, most: str, hint: str = "") -> Decimal:
    text = scalar(value)
    if not _DECIMAL.fullmatch(text) or not Decimal(least) <= Decimal(text) <= Decimal(most):
        raise fault(f"{shown(text)} is not a number from {least} to {most}", hint)
    return Decimal(text).normalize() + 0


def _ratio(value: Any) -> Decimal:
    text = scalar(value)
    if text.endswith("%"):
        return _decimal(text[:-1].strip(), "0", "100", "for example 10%") / 100
    return _decimal(text, "0", "1", "for example 10% or 0.1")


def _flag(value: Any) -> bool:
    text = scalar(value).lower()
    if text not in {"yes", "no", "true", "false"}:
        raise fault(f"{shown(text)} is neither yes nor no", "write yes or no")
    return text in {"yes", "true"}


def _step(value: Any) -> Decimal:
    text = scalar(value)
    if not _DECIMAL.fullmatch(text) or Decimal(text) not in {Decimal(1), Decimal("0.5"), Decimal("0.1")}:
        raise fault(f"{shown(text)} is not a step of ordering", "1, 0.5 or 0.1")
    return Decimal(text).normalize()


def _time(value: Any) -> str:
    text = scalar(value)
    try:
        minute = hours.minutes(text)
    except ValueError:
        minute = hours.DAY_MINUTES
    if minute >= hours.DAY_MINUTES:
        raise fault(f"{shown(text)} is not a time of day", "hours and minutes: 05:00")
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _window(value: Any) -> str:
    text = scalar(value)
    try:
        return hours.window_text(hours.window(text))
    except ValueError:
        raise fault(f"{shown(text)} is not a window of time", "10:30-14:00, over midnight 17:00-02:00, all day 00:00-24:00") from None


def _serving_time(value: Any) -> str:
    text = " ".join(scalar(value).split())
    try:
        hours.serving_time(text)
    except ValueError:
        raise fault(f"{shown(text)} is not a serving time", "mon-fri 10:30-14:00, or sat,sun, or 17:00-21:00") from None
    return text


def _day(value: Any) -> str:
    text = scalar(value)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise fault(f"{shown(text)} is not a day of the calendar", "year, month and day: 2026-12-24") from None


def _on_days(value: Any) -> str:
    text = scalar(value)
    try:
        return recurrence.rule_text(recurrence.rule(text))
    except ValueError:
        raise fault(f"{shown(text)} does not say on which days", "first saturday, last friday, every sunday or every day") from None


def _zone(value: Any) -> str:
    text = scalar(value)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise fault(f"{shown(text)} is not a time zone", "an IANA name such as Asia/Shanghai") from None
    return text


def _location(value: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise fault("a place is two numbers", "[latitude, longitude], for example [30.6571, 104.0805]")
    hint = "latitude first, then longitude: [30.6571, 104.0805]"
    return _decimal(value[0], "-90", "90", hint), _decimal(value[1], "-180", "180", hint)


def _connection(value: Any) -> str:
    text = _text(value, 120)
    kind, _, rest = text.partition(":")
    if kind == "tcp":
        match = _TCP.fullmatch(text)
        if match and 1 <= int(match[2]) <= 65535:
            return text
        raise fault(f"{shown(text)} is not a network printer", "tcp://host:port, usually port 9100: tcp://192.168.1.50:9100")
    if kind in {"serial", "usb"} and _DEVICE.fullmatch(text):
        return text
    if kind == "file" and is_inner_path(rest):
        return text
    hint = (
        "a path below var/prints, without .."
        if kind == "file"
        else "tcp://host:port, serial:/dev/ttyUSB0, usb:04b8:0e15 or file:kitchen.bin"
    )
    raise fault(f"{shown(text)} is not a printer connection", hint)


def is_inner_path(text: str) -> bool:
    """Whether a path stays below its folder: relative, with /, without .. and drive letters."""
    parts = text.split("/")
    return bool(text) and not any(letter in text for letter in '\\:*?"<>|') and all(part not in {"", ".", ".."} for part in parts)


def _width(value: Any) -> int:
    text = scalar(value)
    number = int(text) if _WHOLE.fullmatch(text) else 0
    cells = _PAPER.get(number, number)
    if not 24 <= cells <= 64:
        raise fault(f"{shown(text)} is not a width", "characters in a line, 24 to 64 (often 48 or 32), or the paper in mm: 80 or 58")
    return cells


def _link(value: Any) -> str:
    text = _text(value, 500)
    if not re.fullmatch(r"https://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?", text):
        raise fault(f"{shown(text)} is not a link", "it begins with https://")
    return text


def _picture(value: Any) -> str:
    text = _text(value, 500)
    if text.startswith("https://"):
        return _link(text)
    if not is_inner_path(text):
        raise fault(f"{shown(text)} is not a picture", "https://… or a path below the folder of the shop file: pictures/rice.png")
    return text


def _pair(value: Any) -> tuple[str, str]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise fault("a pair is two table codes", "[A01, A02]")
    return _id(value[0], 16), _id(value[1], 16)


def _written(kinds: list[str], **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kinds, **more})


_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_HOURS = r"\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d"

Name = Annotated[str, BeforeValidator(lambda value: _text(value, 40)), _written(["string", "number"], minLength=1, maxLength=40)]
Line = Annotated[str, BeforeValidator(lambda value: _text(value, 200)), _written(["string", "number"], minLength=1, maxLength=200)]
Unit = Annotated[str, BeforeValidator(lambda value: _text(value, 8)), _written(["string"], minLength=1, maxLength=8)]
Id = Annotated[str, BeforeValidator(_id), _written(["string", "integer"], minLength=1, maxLength=32)]
Code = Annotated[str, BeforeValidator(lambda value: _id(value, 16)), _written(["string", "integer"], minLength=1, maxLength=16)]
Station = Annotated[str, BeforeValidator(lambda value: _text(value, 16)), _written(["string"], minLength=1, maxLength=16)]
Price = Annotated[
    Fen,
    BeforeValidator(_price),
    PlainSerializer(yuan, return_type=str),
    _written(["number", "string"], minimum=0, pattern=r"^\d{1,7}(\.\d{1,2})?$"),
]
Ratio = Annotated[Decimal, BeforeValidator(_ratio), _written(["number", "string"], minimum=0, maximum=1, pattern=r"^\d+(\.\d+)?\s*%?$")]
Flag = Annotated[bool, BeforeValidator(_flag), _written(["boolean", "string"])]
Step = Annotated[Decimal, BeforeValidator(_step), WithJsonSchema({"enum": [1, 0.5, 0.1]})]
TimeOfDay = Annotated[str, BeforeValidator(_time), _written(["string"], pattern=r"^\d{1,2}:\d\d$")]
OpenWindow = Annotated[str, BeforeValidator(_window), _written(["string"], pattern=f"^{_HOURS}$")]
ServingTime = Annotated[str, BeforeValidator(_serving_time), _written(["string"], pattern=f"^({_DAY}[-,a-z]*)?\\s*({_HOURS})?$")]
Day = Annotated[str, BeforeValidator(_day), _written(["string"], pattern=r"^\d{4}-\d\d-\d\d$")]
OnDays = Annotated[str, BeforeValidator(_on_days), _written(["string"])]
Zone = Annotated[str, BeforeValidator(_zone), _written(["string"])]
Location = Annotated[
    tuple[Decimal, Decimal],
    BeforeValidator(_location),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
Connection = Annotated[str, BeforeValidator(_connection), _written(["string"], pattern="^(tcp://|serial:|usb:|file:)")]
Width = Annotated[int, BeforeValidator(_width), _written(["integer"], minimum=24, maximum=80)]
Link = Annotated[str, BeforeValidator(_link), _written(["string"], pattern="^https://")]
Picture = Annotated[str, BeforeValidator(_picture), _written(["string"])]
Pair = Annotated[
    tuple[str, str], BeforeValidator(_pair), WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2})
]
Quantity = Annotated[Decimal, BeforeValidator(lambda value: _decimal(value, "0.1", "99")), _written(["number"], minimum=0.1, maximum=99)]
Radius = Annotated[Decimal, BeforeValidator(lambda value: _decimal(value, "0.1", "100")), _written(["number"], minimum=0.1, maximum=100)]
