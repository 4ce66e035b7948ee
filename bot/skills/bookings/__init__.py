"""Bookings in chat: to book (placing.py), to change, extend and cancel (changing.py), to look and to say that one comes (looking.py)."""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.skill import Skill
from bot.skills.bookings.asking import deposit_paid, room_asked
from bot.skills.bookings.changing import cancel, change, extend, read_back_cancel, read_back_change, which_booking
from bot.skills.bookings.looking import arrived, come, gone, late, view_bookings
from bot.skills.bookings.placing import ask_store, book_it, clock_refused, lacks_clock, read_back_booking
from bot.understanding.booking_words import (
    ARRIVED,
    BOOK,
    CANCEL,
    CHANGE,
    COMES,
    EXTEND,
    GONE,
    KIDS,
    MINUTES,
    NAME,
    NOTES,
    ROOM,
    SCENE,
    VIEW,
    WRITTEN_IN,
)
from bot.understanding.queue_words import LATE
from bot.understanding.room_questions import ROOM_ASKED
from bot.understanding.short_replies import DEPOSIT_PAID

_DETAILS = (
    Slot(KIDS, "ask_booking_people", takes=KIDS, required=never, title="孩子人数"),
    Slot(ROOM, "ask_booking_people", takes=ROOM, required=never, title="位置"),
    Slot(SCENE, "ask_booking_people", takes=SCENE, required=never, title="用途"),
    Slot(NAME, "ask_booking_people", takes=NAME, required=never, title="姓名"),
    Slot(NOTES, "ask_booking_people", takes=NOTES, required=never, title="备注"),
)
_FOR_A_GUEST = Slot(WRITTEN_IN, "ask_booking_people", takes=WRITTEN_IN, required=never, title="代客", quiet=True)
_WHICH = Slot("booking", "which_booking", takes="booking", asks_by_query=True, title="预订")

SKILL = Skill(
    intents={VIEW: view_bookings, ARRIVED: arrived, GONE: gone, LATE: late, ROOM_ASKED: room_asked, DEPOSIT_PAID: deposit_paid},
    flows=(
        Flow(
            BOOK,
            "订位",
            act="book_it",
            weight=Weight.WEIGHTY,
            read_back="read_back_booking",
            slots=(
                Slot("store", "ask_booking_store", takes="store", asks_by_query=True, title="门店"),
                Slot("time", "ask_booking_time", takes="time", title="时间"),
                Slot("clock", "ask_booking_clock", takes="time", required=lacks_clock, refuse=clock_refused, title="时间"),
                Slot("people", "ask_booking_people", takes="people", title="人数"),
                *_DETAILS,
                _FOR_A_GUEST,
            ),
            take_back=CANCEL,
        ),
        Flow(
            CHANGE,
            "改预订",
            act="change_it",
            weight=Weight.WEIGHTY,
            read_back="read_back_change",
            slots=(
                _WHICH,
                Slot("time", "ask_booking_time", takes="time", required=never, title="时间"),
                Slot("people", "ask_booking_people", takes="people", required=never, title="人数"),
                Slot("store", "ask_booking_store", takes="store", required=never, title="门店"),
                *_DETAILS,
            ),
            take_back=CHANGE,
        ),
        Flow(
            EXTEND,
            "延长用餐",
            act="extend_it",
            weight=Weight.SMALL,
            slots=(
                _WHICH,
                Slot(MINUTES, "ask_booking_minutes", takes=MINUTES, offers=(("半小时", 30), ("一小时", 60)), title="时长"),
            ),
        ),
        Flow(CANCEL, "取消预订", act="cancel_it", weight=Weight.WEIGHTY, read_back="read_back_cancel_booking", slots=(_WHICH,)),
        Flow(COMES, "确认到店", act="come", weight=Weight.SMALL),
    ),
    effects={
        "ask_booking_store": ask_store,
        "read_back_booking": read_back_booking,
        "book_it": book_it,
        "which_booking": which_booking,
        "read_back_change": read_back_change,
        "change_it": change,
        "extend_it": extend,
        "read_back_cancel_booking": read_back_cancel,
        "cancel_it": cancel,
        "come": come,
    },
)
