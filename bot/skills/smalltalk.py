"""Welcome, help, thanks, goodbye, what is none of a restaurant's business, and what cannot be read."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Handoff
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Weight
from bot.dialogue.flows import Flow
from bot.skill import Context, EffectHandler, Skill
from domain.members.service import follow, unfollow
from domain.messages.service import close_windows

_OFFERS = (Offer("看菜单", (Ask("view_menu"),)), Offer("附近门店", (Ask("find_store"),)), Offer("会员卡", (Ask("member_card"),)))


def welcome(context: Context, args: Mapping[str, Any]) -> Answer:
    """The diner followed the account."""
    follow(context.session, context.diner_id, openid_digest=context.openid_digest, now=context.now)
    return Done((Prompt("welcome", {"brand": context.shop.brand.name}, () if args.get("seated") else _OFFERS),))


def farewell(context: Context, args: Mapping[str, Any]) -> Answer:
    """The diner left: nothing is said and nothing more is sent."""
    unfollow(context.session, context.diner_id, openid_digest=context.openid_digest, now=context.now)
    close_windows(context.session, context.diner_id, now=context.now)
    return Done()


def says(name: str, *, offers: tuple[Offer, ...] = ()) -> EffectHandler:
    """An intent that is answered with a fixed response."""

    def answer(context: Context, args: Mapping[str, Any]) -> Answer:
        return Found((Prompt(name, {"brand": context.shop.brand.name}, offers),))

    return answer


SKILL = Skill(
    intents={
        "greet": says("greet", offers=_OFFERS),
        "thank": says("thank"),
        "goodbye": says("goodbye"),
        "out_of_scope": says("out_of_scope"),
        "help": says("help", offers=_OFFERS),
        "unreadable": says("unreadable"),
        "take_your_time": says("take_your_time"),
        "smile": says("smile"),
        "give_feedback": says("feedback_for_a_person", offers=(Offer("转人工", (Handoff(),)),)),
        "long_story": says("long_story", offers=(Offer("转人工", (Handoff(),)), Offer("看菜单", (Ask("view_menu"),)))),
    },
    flows=(
        Flow("follow", "关注", act="welcome", weight=Weight.SMALL),
        Flow("unfollow", "取消关注", act="farewell", weight=Weight.SMALL),
    ),
    effects={"welcome": welcome, "farewell": farewell},
)
