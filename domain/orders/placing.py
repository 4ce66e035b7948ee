"""Drafts of a cart become a round of its order: numbered, priced, and their portions taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.menu.portions import take_portions
from domain.orders.cart import Cart
from domain.orders.errors import CartChangedError, UnknownDishError
from domain.orders.making import choose_options, member_price
from domain.orders.rules import FireState, paid_first
from domain.orders.statements import ADD_ROUND, NUMBERED, PLACE, PLACE_LINE
from domain.shop.dish import Dish
from domain.shop.snapshot import ShopSnapshot
from domain.stores.numbers import next_number


@dataclass(frozen=True, slots=True)
class PlacedRound:
    """What was placed. `paid_first`: the kitchen waits for the money."""

    order_id: str
    number: str
    round_no: int
    paid_first: bool


def place_lines(
    session: Session,
    shop: ShopSnapshot,
    cart: Cart,
    diner_id: str,
    *,
    now: datetime,
    pickup_at: datetime | None = None,
    wait: bool = False,
) -> PlacedRound:
    """Make a round of the lines of a cart, all or none. Nobody is told yet: `service.release_rounds` sends it to the kitchen.

    Args:
        cart: As it was read, its lines those that are placed; other drafts of the order stay drafts. One that has moved since is refused.
        diner_id: Who places it.

    The others as with `service.place_round`.

    Raises:
        UnknownDishError, CartChangedError, SoldOutError, TooFewLeftError: Also half-way: the caller rolls back to a savepoint.
    """
    store = shop.known_stores[cart.store_id]
    number, day = number_of(session, cart.order_id)
    if number is None or day is None:
        day = shop.brand.business_day(now, store.timezone)
        number = f"{next_number(session, store.id, day, 'order'):04d}"
    round_no = cart.rounds + 1
    placed = PLACE.run(
        session,
        of=cart.order_id,
        seen=cart.version,
        next_version=cart.version + 1,
        last_round=round_no,
        given_number=number,
        day=day,
        now=now,
        fetched_at=pickup_at,
    )
    if placed != 1:
        raise CartChangedError
    take_portions(session, store.id, _priced_lines(session, shop, cart, round_no), day)
    fire_state = FireState.WAITING if wait else FireState.FIRED
    placing = {"order_id": cart.order_id, "round_no": round_no, "placed_by": diner_id, "placed_at": now, "fire_state": fire_state.value}
    ADD_ROUND.run(session, **placing)
    return PlacedRound(cart.order_id, number, round_no, paid_first(store.pay, cart.channel))


def number_of(session: Session, order_id: str) -> tuple[str | None, date | None]:
    """The number of an order and its business day; None and None before anything of it was placed."""
    found = NUMBERED.first(session, of=order_id)
    assert found is not None
    return found[0], found[1]


def _priced_lines(session: Session, shop: ShopSnapshot, cart: Cart, round_no: int) -> Sequence[tuple[Dish, Decimal]]:
    """Write the lines into the round, at the menu's prices of this moment."""
    sold: list[tuple[Dish, Decimal]] = []
    for line in cart.lines:
        dish = shop.dish_for(cart.store_id, line.dish_id)
        if dish is None:
            raise UnknownDishError(dish=line.name, store=shop.known_stores[cart.store_id].name)
        sold.append((dish, line.quantity))
        price = choose_options(dish, line.options)[2]
        member = member_price(dish, price)
        PLACE_LINE.run(session, of=line.id, in_round=round_no, price=price, price_of_members=member, packaging=dish.packaging_fen)
    return sold
