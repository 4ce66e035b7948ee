"""What staff write at the door, as closed words: 「叫号 A03」, 「A005优先」, 「A005过号」, 「B018到了」, 「排队情况」."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.dialogue.commands import Ask
from bot.understanding.normal_form import normal_form
from bot.understanding.table_words import MARKED

CALL_NEXT, CALL_AGAIN, QUEUE = "call_next_number", "call_again", "open_queue"
CALL_ONE = "call_this_number"
PARTY_SEATED, PARTY_MISSED, DAY_BOOKINGS = "party_seated", "party_missed", "day_bookings"
PARTY_BACK, PARTY_LEFT = "party_back_in_line", "party_left_line"
PARTY_MOVES, TABLE_EMPTY = "move_seated_party", "empty_table"
NUMBER, AHEAD, TABLE, TO = "number", "ahead", "table", "to"

_HERE: Final = "(?:号?[桌台]|号)?"
_ONE_TABLE: Final = f"{MARKED}|[a-z]{{1,2}}[0-9]{{1,3}}|[0-9]{{1,3}}(?=号?[桌台]|号)"
_TABLE: Final = f"(?P<table>{_ONE_TABLE}){_HERE}"
_FROM: Final = f"(?!b[0-9]{{3}})(?P<table>{_ONE_TABLE}|[0-9]{{1,2}}){_HERE}"  # where nothing but a table can be meant
_TO: Final = f"(?P<to>{_ONE_TABLE}|[0-9]{{1,2}}){_HERE}"
_NUMBER: Final = "(?P<number>[a-z][0-9]{3,4})号?(?:的?客人|那桌)?"
_GUEST: Final = "(?P<name>[一-鿿]{1,3}?(?:先生|女士|小姐|太太|老师|总))(?:他们|一家|那桌)?"
_NEXT = "(?:可以|请|再)?(?:(?:叫|喊)?下一?(?:桌|位|个|号|家)|(?:叫|喊)号)(?:客人)?(?:吧|了)?"
_CLEARED = "(?P<cleared>(?:已经?)?(?:空出来|空|收拾好|收好|收完|腾出来|翻好|翻台)了?(?:可以)?)"
_CALLS_NEXT = (
    re.compile(f"{_NEXT}(?:到|去|坐|进)?{_TABLE}{_CLEARED}?"),
    re.compile(f"{_TABLE}{_CLEARED}?{_NEXT}"),
    re.compile("(?:可以|请|再)?(?:(?:叫|喊)下一?(?:桌|位|个|号|家)|(?:叫|喊)号)(?:客人)?(?:吧|了)?"),
)
_ONCE = "(?:一?(?:下|遍|次|声))?"
_CALLS_AGAIN = (
    re.compile(f"(?:再|重新|重)(?:叫|喊){_ONCE}{_NUMBER}{_ONCE}"),
    re.compile(f"{_NUMBER}(?:再|重新|重)(?:叫|喊){_ONCE}"),
)
_AT: Final = "(?:来|坐|到|去|进|用|给)*"
_FIRST: Final = "(?:优先|插队|提前|先(?:叫|喊|进|安排|入座))(?:叫号?|进来|进去|进|坐下|坐|入座|安排|一下|吧|了)*"
_CALLS_ONE = (
    re.compile(f"(?:叫|喊){_ONCE}{_NUMBER}{_ONCE}(?:{_AT}{_TABLE})?(?:吧|了)?"),
    re.compile(f"{_TABLE}(?:已经?)?(?:空了|空出来了)?(?:叫|喊|给){_NUMBER}(?:坐|用)?(?:吧|了)?"),
    re.compile(f"(?:让|给|请|把)?{_NUMBER}(?:他们|一家)?{_FIRST}(?:{_AT}{_TABLE})?.{{0,20}}"),
    re.compile(f"(?:优先|先)(?:叫|喊|让|安排|照顾){_NUMBER}(?:进来|进去|进|入座|坐下)?(?:{_AT}{_TABLE})?.{{0,20}}"),
)
_MISSES = "(?:还是|还|都|一直)?(?:过号|没来|没到|没人来?|不来|未到|作废)(?:了|啦)?"
_MISSED = (
    re.compile(f"(?:{_NUMBER}|{_GUEST}){_MISSES}"),
    re.compile(f"过号{_NUMBER}"),
    re.compile(f"{_NUMBER}过了"),
    re.compile(f"{_TABLE}(?:的?客人)?{_MISSES}"),
)
_SEATED = (
    re.compile(f"(?:{_NUMBER}|{_GUEST})(?:已经?|都)?(?:到店|到|来|入座|坐下|落座)了?"),
    re.compile(f"{_NUMBER}(?:已经?|改)?(?:入座到?|坐到?|到){_TABLE}了?"),
    re.compile(f"(?:{_NUMBER}|{_GUEST})(?:已经?|都)?(?:到店|到|来)了?(?:坐|入座|去)(?:到|在)?{_TABLE}"),
    re.compile(f"{_TABLE}(?:的?客人)?(?:已经?|都)?(?:入座|坐下|落座)了?"),
    re.compile(f"入座{_NUMBER}"),
)
_BACK = (
    re.compile(f"{_NUMBER}(?:要|想|可以|回来了?)*(?:(?:重新?|再|接着|继续)排(?:队|号|一下|上)?|恢复(?:排队)?)(?:了|吧)?"),
    re.compile(f"(?:重新?排(?:队|号)?|恢复排队){_NUMBER}"),
    re.compile(f"{_NUMBER}(?:他们|又|现在|已经?)*(?:赶?回来|赶到)了"),
)
_GONE: Final = "(?:他们|已经?|都|也)*(?:走(?:掉|人)?了|不(?:等|排|要)了|退号了?|离开了?)+"
_LEFT = (
    re.compile(f"{_NUMBER}{_GONE}"),
    re.compile(f"退号{_NUMBER}"),
    re.compile(f"{_GUEST}(?:他们|已经?|都|也)*(?:走(?:掉|人)?了|离开了?)"),
)
_GOES: Final = "(?:(?:换|转|挪|调)[桌台]?|移|搬)(?:到|去|至|成)?"
_MOVES = (
    re.compile(f"(?:把|给)?{_FROM}(?:的?客人|他们)?(?:要|想)?{_GOES}{_TO}(?:了|吧|去)?"),
    re.compile(f"(?:换|转|挪|调)[桌台]{_FROM}(?:(?:换|转|挪|调)?(?:到|去|至)|换|转){_TO}(?:了|吧)?"),
)
_EMPTIES: Final = "(?:清[台桌]|[关撤翻收]台)"
_EMPTY = (
    re.compile(
        f"(?:把)?{_TABLE}(?:的?客人|他们)?(?:都|已经?|刚刚?|吃完饭?|结完账|买完单)*"
        f"(?:走(?:掉|人)?了|离开了|离店了?|空(?:出来)?了|腾出来了?|{_EMPTIES}了?)"
    ),
    re.compile(f"{_EMPTIES}{_FROM}(?:了|吧)?"),
    re.compile(f"(?:清|翻|收){_FROM}(?:了|吧)?"),
    re.compile(f"(?:把)?{_TABLE}(?:的?客人|他们)?(?:已经?|都)?清(?:空|好|完)?了"),
)
_SAID = (
    (_CALLS_ONE, CALL_ONE),
    (_CALLS_NEXT, CALL_NEXT),
    (_MISSED, PARTY_MISSED),
    (_SEATED, PARTY_SEATED),
    (_CALLS_AGAIN, CALL_AGAIN),
    (_BACK, PARTY_BACK),
    (_LEFT, PARTY_LEFT),
    (_MOVES, PARTY_MOVES),
    (_EMPTY, TABLE_EMPTY),
)
_NOBODY_CAME = re.compile("(?:人|客人|他们?)?(?:还是|还|都|一直)?(?:过号|没来|没到|没人来?|未到)(?:了|啦)?")
_ONCE_MORE = re.compile("(?:再|重新|重)(?:叫|喊)一?(?:下|遍|次|声)(?:吧)?")
_SIT_DOWN = re.compile("(?:客人|他们?)?(?:已经?|都)?(?:入座|落座|坐下)了?")
_ABOUT_CALLED = (
    (PARTY_MISSED, re.compile("过号|没来|没到|没人|不来|未到")),
    (PARTY_SEATED, re.compile("入座|坐下")),
    (CALL_AGAIN, re.compile("再[叫喊]|重新?[叫喊]|刚才")),
)
_FULL_NUMBER = re.compile("(?<![0-9a-z])([a-z])([0-9]{3,4})(?![0-9])")
_SHORT_NUMBER = re.compile("(?<![0-9a-z])([a-z])([0-9]{1,4})(?![0-9])")
_ANY_TABLE = re.compile(f"(?<![0-9a-z]){_TABLE}(?![0-9])")
_LOOKS = "(?:我?看一?下?|看看|查一?下?|现在|目前)*"
_WAITING = re.compile(
    f"{_LOOKS}(?:排队|等位|队伍)的?(?:情况|列表|状态|名单)(?:呢|怎么样)?"
    f"|{_LOOKS}(?:门口|外面|排队|等位)?(?:还|还有|有)(?:几|多少)桌(?:客人)?(?:在?(?:等位|排队|等|排)(?:着)?)?(?:了|呢)?"
    f"|{_LOOKS}(?:门口|外面)?(?:还有|有)?(?:几|多少)(?:桌|个?人|家|位|个号?)(?:客人)?在?(?:等位|排队|等着?|排着?)(?:呢|了)?"
    f"|{_LOOKS}(?:门口|外面)?(?:在?(?:等位|排队)|排着?|等着?)的?(?:还)?(?:有)?(?:几|多少)(?:桌|个?人|家|位|个号?)(?:了|呢)?"
    f"|{_LOOKS}叫到(?:几|多少|哪个?)号?了?"
)
_DAYS = {"今天": 0, "今日": 0, "今晚": 0, "明天": 1, "明日": 1, "明晚": 1, "后天": 2}
_DAY = f"(?P<day>{'|'.join(_DAYS)})"
_BOOKED = "(?:订位|预订|预定|订座|订桌|预约)"
_LIST = "(?:的?(?:列表|名单|情况|客人)|有哪些|有几桌|有多少)"
_OF_DAY = (
    re.compile(f"{_LOOKS}{_DAY}(?:的|有哪些|有几个|有什么|有多少|有)+{_BOOKED}{_LIST}?(?:吗|呢)?"),
    re.compile(f"{_LOOKS}(?:{_DAY})?{_BOOKED}{_LIST}(?:吗|呢)?"),
    re.compile(f"{_LOOKS}{_DAY}(?:都|总共|一共)?有?(?:几|多少)[桌个单位]{_BOOKED}(?:的?客人)?(?:吗|呢|了)?"),
    re.compile(f"{_LOOKS}(?P<day>今日|明日|今天)的?{_BOOKED}(?:呢)?"),
)


def door_said(said: str) -> tuple[Ask, ...]:
    """What a short message of a member of staff asks of the door, when it says nothing else.

    Args:
        said: In normal form, without signs, the tables marked (table_words.py).
    """
    for patterns, intent in _SAID:
        match = next(filter(None, (pattern.fullmatch(said) for pattern in patterns)), None)
        if match is not None:
            return (Ask(intent, _args(match)),)
    return door_asked(said)


def door_asked(said: str) -> tuple[Ask, ...]:
    """What it asks to see of the door, a question mark or not. Args: said: As of `door_said`."""
    if _WAITING.fullmatch(said):
        return (Ask(QUEUE),)
    of_day = next(filter(None, (pattern.fullmatch(said) for pattern in _OF_DAY)), None)
    return (Ask(DAY_BOOKINGS, {AHEAD: _DAYS.get(of_day["day"] or "", 0)}),) if of_day else ()


def bare_party(said: str) -> tuple[Ask, ...]:
    """「没来」, 「入座」 or 「再叫一遍」 where nothing else is open: said of the party that was called. Args: said: As of `door_said`."""
    if _NOBODY_CAME.fullmatch(said):
        return (Ask(PARTY_MISSED),)
    if _ONCE_MORE.fullmatch(said):
        return (Ask(CALL_AGAIN),)
    return (Ask(PARTY_SEATED),) if _SIT_DOWN.fullmatch(said) else ()


def door_args(text: str, args: Mapping[str, Any]) -> Ask:
    """What an engine found to be about calling numbers: the table, or the number that was called already, by the words around it."""
    spelled = normal_form(text).text
    kept = {key: value for key, value in args.items() if key == "store"}
    intent = next((intent for intent, words in _ABOUT_CALLED if words.search(spelled)), None)
    number = (_SHORT_NUMBER if intent else _FULL_NUMBER).search(spelled)
    if number is not None:
        return Ask(intent or CALL_AGAIN, kept | {NUMBER: f"{number[1].upper()}{number[2]:0>3}"})
    if intent is not None:
        return Ask(intent, kept)
    table = _ANY_TABLE.search(spelled)
    return Ask(CALL_NEXT, kept | (_args(table) if table else {}))


def _args(match: re.Match[str]) -> dict[str, str]:
    return {name: value.upper() for name, value in match.groupdict().items() if value}
