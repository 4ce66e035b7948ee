"""The bill of an order: priced for the diner who pays, its coupons and points held until it is paid or given up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.checkout.bill import HOLD, Bill
from domain.checkout.pricing import PricedLine, Purse, price
from domain.checkout.purses import Wish, full_purse, keep_wish, price_purse, wish_of
from domain.coupons.choosing import Occasion
from domain.coupons.errors import CouponNotUsableError
from domain.coupons.service import capture_coupons, hold_coupons, release_coupons
from domain.kernel.ids import new_id
from domain.members.identities import resolve
from domain.orders.cart import CartLine
from domain.orders.errors import JustPaidError, NothingToPayError
from domain.orders.models import Order, OrderLine
from domain.orders.rules import UNPAID, Channel, PaymentStatus
from domain.orders.service import get_order, placed_lines
from domain.payments.models import Payment
from domain.payments.service import close_pending, confirm_payment, has_paid, request_payment
from domain.points.errors import NotEnoughPointsError
from domain.points.rules import Reason
from domain.points.service import capture_hold, hold_points, release_hold
from domain.shop.snapshot import ShopSnapshot
from domain.storage import savepoint

PAYABLE = "order"
_log = structlog.get_logger("checkout")
FREE = "free"  # a bill that coupons and points pay whole: nobody is asked for money
_TRIES = 3


def prices_of(session: Session, shop: ShopSnapshot, store_id: str, channel: Channel, diner_id: str, lines: Sequence[CartLine]) -> Bill:
    """What dishes cost the diner, coupons and points left for the bill."""
    return _price(shop, store_id, channel, lines, price_purse(session, shop.brand, diner_id))


def bill_ahead(
    session: Session, shop: ShopSnapshot, store_id: str, channel: Channel, diner_id: str, lines: Sequence[CartLine], *, now: datetime
) -> Bill:
    """What an order that is paid first would cost by a yes: coupons and points are chosen, nothing is held."""
    day = shop.brand.business_day(now, shop.known_stores[store_id].timezone)
    purse = full_purse(session, shop.brand, diner_id, Wish(), day=day)
    return _price(shop, store_id, channel, lines, purse, Occasion(store_id, channel.value, day))


def ask_for_payment(
    session: Session, shop: ShopSnapshot, order_id: str, diner_id: str, *, wish: Wish | None = None, now: datetime
) -> tuple[Payment, Bill]:
    """The open payment of an order and the bill that it asks for; the bill is kept with the order.

    The coupons and points that pay a part are held from now on, also past their last day; those of an older bill that it
    does not need are free again. A bill that they pay whole is paid at once.

    Args:
        wish: What the diner says about paying; None: what they said before.

    Raises:
        NothingToPayError: Nothing stands on it, or it is paid.
        JustPaidError: The money came a moment ago and is being settled.

    Emits: PaymentPaid for a bill of nothing.
    """
    _lock(session, order_id)
    order = get_order(session, order_id)
    diner_id = resolve(session, diner_id)  # a link that was opened before the diner turned out to be someone else
    if wish is None:
        wish = wish_of(session, order_id, diner_id)
    else:
        keep_wish(session, order_id, diner_id, wish)
    lines = [line for line in placed_lines(session, order_id) if line.standing]
    if not lines:
        raise NothingToPayError
    bill, hold = _held(session, shop, order, diner_id, lines, wish, now=now)
    stored = bill.to_json() | {
        "diner_id": diner_id,
        HOLD: hold,
        "yuan_per_point": shop.brand.yuan_per_point,
        "why": [_why(item) for item in bill.why],
    }
    session.execute(update(Order).where(Order.id == order_id).values(bill=stored, payment_status=PaymentStatus.PENDING.value))
    payment = request_payment(session, PAYABLE, order_id, diner_id, bill.total_fen, now=now)
    if has_paid(session, PAYABLE, order_id):
        raise JustPaidError
    if bill.total_fen == 0:
        confirm_payment(session, payment.id, fen=0, method=FREE, external_no=f"{FREE}-{payment.id}", now=now)
    return payment, bill


def withdraw_bill(session: Session, order_id: str, *, now: datetime) -> None:
    """The bill that was asked for is not the bill any more: its payment is closed, its coupons and points are free.

    Raises:
        JustPaidError: The money came a moment ago and settles the bill as it stood.
    """
    close_pending(session, PAYABLE, order_id)
    give_up_bill(session, order_id, now=now)
    if has_paid(session, PAYABLE, order_id):
        raise JustPaidError


def give_up_bill(session: Session, order_id: str, *, now: datetime) -> None:
    """Forget a bill that nobody paid, and set free what it holds; nothing happens without one."""
    order = get_order(session, order_id)
    if order.bill is None or PaymentStatus(order.payment_status) is not PaymentStatus.PENDING:
        return
    release_coupons(session, order_id, now=now)
    release_hold(session, order.bill[HOLD], now=now)
    asked_for = (Order.id == order_id, Order.payment_status == PaymentStatus.PENDING.value)
    session.execute(update(Order).where(*asked_for).values(payment_status=PaymentStatus.NONE.value, bill=None))


def use_up(session: Session, order: Order, *, now: datetime) -> None:
    """The bill is paid: its coupons are used and its points spent."""
    assert order.bill is not None
    used = capture_coupons(session, order.id, now=now)
    spent = capture_hold(session, order.bill[HOLD], reason=Reason.SPENT, order_id=order.id, now=now)
    if set(used) != set(order.bill["coupons"]) or spent != order.bill["points"]:  # the money is here: the order goes on, the proof tells
        _log.error("checkout.hold_lost", order_id=order.id, coupons=list(used), points=spent)


def _held(
    session: Session, shop: ShopSnapshot, order: Order, diner_id: str, lines: Sequence[OrderLine], wish: Wish, *, now: datetime
) -> tuple[Bill, str]:
    """Price, and hold what pays; again when another order took a coupon or points in between.

    Points that an older bill holds past their last day are good as long as they stay held as they are: where they would have
    to be let go of to use others too, the larger of both is used.

    Returns:
        The bill, and the key under which its points are held.
    """
    day = shop.brand.business_day(now, shop.known_stores[order.store_id].timezone)
    channel = Channel(order.channel)
    held = int(order.bill["points"]) if order.bill and _is_theirs(session, order.bill, diner_id) else 0
    kept_whole = False
    for last in (*[False] * (_TRIES - 1), True):
        purse = full_purse(session, shop.brand, diner_id, wish, day=day, order_id=order.id, held_points=held)
        others = purse.points - held
        if kept_whole:
            purse = replace(purse, points=min(purse.points, held))
        bill = _price(shop, order.store_id, channel, lines, purse, Occasion(order.store_id, channel.value, day))
        try:
            with savepoint(session):
                return bill, _hold(session, order, diner_id, bill, day=day, now=now)
        except CouponNotUsableError:
            if last:
                raise
        except NotEnoughPointsError:
            if last:
                raise
            kept_whole = held > others and not kept_whole
            held = held if kept_whole else 0
    raise AssertionError("unreachable")


def _hold(session: Session, order: Order, diner_id: str, bill: Bill, *, day: date, now: datetime) -> str:
    """Hold what the bill needs and let go of what the older one held beyond it. Returns: the key of the points."""
    hold_coupons(session, diner_id, bill.coupons, order_id=order.id, day=day, now=now)
    release_coupons(session, order.id, but=bill.coupons, now=now)
    if order.bill and order.bill["points"] == bill.points and _is_theirs(session, order.bill, diner_id):
        return str(order.bill[HOLD])
    if order.bill:
        release_hold(session, order.bill[HOLD], now=now)
    key = f"bill:{new_id(now)}"
    if bill.points:
        hold_points(session, diner_id, bill.points, key=key, day=day, now=now)
    return key


def _is_theirs(session: Session, bill: dict[str, Any], diner_id: str) -> bool:
    """Whether a bill was asked for by the diner, or by someone who turned out to be them: their points are theirs now."""
    return resolve(session, bill["diner_id"]) == diner_id


def _lock(session: Session, order_id: str) -> None:
    """Take the order's row, so that two who ask for the bill at once take turns."""
    locked = session.execute(
        update(Order).where(Order.id == order_id, Order.payment_status.in_(UNPAID)).values(payment_status=Order.payment_status)
    )
    if locked.rowcount != 1:  # type: ignore[attr-defined]
        raise NothingToPayError


def _price(
    shop: ShopSnapshot,
    store_id: str,
    channel: Channel,
    lines: Sequence[CartLine | OrderLine],
    purse: Purse,
    occasion: Occasion | None = None,
) -> Bill:
    priced = [
        PricedLine(
            line.name,
            line.unit,
            line.standing if isinstance(line, OrderLine) else line.quantity,
            tuple(line.options),
            line.unit_price_fen,
            line.member_price_fen,
            line.packaging_fen,
            line.id,
            line.dish_id,
        )
        for line in lines
    ]
    ratio = shop.known_stores[store_id].service_fee
    return price(priced, channel=channel, service_fee_ratio=ratio, purse=purse, occasion=occasion, rounding=shop.brand.rounding)


def _why(why: Any) -> dict[str, Any]:
    return {"coupon_id": why.coupon_id, "name": why.name, "outcome": why.outcome, "saved_fen": why.saved_fen, "details": dict(why.details)}
