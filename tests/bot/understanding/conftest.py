"""A menu with what makes reading hard: families, numbers in names, weights, sizes, measure words that begin names."""

import pytest

from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex

ENTRIES = (
    MenuEntry("hs", "秘制红烧肉", ("红烧肉",), "份", ("微辣", "不辣")),
    MenuEntry("gb", "宫保鸡丁"),
    MenuEntry("yx", "鱼香肉丝"),
    MenuEntry("tc", "糖醋里脊"),
    MenuEntry("mp", "麻婆豆腐"),
    MenuEntry("sb", "三杯鸡"),
    MenuEntry("bb", "八宝饭"),
    MenuEntry("tp", "糖醋排骨"),
    MenuEntry("zp", "粉蒸排骨"),
    MenuEntry("lw", "清炒芦笋虾仁"),
    MenuEntry("jw", "白灼基围虾", ("基围虾",), "斤"),
    MenuEntry("sh", "生蚝", (), "打"),
    MenuEntry("xm", "重庆小面", ("小面",), "碗", ("二两", "三两")),
    MenuEntry("sy", "酸菜鱼", (), "份", ("大份", "小份")),
    MenuEntry("jc", "烤鸡翅", (), "串"),
    MenuEntry("mf", "米饭", ("白饭",), "碗"),
    MenuEntry("kl", "可乐", ("coke",), "瓶"),
    MenuEntry("xb", "雪碧", (), "瓶"),
    MenuEntry("qd", "青岛啤酒", ("青岛",), "瓶"),
    MenuEntry("xh", "雪花啤酒", (), "瓶"),
    MenuEntry("zj", "扎啤", (), "扎"),
    MenuEntry("nc", "丝袜奶茶", ("奶茶",), "杯", ("热", "冻")),
    MenuEntry("bz", "鲜肉包子", ("包子",), "个"),
)


@pytest.fixture(scope="session")
def menu() -> MenuIndex:
    return MenuIndex(ENTRIES)
