"""Which coupon a diner means by what it is called: 20元 and 「20 元券」, 八折 and 「全场 8 折」."""

import re
from collections.abc import Sequence

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.amounts import NUMBER, read_amount

_DIGITS = "零一二三四五六七八九"
_PARTS = re.compile("[0-9]+折?|[^0-9]+")
_SAYS_NOTHING = re.compile(
    "[\\W_]+|优惠|代金|抵用|现金|[券卷的钱]|[那这]张|全场|全单|(?<![0-9一二三四五六七八九十百千])[一1][份张个杯碗瓶例盘]"
)
_LESS = re.compile("(?<=[0-9元])-(?=[0-9])")  # 满100-20
_RATIO = re.compile("[一二三四五六七八九]+(?=折)")
_NUMBER = re.compile(NUMBER)


def coupon_fits(words: str, name: str) -> bool:
    """Whether a coupon's name is what a diner called it: 20元 and 「20 元券」, 八折 and 「全场 8 折」, 生日 and 「生日甜品券」."""
    said, known = (_PARTS.findall(_key(one)) for one in (words, name))
    return bool(said) and all(part in known if part[0].isdigit() else part in "".join(known) for part in said)


def wishes_for(names: Sequence[str], words: Sequence[str]) -> list[int]:
    """Which of some coupons are meant by what a diner called them: their places. Args: names: As the coupons are called."""
    return [at for at, name in enumerate(names) if any(coupon_fits(said, name) for said in words)]


def _key(name: str) -> str:
    """A name with its numbers in digits and without words that every coupon has."""
    spelled = _LESS.sub("减", normal_form(name).text.replace("块", "元"))
    spelled = _SAYS_NOTHING.sub("", spelled)
    spelled = _RATIO.sub(lambda match: "".join(str(_DIGITS.index(char)) for char in match[0]), spelled)
    spelled = _NUMBER.sub(_in_digits, spelled)
    return spelled.replace(".", "").replace("元", "").replace("立减", "减")


def _in_digits(match: re.Match[str]) -> str:
    number = read_amount(match[0])
    return match[0] if number is None else str(number)
