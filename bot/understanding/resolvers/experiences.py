"""Which of the shop's experiences (亲子烘焙, 新年品酒会) a text names: by name, by parts of it (烘焙, 品酒), by its sound (亲子烘培).

The index is built from the shop file, so what the owner typed in a minute ago is understood in the next message. Parts and slips
are guesses: they count where a message is known to be about experiences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.names import bare
from bot.understanding.resolvers.sounds import Likeness, likeness

_TAKEN = "\x00"
_LEAST = 2  # characters of a part that names something
_WORTH = {Likeness.WRITTEN: 100, Likeness.SAME: 85, Likeness.FUZZY: 70, Likeness.NEAR: 40}  # of a character, in hundredths
_LEAST_WORTH = 140  # a character as it stands and one that sounds near it: 烘培
_TIE = 40  # what is hardly worse is meant as well
_SAYS_LITTLE = (
    *("体验课", "活动", "体验", "课程", "主题", "专场", "系列", "沙龙", "工坊", "比赛", "大赛", "挑战", "周末", "周六", "周日", "小小"),
    *("孩子", "小孩", "大人", "家长", "一起", "自己", "我们", "师傅", "老师", "可以", "带走"),
)
"""Words that many names have: by themselves they tell no experience from another kind of evening out."""
_KINDS = frozenset("课会班场营节赛坊日")
"""The last character of many names: 插花课 is not 咖啡拉花课 for its 花课."""


@dataclass(frozen=True, slots=True)
class ExperienceEntry:
    """An experience as the shop knows it. Attributes: about: What the owner tells of it; words of it are a weak hint."""

    id: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class ExperienceSpan:
    """Words that name an experience, or several to choose from.

    Attributes:
        start, end: In the text as written; of parts that stand apart (咖啡 … 课) from the first to the last.
        ids: More than one where the words fit several equally well.
        exact: The words are a name as it stands.
        named: They are of a name, and not only of what the owner tells of it.
    """

    start: int
    end: int
    ids: tuple[str, ...]
    exact: bool
    named: bool = True


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters side by side in a text and in a name."""

    start: int
    place: int
    size: int
    worth: int


class ExperienceIndex:
    """The experiences of one version of a shop, ready to be found in texts."""

    def __init__(self, experiences: Iterable[ExperienceEntry]) -> None:
        self.names: dict[str, str] = {}
        self._bare: dict[str, str] = {}
        self._about: dict[str, str] = {}
        for entry in experiences:
            self.names[entry.id] = entry.name
            self._bare[entry.id] = bare(entry.name)
            self._about[entry.id] = bare(entry.about)

    def __bool__(self) -> bool:
        return bool(self.names)

    def find_exact(self, text: str) -> ExperienceSpan | None:
        """The experience whose name stands in a text as it is, the longest one; signs and spaces do not count."""
        written, places = _closed(normal_form(text).text)
        best: ExperienceSpan | None = None
        for experience_id, name in self._bare.items():
            at = written.find(name) if len(name) >= _LEAST else -1
            if at >= 0:
                span = ExperienceSpan(*normal_form(text).span(places[at], places[at + len(name) - 1] + 1), (experience_id,), exact=True)
                if best is None or span.end - span.start > best.end - best.start:
                    best = span
        return best

    def find(self, text: str, *, taken: Sequence[tuple[int, int]] = ()) -> ExperienceSpan | None:
        """The experience that a text names best: by a whole name, by parts and sounds, else by what is told of it or by stray characters.

        Args:
            taken: Spans of `text` that mean something else: times, parties.
        """
        exact = self.find_exact(text)
        if exact is not None:
            return exact
        form = normal_form(text)
        covered = {offset for span in taken for offset in range(*span)}
        spelled = "".join(_TAKEN if form.origin[at] in covered else char for at, char in enumerate(form.text))
        written, places = _closed(spelled)
        for names in (self._bare, self._about):
            found = _best(written, names)
            if found is not None:
                start, end, ids = found
                return ExperienceSpan(*form.span(places[start], places[end - 1] + 1), ids, exact=False, named=names is self._bare)
        apart = _apart_in(written, self._bare)
        if apart is None:
            return None
        start, end, ids = apart
        return ExperienceSpan(*form.span(places[start], places[end - 1] + 1), ids, exact=False, named=False)


def _apart_in(written: str, names: dict[str, str]) -> tuple[int, int, tuple[str, ...]] | None:
    """Two characters side by side that a name has somewhere: 品茶 of 盖碗茶品鉴. A hint, and only where one name alone has them."""
    for at in range(len(written) - 1):
        pair = set(written[at : at + _LEAST])
        if len(pair) == _LEAST and not pair & _KINDS and all("一" <= char <= "鿿" for char in pair):
            ids = tuple(experience_id for experience_id, name in names.items() if pair <= set(name))
            if len(ids) == 1:
                return at, at + _LEAST, ids
    return None


def _best(written: str, names: dict[str, str]) -> tuple[int, int, tuple[str, ...]] | None:
    runs = {experience_id: _runs(written, name) for experience_id, name in names.items()}
    worths = {experience_id: sum(run.worth for run in found) for experience_id, found in runs.items()}
    most = max(worths.values(), default=0)
    if most < _LEAST_WORTH:
        return None
    ids = tuple(experience_id for experience_id, worth in worths.items() if worth >= max(_LEAST_WORTH, most - _TIE))
    meant = [run for experience_id in ids for run in runs[experience_id]]
    return min(run.start for run in meant), max(run.start + run.size for run in meant), ids


def _runs(written: str, name: str) -> list[_Run]:
    """What a text and a name have in common, the best parts first, none used twice."""
    found: dict[tuple[int, int], _Run] = {}
    for at, char in enumerate(written):
        place = name.find(char)
        while place >= 0:
            run = _grown(written, name, at, place)
            if run is not None:
                found[run.start, run.place] = run
            place = name.find(char, place + 1)
    kept: list[_Run] = []
    for run in sorted(found.values(), key=lambda run: (-run.worth, run.start)):
        if all(_apart(run.start, one.start, run, one) and _apart(run.place, one.place, run, one) for one in kept):
            kept.append(run)
    return kept


def _grown(written: str, name: str, at: int, place: int) -> _Run | None:
    """The longest stretch around a character that both have; None for less than a word, or for words that many names have."""
    start, end, worth = at, at + 1, _WORTH[Likeness.WRITTEN]
    while start and place - (at - start) > 0 and (more := _heard(written[start - 1], name[place - (at - start) - 1])):
        start, worth = start - 1, worth + more
    while end < len(written) and place + (end - at) < len(name) and (more := _heard(written[end], name[place + (end - at)])):
        end, worth = end + 1, worth + more
    telling = written[start:end].rstrip("".join(_KINDS))
    if len(telling) < _LEAST or worth < _LEAST_WORTH or any(telling in word for word in _SAYS_LITTLE):
        return None
    return _Run(start, place - (at - start), end - start, worth)


def _heard(said: str, meant: str) -> int:
    if not (said.isalnum() and meant.isalnum()):
        return 0
    if said.isascii() or meant.isascii():
        return _WORTH[Likeness.WRITTEN] if said == meant else 0
    return _WORTH.get(likeness(said, meant), 0)


def _apart(one: int, other: int, run: _Run, another: _Run) -> bool:
    return one + run.size <= other or other + another.size <= one


def _closed(text: str) -> tuple[str, list[int]]:
    """A text without spaces and signs, but for what is taken, and where each of its characters stood."""
    places = [at for at, char in enumerate(text) if char.isalnum() or char == _TAKEN]
    return "".join(text[at] for at in places), places
