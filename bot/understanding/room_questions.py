"""Questions about rooms that book nothing: 「订包间要押金吗」, 「包间最低消费多少」, 「观海能坐多少人」."""

import re

from bot.dialogue.commands import Ask
from bot.understanding.normal_form import normal_form

ROOM_ASKED = "room_asked"
DEPOSIT, MINIMUM, SEATS = "deposit", "minimum", "seats"
_MOST_READ = 24  # characters
_ROOM = re.compile("包间|包厢|包房|雅间|贵宾房|房间")
_WHEN = re.compile("[今明后]天|[今明后]晚|周[一二三四五六日天末]|星期|[0-9一二两三四五六七八九十]点|[0-9]月")
_ASKS = re.compile("多少|几|吗|嘛|么|不要|要不|有没有|收不收|怎么|啥|什么|是不是|能不能|[?？]")
_DEPOSIT = re.compile("押金|订金|定金")
_MINIMUM = re.compile("最低消?费?|低消|起消|消费要求|包间费|包厢费|服务费|开间费")
_SEATS = re.compile("[能可]以?坐|坐得?下|坐多少|坐几|容纳|多少[人位]|几个?[人位]|多大")
_ABOUT = ((DEPOSIT, _DEPOSIT), (MINIMUM, _MINIMUM), (SEATS, _SEATS))


def room_asked(text: str, places: tuple[str, ...]) -> tuple[Ask, ...]:
    """What a short question asks of rooms; nothing when it names a time, or asks for anything else.

    Args:
        places: What the shop calls its rooms and the parts of its floors.
    """
    spelled = normal_form(text).text
    if len(text) > _MOST_READ or _WHEN.search(spelled) or not _ASKS.search(spelled):
        return ()
    about = next((name for name, words in _ABOUT if words.search(spelled)), None)
    named = next((place for place in sorted(places, key=len, reverse=True) if place in spelled), None)
    if about is None or (about == SEATS and named is None and not _ROOM.search(spelled)):
        return ()
    if about == DEPOSIT and not (named or _ROOM.search(spelled) or re.search("订[位座桌金]|预订|定[位座]", spelled)):
        return ()
    return (Ask(ROOM_ASKED, {"about": about} | ({"place": named} if named else {})),)
