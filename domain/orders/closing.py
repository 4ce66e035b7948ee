"""The staff say that a party has gone: its table is free, once nothing is left to pay."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from domain.orders.absorbing import OVER, lock_orders
from domain.orders.models import Order, OrderLine
from domain.orders.rules import UNPAID, OrderState
from domain.shop.store import Store
from domain.tables.errors import UnpaidTableError
from domain.tables.moving import lock_sessions
from domain.tables.service import Seat, end_session


def close_table(session: Session, store: Store, session_id: str, *, now: datetime) -> Seat:
    """End a party's session for the staff. What it chose and never ordered is dropped; what it ordered is paid or voided first.

    Raises:
        SessionEndedError: It is over already, or is none of this store.
        UnpaidTableError: Something that was ordered is to be paid.

    Source: RESTAURANT, Orders (a table session ends with the bill, by staff, or after 3 h idle).
    """
    orders = select(Order.id).where(Order.session_id == session_id, Order.state.not_in(OVER)).order_by(Order.id)
    lock_orders(session, session.execute(orders).scalars())
    seat = lock_sessions(session, store, [session_id], now=now)[session_id]
    owed = exists().where(
        OrderLine.order_id == Order.id,
        OrderLine.quantity > OrderLine.voided,
        Order.session_id == session_id,
        Order.state.not_in((*OVER, OrderState.CART.value)),
        Order.payment_status.in_(UNPAID),
        OrderLine.round_no > 0,
    )
    if session.execute(select(owed)).scalar():
        raise UnpaidTableError(table=seat.table_code, to="")
    chosen = update(Order).where(Order.session_id == session_id, Order.state == OrderState.CART.value)
    dropped = chosen.values(state=OrderState.CANCELLED.value, active_key=None, closed_at=now, draft_version=Order.draft_version + 1)
    session.execute(dropped.execution_options(synchronize_session=False))  # who places it at this moment is told that it is gone
    end_session(session, session_id, reason="staff", now=now)
    return seat
