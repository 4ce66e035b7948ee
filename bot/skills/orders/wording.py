"""What is said of lines and sums: how a line reads in a cart, in a read-back and in an order; and the choices that go with it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Offer
from bot.skill import Context
from domain.checkout.bill import Bill
from domain.checkout.billing import prices_of
from domain.kernel.money import short_yuan, times, yuan
from domain.orders.cart import Cart, CartLine
from domain.orders.models import Order, OrderLine
from domain.orders.service import placed_lines

CHECKOUT = "checkout"
CANCEL_ORDER = "cancel_order"
ORDER_HERE = "order_here"
SEE_MENU = Offer("看菜单", (Ask("view_menu"),))
TO_CHECKOUT = Offer("下单", (Ask(CHECKOUT),))


def line_values(line: CartLine, n: Decimal) -> dict[str, Any]:
    """The values with which n of a line are told."""
    made = "、".join(making_of(line))
    return {
        "dish": line.name,
        "n": n,
        "unit": line.unit,
        "made": f"（{made}）" if made else "",
        "price": short_yuan(times(line.unit_price_fen, n)),
    }


def lines_text(context: Context, lines: Sequence[CartLine], shared: bool) -> str:
    """Every line on a row of its own, and at a shared table which ones others added."""
    rows = []
    for line in lines:
        values = line_values(line, line.quantity)
        who = "" if not shared or line.diner_id == context.diner_id else " ·同桌点的"
        rows.append(f"{values['dish']}{values['made']}×{values['n']}  {values['price']}元{who}")
    return "\n".join(rows)


def parts_text(bill: Bill) -> str:
    """What a sum is made of, when it is more than one thing."""
    if len(bill.parts) == 1:
        return ""
    return "".join(f"{part.label} {yuan(part.fen)}元\n" for part in bill.parts)


def bill_today(context: Context, cart: Cart) -> Bill:
    """What a cart comes to now."""
    return prices_of(context.session, context.shop, cart.store_id, cart.channel, context.diner_id, cart.lines)


def portions_in(lines: Sequence[CartLine]) -> str:
    """How many portions lines hold together."""
    return str(sum((line.quantity for line in lines), Decimal(0)))


def making_of(line: CartLine) -> tuple[str, ...]:
    """How a line is made: choices of the menu, then words for the cook."""
    return (*line.options, *line.note.split())


def dishes_of(context: Context, order: Order) -> str:
    """What was placed, in one row."""
    return dishes_in(placed_lines(context.session, order.id))


def dishes_in(lines: Sequence[CartLine | OrderLine]) -> str:
    """Dishes and how many of each stand, in one row; of an order that was taken back as a whole, what it was."""
    standing = [(line.name, line.standing) for line in lines if line.standing] or [(line.name, line.quantity) for line in lines]
    return "、".join(f"{name}×{n}" for name, n in standing)
