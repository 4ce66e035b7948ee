"""A house at work: members with what is theirs, and a worker that hears all that happens, as in the program; nothing is sent."""

import itertools
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.responses import NLU_DATA, Responses
from domain.benefits.service import benefits_of
from domain.coupons.models import Coupon
from domain.coupons.service import issue_coupon
from domain.coupons.terms import amount_terms
from domain.kernel.money import Fen
from domain.members.birthdays import set_birthday
from domain.members.levels import level_of, record_spending
from domain.members.service import join, meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messaging.housekeeping import schedule_housekeeping
from domain.messaging.models import Delivery, OutboxEvent
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Handler, Worker
from domain.points.rules import Reason
from domain.points.service import credit_points, statement
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import NOTIFICATIONS, REACTIONS
from haowei.shop_files import bring_in
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)  # the business day of the clock, until four in the morning of the night to come
MORNING = date(2026, 11, 22)
RESPONSES = Responses.load(NLU_DATA / "responses")
SHOP = """
brand:
  name: 小馆
  levels:
    - {name: 普通}
    - {name: 白银, spend: "500", benefits: [birthday_dessert, priority_queue]}
    - {name: 黄金, spend: "2000", benefits: [birthday_dessert, priority_queue, free_delivery]}
  birthday: {dish: cake}
  coupons: [{id: drink, name: 饮品券, amount: "5", days: 14}]
  queue_promise: {late_minutes: 15, coupon: drink}
  budgets: [{campaign: birthday, per_day: "%s"}, {campaign: scan, total: "500"}, {campaign: queue_promise, per_day: "10"}]
stores:
  - id: one
    name: 一店
    hours: {daily: ["10:00-22:00"]}
    tables: [{code: A1, seats: 4}, {code: V1, seats: 10}]
    rooms: [{name: 梅, seats: 10, tables: [V1]}]
    bookings: {deposit: {rooms: 200}}
menu:
  - category: 甜品
    dishes: [{id: cake, name: 蛋糕, price: "18"}]
"""
_VAULT = Vault(b"s" * 32)


class House:
    """One installation without its chat."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database = database
        self.clock = clock
        self.snapshots = SnapshotCache()
        self._numbers = itertools.count(1)

    async def opens(self, *, birthday_budget: str = "1000") -> None:
        """The owner imports the shop file."""
        document = read_shop((SHOP % birthday_budget).encode()).document
        await bring_in(self.database, document, imported_by="test", now=self.clock.now())

    async def do(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Something happens now, in a transaction of its own."""
        return await self.database.transaction(act, *args, **kwargs, now=self.clock.now())

    async def diner(self) -> str:
        """Somebody who wrote to the house."""
        return await self.do(meet_diner, _VAULT, f"openid-{next(self._numbers)}")

    async def member(self, *, birthday: tuple[int, int] | None = None) -> str:
        """Somebody who joined, and has what the lowest level gives."""
        diner = await self.diner()
        await self.do(join, diner, text_version="2026-11")
        if birthday is not None:
            await self.database.transaction(set_birthday, diner, *birthday, today=TODAY)
        await self.works()
        return diner

    async def points(self, diner: str, points: int, *, last_day: date) -> None:
        """Points that are good until this day."""
        life = (last_day - TODAY).days
        key = f"gift-{next(self._numbers)}"
        await self.do(credit_points, diner, points, reason=Reason.GRANTED, key=key, day=TODAY, life_days=life)

    async def coupon(self, diner: str, *, last_day: date) -> str:
        """A coupon that is good until this day."""
        terms = amount_terms("20元券", Fen(2000))
        given = {"template_id": "t", "campaign": "scan", "good_from": date(2026, 11, 1), "good_until": last_day}
        coupon: str = await self.do(issue_coupon, diner, terms, key=f"coupon-{next(self._numbers)}", **given)
        return coupon

    async def spends(self, diner: str, yuan: int, *, day: date = TODAY) -> str:
        """A paid order. Returns: its id."""
        order = f"O{next(self._numbers)}"
        await self.do(record_spending, diner, order_id=order, visit=order, business_day=day, net_fen=Fen(yuan * 100))
        return order

    def worker(self, *, night_work: Callable[[Handler], Handler] = lambda handler: handler) -> Worker:
        """What hears the events. Args: night_work: Wraps the handler of a night's pieces."""
        heard = {name: dict(handlers(self.snapshots, RESPONSES)[name]) for name in (REACTIONS, NOTIFICATIONS)}
        heard[REACTIONS]["night_work_due"] = night_work(heard[REACTIONS]["night_work_due"])
        return Worker(self.database, self.clock, Wakeup(), handlers=heard, effects={})

    async def works(self, worker: Worker | None = None) -> None:
        """Everything that is due is done."""
        worker = worker or self.worker()
        while sum([await worker.work_once(consumer) for consumer in (REACTIONS, NOTIFICATIONS)]):
            pass

    async def night_comes(self) -> None:
        """It is four in the morning in Shanghai, and nothing is done yet."""
        now = self.clock.now()
        await self.do(schedule_housekeeping)
        four = now.replace(hour=20, minute=0, second=0)
        self.clock.set(four if four > now else four + timedelta(days=1))

    async def night(self, count: int = 1) -> None:
        """So many nights go by, with all their work."""
        for _ in range(count):
            await self.night_comes()
            await self.works()

    async def deliver_again(self, event: str = "night_work_due") -> None:
        """What happened just now, every piece of a night's work, is delivered once more, as if nobody knew that it was done."""
        again = {"state": "pending", "owner": None, "attempts": 0}
        happened = select(OutboxEvent.id).where(OutboxEvent.name == event)

        def put_back(session: Session) -> None:
            just_now = update(Delivery).where(Delivery.event_id.in_(happened), Delivery.settled_at >= self.clock.now())
            session.execute(just_now.values(again), execution_options=_UNSEEN)

        await self.database.transaction(put_back)
        await self.works()

    async def messages(self) -> list[dict[str, Any]]:
        """What diners are to be told, in the order of asking: diner, purpose, text, when it may leave, and whether by template too."""
        return await self.database.read(_messages)

    async def told(self, diner: str) -> list[str]:
        """The words for one diner."""
        return [message["text"] for message in await self.messages() if message["diner"] == diner]

    async def state(self, coupon: str) -> str:
        """A coupon's state."""
        return await self.database.read(lambda session: session.execute(select(Coupon.state).where(Coupon.id == coupon)).scalar_one())

    async def count(self, name: str) -> int:
        """How many events of a name there were."""
        counted = select(func.count()).where(OutboxEvent.name == name)
        return await self.database.read(lambda session: session.execute(counted).scalar_one())

    async def level(self, diner: str) -> str | None:
        """A member's level."""
        return await self.database.read(lambda session: level_of(session, diner, self.shop(session).brand.levels))

    async def benefits(self, diner: str, day: date) -> list[str]:
        """What they are entitled to on a day."""
        return sorted(given.kind for given in await self.database.read(benefits_of, diner, day))

    async def reasons(self, diner: str) -> list[tuple[str, int]]:
        """Why their points moved, newest first."""
        return [(movement.reason.value, movement.points) for movement in await self.database.read(statement, diner, limit=50)]

    async def sql(self, statement: Any) -> None:
        """Somebody changes the books by hand."""
        await self.database.transaction(lambda session: session.execute(statement, execution_options=_UNSEEN))

    def shop(self, session: Session) -> ShopSnapshot:
        """The shop as it is."""
        return self.snapshots.get(session)


_UNSEEN: Mapping[str, Any] = {"synchronize_session": False}


def _messages(session: Session) -> list[dict[str, Any]]:
    leaving = select(OutboxEvent.payload, Delivery.due_at).join(Delivery, Delivery.event_id == OutboxEvent.id)
    due = {payload["message_id"]: at for payload, at in session.execute(leaving.where(OutboxEvent.name == "message_requested"))}
    return [
        {
            "diner": message.diner_id,
            "purpose": message.purpose,
            "text": message.content["reply"]["text"],
            "due_at": due[message.id],
            "expires_at": message.expires_at,
            "by_template": "template" in message.content,
        }
        for message in session.execute(select(Message).order_by(Message.id)).scalars()
    ]
