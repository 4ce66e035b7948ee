"""Short remarks that mean one thing where they are said: a wait, that all is ordered, an allergy, a store picked, a time of fetching.

They are read by closed words before an engine is asked, and only when the message says nothing else.
"""

import re
from collections.abc import Sequence

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.understanding.answers import says_only
from bot.understanding.engine import Entity
from bot.understanding.normal_form import normal_form
from bot.understanding.shop_words import ShopWords

WAITS = "take_your_time"
AVOIDS = "avoid_food"
_SIGNS = re.compile(r"[\W_]+")
_CLAUSES = re.compile("[,，。;；!！\\n]|(?<=[^\\s]) +(?=[^\\s])")
_MOST_OF_A_REMARK = 24  # characters
_WAIT = re.compile(
    """
    (?:那|嗯|哦|呃|好的?|先|你|您|麻烦|请)*
    (?:稍等|稍候|等[一]?下|等等|等会儿?|等一?会儿?|等我(?:[一]?下|会儿?)?|慢着|不急|别急|(?:让|容)我(?:们)?(?:再)?(?:想|看|问|商量))
    (?:[一]?下下?|会儿?|片刻|[哈啊呀吧哦噢啦呢])*
    """,
    re.VERBOSE,
)
_WHILE = re.compile(  # what somebody does while the other waits
    """
    (?:(?:我们?|咱们?|先|再|还|正?在|要|去|得)*
    (?:[问想看]|商量|讨论|考虑|确认|接|打|数|找|叫)
    (?!.*(?:[0-9一二两三四五六七八九十]+[份个碗杯瓶串条只盘]|多少|[吗么?？]|换|改|加|来|退|取消|不要)).{0,12})?
    """,
    re.VERBOSE,
)
_ENDED = re.compile("(?:嗯|哦|那|就|都|我们?|差不多|先)*(?:好|可以|行|够|点好|选好|弄好|要好|齐|ok)了(?:就这样|就这些|[吧啊呀哈哦呢])*")
_ALLERGY = re.compile(
    """
    (?:你好|我们?|咱们?|家里?|有|个|一个|人|一位|朋友|孩子|小孩|小朋友|宝宝|娃娃?|老人|爸爸?|妈妈?|老婆|老公|同事|同学|因为|的)*
    (?:对|吃)?(?P<food>[一-鿿、和]{1,12}?)(?:会|有点?|很|严重|容易|也|都)*过敏(?:的|了|体质|很严重|严重)?
    (?:有)?(?:什么|哪些|啥)?(?:菜)?(?:我)?(?:不能|能|可以|要|该|得)?(?:吃|点|避开|避免|注意|小心)?(?:什么|哪些|啥|的)?(?:菜)?[吗呢啊哦呀吧]*
    """,
    re.VERBOSE,
)
_AVOIDING = re.compile(
    "(?:我们?|咱们?|也|还|都|又|家里?|孩子|老人|人|有|一个)*(?:不吃|不能吃|吃不了|忌口?)(?!什么|哪|啥|的)(?P<food>[一-鿿、和]{1,8}?)(?:的|了|啊|哦|呀)*"
)
_NO_FOOD = re.compile("不|忌|别|我|对")
_CHOOSES = re.compile(
    "(?:我们?|咱们?|那|就|去|到|选|换|改|成|还是|在|要|来|过去|吃|拿|取|餐|点|自提|自取|这家|那家|店|好了?|行|吧|啊|呀|嘛|哈)*"
)
_FETCHES = re.compile("[取拿]|自提|打包带走")


def remark_in(text: str, words: ShopWords, *, confirming: bool, asked: bool, wanted: frozenset[str]) -> tuple[Command, ...]:
    """What a message asks when it is nothing but such a remark; else nothing.

    Args:
        confirming: Something was read back and waits for its yes.
        asked: A question or a read-back is open, so that a yes has a meaning of its own.
        wanted: The kinds of values that open flows take.
    """
    if len(text) > _MOST_OF_A_REMARK:
        return ()
    said = _SIGNS.sub("", normal_form(text).text.casefold())
    if not said:
        return ()
    waits = _WAIT.match(said)
    if waits is not None and _WHILE.fullmatch(said, waits.end()) and not _named(text, words):
        return (Ask(WAITS),)
    if not asked and _ENDED.fullmatch(said):
        return (Ask("checkout"),)
    avoided = _avoided(text)
    if avoided:
        return (Ask(AVOIDS, {"words": avoided}),)
    return _store_picked(text, words, confirming=confirming or "store" in wanted)


def _avoided(text: str) -> str:
    """What may not be eaten, of a message that says so of an allergy and of nothing but food: 「我不吃香菜，花生过敏」 is 香菜、花生."""
    clauses = [_SIGNS.sub("", clause) for clause in _CLAUSES.split(normal_form(text).text.casefold()) if _SIGNS.sub("", clause)]
    allergies = [_ALLERGY.fullmatch(clause) for clause in clauses]
    found = [allergy or _AVOIDING.fullmatch(clause) for clause, allergy in zip(clauses, allergies, strict=True)]
    if not any(allergies) or not all(found):
        whole = _ALLERGY.fullmatch("".join(clauses))
        return whole["food"] if whole is not None and not _NO_FOOD.match(whole["food"]) else ""
    return "、".join(match["food"] for match in found if match is not None)


def fetched_at(text: str, entities: Sequence[Entity]) -> tuple[Command, ...]:
    """「七点一刻来拿」: who says when the food is fetched, and nothing else, has finished ordering."""
    times = [item for item in entities if item.entity == "time" and item.value.get("time")]
    if len(times) != 1 or not _FETCHES.search(text) or not says_only(text, times):
        return ()
    return (Start("checkout", {"time": times[0].value}),)


def _named(text: str, words: ShopWords) -> bool:
    return any(dish.exact for dish in words.menu.find(text))


def _store_picked(text: str, words: ShopWords, *, confirming: bool) -> tuple[Command, ...]:
    """A store named with nothing beside it but words of choosing. What is open goes on with it, else its menu or itself is shown."""
    found = words.stores.find(text)
    if len(found) != 1 or len(found[0].store_ids) != 1:
        return ()
    store = found[0].store_ids[0]
    beside = _SIGNS.sub("", normal_form(text[: found[0].start] + text[found[0].end :]).text)
    if not _CHOOSES.fullmatch(beside):
        return ()
    if confirming:
        return (SetSlot("store", store),)
    return SetSlot("store", store), Ask("view_menu") if beside else Ask("store_info", {"store": store})
