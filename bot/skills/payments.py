"""买单: the bill, and the page that pays it."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.effects import Answer, Done, Prompt, Weight
from bot.dialogue.flows import Flow
from bot.messages import Card
from bot.skill import Context, Skill
from domain.checkout.service import bill_table
from domain.kernel.money import yuan


def ask_for_bill(context: Context, args: Mapping[str, Any]) -> Answer:
    """Ask for what the open order costs; no money moves until the diner pays on the page."""
    payment, bill = bill_table(context.session, context.shop, context.seat, context.diner_id, now=context.now)
    parts = "\n".join(f"{part.label} {yuan(part.fen)}元" for part in bill.parts)
    cart = context.cart()
    if cart is not None and cart.lines:
        parts += f"\n（购物车里还有{len(cart.lines)}样没下单，不在这张账单里）"
    card = Card(f"买单 ￥{yuan(payment.fen)}", parts, f"/pay/{payment.id}", "/p/static/bill.png")
    return Done((Prompt("bill", {"parts": parts, "total": yuan(payment.fen)}, cards=(card,)),))


SKILL = Skill(
    flows=(Flow("pay_bill", "买单", act="ask_for_bill", weight=Weight.SMALL),),
    effects={"ask_for_bill": ask_for_bill},
)
