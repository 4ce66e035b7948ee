"""The staff end a party's session: only when nothing that was ordered is to be paid."""

import asyncio

import pytest

from domain.kernel.errors import DomainError
from domain.orders.closing import close_table
from domain.orders.listing import dishes_of, find_placed_order, orders_under_way
from domain.orders.models import Order
from domain.storage import Database
from domain.tables.errors import SessionEndedError, UnpaidTableError
from domain.tables.listing import parties_of
from tests.clock import SettableClock
from tests.domain.orders.parties import SHOP, Floor


@pytest.fixture
def floor(database: Database, clock: SettableClock) -> Floor:
    return Floor(database, clock)


async def closes(floor: Floor, diner: str) -> None:
    """The staff close the diner's table."""
    await floor.does(close_table, floor.store, await floor.session_of(diner))


async def test_what_was_ordered_is_paid_before_the_table_is_closed(floor: Floor) -> None:
    diner = await floor.sits("o1", "A01")
    order_id = await floor.orders(diner, ("pork", "1"))

    with pytest.raises(UnpaidTableError):
        await closes(floor, diner)
    await floor.pays(order_id)
    await closes(floor, diner)

    assert list((await floor.sessions()).values()) == [None]


async def test_dishes_that_were_never_placed_are_no_bill(floor: Floor) -> None:
    diner = await floor.sits("o1", "A01")
    await floor.adds(diner)

    await closes(floor, diner)

    assert list((await floor.sessions()).values()) == [None]
    assert [order["state"] for order in await floor.rows(Order)] == ["cancelled"]


async def test_a_table_of_another_store_is_not_closed_from_here(floor: Floor) -> None:
    diner = await floor.sits("o1", "A01")
    session_id = await floor.session_of(diner)

    with pytest.raises(SessionEndedError):
        await floor.does(close_table, SHOP.stores["first"], session_id)


async def test_closing_and_ordering_at_once_leave_no_unpaid_order_at_a_closed_table(floor: Floor) -> None:
    diners = [await floor.sits(f"o{n}", f"A0{n}") for n in range(1, 5)]
    for diner in diners:
        await floor.adds(diner)
    sessions = {diner: await floor.session_of(diner) for diner in diners}

    acts = [act for diner in diners for act in (floor.places(diner), floor.does(close_table, floor.store, sessions[diner]))]
    outcomes = await asyncio.gather(*acts, return_exceptions=True)

    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, (DomainError, LookupError))] == []
    closed = {session_id for session_id, table in (await floor.sessions()).items() if table is None}
    owed = await floor.database.read(orders_under_way, "one", since=floor.clock.now().date())
    assert {order.session_id for order in owed} & closed == set()


async def test_the_floor_is_read_as_it_is(floor: Floor) -> None:
    first, second = await floor.sits("o1", "A01"), await floor.sits("o2", "A02")
    await floor.sits("o3", "A02")
    order_id = await floor.orders(first, ("pork", "1"), ("fish", "1.5"))
    await floor.adds(second)
    today = floor.clock.now().date()

    parties = await floor.database.read(parties_of, "one", now=floor.clock.now())
    orders = await floor.database.read(orders_under_way, "one", since=today)
    dishes = await floor.database.read(dishes_of, order_id)

    assert [(party.table_code, party.phones) for party in parties] == [("A01", 1), ("A02", 2)]
    assert [(order.id, order.number, order.table_code) for order in orders] == [(order_id, "0001", "A01")]
    assert sorted((dish.name, str(dish.quantity)) for dish in dishes) == [("红烧肉", "1"), ("鱼", "1.5")]
    assert await floor.database.read(find_placed_order, (await floor.cart(second)).order_id) is None
    assert await floor.database.read(orders_under_way, "first", since=today) == []
    floor.clock.advance(hours=3)
    assert await floor.database.read(parties_of, "one", now=floor.clock.now()) == []
