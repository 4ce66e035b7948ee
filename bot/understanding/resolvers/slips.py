"""Names with slips of the pen: characters that sound alike (公宝鸡丁, 红烧弱), one wrong, swapped, doubled, added or left out.

A character that names a food, a taste or a way of cooking was meant: 红烧鱼 is not 红烧肉. Only where it sounds exactly like
the name's own, inside a longer name, is it a slip (清蒸卤鱼).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, product

from bot.understanding.lexicon import WORDS, Kind
from bot.understanding.resolvers.foods import CULINARY, FOODS
from bot.understanding.resolvers.quantities import MEASURES
from bot.understanding.resolvers.sounds import Likeness, likeness, sounds

_COUNT_FOLLOWS = MEASURES | {"x"}
_WORD_ENDS = frozenset("子师生员店区城市县路街楼们者性家")  # 大盘子, 王老师: other words, not slips

# What a slip costs, in hundredths of a character that is wrong beyond hearing, added or left out.
_BY_SOUND = {Likeness.WRITTEN: 0, Likeness.SAME: 15, Likeness.FUZZY: 30, Likeness.NEAR: 60, Likeness.OTHER: 100}
_FOOD_BY_SOUND = 45  # a food that sounds like the one of the name
_ONE = 100  # no name bears more than one of these
_SWAPPED = 60
_DOUBLED = 30
_NEVER = 9900
_BEARABLE = {2: 15, 3: 60, 4: 100}  # by the length of a name; of longer ones a quarter of it
_TIE = 10  # names that cost hardly more than the best are meant as well


@dataclass(frozen=True, slots=True)
class Slip:
    """Words that stand for a name, or for several equally well.

    Attributes:
        heard: Every character sounds like the name's own.
    """

    start: int
    end: int
    names: tuple[str, ...]
    cost: int
    heard: bool

    @property
    def gain(self) -> int:
        """By which overlapping ones are chosen: much explained at little cost."""
        return (self.end - self.start) * _ONE // 2 - self.cost


class Slips:
    """The names of a menu, found through pairs of syllables that stand together or with one character between."""

    def __init__(self, names: Iterable[str]) -> None:
        self._places: dict[str, list[tuple[str, int]]] = {}
        for name in names:
            if len(name) > 1 and not name.isascii():
                for at, pairs in _pairs(name):
                    for pair in pairs:
                        self._places.setdefault(pair, []).append((name, at))

    def closest(self, words: str) -> tuple[str, ...]:
        """The names that words as a whole stand for."""
        ends = {0, len(words)}
        return next((span.names for span in self._spans(words, ends) if span.end - span.start == len(words)), ())

    def find(self, words: str, edges: Set[int]) -> list[Slip]:
        """Stretches of words that stand for names, none overlapping.

        Args:
            words: Letters and digits without signs.
            edges: Offsets where a known word, a sign or the text begins or ends. A name stands between two of them; one of
                four characters and more that is heard may have another such name on one side, or anything.
        """
        spans = self._spans(words, edges)
        found: list[Slip] = []
        bounds = set(edges)
        while spans:
            open_ = [span for span in spans if span.start in bounds or span.end in bounds]
            best = max(open_, key=lambda span: (span.gain, -span.start), default=None)
            if best is None:
                break
            found.append(best)
            bounds |= {best.start, best.end}
            spans = [span for span in spans if span.end <= best.start or best.end <= span.start]
        return found

    def _spans(self, words: str, edges: Set[int]) -> list[Slip]:
        """Every stretch between edges that may stand for a name, and every one that is heard, with the names it fits best."""
        fits: dict[tuple[int, int], dict[str, tuple[int, bool]]] = defaultdict(dict)
        for name, start, end in dict.fromkeys(self._windows(words)):
            whole = start in edges and end in edges
            if whole or (len(name) > 3 and end - start == len(name)):
                cost, heard = _cost(words, start, end, name)
                if 0 < cost < _NEVER and (whole or heard):
                    fits[start, end][name] = (cost, heard)
        return [_best(start, end, names) for (start, end), names in fits.items()]

    def _windows(self, words: str) -> Iterator[tuple[str, int, int]]:
        """Names that share enough pairs of syllables with the words, and the stretches that each may be."""
        shared: dict[tuple[str, int], int] = {}
        for at, pairs in _pairs(words):
            places = (self._places.get(pair, ()) for pair in pairs)
            for name, place in dict.fromkeys(chain.from_iterable(places)):  # once, in however many readings they agree
                shared[name, at - place] = shared.get((name, at - place), 0) + 1
        for (name, at), here in shared.items():
            size = len(name)
            if here + shared.get((name, at - 1), 0) + shared.get((name, at + 1), 0) >= min(3, size - 2):
                for start in range(max(0, at - 1), at + 2):
                    for end in range(start + size - 1, min(len(words), start + size + 1) + 1):
                        yield name, start, end


def _best(start: int, end: int, fits: Mapping[str, tuple[int, bool]]) -> Slip:
    cost = min(cost for cost, _ in fits.values())
    names = {name: heard for name, (price, heard) in fits.items() if price <= cost + _TIE}
    return Slip(start, end, tuple(sorted(names, key=fits.__getitem__)), cost, all(names.values()))


def _pairs(words: str) -> Iterator[tuple[int, list[str]]]:
    """Places, and the signs for the syllables there and at the next place or the one behind it, in every reading."""
    signs = [sounds(char) for char in words]
    for at in range(len(signs) - 1):
        for other in signs[at + 1 : at + 3]:
            yield at, [one + two for one, two in product(signs[at], other)]


def _cost(text: str, start: int, end: int, name: str) -> tuple[int, bool]:
    """What it costs to read a stretch as a name, `_NEVER` if that is too much; and whether it sounds like it altogether."""
    words, size = text[start:end], len(name)
    heard = False
    if len(words) == size:
        prices = _prices(words, name)
        cost = min(sum(prices), _swapped(words, name)) if prices.count(_ONE) < 2 else _swapped(words, name)
        alike = prices.count(0)
        heard = size > 3 and max(prices) < _FOOD_BY_SOUND and alike * 2 >= size
        if not alike and max(prices) > _BY_SOUND[Likeness.SAME]:
            cost = _NEVER
    else:
        cost = _one_more(words, name) if len(words) > size else _one_less(words, name)
    if len(words) == 2 and not _plain_of_two(text, start, end, name):
        cost = _NEVER
    return (cost, heard) if cost <= _BEARABLE.get(size, size * _ONE // 4) or (cost == _ONE and size == 3) else (_NEVER, False)


def _plain_of_two(text: str, start: int, end: int, name: str) -> bool:
    """Whether two characters may be a name with a slip: a food left without its middle (肉馍), else beside a number (两瓶雪必)."""
    if any(char in MEASURES or char in WORDS for char in text[start:end]):
        return False
    left_out = len(name) > 2 and text[end - 1] in FOODS
    return left_out or (start > 0 and text[start - 1] in MEASURES) or text[end : end + 1] in _COUNT_FOLLOWS


def _prices(words: str, name: str) -> list[int]:
    last = len(name) - 1
    long = last > 2
    pairs = enumerate(zip(words, name, strict=True))
    return [_wrong(said, meant, inside=0 < at < last, last=at == last, long=long) for at, (said, meant) in pairs]


def _swapped(words: str, name: str) -> int:
    """Two neighbours in the wrong order."""
    wrong = [at for at, (one, other) in enumerate(zip(words, name, strict=True)) if one != other]
    if len(name) > 2 and len(wrong) == 2 and wrong[1] == wrong[0] + 1 and words[wrong[0] : wrong[1] + 1] == name[wrong[1]] + name[wrong[0]]:
        return _SWAPPED
    return _NEVER


def _one_more(words: str, name: str) -> int:
    """The least that words cost which have a character more than the name."""
    if len(name) < 3:
        return _NEVER
    last = len(name)
    before, behind = _both_ends(words, name, words[1:], name)
    return min(before[at] + behind[at] + _added(words, at, inside=0 < at < last) for at in range(last + 1))


def _one_less(words: str, name: str) -> int:
    """The least that words cost which have a character less than the name."""
    if len(name) < 3:
        return _NEVER
    before, behind = _both_ends(words, name, words, name[1:])
    return min(before[at] + behind[at] + _left_out(name, at) for at in range(len(name)))


def _both_ends(words: str, name: str, rest: str, its_rest: str) -> tuple[list[int], list[int]]:
    """For each place what the characters before it cost, and those behind it when one is passed over."""
    long = len(name) > 3
    ahead = [_heard(said, meant, last=False, long=long) for said, meant in zip(words, name, strict=False)]
    after = [_heard(said, meant, last=False, long=long) for said, meant in zip(rest, its_rest, strict=True)]
    return list(accumulate(ahead, initial=0)), list(accumulate(reversed(after), initial=0))[::-1]


@lru_cache(maxsize=4096)
def _heard(said: str, meant: str, *, last: bool, long: bool) -> int:
    """What a character costs that sounds like the one of the name, `_NEVER` for one that does not."""
    alike = likeness(said, meant)
    if said in CULINARY and said != meant:
        another_dish = alike is not Likeness.SAME or not (long or (not last and (said in FOODS) != (meant in FOODS)))
        return _NEVER if another_dish else _FOOD_BY_SOUND
    return _NEVER if alike is Likeness.OTHER else _BY_SOUND[alike]


def _wrong(said: str, meant: str, *, inside: bool, last: bool, long: bool) -> int:
    price = _heard(said, meant, last=last, long=long)
    return _ONE if price == _NEVER and (_no_word(said) or (long and inside and said not in CULINARY and said not in MEASURES)) else price


def _added(words: str, at: int, *, inside: bool) -> int:
    """What a character costs that the name does not have."""
    char = words[at]
    beside = words[max(0, at - 1) : at] + words[at + 1 : at + 2]
    if char in beside or (inside and _no_word(char) and any(likeness(char, other) is Likeness.SAME for other in beside)):
        return _DOUBLED
    return _ONE if inside and (_no_word(char) or WORDS.get(char) is Kind.FILL) else _NEVER


def _left_out(name: str, at: int) -> int:
    """What it costs to leave out a character of a name: of a short one not its end, which says what it is."""
    if name[at] in name[max(0, at - 1) : at] + name[at + 1 : at + 2]:
        return _DOUBLED
    return _ONE if len(name) > 3 or 0 < at < len(name) - 1 else _NEVER


def _no_word(char: str) -> bool:
    return char.isalpha() and char not in CULINARY and char not in _WORD_ENDS and char not in WORDS and char not in MEASURES
