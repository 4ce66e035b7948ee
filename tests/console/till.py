"""A till of a small brand, over a real socket. Every answer is held against the published document."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from console.api.serving import Api
from console.served import ENDPOINTS, REFUSALS, VERSION
from domain.kernel.clock import Clock
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, SnapshotCache, snapshot_of
from domain.staff.models import DeviceAct, TokenScope
from domain.staff.service import create_token
from domain.storage import Database
from tests.clock import SettableClock
from tests.console.contract import check

SHOP_FILE = """
brand: {name: 老灶, timezone: Asia/Shanghai}
stores:
  - id: river
    name: 河边店
    hours: {daily: ["10:00-22:00"]}
    pay: after
    tables:
      - {code: A01, seats: 2, area: 大厅}
      - {code: A02, seats: 2, area: 靠窗}
      - {code: A03, seats: 4, area: 大厅}
      - {code: A04, seats: 4, area: 大厅}
      - {code: V01, seats: 10, area: 包间}
    rooms: [{name: 牡丹厅, tables: [V01]}]
    table_pairs: [[A03, A04]]
    bookings: {starting: 1, present: 1, deposit: {rooms: 100, people: 8, amount: 200}}
  - id: hill
    name: 山上店
    tables: [{code: T1, seats: 4}]
    bookings: {days_ahead: 365}
  - {id: shut, name: 不订店, tables: [{code: S1}], bookings: {open: no}}
menu:
  - category: 热菜
    dishes:
      - {id: pork, name: 红烧肉, price: "58.00", station: 热菜}
      - {id: fish, name: 鱼, price: "68", step: "0.5", unit: 斤, station: 蒸菜}
experiences:
  - id: baking
    name: 亲子烘焙
    stores: [river]
    on: every saturday
    times: ["14:00", "16:00"]
    places: 10
    ages: [{name: 3-6岁, from: 3, to: 6}]
    kits: {name: 材料包, number: 10, per: child}
  - {id: class, name: 小厨课, stores: [river], on: every saturday, times: ["15:00"], places: 4, price: {adult: 68, child: 38}}
"""
DOCUMENT = read_shop(SHOP_FILE.encode()).document
SHOP: ShopSnapshot = snapshot_of(DOCUMENT, version=1)


def app_of(database: Database, clock: Clock) -> web.Application:
    """/api/v1 by itself."""
    app = web.Application()
    app.add_subapp("/api/v1", Api(database, SnapshotCache(), clock, ENDPOINTS, REFUSALS, VERSION).app())
    return app


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Of a problem; "" of anything else."""
        return str(self.json.get("code", "")) if self.status >= 400 else ""

    def __getitem__(self, name: str) -> Any:
        return self.json[name]


@dataclass
class Till:
    """A device with a token. Each act has a key of its own, unless the test gives one."""

    client: TestClient[web.Request, web.Application]
    database: Database
    clock: SettableClock
    token: str
    store: str = "river"
    keys: Any = field(default_factory=itertools.count)

    async def get(self, path: str, **query: Any) -> Answer:
        """Look."""
        return await self.ask("GET", path, params={name: str(value) for name, value in query.items()})

    async def post(self, path: str, body: Any = None, *, key: str = "") -> Answer:
        """Do something."""
        return await self.ask("POST", path, json=body, key=key)

    async def patch(self, path: str, body: Any, *, key: str = "") -> Answer:
        """Change something."""
        return await self.ask("PATCH", path, json=body, key=key)

    async def ask(self, method: str, path: str, *, key: str = "", kind: str = "", **more: Any) -> Answer:
        """Any request. Args: kind: Content-Type; more: As of aiohttp."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": kind} if kind else {})
        if method != "GET":
            headers["Idempotency-Key"] = key or f"{self.token[-8:]}-{next(self.keys)}"
        if more.get("json", ...) is None:
            del more["json"]
        async with self.client.request(method, f"/api/v1{path}", headers=headers, **more) as response:
            answer = Answer(response.status, response.headers, await response.text())
        check(method, path, answer.status, response.content_type, answer.json)
        return answer

    async def done(self) -> list[tuple[str, str]]:
        """(act, what became of what) of everything on record at this store's devices, in order."""
        rows = select(DeviceAct.act, DeviceAct.subject).where(DeviceAct.store_id == self.store).order_by(DeviceAct.id)
        found = await self.database.read(lambda session: session.execute(rows).all())
        return [(act, subject.partition(" ")[2]) for act, subject in found]

    async def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Something that happens elsewhere, in a transaction of its own."""
        return await self.database.transaction(act, *args, **kwargs, now=self.clock.now())


async def new_till(
    client: TestClient[web.Request, web.Application],
    database: Database,
    clock: SettableClock,
    store: str = "river",
    scope: TokenScope = TokenScope.TILL,
) -> Till:
    """A device that was given a token a moment ago."""
    return Till(client, database, clock, await database.transaction(create_token, store, scope, now=clock.now()), store)
