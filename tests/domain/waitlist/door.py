"""The door of a restaurant with eight tables: parties take numbers, are called and sit down. Every act is a transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.orm import Session

from domain.members.models import Diner
from domain.messaging.models import OutboxEvent
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.storage import Database
from domain.waitlist.calling import call_next, call_ticket, miss_call, requeue
from domain.waitlist.line import Ticket, ticket_in
from domain.waitlist.models import QueueMove, QueueTicket
from domain.waitlist.seating import release_table, seat
from domain.waitlist.service import Standing, take_number
from tests.clock import SettableClock

_SHOP = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: one
    name: 一店
    hours: {daily: ["10:00-02:00"]}
    tables:
      - {code: A1, seats: 2}
      - {code: A2, seats: 2}
      - {code: B1, seats: 4}
      - {code: B2, seats: 4}
      - {code: B3, seats: 3}
      - {code: C1, seats: 6}
      - {code: D1, seats: 8}
      - {code: D2, seats: 10}
  - id: two
    name: 二店
    hours: {daily: ["10:00-02:00"]}
    tables: [{code: A1, seats: 4}]
menu:
  - category: 热菜
    dishes: [{id: pork, name: 红烧肉, price: "58.00"}]
"""
SHOP: ShopSnapshot = snapshot_of(read_shop(_SHOP.encode()).document, version=1)
HOST = "host"


@dataclass
class Door:
    """What happens at the door of store "one"; `names` are the numbers' ids by what is printed on them."""

    database: Database
    clock: SettableClock
    names: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    async def does(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(fn, *args, **kwargs, now=self.clock.now())

    async def meets(self, diner: str) -> str:
        if diner not in self.met:
            self.met.add(diner)
            row = {"id": diner, "following": True, "met_at": self.clock.now(), "followed_at": self.clock.now()}
            await self.database.transaction(lambda session: session.execute(insert(Diner), row))
        return diner

    async def takes(self, people: int, diner: str | None = None, *, store: str = "one", **more: Any) -> Ticket:
        """A party takes a number; nobody's name: a guest on paper."""
        return (await self.stands(people, diner, store=store, **more)).ticket

    async def stands(self, people: int, diner: str | None = None, *, store: str = "one", **more: Any) -> Standing:
        if diner is not None:
            await self.meets(diner)
        standing: Standing = await self.does(take_number, SHOP, store, diner, people, by=diner or HOST, **more)
        self.names[standing.ticket.number] = standing.ticket.id
        self.clock.advance(seconds=1)
        return standing

    async def crowd(self, people: int, count: int) -> list[str]:
        """Parties without a diner, one after the other. Returns: their ids."""

        def run(session: Session) -> list[str]:
            taken = []
            for _ in range(count):
                taken.append(take_number(session, SHOP, "one", None, people, by=HOST, now=self.clock.now()).ticket)
                self.clock.advance(seconds=1)
            self.names |= {ticket.number: ticket.id for ticket in taken}
            return [ticket.id for ticket in taken]

        return await self.database.transaction(run)

    async def calls_and_seats(self, table: str, count: int) -> list[str]:
        """A table is called to, sat down at and left, again and again. Returns: the numbers."""

        def run(session: Session) -> list[str]:
            called = []
            for _ in range(count):
                ticket = call_next(session, SHOP, "one", table, by=HOST, now=self.clock.now())
                seat(session, SHOP, "one", ticket.id, by=HOST, now=self.clock.now())
                release_table(session, SHOP, "one", table, by=HOST, now=self.clock.now())
                called.append(ticket.number)
            return called

        return await self.database.transaction(run)

    async def calls(self, table: str, *, store: str = "one", **more: Any) -> str:
        """Returns: The number that is called."""
        called: Ticket = await self.does(call_next, SHOP, store, table, by=HOST, **more)
        return called.number

    async def picks(self, number: str, table: str) -> Ticket:
        return await self.does(call_ticket, SHOP, "one", self.names[number], table, by=HOST)

    async def seats(self, number: str, **more: Any) -> Ticket:
        return await self.does(seat, SHOP, "one", self.names[number], by=HOST, **more)

    async def misses(self, number: str) -> Ticket:
        return await self.does(miss_call, SHOP, "one", self.names[number], by=HOST)

    async def comes_back(self, number: str) -> Ticket:
        return await self.does(requeue, SHOP, "one", self.names[number], by=HOST)

    async def frees(self, table: str) -> bool:
        return await self.does(release_table, SHOP, "one", table, by=HOST)

    async def ticket(self, number: str) -> Ticket:
        return await self.database.read(ticket_in, "one", self.names[number])

    async def moves(self, **which: Any) -> list[tuple[str, str, str]]:
        """(number, move, reason) of everything that was written down, in order; `which` narrows it."""
        query = select(QueueTicket.number, QueueMove.move, QueueMove.reason).join(QueueTicket, QueueTicket.id == QueueMove.ticket_id)
        query = query.filter(*(getattr(QueueMove, name) == value for name, value in which.items())).order_by(QueueMove.id)
        rows = await self.database.read(lambda session: session.execute(query).all())
        return [(row[0], row[1], row[2]) for row in rows]

    async def events(self, name: str) -> list[Mapping[str, Any]]:
        query = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
        return await self.database.read(lambda session: list(session.execute(query).scalars()))

    async def rows(self, model: type) -> list[RowMapping]:
        query = select(*model.__table__.columns).order_by(*model.__table__.primary_key.columns)
        return await self.database.read(lambda session: list(session.execute(query).mappings()))
