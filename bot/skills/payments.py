"""买单: the bill with the coupons and points that save most, changed by saying so, and the page that pays it; 明细; 分单."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.messages import Card
from bot.skill import Context, Skill
from bot.understanding.bill_splits import SPLIT_BILL
from bot.understanding.coupon_names import wishes_for
from bot.understanding.paying import BILL_DETAILS, COUPON_WISH, PAY_BILL, POINTS_WISH
from domain.checkout.bill import Bill
from domain.checkout.billing import ask_for_payment
from domain.checkout.changes import split
from domain.checkout.looking import last_bill, order_to_pay
from domain.checkout.purses import Wish, wish_of
from domain.coupons.choosing import Outcome
from domain.coupons.reductions import Owned
from domain.coupons.service import owned_coupons
from domain.kernel.money import short_yuan, yuan
from domain.orders.errors import NothingToPayError
from domain.orders.models import OrderLine
from domain.orders.service import get_order, placed_lines
from domain.payments.models import Payment

_LONGEST_DETAILS = 30  # lines of a bill in one message; the page has them all
_WHY = {
    Outcome.SHORT: "coupon_short",
    Outcome.NOT_STARTED: "coupon_not_started",
    Outcome.EXPIRED: "coupon_expired",
    Outcome.OTHER_STORE: "coupon_other_store",
    Outcome.OTHER_CHANNEL: "coupon_other_channel",
    Outcome.NO_DISH: "coupon_no_dish",
    Outcome.NOT_TOGETHER: "coupon_not_together",
    Outcome.SAVES_NOTHING: "coupon_saves_nothing",
    Outcome.NOT_WANTED: "coupon_not_wanted",
    Outcome.BUSY: "coupon_busy",
}


def ask_for_bill(context: Context, args: Mapping[str, Any]) -> Answer:
    """Ask for what the open order costs; no money moves until the diner pays on the page.

    Args: `coupons` and `points` as they were said; what was said before about this bill holds on.
    """
    order_id = order_to_pay(context.session, context.seat, context.diner_id)
    if order_id is None:
        raise NothingToPayError
    said = {name: args[name] for name in ("coupons", "points") if name in args}
    missing: list[Prompt] = []
    wish = _wished(context, order_id, said, missing) if said else None
    payment, bill = ask_for_payment(context.session, context.shop, order_id, context.diner_id, wish=wish, now=context.now)
    refused = [_why(why.outcome, why.name, why.details) for why in bill.why if wish and why.coupon_id in wish.coupons]
    return Done((*missing, *[prompt for prompt in refused if prompt], _bill_prompt(context, payment, bill)))


def bill_details(context: Context, args: Mapping[str, Any]) -> Answer:
    """明细: every line with what was taken off it; or why a coupon was not used. Args: topic: "parts" or "why"."""
    order = last_bill(context.session, context.seat, context.diner_id)
    if order is None or order.bill is None:
        return Found((Prompt("no_bill_yet", offers=(Offer("买单", (Ask(PAY_BILL),)),)),))
    if args.get("topic") == "why":
        return Found(_whys(order.bill))
    lines = [_line_text(line) for line in order.bill["lines"]]
    shown = lines[:_LONGEST_DETAILS]
    if len(lines) > len(shown):
        shown.append(f"……还有{len(lines) - len(shown)}样，见账单页")
    parts = "\n".join(f"{part['label']} {yuan(part['fen'])}元" for part in order.bill["explanation"])
    values = {"number": order.number, "lines": "\n".join(shown), "parts": parts, "total": yuan(order.bill["total_fen"])}
    return Found((Prompt("bill_details", values),))


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
    wanted = set(args.get("dishes") or ())
    mine = [line for line in lines if (line.dish_id in wanted if wanted else line.diner_id == context.diner_id)]
    if not mine:
        return Done((Prompt("nothing_to_split", {"dishes": "、".join(dict.fromkeys(line.name for line in lines))}),))
    if len(mine) == len(lines):
        return Done(then=(Ask(PAY_BILL),))
    portions: dict[str, Decimal] = {line.id: line.standing for line in mine}
    payment, bill = split(context.session, context.shop, order_id, portions, payer_id=context.diner_id, now=context.now)
    return Done((Prompt("bill_split", {"dishes": _dishes(mine)}), _bill_prompt(context, payment, bill)))


def _wished(context: Context, order_id: str, said: Mapping[str, Any], missing: list[Prompt]) -> Wish:
    """What the diner wants by now: what they say, over what they said before."""
    before = wish_of(context.session, order_id, context.diner_id)
    use, ban, none = before.coupons, before.banned, before.no_coupons
    coupons = said.get("coupons")
    if coupons is not None:
        order = get_order(context.session, order_id)
        day = context.shop.brand.business_day(context.now, context.shop.known_stores[order.store_id].timezone)
        owned = owned_coupons(context.session, context.diner_id, day=day, order_id=order_id)
        use, ban, none = _coupons_meant(owned, coupons, missing)
    return Wish(use, ban, none, _points_meant(context, before.points, said.get("points")))


def _coupons_meant(owned: Sequence[Owned], said: Mapping[str, Any], missing: list[Prompt]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    use, names = said.get("use"), [coupon.terms.name for coupon in owned]
    if use == "none":
        return (), (), True
    banned = tuple(owned[at].id for at in wishes_for(names, said.get("ban") or ()))
    if use == "all":
        return tuple(coupon.id for coupon in owned if coupon.id not in banned), banned, False
    if not isinstance(use, list):
        return (), banned, False
    meant: list[str] = []
    for words in use:  # of several that are called so, the one that ends first
        found = [owned[at] for at in wishes_for(names, [words]) if owned[at].id not in meant]
        meant += [min(found, key=lambda coupon: (coupon.good_until, coupon.id)).id] if found else []
        missing += [] if found else [Prompt("no_such_coupon", {"coupon": words}, (Offer("我的优惠券", (Ask("my_coupons"),)),))]
    return tuple(meant), banned, False


def _points_meant(context: Context, before: int | None, said: Mapping[str, Any] | None) -> int | None:
    if said is None:
        return before
    if "fen" in said:
        return int(said["fen"]) // max(1, context.shop.brand.point_value_fen)
    use = said.get("use")
    return 0 if use == "none" else int(use) if isinstance(use, int) else None


def _bill_prompt(context: Context, payment: Payment, bill: Bill) -> Prompt:
    parts = "\n".join(f"{part.label} {yuan(part.fen)}元" for part in bill.parts)
    values = {"parts": parts, "total": yuan(bill.total_fen)}
    if bill.total_fen == 0:
        return Prompt("bill_of_nothing", values)
    hints = _hints(context, bill)
    text = "\n".join((parts, *hints))
    card = Card(f"买单 ￥{yuan(payment.fen)}", text, f"/pay/{payment.id}", "/p/static/bill.png")
    return Prompt("bill", values | {"hints": "".join(f"\n{hint}" for hint in hints)}, cards=(card,))


def _hints(context: Context, bill: Bill) -> list[str]:
    """What can be changed by saying so, what a little more would save, and what is not on the bill yet."""
    used = [words for words, there in (("不用券", bill.coupons), ("不用积分", bill.points)) if there]
    hints = [f"想留着就回“{'”或“'.join(used)}”，回“明细”看每一笔"] if used else []
    short = [why for why in bill.why if why.outcome is Outcome.SHORT]
    if short:
        nearest = min(short, key=lambda why: int(str(why.details["short_fen"])))
        hints.append(f"再点{short_yuan(int(str(nearest.details['short_fen'])))}元就能用「{nearest.name}」")
    cart = context.cart()
    if cart is not None and cart.lines:
        hints.append(f"（购物车里还有{len(cart.lines)}样没下单，不在这张账单里）")
    return hints


def _whys(bill: Mapping[str, Any]) -> tuple[Prompt, ...]:
    found = [_why(Outcome(why["outcome"]), why["name"], why["details"]) for why in bill.get("why", ())]
    told = tuple(prompt for prompt in found if prompt is not None)
    if told:
        return told
    return (Prompt("all_coupons_used" if bill.get("coupons") else "no_coupons_here"),)


def _why(outcome: Outcome, name: str, details: Mapping[str, Any]) -> Prompt | None:
    """Why a coupon was not used, in the diner's words; None for one that was."""
    if outcome is Outcome.USED:
        return None
    values: dict[str, Any] = {"coupon": name}
    if outcome is Outcome.SHORT:
        values["short"] = short_yuan(int(details["short_fen"]))
    if outcome is Outcome.NOT_TOGETHER:
        values["others"] = "、".join(f"「{other}」" for other in details.get("with", ()))
    return Prompt(_WHY[outcome], values)


def _even(context: Context, order_id: str, n: int | None) -> Prompt:
    _, bill = ask_for_payment(context.session, context.shop, order_id, context.diner_id, now=context.now)
    if not n:
        return Prompt("split_evenly", {"total": yuan(bill.total_fen)})
    return Prompt("split_evenly_by", {"total": yuan(bill.total_fen), "n": n, "each": yuan(-(-bill.total_fen // n))})


def _line_text(line: Mapping[str, Any]) -> str:
    off = "".join(f"\n  {reduction['label']} -{yuan(reduction['fen'])}元" for reduction in line["reductions"])
    return f"{line['name']}×{line['quantity']}  {yuan(line['amount_fen'])}元{off}"


def _dishes(lines: Sequence[OrderLine]) -> str:
    return "、".join(f"{line.name}×{line.standing}" for line in lines)


SKILL = Skill(
    intents={BILL_DETAILS: bill_details},
    flows=(
        Flow(
            PAY_BILL,
            "买单",
            act="ask_for_bill",
            weight=Weight.SMALL,
            slots=(
                Slot("coupons", "bill", takes=COUPON_WISH, required=never, title="优惠券"),
                Slot("points", "bill", takes=POINTS_WISH, required=never, title="积分"),
            ),
            lingers=True,
        ),
        Flow(SPLIT_BILL, "分单", act="split_off", weight=Weight.SMALL),
    ),
    effects={"ask_for_bill": ask_for_bill, "split_off": split_off},
)
