"""How a bill is told: its parts with what can be changed by saying so, its details, and why a coupon was not used."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Offer, Prompt
from bot.messages import Card
from bot.skill import Context
from domain.checkout.bill import Bill
from domain.checkout.pricing import FAVOURITE, MEMBER_PRICE, Purse
from domain.checkout.purses import full_purse, wish_of
from domain.coupons.choosing import Occasion, Outcome, Why, choose
from domain.coupons.reductions import Line
from domain.kernel.money import Fen, short_yuan, yuan
from domain.orders.models import OrderLine
from domain.orders.service import get_order
from domain.payments.models import Payment

_LONGEST_DETAILS = 30  # lines of a bill in one message; the page has them all
_MOST_TOLD = 5  # coupons that a message tells about
_MOST_TRIED = 2  # coupons that a little more may make good: each is a search
# How each outcome is told; what the diner can do most about comes first.
_WHY = {
    Outcome.NOT_WANTED: "coupon_not_wanted",
    Outcome.SHORT: "coupon_short",
    Outcome.NOT_TOGETHER: "coupon_not_together",
    Outcome.BUSY: "coupon_busy",
    Outcome.SAVES_NOTHING: "coupon_saves_nothing",
    Outcome.NO_DISH: "coupon_no_dish",
    Outcome.OTHER_CHANNEL: "coupon_other_channel",
    Outcome.OTHER_STORE: "coupon_other_store",
    Outcome.NOT_STARTED: "coupon_not_started",
    Outcome.EXPIRED: "coupon_expired",
}
_RANKS = list(_WHY)


def bill_prompt(context: Context, order_id: str, payment: Payment, bill: Bill) -> Prompt:
    """A bill with the page that pays it."""
    parts = "\n".join(f"{part.label} {yuan(part.fen)}元" for part in bill.parts)
    values = {"parts": parts, "total": yuan(bill.total_fen)}
    if bill.total_fen == 0:
        return Prompt("bill_of_nothing", values)
    hints = _hints(context, order_id, bill)
    text = "\n".join((parts, *hints))
    card = Card(f"买单 ￥{yuan(payment.fen)}", text, f"/pay/{payment.id}", "/p/static/bill.png")
    return Prompt("bill", values | {"hints": "".join(f"\n{hint}" for hint in hints)}, cards=(card,))


def details_prompt(number: str | None, bill: Mapping[str, Any]) -> Prompt:
    """明细: every line with what was taken off it. Args: bill: as it is stored."""
    lines = [_line_text(line) for line in bill["lines"]]
    shown = lines[:_LONGEST_DETAILS]
    if len(lines) > len(shown):
        shown.append(f"……还有{len(lines) - len(shown)}样，见账单页")
    parts = "\n".join(f"{part['label']} {yuan(part['fen'])}元" for part in bill["explanation"])
    return Prompt("bill_details", {"number": number, "lines": "\n".join(shown), "parts": parts, "total": yuan(bill["total_fen"])})


def whys_of(bill: Mapping[str, Any]) -> tuple[Prompt, ...]:
    """Why coupons were not used on a stored bill, or that all were."""
    found = [
        Why(why["coupon_id"], why["name"], Outcome(why["outcome"]), Fen(why["saved_fen"]), why["details"]) for why in bill.get("why", ())
    ]
    told = why_prompts(found)
    return told or (Prompt("all_coupons_used" if bill.get("coupons") else "no_coupons_here"),)


def why_prompts(found: Iterable[Why]) -> tuple[Prompt, ...]:
    """Why coupons were not used, in the diner's words: those called the same in one line, the most useful first, and only a few."""
    left_out = sorted((why for why in found if why.outcome is not Outcome.USED), key=_rank)
    counts = Counter((why.outcome, why.name) for why in left_out)
    first = {(why.outcome, why.name): why for why in reversed(left_out)}
    told = [_why(first[key], count) for key, count in counts.items()]
    if len(told) <= _MOST_TOLD:
        return tuple(told)
    more = sum(list(counts.values())[_MOST_TOLD - 1 :])
    return (*told[: _MOST_TOLD - 1], Prompt("more_coupons_not_used", {"count": more}, (Offer("我的优惠券", (Ask("my_coupons"),)),)))


def dishes_of(portions: Iterable[tuple[OrderLine, Decimal]]) -> str:
    """红烧肉×2、米饭×1."""
    counts: dict[str, Decimal] = {}
    for line, n in portions:
        counts[line.name] = counts.get(line.name, Decimal(0)) + n
    return "、".join(f"{name}×{n:f}" for name, n in counts.items())


def _hints(context: Context, order_id: str, bill: Bill) -> list[str]:
    """What can be changed by saying so, what a little more would save, and what is not on the bill yet."""
    used = [words for words, there in (("不用券", bill.coupons), ("不用积分", bill.points)) if there]
    hints = [f"想留着就回“{'”或“'.join(used)}”，回“明细”看每一笔"] if used else []
    nearest = _worth_more(context, order_id, bill)
    if nearest is not None:
        hints.append(f"再点{short_yuan(_short_of(nearest))}元就能用「{nearest.name}」")
    cart = context.cart()
    if cart is not None and cart.lines:
        hints.append(f"（购物车里还有{len(cart.lines)}样没下单，不在这张账单里）")
    return hints


def _worth_more(context: Context, order_id: str, bill: Bill) -> Why | None:
    """The coupon that a little more would make good, and that then would save more than the bill could without it."""
    short = sorted((why for why in bill.why if why.outcome is Outcome.SHORT), key=_short_of)
    if not short:
        return None
    order = get_order(context.session, order_id)
    day = context.shop.brand.business_day(context.now, context.shop.known_stores[order.store_id].timezone)
    wish = wish_of(context.session, order_id, context.diner_id)
    purse = full_purse(context.session, context.shop.brand, context.diner_id, wish, day=day, order_id=order_id)
    occasion = Occasion(order.store_id, order.channel, day)
    kinds = {(why.name, _short_of(why)): why for why in reversed(short)}
    nearest = sorted(kinds.values(), key=_short_of)[:_MOST_TRIED]
    return next((why for why in nearest if _would_save(why, bill, purse, occasion)), None)


def _would_save(why: Why, bill: Bill, purse: Purse, occasion: Occasion) -> bool:
    terms = next((coupon.terms for coupon in purse.coupons if coupon.id == why.coupon_id), None)
    if terms is None:
        return False
    lines = [Line(line.dish_id, line.quantity, line.amount_fen - _off_before_coupons(line.reductions)) for line in bill.lines]
    more = Line(terms.dishes[0] if terms.dishes else "", Decimal(1), _short_of(why))
    like = frozenset(coupon.id for coupon in purse.coupons if coupon.terms == terms)

    def saved(banned: frozenset[str]) -> int:
        return choose(
            [*lines, more], purse.coupons, purse.stacking, occasion, spent=purse.spent, pinned=purse.pinned, banned=banned
        ).saved_fen

    return saved(purse.banned) > saved(purse.banned | like)


def _off_before_coupons(reductions: Iterable[Any]) -> int:
    return sum(reduction.fen for reduction in reductions if reduction.label in {MEMBER_PRICE, FAVOURITE})


def _short_of(why: Why) -> int:
    return int(str(why.details["short_fen"]))


def _rank(why: Why) -> tuple[int, int]:
    return _RANKS.index(why.outcome), _short_of(why) if why.outcome is Outcome.SHORT else 0


def _why(why: Why, count: int) -> Prompt:
    values: dict[str, Any] = {"coupon": f"{why.name}×{count}" if count > 1 else why.name}
    if why.outcome is Outcome.SHORT:
        values["short"] = short_yuan(_short_of(why))
    if why.outcome is Outcome.NOT_TOGETHER:
        others = why.details.get("with_names") or why.details.get("with") or ()
        values["others"] = "、".join(f"「{other}」" for other in dict.fromkeys(others))  # type: ignore[call-overload]
    return Prompt(_WHY[why.outcome], values)


def _line_text(line: Mapping[str, Any]) -> str:
    off = "".join(f"\n  {reduction['label']} -{yuan(reduction['fen'])}元" for reduction in line["reductions"])
    return f"{line['name']}×{line['quantity']}  {yuan(line['amount_fen'])}元{off}"
