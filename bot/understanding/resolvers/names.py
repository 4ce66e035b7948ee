"""Names of dishes as they stand in a text, and the parts of names by which diners call them (水饺, 排骨)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.foods import FOODS, VERBS_TOO
from bot.understanding.resolvers.quantities import MEASURES

SKIPPED_INSIDE = frozenset(" \t·.()[]（）【】-'\"“”《》")
_END = ""
_SAID_ALONE = FOODS - VERBS_TOO


class Names:
    """The names of a menu, each with the dishes it may mean.

    Attributes:
        dishes: Name without spaces and signs -> dishes.
        endings: Part with which names end -> their dishes. The end of a name is what it is (排骨).
        beginnings: Any other part -> dishes; where names end so, others do not count.
        letters: The characters of all names.
        longest: How many characters the longest name has.
    """

    def __init__(self, dishes: Mapping[str, Sequence[str]]) -> None:
        self.dishes: dict[str, tuple[str, ...]] = {name: tuple(ids) for name, ids in dishes.items()}
        self.endings, self.beginnings = _parts(self.dishes)
        self.letters = frozenset("".join(self.dishes))
        self.longest = max(map(len, self.dishes), default=0)
        self._trie = _trie(self.dishes)

    def find(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Names in a text in normal form, leftmost and longest: start, end, dishes. Signs inside do not count."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        at = 0
        while at < len(text):
            end, ids = self._longest_at(text, at) if text[at] in self._trie else (0, ())
            if end and text[at] in MEASURES and at + 1 < end < self._longest_at(text, at + 1)[0]:
                end = 0  # 「两瓶啤酒」 are not 瓶啤, where both are sold
            if end:
                found.append((at, end, ids))
            at = max(end, at + 1)
        return found

    def _longest_at(self, text: str, at: int) -> tuple[int, tuple[str, ...]]:
        ends = list(_walk(self._trie, text, at))
        if not ends:
            return 0, ()
        end, ids = ends[-1]
        for shorter, its_ids in ends[:-1]:  # 「可乐 鸡翅」 are two dishes where both are sold, though 可乐鸡翅 is one too
            rest = text[shorter:end].lstrip()
            if rest != text[shorter:end] and any(True for _ in _walk(self._trie, text, end - len(rest))):
                return shorter, its_ids
        return end, ids


def bare(name: str) -> str:
    """A name in normal form without spaces and signs: what is compared."""
    return "".join(filter(str.isalnum, normal_form(name).text))


def _trie(names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, ids in names.items():
        if len(name) > 1:  # a single character is a name only where it stands alone
            node = root
            for char in name:
                node = node.setdefault(char, {})
            node[_END] = ids
    return root


def _walk(trie: dict[str, Any], text: str, at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Ends of the names that begin at a place, shortest first; spaces and signs inside do not count."""
    node = trie.get(text[at])
    if node is None or _within_latin(text, at):
        return
    for offset in range(at + 1, len(text) + 1):
        if _END in node and not _within_latin(text, offset) and text[offset - 1] not in SKIPPED_INSIDE:
            yield offset, node[_END]
        if offset == len(text):
            return
        if text[offset] not in SKIPPED_INSIDE:
            node = node.get(text[offset])
            if node is None:
                return


def _within_latin(text: str, at: int) -> bool:
    """Whether a place cuts a Latin word or a number: coke is not in cokery."""
    if not 0 < at < len(text) or not text[at - 1 : at + 1].isascii():
        return False
    before, after = text[at - 1], text[at]
    if after == "x" and text[at + 1 : at + 2].isdigit():  # cokex2
        return False
    return (before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())


def _parts(names: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    endings: dict[str, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    for name, ids in names.items():
        for start in range(len(name)):
            for end in range(start + 1, len(name) + 1):
                part = name[start:end]
                if part == name or (len(part) == 1 and (end < len(name) or part not in _SAID_ALONE)):
                    continue
                (endings if end == len(name) else others).setdefault(part, {}).update(dict.fromkeys(ids))
    beginnings = {part: tuple(ids) for part, ids in others.items() if part not in endings}
    return {part: tuple(ids) for part, ids in endings.items()}, beginnings
