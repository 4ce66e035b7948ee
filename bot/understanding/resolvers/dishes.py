"""Which dishes of the shop a text names: by name, by alias, by a part of a name, by its sound or with a slip of the pen.

The index is built from the menu itself, so a dish typed in a minute ago is understood in the next message.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.understanding.lexicon import MARKS, WORDS, Kind, reach, scan
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.foods import CULINARY, HEADS
from bot.understanding.resolvers.names import Names, bare
from bot.understanding.resolvers.quantities import MEASURES
from bot.understanding.resolvers.slips import Slip, Slips
from bot.understanding.resolvers.typed import TypedNames, has_typed
from bot.understanding.wishes import OPTIONS

MOST_GUESSED = 240  # characters; a longer text is read for names as they stand only
MOST_HEARD = 40  # characters between signs and names; in longer stretches nothing is heard


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A dish as the menu knows it.

    Attributes:
        options: Names of its choices (番茄锅底, 加珍珠): they are wishes, not dishes.
        category: The part of the menu it stands in (甜品), "" for none.
        spice: 0 to 5.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    unit: str = "份"
    options: tuple[str, ...] = ()
    category: str = ""
    spice: int = 0


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
        names: dict[str, list[str]] = {}
        for entry in dishes:
            self.entries[entry.id] = entry
            for option in entry.options:
                said = bare(option)
                ways = (said, said + "的") if len(said) == 1 else (said,)
                self.options |= {way: option for way in ways if way and WORDS.get(way, Kind.OPTION) is Kind.OPTION}
        called = [(entry.name, entry.id) for entry in self.entries.values()]
        called += [(alias, entry.id) for entry in self.entries.values() for alias in entry.aliases]
        for name, dish_id in called:
            ids = names.setdefault(bare(name), [])
            if dish_id not in ids:
                ids.append(dish_id)
        names.pop("", None)
        self.words: Mapping[str, Kind] = {**WORDS, **dict.fromkeys(self.options, Kind.OPTION)}
        self.reaches = reach(self.words)
        self._names = Names(names)
        self._slips = Slips(names)
        self._typed = TypedNames(names)

    def find(self, text: str) -> list[DishSpan]:
        """The dishes a text names, from left to right, none overlapping.

        Numbers inside names stay names (三杯鸡). A guess is made for words between known ones; a long name is heard beside others too.
        """
        form = normal_form(text)
        found = self.find_spelled(form.text)
        if form.text == text:
            return found
        spans = [form.span(span.start, span.end) for span in found]
        return [replace(item, start=start, end=end, words=text[start:end]) for item, (start, end) in zip(found, spans, strict=True)]

    def find_spelled(self, text: str) -> list[DishSpan]:
        """As `find`, for a text in normal form."""
        named = [DishSpan(start, end, ids, text[start:end], exact=True) for start, end, ids in self._names.find(text)]
        if len(text) > MOST_GUESSED:
            return named
        named = self._heard_whole(text, named)
        while True:
            guessed, unknown = self._guessed(text, named)
            if not guessed and True not in unknown:
                return named
            seen = [self._seen_whole(text, item, unknown) for item in named]
            kept = [item for item, whole in zip(named, seen, strict=True) if whole is not None]
            if len(kept) == len(named):
                return _joined(text, sorted([*(whole for whole in seen if whole is not None), *guessed], key=lambda item: item.start))
            named = kept

    def sold_in(self, dish: DishSpan, unit: str) -> bool:
        """Whether a dish is sold by a measure word."""
        return any(self.entries[dish_id].unit == unit for dish_id in dish.dish_ids)

    def _heard_whole(self, text: str, named: list[DishSpan]) -> list[DishSpan]:
        """Names inside one that was written with a slip make room for it: 鸡丁 and 宫保 in 宫宝鸡丁, 宫保保鸡丁."""
        if not any(self._strange(text, item.start - 1) or self._strange(text, item.end) for item in named):
            return named
        unknown = [False] * (len(text) + 1)
        at = 0
        for item in named:
            self._edges(text, at, item.start, unknown)
            unknown[item.start : item.end] = [True] * (item.end - item.start)
            at = item.end
        self._edges(text, at, len(text), unknown)
        heard: list[DishSpan] = []
        for item in named:
            start, end = item.start, item.end
            if heard and start < heard[-1].end:
                continue
            while start and unknown[start - 1]:
                start -= 1
            while unknown[end]:
                end += 1
            longer = item.end - item.start < end - start <= self._names.longest + 1
            ids = self._dishes_of(self._slips.closest(text[start:end])) if longer else ()
            heard.append(DishSpan(start, end, ids, text[start:end], exact=False) if ids else item)
        return heard

    def _strange(self, text: str, at: int) -> bool:
        """Whether a character is no word of its own."""
        return 0 <= at < len(text) and text[at].isalpha() and text[at] not in MEASURES and text[at] not in self.words

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
        edges = self._edges(text, at, stop, unknown)
        if True not in unknown[at:stop]:
            return []
        slips = self._slips_between(text, at, stop, edges, unknown)
        if slips:
            edges = sorted({*edges, *(edge for span in slips for edge in span)})
        strange = list(accumulate((char.isalnum() and char not in self._names.letters for char in text[at:stop]), initial=0))
        latin = has_typed(text[at:stop])
        reach = max(self._names.longest, 2 * self._typed.longest if latin else 0) + 1
        found: list[DishSpan] = []
        done = at
        for first, start in enumerate(edges):
            if start < done or True not in unknown[start : start + reach]:
                continue
            for end in reversed(edges[first + 1 : bisect_right(edges, start + reach)]):
                if True not in unknown[start:end]:
                    break
                alone = _stands_alone(text, start, end, at, stop)
                ids, exact = self._spelled(text[start:end], alone=alone) if strange[end - at] == strange[start - at] else ((), False)
                if not exact and (start, end) in slips:
                    ids = self._with_slip(text[start:end], ids, slips[start, end])
                elif not ids and latin:
                    ids = self._typed_as(text[start:end])
                if not ids or (not exact and self._belongs_to_more(text, start, end, at, stop, unknown, slips)):
                    continue
                found.append(DishSpan(start, end, ids, text[start:end], exact))
                unknown[start:end] = [False] * (end - start)
                done = end
                break
        return found

    def _edges(self, text: str, at: int, stop: int, unknown: list[bool]) -> list[int]:
        """Where words begin and end in the gap from `at` to `stop`. Marks the characters of it that no word explains."""
        edges = [at]
        for start, end, kind in scan(text, at, stop, self.words, self.reaches):
            plain = kind is None and text[start].isalnum() and text[start:end] not in MEASURES and text[start:end] != "x"
            if plain:
                unknown[start:end] = [True] * (end - start)
            if not plain or text[start].isascii():
                inside = [cut for cut in range(start + 1, end) if text[cut:end] in self.words] if kind is Kind.OPTION else []
                edges += [edge for edge in (start, *inside, end) if edge != edges[-1]]  # 「老压汤不要葱」: 汤不要 is a wish elsewhere
        return edges if edges[-1] == stop else [*edges, stop]

    def _slips_between(self, text: str, at: int, stop: int, edges: list[int], unknown: list[bool]) -> dict[tuple[int, int], Slip]:
        """Names with slips in a gap, by their spans. A name goes on over spaces, and ends where its sentence does."""
        bounds = set(edges)
        meant: dict[tuple[int, int], Slip] = {}
        place: list[int] = []
        for offset in range(at, stop + 1):
            if offset < stop and text[offset].isalnum():
                place.append(offset)
            elif place and (offset == stop or text[offset] in MARKS):
                if len(place) <= MOST_HEARD and any(unknown[there] for there in place):
                    words = "".join(text[there] for there in place)
                    between = {k for k, there in enumerate(place) if there in bounds or not k or place[k - 1] + 1 in bounds} | {len(place)}
                    for slip in self._slips.find(words, between):
                        meant[place[slip.start], place[slip.end - 1] + 1] = slip
                place = []
        return {span: slip for span, slip in meant.items() if True in unknown[slice(*span)]}

    def _belongs_to_more(
        self, text: str, start: int, end: int, at: int, stop: int, unknown: list[bool], slips: Collection[tuple[int, int]]
    ) -> bool:
        """Whether words in the gap from `at` to `stop` are a piece of another dish's name: 炒饭 and 虾仁 in 虾仁炒饭.

        Args:
            slips: Spans that are names themselves.
        """
        words = text[start:end]
        if (start == at > 0 and words in self._names.endings) or (end == stop < len(text) and words in self._names.beginnings):
            return True  # 雪碧鸡翅 beside 烤鸡翅, 一品东坡肉 beside 一品豆腐
        starts, ends = {span[0] for span in slips}, {span[1] for span in slips}
        before = start
        while before > at and before not in ends and (unknown[before - 1] or text[before - 1] in CULINARY):
            before -= 1
        after = end
        while after < stop and after not in starts and (unknown[after] or text[after] in CULINARY):
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
        words = text[start:end]
        ids = self._spelled(words, alone=True)[0] or self._dishes_of(self._slips.closest(words)) or self._typed_as(words)
        if ids:
            return DishSpan(start, end, ids, text[start:end], exact=False)
        if any(char in HEADS for char in text[item.end : end]):
            return None
        if any(char in CULINARY for char in text[start : item.start]):
            return DishSpan(start, item.end, item.dish_ids, text[start : item.end], exact=False)
        return item

    def _spelled(self, words: str, *, alone: bool) -> tuple[tuple[str, ...], bool]:
        """The dishes whose name, or a part of it, words between two edges are, and whether they are a name."""
        key = words if words.isalnum() else "".join(filter(str.isalnum, words))
        if not key or not words[0].isalnum() or not words[-1].isalnum() or (len(key) == 1 and not alone):
            return (), False
        names = self._names
        if key in names.dishes:
            return names.dishes[key], True
        return names.endings.get(key) or names.beginnings.get(key, ()), False

    def _with_slip(self, words: str, called: tuple[str, ...], slip: Slip) -> tuple[str, ...]:
        """Dishes called by a part of their name, and those that have the words but for one character: 番茄蛋 may be 番茄炒蛋 too."""
        if not called:
            return self._dishes_of(slip.names)
        if words in self._names.endings:
            return called
        return tuple(dict.fromkeys((*called, *self._dishes_of(name for name in slip.names if len(name) > len(words)))))

    def _typed_as(self, words: str) -> tuple[str, ...]:
        """The dishes that words are the pinyin of."""
        if not words[0].isalnum() or not words[-1].isalnum() or not has_typed(words):
            return ()
        return self._dishes_of(self._typed.closest("".join(filter(str.isalnum, words))))

    def _dishes_of(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(dish_id for name in names for dish_id in self._names.dishes[name]))


def _stands_alone(text: str, start: int, end: int, at: int, stop: int) -> bool:
    """Whether no name touches the words."""
    return (start > at or start == 0) and (end < stop or end == len(text))


def _joined(text: str, spans: Iterable[DishSpan]) -> list[DishSpan]:
    """Spans as they are, but pieces of one dish that touch made one: 干炒 and 牛河 in 干炒炒牛河 are not two portions."""
    found: list[DishSpan] = []
    for item in spans:
        last = found[-1] if found else None
        if last and not (last.exact and item.exact) and text[last.end : item.start] in {"", last.words[-1]}:
            both = tuple(dish_id for dish_id in last.dish_ids if dish_id in item.dish_ids)
            if both:
                found[-1] = DishSpan(last.start, item.end, both, text[last.start : item.end], exact=False)
                continue
        found.append(item)
    return found
