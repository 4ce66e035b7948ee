"""The closed words of ordering in chat, each with its kind. Dish names are not here: they come from the shop.

Words are read longest first (`scan`), so 不要太辣 is one wish and not a refusal.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum, auto
from string import ascii_letters

from bot.understanding.wishes import OPTIONS


class Kind(IntEnum):
    """What a word does in a sentence about food."""

    ADD = auto()  # 来, 再加
    REMOVE = auto()  # 不要, 退掉
    LESS = auto()  # 少 (一份), 减 (两碗)
    SET = auto()  # 改成, 换成
    ONLY = auto()  # 只要: sets behind a dish, adds before one
    EACH = auto()  # 各, 每样
    ALL = auto()  # 都
    OPTION = auto()  # 少辣, 不要香菜, 大份
    EXCLUDE = auto()  # 别放 (something)
    AND = auto()  # 和, 、
    NOT_THAT = auto()  # 不是 (2瓶)
    WRONG = auto()  # 不对, 说错了
    EARLIER = auto()  # 刚才的, 把: a line that stands already
    HAVE = auto()  # 有 (红烧肉)
    MAY = auto()  # 能, 可以, 麻烦: asks for it, politely
    ASKS = auto()  # 吗, 什么
    UNWANTED = auto()  # 不想吃, 不喜欢
    TOPIC = auto()  # 多少钱, 辣不辣: what a question is about
    TELLS = auto()  # 太咸, 好吃, 还没来: not an order
    ELSEWHEN = auto()  # 昨天, 下次: not an order for now
    WHEN = auto()  # 12点: an hour, which another resolver reads
    CALL = auto()  # 你好, 服务员, 那就: before anything
    FILL = auto()  # 我, 的, 谢谢
    DISH = auto()  # these are no words: the reader finds them
    QUANTITY = auto()
    END = auto()  # of a sentence
    SPACE = auto()
    UNKNOWN = auto()


_PLAIN: Mapping[Kind, str] = {
    Kind.ADD: """
        来 要 点 加 上 拿 整 弄 搞 添 续 叫 订 买 做 炒 补 吃 喝 尝 给我 给我们 给咱 帮我 想要 想吃 想喝 想点 想来 想尝 尝尝
        尝试 试试 安排 再来 再要 再点 再加 再上 再给 再添 再补 再续 再整 再叫 再拿 再做 再 多来 多要 多加 多上 多点 多拿
        多给 多 再多来 再多加 再多要 还要 还想要 还想吃 还来 还点 加点 来点 要点 整点 上点 外加 另加 另要 追加 就要 就来
        就点 需要 order want need get add give have plus
    """,
    Kind.REMOVE: """
        不要 不要了 不来 不来了 不点 不点了 不用 不用了 不用上 不上 不想要了 不想吃了 不想喝了 不吃了 不喝了 别要 别要了
        别上 别上了 别来 别做 别做了 去掉 去了 去除 退 退了 退掉 退一下 取消 取消掉 取消了 删 删了 删掉 删除 撤 撤了 撤掉
        减掉 拿掉 拿走 划掉 划了 免了 算了 去掉吧 不需要 不需要了 remove cancel delete
    """,
    Kind.LESS: "少 少来 少要 少上 少点 少拿 少算 少给 少做 减 减去 减少 减了",
    Kind.SET: """
        改 改成 改为 改到 改做 改要 换 换成 换为 换做 换到 变成 变为 调成 调到 调整为 加到 减到 减为 减成 替换成 替换为 代替
    """,
    Kind.ONLY: "只要 只来 只点 只留 留 留下 保留 只保留 就留 除了 一共要 总共要 一共 总共",
    Kind.EACH: "各 各自 各来 各要 各点 各加 各上 各给我 每样 每样来 每样要 每种 每种来 每道 每款 每个 每个来",
    Kind.ALL: "都 全 全都 全部 全部都 所有 所有的 所有菜 统统 每个菜 每道菜 整单",
    Kind.EXCLUDE: "不要放 不要加 不放 别放 不加 别加 免 不用放 少放 忌",
    Kind.AND: "和 跟 与 同 及 以及 还有 另外 另 然后 加上 、 + & / and",
    Kind.NOT_THAT: "不是 而不是",
    Kind.WRONG: "不对 错了 说错了 点错了 搞错了 弄错了 写错了 打错了 更正 啊不 哦不 噢不 呃不 哎不 啊不对 哦不对 不不",
    Kind.EARLIER: """
        刚才的 刚才 刚刚的 刚刚 刚点的 刚才点的 刚刚点的 前面的 前面 之前点的 原来的 上面的 把 将 购物车里的 我点的 里面的 那份
        那碗 那瓶
    """,
    Kind.HAVE: "有",
    Kind.MAY: "能 能不能 能否 可以 可不可以 可否 麻烦 请 好吗 好么 行吗 行么 可以吗 可以么 行不行 好不好 成吗 please pls",
    Kind.ASKS: "吗 么 什么 啥 哪 哪个 哪些 几 多少 怎么 咋 为什么 为啥 谁 没有 是不是 是否 how what which why",
    Kind.UNWANTED: """
        不想吃 不想要 不想喝 不想点 不爱吃 不喜欢 不喜欢吃 不喜欢喝 不吃 不喝 吃腻 讨厌 没点 没要 没有点 没说要 别给我 don't not
        no
    """,
    Kind.TELLS: """
        没 餐馆 餐厅 饭店 饭馆 饭庄 酒店 酒楼 附近 哪家 人均 评分 已经 还没 没来 没有上 没收到 在吃 在喝 正在 没给 送错 上错
        做错 漏了 漏 少了 多收 多了 点多了 要多了 点少了 点重了 重复了 太咸 太辣 太甜 太油 太淡 太慢
        太少 太贵 太酸 太硬 太难 太差 太好 太多 真香 真好 真难 很好 很难 凉了 冷了 糊了 焦了 坏了 酸了 馊 头发 虫 苍蝇 玻璃
        难吃 好吃 好喝 不错 一般 投诉 退款 退钱 差评 好评 不新鲜 变质 拉肚子 喜欢 最爱 爱吃 听说 据说 推荐 会做 怎么做 做法
        排队 优惠 打折 团购 发票 开票 包间 包厢 招牌 招聘 老师 视频 照片 图片 新闻 电影
    """,
    Kind.ELSEWHEN: """
        昨天 前天 上次 上回 上周 上个月 之前 以前 那天 点过 吃过 喝过 来过 点了 要了 吃了 如果 要是 明天 后天 明晚 下次 改天
        以后 下周 周末 生日 预订 预定 订位
    """,
    Kind.CALL: """
        那个啥 那个什么 这个什么 那啥 那什么 内个 内什么 叫什么来着 什么来着 啥来着
        你好 您好 老板 老板娘 服务员 小二 小姐姐 小哥 美女 帅哥 亲 那 那个 那就 就 先 也 嗯 嗯嗯 哦 喔 噢 额 呃 哎 诶 喂 嘿
        好 好的 好了 好嘞 行 对 对了 是的 给 帮 帮忙 确认 确定 没错 没问题 但是 不过 就是 只是 hi hello ok okay
    """,
    Kind.FILL: """
        我 我们 咱 咱们 俺 你 你们 您 他 她 它 谢谢 谢谢啦 谢了 多谢 感谢 辛苦 辛苦了 哈 哈哈 哈哈哈 嘿嘿 嘻嘻 呵呵 的 了 吧
        呀 啊 呢 哒 嘛 啦 唉 哟 呗 这 这个 这里 这边 还 又 一下 下 是 在 儿 上来 够了 就行 就好 就可以 即可 就够了 就够 这些
        这样 一样 一样的 同样 同样的 原样 上桌 菜 今天 今晚 中午 晚上 现在 桌 这桌 外卖 外带 自取 带走 打包带走 堂食 人 位
        来着 算上 一起 里 里面 的话 有的话 吃饭 吃个饭 吃顿饭 喝酒 喝茶 饭菜 到 做成 弄成 而 而是 应该 应该是 其中 其他 别的 其它 其他的
        其它的 其余 其余的 剩下的 以外 之外 以外的 之外的 还是 想 a an
        the of to i me my one some
        thanks thank you would like can could for
    """,
}

# What a question about a dish wants to know -> how it is asked. `order`: not about the dish but about one on its way.
_TOPICS: Mapping[str, str] = {
    "price": """
        多少钱 多钱 几块 几块钱 几元 几元钱 什么价 什么价格 什么价位 啥价 啥价格 价格 价钱 价位 怎么卖 咋卖 贵不贵 贵吗 贵么
        多少一份 多少元 单价
    """,
    "spice": "辣不辣 辣吗 辣么 辣嘛 很辣吗 会辣吗 会辣 会不会辣 会很辣吗 有多辣 辣度 能不能吃辣 什么辣度",
    "available": """
        有没有 有吗 有么 有嘛 有不 有没 还有吗 还有么 还有没 还有没有 卖完 卖完了 卖完了吗 卖光了 没了吗 没了没 售罄 售罄了 售罄了吗
        估清了吗 估清了没 沽清了吗 有货 有货吗 有卖 有卖吗 卖不卖 卖吗 能点吗 可以点吗 能点不 还有货吗
    """,
    "ingredients": """
        什么做的 是什么做的 是啥做的 怎么做的 用什么做的 啥做的 配料 食材 原料 用料 里面有什么 里面有啥 里面是什么 有什么料
        放什么 放了什么 放啥 含什么 成分 主料 热量 卡路里 多少卡
    """,
    "allergens": """
        过敏 过敏吗 过敏原 会过敏 有没有花生 含花生 含花生吗 有花生吗 有坚果吗 含坚果 含坚果吗 含奶吗 有奶吗 含麸质 含麸质吗
        清真吗
    """,
    "carbon": "碳 碳排 碳排放 低碳 低碳吗 碳足迹",
    "taste": """
        好吃吗 好吃不 好吃么 好吃不好吃 好不好吃 好喝吗 好喝不 怎么样 咋样 如何 是什么 是啥 什么样 啥味 啥味道 什么味 什么味道
        什么口味 有什么口味 推荐吗 甜吗 甜不甜 咸吗 咸不咸 酸吗 油吗 腻吗
    """,
    "size": "分量 份量 多大 多大份 够吃吗 够不够 几个人吃 几人份 够几个人 够几个人吃 多少克 几两 几斤 几个一份",
    "order": """
        好了没 好了吗 好了没有 好没好 上了没 上了吗 上了没有 什么时候好 什么时候上 啥时候好 啥时候上 多久 多久好 要多久 还要多久
        还要等多久 做好没 做好了没 做好了吗 到哪了 还没上 还没好 怎么还没 怎么还没上 怎么还没来 怎么还不上 还没来 没上
    """,
}
TOPICS: Mapping[str, str] = {word: topic for topic, words in _TOPICS.items() for word in words.split()}
WORDS: Mapping[str, Kind] = (
    dict.fromkeys(OPTIONS, Kind.OPTION)
    | {word: kind for kind, words in _PLAIN.items() for word in words.split()}
    | dict.fromkeys(TOPICS, Kind.TOPIC)
)
MARKS = ",，。;；.!！?？…~～\n|"  # end a sentence


def reach(words: Iterable[str]) -> dict[str, int]:
    """How long the longest word is that begins with a character."""
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


def scan(text: str, start: int, end: int, words: Mapping[str, Kind], reaches: Mapping[str, int]) -> Iterator[tuple[int, int, Kind | None]]:
    """Cut a stretch of text into known words, longest first, Latin words, and single characters (kind None).

    Args:
        reaches: `reach(words)`, made once.
    """
    at = start
    while at < end:
        char = text[at]
        stop, kind = at + 1, None
        if char in ascii_letters:
            while stop < end and text[stop] in ascii_letters:
                stop += 1
            kind = words.get(text[at:stop])
        elif char in reaches:
            for stop in range(min(end, at + reaches[char]), at, -1):
                kind = words.get(text[at:stop])
                if kind is not None:
                    break
        yield at, stop, kind
        at = stop
