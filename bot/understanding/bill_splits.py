"""Who pays what: 「AA」, 「分开付，红烧肉和米饭我付」, 「我来付」."""

import re
from collections.abc import Sequence

from bot.dialogue.commands import Ask, Command
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.resolvers.people import find_people

SPLIT_BILL = "split_bill"
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
_ALONE = f"(?:分开{_PAID}|分单|各付各的|各[付买结]各(?:的|单|账)?|自己付自己的|单独{_PAID}|拆单|分开算|分账|我只付我自己(?:点)?的)"
_APART = re.compile(f"{_WE}(?:{_ALONE}{_POLITELY}{_OTHERS_PAY}(?:{_PART_OF})?|{_PART_OF}(?:{_ALONE})?{_OTHERS_PAY})")


def split_in(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """「AA」, 「分开付，红烧肉和米饭我付」, 「我来付」: who pays what; nothing where a message says more.

    Returns: `split_bill` with `mode` (even: so many equal parts, `n` or None; dishes: `dishes` are the speaker's; mine: all of it).
    """
    form = normal_form(text)
    if not _MAY_SPLIT.search(form.text):
        return ()
    dishes = [dish for dish in menu.find(text) if dish.exact and len(dish.dish_ids) == 1]
    spelled = form.text if len(form.text) == len(text) else text
    for dish in reversed(dishes):
        spelled = spelled[: dish.start] + "@" + spelled[dish.end :]
    plain = re.sub("[\\s,，。.;；!！~]|谢谢|吧$|哈$|啊$|呀$", "", spelled)
    people = find_people(text)
    without_people = plain
    for span in people:
        without_people = without_people.replace(normal_form(text[span.start : span.end]).text, "")
    if _EVEN.fullmatch(without_people) or _EVEN.fullmatch(plain):
        return (_split("even", n=people[0].party.n if people else None),)
    if _MINE.fullmatch(plain):
        return (_split("mine"),)
    if _APART.fullmatch(plain) and (dishes or "@" not in plain):
        return (_split("dishes", [dish.dish_ids[0] for dish in dishes]),)
    return ()


def split_beside(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """The same of a message that is known to be about paying, whatever else it says."""
    spelled = normal_form(text).text
    people = find_people(text)
    if _EVENLY.search(spelled):
        return (_split("even", n=people[0].party.n if len(people) == 1 else None),)
    dishes = [dish.dish_ids[0] for dish in menu.find(text) if dish.exact and len(dish.dish_ids) == 1]
    if _BY_DISH.search(spelled) or (dishes and _MINE_OF_THEM.search(spelled)):
        return (_split("dishes", dishes),)
    return (_split("mine"),) if _ALL_MINE.search(spelled) else ()


def _split(mode: str, dishes: Sequence[str] = (), *, n: int | None = None) -> Ask:
    return Ask(SPLIT_BILL, {"mode": mode, "n": n, "dishes": list(dict.fromkeys(dishes))})
