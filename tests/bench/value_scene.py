"""What the bench of value is played on: a database of its own on each engine, members with points, carts at tables."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import DeclarativeBase, Session

from domain.checkout.service import place, read_back
from domain.kernel.ids import new_id
from domain.members.models import Diner, Membership
from domain.menu.models import DishPortions
from domain.messaging.models import OutboxEvent
from domain.orders.cart import DRAFT, add_line, open_cart
from domain.orders.events import OrderReleased
from domain.orders.models import Order, OrderLine, OrderRound
from domain.points.models import PointsAccount, PointsEntry, PointsLot
from domain.points.rules import LIFE_DAYS, Reason, expires_on
from domain.reactions.proofs import prove
from domain.shop.dish import Dish
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.shop.store import Store
from domain.storage import Database
from domain.stores.numbers import DayNumber
from domain.tables.models import TableSession
from domain.tables.service import Seat, active_key, scan_table
from haowei.shop_files import bring_in
from tests.clock import SATURDAY_EVENING
from tests.servers import MariaDb, connect

NOW = SATURDAY_EVENING
EARNED_ON = date(2026, 11, 20)
TODAY = EARNED_ON + timedelta(days=1)
STARTING_POINTS = 5
DISHES = 3
_SHOP = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"
_AT_ONCE = 1000  # rows of one INSERT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """A cart that waits for its yes."""

    seat: Seat
    diner_id: str


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """The URL of a new file."""
    yield f"sqlite:///{(folder / 'value.db').resolve()}"


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """The URL of a database on a server of our own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="haowei-bench-") as home:  # under `folder` its socket's path may be too long
        server = MariaDb(Path(home)).start()
        try:
            with connect(server.url) as connection, connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE value")
            yield f"{server.url}/value"
        finally:
            server.kill()


class Scene:
    """The demo shop, and its members and tables in one database."""

    def __init__(self, database: Database, shop: ShopSnapshot, store: Store, members: Sequence[str]) -> None:
        self.database = database
        self.shop = shop
        self.members = members
        self._store = store
        self.earned = self.spent = self.placed = 0

    @classmethod
    async def open(cls, database: Database, members: int) -> "Scene":
        """Import the shop, and let so many members in, each with STARTING_POINTS."""
        document = read_shop(_SHOP.read_bytes()).document
        await bring_in(database, document, imported_by="bench", now=NOW)
        shop = snapshot_of(document)
        store = next(store for store in shop.stores.values() if store.pay == "after" and store.is_open(NOW))
        diners = [new_id(NOW) for _ in range(members)]
        for some in _chunks(diners, _AT_ONCE):
            await database.transaction(_let_in, some)
        scene = cls(database, shop, store, diners)
        await scene._begin_the_day()
        return scene

    async def set_tables(self, count: int) -> list[Table]:
        """Carts of DISHES dishes with options, each at a table of its own: copies of one that was ordered as diners order."""
        code = f"C{new_id(NOW)[-8:]}"
        source = await self.database.transaction(self._order_at_a_real_table)
        parties = [(f"{code}{number:05d}", self.members[number % len(self.members)]) for number in range(count)]
        tables: list[Table] = []
        for some in _chunks(parties, _AT_ONCE // DISHES):
            tables += await self.database.transaction(self._copy, source, some)
        return tables

    async def _begin_the_day(self) -> None:
        """The first order of the day writes the rows that count numbers and portions; who reads before they write would race for them."""
        (first,) = await self.set_tables(1)

        def run(session: Session) -> None:
            seen = read_back(session, self.shop, first.seat, first.diner_id, now=NOW)
            place(session, self.shop, first.seat, first.diner_id, seen.version, now=NOW)

        await self.database.transaction(run)
        self.placed = 1

    def _order_at_a_real_table(self, session: Session) -> str:
        """Returns: the id of the order whose rows are copied; its cart stays as it is."""
        diner = self.members[0]
        seat = scan_table(session, self._store, next(iter(self._store.tables)), diner, now=NOW)
        cart = open_cart(session, self._store.id, seat, diner, now=NOW)
        if not cart.lines:
            for dish in self._dishes():
                options = [option.choices[-1].name for option in dish.options]
                add_line(session, self._store, cart, dish, Decimal(1), diner, options=options, now=NOW)
        return cart.order_id

    def _dishes(self) -> list[Dish]:
        menu = self.shop.menus[self._store.id].values()
        return [dish for dish in menu if dish.options and dish.daily_limit is None][:DISHES]

    def _copy(self, session: Session, order_id: str, tables: Sequence[tuple[str, str]]) -> list[Table]:
        (order,) = _rows(session, Order, Order.id == order_id)
        (party,) = _rows(session, TableSession, TableSession.id == order["session_id"])
        lines = _rows(session, OrderLine, OrderLine.order_id == order_id)
        parties, orders, copied = [], [], []
        for code, diner_id in tables:
            party_id, copy_id = new_id(NOW), new_id(NOW)
            parties.append(
                party | {"id": party_id, "table_code": code, "active_key": active_key(self._store.id, code), "opened_by": diner_id}
            )
            of_table = {"session_id": party_id, "table_code": code, "active_key": f"t:{party_id}", "diner_id": diner_id}
            orders.append(order | {"id": copy_id} | of_table)
            copied += [line | {"id": new_id(NOW), "order_id": copy_id, "diner_id": diner_id} for line in lines]
        for model, rows in ((TableSession, parties), (Order, orders), (OrderLine, copied)):
            session.execute(insert(model), rows)
        return [
            Table(Seat(row["id"], row["store_id"], row["table_code"], row["opened_by"], row["touched_at"]), row["opened_by"])
            for row in parties
        ]

    async def check(self) -> None:
        """Every sum agrees, and what was done is there, once.

        Raises:
            RuntimeError: It is not; figures of wrong work mean nothing.
        """
        wrong = await self.database.read(self._wrong)
        if wrong:
            raise RuntimeError(f"the bench did not do what it measured: {wrong[:5]}")

    def _wrong(self, session: Session) -> list[Any]:
        def count(what: Any, *where: Any) -> int:
            return int(session.execute(select(what).where(*where)).scalar_one() or 0)

        def movements(kind: str) -> int:
            return count(func.count(), PointsEntry.key.startswith(f"{kind}:"), PointsEntry.part == 0)

        expected_and_found = {
            "earnings": (self.earned, movements("earn")),
            "spendings": (self.spent, movements("spend")),
            "points": (len(self.members) * STARTING_POINTS, count(func.sum(PointsAccount.balance))),
            "released rounds": (self.placed, count(func.count(), OrderRound.released_at.is_not(None))),
            "placed lines": (self.placed * DISHES, count(func.count(), OrderLine.round_no > DRAFT)),
            "events": (self.placed, count(func.count(), OutboxEvent.name == OrderReleased.name)),
            "numbers": (self.placed, count(func.count(Order.number.distinct()))),
            "last number": (self.placed, count(func.max(DayNumber.last))),
            "portions": (self.placed * DISHES, count(func.sum(DishPortions.taken))),
        }
        different = [(what, *pair) for what, pair in expected_and_found.items() if pair[0] != pair[1]]
        return [*prove(session), *different]


def _let_in(session: Session, diners: Sequence[str]) -> None:
    """Members with points of the same history as ours: an account, a lot, an entry."""
    last_day = expires_on(EARNED_ON, LIFE_DAYS)
    people, accounts, lots, entries, memberships = [], [], [], [], []
    for diner_id in diners:
        lot_id = new_id(NOW)
        people.append({"id": diner_id, "following": True, "met_at": NOW, "followed_at": NOW})
        memberships.append({"diner_id": diner_id, "joined_at": NOW, "member_number": diner_id[-10:]})
        accounts.append({"diner_id": diner_id, "balance": STARTING_POINTS, "held": 0, "owed": 0})
        days = {"earned_on": EARNED_ON, "usable_from": TODAY, "expires_on": last_day, "open_until": last_day}
        numbers = {"points": STARTING_POINTS, "remaining": STARTING_POINTS, "held": 0, "reversed": 0}
        lots.append({"id": lot_id, "diner_id": diner_id, "source": Reason.GRANTED} | days | numbers)
        entry = {"id": new_id(NOW), "diner_id": diner_id, "lot_id": lot_id, "delta": STARTING_POINTS, "owed_delta": 0, "part": 0}
        entries.append(entry | {"reason": Reason.GRANTED, "key": f"credit:{diner_id}", "at": NOW})
    rows = ((Diner, people), (Membership, memberships), (PointsAccount, accounts), (PointsLot, lots), (PointsEntry, entries))
    for model, values in rows:
        session.execute(insert(model), values)


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _rows(session: Session, model: type[DeclarativeBase], *where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(model.__table__).where(*where)).mappings()]
