"""What stands in a message about food and is neither word, dish nor number: the hour, a plus or minus sign, 「最后那个」.

The hour is kept apart so that its digits are no count; a resolver of its own reads it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.lexicon import Kind
from bot.understanding.resolvers.dishes import DishSpan

_HOUR = re.compile(
    r"(?<![0-9:])(?:(?:[01]?[0-9]|2[0-4])[:][0-5][0-9](?![0-9:])"
    r"|(?:1?[0-9]|2[0-4]|二?十[一二三四]?|(?<![十几一])[二三四五六七八九两])点(?![点心菜餐单儿了])(?:半|[一三]刻|整|钟|[0-5]?[0-9]分|[一二三四五]?十[五]?分?)?"
    r"|(?<!十)一点(?:半|[一三]刻|整|钟))"
)
# 最后那个, 最后点的, 刚加的那道: the dish last spoken of.
_LAST = re.compile(
    "最后(?:[点加要叫]的)?那?一?[个道样份碗瓶杯盘](?:菜|的)?|最后[点加要叫]的(?:菜)?|刚(?:刚|才)?[点加要叫]的那一?[个道样份碗瓶杯盘](?:菜)?|[上前]一[道样](?:菜)?"
)
_SIGN = re.compile(r"\s?([-−–+])(?=[0-9])")  # 可乐+1, 可乐-2


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of a text that is read as one token."""

    start: int
    end: int
    kind: Kind


def find_spots(text: str, dishes: Sequence[DishSpan]) -> list[Spot]:
    """Hours, signs of more and less, and words for the dish last spoken of, none inside a name.

    Args:
        text: In normal form.
        dishes: What it names.
    """
    starts = {dish.start for dish in dishes}
    found = [Spot(*match.span(), Kind.WHEN) for match in _HOUR.finditer(text)]
    found += [Spot(*match.span(), Kind.EARLIER) for match in _LAST.finditer(text) if match.end() not in starts]
    found += _signs(text, dishes)
    return [spot for spot in found if not any(spot.start < dish.end and dish.start < spot.end for dish in dishes)]


def _signs(text: str, dishes: Sequence[DishSpan]) -> list[Spot]:
    """+ and - behind names. Where several names have nothing but dashes these are a list's (「红烧肉-1 米饭-2」)."""
    signs = [match for dish in dishes if (match := _SIGN.match(text, dish.end))]
    if len(signs) > 1 and all(match[1] != "+" for match in signs):
        return []
    return [Spot(*match.span(), Kind.ADD if match[1] == "+" else Kind.LESS) for match in signs]
