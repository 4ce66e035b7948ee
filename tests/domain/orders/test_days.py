"""An order is found by its number of the day; the day's figures are what was placed, paid and given back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.orders.days import DayFigures, day_figures, find_numbered
from domain.orders.models import Order
from domain.payments.models import Payment
from domain.storage import Database
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)


class Book:
    """Orders of a store as rows."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database, self.clock, self.diner = database, clock, diner

    async def order(self, number: str, *, day: date = TODAY, state: str = "placed", status: str = "none", store: str = "one") -> str:
        now = self.clock.advance(seconds=1)
        row = {
            "id": new_id(now),
            "store_id": store,
            "channel": "dine_in",
            "diner_id": self.diner,
            "state": state,
            "payment_status": status,
            "number": number,
            "business_day": day,
            "draft_version": 1,
            "rounds": 1,
            "opened_at": now,
            "placed_at": now,
        }
        await self.database.transaction(lambda session: session.execute(insert(Order), row))
        return row["id"]

    async def paid(self, number: str, fen: int, *, refunded: int = 0, day: date = TODAY, store: str = "one", state: str = "closed") -> str:
        order_id = await self.order(number, day=day, state=state, status="paid", store=store)
        payment = {
            "id": new_id(self.clock.now()),
            "payable_kind": "order",
            "payable_id": order_id,
            "diner_id": self.diner,
            "fen": Fen(fen),
            "refunded_fen": Fen(refunded),
            "refunds": 0,
            "state": "paid",
            "created_at": self.clock.now(),
        }
        await self.database.transaction(lambda session: session.execute(insert(Payment), payment))
        return order_id

    async def figures(self, day: date = TODAY, store: str = "one") -> DayFigures:
        return await self.database.read(day_figures, store, day)


@pytest.fixture
async def book(database: Database, clock: SettableClock) -> Book:
    return Book(database, clock, await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now()))


async def test_figures_count_what_was_placed_and_sum_what_was_paid(book: Book) -> None:
    await book.order("0001")
    await book.paid("0002", 5800)
    await book.paid("0003", 10000, refunded=2500)

    assert await book.figures() == DayFigures(orders=3, open=1, paid_fen=Fen(13300), refunded_fen=Fen(2500))


async def test_a_cancelled_order_counts_for_nothing_once_its_money_is_back(book: Book) -> None:
    await book.order("0001", state="cancelled")
    await book.paid("0002", 5800, refunded=5800, state="cancelled")

    assert await book.figures() == DayFigures(orders=0, open=0, paid_fen=Fen(0), refunded_fen=Fen(5800))


async def test_other_days_and_stores_are_not_in_it(book: Book) -> None:
    await book.paid("0001", 100, day=TODAY - timedelta(days=1))
    await book.paid("0001", 200, store="two")

    assert await book.figures() == DayFigures(0, 0, Fen(0), Fen(0))
    assert (await book.figures(store="two")).paid_fen == 200


async def test_a_number_is_of_its_store_and_day(book: Book, database: Database) -> None:
    today = await book.order("0001")
    await book.order("0001", day=TODAY - timedelta(days=1))
    await book.order("0001", store="two")

    found = await database.read(find_numbered, "one", TODAY, "0001")

    assert found is not None
    assert found.id == today
    assert await database.read(find_numbered, "one", TODAY, "0002") is None
