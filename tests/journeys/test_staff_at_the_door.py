"""What staff do at the door is on record, and two of them never call two parties for one table."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.bookings.finding import Wish
from domain.bookings.service import book
from domain.bookings.strikes import strike
from domain.shop.snapshot import load_snapshot
from domain.staff.binding import make_code
from domain.staff.models import StaffAct
from domain.staff.roster import add_staff
from domain.staff.rules import Role
from domain.waitlist.models import QueueTicket
from domain.waitlist.rules import TicketState
from domain.waitlist.service import take_number
from tests.journeys.restaurant import Diner, Restaurant

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def waiter(restaurant: Restaurant, name: str) -> Diner:
    now, phone = restaurant.clock.now(), restaurant.diner(name)
    staff_id = await restaurant.database.transaction(add_staff, name, Role.WAITER, ["chunxi"], now=now)
    await phone.says(f"绑定 {await restaurant.database.transaction(make_code, restaurant.vault.digest, staff_id, now=now)}")
    return phone


async def on_paper(restaurant: Restaurant, parties: int) -> None:
    now = restaurant.clock.now()
    for _ in range(parties):
        await restaurant.database.transaction(lambda s: take_number(s, load_snapshot(s), "chunxi", None, 2, by="host", now=now))


async def test_every_act_at_the_door_is_on_record(restaurant: Restaurant) -> None:
    phone = await waiter(restaurant, "小李")
    await on_paper(restaurant, 2)

    for words in ("叫号 A01", "再叫一下 A001", "A001过号", "叫号 A01", "A002入座", "A002过号"):
        await phone.says(words)

    records = select(StaffAct.subject).where(StaffAct.act == "door", StaffAct.store_id == "chunxi").order_by(StaffAct.id)
    done = await restaurant.database.read(lambda session: session.execute(records).scalars().all())
    assert [subject.partition(" ")[2] for subject in done] == ["called A01", "again", "missed", "called A01", "seated"]


async def test_two_who_call_for_one_table_at_once_call_one_party(restaurant: Restaurant) -> None:
    one, other = await waiter(restaurant, "小李"), await waiter(restaurant, "小张")
    await on_paper(restaurant, 2)

    await asyncio.gather(one.says("叫号 A01"), other.says("叫号 A01"))

    called = select(func.count()).where(QueueTicket.state == TicketState.CALLED.value)
    assert await restaurant.database.read(lambda session: session.execute(called).scalar_one()) == 1
    assert sorted(("叫了A001号" in one.heard, "叫了A001号" in other.heard)) == [False, True]


async def test_of_two_who_answer_a_booking_at_once_one_wins_and_the_other_is_told_what_stands(restaurant: Restaurant) -> None:
    one, other, guest = await waiter(restaurant, "小李"), await waiter(restaurant, "小张"), restaurant.diner("甲")
    await guest.says("你好")
    guest_id, now = await guest.id(), restaurant.clock.now()

    def ask(session: Session) -> str:
        shop = load_snapshot(session)
        for number in range(5):
            wish = Wish(now + timedelta(days=1 + number), 2)
            booked = book(session, shop, "chunxi", None if number < 4 else guest_id, wish, key=f"b{number}", now=now)
            if number < 4:
                strike(session, booked.id, guest_id, now=now)
        return booked.number

    number = await restaurant.database.transaction(ask)

    await asyncio.gather(one.says(f"{number} 同意"), other.says(f"{number} 不行"))

    won, lost = sorted((one, other), key=lambda staff: "现在是" in staff.heard)
    approved = "同意了" in won.heard
    assert approved or "回绝了" in won.heard
    lost.hears(f"现在是“{'已订好' if approved else '已取消'}”", "不用再回复了")
    records = select(StaffAct.subject).where(StaffAct.act == "door")
    done = await restaurant.database.read(lambda session: session.execute(records).scalars().all())
    assert [subject.partition(" ")[2] for subject in done] == ["approved" if approved else "declined"]
