"""Place a round, release it to the kitchen, and move an order along."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, true, update
from sqlalchemy.orm import Session

from domain.members.identities import ids_of
from domain.menu.portions import give_back_portions
from domain.messaging import emit
from domain.orders.cart import Cart
from domain.orders.errors import (
    EmptyCartError,
    IllegalMoveError,
    OnlyOpenerError,
    PickupTimeError,
    StoreClosedNowError,
    TooLateToCancelError,
)
from domain.orders.events import OrderCloseDue, OrderReady, OrderReleased
from domain.orders.kitchen import order_fields, rounds_of, standing_dishes
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.placing import PlacedRound, number_of, place_lines
from domain.orders.rules import (
    CLOSES_AFTER,
    ORDER_MOVES,
    PREPARING,
    UNPAID,
    Channel,
    FireState,
    OrderState,
    PaymentStatus,
    may_be_picked_up,
    may_move,
    payment_origins,
)
from domain.orders.statements import ORDER, PLACED_LINES, RELEASE
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store


def check_pickup(store: Store, at: datetime, *, now: datetime) -> None:
    """Raises: PickupTimeError: The store is closed then, or it is too soon or too far away."""
    if not (may_be_picked_up(at, now=now) and store.is_open(at)):
        raise PickupTimeError(store=store.name, at=store.clock_said(at), minutes=PREPARING // timedelta(minutes=1))


def place_round(
    session: Session,
    shop: ShopSnapshot,
    cart: Cart,
    diner_id: str,
    *,
    now: datetime,
    pickup_at: datetime | None = None,
    wait: bool = False,
) -> PlacedRound:
    """Send the drafts of a cart to the kitchen as one round, at the menu's prices of this moment.

    More dishes (加菜) put an order back to placed: the kitchen has to accept them too. All dishes are had or none is placed;
    portions count on the business day of the first placing.

    Args:
        cart: As it was read back. A cart that has moved since is refused.
        pickup_at: When a takeaway is fetched; None for as soon as it is cooked.
        wait: 叫起: the kitchen gets the dishes, and cooks them when the round is fired.

    Raises:
        EmptyCartError, StoreClosedNowError, OnlyOpenerError, UnknownDishError, CartChangedError, PickupTimeError.
        SoldOutError: Names every dish of which nothing is left; TooFewLeftError: those of which there is not enough.

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
    placed = place_lines(session, shop, cart, diner_id, now=now, pickup_at=pickup_at, wait=wait)
    if not placed.paid_first:
        release_rounds(session, store, cart.order_id, now=now)
    return placed


def release_rounds(session: Session, store: Store, order_id: str, *, now: datetime) -> int:
    """Send every round that still waits for the money to the kitchen, each exactly once, and say how many that were.

    What was taken back meanwhile is not cooked.

    Emits: OrderReleased for each of which something stands.
    """
    order = get_order(session, order_id)
    rounds = rounds_of(session, order_id)
    waiting = [each for each in rounds.values() if each.released_at is None]
    for each in waiting:
        released = RELEASE.run(session, of=order_id, number=each.round_no, now=now)
        lines = (line for line in placed_lines(session, order_id) if line.round_no == each.round_no)
        dishes = standing_dishes(lines, rounds)
        if released == 1 and dishes:
            emit(session, _released(store, order, each, dishes, now=now), now=now)
    return len(waiting)


def placed_lines(session: Session, order_id: str) -> Sequence[OrderLine]:
    """The lines that were placed, in the order of the bill: what counts of each is `standing`, nothing where all was taken back."""
    return session.execute(PLACED_LINES, {"of": order_id}).scalars().all()


def get_order(session: Session, order_id: str) -> Order:
    """An order that is known to exist, as the database has it now."""
    return session.execute(ORDER, {"of": order_id}).scalar_one()


def lock_order(session: Session, order_id: str) -> Order:
    """An order that is known to exist, held until the transaction ends: what changes several of its rows takes its turn here."""
    locked = select(Order).where(Order.id == order_id).with_for_update().execution_options(populate_existing=True)
    return session.execute(locked).scalar_one()


def find_latest_order(session: Session, diner_id: str, session_id: str | None) -> Order | None:
    """The order a diner would ask about: the one of their table, else their newest placed one."""
    mine = Order.session_id == session_id if session_id else Order.diner_id.in_(ids_of(session, diner_id))
    open_first = (Order.active_key.is_(None),) if session_id else ()  # parts of a split bill were placed with the whole
    newest = select(Order).where(mine, Order.placed_at.is_not(None)).order_by(*open_first, Order.placed_at.desc(), Order.id)
    return session.execute(newest.limit(1)).scalars().first()


def find_last_visit(session: Session, diner_id: str, *, but_session: str | None) -> Order | None:
    """The newest order that a diner placed on an earlier visit. Args: but_session: Where they sit now, which is no earlier visit."""
    elsewhere = Order.session_id.is_(None) | (Order.session_id != but_session) if but_session else true()
    placed = (
        Order.diner_id.in_(ids_of(session, diner_id)),
        Order.placed_at.is_not(None),
        Order.state != OrderState.CANCELLED.value,
        elsewhere,
    )
    return session.execute(select(Order).where(*placed).order_by(Order.placed_at.desc()).limit(1)).scalars().first()


def mark_paid(session: Session, order_id: str, fen: int, *, now: datetime) -> bool:
    """The bill is paid in full; lines no longer join it, and an order that is served is closed.

    Returns: False when it was paid before.
    """
    paid = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.payment_status.in_(payment_origins(PaymentStatus.PAID)))
        .values(payment_status=PaymentStatus.PAID.value, paid_fen=fen, paid_at=now, active_key=None)
    )
    if paid.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _close_if_done(session, order_id, now=now)
    emit(session, OrderCloseDue(order_id=order_id), now=now, due_at=now + CLOSES_AFTER, key=f"close:{order_id}")
    return True


def move_payment(session: Session, order_id: str, to: PaymentStatus) -> None:
    """Move an order's payment to a later status: asked for, withdrawn, refunded. Paid is `mark_paid`'s.

    Raises:
        IllegalMoveError: That may not follow.
    """
    origins = payment_origins(to)
    moved = session.execute(update(Order).where(Order.id == order_id, Order.payment_status.in_(origins)).values(payment_status=to.value))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise IllegalMoveError(state=get_order(session, order_id).payment_status, to=to.value)


def cancel_order(session: Session, order_id: str, *, now: datetime) -> None:
    """Cancel an order that nobody has paid or cooked. Its number is not used again, its portions are for sale again.

    Raises:
        TooLateToCancelError: It is paid, or the kitchen has a part of it.
    """
    with_kitchen = exists().where(OrderRound.order_id == order_id, OrderRound.released_at.is_not(None))
    cancelled = session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state == OrderState.PLACED, Order.payment_status.in_(UNPAID), ~with_kitchen)
        .values(state=OrderState.CANCELLED.value, active_key=None, closed_at=now)
    )
    if cancelled.rowcount != 1:  # type: ignore[attr-defined]
        raise TooLateToCancelError(number=number_of(session, order_id)[0] or "")
    order = get_order(session, order_id)
    assert order.business_day is not None
    portions = [(line.dish_id, line.standing) for line in placed_lines(session, order_id)]
    give_back_portions(session, order.store_id, portions, order.business_day)


def move_order(session: Session, order_id: str, to: OrderState, *, now: datetime) -> None:
    """Move an order along: accepted, cooking, ready, served, closed. A paid order is closed by being served.

    Taking an order back is `cancel_order` for the diner and `void_lines` for the staff.

    Raises:
        IllegalMoveError: It is there already, or further; or it is to be closed and not paid.

    Emits: OrderReady.
    """
    order = get_order(session, order_id)
    current = OrderState(order.state)
    unpaid = PaymentStatus(order.payment_status) in UNPAID
    if not may_move(current, to) or to is OrderState.CANCELLED or (to is OrderState.CLOSED and unpaid):
        raise IllegalMoveError(state=current.value, to=to.value)
    closed_at = now if to is OrderState.CLOSED else None
    moved = session.execute(
        update(Order).where(Order.id == order_id, Order.state == current.value).values(state=to.value, closed_at=closed_at)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise IllegalMoveError(state=current.value, to=to.value)
    parts = _move_parts(session, order_id, to) if to is not OrderState.CLOSED else []
    if to is OrderState.READY:
        ready = OrderReady(order_id, order.store_id, order.number or "", order.channel, order.diner_id)
        emit(session, ready, now=now)
    if to is OrderState.SERVED:
        for each in (order_id, *parts):
            _close_if_done(session, each, now=now)


def _move_parts(session: Session, order_id: str, to: OrderState) -> list[str]:
    """The kitchen knows one order: what it does with the whole, it does with the parts that were split from it."""
    origins = [state.value for state, following in ORDER_MOVES.items() if to in following]
    parts = (Order.split_from == order_id, Order.state.in_(origins))
    found = list(session.execute(select(Order.id).where(*parts)).scalars())
    session.execute(update(Order).where(*parts).values(state=to.value))
    return found


def _close_if_done(session: Session, order_id: str, *, now: datetime) -> None:
    session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state == OrderState.SERVED.value, Order.payment_status.not_in(UNPAID))
        .values(state=OrderState.CLOSED.value, closed_at=now)
    )


def _released(store: Store, order: Order, placed: OrderRound, dishes: list[dict[str, Any]], *, now: datetime) -> OrderReleased:
    return OrderReleased(
        **order_fields(store, order, pickup_at=now + PREPARING if order.channel == Channel.TAKEAWAY else None),
        lines=dishes,
        round_no=placed.round_no,
        placed_at=placed.placed_at.isoformat(),
        note="",
        wait=placed.fire_state == FireState.WAITING,
    )
