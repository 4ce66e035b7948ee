"""Membership: the offer, the card, the code and leaving (card.py), and what a member tells of themselves (profile.py)."""

from datetime import timedelta

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Skill
from bot.skills.members.card import join_as_member, member_card, member_code
from bot.skills.members.leaving import leave, read_back_leaving
from bot.skills.members.profile import (
    CHANGE_DIET,
    FAVOURITE,
    FORGET,
    KEEP_PHONE,
    birthday_refused,
    change_diet,
    change_favourite,
    forget,
    keep_birthday,
    keep_phone,
    read_back_birthday,
    update_profile,
)
from bot.understanding.profile_words import BIRTHDAY, DIET, FAVOURITES, LEAVE_MEMBERSHIP, MEMBER_CODE, SET_BIRTHDAY, UPDATE_PROFILE

SKILL = Skill(
    intents={"member_card": member_card, MEMBER_CODE: member_code, UPDATE_PROFILE: update_profile},
    flows=(
        Flow("join_membership", "加入会员", act="join", weight=Weight.SMALL),
        Flow(
            SET_BIRTHDAY,
            "登记生日",
            act="keep_birthday",
            weight=Weight.WEIGHTY,
            read_back="read_back_birthday",
            slots=(Slot("birthday", "ask_birthday", takes=BIRTHDAY, refuse=birthday_refused, title="生日"),),
        ),
        Flow(
            FAVOURITE,
            "设最爱菜品",
            act="change_favourite",
            weight=Weight.SMALL,
            slots=(Slot("dishes", "ask_favourite", takes=FAVOURITES, title="最爱菜品"),),
        ),
        Flow(
            KEEP_PHONE,
            "留手机号",
            act="keep_phone",
            weight=Weight.SMALL,
            slots=(Slot("phone", "ask_phone", takes="phone", title="手机号"),),
        ),
        Flow(CHANGE_DIET, "记口味", act="change_diet", weight=Weight.SMALL, slots=(Slot("words", "ask_diet", takes=DIET, title="口味"),)),
        Flow(
            FORGET,
            "删资料",
            act="forget_profile",
            weight=Weight.SMALL,
            slots=(Slot("what", "ask_what_of_profile", takes="profile_part", title="资料"),),
        ),
        Flow(
            LEAVE_MEMBERSHIP,
            "退会",
            act="leave_membership",
            weight=Weight.WEIGHTY,
            read_back="read_back_leaving",
            time_to_live=timedelta(minutes=5),  # a yes to something later must not end a membership
        ),
    ),
    effects={
        "join": join_as_member,
        "read_back_birthday": read_back_birthday,
        "keep_birthday": keep_birthday,
        "change_favourite": change_favourite,
        "keep_phone": keep_phone,
        "change_diet": change_diet,
        "forget_profile": forget,
        "read_back_leaving": read_back_leaving,
        "leave_membership": leave,
    },
)
