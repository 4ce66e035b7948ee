"""The typed fields of template messages and subscription notices: their limits, and how a value is made to fit.

Both kinds share one table of limits; a value beyond its limit costs the whole message (47003). Source: reference wechat §1.3.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from wechat_gateway.api.errors import Action, WeChatApiError

_KEY = re.compile(r"([a-z_]+?)[0-9]+", re.ASCII)
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})"
_TIME = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"


class TemplateFieldError(WeChatApiError):
    """A value that the platform would refuse (47003). Nothing was sent. The message does not repeat the value."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(47003, f"{field}: {rule}", Action.ALARM, sent=False)
        self.field = field


def is_typed(key: str) -> bool:
    """Whether a key is of a kind that the platform knows ("thing1", "time2")."""
    match = _KEY.fullmatch(key)
    return match is not None and match[1] in _LIMITS


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


def fit(key: str, value: str) -> str:
    """A value cut to the limit of its field, where cutting leaves it true: words are cut, numbers, times and codes never.

    Line breaks and signs that cannot be seen become blanks.
    """
    match = _KEY.fullmatch(key)
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    longest = _CUT.get(match[1]) if match else None
    if longest is None or len(plain) <= longest:
        return plain
    return plain[: longest - 1].rstrip() + "…"


def _form(pattern: str, flags: re.RegexFlag = re.ASCII) -> Callable[[str], bool]:
    compiled = re.compile(pattern, flags)
    return lambda value: compiled.fullmatch(value) is not None


def _is_name(value: str) -> bool:
    return len(value) <= (20 if value.isascii() else 10)


_is_number = _form(r"\d+(?:\.\d+)?")

_CUT: Final = {"thing": 20}  # words; a phrase or a name that is cut says something else

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
