"""Which dishes of the shop a text names: by name, by alias, by a part of a name, or with one slip of the pen.

The index is built from the menu itself, so a dish typed in a minute ago is understood in the next message.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from bot.understanding.lexicon import WORDS, Kind, reach, scan
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.foods import CULINARY, FOODS, HEADS
from bot.understanding.resolvers.slips import MEASURES, is_slip, one_less, slips_of
from bot.understanding.wishes import OPTIONS

MOST_GUESSED = 240  # characters; a longer text is read for names as they stand only
_SKIPPED_INSIDE = frozenset(" \t·.()[]（）【】-'\"“”《》")
_END = ""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A dish as the menu knows it.

    Attributes:
        options: Names of its choices (番茄锅底, 加珍珠): they are wishes, not dishes.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    unit: str = "份"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DishSpan:
    """Words that name a dish, or several to choose from.

    Attributes:
        start, end: In the text that was searched.
        dish_ids: Best first; more than one when the words fit several.
        words: As the diner wrote them.
        exact: The words are a name or an alias as it stands.
    """

    start: int
    end: int
    dish_ids: tuple[str, ...]
    words: str
    exact: bool


class MenuIndex:
    """The names of one version of a menu, ready to be found in texts."""

    def __init__(self, dishes: Iterable[MenuEntry]) -> None:
        self.entries: dict[str, MenuEntry] = {}
        self.options: dict[str, str] = dict(OPTIONS)
        self._names: dict[str, list[str]] = {}
        for entry in dishes:
            self.entries[entry.id] = entry
            for option in entry.options:
                said = _key(option)
                ways = (said, said + "的") if len(said) == 1 else (said,)
                self.options |= {way: option for way in ways if way and WORDS.get(way, Kind.OPTION) is Kind.OPTION}
        for entry in self.entries.values():
            self._add(entry.name, entry.id)
        for entry in self.entries.values():
            for alias in entry.aliases:
                self._add(alias, entry.id)
        self.words: Mapping[str, Kind] = {**WORDS, **dict.fromkeys(self.options, Kind.OPTION)}
        self.reaches = reach(self.words)
        self._trie = _trie(self._names)
        self._endings, self._beginnings = _parts(self._names)
        self._slips = slips_of(self._names)
        self._letters = frozenset("".join(self._names))
        self._longest = max(map(len, self._names), default=0)

    def _add(self, name: str, dish_id: str) -> None:
        key = _key(name)
        ids = self._names.setdefault(key, []) if key else [dish_id]
        if dish_id not in ids:
            ids.append(dish_id)

    def find(self, text: str) -> list[DishSpan]:
        """The dishes a text names, from left to right, none overlapping.

        Numbers inside names stay names (三杯鸡). A guess is made only for words that stand alone between known ones.
        """
        form = normal_form(text)
        found = self.find_spelled(form.text)
        if form.text == text:
            return found
        spans = [form.span(span.start, span.end) for span in found]
        return [replace(item, start=start, end=end, words=text[start:end]) for item, (start, end) in zip(found, spans, strict=True)]

    def find_spelled(self, text: str) -> list[DishSpan]:
        """As `find`, for a text in normal form."""
        named = self._named(text)
        if len(text) > MOST_GUESSED:
            return named
        while True:
            guessed, unknown = self._guessed(text, named)
            if not guessed and True not in unknown:
                return named
            seen = [self._seen_whole(text, item, unknown) for item in named]
            kept = [item for item, whole in zip(named, seen, strict=True) if whole is not None]
            if len(kept) == len(named):
                return sorted([*(whole for whole in seen if whole is not None), *guessed], key=lambda item: item.start)
            named = kept

    def sold_in(self, dish: DishSpan, unit: str) -> bool:
        """Whether a dish is sold by a measure word."""
        return any(self.entries[dish_id].unit == unit for dish_id in dish.dish_ids)

    def _named(self, text: str) -> list[DishSpan]:
        """Names and aliases as they stand, leftmost and longest."""
        found: list[DishSpan] = []
        at = 0
        while at < len(text):
            end, ids = self._named_at(text, at) if text[at] in self._trie else (0, ())
            if end:
                found.append(DishSpan(at, end, ids, text[at:end], exact=True))
            at = max(end, at + 1)
        return found

    def _named_at(self, text: str, at: int) -> tuple[int, tuple[str, ...]]:
        ends = list(_walk(self._trie, text, at))
        if not ends:
            return 0, ()
        end, ids = ends[-1]
        for shorter, its_ids in ends[:-1]:  # 「可乐 鸡翅」 are two dishes where both are sold, though 可乐鸡翅 is one too
            rest = text[shorter:end].lstrip()
            if rest != text[shorter:end] and any(True for _ in _walk(self._trie, text, end - len(rest))):
                return shorter, its_ids
        return end, ids

    def _guessed(self, text: str, named: list[DishSpan]) -> tuple[list[DishSpan], list[bool]]:
        """Parts and slips in the gaps between names, and which characters nothing explains."""
        guessed: list[DishSpan] = []
        unknown = [False] * (len(text) + 1)
        at = 0
        for start, end in [*((item.start, item.end) for item in named), (len(text), len(text))]:
            guessed += self._guessed_between(text, at, start, unknown)
            at = end
        return guessed, unknown

    def _guessed_between(self, text: str, at: int, stop: int, unknown: list[bool]) -> list[DishSpan]:
        if at == stop:
            return []
        edges = [at]
        for start, end, kind in scan(text, at, stop, self.words, self.reaches):
            plain = kind is None and text[start].isalnum() and text[start] not in MEASURES and text[start:end] != "x"
            if plain:
                unknown[start:end] = [True] * (end - start)
            if not plain or text[start].isascii():
                edges += [edge for edge in (start, end) if edge != edges[-1]]
        if edges[-1] != stop:
            edges.append(stop)
        if True not in unknown[at:stop]:
            return []
        strange = list(accumulate((char not in self._letters for char in text[at:stop]), initial=0))
        found: list[DishSpan] = []
        done = at
        for first, start in enumerate(edges):
            if start < done or True not in unknown[start : start + self._longest]:
                continue
            last = bisect_right(edges, start + self._longest + 1)
            for end in reversed(edges[first + 1 : last]):
                if True not in unknown[start:end]:
                    break
                if strange[end - at] - strange[start - at] > 1:
                    continue
                ids, exact = self._meant(text[start:end], alone=_stands_alone(text, start, end, at, stop))
                if not ids or (not exact and self._belongs_to_more(text, start, end, at, stop, unknown)):
                    continue
                found.append(DishSpan(start, end, ids, text[start:end], exact))
                unknown[start:end] = [False] * (end - start)
                done = end
                break
        return found

    def _belongs_to_more(self, text: str, start: int, end: int, at: int, stop: int, unknown: list[bool]) -> bool:
        """Whether words in the gap from `at` to `stop` are a piece of another dish's name: 炒饭 and 虾仁 in 虾仁炒饭."""
        words = text[start:end]
        if (start == at > 0 and words in self._endings) or (end == stop < len(text) and words in self._beginnings):
            return True  # 雪碧鸡翅 beside 烤鸡翅, 一品东坡肉 beside 一品豆腐
        before = start
        while before > at and (unknown[before - 1] or text[before - 1] in CULINARY):
            before -= 1
        after = end
        while after < stop and (unknown[after] or text[after] in CULINARY):
            after += 1
        longer = True in unknown[before:start] and not CULINARY.isdisjoint(text[before:start])
        return longer or not HEADS.isdisjoint(text[end:after])

    def _seen_whole(self, text: str, item: DishSpan, unknown: list[bool]) -> DishSpan | None:
        """A name seen with what is written around it: 可乐鸡翅 is no 可乐, 红烧排骨 is perhaps what is sold as 排骨."""
        start, end = item.start, item.end
        while start and unknown[start - 1]:
            start -= 1
        while unknown[end]:
            end += 1
        if end - start == item.end - item.start:
            return item
        ids, _ = self._meant(text[start:end], alone=True)
        if ids:
            return DishSpan(start, end, ids, text[start:end], exact=False)
        if any(char in HEADS for char in text[item.end : end]):
            return None
        if any(char in CULINARY for char in text[start : item.start]):
            return DishSpan(start, item.end, item.dish_ids, text[start : item.end], exact=False)
        return item

    def _meant(self, words: str, *, alone: bool) -> tuple[tuple[str, ...], bool]:
        """The dishes that words between two edges stand for, and whether they are a name."""
        key = words if words.isalnum() else "".join(filter(str.isalnum, words))
        if not key or not words[0].isalnum() or not words[-1].isalnum():
            return (), False
        if len(key) == 1 and not alone:
            return (), False
        if key in self._names:
            return tuple(self._names[key]), True
        if key in self._endings or key in self._beginnings:
            return self._endings.get(key) or self._beginnings[key], False
        if len(key) < 3:
            return (), False
        names = dict.fromkeys(name for variant in (key, *one_less(key)) for name in self._slips.get(variant, ()))
        meant = [dish_id for name in names if is_slip(key, name) for dish_id in self._names[name]]
        return tuple(dict.fromkeys(meant)), False


def _key(name: str) -> str:
    """A name without spaces and signs: what is compared."""
    return "".join(char for char in normal_form(name).text if char.isalnum())


def _trie(names: Mapping[str, list[str]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, ids in names.items():
        if len(name) > 1:  # a single character is a name only where it stands alone
            node = root
            for char in name:
                node = node.setdefault(char, {})
            node[_END] = tuple(ids)
    return root


def _walk(trie: dict[str, Any], text: str, at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Ends of the names that begin at a place, shortest first; spaces and signs inside do not count."""
    node = trie.get(text[at])
    if node is None or _within_latin(text, at):
        return
    for offset in range(at + 1, len(text) + 1):
        if _END in node and not _within_latin(text, offset) and text[offset - 1] not in _SKIPPED_INSIDE:
            yield offset, node[_END]
        if offset == len(text):
            return
        if text[offset] not in _SKIPPED_INSIDE:
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


def _parts(names: Mapping[str, list[str]]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Parts of names -> dishes: their endings, and all others.

    The end of a name is what it is (排骨): where names end so, others do not count.
    """
    endings: dict[str, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    for name, ids in names.items():
        for start in range(len(name)):
            for end in range(start + 1, len(name) + 1):
                part = name[start:end]
                if part == name or (len(part) == 1 and (end < len(name) or part not in FOODS)):
                    continue
                (endings if end == len(name) else others).setdefault(part, {}).update(dict.fromkeys(ids))
    beginnings = {part: tuple(ids) for part, ids in others.items() if part not in endings}
    return {part: tuple(ids) for part, ids in endings.items()}, beginnings


def _stands_alone(text: str, start: int, end: int, at: int, stop: int) -> bool:
    """Whether no name touches the words."""
    return (start > at or start == 0) and (end < stop or end == len(text))
