"""Telephone numbers as diners write or say them: 138 0013 8000, +86-138…, 幺三八零零…, (028) 5550 1001."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.normal_form import normal_form

_SPOKEN = str.maketrans("零〇洞一幺么二三四五六七拐八九勾", "0001112345677899")
_APART = r"[ \-.·_—]{0,2}"
_COUNTRY = rf"(?:\(?\+\s?86\)?|0086|(?<![0-9])86){_APART}"
# A digit behind the number belongs to what follows: 13800138000六个人.
_OVER = r"(?![0-9](?!\s?[个位人大号点]))"
_MOBILE = rf"(?:{_COUNTRY})?(?P<mobile>1{_APART}[3-9](?:{_APART}[0-9]){{9}})"
_AREA = r"\(?0?(?P<area>(?(abroad)|(?<=0))(?:10|2[0-9]|[3-9][0-9]{2}))\)?"  # +86 28 …: the 0 is left out

_LANDLINE = rf"(?P<abroad>{_COUNTRY})?{_AREA}{_APART}(?P<local>[2-9](?:{_APART}[0-9]){{6,7}})(?:\s?(?:转|分机|#)\s?[0-9]{{1,5}})?"
_WRITTEN = re.compile(rf"(?<![0-9.])(?:{_MOBILE}|{_LANDLINE})(?![0-9])")
_SAID = re.compile(rf"(?<![0-9.])(?:{_MOBILE}|{_LANDLINE}){_OVER}")
_MAY_BE = re.compile("[0-9０-９零〇洞一幺么麼二三四五六七拐八九勾](?:.{0,2}[0-9０-９零〇洞一幺么麼二三四五六七拐八九勾]){9}")
_LEAST = 10  # digits


@dataclass(frozen=True, slots=True)
class PhoneSpan:
    """A telephone number: `start` and `end` in the text as written.

    Attributes:
        number: Digits only: a mobile without +86, a landline with its area code and without its extension.
    """

    start: int
    end: int
    number: str


def find_phones(text: str, *, taken: Sequence[tuple[int, int]] = ()) -> list[PhoneSpan]:
    """The mainland numbers of a text, from left to right: mobiles, and landlines with their area code.

    Args:
        text: As the diner wrote it.
        taken: Spans (start, end) of `text` that mean something else.
    """
    if len(text) < _LEAST or not _MAY_BE.search(text):
        return []
    form = normal_form(text)
    found: list[PhoneSpan] = []
    for pattern, spelled in ((_WRITTEN, form.text), (_SAID, form.text.translate(_SPOKEN))):
        for match in pattern.finditer(spelled):
            start, end = form.span(*match.span())
            others = [*taken, *((span.start, span.end) for span in found)]
            number = _number(match)
            if number and not any(left < end and start < right for left, right in others):
                found.append(PhoneSpan(start, end, number))
    return sorted(found, key=lambda span: span.start)


def _number(match: re.Match[str]) -> str:
    """The digits; empty if an area code and a number of this length do not go together."""
    if match["mobile"]:
        return _digits(match["mobile"])
    area, local = "0" + match["area"], _digits(match["local"])
    return area + local if len(local) == 8 or len(area) == 4 else ""


def _digits(said: str) -> str:
    return "".join(char for char in said if char in "0123456789")
