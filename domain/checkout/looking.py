"""Which order a diner means when they speak of paying: the bill to be paid next, the last bill, what invoices can be had for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.checkout.billing import PAYABLE
from domain.checkout.refunds import refunds_of
from domain.invoices.models import InvoiceRequest
from domain.invoices.rules import ASK_WITHIN, InvoiceState
from domain.invoices.service import Invoiceable, requests_of
from domain.kernel.money import Fen
from domain.orders.cart import find_cart
from domain.orders.models import Order
from domain.orders.rules import UNPAID, OrderState
from domain.orders.service import get_order
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.tables.service import Seat

_OVER = (OrderState.CANCELLED.value,)


def order_to_pay(session: Session, seat: Seat | None, diner_id: str) -> str | None:
    """The order that a diner is to pay next.

    The part that was split off for them at this table, else the open order of the table or their own, else a part that they
    left unpaid another time.
    """
    parts = _unpaid_parts(session, diner_id)
    here = [part_id for part_id, session_id in parts.items() if seat is not None and session_id == seat.session_id]
    cart = find_cart(session, seat, diner_id)
    placed = [cart.order_id] if cart is not None and cart.rounds else []
    return next(iter((*here, *placed, *parts)), None)


def unpaid_parts(session: Session, diner_id: str) -> list[str]:
    """The parts split off for a diner that are still to be paid, eldest first."""
    return list(_unpaid_parts(session, diner_id))


def _unpaid_parts(session: Session, diner_id: str) -> dict[str, str | None]:
    """Part id -> the table session it was split off at, eldest first."""
    part = (
        select(Order.id, Order.session_id)
        .where(Order.diner_id == diner_id, Order.split_from.is_not(None))
        .where(Order.payment_status.in_(UNPAID), Order.state.not_in(_OVER))
    )
    return dict(session.execute(part.order_by(Order.id)).all())


def last_bill(session: Session, seat: Seat | None, diner_id: str) -> Order | None:
    """The order whose bill a diner asks about: the one to be paid next if it was billed, else the last one that was."""
    order_id = order_to_pay(session, seat, diner_id)
    order = get_order(session, order_id) if order_id else None
    return order if order is not None and order.bill is not None else last_paid(session, diner_id)


def last_paid(session: Session, diner_id: str) -> Order | None:
    """The order that a diner paid last."""
    paid = (
        select(Payment.payable_id)
        .join(Order, Order.id == Payment.payable_id)
        .where(Payment.diner_id == diner_id, Payment.payable_kind == PAYABLE, Payment.state == PaymentState.PAID.value)
        .where(Order.paid_at.is_not(None))
        .order_by(Payment.paid_at.desc())
    )
    order_id: str | None = session.execute(paid.limit(1)).scalar()
    return get_order(session, order_id) if order_id else None


def invoiceable_orders(session: Session, diner_id: str, *, now: datetime) -> list[Invoiceable]:
    """The orders that a diner paid, less what was given back of each, and can have an invoice of; the newest first.

    Where each of them is asked for already, those whose invoice is not written yet: what it shall say may still change.
    """
    paid = (
        select(Order)
        .join(Payment, Payment.payable_id == Order.id)
        .where(Payment.diner_id == diner_id, Payment.payable_kind == PAYABLE, Payment.state == PaymentState.PAID.value)
        .where(Order.paid_at >= now - ASK_WITHIN, Order.number.is_not(None))
        .order_by(Order.paid_at.desc(), Order.id.desc())
    )
    found = [_invoiceable(session, order, diner_id) for order in session.execute(paid).scalars().unique()]
    asked = requests_of(session, [order.order_id for order in found])
    left = [order for order in found if order.paid_fen > 0]
    fresh = [order for order in left if not asked.get(order.order_id)]
    return fresh or [order for order in left if _may_change(asked[order.order_id], diner_id)]


def _may_change(request: InvoiceRequest, diner_id: str) -> bool:
    return request.diner_id == diner_id and request.state == InvoiceState.ASKED


def _invoiceable(session: Session, order: Order, diner_id: str) -> Invoiceable:
    given_back = sum(refund.fen for refund in refunds_of(session, order.id))
    return Invoiceable(order.id, diner_id, order.number or "", Fen((order.paid_fen or 0) - given_back), order.paid_at, order.store_id)
