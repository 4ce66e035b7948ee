"""What a member says of their own profile in closed words: what is noted, that something goes, that they leave; and its answers."""

import re
from collections.abc import Mapping

from bot.dialogue.commands import Ask, Command, SetSlot
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.birthdays import find_birthdays
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.wish_details import diet_in, foods_avoided

UPDATE_PROFILE, SET_BIRTHDAY, LEAVE_MEMBERSHIP = "update_profile", "set_birthday", "leave_membership"
MEMBER_CODE = "member_code"
BIRTHDAY, FAVOURITES, DIET = "birthday", "favourites", "diet"
"""The kinds of values that the flows of a profile take."""
SHOW, REMOVE = "show", "remove"

_MOST_READ = 24  # characters
_CODE = re.compile("会员卡?的?(?:二维|条形?|付款)?码")
_SIGNS = re.compile(r"[\W_]+")
_BETWEEN_DISHES = re.compile(r"(?:[\W_]|和|跟|还有|以及|加|再|就|那|选|设|要|吧|这|[两三23]道|都|了)*")
_OTHER_WISH = re.compile("[点订]餐?$|[桌位座订定预]|[0-9一二两三四五六七八九十]+点|晚上|中午|下午|上午")
_THINGS: Mapping[str, str] = {
    FAVOURITES: "(?:心头好|最爱(?:的?菜品?)?|(?:最?喜欢|收藏)的菜)",
    DIET: "(?:(?:饮食)?(?:口味|忌口|偏好|禁忌)(?:[和与跟、]?(?:口味|忌口))?)",
    "phone": "(?:手机号?码?|电话号?码?|联系方式|联系电话)",
    BIRTHDAY: "生日",
}
_MINE = "(?:我|的|自己|看一?下|看看|查一?下|查看|查|显示|现在|都|给我|帮我|请问|想|要|有|还|登记|记|了|什么|哪些|啥)*"
_WHAT = "(?:有|是|都|记|登记|留|设|选|填|过|的|了|哪?几[道样月日号]|什么|哪[些个天]|啥|吗|没有?|多少|菜|呢|来着|列表|看看|看一下)*"
_ASKED = re.compile("什么|哪|啥|吗|没|多少|几|看|查|列表|来着|显示|我的|^心头好$")
_DROP = "(?:删(?:掉|除|了)?|去掉|移除|取消|清(?:空|除|掉)|注销|解绑|不留了|不要了|撤[掉回])"
_TAIL = "(?:了|吧|呢|啊|呀|谢谢|行吗|可以吗|好吗|吗|都|全部)*"
_BEFORE = "(?:帮我|给我|请|麻烦|能不能|能|可以|把|我|登记|留|填|的|你们|想|要|之前)*"
_ITEM = re.compile(
    f"{_BEFORE}(?:(?:删掉?|删除|去掉|移除|取消)(?:我的?|登记的|那条)*(?:(?:忌口|口味)(?:里的|的)?(?P<noted>[一-鿿]{{1,12}}?)"
    f"|(?P<avoided>(?:不吃|不能吃|对)[一-鿿]{{1,10}}?|素食|纯素|清真|乳糖不耐受)))(?:的?(?:忌口|口味))?{_TAIL}"
)
_NOTES = "(?:记|登记|设|设置|添加|加|改|更改|修改|更新|填写?|写)(?:一下|下|个|上)?(?:我的)?"
_NOTED = {attribute: re.compile(f"{_BEFORE}{_NOTES}{thing}{_TAIL}") for attribute, thing in _THINGS.items()}
_DROPPED = {
    attribute: re.compile(
        f"{_BEFORE}(?:{_DROP}(?:我的?|登记的|留的|这个|那个)*{thing}|{thing}(?:给我|帮我|都|全部?|也|信息)*{_DROP}){_TAIL}"
    )
    for attribute, thing in _THINGS.items()
}
_SHOWN = {attribute: re.compile(f"{_MINE}{thing}{_WHAT}") for attribute, thing in _THINGS.items()}
_NOT_EATEN = re.compile("我(?:都|是|有|登记|记)*了?(?:哪些|什么)?(?:不吃|不能吃)(?:的|什么|哪些|啥|东西|有)*(?<![吃的])")
_LEAVES = re.compile(
    "(?:我|们|要|想|帮|给|请|麻烦|怎么|如何|能不能|能|可以|把|现在|直接|不|再|的)*"
    "(?:退会|退出会员|退掉?会员卡?|退卡|销卡|注销(?:我的)?会员卡?|取消(?:我的)?会员(?:资格|卡|身份)?|会员卡?(?:退了?|退掉|注销|取消|退出)"
    "|不(?:想|要)?再?[当做]会员|不要会员卡?|不想要会员卡?)(?:了|吧|吗|呢|啊|资格|身份|谢谢|可以|行|怎么|操作|办|帮我|给我|退|取消|注销|掉)*"
)


def profile_said(
    text: str, menu: MenuIndex, *, expected: str | None, confirming: str | None, wanted: frozenset[str]
) -> tuple[Command, ...]:
    """What a message says of the speaker's profile, when it is nothing else.

    Args:
        expected: The kind of value of the open question.
        confirming: The flow that was read back and waits for its yes: a new birthday there changes it.
        wanted: The kinds of values that open flows take.

    Returns:
        The value asked for; `update_profile` with `attribute` and `op` show or remove; or `leave_membership`.
    """
    answer = _answer(text, menu, expected=expected, confirming=confirming, wanted=wanted)
    if answer or len(text) > _MOST_READ:
        return answer
    said = _SIGNS.sub("", normal_form(text).text)
    if _LEAVES.fullmatch(said):
        return (Ask(LEAVE_MEMBERSHIP),)
    item = _ITEM.fullmatch(said)
    if item is not None:
        words = [item["noted"]] if item["noted"] else diet_in(item["avoided"]) or [item["avoided"]]
        return (Ask(UPDATE_PROFILE, {"attribute": DIET, "op": REMOVE, "words": words}),)
    if _NOT_EATEN.fullmatch(said):
        return (Ask(UPDATE_PROFILE, {"attribute": DIET, "op": SHOW}),)
    for attribute in _THINGS:
        of_a_dish = attribute == DIET and re.search("[改加更写]", said)
        if not of_a_dish and _NOTED[attribute].fullmatch(said):
            return (Ask(UPDATE_PROFILE, {"attribute": attribute}),)
        if _DROPPED[attribute].fullmatch(said):
            return (Ask(UPDATE_PROFILE, {"attribute": attribute, "op": REMOVE}),)
        owned = attribute in {FAVOURITES, DIET} or "我" in said  # the phone is the store's, unless 我的 is said
        if owned and _ASKED.search(said) and _SHOWN[attribute].fullmatch(said):
            return (Ask(UPDATE_PROFILE, {"attribute": attribute, "op": SHOW}),)
    return ()


def asks_code(text: str) -> bool:
    """Whether who asks for the member's card wants the code to be scanned."""
    return _CODE.search(normal_form(text).text) is not None


def _answer(text: str, menu: MenuIndex, *, expected: str | None, confirming: str | None, wanted: frozenset[str]) -> tuple[Command, ...]:
    corrects = confirming == SET_BIRTHDAY and len(text) <= _MOST_READ and not _OTHER_WISH.search(normal_form(text).text)
    if BIRTHDAY in wanted and (expected == BIRTHDAY or corrects or "生日" in text):
        dates = find_birthdays(text)
        if dates:
            return (SetSlot(BIRTHDAY, dates[-1].to_json()),)
    if expected == FAVOURITES:
        found = menu.find(text)
        beside = "".join(char for at, char in enumerate(text) if not any(dish.start <= at < dish.end for dish in found))
        if found and all(len(dish.dish_ids) == 1 for dish in found) and _BETWEEN_DISHES.fullmatch(beside):
            return (SetSlot(FAVOURITES, list(dict.fromkeys(dish.dish_ids[0] for dish in found))),)
    if expected == DIET:
        words = diet_in(text) or foods_avoided(text)
        return (SetSlot(DIET, words),) if words else ()
    return ()
