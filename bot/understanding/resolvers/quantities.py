"""How many of something: digits and Chinese numerals with measure words.

Numbers inside dish names (三杯鸡, 八宝饭) are names: the caller passes the spans that dishes take.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.understanding.normal_form import normal_form

PEOPLE = frozenset({"人", "位"})
MONEY_TOO = "块"  # 58块 is a price, but of a dish that is sold so
WEIGHTS = frozenset({"斤", "公斤", "千克", "kg", "克", "g", "毫升", "升", "ml"})
UNITS = """
    公斤 千克 毫升 人份 份儿 个儿 份 碗 瓶 杯 个 盘 斤 两 打 套 串 扎 听 罐 例 位 人 条 只 块 片 盒 笼 屉 箱 件 提 壶 桶 锅
    煲 盅 篮 客 张 根 颗 粒 袋 包 支 枝 勺 碟 筐 枚 尾 道 把 对 双 克 升 kg ml g
"""
MEASURES = frozenset(unit for unit in UNITS.split() if len(unit) == 1) | frozenset("第几俩仨半0123456789一二三四五六七八九十")
_DIGITS = (
    {char: n for n, char in enumerate("零一二三四五六七八九")}
    | {"〇": 0, "两": 2}
    | dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_PIECES = {"半": Decimal("0.5"), "俩": Decimal(2), "仨": Decimal(3), "双": Decimal(2), "单": Decimal(1)}
_CHINESE = "一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"

# Not measure words here: 个月, 块钱, 打包, 只要, 套餐, 一人均.
_NOT_A_UNIT = (
    "(?!个(?:半?月|半?小时|钟|半?星期|礼拜|问题|意见|建议|电话|字)|块(?:钱|[0-9])|位[数置]|人[民气均]|包[间厢房场]|打[包折扰开]|听说|提[前醒]|套餐"
    "|锅[底包]|煲仔|升级|只[要有是来能点]|对(?:不起|[吧吗了])|道[理歉])"
)
_UNIT = f"{_NOT_A_UNIT}(?:{'|'.join(sorted(UNITS.split(), key=len, reverse=True))})"
_QUANTITY = re.compile(
    rf"""(?P<each>(?:每(?:个?人|位)|一个?人|人手|人均)[都各来要点上]*)?
    (?P<before>大约|大概|差不多|(?<!预)约)?
    (?:(?<![0-9.第])(?P<low>[0-9]{{1,3}}|[{_CHINESE}两]{{1,3}})[ ]?[-~到至][ ]?(?=(?:[0-9]{{1,3}}|[{_CHINESE}两]{{1,3}})[大中小]?{_UNIT}))?
    (?:(?<![0-9.第])(?P<digits>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)(?!\.?[0-9])
      |(?<![第之])(?P<words>[二三四五六七八十]分之[一二三四五六七八九](?=[大中小]?{_UNIT})|一两(?=[大中小]?{_UNIT})|两(?:[百佰][{_CHINESE}零]*|三(?=[大中小]?{_UNIT}))?|半(?=[大中小]?{_UNIT})
        |[俩仨]|[双单](?=份)|[{_CHINESE}][{_CHINESE}百佰零〇]*))
    (?P<more>[来几多余](?=[大中小]?{_UNIT}))?
    (?P<size>[大中小](?={_UNIT}))?
    (?:[ ]?(?P<unit>{_UNIT})(?P<half>半(?![糖熟勺只]|个(?:小时|月)))?)?
    (?P<around>左右|上下|差不多)?""",
    re.VERBOSE,
)
# With the numeral left out (来碗米饭) only these are measure words beyond doubt.
_LEFT_OUT = re.compile(
    rf"(?:[来要加点上拿整弄搞给叫补添喝吃换再]|改成)(?P<size>[大中小])?(?P<unit>{_NOT_A_UNIT}[份碗瓶杯个盘只条锅壶罐听扎笼屉串打例盒块])(?![人儿])"
)
_PEOPLE_FOLLOW = re.compile("人|大人|成人|小孩|孩子|小朋友|朋友|宝宝|老人|娃|客人|同学|同事")
# A number alone counts beside a dish (2可乐, 米饭x3, 可乐:2) or behind a word that calls for one (改成3, 各2).
_NO_COUNT_BEFORE = re.compile(r"\s?[点号月日年时分成元毛折楼层度级岁桌块%]|[a-wyz]|[:：][0-9]")
_JOINT = " \t:=*x×✕✖+-−–([【的"
_CALLS_FOR = re.compile(r"(?:改[成为到]?|换成|变[成为]|[加减]到|各|要|来|加|再|共|是)\s*$")
_ENDS_HERE = re.compile(r"\s*(?:$|[\s,，。;.!！?？、~)\]】吧就行即谢])")
_NUMBERED = re.compile(r"(?:^|[\s:])(?:1|一)\s*[.、)]\s*[^0-9]")
_INDEX_MARK = re.compile(r"\s*[.、)]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many of something.

    Attributes:
        n: Above 0. 一打 is 12; weights said in 两 are in 斤; 半 is 0.5; of 十来个 and 2到3瓶 the lower bound.
        unit: The measure word; 份 when none was said.
        approx: 左右, 十来个, 七八位, 2到3瓶.
        per_person: 每人一份: for each guest.
        size: 大, 中, 小 between number and measure word: 一大份.
    """

    start: int
    end: int
    n: Decimal
    unit: str
    approx: bool = False
    per_person: bool = False
    size: str = ""


def find_quantities(text: str, dishes: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Every quantity in a text, from left to right.

    Args:
        text: As the diner wrote it.
        dishes: Spans (start, end) of `text` that are names; a number beside one needs no measure word.
    """
    form = normal_form(text)
    if form.text == text:
        return find_spelled(text, dishes)
    there = [next((i for i, old in enumerate(form.origin) if old >= offset), len(form.text)) for span in dishes for offset in span]
    found = find_spelled(form.text, list(zip(there[::2], there[1::2], strict=True)))
    return [_placed(quantity, *form.span(quantity.start, quantity.end)) for quantity in found]


def read_numeral(words: str) -> tuple[int, bool] | None:
    """A Chinese numeral below a thousand, and whether it is a range (七八: from 7); None when it is no number."""
    total, digit, tens, approx = 0, None, 1, False
    for char in words:
        if char in _TENS:
            if tens != 1 and _TENS[char] >= tens:
                return None
            tens = _TENS[char]
            total += (1 if digit is None else digit) * tens
            digit = None
        elif char not in _DIGITS:
            return None
        elif _DIGITS[char] == 0:
            tens = 10
        elif digit is None:
            digit = _DIGITS[char]
        elif not approx and _DIGITS[char] > digit:
            approx = True
        else:
            return None
    if digit is not None:
        total += digit * (10 if tens == 100 else 1)
    return total, approx


def find_spelled(text: str, dishes: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """As `find_quantities`, for a text in normal form."""
    found: list[Quantity] = []
    starts = {start for start, _ in dishes}
    ends = {end for _, end in dishes}
    numbered = _NUMBERED.search(text) is not None
    at = 0
    for start, end in [*sorted(dishes), (len(text), len(text))]:
        if at < start:
            found += _find_between(text, at, start, starts, ends, numbered=numbered)
        at = max(at, end)
    return found


def _find_between(text: str, at: int, stop: int, starts: set[int], ends: set[int], *, numbered: bool) -> list[Quantity]:
    found: list[Quantity] = []
    last = at
    for match in _QUANTITY.finditer(text, at, stop):
        quantity = _read(text, match)
        if quantity is None:
            continue
        if match["unit"] is None and match["words"] not in {"俩", "仨"}:
            if numbered and _INDEX_MARK.match(text, quantity.end):
                continue
            if not _counts_alone(text, match, starts, ends):
                continue
        found += _left_out(text, last, quantity.start)
        found.append(quantity)
        last = quantity.end
    return found + _left_out(text, last, stop)


def _left_out(text: str, at: int, stop: int) -> list[Quantity]:
    return [
        Quantity(match.end() - 1 - len(match["size"] or ""), match.end(), *_measured(Decimal(1), match["unit"]), size=match["size"] or "")
        for match in _LEFT_OUT.finditer(text, at, stop)
    ]


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    if match["digits"]:
        n, approx = Decimal(match["digits"]), False
    elif match["words"] in _PIECES:
        n, approx = _PIECES[match["words"]], False
    elif "分之" in match["words"]:
        whole, _, part = match["words"].partition("分之")
        n, approx = Decimal(_DIGITS[part]) / (_DIGITS.get(whole) or _TENS[whole]), False
    else:
        number = read_numeral(match["words"])
        if number is None:
            return None
        n, approx = Decimal(number[0]), number[1]
    if match["more"]:
        n, approx = n + (match["more"] == "几"), True
    start = match.start()
    if match["low"]:
        low = Decimal(match["low"]) if match["low"].isdecimal() else Decimal((read_numeral(match["low"]) or (0,))[0])
        if 0 < low < n:
            n, approx = low, True
        else:
            start = match.start("digits" if match["digits"] else "words")
    if match["half"]:
        n += _PIECES["半"]
    if n <= 0:
        return None
    unit = match["unit"]
    if unit is None:
        unit = "个" if match["words"] in {"俩", "仨"} else "份"
    if unit == "个" and _PEOPLE_FOLLOW.match(text, match.end()):
        unit = "人"
    n, unit = _measured(n, unit)
    approx = approx or bool(match["before"] or match["around"])
    return Quantity(start, match.end(), n, unit, approx, bool(match["each"]), match["size"] or "")


def _measured(n: Decimal, unit: str) -> tuple[Decimal, str]:
    """打 is twelve pieces, 两 is a tenth of a 斤, 份儿 is 份."""
    if unit == "打":
        return n * 12, "个"
    if unit == "两":
        return n / 10, "斤"
    return n, unit.removesuffix("儿")


def _counts_alone(text: str, match: re.Match[str], starts: set[int], ends: set[int]) -> bool:
    """Whether a number without a measure word tells how many."""
    if match["words"] == "半" or _NO_COUNT_BEFORE.match(text, match.end()):
        return False
    left, right = match.start(), match.end()
    while left and left not in ends and text[left - 1] in _JOINT:
        left -= 1
    while right < len(text) and right not in starts and text[right] in " *x×✕✖":
        right += 1
    if left in ends or right in starts:
        return True
    return _ENDS_HERE.match(text, match.end()) is not None and _CALLS_FOR.search(text, max(0, match.start() - 4), match.start()) is not None


def _placed(quantity: Quantity, start: int, end: int) -> Quantity:
    return replace(quantity, start=start, end=end)
