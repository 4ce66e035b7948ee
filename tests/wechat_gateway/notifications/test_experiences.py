"""What is told of experiences: offers with two taps, reminders by day, money that goes back; each once."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Reply, ReplyKind
from bot.responses import NLU_DATA, Responses
from domain.experiences.calling_off import call_off
from domain.experiences.lifecycle import Side, cancel_experience, experience_paid
from domain.experiences.listing import ExperienceBooking, WaitingPlace, get_booking, get_waiting
from domain.experiences.paying import ask_payment
from domain.experiences.proof import prove_experiences
from domain.experiences.rules import ExperienceState, WaitingState
from domain.experiences.service import book_experience
from domain.experiences.waiting import join_waiting
from domain.experiences.wishes import ExperienceWish
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.payments.service import confirm_payment
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import NOTIFICATIONS, PRINTING, REACTIONS, ROUTES
from haowei.shop_files import bring_in
from printing.jobs.models import PrintJob
from tests.clock import SettableClock
from tests.schema import SqliteTemplate

RESPONSES = Responses.load(NLU_DATA / "responses")
SHOP = {
    "brand": {"name": "小馆", "timezone": "Asia/Shanghai"},
    "stores": [
        {
            "id": "one",
            "name": "一店",
            "address": "好味里8号",
            "printers": [{"id": "front", "connection": "file:front.bin", "roles": ["service"]}],
        }
    ],
    "experiences": [
        {
            "id": "dough",
            "name": "非遗面点手作",
            "on": "every saturday",
            "times": ["14:00"],
            "places": 4,
            "price": {"adult": 30},
            "minimum": 2,
            "notes": "请带围裙",
        },
        {"id": "tea", "name": "盖碗茶品鉴", "on": "every day", "times": ["10:00"], "places": 2},
    ],
}


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


class House:
    """A store with two diners, and the consumers that hear of what they book."""

    def __init__(self, database: Database, clock: SettableClock, diners: list[str]) -> None:
        self.database = database
        self.clock = clock
        self.wang, self.li = diners
        self.snapshots = SnapshotCache()
        self._worker = Worker(database, clock, Wakeup(), handlers=handlers(self.snapshots, RESPONSES), effects={})

    async def do(self, act: Any, *args: Any, shop: bool = True, **kwargs: Any) -> Any:
        def run(session: Any) -> Any:
            return act(session, *((self.snapshots.get(session),) if shop else ()), *args, **kwargs, now=self.clock.now())

        return await self.database.transaction(run)

    async def books(self, what: str, at: str, who: str, adults: int = 2) -> ExperienceBooking:
        wish = ExperienceWish(what, "one", datetime.fromisoformat(at), adults)
        return await self.do(book_experience, wish, diner_id=who, key=f"{what} {at} {who}")

    async def waits(self, what: str, at: str, who: str, adults: int = 2) -> WaitingPlace:
        wish = ExperienceWish(what, "one", datetime.fromisoformat(at), adults)
        return await self.do(join_waiting, wish, diner_id=who, key=f"{what} {at} {who}")

    async def pays(self, booked: ExperienceBooking) -> None:
        payment = await self.do(ask_payment, booked.id, shop=False, diner_id=booked.diner_id)
        await self.do(confirm_payment, payment.id, shop=False, fen=payment.fen, method="simulated", external_no=f"sim-{payment.id}")

    async def hears(self, at: str = "") -> list[Message]:
        """Go on to a moment, let everything be heard that is due, and tell what was asked to be sent."""
        if at:
            self.clock.set(datetime.fromisoformat(at))
        while sum([await self._worker.work_once(consumer) for consumer in (REACTIONS, NOTIFICATIONS, PRINTING)]):
            pass
        assert await self.database.read(prove_experiences) == []
        return await self.database.read(lambda session: list(session.execute(select(Message).order_by(Message.id)).scalars()))

    async def papers(self) -> int:
        return len(await self.database.read(lambda session: session.execute(select(PrintJob.id)).all()))


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    clock.set(datetime.fromisoformat("2026-11-17T10:00+08:00"))
    await bring_in(database, read_shop(json.dumps(SHOP, ensure_ascii=False).encode()).document, imported_by="test", now=clock.now())
    diners = [await database.transaction(meet_diner, Vault(b"s" * 32), openid, now=clock.now()) for openid in ("o1", "o2")]
    return House(database, clock, diners)


def _reply(message: Message) -> Reply:
    assert message.content is not None
    return Reply.from_json(message.content["reply"])


TEA, DOUGH = "2026-11-20T10:00+08:00", "2026-11-21T14:00+08:00"


async def test_what_was_paid_is_told_once_and_what_costs_nothing_was_told_in_the_talk(house: House) -> None:
    await house.books("tea", TEA, house.li)
    await house.pays(await house.books("dough", DOUGH, house.wang))

    [told] = await house.hears()
    assert told.diner_id == house.wang
    assert _reply(told).text == "报好了！报名号E001：非遗面点手作，一店 11月21日周六 14:00，2人。到店报号就行。\n请带围裙"


async def test_nobody_hears_that_places_stand_that_they_have_given_up_meanwhile(house: House) -> None:
    booked = await house.books("dough", DOUGH, house.wang)
    await house.pays(booked)
    await house.do(experience_paid, booked.id)
    await house.do(cancel_experience, booked.id, diner_id=house.wang, by=Side.DINER)

    assert await house.hears() == []


async def test_unpaid_after_a_quarter_the_places_are_gone_and_the_diner_hears_it(house: House) -> None:
    booked = await house.books("dough", DOUGH, house.wang)
    [told] = await house.hears("2026-11-17T10:15+08:00")
    assert "没等到付款" in _reply(told).text
    assert (await house.database.read(get_booking, booked.id)).state is ExperienceState.EXPIRED


async def test_an_offer_can_be_taken_with_a_tap_until_it_lapses_by_itself(house: House) -> None:
    booked = await house.books("tea", TEA, house.wang)
    place = await house.waits("tea", TEA, house.li)
    await house.do(cancel_experience, booked.id, diner_id=house.wang, by=Side.DINER)

    [offer] = await house.hears()
    reply = _reply(offer)
    assert (offer.diner_id, offer.purpose, reply.kind) == (house.li, "service", ReplyKind.CHOICES)
    assert reply.text == "好消息，一店11月20日周五 10:00的盖碗茶品鉴有位了：2人。位子替您留到11:00，要吗？"
    assert [(choice.id, choice.label) for choice in reply.choices] == [("say-1", "要候补位"), ("say-2", "不要候补位")]
    assert offer.content is not None
    assert offer.content["template"]["fields"]["time"] == "2026-11-20 10:00"

    assert len(await house.hears("2026-11-17T10:59+08:00")) == 1
    [_, over] = await house.hears("2026-11-17T11:00+08:00")
    assert "没等到您的回复" in _reply(over).text
    assert (await house.database.read(get_waiting, place.id)).state is WaitingState.LAPSED


async def test_an_offer_of_the_night_is_told_in_the_morning_and_stands_an_hour_from_then(house: House) -> None:
    booked = await house.books("tea", TEA, house.wang)
    await house.waits("tea", TEA, house.li)
    house.clock.set(datetime.fromisoformat("2026-11-17T23:30+08:00"))
    await house.do(cancel_experience, booked.id, diner_id=house.wang, by=Side.DINER)

    [offer] = await house.hears()
    assert offer.leaves_at == datetime.fromisoformat("2026-11-18T09:00+08:00")
    assert "留到10:00" in _reply(offer).text


async def test_too_few_and_it_is_called_off_a_day_before_with_the_money_back(house: House) -> None:
    alone = await house.books("dough", DOUGH, house.wang, 1)
    await house.pays(alone)
    await house.hears()
    told = await house.hears("2026-11-20T14:00+08:00")
    text = _reply(told[-1]).text
    assert "报名人数不够" in text
    assert "30.00元原路退回" in text
    assert sum("办不成" in _reply(message).text for message in told) == 1


async def test_called_off_by_staff_guests_and_who_waits_are_told(house: House) -> None:
    booked = await house.books("tea", TEA, house.wang)
    await house.waits("tea", TEA, house.li)
    await house.do(call_off, booked.session_id, shop=False, by="staff-1")
    told = {message.diner_id: _reply(message).text for message in await house.hears()}
    assert "门店有变动" in told[house.wang]
    assert "您候补的" in told[house.li]


async def test_a_day_and_three_hours_before_the_diner_is_reminded_once_each_by_day(house: House) -> None:
    booked = await house.books("dough", DOUGH, house.wang)
    await house.pays(booked)
    await house.hears()
    [_, day] = await house.hears("2026-11-20T14:00+08:00")
    assert (day.purpose, "来不了请提前说一声" in _reply(day).text) == ("booking", True)
    [*_, hours] = await house.hears("2026-11-21T11:00+08:00")
    assert "好味里8号" in _reply(hours).text
    assert len(await house.hears("2026-11-21T13:50+08:00")) == 3


async def test_who_waited_in_vain_is_told_when_booking_closes(house: House) -> None:
    await house.books("tea", TEA, house.wang)
    await house.waits("tea", TEA, house.li)
    told = [message for message in await house.hears("2026-11-20T09:30+08:00") if message.diner_id == house.li]
    assert ["报名截止" in _reply(message).text for message in told] == [True]


async def test_the_list_of_guests_is_printed_an_hour_before_and_when_somebody_comes_after(house: House) -> None:
    await house.books("dough", DOUGH, house.wang)
    await house.hears("2026-11-17T10:14+08:00")
    await house.pays(await house.books("dough", DOUGH, house.wang))
    await house.hears("2026-11-21T12:59+08:00")
    assert await house.papers() == 0
    await house.hears("2026-11-21T13:00+08:00")
    assert await house.papers() == 1
    await house.pays(await house.books("dough", DOUGH, house.li))
    await house.hears()
    assert await house.papers() == 3, "with its places kept, and paid"
