"""What the models see of a text: character n-grams with named things masked for the intent, a window around each character for slots.

A named thing (a dish, a time) is one mask character in the intent's text, so that a dish of a menu nobody has trained on looks like
every other dish. Characters behind a hint (`k` known by a resolver, `g` a listed name) carry it as a feature of the slot model.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from bot.understanding.normal_form import NormalForm

# Entities that resolvers find with the same places as the training data has them: learned with and without. (A resolver's quantity
# is number and unit together, and stands in the dish's value where there is a dish: the models read those themselves.)
RESOLVED = frozenset({"dish", "time", "people", "phone", "store"})
OUTSIDE = "O"
_FIRST_MASK = 0xE000  # private use: no diner's text holds it
_SPACES = frozenset(" \t\n,，。.!！?？~～、…;；:：-—\"“”'‘’()（）")
_DIGITS = frozenset("0123456789")
_NUMERALS = frozenset("一二三四五六七八九十百两俩仨半几零〇")
_SINGLE_WEIGHT, _PAIR_WEIGHT, _SCALE = 1.5, 0.5, 3.0  # of a single character, of two classes; chosen by cross-validation
_FEWEST = 6  # features of a text; what is shorter is not surer
_MOST_PAIRED = 24  # of one text: a rant names everything
_LENGTHS = (0, 2, 4, 6, 9, 13, 20, 35)


@dataclass(frozen=True, slots=True)
class Span:
    """A named thing in the normal form of a text."""

    start: int
    end: int
    entity: str


class Gazetteer:
    """Names that are known to exist, by the entity (or the class of words) they belong to."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """
        Args:
            names: Entity -> names in normal form.
        """
        self._entities: dict[str, tuple[str, ...]] = {}
        for entity, values in names.items():
            for value in filter(None, values):
                self._entities[value] = (*self._entities.get(value, ()), entity)
        lengths: dict[str, set[int]] = {}
        for value in self._entities:
            lengths.setdefault(value[0], set()).add(len(value))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def find(self, text: str, *, hidden: frozenset[str] = frozenset()) -> list[Span]:
        """Names from left to right, the longest at each place; one name may be of several entities. `hidden` ones are not known."""
        found: list[Span] = []
        start = end = 0
        for span in self.find_all(text):
            also = found and (span.start, span.end) == (start, end)
            if (also or span.start >= end) and text[span.start : span.end] not in hidden:
                found.append(span)
                start, end = span.start, span.end
        return found

    def find_all(self, text: str) -> Iterator[Span]:
        """Every name at every place, also one within another: by place, longer ones first."""
        lengths, entities = self._lengths, self._entities
        for at, first in enumerate(text):
            for length in lengths.get(first, ()):
                for entity in entities.get(text[at : at + length], ()):
                    if at + length <= len(text):
                        yield Span(at, at + length, entity)


def in_normal_form(normal: NormalForm, start: int, end: int) -> tuple[int, int]:
    """A span of the text as written as a span of its normal form."""
    return bisect_left(normal.origin, start), bisect_left(normal.origin, end)


def masks_for(entities: Iterable[str]) -> dict[str, str]:
    """A mask character for each entity."""
    return {entity: chr(_FIRST_MASK + number) for number, entity in enumerate(sorted(set(entities)))}


def masked(text: str, spans: Sequence[Span], masks: Mapping[str, str]) -> str:
    """A text with its named things (from left to right) as masks; an entity without a mask stays as it is."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        if span.entity in masks and span.start >= at:
            pieces += [text[at : span.start], masks[span.entity]]
            at = span.end
    pieces.append(text[at:])
    return "".join(pieces)


def intent_features(text: str, words: Gazetteer, *, orders: Sequence[int], scaled: bool) -> dict[str, float]:
    """What a (masked) text is like: its n-grams, and the classes of words in it, alone, in pairs, and with what stands beside them.

    Args:
        words: Classes of words that mean alike.
        orders: Lengths of n-grams, counted between marks for begin and end.
        scaled: Weigh features by how many there are, so that a long message is not surer than a short one.
    """
    framed = f"^{text}$"
    found = {framed[at : at + order]: _SINGLE_WEIGHT if order == 1 else 1.0 for order in orders for at in range(len(framed) - order + 1)}
    found[f"length={bisect_left(_LENGTHS, len(text))}"] = 1.0
    found.pop("^", None)
    found.pop("$", None)
    classes: set[str] = set()
    for span in words.find(text):
        classes.add(span.entity)
        found[f"<{framed[span.start]} {span.entity}"] = 1.0
        found[f">{span.entity} {framed[span.end + 1]}"] = 1.0
    for span in words.find_all(text):
        found[f"within {span.entity}"] = 1.0
    found.update(dict.fromkeys(classes, 1.0))
    for one, other in combinations(sorted(classes)[:_MOST_PAIRED], 2):
        found[f"{one}&{other}"] = _PAIR_WEIGHT
    if not scaled:
        return found
    scale = _SCALE / sqrt(max(sum(value * value for value in found.values()), _FEWEST))
    return {name: value * scale for name, value in found.items()}


def slot_features(text: str, intent: str, known: Sequence[Span], listed: Sequence[Span], words: Sequence[Span]) -> list[list[str]]:
    """Features of each character: itself and its neighbours, their kinds, what is known of them, and what the sentence is about.

    Args:
        intent: The likeliest intent of the text.
        known: What resolvers found.
        listed: Names of entities that stand in the text.
        words: Words of a class that stand in it.
    """
    size = len(text)
    padded = f"\x02\x02{text}\x03\x03"
    kinds = "".join(map(_kind, padded))
    hints: list[list[str]] = [[] for _ in range(size + 1)]
    for mark, spans in (("k", known), ("g", listed)):
        for span in spans:
            hints[span.start] += (f"{mark}=B-{span.entity}", f"{mark}={span.entity}{min(span.end - span.start, 4)}")
            for at in range(span.start + 1, span.end):
                hints[at].append(f"{mark}=I-{span.entity}")
    classes: list[list[str]] = [[] for _ in range(size + 1)]
    for span in words:
        classes[span.start].append(f"w=B-{span.entity}")
        for at in range(span.start + 1, span.end):
            classes[at].append(f"w=I-{span.entity}")
        classes[span.start - 1].append(f"w>{span.entity}")  # of the first character: beyond the end, where nobody looks
        classes[span.end].append(f"w<{span.entity}")
    about = f"i={intent}"
    rows: list[list[str]] = []
    for at in range(size):
        a, b, c, d, e = (padded[at + offset] for offset in range(5))
        row = [
            f"0{c}", f"-1{b}", f"+1{d}", f"-2{a}", f"+2{e}",
            f"-10{b}{c}", f"0+1{c}{d}", f"-2-1{a}{b}", f"+1+2{d}{e}", f"-1+1{b}{d}",
            f"-101{b}{c}{d}", f"-2-10{a}{b}{c}", f"012{c}{d}{e}",
            f"t{kinds[at + 1 : at + 4]}", about, f"{about}{c}",
        ]  # fmt: skip
        row += hints[at]
        row += classes[at]
        if at:
            row += ["<" + hint for hint in hints[at - 1]]
        row += [">" + hint for hint in hints[at + 1]]
        rows.append(row)
    return rows


def labels_of(size: int, spans: Sequence[Span]) -> list[str]:
    """What each character is: B-dish begins a dish, I-dish goes on, O is nothing."""
    labels = [OUTSIDE] * size
    for span in spans:
        labels[span.start : span.end] = [f"B-{span.entity}"] + [f"I-{span.entity}"] * (span.end - span.start - 1)
    return labels


def spans_of(labels: Sequence[str]) -> list[Span]:
    """The named things that labels say."""
    found: list[Span] = []
    for at, label in enumerate(labels):
        if label == OUTSIDE:
            continue
        entity = label[2:]
        if label[0] == "I" and found and found[-1].end == at and found[-1].entity == entity:
            found[-1] = Span(found[-1].start, at + 1, entity)
        else:
            found.append(Span(at, at + 1, entity))
    return found


def _kind(char: str) -> str:
    if char in _DIGITS:
        return "9"
    if char in _NUMERALS:
        return "n"
    if "一" <= char <= "鿿":
        return "c"
    if "a" <= char <= "z":
        return "a"
    return "p" if char in _SPACES else char if char in "\x02\x03" else "x"
