"""What is said of a booking beside its time and its party: a room, a place, the occasion, a name, notes; that one comes; to stay longer.

Closed words on top of the intent that an engine finds, and short messages that they explain alone.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from bot.dialogue.commands import Ask, Command, SetSlot
from bot.understanding.answers import says_only
from bot.understanding.engine import Entity
from bot.understanding.normal_form import blanked, normal_form
from bot.understanding.phrases import read_number
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.times import find_times
from domain.shop.hours import Week

BOOK, CHANGE, CANCEL, VIEW = "book_table", "change_booking", "cancel_booking", "view_bookings"
COMES, EXTEND, ARRIVED, GONE = "confirm_booking", "extend_booking", "booking_arrived", "will_not_come"
KIDS, ROOM, SCENE, NAME, NOTES, MINUTES = "kids", "room", "scene", "guest_name", "booking_notes", "minutes"
WRITTEN_IN = "written_in"  # a member of staff writes it for a guest
BANQUET, FAMILY, COUPLE = "商务宴请", "家庭聚餐", "情侣约会"
_MOST_READ = 24  # characters
_SIGNS = re.compile(r"[\W_]+")
_SAYS_LITTLE = (
    "(?:我们?|咱们?|想|要|想要|能不能|能|可以|可不可以|请|麻烦|帮我们?|给我们?|那|就|就要|还是"
    "|订|换|换成|换到|改|改成|改到|改为|坐|坐到|靠|个|一个|一间|间|有没有|最好|的)*"
)
_TAIL = (
    "(?:的?位置?|的?座位?|的?桌子?|那边|区|就行|就好|都行|也行|也可以|吧|啊|呀|哈|了|谢谢"
    "|可以吗|行吗|好吗|吗|好伐|行伐|伐|好不好|行不行|行不|好不|噻)*"
)
_ROOM_WORDS = "(?:大|小|豪华|商务)?(?:包间|包厢|包房|雅间|包箱|贵宾房)"
_PLACES = "靠窗|窗边|大厅|露台|卡座|户外|室外|安静|角落|吧台|圆桌|无烟区"
_ROOM = re.compile(f"{_SAYS_LITTLE}(?P<room>{_ROOM_WORDS}|{_PLACES}){_TAIL}")
_NO_ROOM = re.compile(f"{_SAYS_LITTLE}(?:不要|不用|别|不订|取消|不坐){_ROOM_WORDS}{_TAIL}")
_NO_ROOM_BESIDE = re.compile(f"(?:不要|不用|不坐){_ROOM_WORDS}")
_SCENES = (
    (BANQUET, re.compile("商务|宴请|客户|招待|谈事")),
    (COUPLE, re.compile("情侣|约会|求婚|[女男]朋友|情人节|七夕|结婚纪念|二人世界")),
    (FAMILY, re.compile("家庭|家人|一家|家宴|家里人|全家|团年|年夜饭|寿|满月|亲子")),
)
_NAME = re.compile("(?:我姓|免贵姓|姓)(?P<surname>[一-鿿]{1,2}?)(?=$|[\\s,，。.0-9]|的|先生|女士|小姐|电话|手机)(?P<title>先生|女士|小姐)?")
_CALLED = re.compile("(?:名字|姓名|预订人|订位人|联系人)(?:写|是|叫|为|[:：])?\\s*(?P<name>[一-鿿]{1,8})")
_NOTE = re.compile("(?:备注|注明)(?:一?下)?[:：,，]?\\s*(?P<note>.{1,80})")
_NEEDS = re.compile(
    "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,2})[个张把份辆台]?(?:宝宝椅|儿童椅|轮椅|投影)|宝宝椅|儿童椅|轮椅|投影|生日(?:蛋糕|布置)?|布置|发票抬头|忌口|过敏"
)
_COMES = re.compile(
    "(?:好的?|嗯|放心|我们?|咱们?|今天|今晚|明天|明晚|一定|肯定|都|那)*(?:确认到店|确认会?来|准时到店?|按时到店?|会来|会到|会准时到|会按时到|到店用餐)(?:的|哒|啊|哈|谢谢|没问题)*"
)
_STAY = re.compile(
    "(?:我们?|咱们?|想|要|能不能|能|可以|可不可以|请|麻烦|帮我们?|给我们?|订的?[位桌座]子?|预订|预约|这桌|的?桌子?|再)*"
    "(?:延长|多坐|多待|多留|续坐?|晚走|加长|延)(?:个|到)?(?P<length>.{0,8}?(?:小时|分钟|钟头|刻钟|会儿?))?(?:行吗|可以吗|好吗|吗|吧|了|谢谢|用餐时间)*"
)
_A_WHILE = 30  # minutes: 多坐一会儿
_BOOKS = re.compile(
    "(?<![已我])(?:预?订|预?定|预约)(?:一?[个张下间]|位|座|桌|包|[0-9一二两三四五六七八九十]{1,3}(?:个人|[人位]))(?!.*(?:改|换|取消|退|不要))"
)
_MADE_OTHER = re.compile("改|换|变|[加减增]加?少?到|不对|[说写搞弄记数打]错|其实是?|应该是")
_ONLY_BOOKS = re.compile(  # 「等等，我还是订位吧」 under anything else
    "(?:等等|等一?下|那|算了|不了|我们?|咱们?|想了想|想|要|直接|就|还是|改|改成|换成|先)*(?:预订|预定|订)一?个?(?:位[子置]?|座位?|桌子?)(?:吧|好了|得了|算了|啦|了)+"
)
_N = "(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_MISCOUNTED = re.compile(  # 「不对是6个」: under a booking a number put right counts people
    "(?:哎呀?|哦|啊|呃|不好意思|等下|等等)*(?:不对|不是的?|[说写搞弄记数打]?错了?)(?:[0-9一二两三四五六七八九十]{1,3}[个位人])?"
    f"(?:应该|其实|我们|一共|总共)*(?:是|要|改成)?{_N}(?:个人|[个位人])(?:才对|[吧啊了呀哈的])*"
)
_COUNTED = re.compile(f"(?:那就?|就|算|按)*{_N}[个位](?:吧|呢|好了|行吗|可以吗|呀|啊)*")  # 「10个」 where 30 were too many
_CALLS_OFF = re.compile("(?:把|帮我|帮忙|麻烦|请|我要|我想|那个?|的|那一?[桌个]|这[桌个]|预[订定]|订[位座的]|位子?|一?下|吧|了)*")
_LENGTH = "[0-9一二两三四五六七八九十半]{1,3}个?(?:分钟|刻钟|小时|钟头)"
_LATE = re.compile(  # 「堵车了，可能要晚10分钟」
    "(?:不好意思|抱歉|对不起|路上|有点|太|堵车?|塞车|了|我们?|咱们?|这边|可能|估计|应该|恐怕|大概|差不多|要|会|得|还|再|就)*"
    "[晚迟]个?到?(?:个|大概|差不多|大约)?(?:[0-9一二两三四五六七八九十半]{1,3}个?(?:分钟|刻钟|小时|钟头)|一会儿?)"
    "(?:左右|才?能?到|的样子|可以吗|行吗|好吗|[吧啊哈呢哦])*"
    "|(?:不好意思|抱歉|对不起|路上|有点|太|堵车?|塞车|打不到车|了|我们?|这边|可能|估计|大概|差不多|要|会|得|就)*"  # 「堵车了 还有十分钟」
    f"(?:(?:堵|塞)车|路上).{{0,6}}?还?(?:有|要|得|差)(?:个|大概|差不多)?{_LENGTH}(?:左右|才?能?就?到|的样子|[吧啊哈呢哦])*"
    "|(?:不好意思|抱歉|我们?|这边|可能|估计|应该|恐怕|要|会|得|就)*[晚迟]一?点到?"  # 「我晚点到，大概十五分钟」
    f"(?:可能|大概|差不多|估计|要|得|还要|约)*{_LENGTH}(?:左右|才?能?到|的样子|可以吗|行吗|好吗|[吧啊哈呢哦])*"
)
_GONE = re.compile(  # 「来不了了」 of who has booked, or waits
    "(?:不好意思|抱歉|对不起|实在|突然|临时|有事|有点事|我们?|咱们?|今天|今晚|明天|明晚|那天|那晚|可能|应该|估计|恐怕|怕是|就|都|现在|又"
    "|算了|那|还是|(?:没有?|莫得|冇得?)(?:空|时间)|了|忙|加班)*"
    "(?:(?:[来去](?:不了|不成)|[过到]不(?:来|去|了)|赶不(?:来|过来|过去))(?:了|啦)*|不(?:过来|过去|来|去)(?:吃|吃饭|用餐)?(?:了|啦)|不吃了)"
    "(?:哈|啊|哦|呢|抱歉|不好意思)*"
)
_REFUSES = "(?:算了|那|还是|我们?|咱们?|先|就|不好意思|谢谢)*不(?:想|要|打算|用)?[{acts}](?:队|号|位|座|桌|名|活动)?了(?:吧|啦|谢谢|哈|啊)*"
_NO_KIDS = re.compile("(?:不带|没有?|没带)(?:小孩|孩子|小朋友|娃|宝宝)(?:了|的|来)*")


def booking_said(
    text: str, *, wanted: frozenset[str], now: datetime, hours: Week | None, places: tuple[str, ...] = ()
) -> tuple[Command, ...]:
    """What a short message says of a booking, when it says nothing else.

    Args:
        wanted: The kinds of values that open flows take: there a room, a name or 带两个孩子 is theirs.
        now: The wall clock of the store.
        places: What the shop itself calls its rooms and the parts of its floors.
    """
    note = _NOTE.match(text.strip())
    if note is not None and NOTES in wanted:  # as long as it may be
        return (SetSlot(NOTES, note["note"].strip()),)
    if len(text) > _MOST_READ:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    if _COMES.fullmatch(said):
        return (Ask(COMES),)
    stay = _STAY.fullmatch(said)
    if stay is not None:
        return (Ask(EXTEND, _length(stay["length"])),)
    if gone_said(text) and WRITTEN_IN not in wanted:  # while a table is being booked it says no to that
        return (Ask(GONE),)
    if _ONLY_BOOKS.fullmatch(said) and ROOM not in wanted:
        return (Ask(BOOK, {}),)
    found = _values(text, now, hours)
    if found.keys() == {"time"} and _called_off(text, found["time"]):
        return (Ask(CANCEL, {"time": found["time"].value}),)
    if ROOM in wanted:
        return _details(text, said, wanted, places, found)
    place = _place_beside(text, places)
    late = _LATE.fullmatch(said)
    if late is not None and found.keys() <= {"time"} and "time" not in wanted:
        return (Ask(CHANGE, {"time": found["time"].value if found else _later_by(said)}),)
    without = text if place is None else blanked(text, [place[1:]])
    if not found or not says_only(without, list(found.values())):
        return ()
    if place is not None:
        return tuple(Ask(CHANGE, one.args | {ROOM: place[0]}) for one in _moved(text, found) if isinstance(one, Ask))
    if _BOOKS.search(said):  # 「明晚七点四个人订位」 under an order is no time of fetching
        return (Ask(BOOK, {kind: item.value for kind, item in found.items()}),)
    return _moved(text, found) if not {"time", "people"} & wanted else ()


def gone_said(text: str) -> bool:
    """Whether a message says that they do not come, and nothing else: 「算了不去了」."""
    return len(text) <= _MOST_READ and _GONE.fullmatch(_SIGNS.sub("", normal_form(text).text)) is not None


def refuses(text: str, acts: str) -> bool:
    """Whether a message says no to what it was just asked for, and nothing else: 「算了不排了」. Args: acts: Its verbs: 排取, 订定."""
    said = _SIGNS.sub("", normal_form(text).text)
    return len(text) <= _MOST_READ and re.fullmatch(_REFUSES.format(acts=acts), said) is not None


def booking_args(intent: str, text: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a booking's intent with what its words name. A typed phone is not needed: the house can write here."""
    known = {name: value for name, value in args.items() if name in {"time", "people", "store", ROOM, "booking"}}
    if intent == BOOK:
        known = {name: value for name, value in known.items() if name != "time" or value.get("date")}
        known = {name: value for name, value in known.items() if name != "people" or not value.get("delta")}
    people = known.get("people")
    if people and not people.get("delta") and people["n"] == people["kids"]:  # only children were named
        known = {name: value for name, value in known.items() if name != "people"} | {KIDS: people["kids"]}
    return known | _named(text, known)


def _named(text: str, args: Mapping[str, Any]) -> dict[str, Any]:
    spelled = normal_form(text).text
    found: dict[str, Any] = {}
    if _NO_ROOM_BESIDE.search(spelled):
        found[ROOM] = "大厅"
    elif ROOM not in args and (room := re.search(f"{_ROOM_WORDS}|{_PLACES}", spelled)):
        found[ROOM] = room[0]
    scene = next((name for name, pattern in _SCENES if pattern.search(spelled)), None)
    if scene:
        found[SCENE] = scene
    name = _name(text)
    if name:
        found[NAME] = name
    note = _NOTE.search(text)
    needs = list(dict.fromkeys(_NEEDS.findall(spelled)))
    if note or needs:
        found[NOTES] = note["note"].strip() if note else "、".join(needs)
    return found


def name_said(text: str) -> tuple[str, tuple[int, int]] | None:
    """Whom a message says to ask for, and where it says so: 我姓陈, 名字写李雷."""
    found = _CALLED.search(text) or _NAME.search(text)
    return (_name(text), found.span()) if found is not None else None


def note_said(text: str) -> tuple[str, tuple[int, int]] | None:
    """What a message asks to be written down (备注…), and where it says so: to its end."""
    found = _NOTE.search(text)
    return (found["note"].strip(), found.span()) if found is not None else None


def placed(args: Mapping[str, Any], text: str, places: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of a booking's intent with the room or the part of the floor that a message calls by the shop's own name."""
    spelled = normal_form(text).text
    own = _own_place(places).search(spelled) if places else None
    short = next((word for word in _PLACES.split("|") if word in spelled and any(word in place for place in places)), None)  # 湖景露台
    named = own[0] if own is not None else short
    return dict(args) | {ROOM: named} if named is not None and args.get(ROOM) != "大厅" else dict(args)


@cache
def _own_place(places: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(place) for place in sorted(places, key=len, reverse=True)))


@cache
def _room_pattern(places: tuple[str, ...]) -> re.Pattern[str]:
    """A wish for a place and nothing beside it."""
    own = "|".join([*(re.escape(place) for place in sorted(places, key=len, reverse=True)), _ROOM_WORDS, _PLACES])
    return re.compile(f"{_SAYS_LITTLE}(?P<room>{own}){_TAIL}")


def _place_beside(text: str, places: tuple[str, ...]) -> tuple[str, int, int] | None:
    """The place that a message names among other things, and where it does; 不要包间 is the hall."""
    refused = re.search(f"(?:不要|不用|不坐){_ROOM_WORDS}了?", text)
    if refused is not None:
        return "大厅", *refused.span()
    own = _own_place(places).search(text) if places else None
    named = own or re.search(f"{_ROOM_WORDS}|{_PLACES}", text)
    return (named[0], *named.span()) if named is not None else None


def _details(text: str, said: str, wanted: frozenset[str], places: tuple[str, ...], values: Mapping[str, Entity]) -> tuple[Command, ...]:
    if _NO_ROOM.fullmatch(said):
        return (SetSlot(ROOM, "大厅"),)
    room = _room_pattern(places).fullmatch(said)
    if room is not None:
        return (SetSlot(ROOM, room["room"]),)
    miscounted = _MISCOUNTED.fullmatch(said) or _COUNTED.fullmatch(said)
    if miscounted is not None and "people" in wanted and (n := read_number(miscounted["n"])):
        return (SetSlot("people", {"n": n, "kids": 0, "approx": False, "delta": False}),)
    if KIDS in wanted and _NO_KIDS.fullmatch(said):
        return (SetSlot(KIDS, 0),)
    parties = find_people(text)
    if KIDS in wanted and len(parties) == 1 and not parties[0].party.delta and parties[0].party.n == parties[0].party.kids:
        entity = Entity("people", parties[0].party.to_json(), parties[0].start, parties[0].end)
        return (SetSlot(KIDS, parties[0].party.kids),) if says_only(text, [entity]) else ()
    place = _place_beside(text, places)
    beside = {kind: item.value for kind, item in values.items() if kind in wanted}
    if place is not None and beside and says_only(blanked(text, [place[1:]]), list(values.values())):  # 「改成4个人 不要包间了」
        return tuple(SetSlot(kind, value) for kind, value in (beside | {ROOM: place[0]}).items())
    found = {kind: value for kind, value in _named(text, {}).items() if kind in wanted and kind in {NAME, NOTES}}
    scene = next((name for name, pattern in _SCENES if pattern.search(said)), None)
    if scene and SCENE in wanted and len(said) <= 8:
        found[SCENE] = scene
    if not found:
        return ()
    return tuple(SetSlot(kind, value) for kind, value in (beside | found).items())  # 「我姓李，改7点半」


def _called_off(text: str, time: Entity) -> bool:
    """「取消明晚的」, 「把7点那个取消了」 is of the booking that stands, whatever else is being booked."""
    beside = _SIGNS.sub("", normal_form(text[: time.start] + text[time.end :]).text)
    return beside.count("取消") == 1 and _CALLS_OFF.fullmatch(beside.replace("取消", "")) is not None


def _values(text: str, now: datetime, hours: Week | None) -> dict[str, Entity]:
    """The one time and the one party that a message names; nothing when it names several."""
    times = [Entity("time", span.moment.to_json(), span.start, span.end) for span in find_times(text, now=now, hours=hours)]
    taken = [(item.start, item.end) for item in times]
    parties = [Entity("people", span.party.to_json(), span.start, span.end) for span in find_people(text, taken=taken)]
    return {item.entity: item for item in (*times, *parties)} if len(times) <= 1 and len(parties) <= 1 else {}


def _moved(text: str, found: Mapping[str, Entity]) -> tuple[Command, ...]:
    """「推迟半小时」, 「再加两个人」, 「改成10个人」 with no flow open: of the booking that stands."""
    relative = any(item.value.get("delta") or item.value.get("delta_minutes") is not None for item in found.values())
    if not relative and not _MADE_OTHER.search(text):
        return ()
    return (Ask(CHANGE, {kind: item.value for kind, item in found.items()}),)


def _name(text: str) -> str:
    called = _CALLED.search(text)
    if called is not None:
        return called["name"]
    surname = _NAME.search(text)
    return f"{surname['surname']}{surname['title'] or ''}" if surname else ""


def _length(said: str | None) -> dict[str, Any]:
    if not said:
        return {}
    if "会" in said:
        return {MINUTES: _A_WHILE}
    found = find_times(f"推迟{said}", now=_ANY_TIME)
    minutes = found[0].moment.delta_minutes if found else None
    return {MINUTES: minutes} if minutes and minutes > 0 else {}


def _later_by(said: str) -> dict[str, Any]:
    """「堵车了 还有十分钟」: so much later than they were to come."""
    length = re.search(_LENGTH, said)
    return find_times(f"推迟{length[0] if length else '10分钟'}", now=_ANY_TIME)[0].moment.to_json()


_ANY_TIME = datetime(2026, 1, 1, 12, 0)  # noqa: DTZ001 - a length of time has no clock
