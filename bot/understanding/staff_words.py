"""What staff write, as closed words: 「估清 红烧肉」, 「0087 好了」, 「A03 我来」, 「待办」; and the code that makes somebody staff.

What staff write at the door is read in door_words.py, what they write about bookings in desk_words.py.
A diner who writes the same is understood as a diner, but for the code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.dialogue.commands import Ask, Command
from bot.understanding.desk_words import bare_answer, desk_asked, desk_said
from bot.understanding.door_words import bare_party, door_asked, door_said
from bot.understanding.normal_form import blanked, normal_form
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.stores import StoreIndex
from bot.understanding.table_words import MARKED, marked, unmarked
from domain.shop.hours import Week

BIND, UNBIND = "bind_staff", "unbind_staff"
SOLD_OUT, ON_SALE, MOVE_ORDER = "mark_sold_out", "mark_on_sale", "mark_served"
CALLS, TAKE_CALL, FINISH_CALL = "open_calls", "take_call", "finish_call"
TASKS, HAND_BACK = "open_tasks", "hand_back_talk"
RUSH_TABLE = "rush_table_order"
OPTION = "option"

_MOST_READ: Final = 60  # characters
_LONGEST_STORE: Final = 16  # characters of a store's name with its brand
_AROUND: Final = " ,，:：、的"
_SIGNS = re.compile(r"[\W_]+")
_BIND = re.compile(r"绑定(?:员工|店员|账号|工号|码)*([0-9]{6})")
_UNBIND = re.compile("(?:解绑|解除绑定|取消绑定)(?:员工|店员|账号|工号)*")
_WHICH = (
    "(?:(?P<number>[0-9]{4})(?:号|单|号单|号订单|订单)?|(?P<table>" + MARKED + "|[a-z]{1,2}[0-9]{1,3}|[0-9]{1,3}(?=号?[桌台]))号?[桌台]?)"
)
_OF_ORDER: Mapping[str, re.Pattern[str]] = {
    "served": re.compile(
        "(?:菜|都|全部?|已经?|可以)*(?:上齐|上完|上桌|传完|菜齐|齐了|上好)(?:了|菜)?|(?:客人|已经?|被)*(?:取走|拿走|取了|自提)了?|served"
    ),
    "ready": re.compile(
        "(?:已经?|都|菜)*(?:好了|做好了?|出(?:餐|菜)?(?:了|完成|好了)|出餐|出锅了?|可以(?:取|上|拿|走菜)(?:了|餐了)?|打包好了?)|ready"
    ),
    "accepted": re.compile("(?:接单|接了|接受|收到|已接)(?:了|单)?"),
    "cooking": re.compile("(?:开始做|在做|正在做|下锅|开做|起锅)了?"),
}
_CALLS = re.compile(
    "(?:我?看一?下?|查看?|看看|有没有|有|现在|目前|还有|哪些|什么|所有|未接|待接|的|客人)*(?:服务)?呼叫(?:列表|单|有哪些|情况|呢|吗)*"
    "|(?:现在|还有)?(?:谁|哪[张个]?桌|几号桌)(?:的?客人)?(?:在|还在)?(?:叫人?|呼叫|喊人?|按铃)(?:服务员)?(?:呢|了|我们)?"
)
_RUSHES = re.compile("(?:的?(?:客人|菜|单|订单))*(?:在|又|再|帮忙?|麻烦)*(?:催(?:了?一?下|菜|单|一催)?|加急)(?:了|吧|菜)?")
_RUSHES_AHEAD = re.compile("(?:再|帮忙?|麻烦)?催(?:一?下|菜|单)?|加急")
_TAKE = re.compile("(?:的?(?:服务|呼叫)?)(?:我(?:来|去|接|马上[来去到]|这就[来去到])|(?:马上|这就)[来去到])(?:了|吧)?")
_TAKE_AHEAD = re.compile("(?:我|我来|我去)?(?:接|去)")
_DONE = re.compile(
    "(?:的)?(?:服务|呼叫|[加续]水|纸巾?|椅子)?(?:处理|弄|加|拿|送|收拾|搞|办|换|送去?|拿去?)(?:好|完|定|过去|到|过)了|(?:搞定|办妥)了?"
)
_TASKS = re.compile("(?:我?看一?下?|查看?|看看|我的|今天的?|有|哪些|什么|还有)*(?:待办|任务)(?:事项|列表|清单|有哪些|呢)*")
_BACK = "(?:交还|交回|转回|还给|交给)(?:给)?(?:机器人|系统|小助手|好味)?"
_TALK = "(?:的|客人|会话|对话|聊天)*"
_HANDS_BACK = re.compile(f"{_TALK}{_BACK}(?:了|吧)?")
_HANDS_BACK_AHEAD = re.compile(f"(?:把)?{_BACK}")
_STOPS = re.compile(
    "(?:今天|今日|把|都|先|全部|已经?|的|请)*(?:估清|沽清|售罄|停售|下架|停卖|卖完|卖光|售完|卖没|没有?(?=了)|不[卖做])(?:了|掉|吧)*"
)
_RESUMES = re.compile(
    "(?:今天|现在|把|都|的|重新|又|可以)*(?:又有|到货|补货|取消(?:估清|沽清|售罄|停售)|恢复(?:供应|销售|上架|售卖|估清|沽清)?|重新上架|上架|可以卖|能卖|开卖)(?:了|吧|啦)*"
)
_SALE_AHEAD = re.compile(  # no part of the dish's name that follows at once
    r"^\s*(?:今天|今日|把|先|请)*(?:取消(?:[估沽]清|售罄|停售)|[估沽]清|售罄|停售|下架|停卖|恢复(?:供应|销售|售卖)?|(?:重新)?上架)(?=\S)"
)
_SELLS_AGAIN = re.compile("恢复|取消[估沽售停]|重新上架|到货|补货|又有|可以卖|能卖了|开卖")
_STOPS_FIRST = re.compile("(?<!取消)(?:[估沽]清|售罄|停售|停卖|下架|卖[完光没]|售完|没有?了|不[卖做]了?).*(?:恢复|重新上架|再上|再卖)")
_SOME_LEFT = re.compile("剩|还能卖|还有|限量")
_LEFT_NOW = re.compile(
    "(?:今天|今日|现在|目前|都|就|只|仅|还|最后|大概)*(?:剩下?余?|有|能卖|限量)(?:了)?(?:[0-9]+|[一二两三四五六七八九十半几]+)[一-鿿]{1,2}(?:了|啦|可以卖)?"
)


def code_said(text: str) -> tuple[Command, ...]:
    """「绑定 123456」, from whoever has the code."""
    if len(text) > _MOST_READ:
        return ()
    match = _BIND.fullmatch(_SIGNS.sub("", normal_form(text).text))
    return (Ask(BIND, {"code": match[1]}),) if match else ()


def staff_said(
    text: str,
    menu: MenuIndex,
    stores: StoreIndex | None = None,
    *,
    tables: Sequence[str] = (),
    now: datetime | None = None,
    hours: Week | None = None,
) -> tuple[Command, ...]:
    """What a short message of a member of staff asks, when it says nothing else but the store it is about, before it or behind.

    Args:
        stores: Whose names are understood; None for none.
        tables: Codes that are known for tables though they are not written like A03.
        now: The wall clock of the store; None where days are not read.
        hours: When it is open.
    """
    if len(text) > _MOST_READ:
        return ()
    asked = _asked(text, menu, tables, now, hours)
    if asked or stores is None:
        return asked
    for store_id, rest in _stores_beside(text, stores):
        asked = _asked(rest, menu, tables, now, hours)
        if asked:
            return tuple(replace(ask, args=ask.args | {"store": store_id}) for ask in asked)
    return ()


def _stores_beside(text: str, stores: StoreIndex) -> Iterator[tuple[str, str]]:
    """The store that a text begins or ends with, and the rest; the longest names first, parts of names after them."""
    for length in range(min(_LONGEST_STORE, len(text) - 1), 1, -1):
        for name, rest in ((text[:length], text[length:]), (text[-length:], text[:-length])):
            spans = stores.find(name.strip(_AROUND))
            covers = len(spans) == 1 and len(spans[0].words) == len(name.strip(_AROUND))
            if covers and len(spans[0].store_ids) == 1:
                yield spans[0].store_ids[0], rest.removeprefix("的")


def bare_said(text: str) -> tuple[Command, ...]:
    """What a few words of a member of staff mean where nothing is open that they could answer: 「同意」, 「没来」."""
    return bare_party(marked(text, ())) or bare_answer(text)


def _asked(text: str, menu: MenuIndex, tables: Sequence[str], now: datetime | None, hours: Week | None) -> tuple[Ask, ...]:
    said = marked(text, tables)
    if "?" in text or "？" in text:
        return door_asked(said) or desk_asked(text, now=now, hours=hours)
    for pattern, intent in ((_UNBIND, UNBIND), (_CALLS, CALLS), (_TASKS, TASKS)):
        if pattern.fullmatch(said):
            return (Ask(intent),)
    asked = door_said(said) or desk_said(text, now=now, hours=hours) or _about_place(said) or _about_dishes(text, menu)
    return tuple(
        replace(ask, args={key: unmarked(value, tables) if isinstance(value, str) else value for key, value in ask.args.items()})
        for ask in asked
    )


def order_args(text: str) -> dict[str, Any]:
    """The arguments of `mark_served`: `number` or `table`, and `to`, the state; 「上齐了」 when nothing else is said."""
    spelled = normal_form(text).text
    which = re.search(f"(?<![0-9a-z]){_WHICH}", spelled)
    to = next((state for state, words in _OF_ORDER.items() if words.search(spelled)), "served")
    return {"to": to} | (_which(which) if which else {})


def sale_of(text: str, args: Mapping[str, Any], menu: MenuIndex) -> Command:
    """`mark_sold_out` or `mark_on_sale`.

    Returns:
        Its arguments: `dishes` are ids, `candidates` those of one name that several dishes fit, `some_left` when it is not over,
        `option` when a way of making it is meant (大宽), and not the dish.
    """
    spelled = normal_form(text).text
    spans = menu.find(text)
    option = _option_said(text, menu, [(span.start, span.end) for span in spans])
    dishes = list(dict.fromkeys(span.dish_ids[0] for span in spans if len(span.dish_ids) == 1))
    several = next((list(span.dish_ids) for span in spans if len(span.dish_ids) > 1), None)
    found: dict[str, Any] = {"dishes": dishes} if dishes or not several else {"candidates": several}
    if option:
        return Ask(ON_SALE if _SELLS_AGAIN.search(spelled) else SOLD_OUT, found | {OPTION: option})
    if _STOPS_FIRST.search(spelled):
        return Ask(SOLD_OUT, found)  # 「停售，明天恢复」: of today; tomorrow it is sold by itself
    if "time" in args:
        found["time"] = args["time"]
    if _SELLS_AGAIN.search(spelled):
        return Ask(ON_SALE, found)
    return Ask(SOLD_OUT, found | ({"some_left": True} if _SOME_LEFT.search(spelled) else {}))


def _about_place(said: str) -> tuple[Ask, ...]:
    """「A03 上齐了」, 「接 A03」, 「0087 催一下」, 「0087 交还」."""
    which = re.search(_WHICH, said)
    if which is None:
        return ()
    ahead, behind, place = said[: which.start()], said[which.end() :], _which(which)
    if not ahead:
        for state, words in _OF_ORDER.items():
            if words.fullmatch(behind):
                return (Ask(MOVE_ORDER, place | {"to": state}),)
    if (not ahead and _RUSHES.fullmatch(behind)) or (_RUSHES_AHEAD.fullmatch(ahead) and re.fullmatch("(?:的?(?:菜|单))?", behind)):
        return (Ask(RUSH_TABLE, place),)
    if (ahead in {"", "把"} and _HANDS_BACK.fullmatch(behind)) or (_HANDS_BACK_AHEAD.fullmatch(ahead) and not behind):
        return (Ask(HAND_BACK, place),)
    if "table" in place:
        if (not ahead and _TAKE.fullmatch(behind)) or (_TAKE_AHEAD.fullmatch(ahead) and behind in {"", "呼叫", "的呼叫"}):
            return (Ask(TAKE_CALL, place),)
        if not ahead and _DONE.fullmatch(behind):
            return (Ask(FINISH_CALL, place),)
    return ()


def _about_dishes(text: str, menu: MenuIndex) -> tuple[Ask, ...]:
    """「估清 红烧肉」, 「红烧肉、米饭 沽清」, 「红烧肉 恢复供应」: whole names, and nothing beside them."""
    text = _SALE_AHEAD.sub(lambda match: f"{match[0]} ", text)
    spans = [span for span in menu.find(text) if span.exact and len(span.dish_ids) == 1]
    taken = [(span.start, span.end) for span in spans]
    option = _option_said(text, menu, taken)
    if option:
        beside = _SIGNS.sub("", normal_form(text).text).replace(_SIGNS.sub("", normal_form(option).text), "")
        stops, resumes = _STOPS.fullmatch(beside), _RESUMES.fullmatch(beside)
        return (Ask(SOLD_OUT if stops else ON_SALE, {OPTION: option}),) if stops or resumes else ()
    if not spans:
        return ()
    rest = re.sub("[和跟与]", "", _SIGNS.sub("", normal_form(blanked(text, taken)).text))
    dishes = list(dict.fromkeys(span.dish_ids[0] for span in spans))
    for words, intent in ((_STOPS, SOLD_OUT), (_RESUMES, ON_SALE)):
        if words.fullmatch(rest):
            return (Ask(intent, {"dishes": dishes}),)
    return (Ask(SOLD_OUT, {"dishes": dishes, "some_left": True}),) if _LEFT_NOW.fullmatch(rest) else ()


def _option_said(text: str, menu: MenuIndex, taken: Sequence[tuple[int, int]]) -> str:
    """A choice of the menu's dishes that is named outside the dishes' names, the longest first; "" for none."""
    left = blanked(text, taken)
    choices = {option for entry in menu.entries.values() for option in entry.options if len(option) > 1}
    return next((option for option in sorted(choices, key=len, reverse=True) if option in left), "")


def _which(match: re.Match[str]) -> dict[str, str]:
    return {"number": match["number"]} if match["number"] else {"table": match["table"].upper()}
