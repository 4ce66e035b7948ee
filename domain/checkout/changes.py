"""What changes an order whose bill may have been asked for already: dishes taken back, parties joined, bills split.

Each act withdraws the bills it makes wrong; where the money for one came a moment ago, it is refused.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.checkout.bill import Bill
from domain.checkout.billing import ask_for_payment, withdraw_bill
from domain.checkout.models import OrderRefund
from domain.checkout.refunds import refund_lines
from domain.orders.errors import TooLateToCancelError
from domain.orders.kitchen import rounds_of
from domain.orders.moving import MergedTables, merge_tables
from domain.orders.rules import UNPAID, OrderState, PaymentStatus
from domain.orders.service import cancel_order, get_order, lock_order, placed_lines
from domain.orders.splitting import end_session_when_paid, join_orders, split_order
from domain.orders.voiding import call_back, void_lines
from domain.payments.models import Payment
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store

BY_DINER = "diner"
CANCELLED_BY_DINER = "顾客取消"


def cancel(session: Session, shop: ShopSnapshot, order_id: str, *, now: datetime) -> OrderRefund | None:
    """A diner cancels an order that the kitchen has not accepted; what was paid for it is given back.

    Returns:
        The refund of one that was paid; None also where the staff had given all of it back.

    Raises:
        TooLateToCancelError: The kitchen accepted it, or it is being paid this moment.

    Emits: OrderVoided where tickets are on their way to the kitchen, OrderRefunded where it was paid.
    Source: RESTAURANT, Orders (a diner cancels until accepted; later only a staff void).
    """
    order = lock_order(session, order_id)
    if order.state != OrderState.PLACED:
        raise TooLateToCancelError(number=order.number or "")
    key = f"cancel:{order_id}"
    if PaymentStatus(order.payment_status) not in UNPAID:
        refund = None
        if order.payment_status != PaymentStatus.REFUNDED:  # else the staff gave all of it back before
            refund = refund_lines(session, shop, order_id, None, reason=CANCELLED_BY_DINER, by=BY_DINER, key=key, now=now)
        call_back(session, shop, order_id, by=BY_DINER, reason=CANCELLED_BY_DINER, key=key, now=now)
        return refund
    if any(each.released_at for each in rounds_of(session, order_id).values()):
        standing = {line.id: line.standing for line in placed_lines(session, order_id) if line.standing}
        void_lines(session, shop, order_id, standing, by=BY_DINER, reason=CANCELLED_BY_DINER, key=key, now=now)
    else:
        cancel_order(session, order_id, now=now)
    withdraw_bill(session, order_id, now=now)
    return None


def void(
    session: Session, shop: ShopSnapshot, order_id: str, portions: Mapping[str, Decimal], *, by: str, reason: str, key: str, now: datetime
) -> bool:
    """退菜: the staff take dishes off a bill. Returns and raises as `void_lines`; JustPaidError: the money came a moment ago."""
    done = void_lines(session, shop, order_id, portions, by=by, reason=reason, key=key, now=now)
    if done:
        withdraw_bill(session, order_id, now=now)
        order = get_order(session, order_id)
        if order.state == OrderState.CANCELLED and order.session_id:
            end_session_when_paid(session, order.session_id, now=now)
    return done


def merge(session: Session, store: Store, source_session_id: str, target_session_id: str, *, by: str, now: datetime) -> MergedTables:
    """并台: two parties are one. Returns and raises as `merge_tables`; JustPaidError: the money for one came a moment ago."""
    merged = merge_tables(session, store, source_session_id, target_session_id, by=by, now=now)
    for order_id in merged.billed_anew:
        withdraw_bill(session, order_id, now=now)
    return merged


def split(
    session: Session, shop: ShopSnapshot, order_id: str, portions: Mapping[str, Decimal], *, payer_id: str, now: datetime
) -> tuple[Payment, Bill]:
    """分单: some dishes become a bill of their own, which the payer is asked for.

    Raises:
        JustPaidError, and the refusals of `split_order`.
    """
    part_id = split_order(session, shop, order_id, portions, payer_id=payer_id, now=now)
    withdraw_bill(session, order_id, now=now)
    return ask_for_payment(session, shop, part_id, payer_id, now=now)


def join(session: Session, part_id: str, *, now: datetime) -> str:
    """A split bill goes back to the one it came from. Returns: that order. Raises: JustPaidError, and those of `join_orders`."""
    whole_id = join_orders(session, part_id, now=now)
    for order_id in (part_id, whole_id):
        withdraw_bill(session, order_id, now=now)
    return whole_id
