"""退会: what goes with the membership is told first, and after the yes it is gone."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Deny
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from domain.coupons.listing import list_coupons
from domain.coupons.models import CouponState
from domain.members.levels import level_of
from domain.members.service import is_member, leave_membership
from domain.points.service import points_of

_GOOD = frozenset({CouponState.ISSUED, CouponState.HELD})
_NO_MEMBER = "members.nothing_to_leave"


def read_back_leaving(context: Context, args: Mapping[str, Any]) -> Answer:
    """Points, coupons and level that are lost, before the yes."""
    if not is_member(context.session, context.diner_id):
        return Refused(_NO_MEMBER)
    brand = context.shop.brand
    day = brand.business_day(context.now)
    level = level_of(context.session, context.diner_id, brand.levels)
    points = points_of(context.session, context.diner_id, day=day).total
    coupons = sum(coupon.state in _GOOD for coupon in list_coupons(context.session, context.diner_id, day=day))
    version = f"leave|{points}|{coupons}|{level}"
    offers = (Offer("确认退会", (Affirm(version),)), Offer("不退了", (Deny(),)))
    values = {"brand": brand.name, "points": points, "coupons": coupons, "level": level}
    return Found((Prompt("read_back_leaving", values, offers),), version=version)


def leave(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: profile and spending are deleted at once, what is owned elsewhere ends with the event."""
    if not leave_membership(context.session, context.diner_id, now=context.now):
        return Refused(_NO_MEMBER)
    return Done((Prompt("membership_left", {"brand": context.shop.brand.name}, (Offer("会员卡", (Ask("member_card"),)),)),))
