"""会员中心: the offer with its text, joining by one tap, the card with level and progress, and the code to be scanned."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context
from domain.benefits.service import is_entitled, level_floor
from domain.coupons.listing import list_coupons
from domain.coupons.models import CouponState
from domain.kernel.money import short_yuan
from domain.members.codes import make_code
from domain.members.levels import level_of, standing
from domain.members.profile import Profile, profile_of
from domain.members.rules import Standing
from domain.members.service import MEMBERSHIP_TEXT_VERSION, get_membership, join
from domain.points.service import points_of
from domain.shop.brand import Brand

BIRTHDAY_DESSERT = "birthday_dessert"
_MOST_COUPONS = 200  # as many as 我的优惠券 knows
_ALWAYS = (("会员码", "member_code"), ("积分明细", "points_history"), ("积分兑换", "redeem_points"))


def member_card(context: Context, args: Mapping[str, Any]) -> Answer:
    """The card of a member; the membership text with its one tap for everyone else.

    Args: then: an intent that waits for it (「加入会员再买单」): a member goes on to it at once, everyone else with the tap.
    """
    membership = get_membership(context.session, context.diner_id)
    brand = context.shop.brand
    then = (Ask(str(args["then"])),) if args.get("then") else ()
    if membership is not None and then:
        return Found(then=then)
    if membership is None:
        agree = Offer("同意并加入", (Ask("join_membership", {"text_version": MEMBERSHIP_TEXT_VERSION}), *then))
        return Found((Prompt("member_offer", {"brand": brand.name, "yuan": brand.yuan_per_point}, (agree,)),))
    day = brand.business_day(context.now)
    stands = standing(context.session, context.diner_id, brand.levels, day=day)
    profile = profile_of(context.session, context.vault, context.diner_id)
    coupons = list_coupons(context.session, context.diner_id, day=day, limit=_MOST_COUPONS)
    values = {
        "brand": brand.name,
        "number": membership.member_number,
        "level": level_of(context.session, context.diner_id, brand.levels),
        "progress": _progress(context, brand, stands),
        "points": points_of(context.session, context.diner_id, day=day).total,
        "coupons": sum(coupon.state in {CouponState.ISSUED, CouponState.HELD} for coupon in coupons),
        "more": _profile_lines(context, profile),
        "since": f"{membership.joined_at.astimezone(brand.zone):%Y-%m-%d}",
    }
    offers = [Offer(label, (Ask(intent),)) for label, intent in _ALWAYS]
    offers += [Offer("我的优惠券", (Ask("my_coupons"),))] if values["coupons"] else []
    offers += [] if profile.birthday else [Offer("登记生日", (Ask("update_profile", {"attribute": "birthday"}),))]
    return Found((Prompt("member_card", values, tuple(offers)),))


def member_code(context: Context, args: Mapping[str, Any]) -> Answer:
    """会员码: a picture to be scanned at the till, good for three minutes and one scan."""
    membership = get_membership(context.session, context.diner_id)
    if membership is None:
        return Found(then=(Ask("member_card"),))
    code = make_code(context.member_code_key, membership.member_number, now=context.now)
    return Found((Prompt("member_code", {"brand": context.shop.brand.name}, image=f"/p/codes/{code}.png"),))


def join_as_member(context: Context, args: Mapping[str, Any]) -> Answer:
    """The tap: the diner agreed to the text of this version."""
    new = join(context.session, context.diner_id, text_version=str(args["text_version"]), now=context.now)
    offers = (Offer("登记生日", (Ask("update_profile", {"attribute": "birthday"}),)),) if new and context.shop.brand.birthday else ()
    return Done((Prompt("member_joined" if new else "member_already", {"brand": context.shop.brand.name}, offers),))


def _progress(context: Context, brand: Brand, stands: Standing) -> str:
    """还差120元或2次到黄金."""
    held = level_of(context.session, context.diner_id, brand.levels)
    floor = level_floor(context.session, context.diner_id, brand.business_day(context.now), levels=brand.levels)
    if stands.next_level is None or held == brand.levels[-1].name:
        return "已是最高等级"
    if floor is not None and held == floor and stands.level != held:
        return "由会员方案保持"
    ways = [f"{short_yuan(stands.missing_fen)}元"] if stands.missing_fen else []
    ways += [f"{stands.missing_visits}次到店"] if stands.missing_visits else []
    return f"还差{'或'.join(ways)}到{stands.next_level}"


def _profile_lines(context: Context, profile: Profile) -> str:
    lines = []
    if profile.birthday:
        month, day = profile.birthday
        day_of = context.shop.brand.business_day(context.now)
        gift = context.shop.brand.birthday is not None and is_entitled(context.session, context.diner_id, BIRTHDAY_DESSERT, day_of)
        lines.append(f"生日 {month}月{day}日{'（送甜品）' if gift else ''}")
    favourites = [context.shop.dishes[dish].name for dish in profile.favourites if dish in context.shop.dishes]
    lines += [f"最爱 {'、'.join(favourites)}"] if favourites else []
    lines += [f"口味 {'、'.join(profile.tastes)}"] if profile.tastes else []
    lines += [f"忌口 {'、'.join(profile.avoided)}"] if profile.avoided else []
    lines += [f"手机 {profile.phone}"] if profile.phone else []
    return "".join(f"\n{line}" for line in lines)
