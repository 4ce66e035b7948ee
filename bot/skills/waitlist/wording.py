"""How a diner's number stands, in words: the one they hold, its place and wait, the dishes chosen with it, the lines of a store."""

from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Ask, Start
from bot.dialogue.effects import Offer, Prompt
from bot.skill import Context
from bot.understanding.queue_words import JOIN, LEAVE, ON_THE_WAY, STATUS
from domain.bookings.listing import tables_booked_soon
from domain.preorders.service import Preorder, find_preorder
from domain.shop.store import Store
from domain.waitlist.arriving import ticket_today
from domain.waitlist.board import board_of
from domain.waitlist.line import Ticket
from domain.waitlist.rules import BOOKED_WITHIN, IN_LINE, REQUEUE_WITHIN, TicketState
from domain.waitlist.seating import Booked
from domain.waitlist.service import Standing, status

BACK_IN_LINE, CHANGE_PARTY = "queue_again", "change_queue_people"
_MINUTE = timedelta(minutes=1)

LOOK = Offer("排到哪了", (Ask(STATUS),))
LEAVE_OFFER = Offer("不排了", (Ask(LEAVE),))
OTHER_PARTY = Offer("改人数", (Start(CHANGE_PARTY),))
COMING = Offer("我在路上", (Ask(ON_THE_WAY),))
PREORDER = Offer("先点菜", (Ask("view_menu"),))
BACK = Offer("重新排", (Start(BACK_IN_LINE),))


def stands(context: Context, ticket: Ticket) -> Prompt:
    """How a number stands: in its line, called to a table, or missed."""
    if ticket.state in IN_LINE:
        booked = booked_soon(context, ticket.store_id)
        return standing_said(context, status(context.session, context.shop, ticket, now=context.now, booked=booked), "queue_stands")
    values = values_of(context, ticket)
    if ticket.state == TicketState.MISSED:
        return Prompt("queue_missed", values, (BACK, LEAVE_OFFER))
    if ticket.state == TicketState.CALLED:
        return Prompt("queue_table_waits", values, (COMING, LEAVE_OFFER))
    return Prompt("queue_table_waits", values)


def standing_said(context: Context, standing: Standing, name: str) -> Prompt:
    """A number in its line with what can be done about it. Args: name: Of the response that tells it."""
    values = {**values_of(context, standing.ticket), "place": _place(standing), "wait": _wait(standing)}
    sells = context.shop.menu_of(standing.ticket.store_id) and standing.ticket.order_id is None
    choose = (PREORDER,) if sells else ()
    return Prompt(
        name, values, (*choose, LOOK, OTHER_PARTY, LEAVE_OFFER) if name != "queue_stands" else (*choose, OTHER_PARTY, LEAVE_OFFER)
    )


def preorder_of(context: Context) -> Preorder | None:
    """The dishes that wait with the diner's number."""
    ticket = number_of(context)
    return None if ticket is None else find_preorder(context.session, context.shop, ticket)


def with_preorder(context: Context) -> tuple[Prompt, ...]:
    """What waits with the number for its table."""
    preorder = preorder_of(context)
    if preorder is None:
        return ()
    name = "preorder_beside_number" if preorder.confirmed else "preorder_unconfirmed_beside_number"
    return (Prompt(name, {"dishes": dishes_said(preorder)}),)


def dishes_said(preorder: Preorder) -> str:
    """The dishes that were chosen, with how many."""
    return "、".join(f"{line.name}×{line.quantity}" for line in preorder.cart.lines)


def values_of(context: Context, ticket: Ticket) -> dict[str, Any]:
    """What responses say of a number."""
    return {
        "store": store_name(context, ticket),
        "number": ticket.number,
        "people": ticket.people,
        "table": ticket.table_code or "",
        "minutes": REQUEUE_WITHIN // _MINUTE,
    }


def _place(standing: Standing) -> str:
    return f"{standing.ticket.letter}队前面还有{standing.ahead}桌" if standing.ahead else f"{standing.ticket.letter}队下一个就是您"


def _wait(standing: Standing) -> str:
    eta = standing.eta
    if eta is None or not eta.high:
        return "马上就到"
    return f"大约等{eta.low}-{eta.high}分钟" if eta.low != eta.high else f"大约等{eta.high}分钟"


def lines_said(context: Context, store: Store) -> str:
    """How many wait in each line of a store."""
    lines = board_of(context.session, context.shop, store.id, now=context.now).lines
    busy = [f"{line.least}-{line.most}人等{line.waiting}桌" for line in lines if line.waiting]
    return "现在" + "，".join(busy) if busy else "现在没有人在等"


def booked_soon(context: Context, store_id: str) -> Booked:
    """The tables that are kept for bookings of the next hours."""
    return tables_booked_soon(context.session, store_id, now=context.now, within=BOOKED_WITHIN)


def store_name(context: Context, ticket: Ticket) -> str:
    """Where a number waits."""
    return context.shop.known_stores[ticket.store_id].name


def number_of(context: Context) -> Ticket | None:
    """The diner's live number of today, as the database has it now."""
    context.number = ticket_today(context.session, context.shop, context.diner_id, now=context.now)
    return context.number


def store_just_told(context: Context) -> str:
    """The store of whose line the last answer told: 「观音桥现在排多久」, and then 「帮我拿个号」."""
    offered = context.state.choices.commands if context.state.choices is not None else ()
    asks = [one for commands in offered for one in commands if isinstance(one, Ask) and one.intent == JOIN]
    return str(asks[0].args.get("store", "")) if asks else ""
