"""What is said at paying: which coupons and points to use, who pays, and why the bill is as it is.

Closed words, and only when the message says nothing else; whatever is more than that is for an engine, whose intent is then made finer.
"""

import re

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.understanding.bill_splits import split_beside, split_in
from bot.understanding.normal_form import normal_form
from bot.understanding.pay_wishes import read_wishes
from bot.understanding.resolvers.dishes import MenuIndex

PAY_BILL, BILL_DETAILS = "pay_bill", "bill_details"
COUPON_WISH, POINTS_WISH = "coupon_wish", "points_wish"
_MOST_READ = 60  # characters
_HOW_COME = "(?:怎么|为什么|为啥|咋)"
_WHY = re.compile(
    "为(?:什么|啥)(?:没有?|不|还没)(?:给我|帮我|给)?(?:减|优惠|打折|便宜|抵扣?|扣|用上)"
    "|(?:怎么|咋)(?:没有?|不|还没)(?:给我|帮我|给)?(?:减|优惠|打折|便宜|抵扣?|用上)"
    f"|(?:优惠|折扣|会员价|[券卷]){_HOW_COME}(?:没有?|还没)(?:给我|给)?(?:减|算|用上?|抵扣?|打)|积分{_HOW_COME}(?:没有?|还没)(?:抵扣?|用上)"
)
_CANNOT = re.compile(f"(?:优惠|折扣|积分|[券卷]){_HOW_COME}(?:不能|不让|用不了|抵不了|没法)(?:用|抵)?")  # of the bill, when one is open
_MADE_OF = re.compile(
    "(?:账单|这?单|消费|费用|这个?价|这钱|钱|金额|总价|多少钱)?的?(?:明细|细项|详情|清单)|(?:怎么|咋|如何)算(?:的|出来的?)"
)
_REFUSES = re.compile("[不别没莫]")
_BILL = re.compile("账单|买单|结账|消费|费用|这单|金额|总价|[价钱]")
_AROUND = re.compile(
    "(?:我们?|我的|那张?|这|个|张|给我|帮我|发我?|看看?|看一下|一下|账单|这单|消费|费用|金额|总价|钱|券|卷|优惠|积分"
    "|会员价?|[呢啊呀吗了的吧?？,，。!！ ])*"
)


def paying_in(text: str, menu: MenuIndex, *, wanted: frozenset[str]) -> tuple[Command, ...]:
    """What a message asks at paying, when it is nothing else: coupons, points, who pays, and what the bill is made of.

    Args:
        wanted: The kinds of values that open flows take: with a bill open, its coupons and points are set.
    """
    if len(text) > _MOST_READ:
        return ()
    open_ = bool(wanted & {COUPON_WISH, POINTS_WISH})
    said = read_wishes(text, at_bill=open_)
    if said.slots and not said.rest and (open_ or said.pays or not (said.weak or said.changes)):
        return tuple(SetSlot(name, value) for name, value in said.slots.items()) if open_ else (Start(PAY_BILL, said.slots),)
    return _about_bill(normal_form(text).text, open_=open_) or split_in(text, menu)


def paying_beside(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """The same of a message that an engine takes for one about paying, whatever else it says; nothing where it only asks for the bill."""
    spelled = normal_form(text).text
    said = read_wishes(text, at_bill=True)
    if said.slots and not (said.rest and (said.weak or _REFUSES.search(said.rest))):  # of what is not all understood, only what is plain
        return (Start(PAY_BILL, said.slots),)
    if _WHY.search(spelled) or _MADE_OF.search(spelled):
        return (Ask(BILL_DETAILS, {"topic": "why" if _WHY.search(spelled) else "parts"}),)
    return split_beside(text, menu)


def _about_bill(spelled: str, *, open_: bool) -> tuple[Command, ...]:
    """「明细」, 「怎么算的」, 「为什么没减」: the parts of the bill, or why something was not taken off."""
    for pattern, topic in ((_WHY, "why"), (_MADE_OF, "parts"), *(((_CANNOT, "why"),) if open_ else ())):
        match = pattern.search(spelled)
        if match is not None and _AROUND.fullmatch(spelled[: match.start()] + spelled[match.end() :]):
            of_points = "积分" in spelled and topic == "parts"
            if not of_points and (open_ or topic == "why" or _BILL.search(spelled) or "算" in match[0]):
                return (Ask(BILL_DETAILS, {"topic": topic}),)
    return ()
