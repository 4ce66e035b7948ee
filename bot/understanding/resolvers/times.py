"""Dates and times in a text, as a diner means them: 明晚七点半, 下周六中午, 除夕, 推迟半小时.

Words of time are read one by one from left to right (days, parts of the day, clock times, lengths), put together when nothing but
filler lies between them, and then made into one moment: opening hours decide between morning and evening, and what is over rolls on.
A day and a clock time of one message belong together even with other words between: 明天我们六个人七点到 says 七点 of tomorrow.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.clocks_said import CLOCKS
from bot.understanding.resolvers.days_said import DAYS
from bot.understanding.resolvers.lengths import COUNTED
from bot.understanding.resolvers.next_opening import TYPICAL, clock_times, part_days, same_day
from bot.understanding.resolvers.parts_of_day import PARTS
from bot.understanding.resolvers.time_tokens import BLOT, Reading, Token, Words
from domain.shop.hours import Week


@dataclass(frozen=True, slots=True)
class Moment:
    """What one expression of time means.

    Attributes:
        part: morning, noon, afternoon, evening or night, when no clock time was said.
        grain: The finest thing said: minute, part, day, week, month, or delta.
        approx: 左右, 多, 八九点, 过两天.
        delta_minutes: By how much a booking moves (推迟半小时 30, 提前一小时 -60); date and time are None then.
        alternatives: Other readings worth asking about, without alternatives of their own.
        dated: A day was said; without one (改成八点) the date is a guess, and a correction keeps the day that stood.
    """

    date: date | None
    time: time | None
    part: str | None
    grain: str
    approx: bool = False
    delta_minutes: int | None = None
    alternatives: tuple["Moment", ...] = ()
    dated: bool = True

    def to_json(self) -> dict[str, Any]:
        """The entity value of CONVERSATION §1; `dated` is there when it is false."""
        value = {
            "date": self.date.isoformat() if self.date else None,
            "time": self.time.strftime("%H:%M") if self.time else None,
            "part": self.part,
            "grain": self.grain,
            "approx": self.approx,
            "delta_minutes": self.delta_minutes,
            "alternatives": [other.to_json() for other in self.alternatives],
        }
        return value if self.dated else value | {"dated": False}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Words that say a moment; offsets into the text as it was written."""

    start: int
    end: int
    moment: Moment


# Whatever is read below has one of these; a text without is done at once.
_SOME_TIME = re.compile(
    "[0-9０-９①-⑳節节點点時时刻天日號号月周週期禮礼晚早午夜晨昏晌昼晝晏朝明昨今儿兒旦国國庆慶诞誕秋阳陽腊臘年夕冬元清一六双雙鬼灯龙初钟鐘现現凌元]"
    "|to[dmn]|tmr|weekend|mon|tue|wed|thu|fri|sat|sun",
    re.IGNORECASE,
)


def _by_beginning(kinds: Iterable[Words]) -> dict[str, tuple[Words, ...]]:
    found: dict[str, list[Words]] = {}
    for words in kinds:
        for char in dict.fromkeys(words.begins):
            found.setdefault(char, []).append(words)
    return {char: tuple(kinds) for char, kinds in found.items()}


_WORDS = _by_beginning((*COUNTED, *DAYS, *PARTS, *CLOCKS))
_NUMERAL = re.compile(r"[0-9]+|[零一二两三四五六七八九十百千万]+")
_NOW = re.compile(r"\s*(?:那?就)?(?:是)?现在(?:就?[过]?[来去到]|吧|就)?[\s。.!！~吧]*")
_FILLER = re.compile(
    r"(?:[\s,，、()（）的:：]|那天|当天|那日|这天|期间|长?假期?|放假|[吧呢啊呀嘛哈哦]|(?:想|要|过?来|过?去)*(?:吃|用)(?:一?[个顿])?|还是|仍然|也是|就是|[就是在]|大概|大约|差不多|约|估计|左右|前后)*"
)
_CLOSE = re.compile(r"[\s,，()（）的]*")
_IN_THE_HOLIDAYS = re.compile(r"(?:[\s的里]|那?几天|期间|长?假期?|放假|黄金周|[想在就])*")  # 春节期间初四
_ABOUT = re.compile(r"大概|大约|差不多|(?<!预)约|估计|左右|前后")
# 帮我约周六 makes an appointment; 约七点 is about seven.
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|估计)(?:是|在|就|还[有要]|再有)?\s*$")
_ABOUT_A_CLOCK = re.compile(r"(?<![预我们想要能再来就])约\s*$")
_OR = re.compile(r"[\s,，、]*(?:或者?|还是|要么|/|or)(?:是|就)?\s*")
_INSTEAD = re.compile(
    r"(?:改|换|调整?|挪|移|推迟|推|延后|延迟|延|提前|提早|变更|变)(?:一下)?(?:时间)?(?:到|成|为|在)?(?:了|大概|约)?[\s:：]*$"
)
_MOVED_TO = re.compile(r"[\s,，]*(?:到|就是|也就是|即)?")  # 推迟半小时到八点
_NOT = re.compile(r"(?:(?<!是)不是|(?<!要)不要|不订|不定|不约|别订|别在|并非|不用|不去|不在|而非|除了?)(?:在|说|订|定|约|去)?\s*$")
_NOT_POSSIBLE = re.compile(
    r"(?:的(?:话)?|那天|就|我们?|都|也|恐怕|好像|可能)*(?:不行|不可以|不方便|不合适|没空|没时间|没位|满了|去不了|来不了|到不了|不去|不来|不要|不能|有事|取消)(?!.{0,2}[吗么嘛])"
)


# 我生日是8月15日, 农历五月初五出生: a birthday is no time to come; 生日宴 on a day is.
_BORN_BEFORE = re.compile(
    r"(?:生日|出生(?:日期)?|生于|生辰|birthday)(?:应该|其实|登记|[是为在从:：,，\s的]|[改写填记]|[成到为]|错了|is)*(?:农历|阴历|阳历|公历|旧历)?$"
)
_BORN_AFTER = re.compile(r"(?:的)?(?:出生|生(?:的|人))|是我的?生日")


def find_times(text: str, *, now: datetime, hours: Week | None = None, taken: Sequence[tuple[int, int]] = ()) -> list[TimeSpan]:
    """Every expression of time in a text, from left to right.

    A day and a clock time with other words between are two spans with one and the same moment. What is corrected
    (从周五改到周六) or denied (不是明天,是后天) is left out when something else remains.

    Args:
        text: As the diner wrote it.
        now: Aware, in the store's own zone.
        hours: The store's opening hours; None for 10:00 to 22:00.
        taken: Spans of `text` that mean something else: names of dishes, phone numbers.
    """
    if not _SOME_TIME.search(text):
        return []
    form = normal_form(text)
    spelled = form.text
    if taken:
        spelled = "".join(BLOT if any(start <= form.origin[at] < end for start, end in taken) else char for at, char in enumerate(spelled))
    wall = now.replace(tzinfo=None, second=0, microsecond=0)
    week = hours if hours is not None and any(hours) else TYPICAL
    if _NOW.fullmatch(spelled):
        at = spelled.index("现在")
        return [TimeSpan(*form.span(at, at + 2), Moment(wall.date(), wall.time(), None, "minute"))]
    said = _completed(_meant(_expressions(_tokens(spelled, wall), spelled), spelled))
    return [
        TimeSpan(*form.span(first.start, end), replace(_moment(choices, wall, week), dated=any(map(_is_dated, choices))))
        for first, last, choices in _choices(said, spelled)
        for end in (first.start + len(spelled[first.start : last.end].rstrip()),)
    ]


def _is_dated(token: Token) -> bool:
    return token.day is not None or token.instant is not None


def _tokens(text: str, now: datetime) -> list[Token]:
    found: list[Token] = []
    reading, at = Reading(text, now), 0
    while at < len(text):
        token = None
        for words in _WORDS.get(text[at], ()):
            if (match := words.pattern.match(text, at)) and (token := words.read(match, reading)):
                break
        if token is None:
            # What is no time is none from its middle on: the 十分钟 of 等了二十分钟.
            numeral = _NUMERAL.match(text, at)
            at = numeral.end() if numeral else at + 1
            continue
        found.append(token)
        reading, at = Reading(text, now, token), token.end
    return found


def _expressions(tokens: Iterable[Token], text: str) -> list[Token]:
    """Tokens put together where only filler lies between."""
    said: list[Token] = []
    for token in tokens:
        together = _together(said[-1], token, text[said[-1].end : token.start]) if said else None
        if together:
            said[-1] = together
        else:
            about = _ABOUT_BEFORE.search(text, max(0, token.start - 5), token.start) or (
                token.clock and _ABOUT_A_CLOCK.search(text, max(0, token.start - 3), token.start)
            )
            said.append(replace(token, approx=True) if about else token)
    return said


def _together(one: Token, other: Token, between: str) -> Token | None:
    """Two neighbours as one expression, None when they are two."""
    if one.instant or other.instant or one.delta is not None or other.delta is not None:
        return None
    day_alone = one.day is not None and not (one.clock or one.part or one.day.weekday)
    in_holidays = day_alone and other.day is not None and other.day.numbered and _IN_THE_HOLIDAYS.fullmatch(between)
    if not in_holidays and not _FILLER.fullmatch(between):
        return None
    if other.day and (one.clock or one.part or one.day) and not in_holidays and not _CLOSE.fullmatch(between):
        return None
    if (one.clock and other.clock) or (
        one.part and other.part and {one.part, other.part} not in ({"evening", "dawn"}, {"night", "dawn"}, {one.part})
    ):
        return None
    day = one.day or other.day
    if one.day and other.day:
        day = None if one.clock or one.part else same_day(one.day, other.day)
        if day is None:
            return None
    return one.joined(other, day=day, approx=bool(between) and _ABOUT.search(between) is not None)


def _meant(said: list[Token], text: str) -> list[Token]:
    """Without what is corrected or denied, when something else is left; a new clock time keeps the day that was said with the old one."""
    kept: list[Token] = []
    denied: list[Token] = []
    for n, token in enumerate(said):
        before = said[n - 1].end if n else 0
        old: Token | None = None
        if kept and _INSTEAD.search(text, before, token.start):
            old = kept.pop()
        elif kept and kept[-1].delta is not None and token.clock and _MOVED_TO.fullmatch(text, before, token.start):
            kept.pop()
        elif denied and denied[-1].clock:
            old = denied[-1]
        if _NOT.search(text, before, token.start) or _NOT_POSSIBLE.match(text, token.end):
            denied.append(token)
        elif old and token.clock and not token.day:
            kept.append(replace(token, day=old.day, part=token.part or old.part))
        else:
            kept.append(token)
    return [token for token in kept or said if not _is_birthday(token, text)]


def _is_birthday(token: Token, text: str) -> bool:
    dated = token.day is not None and token.day.numbered and not (token.clock or token.part)
    return dated and bool(_BORN_BEFORE.search(text, max(0, token.start - 14), token.start) or _BORN_AFTER.match(text, token.end))


def _completed(said: list[Token]) -> list[Token]:
    """Clock times and parts without a day take it from a neighbour, and lend it theirs."""
    done = list(said)
    for n, token in enumerate(said):
        if token.day or not (token.clock or token.part):
            continue
        giver = next((i for i in range(n - 1, -1, -1) if done[i].day), None)
        if giver is None:
            giver = next((i for i in range(n + 1, len(said)) if said[i].day and not said[i].clock), None)
        if giver is None:
            continue
        lender = done[giver]
        done[n] = replace(token, day=lender.day, part=token.part or (lender.part if token.clock else None))
        if not lender.clock and (lender.part is None or token.clock):
            whole = replace(done[n], approx=token.approx or lender.approx)
            done[n] = whole
            done[giver] = replace(lender, clock=whole.clock, part=whole.part, approx=whole.approx)
    return done


def _choices(said: Sequence[Token], text: str) -> Iterable[tuple[Token, Token, list[Token]]]:
    """Expressions, those with 或者 between them as one: its first and last, and what may be chosen."""
    n = 0
    while n < len(said):
        last = n
        while last + 1 < len(said) and _OR.fullmatch(text, said[last].end, said[last + 1].start):
            last += 1
        choices = list(said[n : last + 1])
        if last > n:
            final = choices[-1]
            choices = [
                replace(item, clock=item.clock or final.clock, part=item.part or (None if item.clock else final.part)) for item in choices
            ]
        yield said[n], said[last], choices
        n = last + 1


def _moment(choices: Sequence[Token], now: datetime, week: Week) -> Moment:
    found = [moment for token in choices for moment in _readings(token, now, week)]
    best, *others = dict.fromkeys(found)
    return replace(best, alternatives=tuple(others))


def _readings(token: Token, now: datetime, week: Week) -> list[Moment]:
    """What one expression may mean, likeliest first."""
    if token.delta is not None:
        return [Moment(None, None, None, "delta", token.approx, token.delta)]
    if token.instant:
        return [Moment(token.instant.date(), token.instant.time(), None, "minute", token.approx)]
    if token.clock:
        times = clock_times(token.clock, token.part, token.day, now, week)
        return [Moment(at.date(), at.time(), None, "minute", token.approx) for at in times]
    part = "night" if token.part == "dawn" else token.part
    grain = "part" if part else token.day.grain if token.day else "day"
    return [Moment(day, None, part, grain, token.approx) for day in part_days(token.part, token.day, now, week)]
