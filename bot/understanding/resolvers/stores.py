"""Which store a text names: by its name with or without brand, brackets and 店, by an alias, or by a part of its address.

The index is built from the shop's own list of stores. Where the words fit several stores, all are given and the dialogue asks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.addresses import GENERIC, areas_of, places_of, short_of, tails_of

_TAKEN = "\x00"
_KIND_OF_STORE = "(?:旗舰|体验|概念|主题|分|门|总|新|老|餐|饭)?店|餐厅|酒楼|食府"
_NAME_END = re.compile(f"(?:{_KIND_OF_STORE})$")
# 春熙路店, 春熙路那家, 春熙路的分店
_SAID_END = re.compile(f"\\s?的?[那这]?(?:一?[家个间])?(?:{_KIND_OF_STORE})(?![员长铺主小家])|\\s?的?[那这]一?[家个间边]店?|\\s?的?那儿")
_ABOUT_PLACE = re.compile("附近|周边|旁边")
_GOES_THERE = re.compile("(?:去|到|在|离|是|选|换|改成|来)$")
_BRACKETS = "()（）[]【】「」『』·-—_. "
_APART = re.compile(r"[\s的市、]{0,2}")
_SLIP_END = re.compile("(?:分|门)?店")
_DECIDES = frozenset("东西南北中上下前后新老大小一二三四五六七八九十")  # 南京路 is no slip of 北京路
_NEAR = 8  # characters
_SHORT = 2  # a part of two characters (万达) needs words around that make it a place


@dataclass(frozen=True, slots=True)
class StoreEntry:
    """A store as the shop knows it."""

    id: str
    name: str
    address: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreSpan:
    """Words that name a store, or several to choose from.

    Attributes:
        start, end: In the text as written.
        store_ids: Best first; more than one when the words fit several.
        words: As the diner wrote them.
        exact: The words are a name or an alias; otherwise a part of one, of an address, or one character is wrong.
    """

    start: int
    end: int
    store_ids: tuple[str, ...]
    words: str
    exact: bool


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    ids: tuple[str, ...]
    exact: bool
    area: bool = False
    sure: bool = True  # an area of two characters (高新) may mean something else, unless it narrows a name


class StoreIndex:
    """The names of one version of the list of stores, ready to be found in texts."""

    def __init__(self, stores: Iterable[StoreEntry], brand: str = "") -> None:
        self._brand = _key(brand)
        self._names: dict[str, dict[str, None]] = {}
        self._parts: dict[str, dict[str, None]] = {}
        self._areas: dict[str, dict[str, None]] = {}
        entries = list(stores)
        for entry in entries:
            self._add(entry)
        for part, ids in list(self._parts.items()):
            if part in GENERIC or part in self._names or part in self._areas or len(ids) == len(entries) > 1:
                del self._parts[part]
        for area, ids in list(self._areas.items()):
            if area in self._names or len(ids) == len(entries) > 1:
                del self._areas[area]
        self._by_start: dict[str, list[str]] = {}
        for phrase in sorted({**self._names, **self._parts, **self._areas}, key=len, reverse=True):
            self._by_start.setdefault(phrase[:2], []).append(phrase)
        self._may_start = re.compile(f"[{re.escape(''.join(start[0] for start in self._by_start))}]") if self._by_start else None
        self._slips: dict[str, list[str]] = {}
        for name in self._names:
            if len(name) > _SHORT and not name.isascii():
                for variant in _one_open(name):
                    self._slips.setdefault(variant, []).append(name)
        self._lengths = sorted({len(name) for name in self._slips}, reverse=True)

    def _add(self, entry: StoreEntry) -> None:
        address = normal_form(entry.address).text
        areas = areas_of(address)
        cores = [core for core in map(self._core, (entry.name, *entry.aliases)) if core]
        for core in cores:
            self._names.setdefault(core, {})[entry.id] = None
            local = next((core.removeprefix(area) for area in areas if core.startswith(area)), core)
            if local != core and len(local) > _SHORT and local not in GENERIC:
                self._names.setdefault(local, {})[entry.id] = None  # 万象城 of 成都万象城
            for part in (local, short_of(local), *tails_of(local)):
                if len(part) > 1:
                    self._parts.setdefault(part, {})[entry.id] = None
        for place in places_of(address, self._brand):
            for part in (place, short_of(place)):
                if part:
                    self._parts.setdefault(part, {})[entry.id] = None
        for area in areas:
            self._areas.setdefault(area, {})[entry.id] = None

    def _core(self, name: str) -> str:
        """A name without brand, brackets and 店: 春熙路 of 好味（春熙路店）."""
        key = _key(name)
        key = key.removeprefix(self._brand) if self._brand else key
        core = _NAME_END.sub("", key)
        core = core if len(core) > 1 else key.removesuffix("店")  # 高新店 is the one in 高新, and no 新店
        return core if len(core) > 1 else key if len(key) > 1 else ""

    def find(self, text: str, *, taken: Sequence[tuple[int, int]] = ()) -> list[StoreSpan]:
        """The stores a text names, from left to right, none overlapping.

        Args:
            text: As the diner wrote it.
            taken: Spans (start, end) of `text` that mean something else.
        """
        form = normal_form(text)
        spelled = form.text
        if taken:
            covered = {offset for span in taken for offset in range(*span)}
            spelled = "".join(_TAKEN if form.origin[at] in covered else char for at, char in enumerate(spelled))
        found = self._narrowed(spelled, self._named(spelled))
        if not found:
            found = self._slipped(spelled)
        spans = [(item, *form.span(item.start, item.end)) for item in found]
        return [StoreSpan(start, end, item.ids, text[start:end], item.exact) for item, start, end in spans]

    def _named(self, text: str) -> list[_Found]:
        found: list[_Found] = []
        for match in self._may_start.finditer(text) if self._may_start else ():
            if not found or match.start() >= found[-1].end:
                item = self._named_at(text, match.start())
                if item and not (found and item.start < found[-1].end):
                    found.append(item)
        return found

    def _named_at(self, text: str, at: int) -> _Found | None:
        for phrase in self._by_start.get(text[at : at + 2], ()):
            end = at + len(phrase)
            if not text.startswith(phrase, at) or _within_latin(text, at, end):
                continue
            tail = _SAID_END.match(text, end)
            start, stop = self._with_brand(text, at), tail.end() if tail else end
            if text[stop : stop + 1] in set(")）】]") and start < at:
                stop += 1
            if phrase in self._names:
                return _Found(start, stop, tuple(self._names[phrase]), exact=True)
            alone = (
                len(text.strip()) == len(phrase) or start < at or tail or _ABOUT_PLACE.match(text, end) or _GOES_THERE.search(text, 0, at)
            )
            placed = len(phrase) > _SHORT or bool(alone)
            if phrase in self._areas:
                return _Found(
                    start, stop, tuple(self._areas[phrase]), exact=False, area=True, sure=placed or "店" in text[end : end + _NEAR]
                )
            if placed:
                return _Found(start, stop, tuple(self._parts[phrase]), exact=False)
        return None

    def _with_brand(self, text: str, at: int) -> int:
        """Where the words begin if the brand stands before them: 好味（春熙路店）."""
        start = at
        while start and text[start - 1] in _BRACKETS:
            start -= 1
        return start - len(self._brand) if self._brand and text.endswith(self._brand, 0, start) else at

    def _narrowed(self, text: str, found: Sequence[_Found]) -> list[_Found]:
        """重庆万达 and 万达，重庆的 are one store: a part beside an area of it names both."""
        narrowed: list[_Found] = []
        for item in found:
            last = narrowed[-1] if narrowed else None
            common = tuple(one for one in item.ids if last and one in last.ids)
            if last and common and (last.area or item.area) and _APART.fullmatch(text, last.end, item.start):
                narrowed[-1] = _Found(last.start, item.end, common, exact=(last.exact or item.exact) and len(common) == 1)
            else:
                narrowed.append(item)
        return [item for item in narrowed if item.sure]

    def _slipped(self, text: str) -> list[_Found]:
        """A name with one wrong character before 店: 春西路店."""
        for tail in _SLIP_END.finditer(text):
            for length in self._lengths:
                start = tail.start() - length
                said = text[max(start, 0) : tail.start()]
                names = [
                    name for open_ in _one_open(said) for name in self._slips.get(open_, ()) if start >= 0 and _differs_once(said, name)
                ]
                ids = tuple(dict.fromkeys(store_id for name in names for store_id in self._names[name]))
                if ids:
                    return [_Found(start, tail.end(), ids, exact=False)]
        return []


def _one_open(name: str) -> list[str]:
    """A name with each of its characters left open in turn."""
    return [f"{name[:at]}{_TAKEN}{name[at + 1 :]}" for at in range(len(name))]


def _key(name: str) -> str:
    """A name without spaces and signs: what is compared."""
    return "".join(char for char in normal_form(name).text if char.isalnum())


def _differs_once(said: str, name: str) -> bool:
    wrong = [(one, other) for one, other in zip(said, name, strict=True) if one != other]
    return len(wrong) == 1 and wrong[0][0].isalpha() and not _DECIDES.issuperset(wrong[0])


def _within_latin(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is a piece of a longer word."""
    before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return any(len(pair) == 2 and pair.isascii() and pair.isalnum() for pair in (before if start else "", after))
