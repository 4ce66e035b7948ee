"""The whole way of a consent: asked in chat, allowed on the page, told by the platform, used by one notice once the window is closed.

The platform is simulated at the wire: pushes are encrypted, the page is opened and its form sent as a phone does it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.responses import NLU_DATA, Responses
from bot.understanding.embedded import EmbeddedEngine
from domain.bookings.models import Booking
from domain.members.codes import signing_key
from domain.members.service import find_diner
from domain.members.vault import Vault
from domain.messages.asking import Asking
from domain.messages.consents import notices_left
from domain.messages.facts import Channels
from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, NEEDS, ORDER_READY, QUEUE_CALL
from domain.messages.models import Message
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.orders.rules import OrderState
from domain.orders.service import find_latest_order, move_order
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.payments.service import confirm_payment
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache, load_snapshot
from domain.storage import Database
from domain.waitlist.calling import call_again, call_next, miss_call, requeue
from domain.waitlist.models import QueueTicket
from domain.waitlist.service import leave, take_number
from haowei.handlers import handlers
from haowei.routing import MESSAGES, ROUTES
from haowei.runtime import Parts, Runtime, wechat_client
from haowei.settings import Payments, Settings, load_settings
from haowei.shop_files import bring_in
from haowei.simulators.wechat import Account, Diner, WeChatPlatform
from tests.clock import SettableClock
from tests.servers import free_port
from wechat_gateway.messages import MessageSender
from wechat_gateway.templates import KINDS

SHOP = """
brand: {name: 好味, timezone: Asia/Shanghai}
stores:
  - id: one
    name: 人民路店
    address: 人民路 1 号
    tables: [{tables}]
menu:
  - category: 主食
    dishes: [{id: d1, name: 牛肉面, price: 28}]
"""
_TABLES = ", ".join(f"{{code: A0{n}, seats: 2}}" for n in range(1, 8))
SECRET = "s" * 32
LINK = re.compile(r'<a href="([^"]+)">点这里允许一次</a>')


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


class House:
    """One restaurant on the wire: its callback and pages run, and its worker works when told to."""

    def __init__(
        self, database: Database, clock: SettableClock, platform: WeChatPlatform, worker: Worker, consumers: tuple[str, ...]
    ) -> None:
        self.database, self.clock, self.platform = database, clock, platform
        self._worker, self._consumers = worker, consumers
        self.diner = platform.diner(following=True)

    async def says(self, words: str, diner: Diner | None = None) -> str:
        self.clock.advance(seconds=2)
        answer = await (diner or self.diner).says(words)
        assert len(answer.text.encode()) <= 2048
        return answer.text

    async def works(self) -> None:
        while sum([await self._worker.work_once(consumer) for consumer in self._consumers]):
            pass
        await self.platform.notices.reported()

    async def answers(self, asked: str, answer: str) -> str:
        """Open the page that a message links to, and tap one of its buttons, as the phone does."""
        links = LINK.findall(asked)
        assert len(links) == 1, asked
        async with aiohttp.ClientSession() as phone:
            async with phone.get(links[0]) as shown:
                page = await shown.text()
            action = re.findall(r'action="([^"]+)"', page)[0]
            fields = re.findall(r'name="(\w+)" value="([^"]*)"', page.split("<button")[0])
            async with phone.post(action, data=[*fields, ("answer", answer)]) as back:
                assert "可以回到聊天了" in await back.text()
        return page

    async def left(self, kind: str) -> int:
        return await self.database.read(notices_left, await self.id(), kind)

    async def id(self) -> str:
        found = await self.database.read(find_diner, Vault(SECRET.encode()).digest(self.diner.openid))
        assert found is not None
        return found

    async def at_the_door(self, act: Any, *args: Any) -> Any:
        now = self.clock.now()
        done = await self.database.transaction(lambda s: act(s, load_snapshot(s), "one", *args, by="host", now=now))
        await self.works()
        return done

    async def ticket(self) -> str:
        return await self.database.read(lambda s: s.execute(select(QueueTicket.id).where(QueueTicket.diner_id.is_not(None))).scalar_one())

    async def goes_home(self) -> None:
        """Give the number up, as if it had never been: the next is not too soon."""
        diner_id, now = await self.id(), self.clock.now()
        await self.database.transaction(lambda s: leave(s, load_snapshot(s), diner_id, now=now))
        await self.database.transaction(lambda s: s.execute(update(QueueTicket).values(state="void")).rowcount)

    async def outcomes(self, kind: str) -> list[tuple[str, str | None, str | None]]:
        asked = (
            select(Message.state, Message.channel, Message.reason).where(Message.kind == kind).order_by(Message.requested_at, Message.id)
        )
        return [tuple(row) for row in await self.database.read(lambda s: s.execute(asked).all())]


@pytest.fixture
async def house(database: Database, clock: SettableClock, engine: EmbeddedEngine) -> AsyncIterator[House]:
    platform = WeChatPlatform(Account.random(), "", clock=clock, answer_within=5)
    for kind, fields in KINDS.items():
        lines = "\n".join(f"{name}:{{{{{field}.DATA}}}}" for name, field in fields.items())
        platform.add_notice(kind, lines, f"notice_{kind}")
    await bring_in(database, read_shop(SHOP.replace("{tables}", _TABLES).encode()).document, imported_by="test", now=clock.now())
    async with platform.serving() as api_url:
        settings = _settings(platform.account, api_url)
        stop, started = asyncio.Event(), asyncio.Event()
        runtime = Runtime(settings, database, clock, engine)
        running = asyncio.create_task(runtime.run(Parts.WEB, stop, ready=started.set))
        await started.wait()
        platform.callback_url = f"{settings.public_url}/wechat/callback"
        async with wechat_client(settings, database, clock) as client:
            snapshots, responses = SnapshotCache(), Responses.load(NLU_DATA / "responses")
            asking = Asking(signing_key(SECRET.encode()), Channels(notices=frozenset(settings.notices)))
            sender = MessageSender(
                database,
                clock,
                Vault(SECRET.encode()),
                client,
                templates={},
                notices=settings.notices,
                public_url=settings.public_url,
                snapshots=snapshots,
            )
            heard = handlers(snapshots, responses, asking)
            worker = Worker(database, clock, Wakeup(), handlers=heard, effects={MESSAGES: sender})
            yield House(database, clock, platform, worker, (*heard, MESSAGES))
        stop.set()
        await running


def _settings(account: Account, api_url: str) -> Settings:
    port = free_port()
    return load_settings(
        host="127.0.0.1",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        secret_key=SECRET,
        metrics_listen="",
        wechat_app_id=account.app_id,
        wechat_app_secret=account.app_secret,
        wechat_token=account.token,
        wechat_aes_key=account.aes_key,
        wechat_api_url=api_url,
        payments=Payments.SIMULATED,
        **{f"wechat_subscribe_{kind}": f"notice_{kind}" for kind in NEEDS},
    )


async def test_a_number_called_once_more_when_the_window_is_used_up_comes_as_the_notice_that_was_allowed(house: House) -> None:
    for _ in range(4):
        await house.at_the_door(take_number, None, 2)
    asked = await house.says("取号，2个人")
    assert "想在轮到您时收到通知？" in asked
    page = await house.answers(asked, "accept")
    assert "叫号提醒" in page
    assert await house.left(QUEUE_CALL) == 1
    assert house.platform.notices.consents[house.diner.openid, "notice_queue_call"] == 1

    ticket = await house.ticket()
    for table in ("A01", "A02", "A03", "A04"):  # four before it: it is told at three, and at one
        await house.at_the_door(call_next, table)
    for _ in range(2):
        await house.at_the_door(take_number, None, 2)
    await house.at_the_door(call_next, "A05")
    house.clock.advance(minutes=1)
    await house.at_the_door(call_again, ticket)
    await house.at_the_door(miss_call, ticket)
    house.clock.advance(minutes=1)
    assert house.diner.windows.left(house.clock.now()) == 0, "moved, moved, called, again, missed"
    assert await house.left(QUEUE_CALL) == 1, "what a window carries uses no consent"
    seen = len(house.diner.chat)
    await house.at_the_door(requeue, ticket)
    for table in ("A05", "A06", "A07"):
        await house.at_the_door(call_next, table)

    called = [item for item in house.diner.chat[seen:] if item.kind == "template"]
    assert len(called) == 1
    assert called[0].template is not None
    assert ("store:", "人民路店") in called[0].template.lines
    assert await house.left(QUEUE_CALL) == 0
    assert house.platform.notices.consents[house.diner.openid, "notice_queue_call"] == 0
    assert (await house.outcomes(QUEUE_CALL))[-1] == ("sent", "notice", None)
    assert house.platform.complaints == []


async def test_a_booking_days_ahead_is_reminded_by_the_notice_that_was_allowed(house: House) -> None:
    await house.says("订11月27日晚上七点，2个人")
    asked = await house.says("确认订位")
    assert "想在到店前收到提醒？" in asked
    await house.answers(asked, "accept")
    assert await house.left(BOOKING_REMINDER) == 1

    starts_at = await house.database.read(lambda s: s.execute(select(Booking.starts_at)).scalar_one())
    house.clock.set(starts_at - timedelta(hours=24))
    await house.works()
    assert house.diner.chat[-1].kind == "template"
    assert await house.left(BOOKING_REMINDER) == 0

    house.clock.set(starts_at - timedelta(hours=3))
    await house.works()
    assert await house.outcomes(BOOKING_REMINDER) == [("sent", "notice", None), ("suppressed", None, "no_window+no_consent")]


async def test_a_booking_of_tomorrow_is_reminded_in_the_window_and_nobody_is_asked(house: House) -> None:
    await house.says("订明天晚上七点，2个人")
    assert "允许一次" not in await house.says("确认订位")


async def test_after_a_no_nobody_is_asked_for_seven_days(house: House) -> None:
    await house.answers(await house.says("取号，2个人"), "reject")
    await house.goes_home()
    assert "允许一次" not in await house.says("取号，2个人")
    await house.goes_home()
    house.clock.advance(days=7)
    assert "允许一次" in await house.says("取号，2个人")


async def test_who_switched_the_notice_off_for_good_is_not_asked_for_seven_days_either(house: House) -> None:
    await house.answers(await house.says("取号，2个人"), "accept")
    await house.platform.notices.switches_off(house.diner, "notice_queue_call")
    assert await house.left(QUEUE_CALL) == 0
    await house.goes_home()
    assert "允许一次" not in await house.says("取号，2个人")


async def test_who_has_allowed_it_is_not_asked_again(house: House) -> None:
    await house.answers(await house.says("取号，2个人"), "accept")
    await house.goes_home()
    assert "允许一次" not in await house.says("取号，2个人")
    assert await house.left(QUEUE_CALL) == 1


async def test_a_takeaway_paid_after_a_tap_is_told_ready_by_the_notice_that_was_allowed(house: House) -> None:
    await house.says("外带一份牛肉面")
    await house.says("下单")
    await house.says("确认")
    house.clock.advance(hours=47, minutes=45)  # the window of the talk ends before the noodles are cooked
    payment = await house.database.read(
        lambda s: s.execute(select(Payment).where(Payment.state == PaymentState.PENDING)).scalar_one_or_none()
    )
    assert payment is not None
    now = house.clock.now()
    await house.database.transaction(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no="x", now=now)
    await house.works()
    paid = house.diner.chat[-1].words
    assert "想在餐做好时收到通知？" in paid
    await house.answers(paid, "accept")

    house.clock.advance(minutes=30)
    order = await house.database.read(find_latest_order, await house.id(), None)
    for state in (OrderState.ACCEPTED, OrderState.READY):
        await house.database.transaction(move_order, order.id, state, now=house.clock.now())
    await house.works()
    assert (await house.outcomes(ORDER_READY)) == [("sent", "notice", None)]
    assert await house.left(ORDER_READY) == 0


async def test_an_invoice_takes_days_and_its_notice_is_asked_for(house: House) -> None:
    asked = await _asks_for_an_invoice(house)
    assert "想在发票开好时收到通知？" in asked
    await house.answers(asked, "accept")
    assert await house.left(INVOICE_ISSUED) == 1


async def _asks_for_an_invoice(house: House) -> str:
    await house.says("外带一份牛肉面")
    await house.says("下单")
    await house.says("确认")
    payment = await house.database.read(lambda s: s.execute(select(Payment).where(Payment.state == PaymentState.PENDING)).scalar_one())
    now = house.clock.now()
    await house.database.transaction(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no="x", now=now)
    await house.works()
    await house.says("开发票")
    await house.says("个人")
    return await house.says("确认开票")
