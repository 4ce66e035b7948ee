"""Which of the choices that were offered a message picks: 「1和3」, 「第二个来两份」, 「要2号和5号各一份」, 「清蒸的」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_number, read_phrase
from bot.understanding.resolvers.quantities import MEASURES, read_numeral

_LEAST_PART = 2  # characters of a label that name it
_NUMERAL = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_AHEAD = re.compile("(?:那|就|我们?|给我们?|帮我|麻烦|还|再|[要来点选加上是去])*")
_BEHIND = re.compile("(?:那个|那道|那家|那份|这个|这道|这家|就行|就好|谢谢|[的吧啊呀哈了店 ,.!~])+$")
_BETWEEN = re.compile("(?:和|跟|与|及|还有|以及|再[来要加]|[、,，;；+& ]| )+")
_PICK = re.compile(rf"(?P<th>第|no\.?|序号|编号)?(?P<n>{_NUMERAL})(?P<of>[个号项样道款种])?(?!\d)")
_APART = re.compile(r"\d[\W_]+\d")  # 「1 6」 is not 16
_UNITS = "|".join(sorted(map(re.escape, MEASURES), key=len, reverse=True))
_COUNT = re.compile(rf" ?(?P<each>各|都|每样)?[来要点加上]?(?P<n>{_NUMERAL})(?:{_UNITS})")


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice. `n` counts from 1; `count` is how many of it, or None when nothing was said."""

    n: int
    count: Decimal | None = None


def numbers_picked(text: str, most: int) -> tuple[Pick, ...]:
    """The choices picked by number; none when the message says anything else, or a number that was not offered.

    Args:
        most: How many choices there are.
    """
    alone = None if _APART.search(normal_form(text).text) else read_number(text)
    if alone is not None:
        return (Pick(alone),)
    said = _BEHIND.sub("", normal_form(text).text.casefold().strip())
    at, marked, picks = _AHEAD.match(said).end(), True, list[Pick]()  # type: ignore[union-attr]
    while at < len(said):
        between = _BETWEEN.match(said, at) if picks else None
        pick = _PICK.match(said, between.end() if between else at)
        n = _whole(pick["n"]) if pick else None
        if pick is None or n is None or not 1 <= n <= most or (picks and between is None and picks[-1].count is None):
            return ()
        if pick["of"] not in {None, "号", "项"} and not pick["th"]:
            return ()  # 「3个」 is how many, not which
        marked &= bool(pick["th"] or pick["of"])
        at = pick.end()
        count = _COUNT.match(said, at)
        picks.append(Pick(n, Decimal(_whole(count["n"]) or 1) if count else None))
        if count:
            at = count.end()
            if count["each"]:
                picks = [replace(one, count=picks[-1].count) for one in picks]
    return tuple(picks) if len(picks) > 1 or marked else ()


def label_in_part(text: str, labels: Sequence[str]) -> int | None:
    """The number of the only choice whose label holds what was said (「清蒸的」, 「就春熙路吧」), or None."""
    spelled = normal_form(text).text
    said = _BEHIND.sub("", spelled[_AHEAD.match(spelled).end() :])  # type: ignore[union-attr]
    if len(said) < _LEAST_PART or read_phrase(text) is not None:
        return None
    named = [n for n, label in enumerate(labels, start=1) if said in normal_form(label).text.rsplit(" ", 1)[0]]
    return named[0] if len(named) == 1 else None


def _whole(spelled: str) -> int | None:
    if spelled.isascii():
        return int(spelled)
    if spelled == "两":
        return 2
    number = read_numeral(spelled)
    return number[0] if number is not None and not number[1] else None
