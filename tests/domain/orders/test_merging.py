"""Two diners were one: what is open of one is the other's, and of two open takeaways one is left."""

import pytest
from sqlalchemy import func, select

from domain.members.merging import Proof, merge
from domain.orders.merging import merge_orders
from domain.orders.models import Order, OrderLine
from domain.orders.rules import OrderState
from domain.orders.service import find_last_visit, find_latest_order, get_order
from domain.payments.models import Payment
from domain.payments.service import merge_payments, request_payment
from domain.shop.snapshot import ShopSnapshot
from domain.storage import Database
from domain.tables.service import find_seat, guests_of, merge_guests, scan_table
from tests.clock import SettableClock
from tests.domain.orders.tables import Party, shop_with


class Two:
    """Two phones of one person."""

    def __init__(self, database: Database, clock: SettableClock, shop: ShopSnapshot) -> None:
        self.database, self.clock, self.shop = database, clock, shop

    async def parties(self, *tables: str | None) -> list[Party]:
        return [
            await Party(self.database, self.clock, self.shop, table=table, name=f"o{n}").sits() for n, table in enumerate(tables, start=1)
        ]

    async def merges(self, source: str, target: str) -> None:
        """Heard twice, as a delivery may be."""
        for _ in range(2):
            await self.database.transaction(merge_orders, source, target, now=self.clock.now())
            await self.database.transaction(merge_guests, source, target)
            await self.database.transaction(merge_payments, source, target)

    async def order(self, order_id: str) -> Order:
        return await self.database.read(get_order, order_id)

    async def portions(self, order_id: str, diner: str) -> int:
        counted = select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == order_id, OrderLine.diner_id == diner)
        return int(await self.database.read(lambda session: session.execute(counted).scalar()) or 0)


@pytest.fixture
def two(database: Database, clock: SettableClock) -> Two:
    return Two(database, clock, shop_with())


async def test_an_open_takeaway_is_found_and_grows_under_who_stays(two: Two) -> None:
    stays, goes = await two.parties(None, None)
    await goes.adds(n=2)

    await two.merges(goes.diner, stays.diner)
    await stays.adds()

    assert stays.order_id == goes.order_id
    assert await two.portions(goes.order_id, stays.diner) == 3
    assert await two.portions(goes.order_id, goes.diner) == 0


async def test_two_carts_of_one_store_are_one_and_no_dish_is_lost(two: Two) -> None:
    stays, goes = await two.parties(None, None)
    await stays.adds(n=1)
    await goes.adds(n=2)

    await two.merges(goes.diner, stays.diner)

    assert await two.portions(stays.order_id, stays.diner) == 3
    left = await two.order(goes.order_id)
    assert (left.state, left.merged_into) == (OrderState.CANCELLED, stays.order_id)


@pytest.mark.parametrize("placed_by_who_goes", [True, False])
async def test_what_was_placed_stands_beside_a_cart_that_may_still_grow(two: Two, placed_by_who_goes: bool) -> None:
    stays, goes = await two.parties(None, None)
    placer, other = (goes, stays) if placed_by_who_goes else (stays, goes)
    await placer.adds(n=2)
    await placer.places()
    await other.adds(n=1)

    await two.merges(goes.diner, stays.diner)

    placed, cart = await two.order(placer.order_id), await two.order(other.order_id)
    assert (placed.state, placed.diner_id, placed.active_key) == (OrderState.PLACED, stays.diner, None)
    assert (cart.state, cart.diner_id, cart.active_key) == (OrderState.CART, stays.diner, f"w:{stays.diner}")
    latest = await two.database.read(find_latest_order, stays.diner, None)
    assert latest is not None
    assert latest.id == placed.id


async def test_lines_on_a_shared_table_are_ones_own_and_the_friends_stay(two: Two) -> None:
    stays, goes, friend = await two.parties(None, "A01", "A01")
    await friend.adds(n=1)
    await goes.adds(n=2)

    await two.merges(goes.diner, stays.diner)

    assert await two.portions(goes.order_id, stays.diner) == 2
    assert await two.portions(goes.order_id, friend.diner) == 1
    seat = await two.database.read(find_seat, stays.diner, now=two.clock.now())
    assert seat is not None
    assert (seat.table_code, seat.opened_by) == ("A01", stays.diner)
    assert sorted(await two.database.read(guests_of, seat.session_id)) == sorted([stays.diner, friend.diner])


async def test_of_two_seats_the_one_taken_last_is_kept(two: Two) -> None:
    stays, goes = await two.parties("A01", "A01")
    two.clock.advance(minutes=1)
    await two.database.transaction(scan_table, two.shop.stores["one"], "A02", goes.diner, now=two.clock.now())

    await two.merges(goes.diner, stays.diner)

    seat = await two.database.read(find_seat, stays.diner, now=two.clock.now())
    assert seat is not None
    assert seat.table_code == "A02"
    assert await two.database.read(find_seat, goes.diner, now=two.clock.now()) is None


async def test_what_is_closed_stays_and_is_found_under_every_id(two: Two) -> None:
    stays, goes = await two.parties(None, None)
    await goes.adds()
    await goes.places()
    await two.database.transaction(
        lambda session: session.execute(Order.__table__.update().values(state=OrderState.CLOSED.value, active_key=None))
    )

    await two.database.transaction(merge, stays.diner, goes.diner, proof=Proof.STAFF, now=two.clock.now())
    await two.merges(goes.diner, stays.diner)

    assert (await two.order(goes.order_id)).diner_id == goes.diner
    for found in (
        await two.database.read(find_latest_order, stays.diner, None),
        await two.database.read(find_last_visit, stays.diner, but_session=None),
    ):
        assert found is not None
        assert found.id == goes.order_id


async def test_a_bill_that_is_open_is_asked_of_who_stays(two: Two) -> None:
    stays, goes = await two.parties(None, None)
    ask = {"now": two.clock.now()}
    open_one = await two.database.transaction(request_payment, "order", "O1", goes.diner, 2100, **ask)

    await two.merges(goes.diner, stays.diner)

    again = await two.database.transaction(request_payment, "order", "O1", stays.diner, 2100, **ask)
    assert again.id == open_one.id
    payers = await two.database.read(lambda session: session.execute(select(Payment.diner_id)).scalars().all())
    assert payers == [stays.diner]
