"""The legal moves of an order and of its payment, as tables, and what closes an order."""

from itertools import product

import pytest

from domain.orders.errors import IllegalMoveError
from domain.orders.rules import OrderState, PaymentStatus, may_move, may_move_payment
from domain.orders.service import move_payment
from tests.domain.orders.tables import Party

# From a row to a column: x where it is legal. Source: RESTAURANT, Orders
_ORDERS = """
            cart placed accepted cooking ready served closed cancelled
cart         .     x       .        .      .      .      .       .
placed       .     .       x        x      x      x      x       x
accepted     .     .       .        x      x      x      x       x
cooking      .     .       .        .      x      x      x       x
ready        .     .       .        .      .      x      x       x
served       .     .       .        .      .      .      x       x
closed       .     .       .        .      .      .      .       .
cancelled    .     .       .        .      .      .      .       .
"""
_PAYMENTS = """
               none pending paid part_refunded refunded
none            .      x     x        .           .
pending         x      .     x        .           .
paid            .      .     .        x           x
part_refunded   .      .     .        x           x
refunded        .      .     .        .           .
"""


def read(table: str) -> dict[tuple[str, str], bool]:
    head, *rows = table.strip().splitlines()
    return {(row.split()[0], to): mark == "x" for row in rows for to, mark in zip(head.split(), row.split()[1:], strict=True)}


def test_an_order_moves_as_the_table_says() -> None:
    assert {(a.value, b.value): may_move(a, b) for a, b in product(OrderState, repeat=2)} == read(_ORDERS)


def test_a_payment_moves_as_the_table_says() -> None:
    assert {(a.value, b.value): may_move_payment(a, b) for a, b in product(PaymentStatus, repeat=2)} == read(_PAYMENTS)


async def test_served_and_then_paid_is_closed(party: Party) -> None:
    await party.orders()
    await party.moves(OrderState.SERVED)
    assert await party.state() == "served"
    await party.pays()
    assert ((await party.order()).state, (await party.order()).closed_at) == ("closed", party.clock.now())


async def test_paid_and_then_served_is_closed(party: Party) -> None:
    await party.orders()
    await party.pays()
    assert await party.state() == "placed"
    await party.moves(OrderState.SERVED)
    assert await party.state() == "closed"


async def test_an_unpaid_order_is_not_closed_and_none_is_cancelled_by_a_move(party: Party) -> None:
    await party.orders()
    with pytest.raises(IllegalMoveError):
        await party.moves(OrderState.CLOSED)
    with pytest.raises(IllegalMoveError):
        await party.moves(OrderState.CANCELLED)
    assert await party.state() == "placed"


async def test_more_dishes_put_an_order_back_to_placed(party: Party) -> None:
    await party.orders()
    await party.moves(OrderState.SERVED)
    await party.orders("tofu")
    assert await party.state() == "placed"


async def test_a_payment_is_marked_once_and_never_goes_back(party: Party) -> None:
    await party.orders()
    await party.database.transaction(move_payment, party.order_id, PaymentStatus.PENDING)
    await party.database.transaction(move_payment, party.order_id, PaymentStatus.NONE)
    assert await party.pays()
    assert not await party.pays()
    with pytest.raises(IllegalMoveError) as refused:
        await party.database.transaction(move_payment, party.order_id, PaymentStatus.PENDING)
    assert refused.value.details == {"state": "paid", "to": "pending"}
    await party.database.transaction(move_payment, party.order_id, PaymentStatus.PART_REFUNDED)
    assert not await party.pays()
    await party.database.transaction(move_payment, party.order_id, PaymentStatus.REFUNDED)
    assert not await party.pays()
