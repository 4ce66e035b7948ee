"""What diners are told, why, when it may leave, and by which ways."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.responses import NLU_DATA, Responses
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messaging.models import Delivery, OutboxEvent
from domain.messaging.worker import Handler
from domain.payments.models import Refund
from domain.payments.refunds import ask_again, depart_refund, refund_done, refund_failed, refund_unclear, request_refund
from domain.payments.rules import UNCLEAR_TRIES
from domain.payments.service import confirm_payment, request_payment
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import NOTIFICATIONS, ROUTES
from haowei.shop_files import bring_in
from tests.clock import SettableClock

RESPONSES = Responses.load(NLU_DATA / "responses")
INVOICE = {
    "invoice_id": "I1",
    "order_id": "O1",
    "store_id": "one",
    "number": "0087",
    "fen": 9400,
    "link": "https://inv-veri.chinatax.gov.cn/1",
}
REMINDERS: Mapping[str, Mapping[str, Any]] = {
    "coupon_expiring": {"coupon_id": "C1", "coupon": "20元券", "good_until": "2026-11-25"},
    "points_expiring": {"points": 12, "expires_on": "2026-12-22"},
    "level_changed": {"old": "普通", "new": "白银", "rose": True, "day": "2026-11-21"},
    "birthday_dessert_given": {"grant_id": "G1", "dish": "蛋糕", "good_until": "2026-12-06"},
}
"""Events that remind, without whom."""


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


class Told:
    """What a diner is told after an event, each handled in a transaction as the worker does."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database = database
        self.clock = clock
        self.diner = diner
        self._heard: Mapping[str, Handler] = handlers(SnapshotCache(), RESPONSES)[NOTIFICATIONS]

    async def after(self, event: str, fields: Mapping[str, Any], *, event_id: str = "E1") -> list[dict[str, Any]]:
        """Hear an event about the diner. Returns: every message that was asked for so far."""
        payload = {"diner_id": self.diner} | dict(fields)
        await self.database.transaction(self._heard[event], payload, event_id=event_id, now=self.clock.now())
        return await self.messages()

    async def after_all(self, event: str) -> list[dict[str, Any]]:
        """Hear every event of a name that happened."""
        happened = select(OutboxEvent.id, OutboxEvent.payload).where(OutboxEvent.name == event).order_by(OutboxEvent.id)
        for event_id, payload in await self.database.read(lambda session: session.execute(happened).all()):
            await self.after(event, payload, event_id=event_id)
        return await self.messages()

    async def messages(self) -> list[dict[str, Any]]:
        return await self.database.read(_messages)


def _messages(session: Session) -> list[dict[str, Any]]:
    leaving = select(OutboxEvent.payload, Delivery.due_at).join(Delivery, Delivery.event_id == OutboxEvent.id)
    due = {payload["message_id"]: at for payload, at in session.execute(leaving.where(OutboxEvent.name == "message_requested"))}
    return [
        {"diner": message.diner_id, "purpose": message.purpose, "due_at": due[message.id], "content": message.content}
        for message in session.execute(select(Message).order_by(Message.id)).scalars()
    ]


@pytest.fixture
async def told(database: Database, clock: SettableClock) -> Told:
    await _open(database, clock, "Asia/Shanghai")
    return Told(database, clock, await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now()))


async def _open(database: Database, clock: SettableClock, zone: str) -> None:
    shop = {"brand": {"name": "小馆", "timezone": zone}, "stores": [{"id": "one", "name": "一店", "hours": {"daily": ["10:00-22:00"]}}]}
    document = read_shop(json.dumps(shop, ensure_ascii=False).encode()).document
    await bring_in(database, document, imported_by="test", now=clock.now())


@pytest.mark.parametrize("event", REMINDERS)
async def test_reminders_are_marked_as_such_wait_for_the_day_and_are_never_sent_by_template(told: Told, event: str) -> None:
    told.clock.set(datetime.fromisoformat("2026-11-22T04:00+08:00"))

    [message] = await told.after(event, REMINDERS[event])

    assert (message["diner"], message["purpose"]) == (told.diner, "reminder")
    assert message["due_at"] == datetime.fromisoformat("2026-11-22T09:00+08:00")
    assert message["content"].keys() == {"reply"}


@pytest.mark.parametrize("event", REMINDERS)
async def test_an_event_that_is_heard_twice_is_told_once(told: Told, event: str) -> None:
    first = await told.after(event, REMINDERS[event])
    assert await told.after(event, REMINDERS[event]) == first


@pytest.mark.parametrize(
    ("zone", "now", "leaves"),
    [
        ("Asia/Shanghai", "2026-11-21T21:29:59+08:00", "2026-11-21T21:29:59+08:00"),
        ("Asia/Shanghai", "2026-11-21T21:30+08:00", "2026-11-22T09:00+08:00"),
        ("Asia/Shanghai", "2026-11-22T08:59+08:00", "2026-11-22T09:00+08:00"),
        ("Asia/Shanghai", "2026-11-22T09:00+08:00", "2026-11-22T09:00+08:00"),
        ("Asia/Kathmandu", "2026-11-22T00:10+05:45", "2026-11-22T09:00+05:45"),
        ("Europe/Berlin", "2026-03-28T22:00+01:00", "2026-03-29T09:00+02:00"),  # an hour shorter than other nights
        ("Europe/Berlin", "2026-10-25T02:30+01:00", "2026-10-25T09:00+01:00"),  # the second half past two of that night
        ("America/New_York", "2026-10-31T23:00-04:00", "2026-11-01T09:00-05:00"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_day_is_the_brands_also_when_its_clocks_change(told: Told, zone: str, now: str, leaves: str) -> None:
    await _open(told.database, told.clock, zone)
    told.clock.set(datetime.fromisoformat(now))

    [message] = await told.after("points_expiring", REMINDERS["points_expiring"])

    assert message["due_at"] == datetime.fromisoformat(leaves)


async def test_an_invoice_is_told_with_its_link_by_template_too(told: Told) -> None:
    [message] = await told.after("invoice_issued", INVOICE)

    assert message["content"]["reply"]["text"] == "单号 0087 的发票开好了（94.00元），点这里查看和下载：https://inv-veri.chinatax.gov.cn/1"
    template = message["content"]["template"]
    assert template["fields"] == {"number": "0087", "amount": "94.00元", "time": "2026-11-21 18:30"}
    assert (template["kind"], template["url"], message["due_at"]) == ("invoice_issued", INVOICE["link"], told.clock.now())


async def test_an_invoice_written_by_night_is_told_in_the_morning_and_a_second_one_again(told: Told) -> None:
    told.clock.set(datetime.fromisoformat("2026-11-21T22:30+08:00"))

    await told.after("invoice_issued", INVOICE)
    await told.after("invoice_issued", INVOICE)
    messages = await told.after("invoice_issued", INVOICE | {"link": "https://inv-veri.chinatax.gov.cn/2"}, event_id="E2")

    assert [message["due_at"] for message in messages] == [datetime.fromisoformat("2026-11-22T09:00+08:00")] * 2


@pytest.fixture
async def refund(told: Told) -> Refund:
    """30 yuan are to be given back of a payment."""

    def ask(session: Session) -> Refund:
        now = told.clock.now()
        payment = request_payment(session, "order", "O1", told.diner, Fen(9400), now=now)
        confirm_payment(session, payment.id, fen=9400, method="simulated", external_no="x1", now=now)
        return request_refund(session, payment.id, Fen(3000), reason="dish_returned", key="k1", now=now)

    return await told.database.transaction(ask)


async def sends(told: Told, refund: Refund, ended: Any, **how: Any) -> list[dict[str, Any]]:
    """The provider is asked, and answers so; all that is heard is heard."""

    def send(session: Session) -> None:
        assert depart_refund(session, refund.id) is not None
        ended(session, refund.id, now=told.clock.now(), **how)

    await told.database.transaction(send)
    return await told.after_all("refund_settled")


async def test_a_refund_that_goes_through_at_once_was_told_with_its_order(told: Told, refund: Refund) -> None:
    assert await sends(told, refund, refund_done, external_no="r1") == []


async def test_a_refund_that_fails_is_for_staff_and_told_when_it_came_after_all(told: Told, refund: Refund) -> None:
    assert await sends(told, refund, refund_failed, fault="NOTENOUGH") == []

    told.clock.set(datetime.fromisoformat("2026-11-21T23:00+08:00"))
    await told.database.transaction(ask_again, refund.id, by="staff-1", now=told.clock.now())
    [message] = await sends(told, refund, refund_done, external_no="r1")

    assert message["content"]["reply"]["text"] == "让您久等了，之前没退成的30.00元已经退给您了，不好意思耽误了一会儿。"
    assert (message["diner"], message["purpose"], message["due_at"]) == (told.diner, "payment", told.clock.now())  # money never waits
    assert len(await told.after_all("refund_settled")) == 1


async def test_money_that_staff_handed_over_is_told_too(told: Told, refund: Refund) -> None:
    await sends(told, refund, refund_failed, fault="by_hand:cash")
    await told.database.transaction(refund_done, refund.id, external_no="slip-1", now=told.clock.now())
    assert len(await told.after_all("refund_settled")) == 1


async def test_a_refund_that_nobody_knew_of_for_long_is_told_when_it_came(told: Told, refund: Refund) -> None:
    for _ in range(UNCLEAR_TRIES):
        assert await sends(told, refund, refund_unclear, fault="no_answer") == []
    assert len(await sends(told, refund, refund_done, external_no="r1")) == 1
