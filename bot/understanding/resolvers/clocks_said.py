"""How diners say a clock time: 七点半, 19:00, 差五分八点, 七八点, 晚7. And what only looks like one: 三点水, 两点建议, 来一点辣."""

import re

from bot.understanding.resolvers.lengths import NUMERALS, is_range, minutes_of, number
from bot.understanding.resolvers.time_tokens import BLOT, Clock, Reading, Token, Words

_DIGITS = "0123456789"
_HOUR_DIGITS = r"(?<![0-9.:a-z])(?:[01]?[0-9]|2[0-4])"
_HOUR_NUMERAL = (
    r"(?<![百第])(?:十一十二|十一二|一两|两三|二三|三四|四五|五六|六七|七八|八九|九十"
    rf"|二十[一二三四]?|十[{NUMERALS}]?|[零〇{NUMERALS}两])"
)
_HOUR = rf"(?:{_HOUR_DIGITS}|{_HOUR_NUMERAL})"
_OCLOCK = r"(?:点钟?|时(?![候间段常尚令蔬光刻]))(?:整|正)?"
# A number that counts something is no minute: 七点20个人. But 七点三十五个人 are five guests at half past.
_COUNTS = rf"[{_DIGITS}{NUMERALS}十]|[个位人桌号份元块几多%]|[大小][0-9{NUMERALS}人]|来[个位人]"
_MINUTE = (
    rf"(?:[0-5]?[0-9](?![0-9])|零[0-9{NUMERALS}]|[二三四五]?十[{NUMERALS}]?|[{NUMERALS}两])分(?![熟满])钟?"
    rf"|(?:[0-5][0-9]|零[0-9{NUMERALS}]|[二三四五]?十[{NUMERALS}]|[二三四五]?十)(?!{_COUNTS})"
    rf"|[二三四五]十(?=[{NUMERALS}][个位]?人)"
)
_AROUND = r"左右|上下|前后|多钟?(?!少)|来钟|许|的样子|那会儿?|[之以][前后]|前(?![台面菜厅])|后(?![天面厨院续日来])|之间"
_SHORT_OF = rf"[{_DIGITS}{NUMERALS}十]{{1,3}}(?:分钟?|刻钟?)"
_ANY_HOUR = rf"(?:[0-9]{{1,2}}|[{NUMERALS}两十零]{{1,3}})"
_UNTIL = rf"\s?[到至~—–-]\s?(?:[上下中]午|晚上|凌晨)?{_ANY_HOUR}(?:{_OCLOCK}(?:半|[0-5][0-9](?![0-9])|[二三四五]十)?|:[0-5][0-9])"
_SPOKEN = re.compile(
    rf"(?:差(?P<short_first>{_SHORT_OF})(?:到|就)?)?(?P<hour>{_HOUR})(?P<upper>\s?[、,到至~-]\s?{_ANY_HOUR})?\s?(?P<oclock>{_OCLOCK})"
    rf"(?:\s?(?P<half>半)|(?P<quarter>[一三13])刻钟?|[过又]?(?P<minute>{_MINUTE})|[差欠](?P<short>{_SHORT_OF}))?"
    rf"(?P<until>{_UNTIL})?(?P<around>{_AROUND})?"
)
_WRITTEN = re.compile(
    rf"(?<![0-9.:])(?P<hour>[01]?[0-9]|2[0-4]):(?P<minute>[0-5][0-9])(?![0-9])(?::[0-5][0-9](?![0-9]))?"
    rf"(?:\s?(?P<half>[ap]\.?m\b))?(?P<until>{_UNTIL})?(?P<around>{_AROUND})?"
)
_ENGLISH = re.compile(r"(?<![0-9.:a-z])(?P<hour>1[0-2]|0?[1-9])(?:\.(?P<minute>[0-5][0-9]))?\s?(?P<half>[ap]\.?m\b)")
# saturday at 8; look at 3 dishes
_AT = re.compile(
    r"(?<![a-z])at\s(?P<hour>1[0-2]|0?[1-9])"
    r"(?=\s*(?:$|[,，。!！?？;；]|\.(?!\d)|(?:for|on|to(?:day|night|morrow)|this|next|please|sharp)\b))"
)
# 今晚7, 周六晚8 六位, 晚上6.30: right behind a part of the day, with nothing that is counted behind it.
_BARE = re.compile(
    rf"(?P<hour>{_HOUR})(?:(?P<half>半)|\.(?P<minute>[0-5][0-9])(?![0-9]))?(?P<around>左右|前后|上下|[之以][前后])?"
    r"(?=$|[\s,，。.!！?？、~;；)）]|[吧到过可行有能的开见去呢]|来(?![个份点一两]))"
)
# Behind a bare hour these say that no clock is meant.
_NOT_OCLOCK = re.compile(
    r"[水菜心评赞击名滴疑启点都也辣甜咸盐糖醋油葱积]|单(?![间独人])|餐(?![位厅桌])|意见|建议|要求|问题|原因|想法|体会|好处|不足"
    rf"|[{NUMERALS}两][折倍成米斤升度分公%]|{BLOT}"
)
# 一点 and 两点 are a little, or two remarks, unless something before and behind makes them a time.
_LITTLE = frozenset({"一点", "两点", "1点", "2点"})
_LITTLE_BEFORE = re.compile(r"(?:^|[\s,，。;!！?？:：]|[在到约定订改成是人位们桌就那])$")
_LITTLE_AFTER = re.compile(r"$|[\s,，。;!！?？~、)到来吃过吧前后见开]|左右|可以|行|有位|能|的?[位桌]|[以之]")
# 来三点...算了: what was about to be ordered and broken off, without a day or a part of one before it, is no time.
_ORDERS = re.compile(r"[来点]\s?$")
_WANTS = re.compile(r"要\s?$")
_BREAK = re.compile(r"\s*(?:$|[,，。.…!！;；、~]|算了|不对|不是|[啊哦噢]?不[,，\s])")
_BROKEN_OFF = re.compile(r"\s*(?:[.。…,，]{2,}|…|[,，.。\s]*(?:算了|不对|不要了?|哦不|啊不|噢不))")
_LITTLE_MORE = frozenset("快慢多少大小好便高低热辣甜咸淡厚薄近远再早晚清软硬烫凉浓香嫩")


def _spoken(match: re.Match[str], reading: Reading) -> Token | None:
    words = match["hour"]
    hour = number(words)
    plain = match["oclock"] in {"点", "时"} and not any(
        match[name] for name in ("short_first", "upper", "half", "quarter", "minute", "short")
    )
    if plain and not _is_a_time(match, reading):
        return None
    minute = 30 if match["half"] else 15 * number(match["quarter"]) if match["quarter"] else _minute(match["minute"])
    minute -= minutes_of(match["short"] or match["short_first"] or "")[0]
    between = match["around"] == "之间"
    approx = bool(match["upper"]) or is_range(words) or match["around"] is not None or between
    return Token(match.start(), match.end(), clock=Clock(hour * 60 + minute, hour > 12 or hour == 0), approx=approx)


def _is_a_time(match: re.Match[str], reading: Reading) -> bool:
    """Whether an hour with nothing more to it is one: next to other words of time it is, alone it depends on its neighbours."""
    text, start, end = reading.text, match.start(), match.end()
    if match["oclock"] == "时" and not match.group()[0].isdigit() and not reading.touches(start):
        return False  # 一时
    last = reading.last
    beside = last is not None and (last.day is not None or last.part is not None) and reading.touches(start)
    word = match["hour"] + match["oclock"]
    before = text[start - 1 : start]
    if word in _LITTLE and before in _LITTLE_MORE and not (last is not None and last.part and last.end == start):
        return False
    if beside:
        return not (word in _LITTLE and re.compile("[都也儿点不]").match(text, match.start() + len(word)))
    alone = last is None or not (last.day or last.part)
    if alone and _is_broken_off(text, start, end):
        return False
    if word in _LITTLE:
        return bool(
            _LITTLE_BEFORE.search(text, max(0, start - 1), start) and (match["around"] or match["until"] or _LITTLE_AFTER.match(text, end))
        )
    return bool(match["around"] or match["until"]) or not _NOT_OCLOCK.match(text, end)


def _is_broken_off(text: str, start: int, end: int) -> bool:
    if _ORDERS.search(text, max(0, start - 2), start):
        return _BREAK.match(text, end) is not None
    return _WANTS.search(text, max(0, start - 2), start) is not None and _BROKEN_OFF.match(text, end) is not None


def _written(match: re.Match[str], reading: Reading) -> Token | None:
    hour = int(match["hour"])
    half = match["half"]
    minutes = _on_half(hour, half) * 60 + int(match["minute"])
    exact = bool(half) or hour > 12 or match["hour"].startswith("0")
    return Token(match.start(), match.end(), clock=Clock(minutes, exact), approx=match["around"] is not None)


def _english(match: re.Match[str], reading: Reading) -> Token | None:
    minutes = _on_half(int(match["hour"]), match["half"]) * 60 + int(match["minute"] or 0)
    return Token(match.start(), match.end(), clock=Clock(minutes, exact=True))


def _at(match: re.Match[str], reading: Reading) -> Token:
    return Token(match.start(), match.end(), clock=Clock(int(match["hour"]) * 60))


def _bare(match: re.Match[str], reading: Reading) -> Token | None:
    if reading.last is None or reading.last.part is None or reading.last.clock or not reading.touches(match.start()):
        return None
    hour, minute = number(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
    return Token(match.start(), match.end(), clock=Clock(hour * 60 + minute, hour > 12), approx=match["around"] is not None)


def _on_half(hour: int, half: str | None) -> int:
    return hour if not half else hour % 12 + (12 if half.startswith("p") else 0)


def _minute(words: str | None) -> int:
    return number(words.removeprefix("零").rstrip("分钟") or "零") if words else 0


_BEGINS = f"{_DIGITS}零〇{NUMERALS}两十"
CLOCKS = (
    Words(_DIGITS, _ENGLISH, _english),
    Words("a", _AT, _at),
    Words(_DIGITS, _WRITTEN, _written),
    Words(_BEGINS + "差", _SPOKEN, _spoken),
    Words(_BEGINS, _BARE, _bare),
)
