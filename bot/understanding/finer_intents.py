"""From a broad intent to what exactly is asked: to hurry the food and not only to know of it, to split the bill, to see its parts.

An engine learns the broad intents; closed words tell the finer ones apart, whoever found the broad one.
"""

from collections.abc import Iterable, Mapping

from bot.dialogue.commands import Ask, Command
from bot.understanding.bill_splits import JOIN_BILLS, SPLIT_BILL
from bot.understanding.booking_words import BOOK, CANCEL, CHANGE, COMES, EXTEND, booking_args
from bot.understanding.desk_words import FIND_BOOKING, GIVE_NUMBER
from bot.understanding.dining import (
    CHANGE_TABLE,
    FIRE_COURSES,
    REPEAT_ORDER,
    RUSH_ORDER,
    SERVE_FIRST,
    WAIT,
    brings_now,
    rush_args,
    rushes,
    table_wished,
    waits,
)
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
    door_args,
)
from bot.understanding.experience_words import BOOK as BOOK_EVENT
from bot.understanding.experience_words import CANCEL as CANCEL_PLACE
from bot.understanding.experience_words import CHANGE as CHANGE_PLACE
from bot.understanding.experience_words import DAY_GUESTS, DECLINE, GUEST_HERE, LEAVE, LOOK, MINE, NO, TAKE, WHATS_ON, YES
from bot.understanding.invoice_answers import NO_TAX_NUMBER, OTHER_TITLE, WITHDRAW_INVOICE
from bot.understanding.paying import BILL_DETAILS, PAY_BILL, paying_beside
from bot.understanding.profile_words import LEAVE_MEMBERSHIP, MEMBER_CODE, asks_code
from bot.understanding.queue_words import join_args
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.service_words import CALL_WAITER, WITHDRAW_CALL, call_args
from bot.understanding.staff_words import (
    BIND,
    CALLS,
    FINISH_CALL,
    HAND_BACK,
    MOVE_ORDER,
    ON_SALE,
    RUSH_TABLE,
    SOLD_OUT,
    TAKE_CALL,
    TASKS,
    UNBIND,
    order_args,
    sale_of,
)
from bot.understanding.wish_details import details_of

# Which broad intent each finer one is of, for evaluation and for engines.
BROAD: Mapping[str, str] = {
    RUSH_ORDER: "order_status",
    RUSH_TABLE: "order_status",
    SPLIT_BILL: PAY_BILL,
    BILL_DETAILS: PAY_BILL,
    REPEAT_ORDER: "order_dishes",
    SERVE_FIRST: "order_status",
    FIRE_COURSES: "checkout",
    CHANGE_TABLE: CALL_WAITER,
    WITHDRAW_CALL: CALL_WAITER,
    CALLS: CALL_WAITER,
    TAKE_CALL: CALL_WAITER,
    FINISH_CALL: CALL_WAITER,
    ON_SALE: SOLD_OUT,
    COMES: "affirm",
    EXTEND: CHANGE,
    JOIN_BILLS: PAY_BILL,
    MEMBER_CODE: "member_card",
    **dict.fromkeys((LOOK, MINE, CHANGE_PLACE, CANCEL_PLACE, LEAVE, TAKE, DECLINE), BOOK_EVENT),
    **dict.fromkeys((DAY_GUESTS, GUEST_HERE), "out_of_scope"),
    WHATS_ON: "view_promotions",
    YES: "affirm",
    NO: "deny",
    LEAVE_MEMBERSHIP: "delete_my_data",
    **dict.fromkeys((WITHDRAW_INVOICE, NO_TAX_NUMBER, OTHER_TITLE), "request_invoice"),
    **dict.fromkeys((CALL_AGAIN, CALL_ONE, PARTY_SEATED, PARTY_MISSED, PARTY_BACK, PARTY_LEFT, QUEUE), CALL_NEXT),
    **dict.fromkeys(
        (BIND, UNBIND, TASKS, HAND_BACK, DAY_BOOKINGS, FIND_BOOKING, GIVE_NUMBER, PARTY_MOVES, TABLE_EMPTY), "out_of_scope"
    ),  # no intent of CONVERSATION §3
}


def finer(commands: Iterable[Command], text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """Commands with each broad question made as fine as the words of the message say."""
    return tuple(found for command in commands for found in (_finer(command, text, menu) if isinstance(command, Ask) else (command,)))


def _finer(ask: Ask, text: str, menu: MenuIndex) -> tuple[Command, ...]:
    match ask.intent:
        case "pay_bill":
            return paying_beside(text, menu) or (ask,)
        case "order_status" if rushes(text):
            return (Ask(RUSH_ORDER, rush_args(text, menu)),)
        case "checkout" if waits(text):
            return (Ask(ask.intent, ask.args | {WAIT: True}),)
        case "checkout" if brings_now(text):
            return (Ask(FIRE_COURSES),)
        case "member_card" if asks_code(text):
            return (Ask(MEMBER_CODE),)
        case "call_waiter" if "kinds" not in ask.args:
            table = table_wished(text)
            return (Ask(ask.intent, call_args(text, ask.args)),) if table is None else (Ask(CHANGE_TABLE, table),)
        case intent if intent in {BOOK, CHANGE, CANCEL}:
            return (Ask(intent, booking_args(intent, text, ask.args)),)
        case "mark_sold_out" if "dishes" not in ask.args:
            return (sale_of(text, ask.args, menu),)
        case "mark_served" if "to" not in ask.args:
            return (Ask(MOVE_ORDER, order_args(text)),)
        case "join_queue":
            return (Ask(ask.intent, join_args(text, ask.args)),)
        case "call_next_number":
            return (door_args(text, ask.args),)
    return (Ask(ask.intent, details_of(ask.intent, text, ask.args, menu)),)
