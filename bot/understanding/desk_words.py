"""What staff write about bookings and the floor, as closed words: 「B018 同意」, 「陈先生的订位不行，没位了」, 「B018 换到A3」,
「周六订了几桌」, 「现在几桌空着」, 「订位 今晚7点 6个人 陈先生」 of a guest who has called.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from bot.dialogue.commands import Ask
from bot.understanding.booking_words import BOOK, NAME, NOTES, ROOM, WRITTEN_IN
from bot.understanding.normal_form import blanked, normal_form
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.phones import find_phones
from bot.understanding.resolvers.times import find_times
from domain.shop.hours import Week

ANSWER_BOOKING, CHOOSE_TABLES, DAY_BOOKINGS, FREE_TABLES = "answer_booking", "choose_tables", "day_bookings", "free_tables"
FIND_BOOKING, GIVE_NUMBER = "find_booking", "give_number"
PHONE, GUEST_NAME = "phone", "name"
YES, REASON, WHERE, DAY, PART = "yes", "reason", "where", "day", "part"

_SIGNS = re.compile(r"[\W_]+")
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9])[ ,，、/+&·\-]+(?=[0-9])")
_BOOKING: Final = "(?:订位|预订|预定|订座|订桌|预约)"
_OF: Final = f"(?:的?(?:这个|那个)?{_BOOKING}(?:申请|请求)?)"
_GUEST: Final = "(?P<name>[一-鿿]{1,3}?(?:先生|女士|小姐|太太|老师|总))(?:他们|一家|那桌)?"
_NUMBER: Final = f"(?:{_BOOKING}号?)?(?P<number>b[0-9]{{3,4}})号?"
_ANYBODY: Final = f"(?:(?:{_BOOKING}号?)?(?P<number>b[0-9]{{1,4}})号?|{_BOOKING}号?(?P<digits>[0-9]{{1,4}})号?|{_GUEST}){_OF}?"
_BOOKED: Final = f"(?:{_NUMBER}{_OF}?|{_GUEST}{_OF})"  # 「B018」 and 「陈先生的订位」 are bookings; 「B12」 and 「陈先生」 may be anything
_THIS: Final = f"(?:这个|那个|刚才的?|刚刚的?)?{_BOOKING}(?:申请|请求)?"
_AGREES: Final = "(?:同意|批准|通过|接受|答应|允许|准许)(?:下|了)?"
_REFUSES: Final = "(?:不同意|不批准?|不通过|不答应|拒绝|回绝|婉拒|谢绝|推掉|拒)(?:掉|了)?"
_CANNOT: Final = "(?:不行|不可以|不接受?|接不了|不能接|别接|不要接|不想接|不给(?:他|她|留)*|算了)"
_FULL: Final = "(?:没有?位置?|没有?桌子?|没有?座位?|安排不[了下]|接待不[了下]|坐不下|订?满)"
_SO: Final = "(?:了|的|吧|啊|哈)*"
_BEFORE: Final = re.compile("^(?:好的?|嗯+|那就?|请|麻烦|帮我|帮忙)+(?=.)")
_WHY: Final = "(?P<reason>.*)"
_NO = (
    re.compile(f"(?:{_ANYBODY}|{_THIS}){_REFUSES}{_SO}{_WHY}"),
    re.compile(f"{_BOOKED}{_CANNOT}{_SO}{_WHY}"),
    re.compile(f"{_BOOKED}(?P<reason>{_FULL}.*)"),
    re.compile(f"{_GUEST}(?:不行|不接|接不了|不能接){_SO}{_WHY}"),
    re.compile(f"(?:{_REFUSES}|不接|推掉)(?:{_ANYBODY}|{_THIS}){_SO}{_WHY}"),
)
_YES = (
    re.compile(f"(?:{_ANYBODY}|{_THIS}){_AGREES}{_SO}"),
    re.compile(
        f"{_BOOKED}(?:可以|没问题|没事|确认|接|收|(?:给(?:他|她|客人))?留(?:着|位|座)?|让(?:他|她)们?来|安排|行|准|好的|ok)(?:下|了)?{_SO}"
    ),
    re.compile(f"{_AGREES}(?:{_ANYBODY}|{_THIS}){_SO}"),
    re.compile(f"(?:确认|接|收)(?:下|了)?{_BOOKED}{_SO}"),
    re.compile(f"(?:接|收)(?:下|了)?{_THIS}{_SO}"),
)
_MOVES: Final = "(?:改?换到?成?|改到|改成|调到?|挪到?|移到?|转到|安排到?在?|排到?在?|放到?在?)"
_JOINED: Final = "(?:拼(?:一?下|桌|起来|在?一起|成一?桌)?|并(?:一?下|桌|起来|在?一起))"
_PLACE: Final = "(?P<where>[a-z0-9一-鿿]{1,24}?)"
_THERE: Final = "(?:坐|去|吧|了|就行|可以)*"
_CHOICES: Final = (
    re.compile(f"(?:把|给)?(?:{_NUMBER}|{_GUEST}){_OF}?{_MOVES}(?:坐|去)?{_PLACE}{_JOINED}?{_THERE}"),
    re.compile(f"(?:把|给)?(?:{_NUMBER}|{_GUEST}){_OF}?(?:用|坐)?{_PLACE}{_JOINED}{_THERE}"),
    re.compile(f"(?:把|给)?{_GUEST}{_OF}?坐(?:到|在)?{_PLACE}{_THERE}"),
    re.compile(f"(?:把|给)?{_NUMBER}{_OF}?坐(?:到|在)?(?=[一-鿿]){_PLACE}{_THERE}"),
)
_NO_PLACE: Final = re.compile("[点人位周月吗]|星期|礼拜|[今明后昨][天晚早]|晚上|早上|中午|下午|分钟|小时|怎么|什么|哪")
_LOOKS: Final = "(?:我?看一?下?|看看|查一?下?|现在|目前|请问|咱们?|我们|店里|外面|一共|都|总共)*"
_MANY: Final = "(?:几|多少|哪些|哪几)(?:个|张|桌|单|位|家|台)*"
_ENDS: Final = "(?:吗|呢|了|的)*"
_OF_DAY: Final = (
    re.compile(f"{_LOOKS}(?:的|有没有|还有|有)+(?:{_MANY})?(?:客人)?的?{_BOOKING}(?:列表|名单|情况)?{_ENDS}"),
    re.compile(f"{_LOOKS}{_BOOKING}(?:的?(?:列表|名单|情况|客人)|有?{_MANY}){_ENDS}"),
    re.compile(f"{_LOOKS}(?:已经)?(?:订|预订|预定)(?:出去)?了{_MANY}(?:客人|位子|桌子)?{_ENDS}"),
    re.compile(f"{_LOOKS}有?(?:{_MANY}|谁|哪些人)(?:客人|人)?(?:来)?(?:订|预订|预定)了?(?:位|桌|座)?{_ENDS}"),
)
_FREE: Final = (
    re.compile(f"{_LOOKS}(?:还|有没有|有)*(?:{_MANY}(?:桌子?|台)?|桌子?|台)(?:是|还)*(?:空着|空的|空闲|没人坐|没坐人){_ENDS}"),
    re.compile(f"{_LOOKS}(?:还|有没有|有|剩)*(?:{_MANY})?空(?:着的|余的|的)?(?:桌子?|台|位子?|座位?)(?:情况)?{_ENDS}"),
    re.compile(f"{_LOOKS}(?:桌况|(?:桌台|桌位|台位|桌子|台面)的?(?:情况|状态))(?:怎么样)?{_ENDS}"),
)
_ASKS: Final = "(?:是|订的?|订了|在|坐|约的?|有|来|的)*(?:谁|哪|几|什么|多少|吗|没有).*"
_TAIL: Final = "(?:手机|电话|号码)*(?:尾号|后四位|末四位|最后四位)(?:是|为)?(?P<tail>[0-9]{3,6})(?:的?客人)?"
_FINDS: Final = "(?:帮我|请)?(?:查|找|搜|看)(?:一?下|找|询|一查|看)?"
_FIND: Final = (
    re.compile(f"{_FINDS}(?:{_NUMBER}|{_GUEST}|姓(?P<family>[一-鿿]{{1,2}}?)){_OF}?(?:{_ASKS})?"),
    re.compile(f"{_FINDS}{_BOOKING}(?:的|人|客人|姓)*(?P<name>[一-鿿]{{1,3}})"),
    re.compile(f"(?:{_NUMBER}|{_GUEST}){_OF}(?:{_ASKS})?"),
    re.compile(f"(?:{_NUMBER}|{_GUEST})(?:是谁|是哪[位个].*|(?:订|预订|预定)[了的]?(?:位|座)?(?:是|在|有)?(?:哪|几|什么|多少|吗|没有).*)"),
    re.compile(f"(?:{_FINDS})?{_TAIL}{_OF}?(?:{_ASKS})?"),
    re.compile(f"{_FINDS}(?:手机|电话)?(?P<tail>1[0-9]{{10}})(?:的?客人)?{_OF}?(?:{_ASKS})?"),
)
_WHOSE: Final = "(?P<family>(?![我你您他她它这那哪今明后昨本上下周一]|星期|礼拜|所有|全部|早|中午|晚)[一-鿿]{1,3}?)"
_FIND_BARE: Final = (re.compile(f"{_FINDS}{_WHOSE}{_OF}(?:{_ASKS})?"), re.compile(f"姓{_WHOSE}{_OF}(?:{_ASKS})?"))
_NUMBERED: Final = re.compile("(?:取|拿|排|发|出|打|要|领)(?:个|一个|一?张)?(?:纸)?号|纸号|取号")
_FOR_SOMEBODY: Final = re.compile("(?<![一-鿿])(?:给|帮|替|为)|纸号|发(?:个|一?张)?号|出(?:个|一?张)?号")
_GIVES: Final = re.compile(
    "(?:给|帮|替|为|门口|外面|现场|这边|那边|的|客人|他们|来的?|取|拿|排|发|出|打|要|领|个|一|张|纸|号|位|下|了|吧|队)*"
)
_FOR_GUEST: Final = re.compile(
    "(?<![一-鿿])(?:帮|给|替|为|客人|姓)*(?P<guest>[一-鿿]{1,3}?(?:先生|女士|小姐|太太|老师|总))(?![一-鿿]*(?:到|来|没|坐|换))"
)
_ROOM: Final = re.compile("包间|包厢|包房|雅间|大厅|靠窗|卡座|露台")
_WRITES: Final = re.compile(
    "(?:电话|客人|打来|来电|帮|给|替|为|代|登记|记|写|加|新增|下|一|订|预|定|留|约|个|位|张|间|桌子?|座|来|到|的|了|吧|在|要|坐|用餐|吃饭|手机|号"
    "|包间|包厢|包房|雅间|大厅|靠窗|卡座|露台)*"
)
_WRITES_DOWN: Final = re.compile("订|预定|预约|留|登记|记一?下")


def desk_said(text: str, *, now: datetime | None, hours: Week | None) -> tuple[Ask, ...]:
    """What a short message of a member of staff says or asks of bookings, when it says nothing else.

    Args:
        text: As it was written.
        now: The wall clock of the store, by which 周六 is read; None where days are not read.
        hours: When it is open.
    """
    said = _BEFORE.sub("", _plain(text))
    no, yes = _first(_NO, said), _first(_YES, said)
    if no is not None:
        reason = _as_written(text, no["reason"])
        return (Ask(ANSWER_BOOKING, _which(no) | {YES: False} | ({REASON: reason} if reason else {})),)
    if yes is not None:
        return (Ask(ANSWER_BOOKING, _which(yes) | {YES: True}),)
    chosen = _first(_CHOICES, said)
    if chosen is not None and not _NO_PLACE.search(chosen[WHERE]):
        return (Ask(CHOOSE_TABLES, _which(chosen) | {WHERE: chosen[WHERE]}),)
    return desk_asked(text, now=now, hours=hours) or _written_in(text, now, hours) or _takes_number(text)


def bare_answer(text: str) -> tuple[Ask, ...]:
    """「同意」 or 「不行，没位了」 where nothing else is open: the yes or the no to the one booking that waits for it."""
    said = _plain(text)
    no = re.fullmatch(f"(?:{_REFUSES}|不行|不接受?|接不了|不能接){_SO}{_WHY}", said)
    if no is not None:
        reason = _as_written(text, no["reason"])
        return (Ask(ANSWER_BOOKING, {YES: False} | ({REASON: reason} if reason else {})),)
    return (Ask(ANSWER_BOOKING, {YES: True}),) if re.fullmatch(f"{_AGREES}{_SO}", said) else ()


def desk_asked(text: str, *, now: datetime | None, hours: Week | None) -> tuple[Ask, ...]:
    """What it asks to see, a question mark or not. Args: as of `desk_said`."""
    if _first(_FREE, _plain(text)) is not None:
        return (Ask(FREE_TABLES),)
    found = _first(_FIND, _plain(text))
    if found is not None:
        return (Ask(FIND_BOOKING, _found_by(found)),)
    spans = find_times(text, now=now, hours=hours) if now is not None else []
    if not spans:
        whose = _first(_FIND_BARE, _plain(text))
        return (Ask(FIND_BOOKING, _found_by(whose)),) if whose is not None else ()
    if len(spans) != 1 or spans[0].moment.grain not in {"day", "part"}:
        return ()
    [span] = spans
    if span.moment.date is None or _first(_OF_DAY, _plain(text[: span.start] + text[span.end :])) is None:
        return ()
    return (Ask(DAY_BOOKINGS, {DAY: span.moment.date.isoformat()} | ({PART: span.moment.part} if span.moment.part else {})),)


def _written_in(text: str, now: datetime | None, hours: Week | None) -> tuple[Ask, ...]:
    """A booking for a guest who is named, with a time, and nothing else beside: without a guest's name it may be one's own."""
    guest = _FOR_GUEST.search(text)
    if guest is None or now is None:
        return ()
    taken = [guest.span()]
    phones = find_phones(text, taken=taken)
    taken += [(phone.start, phone.end) for phone in phones]
    times = find_times(text, now=now, hours=hours, taken=taken)
    taken += [(time.start, time.end) for time in times]
    parties = find_people(text, taken=taken)
    taken += [(party.start, party.end) for party in parties]
    beside = _plain(blanked(text, taken))
    relative = any(time.moment.delta_minutes is not None for time in times) or any(party.party.delta for party in parties)
    moments = {str(time.moment.to_json()) for time in times}
    if len(moments) != 1 or len(parties) > 1 or relative or not _WRITES.fullmatch(beside) or not _WRITES_DOWN.search(beside):
        return ()
    args: dict[str, Any] = {"time": times[0].moment.to_json(), NAME: guest["guest"], WRITTEN_IN: True}
    if parties:
        args["people"] = parties[0].party.to_json()
    room = _ROOM.search(beside)
    if room is not None:
        args[ROOM] = room[0]
    if phones:
        args[NOTES] = f"电话{phones[0].number}"
    return (Ask(BOOK, args),)


def _takes_number(text: str) -> tuple[Ask, ...]:
    """「给门口3位取个号」, 「取号 3位 王先生」: a number for guests who stand at the door. Said of nobody it may be for oneself."""
    text = text.replace("客人", " ")  # 3位客人
    guest = _FOR_GUEST.search(text)
    taken = [guest.span()] if guest is not None else []
    parties = find_people(text, taken=taken)
    said = _plain(text)
    if len(parties) != 1 or parties[0].party.delta or not _NUMBERED.search(said) or not (guest or _FOR_SOMEBODY.search(said)):
        return ()
    taken.append((parties[0].start, parties[0].end))
    beside = _plain(blanked(text, taken))
    if not _GIVES.fullmatch(beside):
        return ()
    name = {GUEST_NAME: guest["guest"]} if guest is not None else {}
    return (Ask(GIVE_NUMBER, {"people": parties[0].party.to_json()} | name),)


def _found_by(match: re.Match[str]) -> dict[str, Any]:
    groups = match.groupdict()
    if groups.get("tail"):
        return {PHONE: groups["tail"]}
    return {"name": groups["family"]} if groups.get("family") else _which(match)


def _plain(text: str) -> str:
    """Without signs, but two numbers stay two: 「1、2」 is no 12."""
    return _SIGNS.sub("", _BETWEEN_NUMBERS.sub("和", normal_form(text).text))


def _first(patterns: Iterable[re.Pattern[str]], said: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(said) for pattern in patterns)), None)


def _which(match: re.Match[str]) -> dict[str, Any]:
    """The booking that is named: by its number, or by whose it is; by neither, when only one can be meant."""
    groups = match.groupdict()
    number = (groups.get("number") or "").removeprefix("b") or groups.get("digits")
    if number:
        return {"number": f"B{int(number):03d}"}
    return {"name": groups["name"]} if groups.get("name") else {}


def _as_written(text: str, words: str) -> str:
    """The end of a text that says these words, with its signs, as the diner shall read it."""
    at = next((at for at in range(len(text) - 1, -1, -1) if _plain(text[at:]) == words), len(text)) if words else len(text)
    return text[at:].strip()
