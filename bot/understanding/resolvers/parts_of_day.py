"""Parts of the day: 早上, 中午, 傍晚, 半夜; the 晚 of 明晚 and 晚7点; and meals, which are a time only beside one (周六午饭, 早餐七点)."""

import re

from bot.understanding.resolvers.time_tokens import Reading, Token, Words

_PARTS = {
    "morning": "大清早 清早 清晨 早晨 大早上 早上 一大早 一早 上午 早间 早市 朝早 上昼",
    "noon": "大中午 中午 正午 晌午 午间 午市 晏昼",
    "afternoon": "下午 午后 后晌 下昼",
    "evening": "大晚上 晚上 晚间 傍晚 黄昏 夜晚 晚市 晚黑 擦黑",
    "night": "大半夜 三更半夜 后半夜 半夜 深夜 午夜 子夜 夜里",
    "dawn": "凌晨",
}
_MEALS = {
    "morning": "早饭 早餐 早茶",
    "noon": "午饭 午餐 中饭 午宴",
    "afternoon": "下午茶",
    "evening": "晚饭 晚餐 晚宴 当晚 那晚",
    "night": "夜宵 宵夜",
}
_ENGLISH = {"morning": "morning", "noon": "noon lunch", "afternoon": "afternoon", "evening": "evening night dinner"}
SHORT_PARTS = {"早": "morning", "晨": "morning", "朝": "morning", "午": "noon", "晚": "evening", "夜": "evening"}
_PART_OF = {word: part for table in (_PARTS, _MEALS, _ENGLISH) for part, words in table.items() for word in words.split()} | SHORT_PARTS
_BEHIND_A_DAY = frozenset(" ".join([*_MEALS.values(), *_ENGLISH.values()]).split())


def _longest_first(table: dict[str, str]) -> str:
    return "|".join(sorted(" ".join(table.values()).split(), key=len, reverse=True))


PART_WORDS = _longest_first(_PARTS)
_PART = re.compile(
    rf"(?P<words>{_longest_first(_MEALS)}|{PART_WORDS}|(?:{_longest_first(_ENGLISH)})(?![a-z]))(?:(?:的?时候|时分|时间|那会儿?)?(?P<around>左右|前后|的样子)|的?时候|时分|时间|那会儿?)?"
)
_SHORT_PART = re.compile(f"[{''.join(SHORT_PARTS)}]")
_CLOCK_BEHIND = re.compile(r"\s?(?:[01]?[0-9]|2[0-4]|[一二两三四五六七八九十]{1,3})(?:[点时:半]|\.[0-5][0-9]|左右|\s|$|[,，。.!！?？吧到])")
# 晚点到, 早一点, 晚餐: no part of a day, even behind one.
_OTHER_SHORT = re.compile(r"一?点(?!钟)|一?些|[了安到来饭餐宴间市已就不都班]|高峰")
_OTHER_BEFORE = frozenset("最稍太更再很可提趁尽来起还较")
_SURE_BEFORE = frozenset("今明昨听")
_A_BIT = re.compile("一?点[到来都也]")
_A_LITTLE = re.compile("一点(?!半|钟|[0-9])")
_GREETING = re.compile(r"好(?![的吗吧了不像多])")
_RECURRING = re.compile(r"(?:每天|每个?|天天|平时|平常|通常|一般)的?$")
# 明天吃午饭, 后天我们六个人来吃个晚饭: a meal that is to be eaten on a day is a time of it.
_EATEN = re.compile(r"[^。!！?？;；\n]{0,12}(?:吃|用|约|订)(?:一?[个顿])?")
_A_MEAL = re.compile(r"\s?(?:套餐|[券卡]|菜单|供应|有(?:什么|啥)|多少钱|种类)")


def _part(match: re.Match[str], reading: Reading) -> Token | None:
    text, words, start, end = reading.text, match["words"], match.start(), match.end()
    last = reading.last if reading.touches(start) else None
    after_day = last is not None and last.day is not None
    meal_time = after_day or (last is not None and last.clock) or _CLOCK_BEHIND.match(text, end) or _is_eaten(reading, start)
    if words in _BEHIND_A_DAY and not meal_time:
        return None
    if _A_MEAL.match(text, end) and (words in _BEHIND_A_DAY or not after_day):
        return None
    if not after_day and (_GREETING.match(text, end) or _RECURRING.search(text, max(0, start - 4), start)):
        return None
    return Token(start, end, part=_PART_OF[words], approx=match["around"] is not None)


def _is_eaten(reading: Reading, start: int) -> bool:
    last = reading.last
    if last is None or last.day is None or last.part or last.clock:
        return False
    return _EATEN.fullmatch(reading.text, last.end, start) is not None


def _short_part(match: re.Match[str], reading: Reading) -> Token | None:
    """The 晚 of 明晚 and of 晚7点; of 晚点到 and 早一点 it is no part of a day."""
    text, start, end = reading.text, match.start(), match.end()
    before = text[start - 1 : start]
    if reading.last is not None and reading.last.day is not None and reading.last.end == start:
        # 今晚一点 is one o'clock; of 周五晚一点 a bit later is likelier.
        surely = before in _SURE_BEFORE and not _A_BIT.match(text, end)
        said = surely or not _OTHER_SHORT.match(text, end)
    else:
        said = (
            match.group() in "早晚"
            and before not in _OTHER_BEFORE
            and bool(_CLOCK_BEHIND.match(text, end))
            and not _A_LITTLE.match(text, end)
        )
    return Token(start, end, part=_PART_OF[match.group()]) if said else None


PARTS = (
    Words("".join({words[0] for words in _PART_OF}), _PART, _part),
    Words("".join(SHORT_PARTS), _SHORT_PART, _short_part),
)
