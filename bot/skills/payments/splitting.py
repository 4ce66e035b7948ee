"""分单: some dishes become a bill of their own, evenly is told how, 一起付 puts the bills together again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Done, Prompt
from bot.skill import Context
from bot.skills.payments.wording import bill_prompt, dishes_of
from bot.understanding.paying import PAY_BILL
from domain.checkout.billing import ask_for_payment
from domain.checkout.changes import join, split
from domain.checkout.looking import order_to_pay, unpaid_parts
from domain.checkout.purses import Wish, wish_of
from domain.kernel.money import yuan
from domain.orders.errors import NothingToPayError
from domain.orders.models import OrderLine
from domain.orders.service import placed_lines


def split_off(context: Context, args: Mapping[str, Any]) -> Answer:
    """分开付: the speaker's dishes, or those they named, become a bill of their own. Evenly is told, not done: WeChat pays bills whole."""
    order_id = order_to_pay(context.session, context.seat, context.diner_id)
    if order_id is None:
        raise NothingToPayError
    if args.get("mode") == "mine":
        return Done(then=(Ask(PAY_BILL),))
    lines = [line for line in placed_lines(context.session, order_id) if line.standing]
    if args.get("mode") == "even":
        return Done((_even(context, order_id, args.get("n")),))
    wanted = {str(dish["dish_id"]): dish.get("n") for dish in args.get("dishes") or ()}
    mine = _portions_of(context, lines, wanted)
    if not mine:
        return Done((Prompt("nothing_to_split", {"dishes": "、".join(dict.fromkeys(line.name for line in lines))}),))
    if all(mine.get(line.id) == line.standing for line in lines):
        return Done(then=(Ask(PAY_BILL),))
    wish = wish_of(context.session, order_id, context.diner_id)
    payment, bill = split(context.session, context.shop, order_id, mine, payer_id=context.diner_id, now=context.now)
    if wish != Wish():  # 「积分先不用」 was said of what they pay, not of which bill it stands on
        payment, bill = ask_for_payment(context.session, context.shop, payment.payable_id, context.diner_id, wish=wish, now=context.now)
    dishes = dishes_of((line, mine[line.id]) for line in lines if line.id in mine)
    return Done((Prompt("bill_split", {"dishes": dishes}), bill_prompt(context, payment.payable_id, payment, bill)))


def join_bills(context: Context, args: Mapping[str, Any]) -> Answer:
    """一起付: what was split off for the speaker and is not paid goes back to the bill it came from, which is asked for."""
    parts = unpaid_parts(context.session, context.diner_id)
    for part_id in parts:
        join(context.session, part_id, now=context.now)
    return Done((Prompt("bills_joined"),) if parts else (), then=(Ask(PAY_BILL),))


def _portions_of(context: Context, lines: Sequence[OrderLine], wanted: Mapping[str, Any]) -> dict[str, Decimal]:
    """How much of which lines the speaker pays: what they ordered, or as many portions as they said of the dishes they named."""
    if not wanted:
        return {line.id: line.standing for line in lines if line.diner_id == context.diner_id}
    left = {dish_id: None if n is None else Decimal(str(n)) for dish_id, n in wanted.items()}
    found: dict[str, Decimal] = {}
    for line in sorted(lines, key=lambda line: line.diner_id != context.diner_id):
        if line.dish_id not in left:
            continue
        most = left[line.dish_id]
        portion = line.standing if most is None else min(most, line.standing)
        if portion > 0:
            found[line.id] = portion
        if most is not None:
            left[line.dish_id] = most - portion
    return found


def _even(context: Context, order_id: str, n: int | None) -> Prompt:
    _, bill = ask_for_payment(context.session, context.shop, order_id, context.diner_id, now=context.now)
    if not n:
        return Prompt("split_evenly", {"total": yuan(bill.total_fen)})
    return Prompt("split_evenly_by", {"total": yuan(bill.total_fen), "n": n, "each": yuan(-(-bill.total_fen // n))})
