"""Dates and times as diners write them: the case table in tests/cases, and others written before the reader was ever run on them."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.resolvers.times import Moment, find_times
from domain.shop.hours import week_of

CASES = Path(__file__).parents[2] / "cases" / "time_cases.tsv"
SHANGHAI = ZoneInfo("Asia/Shanghai")

HOURS = {
    "typical": None,
    "breakfast": week_of(["06:30-10:00"]),
    "all day": week_of(["06:30-22:00"]),
    "lunch and dinner": week_of(["11:00-14:00", "17:00-21:00"]),
    "bar": week_of(["17:00-02:00"]),
    "never closed": week_of([]),
    "closed on Mondays": week_of(["tue-sun 11:00-21:00"]),
}
NOWS = {
    "WED": "2026-11-18T14:20",
    "THU early": "2026-11-19T00:30",
    "FRI late": "2026-11-20T23:50",
    "SAT": "2026-11-21T12:40",
    "SUN": "2026-11-22T10:00",
    "MON": "2026-11-23T07:10",
    "last minutes of 2026": "2026-12-31T23:50",
    "new year's week": "2027-02-03T11:00",
    "before leap day": "2028-02-28T12:00",
    "month end": "2027-01-31T18:00",
}

# One line a case: now | hours | text | what is meant, several with ";" between: date, time or part, ~ about, +-minutes from the booking.
OWN = """
WED | typical | 明天傍晚六点 | 2026-11-19 18:00
WED | typical | 后天午饭四个人 | 2026-11-20 noon
WED | typical | 礼拜六晚七点二十 | 2026-11-21 19:20
WED | typical | 星期天下午茶时间两点半 | 2026-11-22 14:30
WED | typical | 这礼拜五 | 2026-11-20
WED | typical | 本周四晚上 | 2026-11-19 evening
WED | typical | 下下个星期一 | 2026-11-30
WED | typical | 大大后天中午 | 2026-11-22 noon
WED | typical | 今儿晚上八点来钟 | ~2026-11-18 20:00
WED | typical | 明儿个晌午 | 2026-11-19 noon
WED | typical | 后儿早上 | 2026-11-20 morning
WED | typical | 十二月二十四号晚上七八点 | ~2026-12-24 19:00
WED | typical | 2027年1月3日18时30分 | 2027-01-03 18:30
WED | typical | 2027-2-14 晚6:30 | 2027-02-14 18:30
WED | typical | 12-26中午 | 2026-12-26 noon
WED | typical | 12.3晚六点半 | 2026-12-03 18:30
WED | typical | 下月15号 | 2026-12-15
WED | typical | 下个月五号下午三点一刻 | 2026-12-05 15:15
WED | typical | 本月28日 | 2026-11-28
WED | typical | 这个月底 | ~2026-11-30
WED | typical | 大年三十晚上六点 | 2027-02-05 18:00
WED | typical | 正月初五中午 | 2027-02-10 noon
WED | typical | 正月十五晚上 | 2027-02-20 evening
WED | typical | 腊月二十三 | 2027-01-30
WED | typical | 农历五月初五 | 2027-06-09
WED | typical | 端午节中午十一点半 | 2027-06-09 11:30
WED | typical | 明年七夕晚上 | 2027-08-08 evening
WED | typical | 重阳那天 | 2027-10-08
WED | typical | 腊八 | 2027-01-15
WED | typical | 情人节晚上七点 | 2027-02-14 19:00
WED | typical | 母亲节中午 | 2027-05-09 noon
WED | typical | 父亲节 | 2027-06-20
WED | typical | 感恩节晚上 | 2026-11-26 evening
WED | typical | 国庆那天晚上 | 2027-10-01 evening
WED | typical | 十一放假那天中午 | 2027-10-01 noon
WED | typical | 跨年晚上九点 | 2026-12-31 21:00
WED | typical | 双十二 | 2026-12-12
WED | typical | 女神节 | 2027-03-08
WED | typical | 清明节中午 | 2027-04-05 noon
WED | typical | 冬至晚上 | 2026-12-22 evening
WED | typical | 四十分钟后到 | 2026-11-18 15:00
WED | typical | 再过一刻钟就到了 | 2026-11-18 14:35
WED | typical | 两个钟头以后 | 2026-11-18 16:20
WED | typical | 过两天 | ~2026-11-20
WED | typical | 一周后的晚上 | 2026-11-25 evening
WED | typical | 一个月后 | 2026-12-18
WED | typical | 往后推半个钟头 | +30
WED | typical | 想提前一个半小时 | -90
WED | typical | 我们路上堵车可能晚到二十分钟 | +20
WED | typical | 晚个十来分钟 | ~+10
WED | typical | 能不能延后1小时20分钟 | +80
WED | typical | 往前提四十五分钟 | -45
WED | typical | 推迟到晚上八点 | 2026-11-18 20:00
WED | typical | 预订推迟两天 | +2880
WED | typical | 从周五改到周六 | 2026-11-21
WED | typical | 把明晚七点的改成八点 | 2026-11-19 20:00
WED | typical | 不是七点,是七点半 | 2026-11-18 19:30
WED | typical | 周四不行，周五晚上吧 | 2026-11-20 evening
WED | typical | 不要周六了换成周日中午 | 2026-11-22 noon
WED | typical | 20：15 | 2026-11-18 20:15
WED | typical | ７點半 | 2026-11-18 19:30
WED | typical | 禮拜六中午十二點 | 2026-11-21 12:00
WED | typical | 明天差一刻七点 | 2026-11-19 18:45
WED | typical | 晚上七点零五分 | 2026-11-18 19:05
WED | typical | 今晚7 | 2026-11-18 19:00
WED | typical | 周六晚8 六位 | 2026-11-21 20:00
WED | typical | 那个我想订一下就是这周六晚上大概七点钟吧我们八个人 | ~2026-11-21 19:00
WED | typical | 明天我们五个人大约六点半到 | ~2026-11-19 18:30; ~2026-11-19 18:30
WED | typical | 帮我约12月12号周六晚上七点 | 2026-12-12 19:00
WED | typical | 六点到八点之间 | ~2026-11-18 18:00
WED | typical | 明天一点 | 2026-11-19 13:00
WED | typical | 七点三十五个人 | 2026-11-18 19:30
WED | typical | 七点20个人 | 2026-11-18 19:00
WED | typical | 昨晚 | 2026-11-17 evening
WED | typical | tomorrow 7pm | 2026-11-19 19:00
WED | breakfast | 七点 | 2026-11-19 07:00
WED | breakfast | 明天八点半 | 2026-11-19 08:30
WED | breakfast | 周六九点左右 | ~2026-11-21 09:00
WED | lunch and dinner | 一点半 | 2026-11-19 13:30
WED | lunch and dinner | 明天五点 | 2026-11-19 17:00
WED | lunch and dinner | 周四十一点半 | 2026-11-19 11:30
WED | bar | 今晚一点 | 2026-11-19 01:00
WED | bar | 周五晚上十二点 | 2026-11-21 00:00
WED | bar | 九点 | 2026-11-18 21:00
WED | bar | 明天凌晨一点 | 2026-11-19 01:00
WED | closed on Mondays | 周二六点 | 2026-11-24 18:00
FRI late | bar | 一点 | 2026-11-21 01:00
FRI late | bar | 半夜一点半 | 2026-11-21 01:30
FRI late | bar | 十二点半 | 2026-11-21 00:30
FRI late | typical | 七点 | 2026-11-21 19:00
FRI late | typical | 晚上 | 2026-11-21 evening
FRI late | typical | 半小时后 | 2026-11-21 00:20
FRI late | breakfast | 明早七点 | 2026-11-21 07:00
FRI late | never closed | 20分钟后到 | 2026-11-21 00:10
THU early | bar | 今晚八点 | 2026-11-19 20:00
THU early | bar | 一点半 | 2026-11-19 01:30
THU early | typical | 明天中午 | 2026-11-20 noon
SAT | typical | 周末晚上 | 2026-11-21 evening
SAT | typical | 下周末 | 2026-11-28
SAT | typical | 这周六晚上六点 | 2026-11-21 18:00
SUN | typical | 下周六 | 2026-11-28
SUN | typical | 这周日中午 | 2026-11-22 noon
SUN | typical | 周末中午 | 2026-11-22 noon
SUN | typical | 周一 | 2026-11-23
MON | all day | 八点 | 2026-11-23 08:00
MON | breakfast | 七点 | 2026-11-24 07:00
MON | typical | 周日 | 2026-11-29
MON | never closed | 中午12点 | 2026-11-23 12:00
last minutes of 2026 | typical | 明天 | 2027-01-01
last minutes of 2026 | typical | 元旦中午 | 2027-01-01 noon
last minutes of 2026 | typical | 20分钟后 | 2027-01-01 00:10
last minutes of 2026 | typical | 3号晚上七点 | 2027-01-03 19:00
last minutes of 2026 | typical | 12月31号 | 2026-12-31
last minutes of 2026 | typical | 圣诞节 | 2027-12-25
last minutes of 2026 | typical | 下个月1号 | 2027-01-01
new year's week | typical | 除夕中午 | 2027-02-05 noon
new year's week | typical | 初三晚上 | 2027-02-08 evening
new year's week | typical | 元宵节 | 2027-02-20
before leap day | typical | 明天 | 2028-02-29
before leap day | typical | 2月29号晚上 | 2028-02-29 evening
before leap day | typical | 后天六点 | 2028-03-01 18:00
WED | typical | 2月29号 | 2028-02-29
month end | typical | 30号 | 2027-03-30
month end | typical | 31号晚上 | 2027-01-31 evening
month end | typical | 月底 | ~2027-01-31
WED | typical | 5号包间还空着吗 |
WED | typical | 取餐号28号好了吗 |
WED | typical | 牛排五分熟，薯条多一点 |
WED | typical | 来一点醋 |
WED | typical | 服务五星好评 |
WED | typical | 我手机号13912345678 |
WED | typical | 一共58.50元对吗 |
WED | typical | 有两点建议 |
WED | typical | 三个人两份米饭 |
WED | typical | 等了半小时了还没上菜 |
WED | typical | 菜晚了二十分钟 |
WED | typical | 中秋快乐 |
WED | typical | 早上好 |
WED | typical | 五一路店在哪 |
WED | typical | 每周三有什么活动 |
WED | typical | 十一个人 |
WED | typical | 要个两点水的煮法 |
WED | typical | 下午茶套餐多少钱 |
WED | typical | 快点上菜 |
WED | typical | 早点晚点都行 |
WED | typical | 打八点五折 |
WED | typical | 1/2份有吗 |
WED | typical | 一周三次会不会太多 |
WED | typical | 我想订这个星期天晚上的位置大概八点多我们十二个人 | ~2026-11-22 20:00; ~2026-11-22 20:00
WED | typical | 请问周六中午12点还有四人桌吗 | 2026-11-21 12:00
WED | typical | 周六周日都行 | 2026-11-21; 2026-11-22
WED | typical | 麻烦订下周五 晚 7 点 | 2026-11-27 19:00
WED | typical | 时间改为后天下午五点半 | 2026-11-20 17:30
WED | typical | 七点来不了，八点可以吗 | 2026-11-18 20:00
WED | typical | 明天不行的话后天也可以 | 2026-11-20
WED | typical | 晚上七点半到九点半 | 2026-11-18 19:30
WED | typical | 18:00-20:00 | 2026-11-18 18:00
WED | typical | 下午两三点过来 | ~2026-11-19 14:00
WED | typical | 下午四五点过来 | ~2026-11-18 16:00
WED | typical | 12月24日平安夜晚上七点两位 | 2026-12-24 19:00
WED | typical | 除夕年夜饭几点开始 | 2027-02-05
WED | typical | 大年初一有营业吗 | 2027-02-06
WED | typical | 国庆10月3号中午 | 2027-10-03 noon
WED | typical | 11月28号周六 | 2026-11-28
WED | typical | 下周一到下周三 | 2026-11-23; 2026-11-25
WED | typical | 晚餐六点半 两大一小 | 2026-11-18 18:30
WED | typical | 订今晚六点四十五 | 2026-11-18 18:45
WED | typical | 今天晚上七点二十五分到店 | 2026-11-18 19:25
WED | typical | 早上十点半开门就来 | 2026-11-19 10:30
WED | typical | 上午11点 | 2026-11-19 11:00
WED | typical | 明晚19点 | 2026-11-19 19:00
WED | typical | 晚上6:00 | 2026-11-18 18:00
WED | typical | 十八号 | 2026-11-18
WED | typical | 十七号 | 2026-12-17
WED | typical | 二十五号圣诞 | 2026-12-25
WED | typical | 下下个月三号 | 2027-01-03
WED | typical | 12月中旬 | ~2026-12-15
WED | typical | 年底 | ~2026-12-31
WED | typical | 半个月后 | 2026-12-03
WED | typical | 大概还有20分钟到 | ~2026-11-18 14:40
WED | typical | 一个钟后到 | 2026-11-18 15:20
WED | typical | 再等二十分钟就到店了 | 2026-11-18 14:40
WED | typical | 1.5小时后 | 2026-11-18 15:50
WED | typical | 把预订往后挪一个小时 | +60
WED | typical | 晚半小时到可以吗 | +30
WED | typical | 早半个小时行不行 | -30
WED | typical | 提前到六点 | 2026-11-18 18:00
WED | typical | 延后十五分钟 | +15
WED | typical | 推迟个把小时 | ~+60
WED | typical | 改到下周同一时间 | 2026-11-23
WED | typical | 听晚七点 | 2026-11-19 19:00
WED | typical | 明早八点半取餐 | 2026-11-19 08:30
WED | typical | 12點半 | 2026-11-19 12:30
WED | typical | 後天晚上八點 | 2026-11-20 20:00
WED | typical | 週六 晚上 6 點 半 | 2026-11-21 18:30
WED | typical | 明晚⑦点 | 2026-11-19 19:00
WED | typical | 明天 中午 ， 十二点 | 2026-11-19 12:00
WED | bar | 凌晨一点还有位吗 | 2026-11-19 01:00
WED | bar | 今晚十二点半 | 2026-11-19 00:30
WED | bar | 周六一点 | 2026-11-22 01:00
WED | all day | 明天七点半早餐 | 2026-11-19 07:30
WED | breakfast | 后天六点半 | 2026-11-20 06:30
WED | lunch and dinner | 12点 | 2026-11-19 12:00
WED | lunch and dinner | 六点 | 2026-11-18 18:00
FRI late | typical | 明天晚上 | 2026-11-21 evening
FRI late | typical | 今晚 | 2026-11-20 evening
FRI late | typical | 周五晚上七点 | 2026-11-27 19:00
FRI late | typical | 周末中午 | 2026-11-21 noon
FRI late | bar | 再过十分钟到 | 2026-11-21 00:00
THU early | bar | 今晚一点 | 2026-11-19 01:00
THU early | typical | 周四中午 | 2026-11-19 noon
SUN | typical | 这周六 | 2026-11-28
SUN | typical | 礼拜天晚上六点 | 2026-11-22 18:00
SUN | typical | 下周日 | 2026-11-29
MON | typical | 早上 | 2026-11-23 morning
last minutes of 2026 | typical | 除夕 | 2027-02-05
last minutes of 2026 | typical | 新年第一天中午 | 2027-01-01 noon; 2027-01-01 noon
last minutes of 2026 | typical | 后天晚上六点 | 2027-01-02 18:00
before leap day | typical | 下个月底 | ~2028-03-31
before leap day | typical | 一年后 |
month end | typical | 明晚六点 | 2027-02-01 18:00
month end | typical | 下个月1号 | 2027-02-01
WED | typical | 来两斤小龙虾三瓶啤酒 |
WED | typical | 三分钟热度 |
WED | typical | 你们晚点会有活动吗 |
WED | typical | 上菜太慢了等了快一个小时 |
WED | typical | 我要一号套餐和六号套餐 |
WED | typical | 8号技师在吗 |
WED | typical | A12号桌加一份米饭 |
WED | typical | 现在叫到多少号了 |
WED | typical | 前面还有3桌 |
WED | typical | 有没有1.5升的可乐 |
WED | typical | 少点辣多点葱 |
WED | typical | 一会儿过来 |
WED | typical | 七夕套餐还有吗 |
WED | typical | 要三成熟 |
WED | typical | 给五颗星 |
WED | typical | 我生日是8月15日 |
WED | typical | 小明晚点到 |
WED | typical | 双人餐打七点五折吗 |
WED | typical | 便宜一点吧 |
WED | typical | 晚上好 |
WED | typical | 春节快乐 |
WED | typical | 过年好呀 |
WED | typical | 我女儿读初三 |
WED | typical | 以后天天来 |
WED | typical | 时间差不多了 |
WED | typical | 一共三百二十五点五元 |
WED | typical | 中秋那天一家八口想来吃 | 2027-09-15
WED | typical | 下个月第一个周六下午两点 | 2026-12-05 14:00
WED | typical | 元月二号中午 | 2027-01-02 noon
WED | typical | next friday 7pm | 2026-11-27 19:00
WED | typical | this sat 晚上六点 | 2026-11-21 18:00
WED | typical | A12点完了 下单 |
WED | typical | 生日填错了 应该是农历三月初六 |
WED | typical | 生日宴订8月15日中午 | 2027-08-15 noon
WED | typical | 下周三或周四 | 2026-11-25
WED | typical | 下周六到周日 | 2026-11-28; 2026-11-29
WED | typical | 10月1号到3号 | 2027-10-01; 2027-10-03
WED | typical | 12 月 3 号晚上 7 点 | 2026-12-03 19:00
WED | typical | 2月30号 |
WED | typical | 每月5号有什么活动 |
WED | typical | 29年4月2号 | 2029-04-02
WED | typical | 27年中秋晚上 | 2027-09-15 evening
WED | typical | 我们开了30年的老店 |
WED | typical | 跨年夜十点 | 2026-12-31 22:00
WED | typical | 大年夜 | 2027-02-05 evening
WED | typical | 后天吃晚饭 | 2026-11-20 evening
WED | typical | 周六过来吃个早餐 | 2026-11-21 morning
WED | typical | 明天我们五个人去吃午饭 | 2026-11-19 noon; 2026-11-19 noon
WED | typical | 明天有券吗？想吃晚餐 | 2026-11-19
WED | typical | 中秋第二天中午 | 2027-09-16 noon
WED | typical | 除夕前一天 | 2027-02-04
WED | typical | 圣诞前夕 | 2026-12-24
WED | typical | 来五点...算了 来份凉皮 |
WED | typical | 要六点…不对，来份炒饭 |
WED | typical | 点四点，谢谢 |
WED | typical | 我们要六点的 | 2026-11-18 18:00
WED | typical | 五点来，六个人 | 2026-11-18 17:00
WED | typical | 国庆5号晚上 | 2027-10-05 evening
WED | typical | 五一2号中午 | 2027-05-02 noon
WED | typical | 十一4号 | 2027-10-04
WED | typical | 圣诞24号 | 2026-12-24
WED | typical | 国庆20号 | 2026-11-20
WED | typical | 五一6号包间 | 2027-05-01
WED | typical | 过年那几天 初四中午有空吗 | 2027-02-09 noon
WED | typical | 新年里初三 | 2027-02-08
WED | typical | 春节初五还是初六 | 2027-02-10
WED | typical | 我们一家想情人节过来吃饭 | 2027-02-14
WED | typical | 元宵我们全家过来聚 | 2027-02-20
WED | typical | 元宵订一份 |
WED | typical | 请叫下一号 |
WED | typical | saturday night 7:30 | 2026-11-21 19:30
WED | typical | a table this weekend please | 2026-11-21
WED | typical | sunday at 6 for two | 2026-11-22 18:00
WED | typical | look at 3 dishes |
"""


def shown(moment: Moment) -> str:
    """A moment as the table writes it."""
    if moment.delta_minutes is not None:
        words = f"{moment.delta_minutes:+d}"
    else:
        words = " ".join(str(item) for item in (moment.date, moment.time and f"{moment.time:%H:%M}", moment.part) if item)
    return "~" * moment.approx + words


def own_cases():
    for line in OWN.strip().splitlines():
        yield pytest.param(*(cell.strip() for cell in line.split("|")), id=line)


def table():
    with CASES.open(encoding="utf-8", newline="") as lines:
        next(lines)
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@pytest.mark.parametrize("row", list(table()), ids=lambda row: row["id"])
def test_the_case_table(row):
    found = find_times(row["text"], now=datetime(2026, 11, 18, 14, 20, tzinfo=SHANGHAI))

    gold = [row[name] if row[name] != "-" else None for name in ("date", "time", "part")]
    if gold == [None] * 3:
        assert found == []
    else:
        [span] = found
        said = span.moment.to_json()
        assert [said["date"], said["time"], said["part"]] == gold
        assert said["approx"] is (row["approx"] == "1")


@pytest.mark.parametrize(("now", "hours", "text", "meant"), list(own_cases()))
def test_other_words_hours_and_days(now, hours, text, meant):
    found = find_times(text, now=datetime.fromisoformat(NOWS[now]).replace(tzinfo=SHANGHAI), hours=HOURS[hours])

    assert "; ".join(shown(span.moment) for span in found) == meant
