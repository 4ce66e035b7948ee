"""Whole numbers as diners write amounts of points and money: 200, 1,200, 两百, 一千五, 1千, 2万."""

import re

_FIGURE = "[0-9零〇一二两三四五六七八九十百千万]"
PLAIN_NUMBER = (
    "(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7}|[零〇一二两三四五六七八九十百千万]{1,9})(?:千(?![克米])|万)?"
    f"(?!{_FIGURE})(?!\\.[0-9])(?!点[0-9零一二三四五六七八九])(?!,[0-9]{{3}}(?![0-9]))"
)
# Never a part of a longer number: the 5 of 0.5, -5 and 负五 is none.
NUMBER = f"(?<!{_FIGURE})(?<![.\\-−负])(?<!{_FIGURE}点)(?<![0-9],){PLAIN_NUMBER}"
# What looks like a number: also with a point or a minus, and of any length.
LIKE_NUMBER = f"(?:[-−负])?{_FIGURE}+(?:(?:[.,]|点(?={_FIGURE})){_FIGURE}+)*"
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MOST = 10_000_000


def read_amount(words: str) -> int | None:
    """A whole number, at least 0 and below ten million; None when words are none.

    一千五 is 1500: the last digit goes on where the words break off.
    """
    spelled = words.replace(",", "")
    number = int(spelled) if spelled.isascii() and spelled.isdecimal() else _mixed(spelled)
    return number if number is not None and 0 <= number < _MOST else None


def _mixed(spelled: str) -> int | None:
    match = re.fullmatch("([0-9]+)([千万])", spelled)
    if match is not None:
        return int(match[1]) * (1000 if match[2] == "千" else 10_000)
    high, ten_thousand, low = spelled.rpartition("万")
    if ten_thousand:
        more = _spoken(low, last=1000) if low else 0
        above = _spoken(high, last=1)
        return None if above is None or more is None or not high else above * 10_000 + more
    return _spoken(spelled, last=1)


def _spoken(words: str, *, last: int) -> int | None:
    """A number below ten thousand. Args: last: What the unit of a digit at the end is, where nothing else says (二 of 两万二: 1000)."""
    total, digit, unit = 0, None, last * 10
    for char in words:
        if char in _TENS:
            if digit is None and (char != "十" or total):
                return None
            total += (1 if digit is None else digit) * _TENS[char]
            digit, unit = None, _TENS[char]
        elif char not in _DIGITS:
            return None
        elif _DIGITS[char] == 0:
            unit = 10
        elif digit is None:
            digit = _DIGITS[char]
        else:
            return None
    return total if digit is None else total + digit * (unit // 10)
