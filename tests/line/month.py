"""A month of diners who talk to a real web program, and of a real worker that is killed in the middle of its work.

The clock is a file. It goes from one moment to the next at which somebody does something or something is due, and stands still until
everything due is worked off.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from domain.bookings.models import Booking
from domain.members.service import find_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.deliveries import dead_count
from domain.messaging.models import Delivery
from domain.storage import Database, open_database
from haowei.routing import MESSAGES, NOTIFICATIONS, PRINTING, REACTIONS, REFUNDS, ROUTES, TURNS
from haowei.simulators.wechat import Answer, Diner
from haowei.simulators.wechat.subscription_notices import SubscriptionNotices
from tests.line.clock_file import SharedClock
from tests.line.programs import Program
from tests.line.restaurant import SECRET_KEY, Restaurant
from tests.line.working_off import due_or_leased

STORES = ("东门店", "曼哈顿店")
NOTICES = ("queue_call", "booking_reminder")
_SETTLES_WITHIN_S = 60.0
_STEP = timedelta(hours=1)  # acts are put together to this, so that a month has an end
_LEAST = timedelta(minutes=15)  # and so is what is due between them
_COME_ANYWAY = {"is_offered", "is_reminded", "allows", "switches_off", "blocks", "comes_or_goes"}  # not something they write
_QUIET_FOR_S = 0.06  # what a dead worker had already handed over arrives while the clock stands still

Act = Callable[[], Awaitable[Any]]


class Month:
    """Thirty days.

    Attributes:
        kills: How often a worker was killed; `busy_kills` while it had a delivery in hand.
        did: What the diners did, counted.
        words: What each message says, by its id: it is read while it is there, and forgotten after a week.
        ids: Openid of a diner -> their id.
        records, bookings, given_up: What stands in the database in the end: messages, bookings, and the number of dead deliveries.
    """

    def __init__(self, restaurant: Restaurant, clock: SharedClock, redis_url: str, *, seed: int, kill_chance: float) -> None:
        self.restaurant, self.clock = restaurant, clock
        self.kills = self.busy_kills = 0
        self.did: Counter[str] = Counter()
        self.words: dict[str, dict[str, Any]] = {}
        self._read_at = clock.now()
        self.ids: dict[str, str] = {}
        self.diners: list[Diner] = []
        self._dice = random.Random(seed)
        self._kill_chance = kill_chance
        self._redis_url = redis_url
        self._dead: set[str | None] = set()
        self._phones: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._vault = Vault(SECRET_KEY.encode())
        self.records: Sequence[Message] = ()
        self.bookings: Sequence[Booking] = ()
        self.given_up = 0
        self._database: Database
        self._redis: Redis
        self._worker: Program
        self._staff: Diner

    async def passes(self, diners: int, days: int, *, outages: tuple[int, ...] = ()) -> None:
        """Live it.

        Args:
            outages: Days, from 0, on which the worker is down for three hours in the middle of the day.
        """
        begin = self.clock.now()
        web, self._worker = await asyncio.gather(self.restaurant.starts("web"), self.restaurant.starts("worker"))
        self._database = open_database(self.restaurant.settings["HAOWEI_DATABASE_URL"], routes=ROUTES)
        self._redis = Redis.from_url(self._redis_url)
        try:
            await self._opens_the_door()
            self.diners = [self.restaurant.platform.diner() for _ in range(diners)]
            acts = [act for day in range(days) for diner in self.diners for act in self._day(diner, begin + timedelta(days=day))]
            acts += [act for day in range(days) for act in self._staff_day(begin + timedelta(days=day))]
            down = {begin + timedelta(days=day, hours=9) for day in outages}
            pending = sorted(acts, key=lambda pair: pair[0])
            end = begin + timedelta(days=days + 2)
            while self.clock.now() < end:
                await self._next_moment(pending, down, end)
            assert web.is_running
            for openid in self.restaurant.platform.diners:
                self.ids[openid] = await self._database.read(find_diner, self._vault.digest(openid)) or ""
            self.records = await self._database.read(lambda session: session.execute(select(Message)).scalars().all())
            self.bookings = await self._database.read(lambda session: session.execute(select(Booking)).scalars().all())
            self.given_up = await self._database.read(dead_count)
        finally:
            await self._redis.aclose()
            await self._database.close()

    # ---- time

    async def _next_moment(self, pending: list[tuple[datetime, Act]], down: set[datetime], end: datetime) -> None:
        """Go to the next moment at which something happens, and let it be worked off."""
        due = max(await self._database.read(_next_due) or end, self.clock.now() + _LEAST)
        moment = max(self.clock.now(), min(end, due, *(at for at, _ in pending[:1])))
        outage = next((begun for begun in down if begun <= moment), None)
        if outage is not None:
            down.discard(outage)
            self._worker.kill()
            until = outage + timedelta(hours=3)
            while pending and pending[0][0] < until:
                self.clock.set(max(pending[0][0], self.clock.now()))
                await self._acts(pending)
            await self._forget_the_dead()
            self.clock.set(until)
            await self._worker.start()
        else:
            self.clock.set(moment)
            await self._acts(pending)
        await self._works()

    async def _acts(self, pending: list[tuple[datetime, Act]]) -> None:
        now = self.clock.now()
        acts = []
        while pending and pending[0][0] <= now:
            acts.append(pending.pop(0)[1])
        await asyncio.gather(*(act() for act in acts))

    async def _works(self) -> None:
        """Wait until everything that is due is done. The worker may be killed meanwhile, and another one goes on."""
        dies = self._dice.random() < self._kill_chance and bool(await self._due())
        await self._wake()
        if dies:
            await self._dies()
        looks = 0
        async with asyncio.timeout(_SETTLES_WITHIN_S):
            while await self._due():
                looks += 1
                if looks % 20 == 0:
                    await self._wake()
                await asyncio.sleep(0.01)
        await self.restaurant.platform.template_messages.reported()
        await self.restaurant.platform.notices.reported()
        now = self.clock.now()
        self.words |= await self._database.read(_words_since, self._read_at)
        self._read_at = now

    async def _dies(self) -> None:
        """SIGKILL, at some moment of its work or as soon as a message reaches a phone."""
        if self._dice.random() < 0.5:
            await asyncio.sleep(self._dice.random() * 0.12)
        else:
            arrivals = self.restaurant.platform.subscribe()
            try:
                async with asyncio.timeout(0.5):
                    await arrivals.get()
            except TimeoutError:
                pass
            finally:
                self.restaurant.platform.unsubscribe(arrivals)
        self._worker.kill()
        self.kills += 1
        self.busy_kills += await self._forget_the_dead()
        await asyncio.sleep(_QUIET_FOR_S)
        await self._worker.start()
        await self._wake()

    async def _forget_the_dead(self) -> bool:
        """Whatever is leased now is nobody's. Returns: whether the worker that died had something in hand."""
        owners = set(await self._database.read(_owners))
        had = bool(owners - self._dead)
        self._dead |= owners
        return had

    async def _wake(self) -> None:
        await self._redis.publish("haowei:wake", f"{REACTIONS},{PRINTING},{NOTIFICATIONS},{TURNS},{MESSAGES},{REFUNDS}")

    async def _due(self) -> list[str]:
        """The consumers of what is due, or in the hands of a worker that lives."""
        now = self.clock.now()
        rows = await self._database.read(due_or_leased, now)
        return [consumer for consumer, owner, due_at in rows if due_at <= now or owner not in self._dead]

    # ---- who does what

    async def _opens_the_door(self) -> None:
        """Hire a manager of the first store, whose phone is bound."""
        printed = await self.restaurant.runs("staff", "add", "--name", "小李", "--role", "manager", "--store", "dongmen")
        self._staff = self.restaurant.platform.diner(following=True)
        code = printed.partition("绑定 ")[2].split()[0]
        assert "小李" in (await self._staff.says(f"绑定 {code}")).text

    def _day(self, diner: Diner, day: datetime) -> list[tuple[datetime, Act]]:
        """What a diner does on a day. Every other one is silent for days on end, so that the windows of messages close."""
        dice, acts = self._dice, []
        share = 0.3 if self.diners.index(diner) % 2 else 1.0

        def at_some_time() -> datetime:
            return day + _STEP * dice.randrange(timedelta(days=1) // _STEP)

        for chance, name, act in (
            (0.25, "talks", lambda: self._if_here(diner, lambda: diner.says("你好"))),
            (0.15, "taps", lambda: self._if_here(diner, lambda: diner.taps_menu("menu.member_card"))),
            (0.35, "books", lambda: self._if_here(diner, lambda: self._books(diner))),
            (0.15, "cancels", lambda: self._if_here(diner, lambda: self._cancels(diner))),
            (0.2, "queues", lambda: self._if_here(diner, lambda: self._queues(diner))),
            (0.2, "eats", lambda: self._if_here(diner, lambda: self._eats(diner))),
            (0.15, "allows", lambda: self._if_here(diner, lambda: self._answers(diner))),
            (0.01, "switches_off", lambda: self._if_here(diner, lambda: self._switches_off(diner, f"notice_{dice.choice(NOTICES)}"))),
            (0.02, "blocks", lambda: self._blocks(diner)),
            (0.5, "comes_or_goes", lambda: self._comes_or_goes(diner)),
            (0.25, "is_offered", lambda: self._is_asked(diner, Purpose.MARKETING)),
            (0.2, "is_reminded", lambda: self._is_asked(diner, Purpose.REMINDER)),
        ):
            if dice.random() < (chance if name in _COME_ANYWAY else chance * share):
                acts.append((at_some_time(), self._counted(name, act)))
        return acts

    def _staff_day(self, day: datetime) -> list[tuple[datetime, Act]]:
        def calls(table: str) -> Act:
            return lambda: self._staff.says(f"叫号 {table}")

        return [(day + timedelta(hours=hour), calls(table)) for hour in (1, 4, 7, 10, 13) for table in ("A01", "B01", "B02")]

    def _counted(self, name: str, act: Act) -> Act:
        async def counted() -> None:
            self.did[name] += 1
            await act()

        return counted

    async def _if_here(self, diner: Diner, act: Act) -> None:
        async with self._phones[diner.openid]:  # nobody types two things at once
            if diner.is_following:
                await act()

    async def _books(self, diner: Diner) -> None:
        """In some days, or today; one in eight for so many that a deposit is asked."""
        dice = self._dice
        day = self.clock.now() + timedelta(days=dice.choice([0, 1, 1, 2, 3, 4, 6]))
        people = dice.choice([2, 2, 2, 3, 4, 4, 6, 8])
        store = dice.choice(STORES)
        at = f"{day.month}月{day.day}日{dice.choice(['早上8点', '中午12点', '下午2点半', '晚上7点', '晚上8点半'])}"
        answer = await diner.says(f"{store}{at}{people}个人订位")
        if "请核对" not in answer.text:
            return
        answer = await diner.says("确认")
        self.did["booked"] += "订好了" in answer.text
        if "订金" in answer.text and answer.reply is not None and answer.reply.articles and dice.random() < 0.6:
            await self.restaurant.pays(answer.reply.articles[0].url)
            self.did["deposit"] += 1

    async def _cancels(self, diner: Diner) -> None:
        await diner.says("取消预订")
        self.did["cancelled"] += "取消" in (await diner.says("确认")).text

    async def _queues(self, diner: Diner) -> None:
        answer = await diner.says(f"东门店排队 {self._dice.choice([2, 2, 4])}位")
        self.did["numbers"] += "号" in answer.text

    async def _eats(self, diner: Diner) -> None:
        """At a table: order, and mostly pay."""
        table = self._dice.choice(["A01", "A02", "B01", "B02", "B03"])
        await diner.scans(f"t.dongmen.{table}")
        await diner.says("红烧肉一份")
        await diner.says("下单")
        placed = await diner.says("确认")
        if "单号" not in placed.text:
            return
        self.did["ordered"] += 1
        if self._dice.random() < 0.8:
            url = _page_of(await diner.says("买单"))
            if url:
                await self.restaurant.pays(url)
                self.did["paid"] += 1

    async def _answers(self, diner: Diner) -> None:
        asked = {name: self._dice.random() < 0.7 for name in map("notice_{}".format, NOTICES) if name in self._notices.templates}
        if asked:
            await self._notices.answers(diner, asked)

    async def _switches_off(self, diner: Diner, name: str) -> None:
        if name in self._notices.templates:
            await self._notices.switches_off(diner, name)

    @property
    def _notices(self) -> SubscriptionNotices:
        return self.restaurant.platform.notices

    async def _blocks(self, diner: Diner) -> None:
        diner.template_outcome = self._dice.choice(["failed:user block", "failed: system failed", "success"])

    async def _comes_or_goes(self, diner: Diner) -> None:
        async with self._phones[diner.openid]:
            if not diner.is_following:
                await diner.follows()
                self.did["followed"] += 1
            elif self._dice.random() < 0.15:
                await diner.unfollows()
                self.did["left"] += 1

    async def _is_asked(self, diner: Diner, purpose: Purpose) -> None:
        """What campaigns and nights ask for."""
        diner_id = await self._database.read(find_diner, self._vault.digest(diner.openid))
        if diner_id is None:
            return
        self.ids[diner.openid] = diner_id
        self.did["asked"] += 1
        words = f"{'上新尝鲜' if purpose is Purpose.MARKETING else '有一张券快到期'} {self.did['asked']:05d}"
        content = {"reply": Reply(ReplyKind.TEXT, words).to_json()}
        key = f"month:{self.did['asked']}"
        await self._database.transaction(request, purpose, diner_id, content, key=key, now=self.clock.now())


def _page_of(answer: Answer) -> str:
    return answer.reply.articles[0].url if answer.reply is not None and answer.reply.articles else ""


def _next_due(session: Session) -> datetime | None:
    return session.execute(select(func.min(Delivery.due_at)).where(Delivery.state == "pending")).scalar()


def _owners(session: Session) -> Sequence[str | None]:
    return session.execute(select(Delivery.owner).where(Delivery.owner.is_not(None)).distinct()).scalars().all()


def _words_since(session: Session, moment: datetime) -> dict[str, dict[str, Any]]:
    asked = select(Message.id, Message.content).where(Message.requested_at >= moment)
    return {row[0]: row[1] for row in session.execute(asked).all() if row[1]}
