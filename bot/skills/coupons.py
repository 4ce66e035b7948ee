"""我的优惠券."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.skill import Context, Skill
from domain.coupons.listing import ListedCoupon, list_coupons
from domain.coupons.models import CouponState
from domain.coupons.terms import Terms
from domain.kernel.money import short_yuan
from domain.kernel.said import day_said
from domain.members.service import is_member
from domain.shop.snapshot import ShopSnapshot

_PAGE = 10
_MOST = 200  # nobody reads more of them
_STATES = {CouponState.HELD: "占用中", CouponState.USED: "已用", CouponState.EXPIRED: "已过期", CouponState.VOID: "已收回"}
_CHANNELS = {"dine_in": "堂食", "takeaway": "自取", "delivery": "外送"}


def my_coupons(context: Context, args: Mapping[str, Any]) -> Answer:
    """What a member has, what each is for and how long it is good.

    Args: topic: "unusable" asks why one was not used; page: of the list, from 1.
    """
    if not is_member(context.session, context.diner_id):
        return Found((Prompt("coupons_need_membership", offers=(Offer("加入会员", (Ask("member_card"),)),)),))
    if args.get("topic") == "unusable":
        return Found(then=(Ask("bill_details", {"topic": "why"}),))
    day = context.shop.brand.business_day(context.now)
    found = list_coupons(context.session, context.diner_id, day=day, limit=_MOST)
    live = [coupon for coupon in found if coupon.state in {CouponState.ISSUED, CouponState.HELD}]
    if not live:
        past = "\n".join(_line(context.shop, coupon, day) for coupon in found[:3])
        offers = (Offer("积分兑换", (Ask("redeem_points"),)),)
        return Found((Prompt("no_coupons", {"past": f"\n最近的：\n{past}" if past else ""}, offers),))
    pages = -(-len(live) // _PAGE)
    page = min(max(1, int(args.get("page") or 1)), pages)
    lines = "\n".join(_line(context.shop, coupon, day) for coupon in live[(page - 1) * _PAGE : page * _PAGE])
    values = {"count": len(live), "lines": lines}
    if pages == 1:
        return Found((Prompt("coupons", values),))
    next_page = Offer("下一页" if page < pages else "回第一页", (Ask("my_coupons", {"page": page % pages + 1}),))
    return Found((Prompt("coupons_page", values | {"page": page, "pages": pages}, (next_page,)),))


def _line(shop: ShopSnapshot, coupon: ListedCoupon, day: date) -> str:
    state = _STATES.get(coupon.state, f"{day_said(coupon.good_until)}前")
    starts = f"，{day_said(coupon.good_from)}起" if coupon.state is CouponState.ISSUED and coupon.good_from > day else ""
    return f"「{coupon.terms.name}」{terms_text(shop, coupon.terms)}，{state}{starts}"


def terms_text(shop: ShopSnapshot, terms: Terms) -> str:
    """What a coupon does and when, in a few words: 满50减20, 限春熙路店."""
    dishes = "、".join(shop.dishes[dish].name for dish in terms.dishes if dish in shop.dishes)
    if terms.amount_fen is not None:
        does = f"减{short_yuan(terms.amount_fen)}元"
    elif terms.pay_ratio:
        does = f"{f'{terms.pay_ratio * 10:f}'.rstrip('0').rstrip('.')}折"
    else:
        does = "免费"
    least = f"满{short_yuan(terms.minimum_fen)}元" if terms.minimum_fen else ""
    most = f"，最多减{short_yuan(terms.most_fen)}元" if terms.most_fen is not None else ""
    stores = "、".join(shop.known_stores[store].name for store in terms.stores if store in shop.known_stores)
    channels = "、".join(_CHANNELS[channel] for channel in terms.channels)
    limits = "".join(f"，限{limit}" for limit in (stores, channels) if limit)
    count = f"{terms.portions}份" if terms.portions else ""
    return f"{least}{dishes}{count}{does}{most}{limits}"


SKILL = Skill(intents={"my_coupons": my_coupons})
