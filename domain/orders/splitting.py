"""One table, several bills (分单): dishes go to a bill of their own and come back, and the table is free when all of them are paid."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import RowMapping, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.orders.absorbing import OVER, absorb, lock_orders
from domain.orders.cart import DRAFT
from domain.orders.errors import LineGoneError, NotJoinableError, NotSplittableError, WrongShareError, WrongSplitError
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.rules import UNPAID, Channel, OrderState, PaymentStatus
from domain.shop.snapshot import ShopSnapshot
from domain.stores.numbers import next_number
from domain.tables.service import end_session, touch

_NOTHING = Decimal(0)


def split_order(
    session: Session,
    shop: ShopSnapshot,
    order_id: str,
    shares: Mapping[str, Decimal],
    *,
    payer_id: str,
    now: datetime,
    part_id: str | None = None,
) -> str:
    """Put dishes of a table's unpaid order, or some portions of them, on a bill of their own, at the prices they were placed at.

    The part has a number of its own on the same business day. The kitchen hears nothing of it: what was released stays
    released, what waits for its money is released when its own bill is paid. Drafts stay where they are, and at least one
    dish does. The caller (checkout) withdraws the order's bill in the same transaction, and refuses the split when the
    money for it came a moment ago.

    Args:
        shares: How much of which placed line, in steps the dish is sold in.
        payer_id: The diner whose bill the part is.
        part_id: Id of the part, made once by the caller: a repeated call with it gives the same part.

    Returns:
        The id of the new order.

    Raises:
        NotSplittableError: It is paid, over, not placed, or not of a table.
        WrongSplitError: Nothing, or everything, was to be split off.
        LineGoneError: A line does not stand on this bill.
        WrongShareError: More than stands of it, or not in its steps.

    Source: RESTAURANT, Orders (dish-based split); peers §5 (URY #153).
    """
    order = session.execute(select(Order.store_id, Order.business_day, Order.number).where(Order.id == order_id)).mappings().one()
    if order["business_day"] is None:
        raise NotSplittableError(number="")
    number = next_number(session, order["store_id"], order["business_day"], "order")  # first, as when a round is placed
    order = lock_orders(session, [order_id])[order_id]
    part_id = part_id or new_id(now)
    if session.execute(select(exists().where(Order.id == part_id, Order.split_from == order_id))).scalar():
        return part_id
    if not _is_open(order) or order["session_id"] is None:
        raise NotSplittableError(number=order["number"])
    lines = _placed(session, order_id)
    left = {line_id: line["quantity"] - line["voided"] for line_id, line in lines.items()}
    for line_id, n in shares.items():
        if not left.get(line_id):
            raise LineGoneError(number=order["number"])
        dish = shop.dish_for(order["store_id"], lines[line_id]["dish_id"])
        step = dish.step if dish else Decimal(1)
        if not 0 < n <= left[line_id] or (n % step and n != left[line_id]):
            raise WrongShareError(dish=lines[line_id]["name"], left=f"{left[line_id]:f}", unit=lines[line_id]["unit"], step=str(step))
    taken = sum(shares.values(), _NOTHING)
    if not taken or taken == sum(left.values(), _NOTHING):
        raise WrongSplitError(number=order["number"])
    session.execute(insert(Order), _part(order, part_id, f"{number:04d}", payer_id, now=now))
    _copy_rounds(session, order_id, part_id, {lines[line_id]["round_no"] for line_id in shares})
    for line_id, n in sorted(shares.items()):
        if not _hand_over(session, lines[line_id], n, part_id, now=now):  # a void came between
            raise LineGoneError(number=order["number"])
    return part_id


def join_orders(session: Session, part_id: str, *, now: datetime) -> str:
    """Put a part back on the bill it was split from, or on the one that has taken that in since.

    The caller (checkout) withdraws the bills of both in the same transaction, and refuses when the money for one has come.

    Returns:
        The id of the order where the dishes stand now.

    Raises:
        NotJoinableError: It is no part, or one of both is paid or over.
    """
    into = session.execute(select(Order.split_from).where(Order.id == part_id)).scalar()
    orders = lock_orders(session, [part_id, into] if into else [part_id])
    part = orders[part_id]
    if into is None or part["split_from"] != into or not all(_is_open(order) for order in orders.values()):
        raise NotJoinableError(number=part["number"] or "")
    absorb(session, part, orders[into], now=now)
    return into


def unpaid_orders_of(session: Session, session_id: str) -> list[str]:
    """The placed orders of a party that are still to be paid, eldest first: its open order and the parts split from it."""
    unpaid = (
        select(Order.id)
        .where(Order.session_id == session_id, Order.placed_at.is_not(None))
        .where(Order.payment_status.in_(UNPAID), Order.state != OrderState.CANCELLED)
        .order_by(Order.id)
    )
    return list(session.execute(unpaid).scalars())


def other_parts(session: Session, order_id: str) -> list[str]:
    """The orders that were one with this order before a bill was split: the whole, and the other parts of it."""
    whole = select(func.coalesce(Order.split_from, Order.id)).where(Order.id == order_id).scalar_subquery()
    family = select(Order.id).where(or_(Order.id == whole, Order.split_from == whole), Order.id != order_id)
    return list(session.execute(family).scalars())


def end_session_when_paid(session: Session, session_id: str, *, now: datetime) -> bool:
    """End a table's session with its last bill. Two parts that are paid at once take turns: the later one ends it.

    A party of which nothing is paid stays: what was taken back from them may be ordered anew. Call it after the bill is
    marked paid, or the order cancelled, in the same transaction.

    Returns:
        Whether the table is free now.
    """
    touch(session, session_id, now=now)  # the turn: a row that both must write, before either looks
    paid = select(exists().where(Order.session_id == session_id, Order.paid_at.is_not(None)))
    if unpaid_orders_of(session, session_id) or not session.execute(paid).scalar():
        return False
    return end_session(session, session_id, reason="paid", now=now)


def _is_open(order: RowMapping) -> bool:
    return order["placed_at"] is not None and order["state"] not in OVER and order["payment_status"] in UNPAID


def _placed(session: Session, order_id: str) -> dict[str, RowMapping]:
    lines = select(*OrderLine.__table__.columns).where(OrderLine.order_id == order_id, OrderLine.round_no > DRAFT)
    return {line["id"]: line for line in session.execute(lines).mappings()}


def _part(order: RowMapping, part_id: str, number: str, payer_id: str, *, now: datetime) -> dict[str, object]:
    same = ("store_id", "session_id", "table_code", "state", "business_day", "rounds", "placed_at")
    return {name: order[name] for name in same} | {
        "id": part_id,
        "channel": Channel.DINE_IN.value,
        "diner_id": payer_id,
        "active_key": None,
        "number": number,
        "draft_version": 0,
        "opened_at": now,
        "split_from": order["id"],
        "payment_status": PaymentStatus.NONE.value,
    }


def _copy_rounds(session: Session, order_id: str, part_id: str, numbers: set[int]) -> None:
    rounds = select(*OrderRound.__table__.columns).where(OrderRound.order_id == order_id, OrderRound.round_no.in_(numbers))
    copies = [{**row, "order_id": part_id} for row in session.execute(rounds).mappings()]
    session.execute(insert(OrderRound), copies)


def _hand_over(session: Session, line: RowMapping, n: Decimal, part_id: str, *, now: datetime) -> bool:
    """Give n of a line to the part: the line itself where that is all of it, else a line of the part's own."""
    same = (OrderLine.id == line["id"], OrderLine.order_id == line["order_id"])
    if n == line["quantity"]:
        given = update(OrderLine).where(*same, OrderLine.quantity == n, OrderLine.voided == _NOTHING).values(order_id=part_id)
    else:
        given = update(OrderLine).where(*same, OrderLine.quantity - OrderLine.voided >= n).values(quantity=OrderLine.quantity - n)
        session.execute(insert(OrderLine), {**line, "id": new_id(now), "order_id": part_id, "quantity": n, "voided": _NOTHING})
    return bool(session.execute(given).rowcount)  # type: ignore[attr-defined]
