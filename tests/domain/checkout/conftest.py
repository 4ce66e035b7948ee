"""The house on a database, where many do something at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from domain.checkout.billing import ask_for_payment
from domain.checkout.purses import Wish
from domain.coupons.terms import Terms
from domain.kernel.errors import DomainError
from domain.payments.models import Payment
from domain.reactions.proofs import prove
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.checkout import house
from tests.domain.checkout.books import Books, read_books
from tests.domain.checkout.house import SHOP, Dishes


@dataclass
class House:
    """Each act is a transaction of its own, at the time of the clock."""

    database: Database
    clock: SettableClock

    async def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(act, *args, **kwargs, now=self.clock.now())

    async def meets(self, *coupons: Terms, points: int = 0, member: bool = True) -> str:
        diner = await self.does(house.meets, member=member, points=points)
        for terms in coupons:
            await self.does(house.gets, diner, terms)
        return str(diner)

    async def orders(self, diner: str, *dishes: tuple[str, str], **where: Any) -> str:
        """Returns: the order's id."""
        chosen: Dishes = dishes
        return str((await self.does(house.orders, diner, chosen, **where)).round.order_id)

    async def asks(self, order_id: str, diner: str, wish: Wish | None = None) -> Payment:
        """Asks for the bill. Returns: what is to be paid."""
        payment: Payment = (await self.does(ask_for_payment, SHOP, order_id, diner, wish=wish))[0]
        return payment

    async def pays(self, payment: Payment) -> bool:
        return bool(await self.does(house.pays, payment))

    async def eats(self, diner: str, *dishes: tuple[str, str], **where: Any) -> str:
        """Orders, asks and pays. Returns: the order's id."""
        order_id = await self.orders(diner, *dishes, **where)
        await self.pays(await self.asks(order_id, diner))
        return order_id

    async def gives_back(self, order_id: str, key: str = "r1", **portions: str) -> Any:
        return await self.does(house.gives_back, order_id, portions or None, key=key)

    async def bill(self, order_id: str) -> dict[str, Any]:
        found = await self.database.read(house.bill, order_id)
        assert found is not None
        return found

    async def explained(self, order_id: str) -> list[tuple[str, int]]:
        return [(part["label"], part["fen"]) for part in (await self.bill(order_id))["explanation"]]

    async def lines(self, order_id: str) -> dict[str, str]:
        """Dish -> line."""
        return await self.database.read(house.lines, order_id)

    async def portions(self, order_id: str, **dishes: str) -> dict[str, Decimal]:
        """Line -> so many of it."""
        lines = await self.lines(order_id)
        return {lines[dish]: Decimal(n) for dish, n in dishes.items()}

    async def told(self, name: str) -> list[dict[str, Any]]:
        return await self.database.read(house.events, name)

    async def books(self) -> Books:
        """The books, which must agree."""
        books = await self.database.read(read_books)
        assert books.wrong() == []
        assert await self.database.read(prove) == []
        return books

    async def at_once(self, *acts: Any) -> list[Any]:
        """What each act returned, or how it was refused; anything else is a failure."""
        outcomes = await asyncio.gather(*acts, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, DomainError):
                raise outcome
        return outcomes


@pytest.fixture
def inn(database: Database, clock: SettableClock) -> House:
    """The small house, open, with nobody in it yet."""
    return House(database, clock)
