"""How many guests a text speaks of: 六个人, 4大2小, 我和老婆两个人带一个娃, 十来位, 再加两个人.

Counts are found one by one (`guest_counts`), then those that belong together are composed into a party: 其中 and 含 name a part of the
number before, 带 and 和 add to it, and parts that make up the whole (6个人，4大2小) are the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers import guest_words as words
from bot.understanding.resolvers.guest_counts import Count, Kind, bare_count, changes, counts_of_tables, find_counts

_TAKEN = "\x00"
_ALL_OF_THEM = frozenset({Kind.GUESTS, Kind.WHOLE})
_A_CIRCLE = frozenset({Kind.CIRCLE, Kind.WHOLE})
_PERHAPS_KNOWN = frozenset({Kind.ADULTS, Kind.OTHERS, Kind.BOTH})  # 八个人两个老人: the elders are of the eight


@dataclass(frozen=True, slots=True)
class Party:
    """Guests.

    Attributes:
        n: All of them, children too. If it equals `kids`, only children were named and the adults are to be asked for.
            With `delta` it is the change: 少来一个人 is -1. Of 十来个 and 6-8人 the lower bound.
        kids: Those of `n` who are children.
        approx: 左右, 七八个, 半桌人.
        delta: Said relative to an earlier number: 再加两个人.
    """

    n: int
    kids: int = 0
    approx: bool = False
    delta: bool = False

    def to_json(self) -> dict[str, int | bool]:
        """The entity's value."""
        return {"n": self.n, "kids": self.kids, "approx": self.approx, "delta": self.delta}


@dataclass(frozen=True, slots=True)
class PeopleSpan:
    """Words that count guests: `start` and `end` in the text as written."""

    start: int
    end: int
    party: Party


def find_people(text: str, *, taken: Sequence[tuple[int, int]] = (), expected: bool = False) -> list[PeopleSpan]:
    """The parties a text speaks of, from left to right; of a correction (不是六个人是八个) only the right one.

    Args:
        text: As the diner wrote it.
        taken: Spans (start, end) of `text` that mean something else: dishes, times.
        expected: The open question asks how many come, so a bare number (6, 就俩) is the answer.
    """
    if not expected and not words.MAY_COUNT.search(text):
        return []
    form = normal_form(text)
    spelled = form.text
    if taken:
        covered = {offset for span in taken for offset in range(*span)}
        spelled = "".join(_TAKEN if form.origin[at] in covered else char for at, char in enumerate(spelled))
    spelled = words.WEEKDAY.sub(lambda match: _TAKEN * len(match[0]), spelled)
    closed, places = _closed_up(spelled)
    found = _parties(closed, expected=expected)
    return [PeopleSpan(*form.span(places[start], places[end - 1] + 1), party) for start, end, party in found]


def _closed_up(text: str) -> tuple[str, Sequence[int]]:
    """A text without the blanks inside its counts (八 个 人), and where each of its characters stood."""
    if " " not in text:
        return text, range(len(text))
    gaps = {at for match in words.SPREAD.finditer(text) for at in range(*match.span()) if text[at].isspace()}
    places = [at for at in range(len(text)) if at not in gaps]
    return "".join(text[at] for at in places), places


def _parties(text: str, *, expected: bool) -> list[tuple[int, int, Party]]:
    counts = list(find_counts(text))
    if expected or counts or words.NOT_COMING.search(text):
        counts = sorted([*counts, *changes(text, counts)], key=lambda count: count.start)
    groups = [group for group in _groups(text, counts) if _is_party(text, group, expected=expected)]
    if not groups and not counts:
        groups = [[count] for count in (bare_count(text) if expected else None, counts_of_tables(text, expected=expected)) if count][:1]
    return _settled(text, groups)


def _groups(text: str, counts: Sequence[Count]) -> list[list[Count]]:
    """Counts that make one party: nothing but joining words between them."""
    groups: list[list[Count]] = []
    for count in counts:
        if groups and _belongs(text, groups[-1], count):
            groups[-1].append(count)
        else:
            groups.append([count])
    return groups


def _belongs(text: str, group: Sequence[Count], count: Count) -> bool:
    last = group[-1]
    between = text[last.end : count.start]
    if count.sign:
        between = (words.MORE if count.sign > 0 else words.FEWER).sub("", between)
    if last.denied or count.denied or last.old or not words.BETWEEN.fullmatch(between):
        # 「订六个人的位子，七点到，有两个小孩」: children named later are of the party, those of a change are not.
        return count.kind is Kind.KIDS and not count.sign and not last.denied and words.SUBSET.search(between[-4:]) is not None
    if count.sign:
        return group[0].sign in {0, count.sign}
    if count.kind in _ALL_OF_THEM:
        if words.ADDED.search(between) or words.TOTAL.search(between) or last.kind is Kind.CIRCLE:
            return True
        return (last.kind is Kind.WHOLE and not between.strip()) or sum(part.n for part in group) == count.n != last.n
    return True


def _is_party(text: str, group: Sequence[Count], *, expected: bool) -> bool:
    """Whether a group comes to eat: relations need a number or a question, two friends alone may be anybody."""
    kind = group[0].kind
    if len(group) == 1 and kind is Kind.KIDS and words.UNSAID_KID.match(text, group[0].start):
        return False
    if expected or len(group) > 1 or group[0].sign:
        return True
    if kind is Kind.CIRCLE:
        return False
    if kind is Kind.OTHERS:
        return group[0].n > 1 and words.COMES_TO_EAT.match(text, group[0].end) is not None
    if kind is Kind.KIDS:
        brought = words.BRINGS.search(text[max(0, group[0].start - 4) : group[0].start]) is not None
        alone = group[0].n > 1 and words.ONLY_KIDS.fullmatch(text, 0, group[0].start) is not None
        return brought or (alone and words.COMES_TO_EAT.match(text, group[0].end) is not None)
    return True


def _composed(text: str, group: Sequence[Count]) -> Party:
    """One party out of its counts."""
    first = group[0]
    n, kids, approx = first.n, first.kids, first.approx
    within = (
        words.TOTAL.search(text[max(0, first.start - 4) : first.start]) is not None
    )  # whether what follows is a part of the number before
    whole = n if within or first.kind in _ALL_OF_THEM else 0
    parts: list[Count] = []
    are_whole = False  # whether parts may be what the number before is made of: 6个人，4大2小
    for last, count in pairwise(group):
        between = text[last.end : count.start]
        added = words.ADDED.search(between) is not None and not words.SUBSET.search(between)
        if count.sign and not first.sign:
            n, kids = n + count.sign * count.n, kids + count.sign * count.kids
        elif words.TOTAL.search(between) or (count.kind in _ALL_OF_THEM and not added and (last.kind in _A_CIRCLE or n == count.n)):
            n, whole, approx, within = count.n, count.n, False, False
        else:
            within = not added and (within or count.part or words.SUBSET.search(between) is not None)
            known = within or (count.kind in _PERHAPS_KNOWN and whole and not added)
            n += 0 if known else count.n
            are_whole = (are_whole if parts else not added) and whole > 0
            parts.append(count)
            kids += count.kids
        approx = approx or count.approx
    if are_whole and sum(part.n for part in parts) == whole and any(part.kind is not Kind.KIDS for part in parts):
        n = whole
    n = max(n, 1)
    kids = min(max(kids, 0), n)
    return Party(n * (first.sign or 1), kids * (first.sign or 1), approx, delta=first.sign != 0)


def _settled(text: str, groups: Sequence[Sequence[Count]]) -> list[tuple[int, int, Party]]:
    """The parties that hold: what was denied, what was before and what is corrected fall away."""
    said = [group for group in groups if not group[0].denied]
    wrong = [group[0].old or _is_corrected(text, group, following) for group, following in pairwise(said)]
    kept = [group for group, is_wrong in zip(said, [*wrong, False], strict=False) if not is_wrong]
    return [(group[0].start, _end(text, group), _composed(text, group)) for group in kept]


def _is_corrected(text: str, group: Sequence[Count], following: Sequence[Count]) -> bool:
    between = text[group[-1].end : following[0].start]
    return len(between) < 8 and not following[0].sign and words.CORRECTED.search(between) is not None


def _end(text: str, group: Sequence[Count]) -> int:
    """Where the words of a party end: before what belongs to somebody else."""
    end = group[0].end
    for count in group[1:]:
        if _TAKEN in text[end : count.start] or not words.BETWEEN.fullmatch(text[end : count.start]):
            break
        end = count.end
    return end
