"""Parties at the tables of a small restaurant, who order, move, merge and split."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messaging.models import OutboxEvent
from domain.orders.cart import Cart, add_line, find_cart, open_cart
from domain.orders.models import Order, OrderLine, OrderRound
from domain.orders.service import mark_paid, place_round
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.storage import Database
from domain.tables.models import TableSession
from domain.tables.service import Seat, end_session, find_seat, scan_table
from tests.clock import SettableClock

_SHOP = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: one
    name: 一店
    hours: {daily: ["10:00-22:00"]}
    pay: after
    tables: [{code: A01, seats: 4}, {code: A02, seats: 4}, {code: A03, seats: 4}, {code: A04, seats: 4}]
  - id: first
    name: 先付店
    hours: {daily: ["10:00-22:00"]}
    pay: first
    tables: [{code: A01, seats: 4}, {code: A02, seats: 4}]
menu:
  - category: 热菜
    dishes:
      - {id: pork, name: 红烧肉, price: "58.00", station: 热菜}
      - {id: tofu, name: 麻婆豆腐, price: "22", station: 热菜}
      - {id: fish, name: 鱼, price: "68", step: "0.5", unit: 斤, station: 蒸菜}
      - {id: crab, name: 蟹, price: "88", step: "0.5", unit: 斤, station: 蒸菜}
      - {id: beef, name: 卤牛肉, price: "78", step: "0.5", unit: 斤, station: 凉菜}
"""
SHOP: ShopSnapshot = snapshot_of(read_shop(_SHOP.encode()).document, version=1)


@dataclass
class Floor:
    """A store's floor. Every act is a transaction of its own."""

    database: Database
    clock: SettableClock
    store_id: str = "one"

    @property
    def store(self):
        return SHOP.stores[self.store_id]

    async def does(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(fn, *args, now=self.clock.now(), **kwargs)

    async def sits(self, name: str, table: str) -> str:
        diner = await self.does(meet_diner, Vault(b"s" * 32), name)
        await self.does(scan_table, self.store, table, diner)
        return str(diner)

    async def seat(self, diner: str) -> Seat | None:
        return await self.database.read(find_seat, diner, now=self.clock.now())

    async def session_of(self, diner: str) -> str:
        seat = await self.seat(diner)
        if seat is None:
            raise LookupError(f"{diner} sits nowhere")
        return seat.session_id

    async def adds(self, diner: str, dish: str = "pork", n: str = "1") -> None:
        def run(session: Session) -> None:
            now = self.clock.now()
            cart = open_cart(session, self.store_id, find_seat(session, diner, now=now), diner, now=now)
            add_line(session, self.store, cart, SHOP.dishes[dish], Decimal(n), diner, now=now)

        await self.database.transaction(run)

    async def places(self, diner: str) -> str:
        cart = await self.cart(diner)
        placed = await self.does(place_round, SHOP, cart, diner)
        return str(placed.order_id)

    async def orders(self, diner: str, *dishes: tuple[str, str]) -> str:
        """Choose and place. Returns: the order's id."""
        for dish, n in dishes:
            await self.adds(diner, dish, n)
        return await self.places(diner)

    async def cart(self, diner: str) -> Cart:
        found = await self.database.read(lambda session: find_cart(session, find_seat(session, diner, now=self.clock.now()), diner))
        if found is None:
            raise LookupError(f"{diner} has no open order")
        return found

    async def clears(self) -> None:
        """Everyone leaves."""
        for session_id in await self.sessions():
            await self.does(end_session, session_id, reason="staff")

    async def pays(self, order_id: str) -> bool:
        return await self.does(mark_paid, order_id, 1)

    async def order(self, order_id: str) -> RowMapping:
        [order] = [row for row in await self.rows(Order) if row["id"] == order_id]
        return order

    async def rows(self, model: type) -> list[RowMapping]:
        query = select(*model.__table__.columns).order_by(*model.__table__.primary_key.columns)
        return await self.database.read(lambda session: list(session.execute(query).mappings()))

    async def lines(self, order_id: str) -> list[tuple[int, str, str]]:
        """(round, dish, quantity) of every line of an order; round 0 is drafts."""
        rows = [row for row in await self.rows(OrderLine) if row["order_id"] == order_id]
        return sorted((row["round_no"], row["dish_id"], str(row["quantity"])) for row in rows)

    async def rounds(self, order_id: str) -> list[tuple[int, bool]]:
        """(number, whether the kitchen has it) of every round of an order."""
        return [(row["round_no"], row["released_at"] is not None) for row in await self.rows(OrderRound) if row["order_id"] == order_id]

    async def quantity(self) -> Decimal:
        """How much stands on all orders that are not cancelled."""
        live = {order["id"] for order in await self.rows(Order) if order["state"] != "cancelled"}
        return sum((row["quantity"] for row in await self.rows(OrderLine) if row["order_id"] in live), Decimal(0))

    async def sessions(self) -> dict[str, str | None]:
        """Every session: the table where it is, or None when it is over."""
        return {row["id"]: row["table_code"] if row["active_key"] else None for row in await self.rows(TableSession)}

    async def events(self, name: str) -> list[dict[str, Any]]:
        query = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
        return await self.database.read(lambda session: list(session.execute(query).scalars()))
