import json
import random
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from bot.understanding.resolvers.sounds import spellings


def found(menu, text):
    return [(span.words, span.dish_ids, span.exact) for span in menu.find(text)]


@pytest.mark.parametrize("text", ["红烧肉", "紅燒肉", "红 烧 肉", "来一份红烧肉吧", "秘制红烧肉"])
def test_names_and_aliases_as_they_stand(menu, text):
    [(_, ids, exact)] = found(menu, text)

    assert (ids, exact) == (("hs",), True)


def test_latin_names_are_whole_words_in_any_case_and_width(menu):
    assert [ids for _, ids, _ in found(menu, "ＣＯＫＥ x2")] == [("kl",)]
    assert [ids for _, ids, _ in found(menu, "cokex2")] == [("kl",)]
    assert found(menu, "cokery") == []


def test_the_longest_name_wins():
    menu = MenuIndex([MenuEntry("a", "牛肉面"), MenuEntry("b", "红烧牛肉"), MenuEntry("c", "红烧牛肉面")])

    assert [ids for _, ids, _ in found(menu, "红烧牛肉面")] == [("c",)]


def test_two_dishes_beside_each_other_are_not_the_one_that_is_called_like_both():
    menu = MenuIndex([MenuEntry("a", "可乐"), MenuEntry("b", "鸡翅"), MenuEntry("c", "可乐鸡翅")])

    assert [ids for _, ids, _ in found(menu, "可乐 鸡翅")] == [("a",), ("b",)]
    assert [ids for _, ids, _ in found(menu, "可乐鸡翅")] == [("c",)]


@pytest.mark.parametrize(("text", "ids"), [("排骨", ("tp", "zp")), ("啤酒", ("qd", "xh")), ("三扎啤酒", ("qd", "xh")), ("份虾仁", ("lw",))])
def test_the_end_of_names_is_a_family_and_a_question(menu, text, ids):
    [(_, choices, exact)] = found(menu, text)

    assert (choices, exact) == (ids, False)


def test_a_name_that_two_dishes_share_is_a_question_too():
    menu = MenuIndex([MenuEntry("a", "大杯可乐", ("可乐",)), MenuEntry("b", "小杯可乐", ("可乐",))])

    assert found(menu, "可乐") == [("可乐", ("a", "b"), True)]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("红烧弱", "hs"),
        ("宫爆鸡丁", "gb"),
        ("宫包鸡丁", "gb"),
        ("鱼香肉思", "yx"),
        ("渔香肉丝", "yx"),
        ("鱼香丝肉", "yx"),
        ("麻婆豆豆腐", "mp"),
        ("麻豆腐", "mp"),
        ("清炒芦损虾仁", "lw"),
    ],
)
def test_one_slip_of_the_pen_is_a_guess(menu, text, id_):
    [(words, ids, exact)] = found(menu, f"来一份{text}吧")

    assert (words, ids, exact) == (text, (id_,), False)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("公宝鸡丁", "gb"),
        ("供饱机丁", "gb"),
        ("宫宝鸡盯", "gb"),
        ("红骚肉", "hs"),
        ("红烧柔", "hs"),
        ("三贝鸡", "sb"),
        ("糖醋里几", "tc"),
        ("汤醋里脊", "tc"),
        ("粉真排骨", "zp"),
        ("麻婆豆", "mp"),
        ("丝袜来茶", "nc"),
        ("红 烧-弱", "hs"),
    ],
)
def test_names_by_their_sound_are_a_guess(menu, text, id_):
    assert found(menu, f"来一份{text}吧") == [(text, (id_,), False)]


@pytest.mark.parametrize(
    ("text", "words", "id_"),
    [
        ("hongshaorou", "hongshaorou", "hs"),
        ("来一份 Hong Shao Rou 谢谢", "Hong Shao Rou", "hs"),
        ("gongbao鸡丁两份", "gongbao鸡丁", "gb"),
        ("红烧rou", "红烧rou", "hs"),
        ("mapo doufu,谢谢", "mapo doufu", "mp"),
        ("yvxiangrousi", "yvxiangrousi", "yx"),
        ("congqingxiaomian", "congqingxiaomian", "xm"),
        ("gongbaojidin", "gongbaojidin", "gb"),
        ("gongbaojidong", "gongbaojidong", "gb"),
        ("xuebi两瓶", "xuebi", "xb"),
    ],
)
def test_typed_pinyin_is_a_guess(menu, text, words, id_):
    assert found(menu, text) == [(words, (id_,), False)]


@pytest.mark.parametrize("text", ["hsr", "hong", "can i have a menu", "where is the toilet", "wifi mima", "gongbaojidingyusi"])
def test_other_latin_words_are_left_alone(menu, text):
    assert found(menu, text) == []


@pytest.mark.parametrize(("text", "id_"), [("两瓶雪必", "xb"), ("米范三碗", "mf"), ("来份米贩", "mf")])
def test_two_characters_are_heard_beside_a_number(menu, text, id_):
    [(_, ids, exact)] = found(menu, text)

    assert (ids, exact) == ((id_,), False)


@pytest.mark.parametrize("text", ["雪必", "我要雪必的", "喜欢看范本", "等了两个小时", "三位老师"])
def test_two_characters_elsewhere_are_no_dish(menu, text):
    assert found(menu, text) == []


def test_several_in_one_breath(menu):
    assert found(menu, "公宝鸡丁鱼香肉思各一份") == [("公宝鸡丁", ("gb",), False), ("鱼香肉思", ("yx",), False)]
    assert found(menu, "红烧肉,公宝鸡丁,红烧弱") == [("红烧肉", ("hs",), True), ("公宝鸡丁", ("gb",), False), ("红烧弱", ("hs",), False)]


def test_a_longer_name_is_heard_beside_other_words(menu):
    assert found(menu, "你家公宝鸡丁辣不辣") == [("公宝鸡丁", ("gb",), False)]


def test_a_name_inside_one_with_a_slip_makes_room_for_it():
    menu = MenuIndex([MenuEntry("gb", "宫保鸡丁", ("鸡丁", "宫保鸡"))])

    assert found(menu, "来一份宫保保鸡丁") == [("宫保保鸡丁", ("gb",), False)]
    assert found(menu, "公宝鸡丁两份") == [("公宝鸡丁", ("gb",), False)]


def test_pieces_of_one_dish_that_touch_are_one_portion():
    menu = MenuIndex([MenuEntry("nh", "干炒牛河", ("牛河",)), MenuEntry("cf", "扬州炒饭")])

    assert found(menu, "干炒炒牛河x2") == [("干炒炒牛河", ("nh",), False)]
    assert found(menu, "牛河牛河") == [("牛河", ("nh",), True)] * 2


def test_names_that_sound_equally_near_are_a_question():
    menu = MenuIndex([MenuEntry("a", "酸辣汤"), MenuEntry("b", "酸梅汤")])

    [(_, ids, exact)] = found(menu, "来一份酸汤")
    assert (set(ids), exact) == ({"a", "b"}, False)


def test_a_name_as_it_stands_wins_over_one_that_sounds_the_same():
    menu = MenuIndex([MenuEntry("a", "清蒸鲈鱼"), MenuEntry("b", "清蒸卤鱼")])

    assert found(menu, "清蒸卤鱼") == [("清蒸卤鱼", ("b",), True)]


def test_names_are_heard_within_a_sentence_only(menu):
    assert found(menu, "公宝,鸡盯") == []
    assert found(menu, "公宝 鸡盯") == [("公宝 鸡盯", ("gb",), False)]


@pytest.mark.parametrize("text", ["羊肉三串", "羊肉和串"])
def test_a_number_or_another_word_is_no_slip(text):
    menu = MenuIndex([MenuEntry("a", "羊肉串")])

    assert all(words == "羊肉" for words, _, _ in found(menu, text))


def test_a_wish_does_not_hide_the_end_of_a_name():
    menu = MenuIndex([MenuEntry("a", "老鸭汤")])

    assert found(menu, "老压汤不要香菜") == [("老压汤", ("a",), False)]


@pytest.mark.parametrize("text", ["红烧鱼", "红烧牛肉", "三黄鸡", "鱼香茄子", "酸菜鱼粉", "雪碧鸡翅", "烤鸡翅店", "虾仁炒饭", "小米手机"])
def test_other_dishes_and_other_words_are_left_alone(menu, text):
    assert found(menu, f"来一份{text}") == []


def test_a_guess_needs_words_that_stand_alone(menu):
    assert found(menu, "隔壁老王鱼香肉思考题") == []


def test_a_dish_sold_under_a_shorter_name_is_a_guess(menu):
    assert found(menu, "麻辣小面") == [("麻辣小面", ("xm",), False)] or found(menu, "酸辣小面") == [("酸辣小面", ("xm",), False)]


def test_spans_are_offsets_of_what_was_written(menu):
    text = "来２份　紅燒肉👌"
    [span] = menu.find(text)

    assert text[span.start : span.end] == span.words == "紅燒肉"


def test_an_empty_menu_finds_nothing():
    assert MenuIndex([]).find("来一份红烧肉") == []


# The menu of a house of another cuisine. Names only: the aliases of a name stand behind it.
ELSEWHERE = """
    羊肉泡馍/泡馍 葫芦鸡 油泼扯面/扯面 岐山臊子面/臊子面 手抓羊肉/手抓肉 大盘鸡/新疆大盘鸡 红柳烤肉/烤肉串 孜然羊排
    腊汁肉夹馍/肉夹馍 凉皮/秦镇米皮 酸汤水饺 粉汤羊血 葱爆羊肉 烤包子 手抓饭/抓饭 馕坑肉 过油肉拌面/拌面 丁丁炒面 黄焖羊肉
    炕锅羊排 胡辣汤 甑糕 镜糕 兰州牛肉面/牛大碗 浆水面 酿皮子/酿皮 甜醅子 灰豆子 洋芋擦擦 荞面饸饹/饸饹面 羊杂碎 烩羊杂
    老西安烤肉 金线油塔 水盆羊肉 柿子饼 凉拌沙葱 驴肉黄面 百合炒西芹 胡羊焖饼 蒜蓉烤茄子/烤茄子 椒麻鸡 白切鸡
    豉汁蒸凤爪/凤爪 虾饺皇/虾饺 干蒸烧卖/烧卖 蜜汁叉烧包/叉烧包 萝卜糕 肠粉/鲜虾肠粉 皮蛋瘦肉粥 艇仔粥 云吞面
    干炒牛河/牛河 豉油皇炒面 咕噜肉/菠萝咕噜肉 清蒸石斑鱼/石斑鱼 脆皮烧鹅/烧鹅 上汤菠菜 蚝油生菜 老火靓汤/例汤 杨枝甘露
    双皮奶
"""
FRAMES = """
    {} 来一份{} {}一份 我要{} 来两份{}吧 帮我点一个{},谢谢 {}多少钱 老板,{}两份 再加一份{} 我想吃{} 麻烦上个{} {}不要香菜
    有没有{} {}x2 把{}退掉 {}辣不辣 要一份{}和两碗白饭
"""
COMMON = [chr_ for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF) for chr_ in bytes((high, low)).decode("gb2312", "ignore")]
SOUNDING = defaultdict(list)
for _char in COMMON:
    SOUNDING[spellings(_char)[0]].append(_char)
CONFUSED = {"zh": "z", "ch": "c", "sh": "s", "z": "zh", "c": "ch", "s": "sh", "n": "l", "l": "n"}


@cache
def menus():
    """Three menus, each as an index, the names of its dishes, and all names and aliases."""
    big = json.loads((Path(__file__).parents[2] / "cases" / "menu.json").read_text("utf-8"))
    demo = yaml.safe_load(files("haowei.demo").joinpath("shop.yaml").read_text("utf-8"))
    elsewhere = [line.split("/") for line in ELSEWHERE.split()]
    called = [
        {dish["name"]: tuple(dish["aliases"]) for dish in big},
        {dish["name"]: tuple(dish.get("aliases", ())) for category in demo["menu"] for dish in category["dishes"]},
        {names[0]: tuple(names[1:]) for names in elsewhere},
    ]
    indexes = [MenuIndex(MenuEntry(name, name, aliases) for name, aliases in dishes.items()) for dishes in called]
    return [(index, list(dishes), {*dishes, *chain.from_iterable(dishes.values())}) for index, dishes in zip(indexes, called, strict=True)]


def homophones(count):
    def noise(name, rng):
        places = [at for at, char in enumerate(name) if set(SOUNDING[spellings(char)[0]]) - {char}]
        for at in rng.sample(places, min(count, len(places))):
            others = [char for char in SOUNDING[spellings(name[at])[0]] if char != name[at]]
            name = name[:at] + rng.choice(others) + name[at + 1 :]
        return name

    return noise


def confused(name, rng):
    """One character of a syllable that is easily taken for the name's."""
    ways = []
    for at, char in enumerate(name):
        syllable = spellings(char)[0]
        initial = next((initial for initial in CONFUSED if syllable.startswith(initial)), None)
        said = [CONFUSED[initial] + syllable[len(initial) :]] if initial else []
        said += [syllable.removesuffix("g")] if syllable.endswith("ng") else [syllable + "g"] if syllable.endswith("n") else []
        ways += [(at, other) for other in said if SOUNDING.get(other)]
    if not ways:
        return name
    at, other = rng.choice(ways)
    return name[:at] + rng.choice(SOUNDING[other]) + name[at + 1 :]


def one_less(name, rng):
    at = rng.randrange(len(name))
    return name[:at] + name[at + 1 :]


def doubled(name, rng):
    at = rng.randrange(len(name))
    return name[:at] + name[at] + name[at:]


def one_other(name, rng):
    at = rng.randrange(len(name))
    return name[:at] + rng.choice(COMMON) + name[at + 1 :]


def typed(name, rng):
    return rng.choice(("", " ")).join(spellings(char)[0] for char in name)


@pytest.mark.parametrize(
    ("noise", "right", "wrong"),
    [
        (lambda name, _: name, 1.0, 0.0),
        (homophones(1), 0.97, 0.01),
        (homophones(2), 0.96, 0.01),
        (confused, 0.97, 0.01),
        (one_less, 0.87, 0.02),
        (doubled, 0.98, 0.01),
        (one_other, 0.92, 0.01),
        (typed, 0.98, 0.01),
    ],
    ids=["clean", "one homophone", "two homophones", "confused sounds", "one less", "doubled", "one other", "typed"],
)
def test_names_with_noise_on_three_menus(noise, right, wrong):
    """Other words for a dish than its name give that dish, or a question or nothing, but hardly ever another dish."""
    rng = random.Random(20261121)
    tried = hit = missed = 0
    for index, dishes, called in menus():
        for name in dishes:
            words = noise(name, rng)
            if len(name) < 3 or (words != name and words in called):
                continue
            ids = [ids for said, ids, _ in found(index, rng.choice(FRAMES.split()).format(words)) if said != "白饭"]
            tried += 1
            hit += ids == [(name,)]
            missed += any(len(choices) == 1 and choices != (name,) for choices in ids)

    assert tried > 250
    assert hit / tried >= right
    assert missed / tried <= wrong


NO_DISHES = """
    我还有多少积分 明晚七点半六个人要包间 服务员态度不好 优惠券能叠加吗 你们几点关门 附近有停车场吗 发票抬头写错了 帮我转人工
    怎么成为会员 我想取消明天的预订 手机号换了怎么改 可以带宠物进去吗 儿童座椅有吗 卫生间在哪里 空调开太低了 等了半小时还没人来
    上次充值的余额呢 给我排个号 前面还有几桌 我们大概八点到 孩子过生日有蛋糕送吗 你们招聘兼职吗 春熙路店电话多少 地铁怎么过去
    无线密码是什么 帮我催一下 差评太失望了 谢谢老板 今天天气真好 你是机器人吗 讲个笑话 帮我查一下快递 股票涨了吗
    我们公司团建三十个人 周末需要预约吗 靠窗的位置还有吗 可以刷信用卡吗 能开电子发票吗 刚才扣了两次款 退款什么时候到账 积分可以换什么
    邀请朋友有奖励吗 活动什么时候结束 拼团还差几个人 订阅消息怎么关 我的隐私数据删掉 打印机坏了 厨房着急 今天谁值班 会议室能投影吗
    想加入你们分店加盟 隔壁桌太吵了 灯光太暗 手指割伤了有创可贴吗 充电宝借一个 老年卡打折吗 学生证有优惠吗 外面下雨能送伞吗
"""


def test_sentences_that_name_no_dish_give_none():
    for index, _, _ in menus():
        assert [(text, found(index, text)) for text in NO_DISHES.split() if found(index, text)] == []


ALPHABET = "红烧肉宫保鸡丁三杯八宝饭可乐啤酒排骨来一份 两的和，coke2x弱鱼香👌\u200b\ufb00１"


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(menu, text):
    spans = menu.find(text)

    assert all(0 <= span.start < span.end <= len(text) and span.words == text[span.start : span.end] and span.dish_ids for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert spans == menu.find(text)
