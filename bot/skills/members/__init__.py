"""Membership: the offer, the card, the code and leaving (card.py), and what a member tells of themselves (profile.py)."""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Skill
from bot.skills.members.card import join_as_member, member_card, member_code
from bot.skills.members.profile import (
    FAVOURITE,
    SET_BIRTHDAY,
    birthday_refused,
    change_diet,
    change_favourite,
    keep_birthday,
    keep_phone,
    read_back_birthday,
    update_profile,
)

SKILL = Skill(
    intents={"member_card": member_card, "member_code": member_code, "update_profile": update_profile},
    flows=(
        Flow("join_membership", "加入会员", act="join", weight=Weight.SMALL),
        Flow(
            SET_BIRTHDAY,
            "登记生日",
            act="keep_birthday",
            weight=Weight.WEIGHTY,
            read_back="read_back_birthday",
            slots=(Slot("birthday", "ask_birthday", takes="birthday", refuse=birthday_refused, title="生日"),),
        ),
        Flow(
            FAVOURITE,
            "设最爱菜品",
            act="change_favourite",
            weight=Weight.SMALL,
            slots=(Slot("dish", "ask_favourite", takes="dish", title="最爱菜品"),),
        ),
        Flow(
            "keep_phone",
            "留手机号",
            act="keep_phone",
            weight=Weight.SMALL,
            slots=(Slot("phone", "ask_phone", takes="phone", title="手机号"),),
        ),
        Flow(
            "change_diet", "记口味", act="change_diet", weight=Weight.SMALL, slots=(Slot("words", "ask_diet", takes="words", title="口味"),)
        ),
    ),
    effects={
        "join": join_as_member,
        "read_back_birthday": read_back_birthday,
        "keep_birthday": keep_birthday,
        "change_favourite": change_favourite,
        "keep_phone": keep_phone,
        "change_diet": change_diet,
    },
)
