"""Numbers and lengths of time, and what is counted with them: from now on (半小时后, 三天后) or from a booking (推迟半小时)."""

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.understanding.resolvers.quantities import read_numeral
from bot.understanding.resolvers.time_tokens import Day, Reading, Token, Words

NUMERALS = "一二三四五六七八九"
_SPECIAL = {"半": 0.5, "几": 3.0, "个把": 1.0, "九十": 9.0, "十一十二": 11.0}
_NUM = rf"(?:[0-9]{{1,4}}(?:\.[0-9])?|[半几]|个把|[{NUMERALS}两十百零]{{1,5}})"
_LENGTH = (
    rf"{_NUM}[多来几]?(?:个[半多]?)?(?:分钟|小时|刻钟|钟头|(?<=[个半多])钟|天|日|周|星期|礼拜|h(?![a-z])|mins?(?![a-z]))[半多]?"
    rf"(?:零?{_NUM}[多来几]?[分刻]钟?)?"
)
_AMOUNT = re.compile(
    rf"(?P<n>{_NUM})(?P<more>[多来几])?个?(?P<half>[半多])?(?P<unit>分钟?|刻钟?|小时|钟头?|h|mins?|天|日|周|星期|礼拜)(?P<tail>[半多])?"
)
_UNIT_MINUTES = {"分": 1, "m": 1, "刻": 15, "小": 60, "钟": 60, "h": 60, "天": 1440, "日": 1440, "周": 10080, "星": 10080, "礼": 10080}

_AFTER = re.compile(
    rf"(?P<ahead>再?过\s?)?(?P<length>{_LENGTH})(?P<around>左右|上下)?"
    r"(?:(?P<behind>[之以过]?后(?![天面厨]))|(?P<arriving>[之以]?内)?(?=[就能可以会]*(?:到(?![了底账处现])|过来|赶到))|(?P<before>[之以]?前))?"
)
_ARRIVING = re.compile("[就能可以会]*(?:到|过来|赶到)")
_MONTHS_AFTER = re.compile(rf"再?过?\s?(?P<n>[半几]|[0-9]+|[{NUMERALS}两十]+)个(?P<half>半)?月[之以过]?后(?![天面厨])")
# 超过, 吃过 and 等了半小时 look back; so does 已经半小时.
_LOOKS_BACK = re.compile(r"(?:[超不经通路吃来用过]|(?:(?<!再)等|[都花用坐过])了?|已经|超过|不到)(?:快|差不多|大概|有)?$")

_LATER = "推迟|延迟|延后|推后|后延|顺延|押后|拖后|[往向]后[推挪延移拖]?迟?|晚到|迟到|晚来|晚点|迟点|再推|晚|迟"
_SOONER = "提前|提早|[往向]前[提挪移赶调推]?|早到|早来|早点|早"
_MOVED = re.compile(
    rf"(?:(?P<later>{_LATER})|(?:{_SOONER}))(?:\s|个(?!把|半?钟|半?小时)|大概|大约|差不多|约|可能|要|会|到|来)*"
    rf"(?P<length>{_LENGTH}|{_NUM}[多来几]?[分刻](?![0-9熟满之]))(?P<around>左右|上下)?"
)
# 今晚, 最早: the 晚 and 早 of these move nothing.
_NOT_MOVED = frozenset("今明昨当夜最一清大")
# 提前一天预订, 提前十分钟通知我: how long before something else, not a booking that moves.
_LEAD_TIME = re.compile(
    r"[就来去能可以要]*(?:预[订定约]|[订定点约]|告诉|告知|通知|提醒|打电话|电话|联系|说|下单|取消|叫|发|准备|上菜|做)|(?:上|出)菜"
)


def number(words: str) -> int:
    """A number in digits or Chinese numerals (廿三 is 23); of a range (七八) the lower bound."""
    if words.isdigit():
        return int(words)
    if words in _SPECIAL:
        return int(_SPECIAL[words])
    read = read_numeral(words.replace("廿", "二十").replace("卅", "三十"))
    return read[0] if read else 0


def is_range(words: str) -> bool:
    """Whether a numeral says from–to: 七八, 十一二."""
    if words in {"九十", "十一十二"}:
        return True
    read = None if words.isdigit() else read_numeral(words)
    return bool(read and read[1])


def minutes_of(words: str) -> tuple[int, bool]:
    """The minutes of a length of time (一个半小时, 十来分钟, 两天), and whether they are approximate."""
    total, approx = 0.0, False
    for amount in _AMOUNT.finditer(words):
        said = amount["n"]
        n = _SPECIAL.get(said) or (float(said) if said[0].isdigit() else float(number(said)))
        extra = (amount["more"], amount["half"], amount["tail"])
        n += 0.5 * extra.count("半")
        approx = approx or said in {"几", "个把"} or is_range(said) or bool({"多", "来", "几"} & set(extra))
        total += n * _UNIT_MINUTES[amount["unit"][0]]
    return round(total), approx


def month_on(day: date, months: int) -> date:
    """The same day some months on, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _after(match: re.Match[str], reading: Reading) -> Token | None:
    """半小时后 is a moment, 三天后 a day; a length alone, or one that looks back, is neither."""
    text, start, words = reading.text, match.start(), match["length"]
    if match["before"] or not (match["ahead"] or match["behind"] or match["arriving"] or _ARRIVING.match(text, match.end())):
        return None
    if _LOOKS_BACK.search(text, max(0, start - 5), start):
        return None
    minutes, approx = minutes_of(words)
    approx = approx or bool(match["around"] or match["arriving"])
    if minutes % 1440 == 0 and not match["arriving"]:
        if not (match["ahead"] or match["behind"]):
            return None  # 三天到
        # 过两天 is in a few days; 两天后 is the day after tomorrow.
        approx = approx or (not match["behind"] and words.startswith("两"))
        return Token(start, match.end(), day=Day((reading.today + timedelta(minutes // 1440),)), approx=approx)
    return Token(start, match.end(), instant=reading.now + timedelta(minutes=minutes), approx=approx)


def _months_after(match: re.Match[str], reading: Reading) -> Token:
    whole = 0 if match["n"] == "半" else number(match["n"])
    day = month_on(reading.today, whole) + timedelta(15 if match["half"] or match["n"] == "半" else 0)
    return Token(match.start(), match.end(), day=Day((day,)), approx=match["n"] == "几")


def _moved(match: re.Match[str], reading: Reading) -> Token | None:
    text, start = reading.text, match.start()
    if _LEAD_TIME.match(text, match.end()) or (match.group()[0] in "早晚" and start and text[start - 1] in _NOT_MOVED):
        return None
    minutes, approx = minutes_of(match["length"])
    return (
        Token(start, match.end(), delta=minutes if match["later"] else -minutes, approx=approx or match["around"] is not None)
        if minutes
        else None
    )


COUNTED = (
    Words("推延后顺押拖往向晚迟再提早", _MOVED, _moved),
    Words(f"过再半几个0123456789{NUMERALS}两十百", _AFTER, _after),
    Words(f"过再半几个0123456789{NUMERALS}两十", _MONTHS_AFTER, _months_after),
)
"""What is counted from now, or from a booking."""
