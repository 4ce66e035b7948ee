"""Who pays what: 「AA」, 「分开付，红烧肉和米饭我付」, 「我来付」."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.commands import Ask, Command
from bot.understanding.normal_form import normal_form
from bot.understanding.order_lines import portions
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.quantities import PEOPLE, find_spelled

SPLIT_BILL, JOIN_BILLS = "split_bill", "join_bills"
_MAY_SPLIT = re.compile("[付摊单请账]|aa|平分|算我")
_EVENLY = re.compile("aa|平摊|平分|均摊|分摊|一人(?:付|出)?一[半份]|各[付出]一半|我付一半")
_BY_DISH = re.compile("分开[付结算买]|各[付买结]各|分单|拆单|自己[付结]自己|单独[付结]|我只[付结]|分账")
_ALL_MINE = re.compile("我来付|我请|我全付|算我[的头账]|我付.{0,3}(?:别|不要|不用)让?他们?|别让他们?付|我一个人付")
_MINE_OF_THEM = re.compile("我.{0,3}[付结出]|算我")
_WE = (
    "(?:[俩仨]|[0-9一二两三四五六七八九十]{1,2}个?人|我们?|咱们?|大家|几个人|想|要|就|那|今天|能不能|能|可以|可不可以|帮我们?|给我们?|麻烦|一起"
    "|这[顿单桌])*"
)
_EVEN = re.compile(
    f"{_WE}(?:aa制?(?:付|结账|买单|付款|怎么付)?|平[摊分](?:付|付款|结账)?|均摊|分摊|每?一?人[付出]一(?:份|半)|各[付出]一半"
    "|每人付自己那份)(?:行吗|可以吗|好吗|吗)?"
)
_MINE = re.compile(
    "(?:今天|这顿|这桌|这单|都|我说|让)*(?:我来付|我付|我请客?|我请|我来请|我全付|我来结|都?算我(?:的|头上|账上)|我一个人付)"
    "(?:钱|款|账|就行|就好|好了|了)*(?:别让他们?付|你们别抢)?"
)
_PAID = "(?:[付结]|买单|出|请)(?:账|款|钱)?"
_LIST = "@(?:(?:和|跟|与|、|还有|加)?@)*"
_PART_OF = (
    f"(?:{_LIST}(?:这?[几两]?[个道样份])?(?:的钱)?(?:归|算|是)?(?:我的?)(?:来|自己)?(?:{_PAID})?"
    f"|我(?:就|只|来|自己)*{_PAID}{_LIST}(?:的钱?)?|{_LIST}(?:分开|单独){_PAID})"
)
_OTHERS_PAY = "(?:(?:其他|其余|剩下)的?(?:他们|别人)[付出]?)?"
_POLITELY = "(?:行吗|行不行|可以吗|好吗|吗)?"
_JOINS = re.compile("\\s*的?\\s*")
_FOLLOWS = re.compile("(?:归|算|是|我|的|只|就|来|自己|要|付|其中|\\s)*")
_ALONE = f"(?:分开{_PAID}|分单|各付各的|各[付买结]各(?:的|单|账)?|自己付自己的|单独{_PAID}|拆单|分开算|分账|我只付我自己(?:点)?的)"
_APART = re.compile(f"{_WE}(?:{_ALONE}{_POLITELY}{_OTHERS_PAY}(?:{_PART_OF})?|{_PART_OF}(?:{_ALONE})?{_OTHERS_PAY})")

_TOGETHER = re.compile(
    "(?:算了|还是|我们?|咱们?|大家|就|那|不分开?了|把|帮我们?|麻烦|两[张个]|分开的?|账单|的)*"
    "(?:(?:账单|单子?|账)?(?:合并|合起来|合到一起|合一起|合成一[张单]|并到?一起|并成一[张单]|并)(?:账单|单子?|账|买单|结账|付款?|一起付)?"
    "|(?:合|并)[单账]|一起(?:付|结|买单|结账|付款|买|算)|不(?:要)?分(?:开付?|单|账)?了|不拆(?:单|开)?了|取消(?:分单|分开付|拆单))"
    "(?:就行|好了|吧|了|啊|呀|谢谢)*"
)


def split_in(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """「AA」, 「分开付，红烧肉和米饭我付」, 「我付两份红烧肉」, 「我来付」: who pays what; nothing where a message says more.

    Returns: `join_bills` (「一起付」), or
        `split_bill` with `mode` (even: so many equal parts, `n` or None; dishes: `dishes` are the speaker's, each a `dish_id` with
        `n` portions, None for all of it; mine: all of it).
    """
    spelled = normal_form(text).text
    if _TOGETHER.fullmatch("".join(filter(str.isalnum, spelled))):
        return (Ask(JOIN_BILLS),)
    if not _MAY_SPLIT.search(spelled):
        return ()
    counted = _counted(spelled, menu)
    for start, end, sign in sorted(counted.spans, reverse=True):
        spelled = spelled[:start] + sign + spelled[end:]
    plain = re.sub("[\\s,，。.;；!！~]|谢谢|吧$|哈$|啊$|呀$", "", spelled)
    people = find_people(text)
    without_people = plain
    for span in people:
        without_people = without_people.replace(normal_form(text[span.start : span.end]).text, "")
    if _EVEN.fullmatch(without_people) or _EVEN.fullmatch(plain):
        return (_split("even", n=people[0].party.n if people else None),)
    if _MINE.fullmatch(plain):
        return (_split("mine"),)
    if _APART.fullmatch(plain) and (counted.dishes or "@" not in plain):
        return (_split("dishes", counted.dishes),)
    return ()


def split_beside(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """The same of a message that is known to be about paying, whatever else it says."""
    spelled = normal_form(text).text
    people = find_people(text)
    if _EVENLY.search(spelled):
        return (_split("even", n=people[0].party.n if len(people) == 1 else None),)
    dishes = _counted(spelled, menu).dishes
    if _BY_DISH.search(spelled) or (dishes and _MINE_OF_THEM.search(spelled)):
        return (_split("dishes", dishes),)
    return (_split("mine"),) if _ALL_MINE.search(spelled) else ()


@dataclass(slots=True)
class _Counted:
    """The dishes that a text names, with how many of each (as a string, None for all), and what their words and counts take up in it."""

    dishes: dict[str, str | None] = field(default_factory=dict)
    spans: list[tuple[int, int, str]] = field(default_factory=list)


def _counted(spelled: str, menu: MenuIndex) -> _Counted:
    found = _Counted()
    dishes = [dish for dish in menu.find_spelled(spelled) if dish.exact and len(dish.dish_ids) == 1]
    for dish in dishes:
        found.dishes.setdefault(dish.dish_ids[0], None)
        found.spans.append((dish.start, dish.end, "@"))
    for quantity in find_spelled(spelled, [(dish.start, dish.end) for dish in dishes]):
        before = next((dish for dish in dishes if _JOINS.fullmatch(spelled, quantity.end, dish.start)), None)
        behind = next((dish for dish in reversed(dishes) if _FOLLOWS.fullmatch(spelled, dish.end, quantity.start)), None)
        of = before if before and quantity.end <= before.start else behind if behind and behind.end <= quantity.start else None
        if of is None or quantity.unit in PEOPLE:
            continue
        n = portions(quantity, menu.entries[of.dish_ids[0]].unit)
        found.dishes[of.dish_ids[0]] = None if n is None else f"{n.normalize():f}"
        found.spans.append((quantity.start, quantity.end, ""))
    return found


def _split(mode: str, dishes: Mapping[str, str | None] | None = None, *, n: int | None = None) -> Ask:
    return Ask(SPLIT_BILL, {"mode": mode, "n": n, "dishes": [{"dish_id": dish, "n": count} for dish, count in (dishes or {}).items()]})
