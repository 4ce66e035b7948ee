"""What staff do by chat, each as their role allows: binding.py, kitchen.py, calls.py, office.py,
and at the door queue.py, line.py, reservations.py, desk.py, parties.py, turnover.py, floor.py and guests.py.

Every act is on record.
"""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow
from bot.skill import Skill
from bot.skills.staff.binding import bind_phone, unbind_phone
from bot.skills.staff.calls import FINISH_CALL, TAKE_CALL, done, go, open_calls
from bot.skills.staff.desk import answer, choose
from bot.skills.staff.floor import free_tables
from bot.skills.staff.guests import day_guests, guest_here
from bot.skills.staff.kitchen import MOVE_ORDER, ON_SALE, SOLD_OUT, move_along, resume_sale, rush_for_table, stop_sale
from bot.skills.staff.line import back_in_line, give_number, leaves
from bot.skills.staff.no_way_back import NO_WAY_BACK, say_it_stands
from bot.skills.staff.office import CLOSE_TASK, HAND_BACK, close, hand_back, open_tasks, today_figures
from bot.skills.staff.parties import miss_party, seat_party
from bot.skills.staff.queue import call_once_more, call_this_number, call_to_table, open_queue
from bot.skills.staff.reservations import day_bookings, find_booking
from bot.skills.staff.turnover import empty_table, move_seated_party
from bot.understanding.desk_words import ANSWER_BOOKING, CHOOSE_TABLES, FIND_BOOKING, FREE_TABLES, GIVE_NUMBER
from bot.understanding.door_words import (
    CALL_AGAIN,
    CALL_NEXT,
    CALL_ONE,
    DAY_BOOKINGS,
    PARTY_BACK,
    PARTY_LEFT,
    PARTY_MISSED,
    PARTY_MOVES,
    PARTY_SEATED,
    QUEUE,
    TABLE_EMPTY,
)
from bot.understanding.experience_words import DAY_GUESTS, GUEST_HERE
from bot.understanding.staff_words import RUSH_TABLE

SKILL = Skill(
    intents={
        "open_calls": open_calls,
        "open_tasks": open_tasks,
        "today_figures": today_figures,
        QUEUE: open_queue,
        DAY_BOOKINGS: day_bookings,
        FREE_TABLES: free_tables,
        FIND_BOOKING: find_booking,
        DAY_GUESTS: day_guests,
    },
    flows=(
        Flow("bind_staff", "绑定员工", act="bind_phone", weight=Weight.SMALL),
        Flow("unbind_staff", "解绑员工", act="unbind_phone", weight=Weight.SMALL),
        Flow(SOLD_OUT, "估清", act="stop_sale", weight=Weight.SMALL),
        Flow(ON_SALE, "恢复销售", act="resume_sale", weight=Weight.SMALL),
        Flow(MOVE_ORDER, "更新订单", act="move_along", weight=Weight.SMALL),
        Flow(RUSH_TABLE, "催菜", act="rush_for_table", weight=Weight.SMALL),
        Flow(NO_WAY_BACK, "撤销", act="say_it_stands", weight=Weight.SMALL),
        Flow(TAKE_CALL, "接呼叫", act="take_service_call", weight=Weight.SMALL),
        Flow(FINISH_CALL, "办好呼叫", act="finish_service_call", weight=Weight.SMALL),
        Flow(CLOSE_TASK, "办好待办", act="close_staff_task", weight=Weight.SMALL),
        Flow(HAND_BACK, "交还聊天", act="hand_back", weight=Weight.SMALL),
        Flow(CALL_NEXT, "叫号", act="call_to_table", weight=Weight.SMALL),
        Flow(CALL_ONE, "叫这个号", act="call_this_number", weight=Weight.SMALL),
        Flow(CALL_AGAIN, "再叫一下", act="call_once_more", weight=Weight.SMALL),
        Flow(PARTY_SEATED, "入座", act="seat_party", weight=Weight.SMALL),
        Flow(PARTY_MISSED, "没来", act="miss_party", weight=Weight.SMALL),
        Flow(PARTY_BACK, "重新排", act="put_back_in_line", weight=Weight.SMALL),
        Flow(GIVE_NUMBER, "发号", act="give_number", weight=Weight.SMALL),
        Flow(PARTY_LEFT, "走了", act="end_number", weight=Weight.SMALL),
        Flow(PARTY_MOVES, "客人换桌", act="move_seated_party", weight=Weight.SMALL),
        Flow(TABLE_EMPTY, "清台", act="empty_table", weight=Weight.SMALL),
        Flow(GUEST_HERE, "签到", act="guest_is_here", weight=Weight.SMALL),
        Flow(ANSWER_BOOKING, "回复订位", act="answer_booking_request", weight=Weight.SMALL),
        Flow(CHOOSE_TABLES, "安排桌子", act="choose_booking_tables", weight=Weight.SMALL),
    ),
    effects={
        "bind_phone": bind_phone,
        "unbind_phone": unbind_phone,
        "stop_sale": stop_sale,
        "resume_sale": resume_sale,
        "move_along": move_along,
        "rush_for_table": rush_for_table,
        "say_it_stands": say_it_stands,
        "take_service_call": go,
        "finish_service_call": done,
        "close_staff_task": close,
        "hand_back": hand_back,
        "call_to_table": call_to_table,
        "call_this_number": call_this_number,
        "call_once_more": call_once_more,
        "seat_party": seat_party,
        "miss_party": miss_party,
        "put_back_in_line": back_in_line,
        "give_number": give_number,
        "end_number": leaves,
        "move_seated_party": move_seated_party,
        "empty_table": empty_table,
        "guest_is_here": guest_here,
        "answer_booking_request": answer,
        "choose_booking_tables": choose,
    },
)
