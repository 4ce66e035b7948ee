"""Template messages: message/template/send, with the field limits held before anything is sent.

For orders, bookings and queue calls; never for promotion (40249, 43116). Source: reference wechat §1.3.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.transport import required

_KEY = re.compile(r"([a-z_]+?)[0-9]+")
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})"
_TIME = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"


class TemplateFieldError(WeChatApiError):
    """A value that the platform would refuse (47003). Nothing was sent. The message does not repeat the value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(47003, f"{field}: {rule}", Action.ALARM, sent=False)
        self.field = field


async def send_template_message(
    client: WeChatClient, *, openid: str, template_id: str, fields: Mapping[str, str], client_msg_id: str, url: str = ""
) -> str:
    """Send a template message. A call without an answer is repeated once, under the same client_msg_id.

    Args:
        template_id: As the account lists it.
        fields: Typed keys ("thing4", "time3") to plain values.
        client_msg_id: Under the same one the platform sends once to an openid within ten minutes.
        url: Opened by a tap; "" for none.

    Returns:
        The platform's msgid, as text: it means accepted; TEMPLATESENDJOBFINISH tells the result.

    Raises:
        TemplateFieldError: A field breaks its limit.
        WeChatApiError: The call failed.
    """
    check_fields(fields)
    body: dict[str, Any] = {
        "touser": openid,
        "template_id": template_id,
        "client_msg_id": client_msg_id,
        "data": {key: {"value": value} for key, value in fields.items()},
    }
    if url:
        body["url"] = url
    answer = await client.call("/cgi-bin/message/template/send", body, repeatable=True)
    return required(answer, "msgid")


def check_fields(fields: Mapping[str, str]) -> None:
    """Hold the values against the limits of their types.

    Raises:
        TemplateFieldError: Names the first field that breaks one.
    """
    for key, value in fields.items():
        match = _KEY.fullmatch(key)
        limit = _LIMITS.get(match[1]) if match else None
        if limit is None:
            raise TemplateFieldError(key, "not a typed field such as thing1 or time2")
        rule, holds = limit
        if not value.strip() or not value.isprintable():
            raise TemplateFieldError(key, "a value on one line is needed")
        if not holds(value):
            raise TemplateFieldError(key, rule)


def _form(pattern: str, flags: re.RegexFlag = re.ASCII) -> Callable[[str], bool]:
    compiled = re.compile(pattern, flags)
    return lambda value: compiled.fullmatch(value) is not None


def _is_name(value: str) -> bool:
    return len(value) <= (20 if value.isascii() else 10)


_is_number = _form(r"\d+(?:\.\d+)?")

_LIMITS: Final[dict[str, tuple[str, Callable[[str], bool]]]] = {
    "thing": ("at most 20 characters", lambda value: len(value) <= 20),
    "number": ("at most 32 digits, decimals allowed", lambda value: len(value) <= 32 and _is_number(value)),
    "letter": ("at most 32 letters", _form(r"[A-Za-z]{1,32}")),
    "symbol": ("at most 5 signs", _form(r"[^\w\s]{1,5}", re.UNICODE)),
    "character_string": ("at most 32 letters, digits and signs, no Chinese", _form(r"[\x20-\x7e]{1,32}")),
    "time": ("24-hour time, with a date or not, or two of them with ~ between", _form(rf"{_TIME}(?:~{_TIME})?")),
    "date": ("a date, with a time or not, or two of them with ~ between", _form(rf"{_DATE}(?:~{_DATE})?")),
    "amount": ("one currency sign, at most 10 digits, decimals and 元 allowed", _form(r"[\u00a5\uffe5$€£]?\d{1,10}(?:\.\d{1,2})?元?")),
    "phone_number": ("at most 17 digits and signs", _form(r"[+\d][\d-]{0,16}")),
    "car_number": ("at most 8 characters", lambda value: len(value) <= 8),
    "name": ("at most 10 Chinese characters or 20 letters", _is_name),
    "phrase": ("at most 5 Chinese characters", _form(r"[\u4e00-\u9fff]{1,5}")),
    "const": ("at most 20 characters, one of the template's values", lambda value: len(value) <= 20),
    "enum": ("at most 20 characters, one of the template's values", lambda value: len(value) <= 20),
}
