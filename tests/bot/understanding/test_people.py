import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.people import Party, find_people

CASES = Path(__file__).parents[2] / "cases" / "quantity_cases.tsv"


def rows():
    with CASES.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["kind"] == "people"]


def parties(text, **how):
    return [span.party for span in find_people(text, **how)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_the_case_table(row):
    [party] = parties(row["text"])

    kids = 0 if row["kids"] == "-" else int(row["kids"])
    assert (party.n, party.kids, party.approx) == (int(row["n"]), kids, row["approx"] == "1")
    assert party.delta == ("delta" in row["note"])


@pytest.mark.parametrize(
    ("text", "n", "kids"),
    [
        ("我们8个人", 8, 0),
        ("订位 五位", 5, 0),
        ("１２人", 12, 0),
        ("兩個人", 2, 0),
        ("一行十五人", 15, 0),
        ("明天中午12点 10人", 10, 0),
        ("周三四个人", 4, 0),
        ("星期六六个人", 6, 0),
        ("12月3号4个人", 4, 0),
        ("3号桌6个人", 6, 0),
        ("二十号人", 20, 0),
        ("一百二十个人", 120, 0),
        ("仨人吃饭", 3, 0),
        ("我们俩想吃火锅", 2, 0),
        ("我俩，有位子吗", 2, 0),
        ("我们哥仨", 3, 0),
        ("一家三口", 3, 0),
        ("我们一家5口人", 5, 0),
        ("三口之家", 3, 0),
        ("两口子来吃饭", 2, 0),
        ("小两口过纪念日", 2, 0),
        ("夫妻俩", 2, 0),
        ("姐妹四个聚一聚", 4, 0),
        ("五大一小", 6, 1),
        ("2个大人3个小孩", 5, 3),
        ("俩大人一娃", 3, 1),
        ("两个大人带俩孩子", 4, 2),
        ("大人4个小孩2个", 6, 2),
        ("成人3儿童1", 4, 1),
        ("3大+2小", 5, 2),
        ("4大 1小", 5, 1),
        ("三个人带一个宝宝", 4, 1),
        ("八个人，其中两个小孩", 8, 2),
        ("10个人含3个孩子", 10, 3),
        ("6位，包括1个小朋友", 6, 1),
        ("六个人里面有两个小孩", 6, 2),
        ("7个人，5大2小", 7, 2),
        ("一共9个人，三个小孩", 9, 3),
        ("8个人两个小孩", 10, 2),
        ("五个人另外还有一个婴儿", 6, 1),
        ("6个人，有两个老人", 6, 0),
        ("四个大人两个老人一个小孩", 7, 1),
        ("一个两岁的宝宝和三个大人", 4, 1),
        ("我和两个朋友", 3, 0),
        ("我带俩娃", 3, 2),
        ("我跟我女朋友两个人", 2, 0),
        ("我和老公还有两个孩子", 4, 2),
        ("我和老婆孩子三个人", 3, 1),
        ("我和同事四个人", 4, 0),
        ("三男两女", 5, 0),
        ("一家四口加两个老人", 6, 0),
        ("就一个人，靠窗", 1, 0),
        ("只有我自己一个人", 1, 0),
        ("我们四个都不吃辣", 4, 0),
        ("咱俩晚上去吧", 2, 0),
        ("改成6个人", 6, 0),
        ("人数改成8", 8, 0),
        ("加到八个人", 8, 0),
        ("从4个人改成7个人", 7, 0),
        ("不是六个人，是八个人", 8, 0),
        ("五个人不对六个人", 6, 0),
        ("原来四个人现在五个人", 5, 0),
        ("订个六人桌", 6, 0),
        ("要个10人包间", 10, 0),
        ("六个人参加", 6, 0),
        ("6人行吗", 6, 0),
        ("两个人吃什么好", 2, 0),
        ("三个人够吃吗", 3, 0),
        ("6个人，人均100左右", 6, 0),
        ("有8个同学聚餐", 8, 0),
        ("四个人再加两个小孩", 6, 2),
        ("6个人少来一个", 5, 0),
        ("6个人，带两个小朋友", 8, 2),
        ("一共9个人，另外带3个小孩", 12, 3),
        ("两桌，每桌八个人", 16, 0),
        ("还有六人桌吗", 6, 0),
        ("两位，靠窗", 2, 0),
        ("我跟闺蜜两个", 2, 0),
        ("妈妈带俩娃", 3, 2),
        ("6个人，2个是小孩", 6, 2),
        ("哥儿四个", 4, 0),
        ("一个人带一个娃", 2, 1),
        ("两个人带两个小孩", 4, 2),
        ("六个人，三男三女", 6, 0),
        ("带爸妈和孩子一共五口人", 5, 0),
        ("夫妻带娃三口人", 3, 0),
        ("人数改一下 改成9个", 9, 0),
        ("用餐人数：3", 3, 0),
        ("我们这桌六个人才上了四双筷子", 6, 0),
        ("四个女生", 4, 0),
        ("6 people", 6, 0),
        ("2 adults 1 kid", 3, 1),
        ("table for 4", 4, 0),
        ("九 个 人", 9, 0),
        ("十 二 个 人 靠窗", 12, 0),
        ("7 位", 7, 0),
        ("3 个 大人 2 个 小孩", 5, 2),
        ("4 大 1 小", 5, 1),
        ("四桌 一桌十二个人", 48, 0),
        ("三桌每桌八位", 24, 0),
        ("一桌七个人", 7, 0),
        ("一桌 四口人", 4, 0),
        ("2+2个人", 4, 0),
        ("五+一位", 6, 0),
        ("廿二个人", 22, 0),
        ("卅人", 30, 0),
        ("拢共七口子", 7, 0),
        ("我们一家五口刚坐下", 5, 0),
        ("总共八口", 8, 0),
        ("咱家五口今晚过去", 5, 0),
        ("连我一共六个", 6, 0),
        ("加上我九个吃饭", 9, 0),
        ("算上我一共五个", 5, 0),
        ("for 3 tonight", 3, 0),
        ("booking for 5, saturday", 5, 0),
        ("三十个孩子", 30, 30),
        ("3 kids", 3, 3),
        ("人数改一下 变成九位", 9, 0),
    ],
)
def test_exact_counts(text, n, kids):
    assert parties(text) == [Party(n, kids)]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("6-8人", 6),
        ("6到8个人", 6),
        ("六七个人", 6),
        ("五、六个人", 5),
        ("两三个人", 2),
        ("三四十个人", 30),
        ("10人左右", 10),
        ("大概十二个人", 12),
        ("差不多8位", 8),
        ("可能五个人吧", 5),
        ("10来个人", 10),
        ("30多号人", 30),
        ("十五六个人", 15),
        ("至少6个人", 6),
        ("最多十人", 10),
        ("二十人以上", 20),
        ("一桌人", 10),
        ("两桌", 20),
        ("订三桌", 30),
        ("几十个人", 20),
        ("我们大概四五个", 4),
        ("我们一行人大概二十五个", 25),
        ("三两个朋友小聚", 2),
        ("谢师宴三桌左右", 30),
        ("有没有十人以上的大包间", 10),
    ],
)
def test_about_so_many_is_the_lower_bound(text, n):
    assert parties(text) == [Party(n, approx=True)]


def test_children_without_a_number_are_one_at_least():
    assert parties("我一个人带孩子") == [Party(2, 1, approx=True)]
    assert parties("带孩子去") == []


@pytest.mark.parametrize(
    ("text", "n", "kids"),
    [
        ("再加两个人", 2, 0),
        ("多了三个人", 3, 0),
        ("加一位", 1, 0),
        ("人数增加3人", 3, 0),
        ("还要加2个小孩", 2, 2),
        ("再加个人", 1, 0),
        ("多一个朋友", 1, 0),
        ("增加两个人", 2, 0),
        ("少一个人", -1, 0),
        ("少来一个人", -1, 0),
        ("减两位", -2, 0),
        ("有两个人来不了", -2, 0),
        ("一个人临时不来了", -1, 0),
        ("少了一个小孩", -1, -1),
        ("有两个来不了了", -2, 0),
        ("我们有一个临时有事不来了", -1, 0),
    ],
)
def test_changes_are_relative_to_the_number_before(text, n, kids):
    assert parties(text) == [Party(n, kids, delta=True)]


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("6", Party(6)),
        ("６个", Party(6)),
        ("六个", Party(6)),
        ("就俩", Party(2)),
        ("四个吧", Party(4)),
        ("大概七八个", Party(7, approx=True)),
        ("十来个", Party(10, approx=True)),
        ("就我", Party(1)),
        ("就我自己", Party(1)),
        ("我和老婆", Party(2)),
        ("我和老婆带孩子", Party(3, 1)),
        ("我跟爸妈", Party(3)),
        ("明晚，5", Party(5)),
        ("6个 要包间", Party(6)),
        ("改成7个", Party(7)),
        ("两桌", Party(20, approx=True)),
        ("再加两个", Party(2, delta=True)),
        ("少一个", Party(-1, delta=True)),
        ("我妈我爸加我", Party(3)),
        ("爸妈和我还有孩子", Party(4, 1)),
        ("连我六个", Party(6)),
        ("加我一共八个", Party(8)),
        ("2+1", Party(3)),
    ],
)
def test_the_answer_to_how_many_may_be_bare(text, party):
    assert parties(text, expected=True) == [party]


@pytest.mark.parametrize("text", ["6", "六个", "就俩", "就我", "我和老婆", "再加两个", "改成7个", "少一个"])
def test_unasked_a_bare_number_counts_no_guests(text):
    assert parties(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "两个人套餐",
        "双人套餐来一份",
        "四人餐多少钱",
        "三人份的火锅",
        "每人一份例汤",
        "一人一碗米饭",
        "一个人一份",
        "3号桌加水",
        "3桌买单",
        "人均50",
        "一个人都没有",
        "没有一个人理我",
        "服务员两个人都不理我",
        "两个包子",
        "给我俩馒头",
        "一个人多少钱",
        "一位怎么收费",
        "每位68",
        "多少人",
        "几个人能用包间",
        "第三位",
        "手机尾号4位",
        "前面还有8个人吗",
        "前面还有几位",
        "我们两个菜还没上",
        "我们一个小时后到",
        "两个儿童椅",
        "来两份儿童餐",
        "两大份酸菜鱼",
        "一大家子",
        "三人同行一人免单",
        "二十号人多吗",
        "两个朋友推荐的",
        "我一个朋友说好吃",
        "吃两口就饱了",
        "我们要两个包间",
        "隔壁桌三个人太吵",
        "13800138000",
        "4位数的验证码",
        "再来两个",
        "加一个蛋",
        "小孩3岁能吃吗",
        "还有两个人没到",
        "叫个人来收拾一下",
        "差不多个把小时",
        "三人团还差一个",
        "一份人参鸡汤",
        "两人份酸菜鱼",
        "你们三个人都不会算账",
        "来一桌好菜",
        "还要接待一位很重要的客人",
        "100-150元一个人的餐馆",
        "一个人100-150元能吃下来",
        "一家人陪奶奶散步",
        "请一位朋友吃饭",
        "少了两个人的碗筷",
        "每桌八个人吗",
        "喊下一位",
        "上一位",
        "算我一个",
        "验证码发我一个",
        "地址给我一个",
        "一个人可以抽几次",
        "一个人能领几张券",
        "什么价一位",
        "尝了一口",
        "一共两口锅",
        "一个都来不了",
        "两个菜来不了",
        "今晚7 人多吗",
        "8 位数密码",
        "for 2 hours",
        "买1+1套餐",
    ],
)
def test_other_numbers_are_no_guests(text):
    assert parties(text) == []


@pytest.mark.parametrize("text", ["4大2小", "四个人", "８位"])
def test_what_is_taken_is_not_read(text):
    assert parties(f"{text}来", taken=[(0, len(text))]) == []


def test_children_named_behind_a_time_are_of_the_party():
    text = "订六个人的位子，七点，有两个小孩"

    [span] = find_people(text, taken=[(8, 10)])

    assert (text[span.start : span.end], span.party) == ("六个人", Party(6, 2))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("明晚七点半六个人吃饭", "六个人"),
        ("我和老婆两个人带一个娃去", "我和老婆两个人带一个娃"),
        ("明晚　４大２小　七点", "４大２小"),
        ("\u200b我们兩個人👌", "兩個人"),
        ("取好 四个人", "四个人"),
        ("附近 五个人", "五个人"),
        ("人数改一下 变成九位", "九位"),
        ("明天 六 個 人 来", "六 個 人"),
    ],
)
def test_spans_are_offsets_of_what_was_written(text, words):
    [span] = find_people(text)

    assert text[span.start : span.end] == words


def test_the_value_is_plain_json():
    assert json.loads(json.dumps(Party(6, 2, approx=True).to_json())) == {"n": 6, "kids": 2, "approx": True, "delta": False}


@pytest.mark.parametrize("text", ["一二三十百" * 400, "1" * 2000, "我和老婆" * 500, "我们一共大概有是" * 250])
def test_long_rows_of_number_words_count_nobody(text):
    assert parties(text) == []


@given(
    st.text(
        alphabet="一二两三十百半俩仨0123456789６个人位名大小孩娃我们和带老婆其中含再加少桌不是改成,，。 \x00\u200b-来多几左右", max_size=30
    ),
    st.booleans(),
)
def test_any_text_gives_parties_inside_it_that_do_not_overlap(text, expected):
    spans = find_people(text, expected=expected)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(text[span.start : span.end].strip(" ") == text[span.start : span.end] for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(span.party.n > 0 and 0 <= span.party.kids <= span.party.n for span in spans if not span.party.delta)
    assert spans == find_people(text, expected=expected)
