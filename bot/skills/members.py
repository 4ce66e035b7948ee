"""Membership: the offer with its text, joining by one tap, the member card."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Weight
from bot.dialogue.flows import Flow
from bot.skill import Context, Skill
from domain.members.service import MEMBERSHIP_TEXT_VERSION, get_membership, join
from domain.points.service import balance_of


def member_card(context: Context, args: Mapping[str, Any]) -> Answer:
    """The card of a member; the membership text with its one tap for everyone else."""
    membership = get_membership(context.session, context.diner_id)
    brand = context.shop.brand
    if membership is None:
        agree = Offer("同意并加入", (Ask("join_membership", {"text_version": MEMBERSHIP_TEXT_VERSION}),))
        return Found((Prompt("member_offer", {"brand": brand.name, "yuan": brand.yuan_per_point}, (agree,)),))
    values = {
        "brand": brand.name,
        "number": membership.member_number,
        "since": f"{membership.joined_at:%Y-%m-%d}",
        "points": balance_of(context.session, context.diner_id),
    }
    return Found((Prompt("member_card", values),))


def join_as_member(context: Context, args: Mapping[str, Any]) -> Answer:
    """The tap: the diner agreed to the text of this version."""
    new = join(context.session, context.diner_id, text_version=str(args["text_version"]), now=context.now)
    return Done((Prompt("member_joined" if new else "member_already", {"brand": context.shop.brand.name}),))


SKILL = Skill(
    intents={"member_card": member_card},
    flows=(Flow("join_membership", "加入会员", act="join", weight=Weight.SMALL),),
    effects={"join": join_as_member},
)
