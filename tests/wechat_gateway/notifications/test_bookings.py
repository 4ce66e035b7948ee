"""What is told of bookings: reminders by day, with one-tap answers, once; and what became of a booking without its diner."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Reply, ReplyKind
from bot.responses import NLU_DATA, Responses
from domain.bookings.choosing import choose_tables
from domain.bookings.deposits import ask_deposit, deposit_paid
from domain.bookings.finding import Wish
from domain.bookings.lifecycle import acknowledge_booking, cancel_booking
from domain.bookings.listing import Booked, get_booking
from domain.bookings.requests import answer_request
from domain.bookings.rules import BookingState
from domain.bookings.service import book, change_booking
from domain.bookings.strikes import strike, strikes_of, take_back_strike
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.payments.service import confirm_payment
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.staff.binding import bind, make_code
from domain.staff.models import TaskKind
from domain.staff.roster import add_staff
from domain.staff.rules import Role
from domain.staff.tasks import open_task
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import NOTIFICATIONS, REACTIONS, ROUTES
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.schema import SqliteTemplate

RESPONSES = Responses.load(NLU_DATA / "responses")
SHOP = {
    "brand": {"name": "小馆", "timezone": "Asia/Shanghai"},
    "stores": [
        {
            "id": "one",
            "name": "一店",
            "hours": {"daily": ["08:00-24:00"]},
            "tables": [{"code": "A1", "seats": 4}, {"code": "A2", "seats": 4}, {"code": "V1", "seats": 10}],
            "rooms": [{"name": "梅", "seats": 10, "tables": ["V1"]}],
            "bookings": {"deposit": {"rooms": 200, "amount": 100}},
        }
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
    """A store with one diner who books, and the two consumers that hear of it."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database = database
        self.clock = clock
        self.diner = diner
        self.snapshots = SnapshotCache()
        self._worker = Worker(database, clock, Wakeup(), handlers=handlers(self.snapshots, RESPONSES), effects={})

    async def books(self, at: str, **wish: Any) -> Booked:
        def run(session: Any) -> Booked:
            shop = self.snapshots.get(session)
            wanted = Wish(datetime.fromisoformat(at), **{"people": 4, **wish})
            return book(session, shop, "one", self.diner, wanted, key=f"test:{at}", now=self.clock.now())

        return await self.database.transaction(run)

    async def hears(self, at: str = "") -> list[Message]:
        """Go on to a moment, let everything be heard that is due, and tell what was asked to be sent."""
        if at:
            self.clock.set(datetime.fromisoformat(at))
        while sum([await self._worker.work_once(consumer) for consumer in (REACTIONS, NOTIFICATIONS)]):
            pass
        return await self.database.read(lambda session: list(session.execute(select(Message).order_by(Message.id)).scalars()))


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    clock.set(datetime.fromisoformat("2026-11-17T10:00+08:00"))
    await bring_in(database, read_shop(json.dumps(SHOP, ensure_ascii=False).encode()).document, imported_by="test", now=clock.now())
    return House(database, clock, await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now()))


def _reply(message: Message) -> Reply:
    assert message.content is not None
    return Reply.from_json(message.content["reply"])


async def test_what_was_booked_in_chat_is_not_told_again(house: House) -> None:
    await house.books("2026-11-20T19:00+08:00")
    assert await house.hears() == []


async def test_a_day_and_three_hours_before_the_diner_is_reminded_once_each(house: House) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")

    [day] = await house.hears("2026-11-19T19:00+08:00")
    assert day.purpose == "booking"
    assert day.expires_at <= booked.starts_at
    assert "11月20日周五 19:00" in _reply(day).text
    assert len(await house.hears("2026-11-20T15:59+08:00")) == 1

    [_, hours] = await house.hears("2026-11-20T16:00+08:00")
    assert "桌子留到19:15" in _reply(hours).text
    assert len(await house.hears("2026-11-20T18:59+08:00")) == 2


async def test_a_tap_on_a_reminder_says_its_words_and_takes_no_open_choice(house: House) -> None:
    await house.books("2026-11-20T19:00+08:00")
    [reminder] = await house.hears("2026-11-19T19:00+08:00")

    reply = _reply(reminder)

    assert reply.kind is ReplyKind.CHOICES
    assert [choice.label for choice in reply.choices] == ["确认到店", "改时间", "取消预订"]
    assert not any("." in choice.id for choice in reply.choices)
    assert reminder.content is not None
    assert reminder.content["template"]["fields"] == {
        "store": "一店",
        "time": "2026-11-20 19:00",
        "people": "4",
        "note": "回复“确认到店”或“取消预订”",
    }


async def test_a_reminder_that_falls_into_the_night_leaves_in_the_morning(house: House) -> None:
    await house.books("2026-11-20T22:30+08:00")
    [day] = await house.hears("2026-11-19T22:30+08:00")
    assert day.leaves_at == datetime.fromisoformat("2026-11-20T09:00+08:00")


async def test_who_comes_before_nine_is_not_reminded_at_nine(house: House) -> None:
    await house.books("2026-11-20T08:30+08:00")
    [day] = await house.hears("2026-11-19T08:30+08:00")
    assert day.leaves_at == datetime.fromisoformat("2026-11-19T09:00+08:00")
    [_, hours] = await house.hears("2026-11-20T05:30+08:00")
    assert hours.expires_at <= datetime.fromisoformat("2026-11-20T09:00+08:00")  # the night outlasts it: it is listed and never leaves


async def test_after_an_outage_a_late_reminder_is_dropped_and_the_next_is_told(house: House) -> None:
    await house.books("2026-11-20T19:00+08:00")
    [day] = await house.hears("2026-11-19T22:00+08:00")
    assert day.expires_at <= datetime.fromisoformat("2026-11-19T22:00+08:00")  # listed, and never sent
    [_, hours] = await house.hears("2026-11-20T16:05+08:00")
    assert hours.expires_at > house.clock.now()


async def test_a_booking_that_moved_is_reminded_at_its_new_time_alone(house: House) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")

    def move(session: Any) -> Booked:
        wish = replace(booked.wish, starts_at=booked.starts_at + timedelta(days=1))
        shop = house.snapshots.get(session)
        return change_booking(session, shop, booked.id, wish, version=booked.version, diner_id=house.diner, now=house.clock.now())

    await house.database.transaction(move)

    assert await house.hears("2026-11-19T19:00+08:00") == []
    [day] = await house.hears("2026-11-20T19:00+08:00")
    assert "11月21日周六 19:00" in _reply(day).text


async def test_who_has_said_that_they_come_is_still_told_on_the_day(house: House) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")
    await house.hears("2026-11-19T19:00+08:00")
    await house.database.transaction(acknowledge_booking, booked.id, diner_id=house.diner, now=house.clock.now())
    assert len(await house.hears("2026-11-20T16:00+08:00")) == 2


async def test_a_deposit_that_comes_in_makes_the_booking_stand_and_says_so(house: House) -> None:
    booked = await house.books("2026-11-20T19:00+08:00", room=True)
    assert booked.state is BookingState.HELD
    assert await house.hears() == []

    def pay(session: Any) -> bool:
        payment = ask_deposit(session, booked.id, diner_id=house.diner, now=house.clock.now())
        return confirm_payment(session, payment.id, fen=payment.fen, method="simulated", external_no="x", now=house.clock.now())

    await house.database.transaction(pay)
    [told] = await house.hears()

    assert "订好了" in _reply(told).text
    assert (await house.database.read(get_booking, booked.id)).state is BookingState.CONFIRMED
    assert len(await house.hears("2026-11-17T13:00+08:00")) == 1  # neither its hold nor its bill lapses any more


@pytest.mark.parametrize("paid", [True, False])
async def test_nobody_hears_that_a_booking_stands_or_waits_that_they_have_cancelled_meanwhile(house: House, paid: bool) -> None:
    booked = await house.books("2026-11-20T19:00+08:00", room=True)

    async def does(act: Any, *args: Any, **more: Any) -> Any:
        return await house.database.transaction(act, *args, **more, now=house.clock.now())

    if paid:
        bill = await does(ask_deposit, booked.id, diner_id=house.diner)
        await does(confirm_payment, bill.id, fen=bill.fen, method="simulated", external_no="s1")
        await does(deposit_paid, booked.id)
    else:
        await does(open_task, TaskKind.BOOKING, booked.id, "?", key="k", due_at=house.clock.now())
    await does(cancel_booking, booked.id, diner_id=house.diner)

    assert await house.hears() == []


async def test_without_its_deposit_the_table_is_free_again_and_the_diner_hears_it(house: House) -> None:
    booked = await house.books("2026-11-20T19:00+08:00", room=True)
    [told] = await house.hears("2026-11-17T10:16+08:00")
    assert "没等到订金" in _reply(told).text
    assert (await house.database.read(get_booking, booked.id)).state is BookingState.EXPIRED


@pytest.mark.parametrize(("by_diner", "told"), [(True, 0), (False, 1)])
async def test_what_the_staff_cancel_is_told_and_what_the_diner_cancels_is_known(house: House, by_diner: bool, told: int) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")
    diner = house.diner if by_diner else None
    await house.database.transaction(cancel_booking, booked.id, diner_id=diner, now=house.clock.now())
    assert len(await house.hears()) == told


async def _four_times_missing(house: House) -> None:
    def miss(session: Any) -> None:
        shop, now = house.snapshots.get(session), house.clock.now()
        for day in range(4):
            wish = Wish(datetime.fromisoformat(f"2026-11-2{day + 1}T12:00+08:00"), 2)
            missed = book(session, shop, "one", None, wish, key=f"missed:{day}", now=now)
            strike(session, missed.id, house.diner, now=now)
            cancel_booking(session, missed.id, diner_id=None, now=now)

    await house.database.transaction(miss)


async def _staff(house: House, name: str, role: Role) -> str:
    """Somebody of the store whose phone is bound. Returns: the diner that the phone is."""
    now, vault = house.clock.now(), Vault(b"s" * 32)

    def hire(session: Any) -> str:
        diner = meet_diner(session, vault, name, now=now)
        staff_id = add_staff(session, name, role, ["one"], now=now)
        bind(session, vault.digest, diner, make_code(session, vault.digest, staff_id, now=now), now=now)
        return diner

    return await house.database.transaction(hire)


async def _answer(house: House, booked: Booked, yes: bool, reason: str = "") -> None:
    def run(session: Any) -> Booked:
        shop = house.snapshots.get(session)
        return answer_request(session, shop, booked.id, yes, by="staff-1", reason=reason, now=house.clock.now())

    await house.database.transaction(run)


async def test_those_in_charge_are_asked_for_a_yes_with_two_taps(house: House) -> None:
    await _four_times_missing(house)
    manager, _ = await _staff(house, "老王", Role.MANAGER), await _staff(house, "小李", Role.WAITER)
    booked = await house.books("2026-11-20T19:00+08:00", name="陈女士")

    [asked] = await house.hears()

    assert (asked.diner_id, asked.purpose, asked.expires_at) == (manager, "service", booked.hold_until)
    assert "B001（陈女士）：11月20日周五 19:00，4人，A1" in _reply(asked).text
    assert "一年内4次" in _reply(asked).text
    assert "12:00前" in _reply(asked).text
    assert [choice.label for choice in _reply(asked).choices] == ["B001 同意", "B001 不行"]
    assert not any("." in choice.id for choice in _reply(asked).choices)


async def test_where_nobody_in_charge_has_a_phone_who_keeps_the_door_is_asked(house: House) -> None:
    await _four_times_missing(house)
    waiter, _ = await _staff(house, "小李", Role.WAITER), await _staff(house, "老张", Role.COOK)
    await house.books("2026-11-20T19:00+08:00")

    assert [message.diner_id for message in await house.hears()] == [waiter]


@pytest.mark.parametrize(
    ("yes", "reason", "words"),
    [(True, "", "订好了"), (False, "", "接不下您的预订B001（4人）。换个时间"), (False, "今天包场。", "门店说：今天包场。换个时间")],
)
async def test_the_answer_is_told_to_the_diner_and_nobody_is_asked_any_more(house: House, yes: bool, reason: str, words: str) -> None:
    await _four_times_missing(house)
    await _staff(house, "老王", Role.MANAGER)
    booked = await house.books("2026-11-20T19:00+08:00")
    await _answer(house, booked, yes, reason)

    [told] = await house.hears()  # it was answered before anybody was asked

    assert told.diner_id == house.diner
    assert words in _reply(told).text


async def test_unanswered_is_yes_and_the_diner_hears_it_even_when_a_strike_has_gone_meanwhile(house: House) -> None:
    await _four_times_missing(house)
    booked = await house.books("2026-11-20T19:00+08:00")
    assert await house.hears() == []
    strikes = await house.database.read(strikes_of, house.diner, now=house.clock.now())
    await house.database.transaction(take_back_strike, strikes[0].booking_id)

    [told] = await house.hears("2026-11-17T12:00+08:00")

    assert "订好了" in _reply(told).text
    assert (await house.database.read(get_booking, booked.id)).state is BookingState.CONFIRMED


@pytest.mark.parametrize(
    ("by_staff", "change", "words"),
    [
        (True, {"starts_at": datetime.fromisoformat("2026-11-20T20:00+08:00")}, "11月20日周五 20:00"),
        (True, {"people": 3}, "3人"),
        (False, {"people": 3}, ""),
        (True, {"notes": "靠近门口"}, ""),
    ],
)
async def test_what_the_house_changes_is_told_and_what_the_diner_changes_is_known(
    house: House, by_staff: bool, change: dict[str, Any], words: str
) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")

    def run(session: Any) -> Booked:
        shop, diner = house.snapshots.get(session), None if by_staff else house.diner
        wish = replace(booked.wish, **change)
        return change_booking(session, shop, booked.id, wish, version=booked.version, diner_id=diner, now=house.clock.now())

    await house.database.transaction(run)

    assert [words in _reply(told).text for told in await house.hears()] == [True] * bool(words)


@pytest.mark.parametrize(("table", "words"), [("A2", ""), ("V1", "包间“梅”")])
async def test_another_table_is_the_houses_own_business_and_a_room_is_told(house: House, table: str, words: str) -> None:
    booked = await house.books("2026-11-20T19:00+08:00")

    def run(session: Any) -> Booked:
        shop = house.snapshots.get(session)
        return choose_tables(session, shop, booked.id, [table], by="staff-1", version=booked.version, now=house.clock.now())

    await house.database.transaction(run)

    assert [words in _reply(told).text for told in await house.hears()] == [True] * bool(words)
