"""Two diners were one: the open orders of one are the other's. What is closed stays where it was, and is found under every id of theirs."""

from datetime import datetime

from sqlalchemy import RowMapping, or_, select, update
from sqlalchemy.orm import Session

from domain.orders.absorbing import OVER, absorb, lock_orders
from domain.orders.models import Order, OrderLine
from domain.orders.places import active_key
from domain.tables.service import sessions_of


def merge_orders(session: Session, source: str, target: str, *, now: datetime) -> None:
    """What `source` has ordered and nobody has closed is `target`'s, with their lines on the orders of shared tables. Twice is once.

    Both may have an open takeaway, and one person has one: two that were not placed become one, in the same store; else the one
    that was placed is closed to further dishes, and of two in different stores the newer one stays.
    """
    seats = sessions_of(session, source)
    living = select(Order.id).where(Order.state.not_in(OVER))
    mine = living.where(or_(Order.diner_id == source, Order.session_id.in_(seats)))
    keys = {active_key(None, source): source, active_key(None, target): target}
    theirs = living.where(Order.active_key.in_(keys))
    ids = {*session.execute(mine).scalars(), *session.execute(theirs).scalars()}
    orders = [order for order in lock_orders(session, ids).values() if order["state"] not in OVER]
    open_ones = {keys[order["active_key"]]: order for order in orders if order["active_key"] in keys}
    if source in open_ones:
        _one_takeaway(session, open_ones[source], open_ones.get(target), target, now=now)
    for order in orders:
        lines = update(OrderLine).where(OrderLine.order_id == order["id"], OrderLine.diner_id == source)
        session.execute(lines.values(diner_id=target), execution_options=_UNSYNCHRONIZED)
        own = update(Order).where(Order.id == order["id"], Order.diner_id == source)
        session.execute(own.values(diner_id=target), execution_options=_UNSYNCHRONIZED)


def _one_takeaway(session: Session, source: RowMapping, target: RowMapping | None, diner_id: str, *, now: datetime) -> None:
    """The open takeaway of who came in is that of who stays."""
    key = active_key(None, diner_id)
    if target is None:
        _hold(session, source["id"], key)
    elif target["rounds"] == source["rounds"] == 0 and target["store_id"] == source["store_id"]:
        lines = update(OrderLine).where(OrderLine.order_id == source["id"])
        session.execute(lines.values(diner_id=diner_id), execution_options=_UNSYNCHRONIZED)
        absorb(session, source, target, now=now)
    else:
        # A cart may still grow, so it goes before what was placed; of two alike the newer one.
        stays, gives_way = sorted((source, target), key=lambda order: (order["rounds"] == 0, order["id"]), reverse=True)
        _hold(session, gives_way["id"], None)
        _hold(session, stays["id"], key)


def _hold(session: Session, order_id: str, key: str | None) -> None:
    """Under which key an order is open; None: no dish joins it any more."""
    moved = update(Order).where(Order.id == order_id).values(active_key=key, draft_version=Order.draft_version + 1)
    session.execute(moved, execution_options=_UNSYNCHRONIZED)


_UNSYNCHRONIZED = {"synchronize_session": False}
