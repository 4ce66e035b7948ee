"""The same work as the house's, written the usual way: lock the one row, read objects, change them in Python, flush.

Same rows, same events, same checks as domain/points and domain/checkout; SQLAlchemy's ORM and `SELECT ... FOR UPDATE`
instead of conditional UPDATEs, and no Prepared statement. Pure rules (pricing, options) are the house's own: they are no
part of what is compared.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.checkout.bill import Bill
from domain.checkout.billing import PAYABLE, give_up_bill
from domain.checkout.pricing import PricedLine, Purse, price
from domain.checkout.service import Placed, ReadBack
from domain.kernel.ids import new_id
from domain.members.models import MemberFavourite, Membership
from domain.menu.errors import SoldOutError, TooFewLeftError
from domain.menu.models import DishPortions
from domain.messaging import emit
from domain.orders.cart import DRAFT, Cart, CartLine
from domain.orders.errors import CartChangedError, EmptyCartError, JustPaidError, OnlyOpenerError, StoreClosedNowError, UnknownDishError
from domain.orders.events import OrderReleased
from domain.orders.kitchen import order_fields, standing_dishes
from domain.orders.making import choose_options, member_price
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.places import active_key
from domain.orders.placing import PlacedRound
from domain.orders.repricing import at_todays_prices
from domain.orders.rules import Channel, FireState, OrderState, paid_first
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.points.errors import NotEnoughPointsError
from domain.points.models import PointsAccount, PointsEntry, PointsLot
from domain.points.rules import Reason, expires_on, take_in_order, usable_from
from domain.shop.dish import Dish
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.stores.numbers import DayNumber
from domain.tables.service import Seat


def earn_points(session: Session, diner_id: str, points: int, *, order_id: str, business_day: date, life_days: int, now: datetime) -> bool:
    """As `domain.points.service.earn_points`."""
    account = session.get(PointsAccount, diner_id, with_for_update=True)
    if account is None:
        account = PointsAccount(diner_id=diner_id, balance=0, held=0, owed=0)
        session.add(account)
    movement = f"earn:{order_id}"
    if _happened(session, movement):
        return False
    settled = min(account.owed, points)
    last_day = expires_on(business_day, life_days)
    lot = PointsLot(
        id=new_id(now),
        diner_id=diner_id,
        points=points,
        remaining=points - settled,
        held=0,
        reversed=0,
        earned_on=business_day,
        usable_from=usable_from(business_day),
        expires_on=last_day,
        open_until=last_day if points > settled else None,
        source=Reason.ORDER_PAID,
        order_id=order_id,
    )
    session.add(lot)
    session.flush()  # its entries point to it
    session.add(_entry(diner_id, lot, points, Reason.ORDER_PAID, movement, 0, order_id=order_id, now=now))
    if settled:
        paid_back = _entry(diner_id, lot, -settled, Reason.SETTLED, movement, 1, order_id=order_id, now=now)
        paid_back.owed_delta = -settled
        session.add(paid_back)
    account.balance += points - settled
    account.owed -= settled
    session.flush()
    return True


def spend_points(session: Session, diner_id: str, points: int, *, reason: Reason, key: str, day: date, now: datetime) -> bool:
    """As `domain.points.service.spend_points`."""
    account = session.get(PointsAccount, diner_id, with_for_update=True)
    movement = f"spend:{key}"
    if _happened(session, movement):
        return False
    usable = (
        PointsLot.diner_id == diner_id,
        PointsLot.open_until >= day,
        PointsLot.usable_from <= day,
        PointsLot.remaining > PointsLot.held,
    )
    lots = {lot.id: lot for lot in session.scalars(select(PointsLot).where(*usable).order_by(PointsLot.open_until, PointsLot.id))}
    free = [(lot.id, lot.remaining - lot.held) for lot in lots.values()]
    shares = take_in_order(free, points)
    if account is None or sum(share for _, share in shares) < points or account.balance - points < account.held:
        raise NotEnoughPointsError(points=points, usable=sum(there for _, there in free))
    for part, (lot_id, share) in enumerate(shares):
        lot = lots[lot_id]
        lot.remaining -= share
        lot.open_until = lot.open_until if lot.remaining else None
        session.add(_entry(diner_id, lot, -share, reason, movement, part, order_id=None, now=now))
    account.balance -= points
    session.flush()
    return True


def read_back(session: Session, shop: ShopSnapshot, seat: Seat | None, diner_id: str, *, now: datetime) -> ReadBack:
    """As `domain.checkout.service.read_back`, where it is paid after."""
    order = session.scalars(_open_order(seat, diner_id)).first()
    return _read_back(session, shop, order, diner_id)


def place(session: Session, shop: ShopSnapshot, seat: Seat | None, diner_id: str, version: str, *, now: datetime) -> Placed:
    """As `domain.checkout.service.place`, where it is paid after."""
    order = session.scalars(_open_order(seat, diner_id).with_for_update().execution_options(populate_existing=True)).first()
    seen = _read_back(session, shop, order, diner_id)
    if order is None or seen.version != version:
        raise CartChangedError
    store = shop.known_stores[order.store_id]
    if not store.is_open(now):
        raise StoreClosedNowError(store=store.name)
    if order.session_id and diner_id != order.diner_id:
        raise OnlyOpenerError(table=order.table_code)
    if order.number is None or order.business_day is None:
        order.business_day = shop.brand.business_day(now, store.timezone)
        order.number = _next_number(session, store, order.business_day)
    order.draft_version += 1
    order.rounds += 1
    order.state = OrderState.PLACED.value
    order.placed_at = order.placed_at or now
    lines = _drafts(session, order.id)
    sold = [_sell(line, shop, store, order.rounds) for line in lines]
    _take_portions(session, store, sold, order.business_day)
    placed = OrderRound(
        order_id=order.id,
        round_no=order.rounds,
        placed_by=diner_id,
        placed_at=now,
        released_at=now,
        fire_state=FireState.FIRED.value,
    )
    session.add(placed)
    session.flush()
    released = OrderReleased(
        **order_fields(store, order),
        lines=standing_dishes(lines, {placed.round_no: placed}),
        round_no=placed.round_no,
        placed_at=now.isoformat(),
        note="",
        wait=False,
    )
    emit(session, released, now=now)
    _withdraw_bill(session, order, now=now)
    return Placed(PlacedRound(order.id, order.number, order.rounds, paid_first=False), seen.bill, None)


def _happened(session: Session, movement: str) -> bool:
    return session.scalar(select(PointsEntry.id).where(PointsEntry.key == movement, PointsEntry.part == 0)) is not None


def _entry(
    diner_id: str, lot: PointsLot, delta: int, reason: Reason, movement: str, part: int, *, order_id: str | None, now: datetime
) -> PointsEntry:
    return PointsEntry(
        id=new_id(now),
        diner_id=diner_id,
        lot_id=lot.id,
        delta=delta,
        owed_delta=0,
        reason=reason,
        order_id=order_id,
        key=movement,
        part=part,
        at=now,
    )


def _open_order(seat: Seat | None, diner_id: str) -> Select[Order]:
    return select(Order).where(Order.active_key == active_key(seat, diner_id))


def _drafts(session: Session, order_id: str) -> Sequence[OrderLine]:
    drafts = select(OrderLine).where(OrderLine.order_id == order_id, OrderLine.round_no == DRAFT)
    return session.scalars(drafts.order_by(OrderLine.added_at, OrderLine.id).execution_options(populate_existing=True)).all()


def _read_back(session: Session, shop: ShopSnapshot, order: Order | None, diner_id: str) -> ReadBack:
    lines = [] if order is None else _drafts(session, order.id)
    if order is None or not lines:
        raise EmptyCartError
    channel = Channel(order.channel)
    assert not paid_first(shop.known_stores[order.store_id].pay, channel)
    found = Cart(
        order.id,
        order.store_id,
        channel,
        order.session_id,
        order.table_code,
        order.diner_id,
        order.rounds,
        order.draft_version,
        tuple(CartLine(**{name: getattr(line, name) for name in CartLine.__slots__} | {"options": tuple(line.options)}) for line in lines),
    )
    cart = at_todays_prices(found, shop)
    bill = _bill(session, shop, cart, diner_id)
    return ReadBack(cart, bill, f"{cart.order_id}.{cart.version}.{bill.total_fen}")


def _bill(session: Session, shop: ShopSnapshot, cart: Cart, diner_id: str) -> Bill:
    purse = Purse()
    if session.get(Membership, diner_id) is not None:
        favourites: list[MemberFavourite] = []
        if shop.brand.favourites_pay < 1:
            favourites = list(session.scalars(select(MemberFavourite).where(MemberFavourite.diner_id == diner_id)))
        dishes = frozenset(favourite.dish_id for favourite in favourites if favourite.dish_id is not None)
        purse = Purse(member=True, favourites=dishes, favourites_pay=shop.brand.favourites_pay)
    lines = [
        PricedLine(
            line.name,
            line.unit,
            line.quantity,
            line.options,
            line.unit_price_fen,
            line.member_price_fen,
            line.packaging_fen,
            line.id,
            line.dish_id,
        )
        for line in cart.lines
    ]
    store = shop.known_stores[cart.store_id]
    return price(lines, channel=cart.channel, service_fee_ratio=store.service_fee, purse=purse, rounding=shop.brand.rounding)


def _next_number(session: Session, store: Store, day: date) -> str:
    numbers = session.get(DayNumber, (store.id, day, "order"), with_for_update=True)
    if numbers is None:
        numbers = DayNumber(store_id=store.id, business_day=day, series="order", last=0)
        session.add(numbers)
    numbers.last += 1
    return f"{numbers.last:04d}"


def _sell(line: OrderLine, shop: ShopSnapshot, store: Store, round_no: int) -> tuple[Dish, Decimal]:
    dish = shop.dish_for(store.id, line.dish_id)
    if dish is None:
        raise UnknownDishError(dish=line.name, store=store.name)
    line.round_no = round_no
    line.unit_price_fen = choose_options(dish, line.options)[2]
    line.member_price_fen = member_price(dish, line.unit_price_fen)
    line.packaging_fen = dish.packaging_fen
    return dish, line.quantity


def _take_portions(session: Session, store: Store, sold: Sequence[tuple[Dish, Decimal]], day: date) -> None:
    for dish, n in sorted(sold, key=lambda each: each[0].id):
        portions = session.get(DishPortions, (store.id, dish.id, day), with_for_update=True)
        if portions is None:
            portions = DishPortions(store_id=store.id, dish_id=dish.id, business_day=day, taken=Decimal(0))
            session.add(portions)
        left = None if dish.daily_limit is None else dish.daily_limit - portions.taken
        if portions.sold_out_at is not None or (left is not None and left < n):
            error = TooFewLeftError if portions.sold_out_at is None and left else SoldOutError
            raise error(dish=dish.name, left=f"{dish.name}{left}{dish.unit}")
        portions.taken += n


def _withdraw_bill(session: Session, order: Order, *, now: datetime) -> None:
    asked = session.scalars(select(Payment).where(Payment.pending_key == f"{PAYABLE}:{order.id}").with_for_update()).first()
    if asked is not None:
        asked.state, asked.pending_key = PaymentState.CLOSED, None
    if order.bill is not None:
        give_up_bill(session, order.id, now=now)
    payments = session.scalars(select(Payment).where(Payment.payable_kind == PAYABLE, Payment.payable_id == order.id))
    if any(payment.state == PaymentState.PAID and payment.refunded_fen < payment.fen for payment in payments):
        raise JustPaidError
