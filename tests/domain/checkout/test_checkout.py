"""From the read-back to the settled bill."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.checkout.billing import ask_for_payment
from domain.checkout.looking import order_to_pay
from domain.checkout.service import Placed, place, read_back, settle
from domain.members.service import join, meet_diner
from domain.members.vault import Vault
from domain.messaging.models import OutboxEvent
from domain.orders.cart import add_line, open_cart
from domain.orders.errors import CartChangedError, EmptyCartError, JustPaidError, NothingToPayError, OnlyOpenerError, StoreClosedNowError
from domain.orders.models import Order, OrderLine
from domain.orders.service import get_order
from domain.payments.service import confirm_payment
from domain.storage import Database
from domain.tables.service import find_seat, scan_table
from haowei.routing import ROUTES
from tests.clock import SettableClock
from tests.domain.shops import small_shop

SHOP = small_shop()


class Party:
    """Diners at table A01 of a store."""

    def __init__(self, database: Database, clock: SettableClock, store: str) -> None:
        self.database, self.clock, self.store = database, clock, SHOP.stores[store]

    async def sits(self, name: str = "o1") -> str:
        diner = await self.database.transaction(meet_diner, Vault(b"s" * 32), name, now=self.clock.now())
        await self.database.transaction(scan_table, self.store, "A01", diner, now=self.clock.now())
        return diner

    async def adds(self, diner: str, dish: str = "pork", n: int = 1) -> None:
        def run(session):
            seat = find_seat(session, diner, now=self.clock.now())
            cart = open_cart(session, self.store.id, seat, diner, now=self.clock.now())
            dish_here = SHOP.dish_for(self.store.id, dish)
            add_line(session, self.store, cart, dish_here, Decimal(n), diner, now=self.clock.now())

        await self.database.transaction(run)

    async def seen(self, diner: str):
        return await self.database.read(lambda session: read_back(session, SHOP, self.seat(session, diner), diner, now=self.clock.now()))

    async def places(self, diner: str, version: str | None = None) -> Placed:
        version = version or (await self.seen(diner)).version
        return await self.database.transaction(
            lambda session: place(session, SHOP, self.seat(session, diner), diner, version, now=self.clock.now())
        )

    async def asks_for_the_bill(self, diner: str):
        return await self.database.transaction(
            lambda session: ask_for_payment(
                session, SHOP, order_to_pay(session, self.seat(session, diner), diner) or "", diner, now=self.clock.now()
            )
        )

    async def pays(self, payment) -> None:
        def run(session):
            confirm_payment(session, payment.id, fen=payment.fen, method="simulated", external_no=payment.id, now=self.clock.now())

        await self.database.transaction(run)

    async def settles(self) -> None:
        def run(session):
            for event in session.execute(select(OutboxEvent).where(OutboxEvent.name == "payment_paid")).scalars().all():
                settle(session, SHOP, event.payload, now=self.clock.now())

        await self.database.transaction(run)

    async def events(self, name: str) -> list[dict]:
        return await self.database.read(
            lambda session: list(session.execute(select(OutboxEvent.payload).where(OutboxEvent.name == name)).scalars())
        )

    def seat(self, session, diner: str):
        return find_seat(session, diner, now=self.clock.now())


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture
def after(database: Database, clock: SettableClock) -> Party:
    return Party(database, clock, "one")


@pytest.fixture
def first(database: Database, clock: SettableClock) -> Party:
    return Party(database, clock, "first")


async def test_only_what_was_read_back_is_placed(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    version = (await after.seen(diner)).version
    await after.adds(diner)

    with pytest.raises(CartChangedError):
        await after.places(diner, version)
    assert await after.events("order_released") == []


async def test_fifty_yeses_at_once_place_one_round(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    version = (await after.seen(diner)).version

    outcomes = await asyncio.gather(*(after.places(diner, version) for _ in range(50)), return_exceptions=True)

    assert sum(isinstance(outcome, Placed) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} <= {Placed, CartChangedError, EmptyCartError}
    assert len(await after.events("order_released")) == 1


async def test_a_price_that_moved_is_read_back_again(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    seen = await after.seen(diner)

    with pytest.raises(CartChangedError):
        await after.places(diner, seen.version.replace(str(seen.bill.total_fen), "1"))


async def test_paid_after_the_kitchen_starts_at_once_and_paid_first_it_waits(after: Party, first: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    assert (await after.places(diner)).payment is None
    assert len(await after.events("order_released")) == 1

    diner = await first.sits("o2")
    await first.adds(diner)
    placed = await first.places(diner)
    assert len(await first.events("order_released")) == 1
    await first.pays(placed.payment)
    await first.settles()
    released = (await first.events("order_released"))[-1]
    assert (released["store_id"], released["table_code"], released["round_no"]) == ("first", "A01", 1)
    assert released["lines"][0]["quantity"] == "1"


async def test_numbers_count_from_one_each_business_day(after: Party) -> None:
    numbers = []
    for name in ("o1", "o2", "o3"):
        diner = await after.sits(name)
        await after.adds(diner)
        numbers.append((await after.places(diner)).round.number)
        payment, _ = await after.asks_for_the_bill(diner)
        await after.pays(payment)
        await after.settles()
        if name == "o2":
            after.clock.advance(days=1)
    assert numbers == ["0001", "0002", "0001"]


async def test_the_paid_event_explains_itself_and_counts_points_for_members_only(after: Party, clock: SettableClock) -> None:
    diner = await after.sits()
    await after.database.transaction(join, diner, text_version="t", now=clock.now())
    await after.adds(diner, n=2)
    await after.places(diner)
    payment, bill = await after.asks_for_the_bill(diner)
    assert (payment.fen, bill.total_fen) == (10_400, 10_400)

    await after.pays(payment)
    await after.settles()
    await after.settles()

    [paid] = await after.events("order_paid")
    assert sum(part["fen"] for part in paid["explanation"]) == paid["paid_fen"] == 10_400
    assert paid["points"] == 10
    assert await after.database.read(lambda session: find_seat(session, diner, now=clock.now())) is None


async def test_a_service_fee_earns_no_points(first: Party, clock: SettableClock) -> None:
    diner = await first.sits()
    await first.database.transaction(join, diner, text_version="t", now=clock.now())
    await first.adds(diner, n=5)
    placed = await first.places(diner)
    await first.pays(placed.payment)
    await first.settles()

    [paid] = await first.events("order_paid")
    goods = paid["paid_fen"] - paid["fees_fen"]
    assert paid["fees_fen"] == goods // 10
    assert paid["points"] == goods // 1000


async def test_a_round_placed_while_the_money_is_coming_in_is_refused(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    await after.places(diner)
    payment, _ = await after.asks_for_the_bill(diner)
    await after.adds(diner)
    await after.pays(payment)

    with pytest.raises(JustPaidError):
        await after.places(diner)

    await after.settles()
    [paid] = await after.events("order_paid")
    assert paid["paid_fen"] == payment.fen


async def test_placing_and_paying_at_once_never_leave_a_dish_unpaid(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    await after.places(diner)
    payment, _ = await after.asks_for_the_bill(diner)
    await after.adds(diner)

    await asyncio.gather(after.pays(payment), after.places(diner), return_exceptions=True)
    await after.settles()

    def check(session):
        order = session.execute(select(Order)).scalars().first()
        placed = session.execute(select(OrderLine).where(OrderLine.order_id == order.id, OrderLine.round_no > 0)).scalars().all()
        return order.payment_status, order.paid_fen, sum(int(line.unit_price_fen * line.quantity) for line in placed)

    status, paid, goods = await after.database.read(check)
    assert status != "paid" or paid == goods


async def test_refusals_at_the_table(after: Party, clock: SettableClock) -> None:
    opener, friend = await after.sits("o1"), await after.sits("o2")
    with pytest.raises(EmptyCartError):
        await after.seen(opener)
    with pytest.raises(NothingToPayError):
        await after.asks_for_the_bill(opener)
    await after.adds(friend)
    with pytest.raises(OnlyOpenerError):
        await after.places(friend)
    clock.advance(hours=2)
    await after.adds(opener)
    clock.advance(hours=2)
    with pytest.raises(StoreClosedNowError):
        await after.places(opener)


async def test_a_paid_order_is_not_billed_again(after: Party) -> None:
    diner = await after.sits()
    await after.adds(diner)
    placed = await after.places(diner)
    payment, _ = await after.asks_for_the_bill(diner)
    await after.pays(payment)
    await after.settles()

    with pytest.raises(NothingToPayError):
        await after.database.transaction(ask_for_payment, SHOP, placed.round.order_id, diner, now=after.clock.now())
    order = await after.database.read(get_order, placed.round.order_id)
    assert (order.payment_status, order.active_key) == ("paid", None)
