"""Single counts of guests in a text, each read by itself: 六个人, 两个小孩, 我和老婆, 再加一位."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.understanding.resolvers import guest_words as words
from bot.understanding.resolvers.quantities import read_numeral

PER_TABLE = 10  # guests at a table, when only tables are counted
_MOST = 999


@dataclass(frozen=True, slots=True)
class _Number:
    n: int
    about: bool = False
    ranged: bool = False  # the lower end of a range that was written out


_WORDS_FOR_NUMBERS = {
    "俩": _Number(2),
    "仨": _Number(3),
    "三两": _Number(2, about=True),
    "几十": _Number(20, about=True),
    "好几十": _Number(30, about=True),
    "上百": _Number(100, about=True),
}


class Kind(Enum):
    """Whom a count counts."""

    GUESTS = auto()  # 六个人
    WHOLE = auto()  # 一家三口, 我们四个: the number of a group just named
    CIRCLE = auto()  # 我和老婆
    ADULTS = auto()
    KIDS = auto()
    BOTH = auto()  # 4大2小
    OTHERS = auto()  # 两个朋友: guests only beside others


@dataclass(frozen=True, slots=True)
class Count:
    """A number of guests where it stands in a text."""

    start: int
    end: int
    kind: Kind
    n: int
    kids: int = 0
    approx: bool = False
    sign: int = 0  # of a change: 再加 1, 少 -1
    denied: bool = False  # 不是六个人
    old: bool = False  # 原来六个人
    part: bool = False  # 两个是小孩: of the number before


def find_counts(text: str) -> Iterator[Count]:
    """Every count of a text in normal form, from left to right."""
    for match in words.COUNTED.finditer(text):
        count = _read(text, match)
        if count is not None:
            yield count


def _read(text: str, match: re.Match[str]) -> Count | None:
    """One count by itself; None where the words count something else."""
    kind, number, kids = _value(match)
    if not number.n:
        return None
    start, end = match.span()
    if match["low"] and not number.ranged:
        start = match.start("n")
    unsaid = match["n"] is None and (match["person"] or match["kid"]) is not None
    before = text[max(0, start - 12) : start]
    if not match["we"] and words.NOT_OURS.search(before):
        return None
    if (match["person"] or match["other"]) and words.NEXT_IN_TURN.search(before):
        return None
    if match["person"]:
        one = number.n == 1 and not number.about and not unsaid
        if words.NO_COUNT_BEFORE.search(before) or words.NOT_THERE_YET.match(text, end) or (one and _is_anybody(text, match, before)):
            return None
    n = number.n * _tables_before(text, start, before)
    approx = number.about or (match["we"] is not None and words.APPROX_BEFORE.search(text, start, match.start("we")) is not None)
    about = words.APPROX_BEFORE.search(before)
    if about:
        approx, before, start = True, before[: about.start()], start - len(about[0])
    behind = words.APPROX_BEHIND.match(text, end)
    if behind:
        approx, end = True, behind.end()
    sign = -1 if words.NOT_COMING.match(text, end) else _sign(before)
    if sign and words.PLACE_FOR.match(text, end) and before.endswith("还有"):
        sign = 0  # 「还有六人桌吗」
    not_brought = kind is not Kind.KIDS or not words.BRINGS.search(before)
    if not 0 < n <= _MOST or (unsaid and not sign and not_brought) or (sign and words.THINGS_FOR.match(text, end)):
        return None
    denied = words.NEGATED.search(before) is not None
    old = words.NOT_NOW.search(before) is not None
    if match["told"] and not about:
        start = match.start("told")  # 人数改一下 变成七位
    return Count(start, end, kind, n, kids, approx, sign, denied, old, match["are"] is not None)


def _sign(before: str) -> int:
    """Whether the words before a count make it a change, and which way."""
    return 1 if words.MORE.search(before) else -1 if words.FEWER.search(before) else 0


def _value(match: re.Match[str]) -> tuple[Kind, _Number, int]:
    """What is counted, how many, and how many of them are children."""
    if match["circle"]:
        circle = [words.RELATIONS[word] for word in words.RELATION.findall(match["circle"])]
        everybody = _Number(_has_me(match) + sum(n for n, _, _ in circle), any(loose for *_, loose in circle))
        return Kind.CIRCLE, everybody, sum(kids for _, kids, _ in circle)
    if match["plus"]:
        one, other = _number(match["plus"]), _number(match["added"])
        return Kind.GUESTS, _Number(one.n + other.n if one.n and other.n else 0, one.about or other.about), 0
    if match["big"] or match["big_last"]:
        big, small = _number(match["big"] or match["big_last"]), _number(match["small"] or match["small_first"])
        return Kind.BOTH, _Number(big.n + small.n if big.n and small.n else 0, big.about or small.about), small.n
    if match["named"]:
        number = _number(match["of_named"])
        return (Kind.KIDS, number, number.n) if match["kid_named"] else (Kind.ADULTS, number, 0)
    if match["couple"] or match["couple_alone"]:
        return Kind.WHOLE, _Number(2), 0
    if match["we"]:
        return Kind.WHOLE, _counted(match["we_low"], match["we_to"], match["we_n"], match["we_more"]), 0
    if match["kid_unsaid"]:
        return Kind.KIDS, _Number(1, about=True), 1
    if match["told"]:
        return Kind.GUESTS, _number(match["told"]), 0
    whole = next((match[name] for name in ("family", "our_family", "of_family", "pair", "alone", "we_two") if match[name]), None)
    if whole:
        return Kind.WHOLE, _number(whole), 0
    number = _counted(match["low"], match["to"], match["n"], match["more"]) if match["n"] else _Number(1)
    if match["kid"]:
        return Kind.KIDS, number, number.n
    return Kind.ADULTS if match["adult"] else Kind.OTHERS if match["other"] else Kind.GUESTS, number, 0


def _has_me(match: re.Match[str]) -> bool:
    """Whether the diner is one of a circle (我和老婆, 爸妈加我), not only whose it is (我妈带两个娃)."""
    return match["and_me"] is not None or match["circle"].startswith(("我", "俺"))


def _number(said: str) -> _Number:
    """What a numeral says; 0 where it is none."""
    if said in _WORDS_FOR_NUMBERS:
        return _WORDS_FOR_NUMBERS[said]
    if said.isdecimal():
        return _Number(int(said))
    return _Number(*(read_numeral(said.replace("廿", "二十").replace("卅", "三十")) or (0,)))


def _counted(low: str | None, to: str | None, said: str, more: str | None) -> _Number:
    """The number of 十来, 十几, 6-8 and 六、七: the lowest that it may be. 「1、2个人」 is an item of a list."""
    number = _number(said)
    if more:
        number = _Number(number.n + (more == "几"), about=True)
    least = _number(low).n if low else 0
    if 0 < least < number.n and (to not in {"、", ","} or (least > 1 and number.n == least + 1)):
        return _Number(least, about=True, ranged=True)
    return number


def _is_anybody(text: str, match: re.Match[str], before: str) -> bool:
    """Whether 一人 speaks of each guest (一人一份, 100元一位), of nobody (一个人都没有) or of somebody (一位熟人)."""
    if words.NOBODY.match(text, match.end()):
        return True
    if words.ONLY_ME.search(before):
        return False
    if match["person"] == "位" and not words.GOES_ON.match(text, match.end()):
        return True
    return words.PER_PERSON.match(text, match.end()) is not None or words.PRICE_BEFORE.search(before) is not None


def _tables_before(text: str, start: int, before: str) -> int:
    """By what the guests of each table are to be multiplied: 两桌，每桌八个人; 两桌 一桌十个人.

    Returns:
        0 if nobody said how many tables; for 一桌, which may be the only one, 1.
    """
    each = words.EACH_TABLE.search(before)
    if each is None:
        return 1
    at = start - len(before) + each.start()
    tables = [match for match in words.TABLES.finditer(text) if match["tables"] and not match.start() <= at < match.end()]
    return next((_number(match["tables"]).n for match in tables), 0 if each["each"] == "每" else 1)


def changes(text: str, counts: Sequence[Count]) -> Iterator[Count]:
    """Numbers with 个 alone that more or less guests, or a correction, make counts of people: 再加两个, 不对八个."""
    for match in words.BARE_CHANGE.finditer(text):
        if any(count.start < match.end() and match.start() < count.end for count in counts):
            continue
        before = text[max(0, match.start() - 8) : match.start()]
        sign = _sign(before)
        if not sign and words.NOT_COMING.match(text, match.end()) and words.SOME_OF_US.search(before):
            sign = 0 if text[match.end()] in "都也" else -1
        number = _counted(match["low"], match["to"], match["n"], match["more"])
        if not 0 < number.n <= _MOST:
            continue
        if any(count.kind is Kind.CIRCLE and count.end == match.start() for count in counts):  # 我和老婆两个
            yield Count(*match.span(), Kind.WHOLE, number.n, approx=number.about)
        elif sign or (counts and words.CALLS_FOR_NUMBER.search(before)):
            yield Count(*match.span(), Kind.GUESTS, number.n, approx=number.about, sign=sign)


def bare_count(text: str) -> Count | None:
    """A number, or oneself, that is all of a clause: the answer to the question how many come."""
    for clause in [*words.CLAUSE.finditer(text), *words.WORD.finditer(text)]:
        if words.JUST_ME.fullmatch(clause[0]):
            return Count(*clause.span(), Kind.GUESTS, 1)
        match = words.BARE.fullmatch(text, *clause.span())
        number = _counted(match["low"], match["to"], match["n"], match["more"]) if match else _Number(0)
        if match and match["plus"]:
            number = _Number(number.n + _number(match["plus"]).n, number.about)
        if match and 0 < number.n <= _MOST:
            start = match.start("plus" if match["plus"] else "low" if number.ranged else "n")
            about = number.about or match["around"] is not None or words.APPROX_BEFORE.search(text, clause.start(), start) is not None
            return Count(start, match.end("said"), Kind.GUESTS, number.n, approx=about)
    return None


def counts_of_tables(text: str, *, expected: bool) -> Count | None:
    """Guests by tables: 半桌人 are five, 两桌 twenty, more or less; a table's number (3桌加水) counts nobody."""
    for match in words.TABLES.finditer(text):
        if match["half"]:
            return Count(*match.span(), Kind.GUESTS, PER_TABLE // 2, approx=True)
        n = _number(match["tables"]).n
        before = text[max(0, match.start() - 6) : match.start()]
        alone = match["tables"] == "两" and not words.NOT_OURS.search(before)
        if 0 < n <= _MOST // PER_TABLE and (
            match["full"] or expected or alone or words.APPROX_BEHIND.match(text, match.end()) or words.TABLES_WANTED.search(before)
        ):
            return Count(*match.span(), Kind.GUESTS, n * PER_TABLE, approx=True)
    return None
