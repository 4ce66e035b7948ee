"""Place a round, release it to the kitchen, and move an order along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.clock import business_date
from domain.messaging import emit
from domain.orders.cart import DRAFT, Cart
from domain.orders.errors import (
    CartChangedError,
    EmptyCartError,
    IllegalMoveError,
    OnlyOpenerError,
    PickupTimeError,
    StoreClosedNowError,
    TooLateToCancelError,
    UnknownDishError,
)
from domain.orders.events import OrderCloseDue, OrderReleased
from domain.orders.making import choose_options
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.rules import CLOSES_AFTER, PREPARING, Channel, OrderState, PaymentStatus, may_be_picked_up, may_move, paid_first
from domain.shop.snapshot import ShopSnapshot, Store
from domain.stores.numbers import next_number


@dataclass(frozen=True, slots=True)
class PlacedRound:
    """What was placed."""

    order_id: str
    number: str
    round_no: int
    paid_first: bool


def check_pickup(store: Store, at: datetime, *, now: datetime) -> None:
    """Raises: PickupTimeError: The store is closed then, or it is too soon or too far away."""
    if not (may_be_picked_up(at, now=now) and store.is_open(at)):
        raise PickupTimeError(store=store.name, at=f"{store.local(at):%H:%M}", minutes=PREPARING // timedelta(minutes=1))


def place_round(
    session: Session, shop: ShopSnapshot, cart: Cart, diner_id: str, *, now: datetime, pickup_at: datetime | None = None
) -> PlacedRound:
    """Send the drafts of a cart to the kitchen as one round, at the menu's prices of this moment.

    Args:
        cart: As it was read back. A cart that has moved since is refused.
        pickup_at: When a takeaway is fetched; None for as soon as it is cooked.

    Raises:
        EmptyCartError, StoreClosedNowError, OnlyOpenerError, UnknownDishError, CartChangedError, PickupTimeError.

    Emits: OrderReleased, unless the store is paid first.
    """
    store = shop.known_stores[cart.store_id]
    if not cart.lines:
        raise EmptyCartError
    if not store.is_open(now):
        raise StoreClosedNowError(store=store.name)
    if cart.session_id and diner_id != cart.opened_by:
        raise OnlyOpenerError(table=cart.table_code)
    if pickup_at is not None:
        check_pickup(store, pickup_at, now=now)
    day = business_date(now, store.timezone, shop.brand.business_day_starts)
    number = _number_of(session, cart.order_id) or f"{next_number(session, store.id, day, 'order'):04d}"
    round_no = cart.rounds + 1
    placed = session.execute(
        update(Order)
        .where(Order.id == cart.order_id, Order.draft_version == cart.version, Order.active_key.is_not(None))
        .values(
            draft_version=cart.version + 1,
            rounds=round_no,
            number=number,
            business_day=func.coalesce(Order.business_day, day),
            placed_at=func.coalesce(Order.placed_at, now),
            state=OrderState.PLACED.value,
            pickup_at=func.coalesce(pickup_at, Order.pickup_at),
        )
    )
    if placed.rowcount != 1:  # type: ignore[attr-defined]
        raise CartChangedError
    for line in cart.lines:
        dish = shop.dish_for(store.id, line.dish_id)
        if dish is None:
            raise UnknownDishError(dish=line.name, store=store.name)
        _, _, price = choose_options(dish, line.options)
        extra = price - dish.price_fen
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line.id, OrderLine.round_no == DRAFT)
            .values(
                round_no=round_no,
                unit_price_fen=price,
                member_price_fen=None if dish.member_price_fen is None else dish.member_price_fen + extra,
                packaging_fen=dish.packaging_fen,
            )
        )
    session.execute(insert(OrderRound), {"order_id": cart.order_id, "round_no": round_no, "placed_by": diner_id, "placed_at": now})
    first = paid_first(store.pay, cart.channel)
    if not first:
        release_rounds(session, store, cart.order_id, now=now)
    return PlacedRound(cart.order_id, number, round_no, first)


def release_rounds(session: Session, store: Store, order_id: str, *, now: datetime) -> int:
    """Send every round that still waits to the kitchen, each exactly once, and say how many that were.

    Emits: OrderReleased for each.
    """
    order = session.execute(select(Order).where(Order.id == order_id).execution_options(populate_existing=True)).scalar_one()
    waiting = session.execute(
        select(OrderRound.round_no, OrderRound.placed_at)
        .where(OrderRound.order_id == order_id, OrderRound.released_at.is_(None))
        .order_by(OrderRound.round_no)
    ).all()
    for round_no, placed_at in waiting:
        released = session.execute(
            update(OrderRound)
            .where(OrderRound.order_id == order_id, OrderRound.round_no == round_no, OrderRound.released_at.is_(None))
            .values(released_at=now)
        )
        if released.rowcount == 1:  # type: ignore[attr-defined]
            emit(session, _released(session, store, order, round_no, placed_at, now=now), now=now)
    return len(waiting)


def placed_lines(session: Session, order_id: str) -> Sequence[OrderLine]:
    """The lines that were placed, in the order of the bill."""
    return (
        session.execute(
            select(OrderLine)
            .where(OrderLine.order_id == order_id, OrderLine.round_no > DRAFT)
            .order_by(OrderLine.round_no, OrderLine.added_at, OrderLine.id)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )


def get_order(session: Session, order_id: str) -> Order:
    """An order that is known to exist, as the database has it now."""
    return session.execute(select(Order).where(Order.id == order_id).execution_options(populate_existing=True)).scalar_one()


def find_latest_order(session: Session, diner_id: str, session_id: str | None) -> Order | None:
    """The order a diner would ask about: the one of their table, else their newest placed one."""
    mine = Order.session_id == session_id if session_id else Order.diner_id == diner_id
    return (
        session.execute(select(Order).where(mine, Order.placed_at.is_not(None)).order_by(Order.placed_at.desc()).limit(1)).scalars().first()
    )


def mark_paid(session: Session, order_id: str, fen: int, *, now: datetime) -> bool:
    """The bill is paid in full; lines no longer join it. Returns: False when it was paid before."""
    paid = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.payment_status != PaymentStatus.PAID)
        .values(payment_status=PaymentStatus.PAID, paid_fen=fen, paid_at=now, active_key=None)
    )
    if paid.rowcount != 1:  # type: ignore[attr-defined]
        return False
    emit(session, OrderCloseDue(order_id=order_id), now=now, due_at=now + CLOSES_AFTER, key=f"close:{order_id}")
    return True


def cancel_order(session: Session, order_id: str, *, now: datetime) -> None:
    """Cancel an order that nobody has paid or cooked. Its number is not used again.

    Raises:
        TooLateToCancelError: It is paid, or the kitchen has a part of it.
    """
    with_kitchen = exists().where(OrderRound.order_id == order_id, OrderRound.released_at.is_not(None))
    cancelled = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state == OrderState.PLACED, Order.payment_status != PaymentStatus.PAID, ~with_kitchen)
        .values(state=OrderState.CANCELLED.value, active_key=None, closed_at=now)
    )
    if cancelled.rowcount != 1:  # type: ignore[attr-defined]
        raise TooLateToCancelError(number=_number_of(session, order_id) or "")


def move_order(session: Session, order_id: str, to: OrderState, *, now: datetime) -> None:
    """Move an order to a later state.

    Raises:
        IllegalMoveError: It is there already, or further.
    """
    order = get_order(session, order_id)
    current = OrderState(order.state)
    if not may_move(current, to):
        raise IllegalMoveError(state=current.value, to=to.value)
    closed_at = now if to is OrderState.CLOSED else None
    moved = session.execute(
        update(Order).where(Order.id == order_id, Order.state == current.value).values(state=to.value, closed_at=closed_at)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise IllegalMoveError(state=current.value, to=to.value)


def _number_of(session: Session, order_id: str) -> str | None:
    return session.execute(select(Order.number).where(Order.id == order_id)).scalar()


def _released(session: Session, store: Store, order: Order, round_no: int, placed_at: datetime, *, now: datetime) -> OrderReleased:
    lines = [line for line in placed_lines(session, order.id) if line.round_no == round_no]
    takeaway = order.channel == Channel.TAKEAWAY
    assert order.number is not None
    return OrderReleased(
        order_id=order.id,
        store_id=store.id,
        store_name=store.name,
        number=order.number,
        round_no=round_no,
        channel=order.channel,
        table_code=order.table_code,
        guests=None,
        placed_at=placed_at.isoformat(),
        zone=store.timezone,
        pickup_at=(order.pickup_at or now + PREPARING).isoformat() if takeaway else None,
        note="",
        lines=[
            {
                "line_id": line.id,
                "dish_id": line.dish_id,
                "name": line.name,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "station": line.station,
                "options": list(line.options),
                "note": line.note,
            }
            for line in lines
        ],
    )
