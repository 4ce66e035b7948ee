"""Names typed in pinyin, alone or among characters: hongshaorou, hong shao rou, gongbao鸡丁."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.understanding.resolvers.sounds import fold_letters, spellings

_LETTERS = re.compile("[a-z]{2}")
_FEWEST_LETTERS = 4
_FEWEST_TO_MISSPELL = 8


class TypedNames:
    """The names of a menu by the letters they are typed with.

    Attributes:
        longest: How many letters the longest has.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._spelled: dict[str, list[str]] = defaultdict(list)
        self._folded: dict[str, list[str]] = defaultdict(list)
        self._misspelled: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if name.isascii():
                continue
            for letters in spellings(name):
                folded = fold_letters(letters)
                _add(self._spelled, letters, name)
                if len(name) > 2:
                    _add(self._folded, folded, name)
                if len(folded) >= _FEWEST_TO_MISSPELL:
                    for variant in (folded, *_one_less(folded)):
                        _add(self._misspelled, variant, name)
        self.longest = max(map(len, self._spelled), default=0)

    def closest(self, words: str) -> tuple[str, ...]:
        """The names that words with Latin letters among them spell; one letter may be wrong in a long one."""
        if not has_typed(words):
            return ()
        ways = [letters for letters in spellings(words) if _FEWEST_LETTERS <= len(letters) <= self.longest + 1]
        for way in ways:
            if way in self._spelled:
                return tuple(self._spelled[way])
        folded = [fold_letters(way) for way in ways]
        for way in folded:
            if way in self._folded:
                return tuple(self._folded[way])
        long = [way for way in folded if len(way) >= _FEWEST_TO_MISSPELL and words.isascii()]
        return tuple(
            dict.fromkeys(name for way in long for variant in (way, *_one_less(way)) for name in self._misspelled.get(variant, ()))
        )


def has_typed(text: str) -> bool:
    """Whether a text has two Latin letters side by side, as every syllable typed in pinyin has but 啊 and 鹅."""
    return _LETTERS.search(text) is not None


def _add(table: Mapping[str, list[str]], letters: str, name: str) -> None:
    if name not in table[letters]:
        table[letters].append(name)


def _one_less(letters: str) -> list[str]:
    return [letters[:at] + letters[at + 1 :] for at in range(len(letters)) if not at or letters[at] != letters[at - 1]]
