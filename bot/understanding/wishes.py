"""How a dish is wanted: 少辣, 不要香菜, 大份, in every way to say it. What a menu names itself comes from the menu."""

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FOODSTUFF = _words(
    """
        香菜 葱 葱花 大葱 小葱 姜 生姜 姜丝 蒜 大蒜 蒜末 蒜泥 蒜蓉 辣椒 小米辣 青椒 花椒 麻椒 胡椒 孜然 洋葱 味精 鸡精 芝麻 花生
        花生碎 坚果 醋 酱 酱油 盐 糖 油 麻油 香油 红油 辣油 辣椒油 料酒 芹菜 香菇 木耳 折耳根 鱼腥草 韭菜 肥肉 内脏 皮 骨头 刺
        冰 冰块 辣 麻 奶 奶油 奶盖 珍珠 椰果 汤 汁 沙拉酱 番茄酱 甜面酱 蛋黄 榨菜 咸菜 虾皮 海苔 葡萄干
    """
)
_WITHOUT = _words("不要 不要放 不要加 不放 别放 不加 别加 免 不吃 别要 无 不用 不用放 不需要 忌 去掉 不能吃 不能放")
_LESS = _words("少 少放 少加 少来点 少放点 少点 少一点 少搁 少要")
_MORE = _words("多 多放 多加 多来点 多放点 多点 多一点 多搁 多要 重")
_WITH = _words("加 加点 加一点 加些 多加点 要放 放 放点")
_SAME_WISH = {
    "不要辣": "不辣",
    "不要麻": "不麻",
    "不要冰": "去冰",
    "不要冰块": "去冰",
    "少冰块": "少冰",
    "多冰块": "多冰",
    "加冰块": "加冰",
}
_WISHES = _words(
    """
        不辣 微辣 微微辣 小辣 中辣 大辣 重辣 特辣 爆辣 变态辣 麻辣 免辣 辣的 清淡 清淡点 清淡一点 清淡些 不麻 微麻 重麻
        少油少盐 去皮 去骨 去刺 去冰 去籽 去头 少冰 多冰 加冰 常温 冰的 热的 温的 冰镇 加热 热一下 半糖 全糖 无糖 正常糖 微糖
        多糖 少糖 三分糖 五分糖 七分糖 九分糖 三分熟 五分熟 七分熟 八分熟 全熟 半熟 熟一点 熟点 嫩一点 嫩点 老一点 脆一点 软一点
        硬一点 烂一点 分开装 单独装 分开放 分装 切开 切块 切片 打包 先上 后上 晚点上 一起上 饭后上 不要餐具 不要筷子 大份 中份
        小份 超大份 大杯 中杯 小杯 超大杯 大碗 小碗 中碗 大瓶 小瓶 大盘 小盘 冰 热
    """
)
_TASTES = _words("辣 咸 淡 甜 酸 麻 油")


def _options() -> dict[str, str]:
    """Every way to say a wish -> the wish as it is written on the ticket, as options of a menu are named."""
    said = {wish: wish.removesuffix("的") for wish in _WISHES} | {"大的": "大份", "小的": "小份"}
    for food in FOODSTUFF:
        for kept, ways in (("不要", _WITHOUT), ("少", _LESS), ("多", _MORE), ("加", _WITH)):
            said |= {way + food: kept + food for way in ways}
            if kept != "加":
                said |= {food + way: kept + food for way in ways if len(way) > 1}
    for taste in _TASTES:
        said |= {f"{taste}{little}": f"{taste}一点" for little in ("一点", "点", "一些", "一点点")}
        said |= {f"{no}太{taste}": f"不要太{taste}" for no in ("不要", "别", "不能", "不")}
    said |= {"微微辣": "微辣", "一点点辣": "微辣", "一点辣": "微辣", "稍微辣": "微辣", "稍辣": "微辣", "小辣": "微辣", "免辣": "不辣"}
    return {way: same_wish(wish) for way, wish in said.items()}


def same_wish(wish: str) -> str:
    """A wish as menus name it: 不要冰 is 去冰."""
    return _SAME_WISH.get(wish, wish)


OPTIONS: Mapping[str, str] = _options()
