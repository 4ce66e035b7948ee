"""Experiences in chat (亲子烘焙 and what else a house holds): to look (looking.py), to pick a session (choosing.py), to book or wait for
places (placing.py), to take what is offered (waiting.py), to change and cancel (changing.py).
"""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.skill import Skill
from bot.skills.experiences.changing import PLACE, cancel_it, change_it, read_back_cancel, read_back_change, which_place
from bot.skills.experiences.choosing import ask_age, ask_session
from bot.skills.experiences.looking import mine, view, whats_on
from bot.skills.experiences.party import MOST_CHILDREN, age_slot, lacks_adults, lacks_age, lacks_children
from bot.skills.experiences.placing import place, read_back
from bot.skills.experiences.waiting import (
    WAITING,
    decline,
    leave_list,
    no,
    read_back_offer,
    take,
    which_offer,
    which_waiting,
    yes,
)
from bot.understanding.booking_words import NAME, NOTES
from bot.understanding.experience_details import ADULTS, AGE, CHILDREN, EVENT, GUESTS, MORE_YEARS, SESSION, WAITS, WHEN, YEARS
from bot.understanding.experience_words import BOOK, CANCEL, CHANGE, DECLINE, LEAVE, LOOK, MINE, NO, TAKE, WHATS_ON, YES

ASK_SESSION = "ask_experience_session"
_CHILDREN = range(1, MOST_CHILDREN + 1)
_SAID = (
    Slot(EVENT, ASK_SESSION, takes=EVENT, required=never, title="活动", replaces=(SESSION, *map(age_slot, _CHILDREN)), quiet=True),
    Slot("store", ASK_SESSION, takes="store", required=never, title="门店", replaces=(SESSION,)),
    Slot(WHEN, ASK_SESSION, takes=WHEN, required=never, title="日期", replaces=(SESSION,), quiet=True),
)
_PARTY = (
    Slot(GUESTS, "ask_adults", takes=GUESTS, required=never, title="人数", replaces=(ADULTS,), quiet=True),
    Slot(YEARS, "ask_age", takes=YEARS, required=never, title="年龄", replaces=(MORE_YEARS, *map(age_slot, _CHILDREN)), quiet=True),
    Slot(MORE_YEARS, "ask_age", takes=MORE_YEARS, required=never, title="年龄", quiet=True),
    Slot(WAITS, ASK_SESSION, takes=WAITS, required=never, title="候补", quiet=True),
    Slot(NAME, "ask_adults", takes=NAME, required=never, title="姓名"),
    Slot(NOTES, "ask_adults", takes=NOTES, required=never, title="备注"),
)
_AGES = tuple(
    Slot(age_slot(n), "ask_experience_age", takes=AGE, required=lacks_age(n), asks_by_query=True, title="年龄段", quiet=True)
    for n in _CHILDREN
)
_WHICH = Slot(PLACE, "which_place", takes=PLACE, asks_by_query=True, title="报名")
_WHICH_OFFER = Slot(WAITING, "which_offer", takes=WAITING, asks_by_query=True, title="候补")

SKILL = Skill(
    intents={LOOK: view, MINE: mine, WHATS_ON: whats_on, YES: yes, NO: no},
    flows=(
        Flow(
            BOOK,
            "报名活动",
            act="place_experience",
            weight=Weight.WEIGHTY,
            read_back="read_back_experience",
            slots=(
                *_SAID,
                Slot(SESSION, ASK_SESSION, takes=SESSION, asks_by_query=True, title="场次", quiet=True),
                Slot(ADULTS, "ask_adults", takes=ADULTS, required=lacks_adults, title="大人"),
                Slot(CHILDREN, "ask_children", takes=CHILDREN, required=lacks_children, title="孩子"),
                *_AGES,
                *_PARTY,
            ),
            take_back=CANCEL,
        ),
        Flow(
            CHANGE,
            "改报名",
            act="change_experience_place",
            weight=Weight.WEIGHTY,
            read_back="read_back_change_experience",
            slots=(
                _WHICH,
                *_SAID,
                Slot(SESSION, ASK_SESSION, takes=SESSION, required=never, title="场次", quiet=True),
                Slot(ADULTS, "ask_adults", takes=ADULTS, required=never, title="大人", quiet=True),
                Slot(CHILDREN, "ask_children", takes=CHILDREN, required=never, title="孩子", quiet=True),
                *(Slot(slot.name, slot.ask, takes=AGE, required=never, title=slot.title, quiet=True) for slot in _AGES),
                *_PARTY,
            ),
            take_back=CHANGE,
        ),
        Flow(
            CANCEL,
            "取消报名",
            act="cancel_experience_place",
            weight=Weight.WEIGHTY,
            read_back="read_back_cancel_experience",
            slots=(_WHICH,),
        ),
        Flow(
            LEAVE,
            "退出候补",
            act="leave_experience_list",
            weight=Weight.SMALL,
            slots=(Slot(WAITING, "which_waiting", takes=WAITING, asks_by_query=True, title="候补"),),
        ),
        Flow(
            TAKE,
            "要候补位",
            act="take_offered_places",
            weight=Weight.WEIGHTY,
            read_back="read_back_offered_places",
            slots=(_WHICH_OFFER,),
            take_back=CANCEL,
        ),
        Flow(DECLINE, "不要候补位", act="decline_offered_places", weight=Weight.SMALL, slots=(_WHICH_OFFER,)),
    ),
    effects={
        ASK_SESSION: ask_session,
        "ask_experience_age": ask_age,
        "read_back_experience": read_back,
        "place_experience": place,
        "which_place": which_place,
        "read_back_change_experience": read_back_change,
        "change_experience_place": change_it,
        "read_back_cancel_experience": read_back_cancel,
        "cancel_experience_place": cancel_it,
        "which_waiting": which_waiting,
        "which_offer": which_offer,
        "leave_experience_list": leave_list,
        "read_back_offered_places": read_back_offer,
        "take_offered_places": take,
        "decline_offered_places": decline,
    },
)
