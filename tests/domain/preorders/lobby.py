"""A restaurant with a line at its door: diners choose dishes while they wait, are called and sit down. Every act is a transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.checkout.service import place, read_back
from domain.members.models import Diner
from domain.menu.portions import mark_sold_out, portions_left
from domain.messaging.models import OutboxEvent
from domain.orders.cart import add_line, find_cart, open_cart
from domain.orders.models import Order, OrderLine
from domain.payments.service import confirm_payment
from domain.preorders.service import confirm_preorder, find_preorder, take_along
from domain.reactions.payments import settles_what_it_was_for
from domain.reactions.waitlist import drops_what_was_chosen, places_what_was_chosen
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, SnapshotCache, snapshot_of
from domain.storage import Database
from domain.tables.service import end_session, find_seat, find_seat_at, scan_table
from domain.waitlist.arriving import hold_number, place_of
from domain.waitlist.calling import call_next
from domain.waitlist.line import Ticket, find_ticket, ticket_in
from domain.waitlist.seating import release_table, seat
from domain.waitlist.service import take_number
from haowei.shop_files import bring_in
from tests.clock import SettableClock

_SHOP = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: after
    name: 后付店
    pay: after
    hours: {daily: ["10:00-22:00"]}
    tables: [{code: A1, seats: 2}, {code: A2, seats: 2}, {code: A3, seats: 2}]
  - id: first
    name: 先付店
    pay: first
    tables: [{code: A1, seats: 2}]
menu:
  - category: 菜
    dishes:
      - {id: pork, name: 红烧肉, price: "58", station: 热菜}
      - {id: shrimp, name: 大虾, price: "88", station: 热菜, daily_limit: 3}
      - {id: rice, name: 米饭, price: "2", station: 主食}
"""
_DOCUMENT = read_shop(_SHOP.encode()).document
_HOST = "host"


class _Shop(SnapshotCache):
    """The shop as the lobby has it."""

    def __init__(self, lobby: "Lobby") -> None:
        super().__init__()
        self._lobby = lobby

    def get(self, session: Session, version: int | None = None) -> ShopSnapshot:
        return self._lobby.shop


class Lobby:
    """Who waits, what they chose, and what became of it."""

    def __init__(self, database: Database, clock: SettableClock, store_id: str = "after") -> None:
        self.database, self.clock, self.store_id = database, clock, store_id
        self.shop = snapshot_of(_DOCUMENT, version=1)

    async def opens(self) -> "Lobby":
        await bring_in(self.database, _DOCUMENT, imported_by="test", now=self.clock.now())
        return self

    async def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(act, *args, **kwargs, now=self.clock.now())

    def costs(self, dish: str, fen: int) -> None:
        """The menu changes."""
        menus = {store: {**menu, dish: replace(menu[dish], price_fen=fen)} for store, menu in self.shop.menus.items()}
        self.shop = replace(self.shop, menus=menus)

    async def sells_out(self, dish: str) -> None:
        await self.does(mark_sold_out, self.store_id, dish, self.shop.brand.business_day(self.clock.now()))

    def closes(self) -> None:
        """The last guest is in."""
        shut = {store_id: replace(store, hours=((),) * 7) for store_id, store in self.shop.stores.items()}
        self.shop = replace(self.shop, stores=shut, known_stores=shut)

    async def meets(self, diner: str) -> None:
        row = {"id": diner, "following": True, "met_at": self.clock.now(), "followed_at": self.clock.now()}
        await self.database.transaction(lambda session: session.execute(insert(Diner), row))

    async def puts_by(self, diner: str, dish: str, *, ordered: bool) -> None:
        """Somebody chooses dishes who neither sits nor waits, and may order them to take away."""

        def run(session: Session) -> None:
            cart = open_cart(session, self.store_id, None, diner, now=self.clock.now())
            add_line(session, self.shop.stores[self.store_id], cart, self.shop.dishes[dish], Decimal(1), diner, now=self.clock.now())
            if ordered:
                version = read_back(session, self.shop, None, diner, now=self.clock.now()).version
                place(session, self.shop, None, diner, version, now=self.clock.now())

        await self.database.transaction(run)

    async def takes_along(self, ticket: Ticket) -> bool:
        return await self.database.transaction(take_along, ticket)

    async def waits(self, diner: str, *, met: bool = False) -> Ticket:
        """A party of two takes a number."""
        if not met:
            await self.meets(diner)
        standing = await self.does(take_number, self.shop, self.store_id, diner, 2, by=diner)
        self.clock.advance(seconds=1)
        ticket: Ticket = standing.ticket
        return ticket

    async def chooses(self, diner: str, dish: str, n: int = 1) -> None:
        """As the chat does: into the cart of the table, or of the number."""
        now = self.clock.now()

        def run(session: Session) -> None:
            place_now = find_seat(session, diner, now=now)
            if place_now is None:
                ticket = find_ticket(session, diner)
                assert ticket is not None
                if find_cart(session, place_of(ticket), diner) is None:
                    ticket = hold_number(session, diner)
                cart = open_cart(session, self.store_id, place_of(ticket), diner, now=now)
            else:
                cart = open_cart(session, self.store_id, place_now, diner, now=now)
            add_line(session, self.shop.stores[self.store_id], cart, self.shop.dishes[dish], Decimal(n), diner, now=now)

        await self.database.transaction(run)

    async def reads_back(self, diner: str) -> str:
        """Returns: what a yes is bound to."""

        def run(session: Session) -> str:
            return read_back(session, self.shop, place_of(hold_number(session, diner)), diner, now=self.clock.now()).version

        return await self.database.transaction(run)

    async def says_yes(self, diner: str, version: str) -> None:
        def run(session: Session) -> None:
            confirm_preorder(session, self.shop, hold_number(session, diner), version, now=self.clock.now())

        await self.database.transaction(run)

    async def confirms(self, diner: str) -> None:
        """The read-back, and the yes to it."""
        await self.says_yes(diner, await self.reads_back(diner))

    def holds(self, session: Session, diner: str) -> Ticket:
        return hold_number(session, diner)

    async def orders(self, diner: str) -> None:
        """At the table: what is in the cart is placed."""

        def run(session: Session) -> None:
            at = find_seat(session, diner, now=self.clock.now())
            seen = read_back(session, self.shop, at, diner, now=self.clock.now())
            place(session, self.shop, at, diner, seen.version, now=self.clock.now())

        await self.database.transaction(run)

    async def scans(self, diner: str, table: str) -> None:
        await self.does(scan_table, self.shop.stores[self.store_id], table, diner)

    async def calls(self, table: str) -> Ticket:
        called: Ticket = await self.does(call_next, self.shop, self.store_id, table, by=_HOST)
        return called

    async def seats(self, ticket: Ticket) -> None:
        """A member of staff sees a party sit down that was called; nobody has heard of it yet."""
        await self.does(seat, self.shop, self.store_id, ticket.id, by=_HOST)

    async def sits(self, ticket: Ticket, table: str = "A1") -> None:
        """The party is called, and sits down."""
        await self.calls(table)
        await self.seats(ticket)

    async def leaves(self, table: str) -> None:
        """Whoever sits there goes."""

        def run(session: Session) -> None:
            sitting = find_seat_at(session, self.store_id, table, now=self.clock.now())
            if sitting is not None:
                end_session(session, sitting.session_id, reason="staff", now=self.clock.now())

        await self.database.transaction(run)
        await self.does(release_table, self.shop, self.store_id, table, by=_HOST)

    async def hears(self, ticket: Ticket) -> None:
        """The reaction to PartySeated."""
        payload = {"store_id": self.store_id, "ticket_id": ticket.id}
        await self.does(places_what_was_chosen(_Shop(self)), payload, event_id="e")

    async def hears_it_left(self, ticket: Ticket, reason: str = "diner") -> None:
        """The reaction to NumberLeft."""
        payload = {"store_id": self.store_id, "ticket_id": ticket.id, "reason": reason}
        await self.does(drops_what_was_chosen(_Shop(self)), payload, event_id="e")

    async def pays(self) -> None:
        """Every bill that is asked for."""
        for asked in await self.events("preorder_placed"):
            paid = {"fen": asked["total_fen"], "method": "simulated", "external_no": "x"}
            await self.does(confirm_payment, asked["payment_id"], **paid)
        for payload in await self.events("payment_paid"):
            await self.does(settles_what_it_was_for(_Shop(self)), payload, event_id="e")

    async def events(self, name: str) -> list[Mapping[str, Any]]:
        query = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
        return await self.database.read(lambda session: list(session.execute(query).scalars()))

    async def cooked(self) -> list[tuple[str | None, list[tuple[str, str]]]]:
        """What the kitchen has: (table, [(dish, quantity)]) of each round."""
        found = []
        for event in await self.events("order_released"):
            found.append((event["table_code"], [(line["dish_id"], f"{Decimal(line['quantity']):g}") for line in event["lines"]]))
        return found

    async def lines(self) -> list[tuple[str, int, int, str]]:
        """(dish, how many, round, state of its order) of every line there is."""
        query = select(OrderLine.dish_id, OrderLine.quantity, OrderLine.round_no, Order.state).join(Order, Order.id == OrderLine.order_id)
        rows: Sequence[Any] = await self.database.read(lambda session: session.execute(query).all())
        return sorted((row[0], int(row[1]), row[2], row[3]) for row in rows)

    async def lines_of(self, ticket: Ticket) -> list[tuple[str, int]]:
        """(dish, round) of what this number's diner has chosen, wherever it stands."""
        query = select(OrderLine.dish_id, OrderLine.round_no).where(OrderLine.diner_id == ticket.diner_id)
        rows: Sequence[Any] = await self.database.read(lambda session: session.execute(query).all())
        return [(row[0], row[1]) for row in rows]

    async def left(self, dish: str) -> int | None:
        """Portions of a dish that are for sale."""
        day, of = self.shop.brand.business_day(self.clock.now()), self.shop.dishes[dish]
        rest = (await self.database.read(portions_left, self.store_id, [of], day))[dish]
        return None if rest is None else int(rest)

    async def confirmed(self, ticket: Ticket) -> bool | None:
        def run(session: Session) -> bool | None:
            found = find_preorder(session, self.shop, ticket_in(session, self.store_id, ticket.id))
            return None if found is None else found.confirmed

        return await self.database.read(run)
