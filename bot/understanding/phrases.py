"""Messages that are a fixed phrase: keywords, yes and no, a number; and what a question about a dish becomes.

Politeness, punctuation and emoji around a phrase do not matter: 「麻烦买单哈～谢谢🙏」 is 买单.
"""

import re
from collections.abc import Iterable

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, Undo
from bot.understanding.keywords import ANSWERS, KEYWORDS
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.dishes import DishSpan
from bot.understanding.resolvers.quantities import read_numeral

MOST_IN_A_PHRASE = 24  # characters
_VIEW_MENU = "view_menu"


def _table(phrases: Iterable[tuple[Command, str]]) -> dict[str, Command]:
    return {phrase: command for command, words in phrases for phrase in words.split()}


def _any_of(words: str, *, end: str = "") -> re.Pattern[str]:
    """Any of some words, the longest first."""
    return re.compile(f"(?:{'|'.join(sorted(words.split(), key=len, reverse=True))}){end}")


_KEYWORD = _table(KEYWORDS)
_ANSWER = _table(ANSWERS)
_AHEAD = _any_of("""
    你好 您好 在吗 在么 有人吗 嗨 hi hello 那个 那就 那 嗯 好的 好 ok 请问一下 请问 请 麻烦你 麻烦 服务员 老板 帮我 帮忙 给我
    给 你们 你 我们 我 咱们 咱 想要 想 需要 要 来 去 再 先 可以 能不能 能 现在 今天 店里 这里 都 查看一下 查看 查一下 查下
    查询 查 看一下 看下 看看 看 打开一下 打开 点开 进入 发一下 发下 发个 发 有什么 有啥 有哪些 有 推荐 翻到 开始 一下 个 份 下
    张 还有 还剩 目前 多少 几个 我的 我们的 我点的 菜 单子 门店 分店 你们店
""")
_BEHIND = _any_of(
    """
    谢谢你 谢谢您 谢谢 多谢 谢啦 谢了 感谢 辛苦了 麻烦了 麻烦你了 麻烦 拜托 吧 呀 啊 呢 哈 啦 嘛 哒 哟 哦 噢 喔 诶 了 的 么 吗
    一下 看看 看一下 看下 我看看 给我看看 发我 please pls thanks
""",
    end="$",
)
_TAILS = _any_of(
    """
    谢谢你 谢谢您 谢谢 多谢 谢啦 谢了 感谢 辛苦了 麻烦了 麻烦你了 麻烦 吧 呀 啊 呢 哈 啦 嘛 哒 哟 哦 噢 喔 滴 的 please pls thanks
""",
    end="$",
)
_FACES = re.compile(r"\[[一-鿿]{1,5}\]|/:[!-~]{1,8}")  # [微笑], /::) as WeChat writes its own
_QUESTION_MARKS = re.compile(r"[?？\s]+")
_ANSWERS_IN_A_ROW = _any_of(" ".join(_ANSWER), end="++")
_ONE_ANSWER = _any_of(" ".join(_ANSWER))
_NO_ANSWER = re.compile("(.+)不\\1|(?:对|好|行|是|可以|要|成|中)不|.*(?:不要?|别)取消.*")  # 对不对, 别取消
_ASKS_THE_BOT = re.compile("[你您](?!们).*[吗么没不]")
_PAGE = re.compile("(?:看|看看|翻到|到|去|菜单)?第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})页(?:菜单)?")
_JUST_SAID = re.compile("刚(?:刚|才)?(?:[点加要叫]的|的)(?:那?些|菜)?(?:都|全|全都)?(?:不要|不算|去掉|退掉?|取消|撤掉?|删掉?)了?吧?")
_CHOICE = re.compile(
    "(?:我|那|就|那就)?(?P<picks>选择|选|要|点|来)?(?P<th>第|no|序号|编号)?(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
    "(?P<of>[个号项种样道款张家条行])?[吧啊呀的]?(?:谢谢)?"
)


def read_phrase(text: str) -> Command | None:
    """The command that a whole message is a phrase for, or None."""
    spelled = _FACES.sub(" ", normal_form(text).text)
    words = "".join(filter(str.isalnum, spelled))
    if not words:
        return Ask("help") if spelled.strip() and _QUESTION_MARKS.fullmatch(spelled) else Ask("smile") if text.strip() else None
    if len(words) > MOST_IN_A_PHRASE:
        return None
    if words in _KEYWORD:
        return _KEYWORD[words]
    page = _PAGE.fullmatch(words)
    if page is not None:
        n = read_number(page[1])
        return Ask(_VIEW_MENU, {"page": n}) if n else None
    if _JUST_SAID.fullmatch(words):
        return Undo()
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
    """A keyword inside what people say around it: 我想看一下菜单吧. 「你吃饭了吗」 asks the bot, and no menu."""
    if _ASKS_THE_BOT.fullmatch(words):
        return None
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
