"""A store's business day: an order by the number that people see, and what the day came to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.kernel.money import Fen
from domain.orders.models import Order
from domain.orders.rules import UNPAID, OrderState
from domain.payments.models import Payment
from domain.payments.rules import PaymentState

_PAYABLE = "order"  # as checkout names its payments


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a business day came to.

    Attributes:
        orders: Placed and not cancelled.
        open: Of these, not paid yet.
        paid_fen: What was paid for orders of the day, less what was given back of it.
        refunded_fen: What was given back.
    """

    orders: int
    open: int
    paid_fen: Fen
    refunded_fen: Fen


def find_numbered(session: Session, store_id: str, day: date, number: str) -> Order | None:
    """The order of a business day with this number, or None. Of the parts of a split bill the one that still is open comes first."""
    numbered = (Order.store_id == store_id, Order.business_day == day, Order.number == number, Order.merged_into.is_(None))
    newest = select(Order).where(*numbered).order_by(Order.active_key.is_(None), Order.placed_at, Order.id).limit(1)
    return session.execute(newest.execution_options(populate_existing=True)).scalars().first()


def day_figures(session: Session, store_id: str, day: date) -> DayFigures:
    """What the orders of a business day came to in a store."""
    of_day = (Order.store_id == store_id, Order.business_day == day, Order.placed_at.is_not(None))
    standing = (*of_day, Order.state != OrderState.CANCELLED.value)
    orders = session.execute(select(func.count()).select_from(Order).where(*standing)).scalar_one()
    unpaid = session.execute(select(func.count()).select_from(Order).where(*standing, Order.payment_status.in_(UNPAID))).scalar_one()
    paid, refunded = session.execute(
        select(func.coalesce(func.sum(Payment.fen), 0), func.coalesce(func.sum(Payment.refunded_fen), 0))
        .join(Order, Order.id == Payment.payable_id)
        .where(*of_day, Payment.payable_kind == _PAYABLE, Payment.state == PaymentState.PAID.value)
    ).one()
    return DayFigures(orders, unpaid, Fen(int(paid) - int(refunded)), Fen(int(refunded)))
