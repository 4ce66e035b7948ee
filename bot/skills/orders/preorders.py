"""先点菜: what is chosen while waiting for a table. A yes makes it wait for the party; it is placed when the party sits down."""

from bot.dialogue.commands import Affirm, Ask, Deny
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context
from bot.skills.orders.wording import SEE_MENU, TO_CHECKOUT, dishes_in
from domain.kernel.money import yuan
from domain.orders.cart import Cart, clear_cart, find_cart, open_cart
from domain.orders.errors import CartChangedError, CartGoneError
from domain.orders.places import Waiting
from domain.orders.rules import Channel, paid_first
from domain.preorders.service import Preorder, confirm_preorder, find_preorder
from domain.shop.store import Store
from domain.waitlist.arriving import hold_number, link_order
from domain.waitlist.errors import NotInLineError

_PREORDER = ".preorder"  # ends what a yes to giving a pre-order up is bound to
_QUEUE = Offer("排到哪了", (Ask("queue_status"),))


def waits_for_table(context: Context) -> bool:
    """Whether what the diner orders is for a table to come."""
    return isinstance(context.place, Waiting)


def chosen(context: Context) -> Preorder | None:
    """What the diner has chosen for the table to come; None for nothing, and for who waits for none."""
    if context.number is None or not waits_for_table(context):
        return None
    return find_preorder(context.session, context.shop, context.number)


def open_here(context: Context, store: Store) -> Cart:
    """The cart that a dish is put into, opened when there is none. A number's is opened while the number is held: nobody is seated
    between the look and the dish.

    Raises:
        CartGoneError: The party sits, or has gone, since this moment.
    """
    if waits_for_table(context) and find_cart(context.session, context.place, context.diner_id) is None:
        try:
            hold_number(context.session, context.diner_id)
        except NotInLineError:
            raise CartGoneError from None
    return open_cart(context.session, store.id, context.place, context.diner_id, now=context.now)


def total_name(context: Context, *, shown: bool) -> str:
    """The response for the sum of a cart, or with `shown` for all that is in it."""
    if not waits_for_table(context):
        return "cart" if shown else "cart_total"
    if shown:
        return "preorder_cart"
    return "preorder_total" if context.number is None or context.number.order_id is None else "preorder_total_again"


def confirm(context: Context, version: str, *, wait: bool) -> Answer:
    """The yes: it is placed when the party sits down. 叫起: the party will say when, so that it stays in the cart."""
    ticket = context.number
    assert ticket is not None
    seen = confirm_preorder(context.session, context.shop, ticket, version, now=context.now)
    values = {"dishes": dishes_in(seen.cart.lines), "total": yuan(seen.bill.total_fen), "number": ticket.number}
    if wait:
        link_order(context.session, context.diner_id, None)
        return Done((Prompt("preorder_kept", values),))
    first = paid_first(context.shop.known_stores[ticket.store_id].pay, Channel.DINE_IN)
    return Done((Prompt("preorder_confirmed_pay_first" if first else "preorder_confirmed", values, (_QUEUE,)),))


def status(context: Context, preorder: Preorder) -> Answer:
    """How what was chosen for the table to come stands."""
    ticket = context.number
    assert ticket is not None
    values = {
        "store": context.shop.known_stores[ticket.store_id].name,
        "number": ticket.number,
        "status": "已确认，您入座就下厨" if preorder.confirmed else "还没确认，回复“下单”，入座就做",
        "dishes": dishes_in(preorder.cart.lines),
    }
    return Found((Prompt("preorder_status", values, (_QUEUE,) if preorder.confirmed else (TO_CHECKOUT, _QUEUE)),))


def read_back_cancel(context: Context, preorder: Preorder) -> Answer:
    """Which dishes a yes would give up; the number stays."""
    assert context.number is not None
    version = _cancelled_as(preorder)
    values = {"number": context.number.number, "dishes": dishes_in(preorder.cart.lines)}
    offers = (Offer("确认取消", (Affirm(version),)), Offer("留着", (Deny(),)))
    return Found((Prompt("read_back_cancel_preorder", values, offers),), version=version)


def is_cancelled_by(version: str) -> bool:
    """Whether a yes to cancelling is bound to a pre-order."""
    return version.endswith(_PREORDER)


def cancel(context: Context, version: str) -> Answer:
    """The yes: nothing of it is cooked, and the party goes on waiting."""
    preorder = chosen(context)
    if preorder is None or context.number is None or _cancelled_as(preorder) != version:
        raise CartChangedError
    link_order(context.session, context.diner_id, None)
    clear_cart(context.session, preorder.cart, now=context.now)
    return Done((Prompt("preorder_cancelled", {"number": context.number.number}, (SEE_MENU, _QUEUE)),))


def _cancelled_as(preorder: Preorder) -> str:
    return f"{preorder.cart.order_id}.{preorder.cart.version}{_PREORDER}"
