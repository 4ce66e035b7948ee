"""Messages that are a fixed phrase: keywords, yes and no, a number; and what a question about a dish becomes.

Politeness, punctuation and emoji around a phrase do not matter: 「麻烦买单哈～谢谢🙏」 is 买单.
"""

import re
from collections.abc import Iterable

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, Resume, Undo
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.dishes import DishSpan
from bot.understanding.resolvers.quantities import read_numeral

MOST_IN_A_PHRASE = 24  # characters
_VIEW_MENU = "view_menu"

_KEYWORDS: tuple[tuple[Command, str], ...] = (
    (
        Ask(_VIEW_MENU),
        """
            菜单 菜单栏 菜谱 菜品 菜牌 点菜 点餐 点单 点东西 开始点餐 开始点菜 自助点餐 扫码点餐 点吃的 点些吃的 点点吃的 订餐
            吃饭 用餐 上菜单 菜单发我 菜单发一下 菜单看看 菜单看一下 菜单给我 有菜单吗 菜单有吗 菜单在哪 菜单呢 菜 吃的 什么菜
            什么吃的 啥菜 啥吃的 热销 热销菜 menu
        """,
    ),
    (
        Ask(_VIEW_MENU, {"channel": "takeaway"}),
        "外带 打包带走 打包 自取 自提 带走 外带自取 点外带 可以打包吗 可以外带吗 能打包吗 能外带吗 takeaway",
    ),
    (Ask(_VIEW_MENU, {"channel": "dine_in"}), "堂食 在店里吃 店里吃 在这吃 在这里吃 到店吃"),
    (
        Ask(_VIEW_MENU, {"step": 1}),
        """
            下一页 下页 后一页 往后翻 往下翻 翻页 下一面 更多 更多菜 更多菜品 还有别的吗 还有其他的吗 还有什么 还有什么菜 还有啥
            next
        """,
    ),
    (Ask(_VIEW_MENU, {"step": -1}), "上一页 上页 前一页 往前翻 往回翻 上一面"),
    (
        Ask("view_cart"),
        """
            购物车 我的购物车 点了什么 点了啥 点了些什么 点了哪些 点了哪些菜 点了什么菜 我点了什么 我点了啥 我点了哪些
            都点了什么 都点了啥 已点 已点的菜 已点菜品 点的菜 点了多少 点了多少钱 一共多少钱 总共多少钱 多少钱了 现在多少钱 cart
        """,
    ),
    (
        Ask("clear_cart"),
        """
            清空 清空购物车 购物车清空 全部不要了 全都不要了 都不要了 全不要了 全部不要 全部删除 全删了 都删了 都删掉 全退了
            都退了 全部退掉 重新点 重点 从头点 重来
        """,
    ),
    (
        Ask("checkout"),
        """
            下单 下单吧 提交 提交订单 下订单 落单 点好了 点完了 点好 点完 选好了 选完了 就这些 就这些了 就这样 就这样了 就这么多
            就要这些 先这些 先这样 先点这些 没了就这些 没有了就这些 够了就这些 就这些够了 可以下单 直接下单 现在下单 帮忙下单
            去下单 要下单 checkout
        """,
    ),
    (
        Ask("pay_bill"),
        """
            买单 埋单 结账 结帐 结下账 结一下账 结个账 买个单 买一下单 付款 付钱 付账 支付 去支付 去付款 算账 算钱 付一下
            付一下钱 结单 刷单买单 怎么付款 怎么付钱 怎么支付 怎么买单 怎么结账 在哪付款 在哪买单 账单 我的账单 微信支付 pay
            bill
        """,
    ),
    (
        Ask("order_status"),
        """
            订单 我的订单 订单状态 查订单 订单查询 订单进度 订单到哪了 好了没 好了没有 好了吗 做好了没 做好了吗 做好没
            做好了没有 还要多久 还要等多久 要多久 要等多久 还得多久 多久能好 多久好 多久上菜 多久能上 什么时候好 什么时候能好
            什么时候上 什么时候上菜 什么时候能上 啥时候好 啥时候上 啥时候上菜 到哪了 菜好了没 菜好了吗 我的菜好了没 我的菜好了吗
            菜呢 我的菜呢 菜还没好 菜还没上 怎么还没上 怎么还没上菜 怎么还没好 上菜了吗 上菜了没 上了没 进度 出餐了吗 出餐没
        """,
    ),
    (
        Ask("member_card"),
        """
            会员 会员卡 我的会员 我的会员卡 会员码 会员中心 办会员 办会员卡 办卡 办个会员 办张会员卡 办一张会员卡 加入会员
            加会员 入会 成为会员 当会员 开会员 开通会员 开卡 注册 注册会员 会员注册 领会员卡 申请会员 怎么办会员 怎么成为会员
            怎么加入会员 怎么入会 如何入会 如何办会员 如何成为会员 会员怎么办 有会员吗 有会员卡吗 能办会员吗 可以办会员吗
            我是会员吗 会员等级 我的等级 member
        """,
    ),
    (
        Ask("points_balance"),
        """
            积分 我的积分 积分查询 查积分 积分余额 积分多少 积分有多少 积分还有多少 积分还剩多少 有多少积分 还有多少积分
            还剩多少积分 我有多少积分 我还有多少积分 我还剩多少积分 多少积分 剩余积分 几个积分 有几分 有积分吗 我有积分吗
            积分够吗 积分呢 points
        """,
    ),
    (
        Ask("find_store"),
        """
            门店 附近门店 附近的门店 附近的店 附近有店吗 最近的店 最近的门店 哪家店近 哪家最近 分店 有哪些店 有哪些门店
            有哪些分店 有几家店 所有门店 门店列表 门店地址 地址 店在哪 店在哪里 在哪 在哪里 在哪儿 在什么地方 怎么走 怎么去
            店的位置 位置在哪 换门店 换店 换家店 选门店 切换门店 其他门店
        """,
    ),
    (
        Ask("help"),
        """
            帮助 怎么用 怎么使用 怎么弄 怎么玩 怎么点 怎么点餐 怎么点菜 怎么点单 怎么下单 如何点餐 如何点菜 如何下单 能干嘛
            能干什么 能干啥 你能干嘛 你能干什么 你能干啥 你能做什么 你能做啥 能做什么 你会什么 你会干什么 会什么 你会啥
            有什么功能 有啥功能 功能 使用说明 说明 使用帮助 指南 你是谁 你是什么 你是机器人吗 你是人吗 不会用 不懂 不明白 help
        """,
    ),
    (
        Undo(),
        """
            撤销 撤回 撤销上一步 撤回上一步 退回上一步 返回上一步 上一步 回退 刚才的不算 刚才那个不算 刚才那个不要了
            刚才的不要了 刚刚的不要了 点错了 弄错了 按错了 undo
        """,
    ),
    (Resume(), "继续 继续点 继续点餐 继续下单 接着来 接着点 接着 回到刚才 刚才说到哪了 continue"),
)
_ANSWERS: tuple[tuple[Command, str], ...] = (
    (
        Affirm(),
        """
            是 是的 是啊 对 对的 对啊 好 好的 好滴 好哒 好嘞 好呀 好啊 可以 可以的 行 行的 行啊 中 成 要 要的 要得 嗯 嗯嗯 嗯呢
            恩 唔 确认 确定 确认下单 没错 没问题 没毛病 同意 当然 当然可以 就是 就是这样 妥 妥了 收到 欧了 ok okay okk yes yep
            yeah y sure
        """,
    ),
    (
        Deny(),
        """
            不 不要 不要了 不对 不是 不是的 不用 不用了 不了 不行 不可以 不好 不同意 不需要 不确认 不确定 先不 先不要 先不用
            先别 先不下单 先等等 别 否 没 没有 没有了 没了 等等 等一下 等下 等会 等会儿 稍等 再想想 我再想想 再看看 我再看看
            再改改 再等等 错了 no nope n
        """,
    ),
    (
        Cancel(),
        """
            算了 算了吧 算了不要了 取消 取消吧 取消了 不点了 不点 不弄了 不办了 不买了 不吃了 不想点了 退出 返回 放弃 拉倒
            拉倒吧 结束 cancel quit exit
        """,
    ),
    (
        Ask("thank"),
        """
        谢谢 谢谢你 谢谢您 谢谢了 谢谢啦 多谢 多谢了 感谢 非常感谢 谢了 谢啦 谢 辛苦了 辛苦 辛苦啦 thx thanks thankyou 3q
    """,
    ),
    (
        Ask("greet"),
        """
            你好 您好 你们好 大家好 嗨 嘿 哈喽 哈啰 哈罗 喂 在 在吗 在么 在不 在不在 有人吗 有人在吗 早 早上好 上午好 中午好
            下午好 晚上好 hi hello hey halo 老板 老板好 服务员 服务员你好 小二
        """,
    ),
)


def _table(phrases: Iterable[tuple[Command, str]]) -> dict[str, Command]:
    return {phrase: command for command, words in phrases for phrase in words.split()}


def _any_of(words: Iterable[str], *, end: str = "") -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))}){end}")


_KEYWORD = _table(_KEYWORDS)
_ANSWER = _table(_ANSWERS)
_AHEAD = _any_of(
    str.split("""
    你好 您好 嗨 hi hello 那个 那就 那 嗯 好的 好 ok 请问一下 请问 请 麻烦你 麻烦 服务员 老板 帮我 帮忙 给我 给 你们 你 我们 我
    咱们 咱 想要 想 需要 要 来 去 再 先 可以 能不能 能 现在 今天 店里 这里 都 查看一下 查看 查一下 查下 查询 查 看一下 看下 看看
    看 打开一下 打开 点开 进入 发一下 发下 发个 发 有什么 有啥 有哪些 有 推荐 翻到 开始 一下 个 份 下 张 好吃的
""")
)
_BEHIND = _any_of(
    str.split("""
    谢谢你 谢谢您 谢谢 多谢 谢啦 谢了 感谢 辛苦了 麻烦了 麻烦你了 麻烦 拜托 吧 呀 啊 呢 哈 啦 嘛 哒 哟 哦 噢 喔 诶 了 的 么 吗
    一下 看看 看一下 看下 我看看 给我看看 发我 please pls thanks
"""),
    end="$",
)
_TAILS = _any_of(
    str.split("""
    谢谢你 谢谢您 谢谢 多谢 谢啦 谢了 感谢 辛苦了 麻烦了 麻烦你了 麻烦 吧 呀 啊 呢 哈 啦 嘛 哒 哟 哦 噢 喔 滴 please pls thanks
"""),
    end="$",
)
_QUESTION_MARKS = re.compile(r"[?？\s]+")
_ANSWERS_IN_A_ROW = _any_of(_ANSWER, end="++")
_ONE_ANSWER = _any_of(_ANSWER)
_NO_ANSWER = re.compile("(.+)不\\1|(?:对|好|行|是|可以|要|成|中)不|.*(?:不要?|别)取消.*")  # 对不对, 别取消
_PAGE = re.compile("(?:看|看看|翻到|到|去|菜单)?第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})页(?:菜单)?")
_CHOICE = re.compile(
    "(?:我|那|就|那就)?(?P<picks>选择|选|要|点|来)?(?P<th>第|no|序号|编号)?(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?P<of>个|号|项|种|样|道|款|张|家|条|行)?[吧啊呀的]?(?:谢谢)?"
)


def read_phrase(text: str) -> Command | None:
    """The command that a whole message is a phrase for, or None."""
    spelled = normal_form(text).text
    words = "".join(filter(str.isalnum, spelled))
    if not words:
        return Ask("help") if spelled.strip() and _QUESTION_MARKS.fullmatch(spelled) else None
    if len(words) > MOST_IN_A_PHRASE:
        return None
    if words in _KEYWORD:
        return _KEYWORD[words]
    page = _PAGE.fullmatch(words)
    if page is not None:
        n = read_number(page[1])
        return Ask(_VIEW_MENU, {"page": n}) if n else None
    return _answer(words) or _keyword(words)


def read_number(text: str) -> int | None:
    """A number that picks one of what was offered: 2, ２, 第二个, 选2, 2号; None for anything else.

    「2个」 is how many and not which, so it is none.
    """
    match = _CHOICE.fullmatch("".join(filter(str.isalnum, normal_form(text).text)))
    if match is None or (match["of"] not in {None, "号", "项"} and not (match["th"] or match["picks"] in {"选", "选择"})):
        return None
    if match["n"].isascii():
        return int(match["n"]) or None
    number = read_numeral(match["n"])
    return number[0] if number is not None and not number[1] else None


def ask_about(dish: DishSpan, topic: str) -> Ask:
    """A question about a dish.

    Args:
        topic: price, spice, available, ingredients, allergens, carbon, taste, size, unwanted (不想吃), order (on its way).

    Returns:
        `ask_dish` with `topic` and `dish_id`, or `candidates` where several dishes fit the words; `order_status` for topic order.
    """
    if topic == "order":
        return Ask("order_status")
    which = {"dish_id": dish.dish_ids[0]} if len(dish.dish_ids) == 1 else {"candidates": list(dish.dish_ids), "words": dish.words}
    return Ask("ask_dish", {"topic": topic} | which)


def _answer(words: str) -> Command | None:
    """Yes, no, never mind, thanks, hello: alone, or several in a row (好的好的, 不对不对, 算了不要了)."""
    plain = words
    while not _NO_ANSWER.fullmatch(plain):
        if _ANSWERS_IN_A_ROW.fullmatch(plain):
            return _strongest([_ANSWER[match] for match in _ONE_ANSWER.findall(plain)])
        cut = _TAILS.sub("", plain)
        if not cut or cut == plain:
            break
        plain = cut
    return None


def _strongest(said: list[Command]) -> Command:
    for kind in (Cancel, Deny, Affirm):
        for command in said:
            if isinstance(command, kind):
                return command
    return said[-1]


def _keyword(words: str) -> Command | None:
    """A keyword inside what people say around it: 我想看一下菜单吧."""
    while words:
        if words in _KEYWORD:
            return _KEYWORD[words]
        cut = _BEHIND.sub("", words)
        if cut and cut != words and cut in _KEYWORD:
            return _KEYWORD[cut]
        ahead = _AHEAD.match(words)
        if ahead is None:
            if cut == words:
                return None
            words = cut
        else:
            words = words[ahead.end() :]
    return None
