"""Tables as the shop calls them: 「4 好了」 where a table is called 4, 「松1我来」, 「听雨轩空了」. They are marked before all else."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from bot.understanding.normal_form import normal_form

MARKED: Final = "[\ue000-\uf8ff]"
"""A table of the shop in a text that was marked, as a pattern: one character of the private use area stands for each code."""

_FIRST, _MOST = 0xE000, 0xF8FF - 0xE000
_UNMARKED_SIGNS = re.compile("(?:[^\\w\ue000-\uf8ff]|_)+")
_PLAIN_CODE = re.compile("[a-z]{1,2}[0-9]{1,3}")  # read as a table in any shop, and not to be mixed up with the numbers of the line
_ROOM_WORDS = re.compile("(?:包间|包厢|包房|雅间|房间|厅|房)$")
_DIGITS: Final = "零一二三四五六七八九"
_BETWEEN: Final = r"[\W_]*"
_TENS = 10
_NUMBER_OF_ORDER = 4  # digits: 0001 is the first order of the day, no table 1; B001 is a number of the line, no table B-1
_COUNTED = re.compile("(?<![下第一二三四五六七八九十])([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=号[桌台])")


def codes_to_mark(codes: Iterable[str], rooms: Iterable[str] = ()) -> tuple[str, ...]:
    """The codes of a shop's tables that are not written like A03 and so would not be known for tables; and what its rooms are called."""
    named = {name for room in rooms for name in (room, _ROOM_WORDS.sub("", room)) if len(name) > 1}
    return tuple(sorted({code for code in (*codes, *named) if not _PLAIN_CODE.fullmatch(_plain(code))}))[:_MOST]


def marked(text: str, codes: Sequence[str]) -> str:
    """A text in normal form and without signs, with each table's code as one mark. Args: codes: Of `codes_to_mark`."""
    spelled = _COUNTED.sub(lambda match: str(_counted(match[1])), normal_form(text).text)
    if codes:
        of_codes, pattern = _pattern(tuple(codes))
        spelled = pattern.sub(lambda match: chr(_FIRST + of_codes[match.lastgroup or ""]), spelled)
    return _UNMARKED_SIGNS.sub("", spelled)


def unmarked(words: str, codes: Sequence[str]) -> str:
    """Words of a marked text, with the codes as the shop writes them."""
    return re.sub(MARKED, lambda mark: codes[ord(mark[0]) - _FIRST] if ord(mark[0]) - _FIRST < len(codes) else "", words)


@lru_cache(maxsize=64)
def _pattern(codes: tuple[str, ...]) -> tuple[dict[str, int], re.Pattern[str]]:
    places = {f"t{at}": at for at in range(len(codes))}
    longest = sorted(places, key=lambda name: -len(codes[places[name]]))
    return places, re.compile("|".join(f"(?P<{name}>{_forms(_plain(codes[places[name]]))})" for name in longest))


def _forms(code: str) -> str:
    """How a code is written: with signs between its parts or none, its number with zeros ahead or in Chinese."""
    parts = re.findall("[0-9]+|[^0-9]", code)
    written = _BETWEEN.join(_number(part, alone=len(parts) == 1) if part.isdigit() else re.escape(part) for part in parts)
    before = "(?<![0-9a-z])(?<![a-z][-_./·])" if code[:1].isascii() else ""  # T-3 of one store is no 3 of another
    return f"{before}{written}" + ("(?![0-9])" if code[-1:].isdigit() else "(?![a-z])" if code[-1:].isascii() else "")


def _number(digits: str, *, alone: bool) -> str:
    n = int(digits)
    if not 0 < n < _TENS**2:
        return digits
    tens, ones = divmod(n, _TENS)
    said = ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")
    ends = "(?![一二三四五六七八九十])"
    zeros = max(len(digits), _NUMBER_OF_ORDER - 1 if alone else 2) - len(str(n))
    ahead = f"0{{0,{zeros}}}{n}"
    return f"(?:{ahead}|(?<![下第一二三四五六七八九十]){said}(?=号|桌|台))" if alone else f"(?:{ahead}|{said}{ends})"


def _counted(said: str) -> int:
    tens, ten, ones = said.rpartition("十")
    return ((_DIGITS.index(tens) if tens else 1) * _TENS if ten else 0) + (_DIGITS.index(ones) if ones else 0)


def _plain(code: str) -> str:
    return re.sub(r"[\W_]+", "", normal_form(code).text)
