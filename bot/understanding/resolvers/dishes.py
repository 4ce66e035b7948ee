"""Which dishes of the shop a text names: by name, by alias, by a part of a name, or with one slip of the pen.

The index is built from the menu itself, so a dish typed in a minute ago is understood in the next message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.understanding.lexicon import CULINARY, FOODS, HEADS, OPTIONS, WORDS, Kind, scan
from bot.understanding.normal_form import normal_form

MOST_GUESSED = 400  # characters; a longer text is read for names as they stand only
_SKIPPED_INSIDE = frozenset(" \t·.()[]（）【】-'\"“”《》")
_MEASURES = frozenset("份碗瓶杯个盘斤两打套串扎听罐例只条块片盒笼屉件壶锅盅客张根颗袋包支俩仨半双0123456789一二三四五六七八九十几第")
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
            self.options |= {_key(option): option for option in entry.options if len(_key(option)) > 1}
        for entry in self.entries.values():
            self._add(entry.name, entry.id)
        for entry in self.entries.values():
            for alias in entry.aliases:
                self._add(alias, entry.id)
        self.words: Mapping[str, Kind] = {**WORDS, **dict.fromkeys(self.options, Kind.OPTION)}
        self._trie = _trie(self._names)
        self._parts = _parts(self._names)
        self._slips = _slips(self._names)
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
        found = self._find(form.text)
        spans = [form.span(span.start, span.end) for span in found]
        return [replace(item, start=start, end=end, words=text[start:end]) for item, (start, end) in zip(found, spans, strict=True)]
