"""What is said into an open question: 「6」, 「大厅」, 「明晚七点」; and values that correct what was said before (「时间改成八点」)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.dialogue.commands import Command, SetSlot
from bot.understanding.engine import Entity
from bot.understanding.lexicon import WORDS, Kind, reach, scan
from bot.understanding.normal_form import blanked, normal_form
from bot.understanding.phrases import read_number, read_phrase
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.phones import find_phones
from bot.understanding.resolvers.times import find_times
from bot.understanding.shop_words import ShopWords
from domain.shop.hours import Week

_MOST_BESIDE = 2  # characters that nothing explains
_BESIDE = re.compile(
    "时间|日期|人数|电话|手机号?|号码|大概|大约|差不多|推迟|提前|延后|延迟|晚点|早点|还是|那就|取餐|来取|去取|过来|[定约到吧取拿人]"
)
_SAYS_NOTHING = frozenset(
    {Kind.FILL, Kind.CALL, Kind.SET, Kind.NOT_THAT, Kind.AND, Kind.MAY, Kind.ONLY, Kind.WRONG, Kind.ADD, Kind.EARLIER, Kind.ELSEWHEN}
)
_REACHES = reach(WORDS)
_SIGNS = re.compile(r"[\W_]+")
_TABLE = re.compile("(?:我们?|咱们?|就|在|坐|是|这里|这边|桌号)*(?P<code>[a-z]{0,2}[0-9]{1,3})号?(?:[桌台]|桌子|那桌)?(?:的|啊|呀|吧)*")
_FOUR = re.compile(r"\s*([0-9]{2})\s*([0-9]{2})\s*")
_HOURS, _MINUTES, _QUARTER, _MONTHS, _DAYS = 24, 60, 15, 12, 31
_REFUSED, _HALL = re.compile("(?:不要|不用|不坐|别要)$"), "大厅"  # 「…，不要包间」
_OTHER_ACT = re.compile("[取拿排领]个?号|排队|等位|(?<![不别])取消")  # 「取号2人」 and 「取消7点那个」 correct nothing that is open


def answer_to(text: str, words: ShopWords, *, expected: str, now: datetime, hours: Week | None) -> Command | None:
    """The value that a message gives to an open question, or None when it says something else, or more.

    Args:
        expected: The kind of value: time, people, phone, store, quantity, or "words" for whatever is said.
        now: The wall clock of the store.
    """
    if expected == "words":
        return None if read_phrase(text) else SetSlot("words", text.strip())
    found = _values(text, words, expected, now, hours)
    if len(found) != 1 or not says_only(text, found):
        return None
    if expected != "time" and any(_names_another_time(span.moment.to_json(), now) for span in find_times(text, now=now, hours=hours)):
        return None  # 「订明晚七点两个人」 says more than how many wait for a table now
    return SetSlot(expected, found[0].value)


def corrections_in(text: str, entities: Sequence[Entity], wanted: frozenset[str], now: datetime) -> tuple[Command, ...]:
    """The values of a message that says nothing but values which open flows take; else nothing. Args: now: As for `answer_to`."""
    if "time" not in wanted and any(item.entity == "time" and _names_another_time(item.value, now) for item in entities):
        return ()
    if _OTHER_ACT.search(text):
        return ()
    found = [item for item in entities if item.entity in wanted and _is_known(item)]
    if not found or not says_only(text, found):
        return ()
    return tuple(SetSlot(item.entity, _HALL if _is_room_refused(text, item) else _as_slot(item)) for item in found)


def _names_another_time(time: Mapping[str, Any], now: datetime) -> bool:
    """Whether a time is a clock's, or of another day: no mere 「现在」 or 「今天中午」."""
    return bool(time["time"]) or (bool(time["date"]) and time["date"] != now.date().isoformat())


def _is_room_refused(text: str, item: Entity) -> bool:
    return item.entity == "room" and _REFUSED.search(text[: item.start]) is not None


def _is_known(item: Entity) -> bool:
    """Of stores and events whether the shop has one of that name; any other value is what it is."""
    known = {"store": "id", "event": "ids"}.get(item.entity)
    return known is None or (isinstance(item.value, Mapping) and known in item.value)


def _as_slot(item: Entity) -> Any:
    """A value as slots hold it: of a store its id."""
    return item.value["id"] if item.entity == "store" else item.value


def _values(text: str, words: ShopWords, expected: str, now: datetime, hours: Week | None) -> list[Entity]:
    number = read_number(text)
    match expected:
        case "people":
            return [Entity("people", span.party.to_json(), span.start, span.end) for span in find_people(text, expected=True)]
        case "time":
            spans = find_times(text, now=now, hours=hours)
            if not spans and (spelled := _in_digits(text, number)):
                spans = find_times(spelled, now=now, hours=hours)
                return [Entity("time", span.moment.to_json(), 0, len(text)) for span in spans]
            return [Entity("time", span.moment.to_json(), span.start, span.end) for span in spans]
        case "phone":
            return [Entity("phone", span.number, span.start, span.end) for span in find_phones(text)]
        case "table":
            code = _TABLE.fullmatch(_SIGNS.sub("", normal_form(text).text))
            table = code["code"].upper() if code is not None else "" if number is None else str(number)
            return [Entity("table", table, 0, len(text))] if table else []
        case "store":
            found = words.stores.find(text)
            return [Entity("store", span.store_ids[0], span.start, span.end) for span in found if len(span.store_ids) == 1]
        case _:
            return [] if number is None else [Entity(expected, number, 0, len(text))]


def _in_digits(text: str, number: int | None) -> str:
    """A time in digits alone: 「7」, 「1900」, 「1120」. Four digits are a clock's on the quarter hour, else a day's, else a clock's."""
    digits = _FOUR.fullmatch(normal_form(text).text)
    if digits is None:
        return "" if number is None or number > _HOURS else f"{number}点"
    first, second = int(digits[1]), int(digits[2])
    clock = first < _HOURS and second < _MINUTES
    if clock and second % _QUARTER == 0:
        return f"{first:02}:{second:02}"
    if 1 <= first <= _MONTHS and 1 <= second <= _DAYS:
        return f"{first}月{second}日"
    return f"{first:02}:{second:02}" if clock else ""


def says_only(text: str, found: Sequence[Entity]) -> bool:
    """Whether a message says hardly anything beside these values."""
    beside = blanked(text, [(item.start, item.end) for item in found], "\n")
    rest = _BESIDE.sub("", normal_form(beside).text)
    unknown = sum(
        end - start
        for start, end, kind in scan(rest, 0, len(rest), WORDS, _REACHES)
        if kind not in _SAYS_NOTHING and rest[start:end].strip() and rest[start:end].isalnum()
    )
    return unknown <= _MOST_BESIDE
