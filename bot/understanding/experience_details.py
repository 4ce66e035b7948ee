"""What is said of an experience beside its name: the day or month and the hour, adults and children, how old the children are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.understanding.booking_words import NAME, NOTES, name_said, note_said
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.quantities import read_numeral
from bot.understanding.resolvers.times import find_times
from domain.shop.hours import ALWAYS, Week

EVENT, SESSION, WHEN = "event", "session", "session_day"
GUESTS, ADULTS, CHILDREN, WAITS = "guests", "adults", "children", "waits_for"
AGE, YEARS, MORE_YEARS = "age", "years", "more_years"

Span = tuple[int, int]

_HOURS = 24
_FIRST_SESSION = 5  # o'clock: nothing is held at night, 3点 is 15:00
_NUMERAL = "[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_MONTH = re.compile(f"(?P<next>下下?)个?月|[这本]个?月|(?P<n>{_NUMERAL})月份?(?!饼|[0-9一二三四五六七八九十初])")
_DAY_SAID = re.compile("[0-9一二三四五六七八九十][号日]|[周期拜][一二三四五六日天末]|初[一二三四五六七八九十]|[今明后]天")
_I_COME = re.compile(  # 「我陪他」
    "^(?:那|就|好|嗯)*(?:我|[他她]?(?:妈妈?|爸爸?|奶奶|爷爷|外婆|外公))(?:自己|一个人)?(?:陪|带|跟|和|一起|去|来)[着他她孩子娃一起去来吧哈啊了]*$"
)
_CLOCK = re.compile(f"(?P<n>{_NUMERAL})点(?:(?P<half>半)|(?P<quarter>[一三])刻)?(?!.*点)")
_A_BIT = re.compile("[有差快早晚]一点|一点[点儿也都]|一点$")
_FAMILY = re.compile("一家(?P<n>[三四五六3-6])口")
_ELDER_BRINGS = re.compile(
    "(?:我|爸爸?|妈妈?|奶奶|爷爷|外婆|外公|姥姥|姥爷|老公|老婆|家长)(?:一个人)?(?:自己)?(?:陪|带)着?(?:我们?家?)?(?:的)?"
    "(?:孩子|小孩|娃|儿子|女儿|闺女|孙子|孙女|外孙女?|宝宝|小朋友|宝贝)(?!们)"
)
_TOGETHER = re.compile("我(?:和|跟|与)|就我|(?:我们|咱们?)[俩两三]")
_ME_AND = re.compile("我(?:和|跟|与)(?P<who>[^，,。、0-9一二两三四几]{1,4})")
_KID = re.compile("孩子|小孩|娃|儿子|女儿|闺女|宝宝|孙")
_BIG_ONES = re.compile("(?<![0-9])(?P<n>[一两俩二三四五六1-9])大(?=$|[^一-鿿]|不带|没带|吧|的)")
_ADULTS_NAMED = re.compile("大人|成人|成年|家长|[0-9一二两三四俩]大")
_IN_ALL = re.compile("一共|总共|加起来|合计|其中|口")
_NO_KIDS = re.compile("(?:不带|没有?|没带|无|不含|零个?|0个?)(?:小孩|孩子|小朋友|娃|宝宝|儿童)|(?:都|只有|全)是?大人|只有我们?大人")
_NONE = re.compile("(?:一个(?:都|也)|都|孩子)?(?:没有?|无|不带|不|零|0)(?:个|人|了|的|啊|呢|孩子|小孩|娃|带)*")
_YEARS = re.compile(f"(?:(?P<times>[两俩二三四2-4])个(?:都|全|全都)?是?)?(?P<n>{_NUMERAL})(?:周岁|岁)(?P<half>半|多)?")
_MONTHS_OLD = re.compile(f"(?P<n>{_NUMERAL})个月(?:大|的?宝宝|的?娃)")
_RANGE = re.compile(f"(?P<least>{_NUMERAL})[岁]?[-~到至—](?P<most>{_NUMERAL})(?:岁|$)")
_ALL_OF_AN_AGE = re.compile("都|全|双胞胎|一样大|同岁")
_BARE_YEARS = re.compile(f"(?<![0-9])(?:一个|大的|小的|老大|老二|第[一二三]个)?(?P<n>{_NUMERAL})(?=$|[^0-9点号日月:人个位大小]|个)")


@dataclass(frozen=True, slots=True)
class Details:
    """What a message says beside the name. `values` by the kinds above; `spans` is where it says so."""

    values: Mapping[str, Any]
    spans: tuple[Span, ...]


def details_in(
    text: str, *, now: datetime, hours: Week | None, taken: Sequence[Span] = (), expected: str | None = None, starts: bool = True
) -> Details:
    """Read a message.

    Args:
        now: The wall clock of the store.
        taken: What names the experience.
        expected: The kind of value that the open question takes: a bare number answers 几位大人, 几个孩子, 几岁.
        starts: The talk begins with it, so that one age is of one child; later it may be of one of several.
    """
    values: dict[str, Any] = {}
    spans = list(taken)
    years = _ages(text, spans, asked=expected == AGE)
    if years is not None:
        values[AGE if expected == AGE and len(years[0]["years"]) == 1 and not years[0]["all"] else YEARS] = years[0]
        spans += years[1]
    when = _when(text, spans, now, hours) if expected not in {AGE, ADULTS, CHILDREN} or not _digits_only(text) else None
    if when is not None:
        values[WHEN] = when[0]
        spans += when[1]
    party = _party(text, spans, expected)
    values |= party[0]
    spans += party[1]
    if years is not None and CHILDREN not in values and expected in {SESSION, ADULTS, CHILDREN, None}:
        by_age = years[0]["years"]
        if len(by_age) > 1 or (not years[0]["all"] and (expected is not None or starts)):
            values[CHILDREN] = len(by_age)
    called, note = name_said(text), note_said(text)
    if called is not None:
        values[NAME] = called[0]
        spans.append(called[1])
    if note is not None:
        own_words = text[slice(*called[1])] if called is not None else "\n"
        values[NOTES] = note[0].replace(own_words, "").strip()
        spans.append(note[1])
    if YEARS in values and isinstance(added := values.get(CHILDREN), Mapping) and added["by"] > 0:
        values[MORE_YEARS] = values.pop(YEARS)  # 「再带一个 4岁的」
    return Details(values, tuple(spans[len(taken) :]))


def party_args(people: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A party as adults and children, where it says which; else how many come in all.

    Args:
        people: As resolvers give it: n, kids, delta.
    """
    n, kids = int(people["n"]), int(people.get("kids", 0))
    if people.get("delta"):
        by = {CHILDREN: kids, ADULTS: n - kids}
        return {kind: {"by": change} for kind, change in by.items() if change}
    if n == kids:
        return {CHILDREN: kids}
    if kids:
        return {ADULTS: n - kids, CHILDREN: kids}
    family = _FAMILY.search(text)
    if family is not None:
        return {ADULTS: 2, CHILDREN: n - 2}
    return {ADULTS: n} if _ADULTS_NAMED.search(text) else {GUESTS: n}


def when_args(time: Mapping[str, Any]) -> dict[str, Any]:
    """A day or an hour as resolvers give it, as the sessions' own; nothing where it only moves what was said (推迟半小时)."""
    if time.get("delta_minutes") is not None:
        return {}
    days = [time["date"]] if time.get("date") and time.get("dated", True) else None
    return {WHEN: {"days": days, "month": None, "time": time.get("time"), "part": time.get("part")}}


def _when(text: str, taken: Sequence[Span], now: datetime, hours: Week | None) -> tuple[dict[str, Any], list[Span]] | None:
    found = find_times(text, now=now, hours=hours, taken=taken)
    clocks = _clocks(text, taken, now) if any(span.moment.time for span in found) else {}
    spelled = normal_form(text)
    month = _MONTH.search(spelled.text)
    if month is not None and any(start < spelled.origin[month.end()] and spelled.origin[month.start()] < end for start, end in taken):
        month = None
    clock = None if any(span.moment.time for span in found) else _clock(spelled.text)
    if not found and month is None and clock is None:
        return None
    spans = [(span.start, span.end) for span in found] + ([spelled.span(*month.span())] if month else [])
    value: dict[str, Any] = {"days": None, "month": None, "time": None, "part": None}
    if month is not None and not _DAY_SAID.search(spelled.text):
        value["month"] = _month(month, now.date())
    for span in found:
        said = span.moment.to_json()
        value["time"] = value["time"] or clocks.get(span.start) or said.get("time")  # what follows it is of something else
        value["part"] = said.get("part") or value["part"]
        if value["month"] is None and said.get("date") and said.get("dated", True):
            others = [other["date"] for other in said.get("alternatives", ()) if other.get("date")]
            value["days"] = sorted({*(value["days"] or ()), said["date"], *others})
    if clock is not None and value["time"] is None:
        value["time"] = clock[0]
        spans.append(spelled.span(*clock[1]))
    return value, spans


def _clocks(text: str, taken: Sequence[Span], now: datetime) -> dict[int, str]:
    """Clock times by where they begin, as a session may have them: 10点 is 10:00 where the store opens at 11, and 22:00 too.

    Only those that may be of both halves of the day: as that of the first one, which fits either.
    """
    found: dict[int, str] = {}
    for span in find_times(text, now=now, hours=ALWAYS, taken=taken):
        at = span.moment.time
        if at is not None:
            halves = {other.time for other in span.moment.alternatives if other.date == span.moment.date and other.time is not None}
            twin = at.replace(hour=(at.hour + 12) % _HOURS)
            if twin in halves and min(at, twin).hour >= _FIRST_SESSION:
                found[span.start] = f"{min(at, twin):%H:%M}"
    return found


def _clock(spelled: str) -> tuple[str, Span] | None:
    """An hour alone: 两点那场, which means nothing else where sessions are spoken of."""
    found = _CLOCK.search(spelled)
    if found is None or _A_BIT.search(spelled):
        return None
    hour, minute = _number(found["n"]), 30 if found["half"] else {"一": 15, "三": 45}.get(found["quarter"] or "", 0)
    return (f"{hour:02}:{minute:02}", found.span()) if hour < _HOURS else None


def _month(found: re.Match[str], today: date) -> str:
    if found["n"]:
        number = _number(found["n"])
        if not 1 <= number <= 12:
            return f"{today:%Y-%m}"
        return f"{today.year + (number < today.month)}-{number:02}"
    ahead = len(found["next"] or "")
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return f"{year}-{month + 1:02}"


def _party(text: str, taken: Sequence[Span], expected: str | None) -> tuple[dict[str, Any], list[Span]]:
    asked = expected in {ADULTS, CHILDREN}
    spelled = normal_form(text).text
    found = find_people(text, taken=taken, expected=asked or _TOGETHER.search(spelled) is not None)
    bare = "".join(filter(str.isalnum, spelled))
    if expected == CHILDREN and _NONE.fullmatch(bare):
        return {CHILDREN: 0}, [(0, len(text))]
    none = _NO_KIDS.search(spelled) is not None
    values: dict[str, Any] = {}
    spans = [(span.start, span.end) for span in found[:1]]
    if len(found) == 1:
        values = party_args(found[0].party.to_json(), spelled)
        if GUESTS in values and asked and not _IN_ALL.search(spelled):
            values = {expected: values[GUESTS]}  # type: ignore[dict-item]
        elif expected == CHILDREN and values.keys() == {ADULTS} and not _ADULTS_NAMED.search(spelled):
            values = {CHILDREN: values[ADULTS]}
    elif not found and (big := _BIG_ONES.search(spelled)):
        values, spans = {ADULTS: _number(big["n"])}, [normal_form(text).span(*big.span())]
    elif not found and asked and (both := _ME_AND.search(spelled)):
        values = {ADULTS: 1, CHILDREN: 1} if _KID.search(both["who"]) else {ADULTS: 2}
        spans = [normal_form(text).span(*both.span())]
    elif not found and expected == ADULTS and _I_COME.search(spelled):
        values, spans = {ADULTS: 1}, [(0, len(text))]
    elif not found and (brings := _ELDER_BRINGS.search(spelled)):
        values, spans = {ADULTS: 1, CHILDREN: 1}, [normal_form(text).span(*brings.span())]
    return values | ({CHILDREN: 0} if none else {}), spans


def _ages(text: str, taken: Sequence[Span], *, asked: bool) -> tuple[dict[str, Any], list[Span]] | None:
    form = normal_form(text)
    spelled = form.text
    band = _RANGE.search(spelled)
    if band is not None:  # 「3到6岁」 answers 几岁 by the band; else it is for whom something is
        middle = (_number(band["least"]) + _number(band["most"])) // 2
        return ({"years": [middle], "all": _ALL_OF_AN_AGE.search(spelled) is not None}, [form.span(*band.span())]) if asked else None
    years: list[int] = []
    spans: list[Span] = []
    for match in _YEARS.finditer(spelled):
        span = form.span(match.start("n"), match.end())
        if not any(span[0] < end and start < span[1] for start, end in taken):
            times = _number(match["times"]) if match["times"] else 1
            years += [_number(match["n"])] * times
            spans.append(span)
    for match in _MONTHS_OLD.finditer(spelled):
        years.append(_number(match["n"]) // 12)
        spans.append(form.span(*match.span()))
    if not years and asked:
        for match in _BARE_YEARS.finditer(spelled):
            years.append(_number(match["n"]))
            spans.append(form.span(*match.span()))
    if not years:
        return None
    return {"years": years, "all": len(set(years)) == 1 and _ALL_OF_AN_AGE.search(spelled) is not None}, spans


def _digits_only(text: str) -> bool:
    return all(char.isdigit() or not char.isalnum() for char in normal_form(text).text)


def _number(spelled: str) -> int:
    if spelled.isascii():
        return int(spelled)
    if spelled in {"两", "俩"}:
        return 2
    number = read_numeral(spelled)
    return int(number[0]) if number is not None else 0
