"""A month of diners against the simulated platform with its quotas enforced, and workers that die in the middle of their work."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.messages import Reply, ReplyKind
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.events import TemplateReportHeld
from domain.messages.models import Message
from domain.messages.rules import ChannelKind, Purpose
from domain.messages.service import request
from domain.messaging.deliveries import Claimed
from domain.messaging.models import Delivery
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.reactions.messages import hears_the_report_again
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.routing import MESSAGES, REACTIONS
from haowei.settings import Settings
from haowei.simulators.wechat import Diner, WeChatPlatform
from tests.clock import SettableClock
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.messages import MessageSender

ZONE = ZoneInfo("Asia/Shanghai")
KIND_OF = {
    Purpose.PAYMENT: "order_paid",
    Purpose.SERVICE: "order_ready",
    Purpose.CALL: "queue_call",
    Purpose.BOOKING: "booking_reminder",
}
NOTICES = ("queue_call", "booking_reminder")
_CHANCES = {
    Purpose.REMINDER: 0.3,
    Purpose.BOOKING: 0.3,
    Purpose.MARKETING: 0.6,
    Purpose.SERVICE: 0.3,
    Purpose.PAYMENT: 0.25,
    Purpose.CALL: 0.25,
    Purpose.REPLY: 0.2,
    Purpose.SAFETY: 0.01,
}
# The rules once more, so that a change of the program's own is noticed: what never comes at night and how often it may come, and what
# may be said once more when nobody knows whether it came.
_CAPS: dict[Purpose, tuple[int, int | None]] = {Purpose.BOOKING: (6, None), Purpose.REMINDER: (3, None), Purpose.MARKETING: (1, 3)}
_TWICE = {Purpose.SAFETY, Purpose.CALL, Purpose.PAYMENT, Purpose.REPLY}
_MARK = re.compile(r"(\w+)#(\d+)")
_SETTLES_S = 0.03  # what a dead worker had already sent arrives while the clock stands still

Act = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of ours on a phone."""

    mark: str
    purpose: Purpose
    kind: str
    openid: str
    at: datetime


@dataclass
class Fate:
    """The worker of one life after the other: at every step it may die, with everything it has in hand."""

    dice: random.Random
    chance: float
    process: asyncio.Task[None] | None = None
    in_hand: int = 0
    kills: int = 0
    interrupted: int = field(default=0)

    async def strikes(self) -> None:
        if self.process is not None and self.dice.random() < self.chance:
            self.kills += 1
            self.interrupted += self.in_hand
            self.process.cancel()
            self.process = None
            await asyncio.Event().wait()


class Mortal:
    """The database or the client as a worker sees it that may die before and after every step."""

    def __init__(self, thing: Any, fate: Fate) -> None:
        self._thing, self._fate = thing, fate

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._thing, name)

        async def risky(*args: Any, **kwargs: Any) -> Any:
            await self._fate.strikes()
            result = await step(*args, **kwargs)
            await self._fate.strikes()
            return result

        return risky


class Month:
    """Thirty days of a few diners."""

    def __init__(
        self,
        database: Database,
        clock: SettableClock,
        platform: WeChatPlatform,
        client: WeChatClient,
        settings: Settings,
        *,
        seed: int,
        busy: float,
        danger: float,
    ) -> None:
        """Args:
        busy: Scales how many messages there are.
        danger: Chance that a worker dies at a step.
        """
        self._busy = busy
        self.database, self.clock, self.platform = database, clock, platform
        self.fate = Fate(random.Random(seed), danger)
        self.dice = random.Random(seed + 1)
        self._client, self._settings = client, settings
        self._vault = Vault(settings.secret_key.get_secret_value().encode())
        self._ids: dict[str, str] = {}
        self._asked = 0
        self._outages: list[tuple[datetime, datetime]] = []

    async def passes(self, diners: int, days: int) -> None:
        """Live it, one act after the other; whatever is due in between is worked at its time."""
        begin = self.clock.now()
        people = [self.platform.diner(following=True) for _ in range(diners)]
        for diner in people:
            self._ids[diner.openid] = await self.database.transaction(meet_diner, self._vault, diner.openid, now=begin)
        acts = [act for day in range(days) for diner in people for act in self._day(diner, begin + timedelta(days=day))]
        self._outages = [(begin + timedelta(days=day, hours=2), begin + timedelta(days=day, hours=5)) for day in range(3, days, 4)]
        for at, act in sorted(acts, key=lambda pair: pair[0]):
            await self._work_until(at)
            self.clock.set(at)
            await act()
            await self._work()
        await self._work_until(begin + timedelta(days=days + 3))

    def arrivals(self) -> list[Arrival]:
        """Everything of ours that came to a phone."""
        found = []
        for diner in self.platform.diners.values():
            for item in diner.chat:
                for purpose, number in [] if item.from_diner else sorted(set(_MARK.findall(item.words))):
                    found.append(Arrival(f"{purpose}#{number}", Purpose(purpose), item.kind, diner.openid, item.at))
        return found

    async def records(self) -> dict[str, Message]:
        """Every message by its mark."""
        rows = await self.database.read(lambda session: session.execute(select(Message)).scalars().all())
        return {row.key: row for row in rows if _MARK.fullmatch(row.key)}

    # ---- what happens on a day

    def _day(self, diner: Diner, day: datetime) -> list[tuple[datetime, Act]]:
        dice, acts = self.dice, []

        def at_some_time() -> datetime:
            return day + timedelta(seconds=dice.randrange(86_400))

        def maybe(chance: float, act: Act) -> None:
            if dice.random() < chance:
                acts.append((at_some_time(), act))

        maybe(0.5, lambda: self._if_following(diner, lambda: diner.says("你好")))
        maybe(0.2, lambda: self._if_following(diner, lambda: diner.taps_menu("menu.hours")))
        for notice in NOTICES:
            allowed = dice.random() < 0.8
            maybe(0.2, lambda notice=notice, allowed=allowed: self.platform.notices.answers(diner, {f"notice_{notice}": allowed}))
        maybe(0.02, lambda: self.platform.notices.switches_off(diner, "notice_queue_call"))
        maybe(0.02, lambda: self._blocks(diner))
        maybe(0.3, lambda: self._leaves_or_comes(diner))
        for purpose, chance in _CHANCES.items():
            times = dice.choice([1, 1, 1, 5]) if dice.random() < chance * self._busy else 0
            at = at_some_time()
            acts += [(at, lambda purpose=purpose: self._asks(purpose, diner)) for _ in range(times)]
        return acts

    async def _if_following(self, diner: Diner, act: Act) -> None:
        if diner.is_following:
            await act()

    async def _blocks(self, diner: Diner) -> None:
        diner.template_outcome = self.dice.choice(["failed:user block", "failed: system failed", "success"])

    async def _leaves_or_comes(self, diner: Diner) -> None:
        if not diner.is_following:
            await diner.follows()
        elif self.dice.random() < 0.1:
            await diner.unfollows()

    async def _asks(self, purpose: Purpose, diner: Diner) -> None:
        self._asked += 1
        mark, now = f"{purpose.value}#{self._asked}", self.clock.now()
        content: dict[str, Any] = {"reply": Reply(ReplyKind.TEXT, mark).to_json()}
        kind = KIND_OF.get(purpose)
        if kind is not None:
            values = {"number": mark, "store": "好味人民广场店的一个很长很长的名字要被剪短", "note": mark, "amount": "58.00元"}
            content["template"] = {"kind": kind, "fields": values | {"time": "2026-11-21 18:30", "people": "4", "table": "A08"}}
        later = timedelta(minutes=self.dice.choice([0, 0, 90]))
        ends = now + later + timedelta(hours=3) if purpose is Purpose.BOOKING else None
        await self.database.transaction(
            request, purpose, self._ids[diner.openid], content, key=mark, now=now, not_before=now + later, not_after=ends
        )

    # ---- the workers

    async def _work_until(self, end: datetime) -> None:
        while True:
            due = await self.database.read(
                lambda session: session.execute(
                    select(func.min(Delivery.due_at)).where(Delivery.consumer.in_((MESSAGES, REACTIONS)), Delivery.state == "pending")
                ).scalar()
            )
            due = None if due is None else self._after_outage(due)
            if due is None or due > end:
                return
            self.clock.set(max(due, self.clock.now()))
            await self._work()

    async def _work(self) -> None:
        if self._after_outage(self.clock.now()) != self.clock.now():
            return
        done = False
        while not done:
            process = self.fate.process = asyncio.create_task(self._one_life())
            try:
                await process
                done = True
            except asyncio.CancelledError:
                if not process.cancelled():
                    raise
                await asyncio.sleep(_SETTLES_S)
        await self.platform.template_messages.reported()
        await self.platform.notices.reported()

    async def _one_life(self) -> None:
        mortal: Any = Mortal(self.database, self.fate)
        client: Any = Mortal(self._client, self.fate)
        sender = MessageSender(
            mortal,
            self.clock,
            self._vault,
            client,
            templates=self._settings.templates,
            notices=self._settings.notices,
            templates_a_day=self._settings.wechat_templates_a_day,
            public_url="https://example.com",
            snapshots=SnapshotCache(),
        )

        async def effect(claimed: Claimed) -> None:
            self.fate.in_hand += 1
            try:
                await sender(claimed)
            finally:
                self.fate.in_hand -= 1

        heard = {REACTIONS: {TemplateReportHeld.name: hears_the_report_again}}
        worker = Worker(mortal, self.clock, Wakeup(), handlers=heard, effects={MESSAGES: effect})
        while await worker.work_once(MESSAGES) + await worker.work_once(REACTIONS):
            pass

    def _after_outage(self, moment: datetime) -> datetime:
        return next((end for begin, end in self._outages if begin <= moment < end), moment)


def faults_of(month: Month, records: dict[str, Message]) -> list[str]:
    """Everything that must never happen and did."""
    arrivals = month.arrivals()
    seen = Counter(arrival.mark for arrival in arrivals)
    faults = [f"refused by the platform: {code} ×{count}" for code, count in month.platform.refusals.items()]
    for arrival in arrivals:
        local = arrival.at.astimezone(ZONE)
        minutes = local.hour * 60 + local.minute
        if arrival.purpose is Purpose.MARKETING and arrival.kind == "template":
            faults.append(f"{arrival.mark} is marketing in a template")
        if arrival.purpose in _CAPS and not 9 * 60 <= minutes < 21 * 60 + 30:
            faults.append(f"{arrival.mark} came at {local:%H:%M}")
        if arrival.at >= records[arrival.mark].expires_at:
            faults.append(f"{arrival.mark} came too late")
    for mark, count in seen.items():
        most = 1 + (records[mark].purpose in _TWICE)
        if count > most:
            faults.append(f"{mark} came {count} times")
    faults += [f"{mark} is still {record.state}" for mark, record in records.items() if record.state in {"queued", "sending"}]
    faults += [
        f"{mark} is {record.state} without a reason"
        for mark, record in records.items()
        if record.state in {"suppressed", "expired", "failed", "unknown"} and not record.reason
    ]
    faults += [f"{mark} is sent and never came" for mark, record in records.items() if record.state == "sent" and not seen[mark]]
    faults += [
        f"{mark} is {record.state} and came" for mark, record in records.items() if record.state in {"suppressed", "expired"} and seen[mark]
    ]
    faults += _beyond_caps(arrivals)
    faults += [
        f"{mark} went by {record.channel}"
        for mark, record in records.items()
        if record.purpose == Purpose.MARKETING and record.channel not in {None, ChannelKind.CUSTOMER.value}
    ]
    return faults


def _beyond_caps(arrivals: list[Arrival]) -> list[str]:
    faults = []
    for purpose, (a_day, a_week) in _CAPS.items():
        for openid in {arrival.openid for arrival in arrivals}:
            moments = sorted(arrival.at for arrival in arrivals if arrival.openid == openid and arrival.purpose is purpose)
            days = Counter(moment.astimezone(ZONE).date() for moment in moments)
            if days and max(days.values()) > a_day:
                faults.append(f"{max(days.values())} {purpose} on one day")
            weeks = [sum(first <= moment < first + timedelta(days=7) for moment in moments) for first in moments]
            if a_week is not None and weeks and max(weeks) > a_week:
                faults.append(f"{max(weeks)} {purpose} in seven days")
    return faults
