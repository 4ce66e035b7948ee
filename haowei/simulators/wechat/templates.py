"""Template messages: what a template looks like and what its fields may hold."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from haowei.simulators.wechat.chat import TemplateCard
from haowei.simulators.wechat.errors import ApiError

_PLACEHOLDER = re.compile(r"(?P<label>[^\n{]*)\{\{(?P<key>[a-z_]+\d*)\.DATA\}\}")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
_MOMENT = rf"(?:{_DAY}(?: ?{_CLOCK})?|{_CLOCK})"
# What each kind of field may hold. Source: the platform's table of parameter kinds for templates.
_KINDS = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "number": re.compile(r"-?\d{1,32}(?:\.\d+)?", re.ASCII),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "time": re.compile(rf"{_MOMENT}(?:[~-]{_MOMENT})?", re.ASCII),
    "date": re.compile(rf"{_DAY}(?: ?{_CLOCK})?(?:[~-]{_DAY}(?: ?{_CLOCK})?)?", re.ASCII),
    "amount": re.compile(r"[¥￥$€£]?\d{1,10}(?:\.\d{1,2})?元?", re.ASCII),
    "phone_number": re.compile(r"[0-9+\- ]{1,17}"),
    "car_number": re.compile(r"\w{1,8}"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .,'·-]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "const": re.compile(r".{1,20}"),
    "enum": re.compile(r".{1,20}"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A template that the account may send.

    Attributes:
        content: As the console shows it: lines of "取餐号:{{character_string1.DATA}}".
    """

    id: str
    title: str
    content: str

    @classmethod
    def new(cls, title: str, content: str, template_id: str | None = None) -> "Template":
        """A template with a random id of the platform's form, unless one is given."""
        return cls(template_id or secrets.token_urlsafe(32), title, content)

    def fill(self, data: dict[str, Any], url: str) -> TemplateCard:
        """The card that the diner sees.

        Raises:
            ApiError: 47003 with the field that is missing or beyond its limit.
        """
        return TemplateCard(
            self.title, tuple((match["label"].strip(), _value(data, match["key"])) for match in _PLACEHOLDER.finditer(self.content)), url
        )


def _value(data: dict[str, Any], key: str) -> str:
    given = data.get(key)
    value = given.get("value") if isinstance(given, dict) else None
    if not isinstance(value, str) or not value:
        raise ApiError(47003, f"data.{key}.value is empty")
    kind = _KINDS.get(key.rstrip("0123456789"))
    if kind is not None and not kind.fullmatch(value):
        raise ApiError(47003, f"data.{key}.value invalid")
    return value
