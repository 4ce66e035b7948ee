"""Slips of the pen in names: one character wrong, swapped, doubled or left out (红烧弱, 宫爆鸡丁)."""

from collections.abc import Iterable

from bot.understanding.lexicon import WORDS
from bot.understanding.resolvers.foods import CULINARY, FOODS
from bot.understanding.resolvers.quantities import UNITS

MEASURES = frozenset(unit for unit in UNITS.split() if len(unit) == 1) | frozenset("第几俩仨半0123456789一二三四五六七八九十")
_WORD_ENDS = frozenset("子师生员店区城市县路街楼们者性家")  # 大盘子, 王老师: other words, not slips


def slips_of(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of three characters and more, under themselves and themselves less one character."""
    found: dict[str, list[str]] = {}
    for name in names:
        if len(name) > 2 and not name.isascii():
            for variant in (name, *one_less(name)):
                found.setdefault(variant, []).append(name)
    return found


def one_less(word: str) -> list[str]:
    """The word less one character; of a doubled character once."""
    return [word[:at] + word[at + 1 :] for at in range(len(word)) if not at or word[at] != word[at - 1]]


def is_slip(word: str, name: str) -> bool:
    """Whether a word is a name with one character wrong, swapped, doubled or left out.

    A character that names a food, a taste or a way of cooking was meant: 红烧鱼 is not 红烧肉.
    """
    if len(word) == len(name):
        wrong = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
        if len(wrong) == 1:
            return _no_word(word[wrong[0]]) or _sounds_odd(word, name, wrong[0])
        return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0] : wrong[1] + 1] == name[wrong[1]] + name[wrong[0]]
    if len(word) > len(name):
        extra = next(at for at in range(len(word)) if word[:at] + word[at + 1 :] == name)
        return word[extra] in name[max(0, extra - 1) : extra + 1] or _no_word(word[extra])
    left_out = next(at for at in range(len(name)) if name[:at] + name[at + 1 :] == word)
    return len(name) > 3 and name[left_out] not in CULINARY


def _no_word(char: str) -> bool:
    return char.isalpha() and char not in CULINARY and char not in _WORD_ENDS and char not in WORDS and char not in MEASURES


def _sounds_odd(word: str, name: str, at: int) -> bool:
    """Whether a food stands where the name has none, inside a longer name: 宫包鸡丁. At its end it would be another dish."""
    return len(name) > 3 and at < len(name) - 1 and word[at] in FOODS and name[at] not in CULINARY
