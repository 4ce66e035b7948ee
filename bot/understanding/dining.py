"""What is said at the table beside ordering and paying: hurry, wait with the dishes, bring them now, another table, the same as last time.

Closed words, and only when the message says nothing else; whatever is more than that is for an engine, whose intent is then made finer.
"""

import re
from typing import Any

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_number
from bot.understanding.resolvers.dishes import MenuIndex

RUSH_ORDER, FIRE_COURSES, CHANGE_TABLE, REPEAT_ORDER = "rush_order", "fire_courses", "change_table", "repeat_order"
SERVE_FIRST, LAST = "serve_first", "last"
WAIT = "wait"
_CHECKOUT = "checkout"
_MOST_READ = 30  # characters
_LEAST_AGAIN = 2  # 「上次」 alone says nothing
_SIGNS = re.compile(r"[\W_]+")
_RUSH = re.compile(
    "催|麻利|快[点些]|快一[点些]|赶紧|搞快|等(?:了|不及|不了)|(?<!要)(?<!得)等.{0,6}(?:分钟|小时|钟头|半天|好久|很久|太久)|[怎咋](?:么|个)?(?:还没|还不|这么[慢久])|还没(?:上|来|好|做|送)|还不(?:上|来)"
    "|没(?:人|动静)|太慢|好慢|这么慢|半天(?:了|没)|赶(?:时间|火车|飞机|车)|就差|一直没|到现在|漏(?:了|单|上)|忘(?:了|记)|饿"
)
_GUESTS = "(?:我们?|咱们?|等|人|朋友|客人|大家|他们|她|他|老板|领导|都|还|没|到|来|齐|了|就|一下)*"
_HOLD = re.compile(
    f"(?:好的?|那|麻烦|帮我|给我|下单|都|菜|{_GUESTS})*(?:"
    f"(?:先|暂时|都)*叫起(?:单|的)?"
    f"|(?:先|暂时|都|菜)*(?:别|不|不要|不用|莫)(?:急着?|忙)?(?:先)?(?:做|上菜?|下锅|炒|起菜|出菜)(?:{_GUESTS}(?:人|客人?|朋友|大家|他们?)(?:都)?(?:到|来)?齐?(?:了|之后|以后)*(?:再|才)(?:叫|做|上菜?|下锅|炒|起菜)|{_GUESTS}等我(?:通知|说|叫)(?:了)?(?:再(?:做|上菜?))?|{_GUESTS}听我(?:通知|说))"
    f"|(?:等|先等)?(?:人|客人?|朋友|大家)(?:都)?(?:到|来)?齐(?:了|之后|以后)?再(?:做|上菜?|下锅|炒|起菜|出菜)"
    f"|等(?:我)?(?:通知|说|叫)(?:了)?再(?:做|上菜?|起菜|下锅)"
    ")(?:吧|啊|哈|了|谢谢)*"
)
_NOT_YET = re.compile(  # of an order that waits for its yes
    f"(?:好的?|那|对|嗯|行|可以|确认|下单|但是?|麻烦|帮我|给我|都|菜|{_GUESTS})*"
    "(?:(?:先|暂时|暂且)(?:都|全)?(?:别|不|不要|不用|莫要?)(?:急着?|忙着?|慌)?|(?:别|不|不要|不用|莫要?)(?:急着?|忙着?|慌|先)"
    "|(?:晚|迟|等)(?:一?点|一?会儿?|一?下)再)"
    f"(?:做|上菜?|下锅|炒|起菜|出菜|烧)(?:了|吧|啊|哈|谢谢|{_GUESTS})*"
)
_HOLD_BESIDE = re.compile(
    "先(?:都|全)?(?:别|不|不要|不用|莫)(?:急着?)?(?:做|上(?![网次])|炒|下锅|起菜|出菜)|(?:别|不|不要|莫)(?:急着?|忙着?|慌|先)(?:做|上|炒|下锅|起菜|出菜)"
    "|叫起|齐了?再(?:做|上|起菜|下锅|炒)|等(?:我)?通知再(?:做|上|起菜)|没(?:来|到)?齐.{0,4}先?(?:别|不|莫|不要)(?:急着)?(?:做|上|炒|下锅)"
)
_WAIT_WORD = re.compile("叫起(?:单|的)?")
_FIRE = re.compile(
    "(?:好了?|那|我们?|人|客人|朋友|大家|都|到|来|齐|了|可以|能|现在|麻烦|帮我们?|给我们?|请|就|开始|直接)*"
    "(?:起菜|走菜|上菜|出菜|开始(?:做|炒|上)菜?|下锅|(?<=可以)(?:做|上))(?:了|吧|啊|哈|谢谢|可以)*"
)
_SOONER = re.compile("先|第一个|早点|最后|后|晚|慢|迟")
_DISH = "ǁ"  # stands for a dish that is named
_FIRST = re.compile(
    f"(?:麻烦|请|把|让|那个?|帮我|给我|我们?|的|我点的)*{_DISH}(?:(?:和|跟|与)?{_DISH})*(?:可以|能不能|能|麻烦|帮我|给我|就|让)*"
    "(?:(?P<last>(?:放|留)?(?:到|在)?最后|(?:晚|慢|迟)一?点�?|后面|靠后|等会儿?|饭后|吃完饭)再?|最?先|优先|第一个|早点)(?:给我|帮我)?(?:上|做|出|炒|上菜|上桌)(?:来|过来|了|吧|啊|哈|谢谢|可以|行|好|吗)*"
)
_TABLE = "(?P<table>[a-z]{1,2}[0-9]{1,3}|[0-9]{1,3}(?=号?桌|号?台))"
_MOVE = "(?:换|挪|搬|转|移|调)(?:到|去|成|个|张|至)?"
_CHANGE_TABLE = re.compile(
    f"(?:我们?|咱们?|想|要|能不能|能|可以|可不可以|请|麻烦|帮我们?|给我们?|把|这桌|桌子?|已经|刚)*(?:{_MOVE}{_TABLE}号?(?:桌|台|那桌|桌子)?(?:去|来|坐)?|{_MOVE}(?:一?[张个])?(?P<area>[一-鿿]{{0,4}}?)的?(?:桌子?|桌位|餐桌))"
    "(?:吃|行吗|可以吗|好吗|吗|吧|了|谢谢)*"
)
_AGAIN = re.compile(
    "(?:我们?|就|还是|还|那|来|按|照|跟|和|像|给我|帮我|再|一份|一遍|一样|点|上|都)*"
    "(?:老样子|老规矩|老三样|照旧|照老样子|(?:上次|上回|上一次|前一次|以前|之前|昨天|上周|前几天)(?:点|吃|来|要|下单?)?(?:过)?的?(?:那些|那几个|那几样|那份|那套|那单|订单|菜|单子)*)"
    "(?:一样的?|再?来一?[份遍次套]?|再?[点上]一?[份遍次]?|照旧|照样|重新下一?单|下单|一份|一遍|的|都|就行|就好|吧|啊|哈|谢谢)*"
)
_AGAIN_BESIDE = re.compile("老样子|老规矩|照旧|[上]次|上回|以前(?:点|吃)|之前点")
_BRING_NOW = re.compile("起菜|走菜|(?:可以|能|开始)上菜(?!了?[吗没么])|上菜吧")
_OTHER_TABLE = re.compile("[换挪搬移](?:到|去|成)?(?:一?[张个])?.{0,5}?[桌座位]")
_MOVES = re.compile("[换挪搬移](?:到|去|成)")
_TABLE_CODE = re.compile("(?<![a-z0-9])(?:[a-z]{1,2}[0-9]{1,3}|[0-9]{1,3}(?=号?[桌台]))(?![0-9])")
_TABLE_IN_WORDS = re.compile("(?P<n>[一二三四五六七八九十]{1,3})号(?:桌|台)")
_LONG_SINCE = re.compile(  # 「都20分钟了」
    "(?:我们?|都|这都|已经|等了?|快|过了?)*(?:[0-9]{1,3}|[一二两三四五六七八九十半]{1,3})多?个?(?:分钟|小时|钟头)了(?:都|啊|哎|还没好?|吧)*"
)
_POINTS_AT = re.compile("^(?:我|想|问|一下|请问|那|刚才|刚刚|点|的|这|那|个|道|菜|份|它|碗|盘|啊|呢)*$")


def dining_in(text: str, menu: MenuIndex, *, wanted: frozenset[str]) -> tuple[Command, ...]:
    """What a short message at the table asks, when it is nothing else.

    Args:
        wanted: The kinds of values that open flows take: `wait` is set where the checkout is open.

    Returns:
        `checkout` with `wait` (「先别做，人齐了再上」), or `fire_courses`, `change_table` with `table` or `area`, `serve_first` with
        `dishes` and the words that put them `last`, `repeat_order`.
    """
    if len(text) > _MOST_READ or "?" in text or "？" in text:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    named = _WAIT_WORD.sub("", said)
    if _HOLD.fullmatch(said) or ((WAIT in wanted or named != said) and _NOT_YET.fullmatch(named)):
        return (SetSlot(WAIT, True),) if WAIT in wanted else (Start(_CHECKOUT, {WAIT: True}),)
    if _FIRE.fullmatch(said):
        return (Ask(FIRE_COURSES),)
    if _LONG_SINCE.fullmatch(said) and not wanted:
        return (Ask(RUSH_ORDER, {"dishes": []}),)
    first = _served_first(text, menu)
    if first:
        return (Ask(SERVE_FIRST, first),)
    moved = _CHANGE_TABLE.fullmatch(said)
    if moved is not None:
        return (
            Ask(CHANGE_TABLE, {"table": moved["table"].upper()} if moved["table"] else {"area": moved["area"]} if moved["area"] else {}),
        )
    if len(said) > _LEAST_AGAIN and _AGAIN.fullmatch(said) and not any(dish.exact for dish in menu.find(text)):
        return (Ask(REPEAT_ORDER),)
    return ()


def _served_first(text: str, menu: MenuIndex) -> dict[str, Any]:
    """The dishes that are to come before the others, or `last`: 「宫保鸡丁先上」 and 「冰粉最后上」 order no other one."""
    if not _SOONER.search(text):
        return {}
    spelled = normal_form(text).text
    dishes = [dish for dish in menu.find_spelled(spelled) if dish.exact and len(dish.dish_ids) == 1]
    for dish in sorted(dishes, key=lambda dish: -dish.start):
        spelled = spelled[: dish.start] + _DISH + spelled[dish.end :]
    said = _FIRST.fullmatch(_SIGNS.sub("", spelled))
    if said is None:
        return {}
    named = {"dishes": list(dict.fromkeys(dish.dish_ids[0] for dish in dishes))}
    return named | {LAST: text.strip()} if said["last"] else named


def rushes(text: str) -> bool:
    """Whether who asks how far the food is wants it sooner: 「怎么还没上」, 「催一下」."""
    return _RUSH.search(normal_form(text).text) is not None


def rush_args(text: str, menu: MenuIndex) -> dict[str, Any]:
    """Which dishes are to be hurried: their ids in `dishes`; none means all that is not on the table."""
    return {"dishes": list(dict.fromkeys(dish.dish_ids[0] for dish in menu.find(text) if dish.exact and len(dish.dish_ids) == 1))}


def brings_now(text: str) -> bool:
    """Whether who speaks of ordering wants what was ordered brought now: 「人都到齐了，可以起菜」."""
    return _BRING_NOW.search(normal_form(text).text) is not None


def table_wished(text: str) -> dict[str, str] | None:
    """The arguments of `change_table` when who calls a waiter wants another table; None when not."""
    spelled = normal_form(text).text
    codes = list(_TABLE_CODE.finditer(spelled))
    code = codes[-1] if codes else None  # 「从A01换到A06」
    if not (_OTHER_TABLE.search(spelled) or (code and _MOVES.search(spelled[: code.start()]))):
        return None
    return {"table": code[0].upper()} if code else {}


def table_named(text: str) -> str | None:
    """The code of a table that a message names: 「A03加水」, 「12号桌叫人」."""
    spelled = normal_form(text).text
    code, in_words = _TABLE_CODE.search(spelled), _TABLE_IN_WORDS.search(spelled)
    if code is None and in_words is not None:  # 「五号桌加水」
        return str(read_number(in_words["n"]) or "") or None
    return code[0].upper() if code else None


def waits(text: str) -> bool:
    """Whether the dishes of an order in the same message are to wait: 「…，叫起」."""
    return _HOLD_BESIDE.search(normal_form(text).text) is not None


def repeats(text: str) -> bool:
    """Whether an order without dishes is the one of last time."""
    return _AGAIN_BESIDE.search(normal_form(text).text) is not None


def points_at_dish(beside: str) -> bool:
    """Whether the words beside a question about a dish only point at it (这个, 刚才点的), so that it is the one last spoken of."""
    return _POINTS_AT.fullmatch(_SIGNS.sub("", normal_form(beside).text)) is not None
