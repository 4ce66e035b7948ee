"""What was named in a message whose intent is known: the reward to redeem, what of the profile changes, what of coupons is asked."""

import re
from collections.abc import Mapping
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.birthdays import find_birthdays
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.invoice_details import read_invoice_details
from bot.understanding.wishes import FOODSTUFF

_INVOICE = re.compile("抬头(?!看|望|就)|税号|纳税人识别号|信用代码")
_SIGNS = re.compile(r"[\W_]+")
_REMEMBERS = re.compile(
    "(?:记|登记|备注)(?:一?下|住|着|好|到|得).{0,12}(?:不吃|不能吃|过敏|吃素|清真|忌口)|(?:不吃|不能吃|过敏|吃素|清真|忌口).{0,12}记(?:一?下|住|着|好|到|得)"
)
_BIRTHDAY = re.compile("生日|出生|生的|birthday|几月几")
_FAVOURITE = re.compile("最爱|心头好|最喜欢|收藏|喜欢的菜|喜欢的|爱吃的菜")
_DIET = re.compile("不吃|不能吃|吃素|素食|清真|忌口|过敏|不耐受|vegetarian|vegan|allergic|口味|默认|不要|怀孕|[少不微]辣|少[盐油糖]|忌")
_NAME = re.compile("名字|昵称|称呼|姓名|叫我|我姓")
_PHONE = re.compile("手机|电话|号码|phone|尾号|绑定|绑上")
_STORE = re.compile("常去|常用.{0,2}店|默认.{0,2}店")
_ASKED = re.compile("什么|哪些|哪几|啥|有没有|来着|记没记|记了没|几[道样]|看看我|查一?下我")
_NO_MORE = re.compile("删|去掉|移除|取消|不再|可以吃了|能吃了|不用(?:备注|记)")
_OTHER = re.compile("换成|改成|换一个|换")
_AVOIDED = re.compile(
    "(?:不吃|不能吃|不要|别放|忌口(?:加上|加|有|是)?|忌(?!口)|对)(?!太)(?P<food>[一-鿿]{1,6}?)(?:过敏|的|了|$|[\\s,，。;；!！、]|吧|啊|哦|哈|以后|谢谢|都|帮我|麻烦|请)"
)
_DIETS: Mapping[str, str] = {
    "吃素": "素食",
    "素食": "素食",
    "vegetarian": "素食",
    "vegan": "纯素",
    "清真": "清真",
    "乳糖不耐受": "乳糖不耐受",
}
_TASTES = re.compile("(?:不要?|别)太[油咸辣甜淡]|不辣|微辣|中辣|重辣|特辣|少辣|偏?清淡|少[盐油糖]|偏[淡咸甜辣酸]|重口味?")
_TASTE_TOLD = re.compile(
    f"(?:我|我们|本人|家里?|以后|平时|一般|都|的)*口味(?:是|要|比较|都|就|喜欢)*(?:(?:{_TASTES.pattern})(?:一?点儿?|一?些|的|了|也|和|要|请|做|吧|啊|哈|谢谢)*)+"
)
_CALL_ME = re.compile(
    "(?:名字|昵称|称呼|姓名)(?:帮我|给我|请)?(?:改成|改为|换成|叫|是|写)(?P<name>[\\w·]{1,20})|叫我(?P<called>[\\w·]{1,12}?)(?:就行|吧|就好|$)"
)
_AND = re.compile("[\\s,，、;；。!！~]+|和|跟|还有|以及")
_REWARD = re.compile(
    "(?:我|我们|想|要|帮|给|请|麻烦|把|拿|用|那|就|可以|能|能不能|的话|再|去)*(?:(?:我的|全部|所有)*(?:(?:[0-9]+|[一二两三四五六七八九十百千万]+)个?)?(?:积分|分))?"
    "(?:来|去|直接|给我|帮我|想|要|能|可以)*(?:兑换|对换|换成|换个|换|兑)(?:一?[个份张杯碗只])?(?P<reward>[^,，。.!！?？~]{1,20}?)"
    "(?:行吗|可以吗|可以不|好吗|吧|啊|呀|哈|吗|谢谢|要多少(?:积?分)?|要好多分|(?:用|扣|花)积?分)*\\s*[,，。.!！?？~]*$"
)
_NO_REWARD = re.compile("换|什么|啥|哪些|礼品|礼物|东西|怎么|积分|奖品|优惠券$|列表|多少")
_EXPIRY = re.compile("过期|到期|有效期|作废|失效|延期")
_CANNOT = re.compile("用不[了上]|不能用|没法用|抵不掉|为[啥什]|使不了")
_MISSING = re.compile("没[到看发有收给]|哪去了|到了没|在哪|怎么还没")
_LESS = re.compile("少|扣|没了|变[少成]|花到|用到|去哪|被")
_TOLD = re.compile("到账|积了?几|加了没|没(?:加|积|给)|给了没|送了?多少|哪来|怎么来")


def names_invoice(text: str) -> bool:
    """Whether a message speaks of nothing but an invoice's title or tax number can mean anything else."""
    return _INVOICE.search(normal_form(text).text) is not None


def names_diet(text: str) -> bool:
    """Whether a message tells what is not eaten or how one likes it: 「记一下我们不吃猪肉」, 「我口味偏辣」 are not about a dish."""
    spelled = normal_form(text).text
    return _REMEMBERS.search(spelled) is not None or _TASTE_TOLD.fullmatch(_SIGNS.sub("", spelled)) is not None


def details_of(intent: str, text: str, args: Mapping[str, Any], menu: MenuIndex) -> dict[str, Any]:
    """The arguments of an intent with what its words name.

    Args:
        intent: request_invoice, update_profile, redeem_points, my_coupons or points_history; of others the arguments stay.
        args: What is known already: phone, time, store and the like.
    """
    said = {**args}
    match intent:
        case "request_invoice":
            return {key: value for key, value in said.items() if key != "birthday"} | read_invoice_details(text).to_args()
        case "update_profile":
            return _profile(text, said, menu)
        case "redeem_points":
            return said | _reward(text, said.get("coupon"), menu)
        case "my_coupons":
            return said | _topic(text, expiry=_EXPIRY, unusable=_CANNOT, missing=_MISSING)
        case "points_history":
            return said | _topic(text, earned=_TOLD, less=_LESS)
    return said


def _topic(text: str, **topics: re.Pattern[str]) -> dict[str, str]:
    spelled = normal_form(text).text
    topic = next((name for name, pattern in topics.items() if pattern.search(spelled)), None)
    return {"topic": topic} if topic else {}


def _reward(text: str, coupon: str | None, menu: MenuIndex) -> dict[str, Any]:
    """`reward` in the diner's words, and `dish_id` where it is a dish of the menu."""
    form = normal_form(text)
    match = _REWARD.search(form.text)
    words = match["reward"].strip() if match else ""
    if not words or _NO_REWARD.search(words):
        return {"reward": coupon} if coupon else {}
    dishes = [dish for dish in menu.find(words) if len(dish.dish_ids) == 1]
    return {"reward": words} | ({"dish_id": dishes[0].dish_ids[0]} if len(dishes) == 1 else {})


def _profile(text: str, args: dict[str, Any], menu: MenuIndex) -> dict[str, Any]:
    """`attribute` is what changes (birthday, phone, favourites, diet, name, store), and its new value stands beside it."""
    spelled = normal_form(text).text
    kept = {key: value for key, value in args.items() if key in {"phone", "store"}}
    dates = find_birthdays(text)
    gone = {"op": "remove"} if _NO_MORE.search(spelled) else {}
    if _BIRTHDAY.search(spelled):
        return kept | {"attribute": "birthday"} | ({"birthday": dates[-1].to_json()} if dates else gone)
    op = "remove" if gone else "show" if _ASKED.search(spelled) else "swap" if _OTHER.search(spelled) else "add"
    if _FAVOURITE.search(spelled):
        ids = list(dict.fromkeys(dish.dish_ids[0] for dish in menu.find(text) if len(dish.dish_ids) == 1))
        return kept | {"attribute": "favourites", "op": op, "dishes": ids}
    if "phone" in args or _PHONE.search(spelled):
        return kept | {"attribute": "phone"} | (gone if "phone" not in args else {})
    called = _CALL_ME.search(spelled)
    if called is not None or _NAME.search(spelled):
        return kept | {"attribute": "name"} | ({"name": called["name"] or called["called"]} if called else {})
    if "store" in args and _STORE.search(spelled):
        return kept | {"attribute": "store"}
    if _DIET.search(spelled):
        words = [] if op == "show" else diet_in(text)
        return kept | {"attribute": "diet", "op": "add" if op == "swap" else op, "words": words}
    return args


def foods_avoided(text: str) -> list[str]:
    """What is not eaten, where a message is nothing but what dishes are made of: 「香菜、花生」; else nothing."""
    foods = [food for food in _AND.split(normal_form(text).text.strip()) if food]
    return [f"不吃{food}" for food in foods] if foods and all(food in FOODSTUFF for food in foods) else []


def diet_in(text: str) -> list[str]:
    """What is not eaten, or how everything is to be made, of a message about that."""
    spelled = normal_form(text).text
    avoided = [f"不吃{match['food']}" for match in _AVOIDED.finditer(spelled)]
    diets = [diet for words, diet in _DIETS.items() if words in spelled]
    return list(dict.fromkeys([*avoided, *diets, *(match[0] for match in _TASTES.finditer(spelled))]))
