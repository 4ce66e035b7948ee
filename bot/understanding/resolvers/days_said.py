"""How diners name a day: 明天, 下周六, 12月3号, 12/24, 月底, 除夕, 正月初五. And what only looks like a day: 12号桌, 三号套餐, 58.50."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import count, islice

from bot.understanding.resolvers.calendar import ONLY_IN_CONTEXT, civil_day, coming, festival, festivals, lunar_day, named_year, nth_weekday
from bot.understanding.resolvers.lengths import NUMERALS, month_on, number
from bot.understanding.resolvers.parts_of_day import PART_WORDS, SHORT_PARTS
from bot.understanding.resolvers.time_tokens import BLOT, Day, Reading, Token, Words

_SHORT_PART = f"[{''.join(SHORT_PARTS)}]"
_DIGITS = "0123456789"

# --- 今天, 明晚, tomorrow
_RELATIVE = re.compile(
    r"大{0,2}后(?:天(?![天气])|日|儿(?![童子女媳歌]))|大?前天(?!天)|[今明昨](?:天|日|儿个?)|[听寻]日|tomorrow|tmrw?\b|today|tonight"
    rf"|[今明昨听](?={_SHORT_PART}|{PART_WORDS}|[早午晚][饭餐])|后(?=晚(?![点些一]))"
)
_RELATIVE_DAYS = {"今": 0, "明": 1, "听": 1, "昨": -1, "寻": -1, "前": -2, "后": 2, "大": 2, "tod": 0, "ton": 0, "tom": 1, "tmr": 1}
# 今后天天, 然后天气, 说明, 小明.
_OTHER_WORDS = {"后": "以之然最今饭餐", "前": "之以", "明": "说声证表小阿透发文光聪黎"}

# --- 周六, 下周六, 这周末, 下周
_WEEKDAY = re.compile(
    r"(?P<ahead>下+个?|这个?|本|上+个?)?(?:周|星期|礼拜)"
    r"(?P<day>六[日天](?!本)|[一二三四五六日天末](?![次回天顿遍岁])|[1-7](?![0-9次回天顿遍个]))"
    r"|(?P<bare>下+个?|这个?|本)(?:周(?![边围到岁年])|星期(?!几)|礼拜)"
)
_WEEKDAYS = {char: n for n, char in enumerate("一二三四五六日")} | {char: n for n, char in enumerate("1234567")} | {"天": 6}
_ENGLISH = re.compile(
    r"(?<![a-z])(?P<ahead>next|this)?\s?(?P<day>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|weekend)(?![a-z])"
)
_ENGLISH_DAYS = {"mon": (0,), "tue": (1,), "wed": (2,), "thu": (3,), "fri": (4,), "sat": (5,), "sun": (6,), "wee": (5, 6)}
_RECURRING = re.compile(r"(?:每个?|逢)$")

# --- 12月3号, 2027-1-3, 12/24, 下个月1号, 月底, 20号
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9](?![0-9])|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?:元|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:(?P<year>今年|明年|后年|(?:19|20)[0-9]{2}年|(?<![0-9])(?:2[5-9]|[34][0-9]|50)年)的?)?"  # 28年 is 2028
_COUNTED = rf"(?:[个位人份元块点:大小折米升斤两度分成℃%千万百]|[{_DIGITS}{NUMERALS}十])"
_EDGES = {"初": 1, "上旬": 5, "中": 15, "中旬": 15, "下旬": 25}
_EDGE = rf"(?:[底末]|初(?![{NUMERALS}十])|中(?![午秋旬])|[上中下]旬)"
_MONTH_DAY = re.compile(rf"{_YEAR}(?<![0-9])(?P<month>{_MONTH})\s?月(?:份的?)?\s?(?P<day>{_DAY})(?:\s?[号日]|(?!{_COUNTED}))")
_MONTH_EDGE = re.compile(rf"(?:(?P<month>(?<![0-9]){_MONTH})|(?<![个几{_DIGITS}{NUMERALS}十]))月(?P<edge>{_EDGE})")
_NTH_WEEKDAY = re.compile(
    rf"(?:(?:(?P<ahead>下+个?|这个?|本)月|(?P<month>(?<![0-9]){_MONTH})月)的?)?第(?P<nth>[一二三四1-4])个(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_YEAR_END = re.compile(r"年底(?!薪)")
_MONTH_AHEAD = re.compile(rf"(?P<ahead>下+个?|这个?|本)月(?:份?的?(?P<day>{_DAY})[号日]|的?(?P<edge>{_EDGE}))?")
_WRITTEN = re.compile(
    r"(?<![0-9])(?P<year>20[2-5][0-9])(?P<mark>[-/.])(?P<full_month>1[0-2]|0?[1-9])(?P=mark)(?P<full_day>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
    r"|(?<![0-9.:/¥￥$a-z-])(?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12][0-9]|0?[1-9])(?P<sure>[号日])?(?![0-9./:-])"
)
# Figures are a day when something says so, or when the day has two of them and nothing speaks of money or measures.
_DAY_AHEAD = re.compile(r"(?:[到订定约改成]|预[订定约])\s?$")
_MONEY_AHEAD = re.compile(r"(?:[共价付收钱花费是减充]|总计|合计|消费)\s?$")
_MEASURE_BEHIND = re.compile(rf"\s?(?:[元块折升斤两克度分成%万千米份个只碗杯瓶盘串倍条人位大小]|公[里斤]|k|l|ml|g|{BLOT})")
_TIME_BEHIND = re.compile(rf"\s?(?:那天|当天|{_SHORT_PART}(?!点)|{PART_WORDS}|[0-9]{{1,2}}[点:])")
_DAY_NUMBER = re.compile(rf"(?<![0-9a-z.:/第-])(?P<day>{_DAY})\s?(?:号|日(?![0-9]))")
_LISTED = re.compile(r"\s?(?:或者?|还是|要么|到|至|[-~—、和跟])\s?")
_CALLS_A_THING = re.compile(
    r"[桌台包厅餐套房店线楼机柜窗座位卡员技链门口馆院仓码头召洞站街路球灶锅味酱粉款档级男女字内游间均本式元常子期会营人系]"
    rf"|{BLOT}|服务|到号|到了|过号|叫了|好了|雅间|菜|(?:的)?(?:单|菜)"
)
_CALLED = re.compile(
    r"(?:叫到|排到|轮到|喊到|叫号|取号|号码|餐号|排号|桌号|房号|尾号|编号|单号|[来要]个|[选坐份叫取桌座台下]|包间|牌号?|我们?这是|这里是)了?是?$"
)

# --- 除夕, 正月初五, 农历八月十五
_FESTIVAL = re.compile(
    rf"{_YEAR}(?P<name>{'|'.join(festivals())})(?:之夜|(?P<night>夜)(?![宵里]))?(?P<that_day>那天|当天)?(?![号日月])"
    # 国庆第二天, 圣诞前一天
    rf"(?:的?(?:第(?P<nth>[二三四五六七2-7])[天日]|(?P<next>次日|隔天|转天)|(?P<eve>前夕)|前(?P<before>[一两三])天))?"
)
_IN_CONTEXT = re.compile(
    rf"\s?(?:节|那天|当天|当晚|那晚|期间|假期|长假|放假|黄金周|[2-8][号日]|{_SHORT_PART}(?!点)|{PART_WORDS}"
    r"|(?:想|要|打算|准备|我们|咱们?|一家|全家)*(?:过?[来去])?(?:吃饭|用餐|聚|订(?![单阅]|[一两]?[两份碗盒袋个])|预[订定约])|的(?:位|桌|包)|还?有(?:没有)?(?:[空座]?位|空?桌|包[间厢])|开门|营业)"
)
_GREETING = re.compile(r"(?:节日?)?(?:快乐|愉快|安康|吉祥|大吉|好(?![的吗吧了不像]))")
# 中秋月饼, 情人节套餐, 五一路: a thing or a place of that name.
_NAMES_A_THING = re.compile(
    r"月饼|粽|汤圆|套餐|套装|礼|贺卡|蛋糕|活动|特惠|特价|优惠|折扣|限[定时]|菜单|菜谱|大餐|海报|主题|红包|粥|蒜|老人|广场|大道|公园|[券卡树帽店街路歌款份个位人块]"
)
_LUNAR = re.compile(
    rf"(?P<calendar>(?:农历|阴历|旧历|老历)的?)?(?P<leap>闰)?(?P<new_year>大年|春节|过年|年)?(?:(?P<month>[正腊冬]|{_MONTH})月)?"
    rf"(?P<day>初[{NUMERALS}十]|[三二]?十[{NUMERALS}]?|廿[{NUMERALS}]?|[123]?[0-9](?![0-9])|[{NUMERALS}])[号日]?(?!中(?!午)|年级|学|班|的?[学考]|衷|心|级|次)"
)
_NEW_YEAR = re.compile("春节|过年|大年|正月|新年|年初|拜年|除夕|年三十")
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def _relative(match: re.Match[str], reading: Reading) -> Token | None:
    words, start = match.group(), match.start()
    if start and reading.text[start - 1] in _OTHER_WORDS.get(words[0], ""):
        return None
    days = _RELATIVE_DAYS[words[:3] if words.isascii() else words[0]]
    if words[0] == "大":
        days = (words.count("大") + 2) * (-1 if "前" in words else 1)
    part = "evening" if words == "tonight" else None
    return Token(start, match.end(), day=Day((reading.today + timedelta(days),)), part=part)


def _weekday(match: re.Match[str], reading: Reading) -> Token | None:
    """The week begins on Monday; without 下 or 这 the coming one is meant, and today's name may mean today or in a week."""
    if _RECURRING.search(reading.text, max(0, match.start() - 2), match.start()):
        return None
    ahead = match["ahead"] or match["bare"] or ""
    weeks = ahead.count("下") - ahead.count("上")
    if match["day"] is None:
        monday = reading.today - timedelta(reading.today.weekday()) + timedelta(7 * weeks)
        dates = tuple(day for n in range(7) if (day := monday + timedelta(n)) >= reading.today)
        return Token(match.start(), match.end(), day=Day(dates, grain="week"))
    weekdays = (5, 6) if match["day"] in {"末", "六日", "六天"} else (_WEEKDAYS[match["day"]],)
    since = None if ahead else _said_before(reading, match.start())
    if since is not None and len(weekdays) == 1:
        said = Day((since + timedelta((weekdays[0] - since.weekday()) % 7),), weekday=True)
    else:
        said = _in_week(weekdays, reading.today, weeks if ahead else None)
    return Token(match.start(), match.end(), day=said)


def _english(match: re.Match[str], reading: Reading) -> Token:
    weeks = {"next": 1, "this": 0, None: None}[match["ahead"]]
    return Token(match.start(), match.end(), day=_in_week(_ENGLISH_DAYS[match["day"][:3]], reading.today, weeks))


def _in_week(weekdays: tuple[int, ...], today: date, weeks: int | None) -> Day:
    monday = today - timedelta(today.weekday()) + timedelta(7 * (weeks or 0))
    dates = tuple(monday + timedelta(weekday) for weekday in weekdays)
    next_week = tuple(day + timedelta(7) for day in dates)
    if weeks is not None and weeks < 0:
        return Day(dates, weekday=True)
    dates = tuple(day for day in dates if day >= today) or next_week
    if weeks is None and dates == (today,) and len(weekdays) == 1:
        dates += next_week
    return Day(dates, later=next_week, weekday=True)


def _month_day(match: re.Match[str], reading: Reading) -> Token | None:
    month, day = _month(match["month"]), number(match["day"])
    return _dated(match, _in_year(match["year"], reading.today, lambda year: civil_day(year, month, day)))


def _written(match: re.Match[str], reading: Reading) -> Token | None:
    text, start, end = reading.text, match.start(), match.end()
    if match["year"]:
        return _dated(match, civil_day(int(match["year"]), int(match["full_month"]), int(match["full_day"])))
    month, day = int(match["month"]), int(match["day"])
    behind = _TIME_BEHIND.match(text, end) or match["sure"]
    if not behind:
        if _MEASURE_BEHIND.match(text, end) or _MONEY_AHEAD.search(text, max(0, start - 3), start):
            return None
        if reading.last is not None and reading.last.part is not None and reading.touches(start):
            return None  # 晚上7.30 is a clock time
        if len(match["day"]) < 2 and not _DAY_AHEAD.search(text, max(0, start - 3), start):
            return None
    return _dated(match, coming(lambda year: civil_day(year, month, day), reading.today))


def _month_ahead(match: re.Match[str], reading: Reading) -> Token | None:
    first = month_on(reading.today.replace(day=1), match["ahead"].count("下"))
    if match["day"]:
        return _dated(match, civil_day(first.year, first.month, number(match["day"])))
    if match["edge"]:
        return Token(match.start(), match.end(), day=Day((_edge(first, match["edge"]),)), approx=True)
    dates = (max(first, reading.today),)
    return Token(match.start(), match.end(), day=Day(dates, grain="month"), approx=True)


def _month_edge(match: re.Match[str], reading: Reading) -> Token:
    first = reading.today.replace(day=1)
    months: Iterable[int] = count()
    if match["month"]:
        months = count((_month(match["month"]) - first.month) % 12, 12)
    days = (_edge(month_on(first, ahead), match["edge"]) for ahead in months)
    return Token(match.start(), match.end(), day=Day((next(day for day in days if day >= reading.today),)), approx=True)


def _nth_weekday(match: re.Match[str], reading: Reading) -> Token:
    """下个月第一个周六; without a month, the first to come."""
    nth, weekday = number(match["nth"]), _WEEKDAYS[match["day"]]
    first = reading.today.replace(day=1)
    ahead, step = 0, 1
    if match["month"]:
        ahead, step = (_month(match["month"]) - first.month) % 12, 12
    elif match["ahead"]:
        ahead = match["ahead"].count("下")
    months = (month_on(first, months) for months in count(ahead, step))
    days = (nth_weekday(month.year, month.month, weekday, nth) for month in months)
    return Token(match.start(), match.end(), day=Day((next(day for day in days if day >= reading.today),), numbered=True))


def _year_end(match: re.Match[str], reading: Reading) -> Token:
    return Token(match.start(), match.end(), day=Day((date(reading.today.year, 12, 31),)), approx=True)


def _day_number(match: re.Match[str], reading: Reading) -> Token | None:
    """20号: of this month, or of the next one that has such a day."""
    text, start, end = reading.text, match.start(), match.end()
    if text[:start].endswith(("月", "月的", "月份")):
        return None  # 每月5号, 2月30号
    last_ends = reading.last.end if reading.last is not None and reading.last.day else None
    if start and start != last_ends and text[start - 1] in NUMERALS + "十":
        return None  # 一2号, but 五一2号
    if _CALLS_A_THING.match(text, end) or _CALLED.search(text, max(0, start - 5), start):
        return None
    day, first = number(match["day"]), (since := _said_before(reading, start) or reading.today).replace(day=1)
    months = (month_on(first, ahead) for ahead in islice(count(), 4))
    dates = [found for month in months if (found := civil_day(month.year, month.month, day)) and found >= since]
    return Token(start, end, day=Day((dates[0],), later=(dates[1],), numbered=True))


def _festival(match: re.Match[str], reading: Reading) -> Token | None:
    text, name = reading.text, match["name"]
    if not match["that_day"] and (_GREETING.match(text, match.end()) or _NAMES_A_THING.match(text, match.end())):
        return None
    if name in ONLY_IN_CONTEXT and not match["that_day"] and not _IN_CONTEXT.match(text, match.end()):
        return None
    if name[0] in NUMERALS + _DIGITS and match.start() and text[match.start() - 1] in NUMERALS + _DIGITS + "十第":
        return None
    dates = festival(name, reading.today, year=named_year(match["year"], reading.today))
    # 平安夜 is as much the name of the day as of its evening.
    evening = match["night"] or (name.endswith("夜") and name != "平安夜")
    ahead = timedelta(_days_on(match))
    days = tuple(day + ahead for day in dates)
    return Token(match.start(), match.end(), day=Day(days), part="evening" if evening else None) if days else None


def _days_on(match: re.Match[str]) -> int:
    """How far from a festival: 国庆第二天 is one day on, 除夕前一天 one before."""
    if match["nth"]:
        return number(match["nth"]) - 1
    return 1 if match["next"] else -1 if match["eve"] else -(number(match["before"]) if match["before"] else 0)


def _lunar(match: re.Match[str], reading: Reading) -> Token | None:
    """A lunar date: by its calendar, by a month that only the moon has (正月, 腊月), or by 初."""
    words, month = match["day"], match["month"]
    early = words[0] == "初"
    if not (match["calendar"] and month) and not (month and (early or month in _LUNAR_MONTHS)) and not (match["new_year"] and early):
        # 初三 alone is a day of the New Year only around it, or with a part of the day: it is a school year too.
        if month or not early:
            return None
        new_year = coming(lambda year: lunar_day(year, 1, 1), reading.today - timedelta(15))
        near = new_year is not None and new_year - reading.today < timedelta(45)
        booked = _DAY_AHEAD.search(reading.text, max(0, match.start() - 3), match.start())
        if not (near or booked or _NEW_YEAR.search(reading.text) or _IN_CONTEXT.match(reading.text, match.end())):
            return None
    in_month = _LUNAR_MONTHS.get(month) or _month(month) if month else 1
    day, leap = number(words.removeprefix("初")), bool(match["leap"])
    return _dated(match, coming(lambda year: lunar_day(year, in_month, day, leap=leap), reading.today))


def _said_before(reading: Reading, start: int) -> date | None:
    """The day to count from in 下周三或周四, 10月1号到3号."""
    last = reading.last
    if last is None or last.day is None or not (last.day.weekday or last.day.numbered):
        return None
    return last.day.dates[0] if _LISTED.fullmatch(reading.text, last.end, start) else None


def _month(words: str) -> int:
    return 1 if words == "元" else number(words)


def _dated(match: re.Match[str], day: date | None) -> Token | None:
    return Token(match.start(), match.end(), day=Day((day,), numbered=True)) if day else None


def _in_year(words: str | None, today: date, occurrence: Callable[[int], date | None]) -> date | None:
    year = named_year(words, today)
    return coming(occurrence, today) if year is None else occurrence(year)


def _edge(first: date, edge: str) -> date:
    return first.replace(day=_EDGES.get(edge) or monthrange(first.year, first.month)[1])


_YEAR_BEGINS = "今明后12345"
DAYS = (
    Words(f"农阴旧老闰正腊冬大春过年初{_DIGITS}{NUMERALS}十", _LUNAR, _lunar),
    Words("".join({name[0] for name in festivals()}) + _YEAR_BEGINS, _FESTIVAL, _festival),
    Words(f"下这本第元{_DIGITS}{NUMERALS}十", _NTH_WEEKDAY, _nth_weekday),
    Words(f"今明后元{_DIGITS}{NUMERALS}十", _MONTH_DAY, _month_day),
    Words(f"月{_DIGITS}{NUMERALS}十", _MONTH_EDGE, _month_edge),
    Words("年", _YEAR_END, _year_end),
    Words(_DIGITS, _WRITTEN, _written),
    Words("下这本", _MONTH_AHEAD, _month_ahead),
    Words("下这本上周星礼", _WEEKDAY, _weekday),
    Words("ntmwfs", _ENGLISH, _english),
    Words("大后前今明昨听寻t", _RELATIVE, _relative),
    Words(f"{_DIGITS}{NUMERALS}十廿", _DAY_NUMBER, _day_number),
)
"""Every way to name a day, the ones that say most first."""
