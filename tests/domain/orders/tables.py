"""A table of 一店, where one pays after eating, and a takeaway diner, without a till: what domain/orders does by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.menu.portions import portions_left
from domain.messaging.models import OutboxEvent
from domain.orders.cart import add_line, find_cart, open_cart
from domain.orders.models import Order
from domain.orders.placing import PlacedRound
from domain.orders.rules import OrderState
from domain.orders.service import get_order, mark_paid, move_order, place_round, placed_lines, release_rounds
from domain.shop.snapshot import ShopSnapshot
from domain.storage import Database
from domain.tables.service import find_seat, scan_table
from tests.clock import SettableClock
from tests.domain.shops import small_shop


def shop_with(**limits: int) -> ShopSnapshot:
    """The small shop, with so many portions of these dishes a day, and every dish served all day."""
    shop = small_shop()
    menus = {
        store: {
            dish_id: replace(dish, daily_limit=limits.get(dish_id), available=shop.dishes["pork"].available)
            for dish_id, dish in menu.items()
        }
        for store, menu in shop.menus.items()
    }
    return replace(shop, menus=menus)


class Party:
    """One diner who orders for a table (or takes away), and what came of it."""

    def __init__(
        self, database: Database, clock: SettableClock, shop: ShopSnapshot, *, table: str | None = "A01", name: str = "o1"
    ) -> None:
        self.database, self.clock, self.shop, self.table, self.name = database, clock, shop, table, name
        self.order_id = ""

    async def sits(self) -> "Party":
        self.diner: str = await self.database.transaction(meet_diner, Vault(b"s" * 32), self.name, now=self.clock.now())
        if self.table:
            await self.database.transaction(scan_table, self.shop.stores["one"], self.table, self.diner, now=self.clock.now())
        return self

    async def adds(self, dish: str = "pork", n: int | str = 1, **wishes: Any) -> None:
        def run(session: Any) -> None:
            cart = open_cart(session, "one", self._seat(session), self.diner, now=self.clock.now())
            add_line(
                session, self.shop.stores["one"], cart, self.shop.menus["one"][dish], Decimal(n), self.diner, now=self.clock.now(), **wishes
            )
            self.order_id = cart.order_id

        await self.database.transaction(run)

    async def places(self, *, wait: bool = False) -> PlacedRound:
        def run(session: Any) -> PlacedRound:
            cart = find_cart(session, self._seat(session), self.diner)
            assert cart is not None
            return place_round(session, self.shop, cart, self.diner, now=self.clock.now(), wait=wait)

        return await self.database.transaction(run)

    async def orders(self, dish: str = "pork", n: int | str = 1, *, wait: bool = False) -> PlacedRound:
        """Adds a dish and places it."""
        await self.adds(dish, n)
        return await self.places(wait=wait)

    async def does(self, act: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """An act on the order, as of now."""
        return await self.database.transaction(act, self.shop, self.order_id, *args, **values, now=self.clock.now())

    async def moves(self, to: OrderState) -> None:
        await self.database.transaction(move_order, self.order_id, to, now=self.clock.now())

    async def pays(self) -> bool:
        return await self.database.transaction(mark_paid, self.order_id, 100, now=self.clock.now())

    async def released(self) -> int:
        """The money came: what waited for it goes to the kitchen."""
        return await self.database.transaction(release_rounds, self.shop.stores["one"], self.order_id, now=self.clock.now())

    async def order(self) -> Order:
        return await self.database.read(get_order, self.order_id)

    async def state(self) -> str:
        return (await self.order()).state

    async def line_ids(self) -> list[str]:
        return [line.id for line in await self.database.read(placed_lines, self.order_id)]

    async def standing(self) -> list[tuple[str, Decimal]]:
        return [(line.dish_id, line.standing) for line in await self.database.read(placed_lines, self.order_id)]

    async def left(self, dish: str = "pork") -> Decimal | None:
        """Portions of a dish for sale today."""
        day = self.shop.brand.business_day(self.clock.now(), "Asia/Shanghai")
        found = await self.database.read(portions_left, "one", [self.shop.menus["one"][dish]], day)
        return found[dish]

    async def events(self, name: str) -> list[dict[str, Any]]:
        rows = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.occurred_at, OutboxEvent.id)
        return await self.database.read(lambda session: list(session.execute(rows).scalars()))

    def _seat(self, session: Any) -> Any:
        return find_seat(session, self.diner, now=self.clock.now())


Seated = Callable[..., Awaitable[Party]]
