"""买单: the bill with the coupons and points that save most, changed by saying so, and the page that pays it; 明细; 退款."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Ask, Handoff
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context
from bot.skills.payments.wording import bill_prompt, details_prompt, why_prompts, whys_of
from bot.understanding.coupon_names import wishes_for
from bot.understanding.paying import PAY_BILL
from domain.checkout.billing import ask_for_payment
from domain.checkout.looking import last_bill, last_paid, order_to_pay
from domain.checkout.purses import Wish, wish_of
from domain.coupons.reductions import Owned
from domain.coupons.service import owned_coupons
from domain.kernel.money import yuan
from domain.orders.errors import NothingToPayError
from domain.orders.models import Order
from domain.orders.service import get_order
from domain.points.service import points_of

_JUST_NOW = timedelta(hours=3)  # for so long 明细 alone is of the bill that was paid
_NO_BILL = Prompt("no_bill_yet", offers=(Offer("买单", (Ask(PAY_BILL),)),))


def ask_for_bill(context: Context, args: Mapping[str, Any]) -> Answer:
    """Ask for what the open order costs; no money moves until the diner pays on the page.

    Args: `coupons` and `points` as they were said; what was said before about this bill holds on.
    """
    order_id = order_to_pay(context.session, context.seat, context.diner_id)
    if order_id is None:
        raise NothingToPayError
    said = {name: args[name] for name in ("coupons", "points") if name in args}
    told: list[Prompt] = []
    before = wish_of(context.session, order_id, context.diner_id)
    wish = _wished(context, order_id, before, said, told) if said else None
    payment, bill = ask_for_payment(context.session, context.shop, order_id, context.diner_id, wish=wish, now=context.now)
    if wish is not None and _is_other(said) and not bill.coupons:  # there is no other: what stood stands
        payment, bill = ask_for_payment(context.session, context.shop, order_id, context.diner_id, wish=before, now=context.now)
        told.append(Prompt("no_other_coupon"))
    refused = why_prompts(why for why in bill.why if wish and why.coupon_id in wish.coupons)
    return Done((*told, *refused, bill_prompt(context, order_id, payment, bill)))


def bill_details(context: Context, args: Mapping[str, Any]) -> Answer:
    """明细: every line with what was taken off it; or why a coupon was not used.

    Args: topic: "parts" or "why"; bare: 明细 and no more was said, with no bill open: of the bill just paid, else of the points.
    """
    order = last_bill(context.session, context.seat, context.diner_id)
    if args.get("bare") and not _just_now(context, order):
        return Found(then=(Ask("points_history"),))
    if order is None or order.bill is None:
        return Found((_NO_BILL,))
    return Found(whys_of(order.bill) if args.get("topic") == "why" else (details_prompt(order.number, order.bill),))


def ask_refund(context: Context, args: Mapping[str, Any]) -> Answer:
    """我要退款: the staff give money back, so a person is offered, with the order's number."""
    order = last_paid(context.session, context.diner_id)
    person = Offer("转人工", (Handoff(),))
    if order is None:
        return Found((Prompt("refund_of_nothing", offers=(Offer("我的订单", (Ask("order_status"),)), person)),))
    return Found((Prompt("refund_by_person", {"number": order.number, "total": yuan(order.paid_fen or 0)}, (person,)),))


def _is_other(said: Mapping[str, Any]) -> bool:
    return (said.get("coupons") or {}).get("use") == "other"


def _just_now(context: Context, order: Order | None) -> bool:
    """Whether a bill is to be paid, or was paid in this visit."""
    return order is not None and (order.paid_at is None or context.now - order.paid_at <= _JUST_NOW)


def _wished(context: Context, order_id: str, before: Wish, said: Mapping[str, Any], missing: list[Prompt]) -> Wish:
    """What the diner wants by now: what they say, over what they said before."""
    use, ban, none = before.coupons, before.banned, before.no_coupons
    coupons = said.get("coupons")
    order = get_order(context.session, order_id)
    if coupons is not None:
        day = context.shop.brand.business_day(context.now, context.shop.known_stores[order.store_id].timezone)
        owned = owned_coupons(context.session, context.diner_id, day=day, order_id=order_id)
        use, ban, none = _coupons_meant(owned, coupons, missing)
        if _is_other(said):  # 换一张: the best without those on the bill and their like
            shown = {coupon.terms for coupon in owned if coupon.id in (order.bill or {}).get("coupons", ())}
            ban = tuple(dict.fromkeys((*before.banned, *(coupon.id for coupon in owned if coupon.terms in shown))))
    return Wish(use, ban, none, _points_meant(context, order, before.points, said.get("points"), missing))


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


def _points_meant(context: Context, order: Order, before: int | None, said: Mapping[str, Any] | None, missing: list[Prompt]) -> int | None:
    if said is None:
        return before
    if "odd" in said:
        missing.append(Prompt("odd_points", {"said": said["odd"]}))
        return before
    if "fen" in said:
        return int(said["fen"]) // max(1, context.shop.brand.point_value_fen)
    use = said.get("use")
    if use == "half":
        usable = points_of(context.session, context.diner_id, day=context.shop.brand.business_day(context.now)).usable
        held = order.bill["points"] if order.bill and order.bill["diner_id"] == context.diner_id else 0
        return (usable + int(held)) // 2
    return 0 if use == "none" else int(use) if isinstance(use, int) else None
