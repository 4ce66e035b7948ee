"""How characters sound, so that 公宝鸡丁 is heard as 宫保鸡丁: their Mandarin syllables, and how near two of them are.

The syllables stand in syllables.txt beside this module: every reading of the characters of GB 2312 and of some more that menus
use (粿, 饸饹), the usual one marked. It was written once by pypinyin 0.55.0 (MIT), which is needed no more: `lazy_pinyin(character)`
for the usual reading, `pinyin(character, style=Style.NORMAL, heteronym=True)` for all. A character that is not there sounds like
itself only. The file is read when the first sound is asked for.
"""

from enum import IntEnum
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

_FILE = Path(__file__).with_name("syllables.txt")

# Initials and finals that many speakers do not keep apart. As they are folded: 老 like 脑, 飞 like 灰, 山 like 三.
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_LIKE_F = {"hu": "fu", "hua": "fa", "huan": "fan", "huang": "fan", "hui": "fei", "hun": "fen", "huo": "fo"}
# Initials that are one sound to the ear of some, or neighbours in the mouth: b like p, j like q.
_NEAR_INITIALS = frozenset(map(frozenset, ("bp", "dt", "gk", "jq", "jx", "qx", "zc", "zs", "cs", "rl", "gh", "kh", "fp", "jz", "qc", "xs")))


class Likeness(IntEnum):
    """How alike two characters sound, the nearest first."""

    WRITTEN = 0  # the same character
    SAME = 1  # of the same syllable: 弓 and 宫
    FUZZY = 2  # of syllables that many do not keep apart: 三 and 山
    NEAR = 3  # of syllables that differ in one sound: 弱 and 肉
    OTHER = 4


@lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> Likeness:
    """How alike two characters sound in the readings that are nearest."""
    if one == other:
        return Likeness.WRITTEN
    table = _table()
    said, meant = table.get(one, ()), table.get(other, ())
    if not set(said).isdisjoint(meant):
        return Likeness.SAME
    folded, target = {fold(syllable) for syllable in said}, {fold(syllable) for syllable in meant}
    if not folded.isdisjoint(target):
        return Likeness.FUZZY
    return Likeness.NEAR if any(_near(*pair) for pair in product(folded, target)) else Likeness.OTHER


@lru_cache(maxsize=4096)
def sounds(char: str) -> str:
    """The folded syllables of a character, a sign for each; of a character without syllables itself."""
    return "".join(dict.fromkeys(_signs()[fold(syllable)] for syllable in _table().get(char, ()))) or char


@cache
def fold(syllable: str) -> str:
    """A syllable as those speak it who do not keep zh and z, n and l, ng and n, hu and f apart."""
    for full, short in _INITIALS.items():
        if syllable.startswith(full):
            syllable = short + syllable[len(full) :]
            break
    syllable = _LIKE_F.get(syllable, syllable)
    return syllable[:-1] if syllable.endswith("ng") and not syllable.endswith("ong") else syllable


def fold_letters(letters: str) -> str:
    """Typed pinyin of any length, folded like syllables; what stands beside each other is folded too, in names and texts alike."""
    for full, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u"), ("ü", "u")):
        letters = letters.replace(full, short)
    return letters.replace("l", "n")


def spellings(words: str) -> list[str]:
    """The letters that words are typed with in pinyin, letters and digits as they are: in usual readings, then with one that is rarer."""
    table = _table()
    usual = [table[char][0] if char in table else char for char in words]
    ways = ["".join(usual)]
    for at, char in enumerate(words):
        ways += ["".join((*usual[:at], rarer, *usual[at + 1 :])) for rarer in table.get(char, ())[1:]]
    return ways


@cache
def _near(one: str, other: str) -> bool:
    """Whether folded syllables differ in one sound: their initials are neighbours, or their finals differ by a letter."""
    (initial, final), (its_initial, its_final) = _cut(one), _cut(other)
    if final == its_final:
        return frozenset((initial, its_initial)) in _NEAR_INITIALS
    if initial != its_initial or not initial:
        return False
    if sorted(final) == sorted(its_final):  # rou and ruo
        return True
    longer, shorter = sorted((final, its_final), key=len, reverse=True)
    if len(longer) == len(shorter):
        return len(longer) > 1 and sum(left != right for left, right in zip(longer, shorter, strict=True)) == 1
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _cut(syllable: str) -> tuple[str, str]:
    at = next((at for at, letter in enumerate(syllable) if letter in "aeiouv"), len(syllable))
    return syllable[:at], syllable[at:]


@cache
def _signs() -> dict[str, str]:
    """Folded syllable -> a sign of the private use area, one for each."""
    syllables = dict.fromkeys(syllable for ways in _table().values() for syllable in ways)
    return {folded: chr(0xE000 + n) for n, folded in enumerate(sorted({fold(syllable) for syllable in syllables}))}


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Character -> its syllables, the usual one first; characters with one reading share it."""
    table: dict[str, tuple[str, ...]] = {}
    lines = [line.split(" ") for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [(syllable, *chars.split("|")) for syllable, chars in lines]
    for syllable, usual, *_ in rows:
        table |= dict.fromkeys(usual, (syllable,))
    for syllable, _, *rarer in rows:
        for char in "".join(rarer):
            table[char] = (*table[char], syllable)
    return table
