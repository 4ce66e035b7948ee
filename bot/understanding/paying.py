"""What is said at paying: which coupons and points to use, who pays, and why the bill is as it is.

Closed words, and only when the message says nothing else; whatever is more than that is for an engine, whose intent is then made finer.
"""

import re

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.understanding.bill_splits import split_beside, split_in
from bot.understanding.normal_form import normal_form
from bot.understanding.pay_wishes import read_wishes
from bot.understanding.resolvers.dishes import MenuIndex

PAY_BILL, BILL_DETAILS, ASK_REFUND = "pay_bill", "bill_details", "ask_refund"
COUPON_WISH, POINTS_WISH, REWARD = "coupon_wish", "points_wish", "reward"
_MOST_READ = 60  # characters
_SIGNS = re.compile(r"[\W_]+")
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
_BARE_DETAILS = re.compile("(?:看看?|看一?下|查看?|发我?)?(?:一下)?(?:明细|细项|详情|清单)(?:看看?|看一?下|发我)?[吧呢啊呀]*")
_HOW_MUCH = re.compile(
    "(?:那|请问|现在|这样|我们?|咱们?|一共|总共|统共|合计|拢共|全部|最后|到底|这[单桌顿])*(?:要|该|得|应|需要)?(?:付|给|收|花|是)?"
    "(?:多少(?:钱|块|元)?|好多(?:钱|块)?|几多(?:钱|银)?|几(?:块|元)(?:钱)?|多钱)(?:呢|啊|呀|嘛|了|哦)*"
)
_REFUND = re.compile(
    "(?:你好|我们?|咱们?|想|要|需要|申请|能不能|能|可以|可不可以|怎么|如何|请|麻烦|给我|帮我|把)*"
    "(?:刚才|刚刚)?(?:付|给)?的?(?:这?[单顿桌]|订单|钱)?(?:全部|全)?(?:给我|帮我)?"
    "(?:退款|退钱|退单退款|退费|退一?下[款钱]|退回?来?给我|退(?:给我)?(?:[0-9]+|[一二两三四五六七八九十百]+)(?:块钱?|元))"
    "(?:给我)?(?:可以吗|行吗|怎么(?:弄|办|退|搞)|吗|吧|啊|了)*"
)
_USES = re.compile("[用使抵付]|买单|结账")
_REFUSES = re.compile("[不别没莫]")
_BILL = re.compile("账单|买单|结账|消费|费用|这单|金额|总价|[价钱]")
_AROUND = re.compile(
    "(?:我们?|我的|那张?|这|个|张|给我|帮我|发我?|看看?|看一下|一下|账单|这单|消费|费用|金额|总价|钱|券|卷|优惠|积分"
    "|会员价?|[呢啊呀吗了的吧?？,，。!！ ])*"
)


def paying_in(text: str, menu: MenuIndex, *, wanted: frozenset[str]) -> tuple[Command, ...]:
    """What a message asks at paying, when it is nothing else: coupons, points, who pays, what the bill is made of, money back.

    Args:
        wanted: The kinds of values that open flows take: with a bill open, its coupons and points are set.
    """
    if len(text) > _MOST_READ:
        return ()
    open_ = bool(wanted & {COUPON_WISH, POINTS_WISH})
    spelled = normal_form(text).text
    plain = _SIGNS.sub("", spelled)
    if open_ and _HOW_MUCH.fullmatch(plain):
        return (Start(PAY_BILL),)
    if _REFUND.fullmatch(plain):
        return (Ask(ASK_REFUND),)
    said = read_wishes(text, at_bill=open_)
    if said.slots and not said.rest and (open_ or said.pays or not (said.weak or said.changes)):
        return tuple(SetSlot(name, value) for name, value in said.slots.items()) if open_ else (Start(PAY_BILL, said.slots),)
    if not open_ and _BARE_DETAILS.fullmatch(plain):
        return (Ask(BILL_DETAILS, {"topic": "parts", "bare": True}),)
    return _about_bill(spelled, open_=open_) or split_in(text, menu)


def reward_said(text: str) -> str | None:
    """What a coupon is called by who was asked which one to take for points (「一元券」); None where it is a wish for the bill, or more."""
    said = read_wishes(text, at_bill=True)
    named = (said.coupons or {}).get("use")
    alone = isinstance(named, list) and len(named) == 1 and "ban" not in (said.coupons or {}) and said.points is None
    return str(named[0]) if alone and isinstance(named, list) and not said.rest and not _USES.search(text) else None


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
