"""我的积分."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.skill import Context, Skill
from domain.kernel.money import yuan
from domain.members.service import is_member
from domain.points.service import balance_of


def points_balance(context: Context, args: Mapping[str, Any]) -> Answer:
    """How many points a member has and what they are worth."""
    brand = context.shop.brand
    if not is_member(context.session, context.diner_id):
        return Found((Prompt("points_need_membership", {"yuan": brand.yuan_per_point}, (Offer("加入会员", (Ask("member_card"),)),)),))
    points = balance_of(context.session, context.diner_id)
    values = {"points": points, "worth": yuan(points * brand.point_value_fen), "yuan": brand.yuan_per_point}
    return Found((Prompt("points_balance", values),))


SKILL = Skill(intents={"points_balance": points_balance})
