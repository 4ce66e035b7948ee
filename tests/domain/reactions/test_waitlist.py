"""A call that comes later than was told is made good to members, from a budget; and a level may go first, once in ten calls."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.coupons.models import Coupon
from domain.members.merging import Proof, merge
from domain.members.service import join
from domain.reactions.members import bring_level_in_line
from domain.shop.snapshot import ShopSnapshot, load_snapshot
from domain.waitlist.board import board_of
from domain.waitlist.calling import call_next
from domain.waitlist.line import Ticket
from domain.waitlist.rules import CALLS_PER_JUMP
from domain.waitlist.seating import release_table, seat
from domain.waitlist.service import take_number
from tests.domain.reactions.house import TODAY, House


async def shop_act(house: House, act: Any, *args: Any, **more: Any) -> Any:
    now = house.clock.now()
    return await house.database.transaction(lambda session: act(session, load_snapshot(session), "one", *args, now=now, **more))


async def called(house: House, diner: str | None, *, minutes: int) -> Ticket:
    """They take a number, are called so much later, sit down and go."""
    standing = await shop_act(house, take_number, diner, 2, by="host")
    house.clock.advance(timedelta(minutes=standing.eta.high + minutes))
    ticket: Ticket = await shop_act(house, call_next, "A1", by="host")
    assert ticket.id == standing.ticket.id
    await shop_act(house, seat, ticket.id, by="host")
    await shop_act(house, release_table, "A1", by="host")
    await house.works()
    return ticket


def reaches_the_level(session: Session, shop: ShopSnapshot, store_id: str, diner: str, *, now: datetime) -> None:
    bring_level_in_line(session, shop, diner, day=TODAY, may_fall=False, now=now)


async def drinks(house: House) -> list[tuple[str, Any]]:
    query = select(Coupon.diner_id, Coupon.good_until).where(Coupon.campaign == "queue_promise").order_by(Coupon.id)
    return await house.database.read(lambda session: [(row[0], row[1]) for row in session.execute(query)])


async def test_a_member_who_was_called_a_quarter_of_an_hour_late_has_a_coupon_and_hears_of_it(house: House) -> None:
    member = await house.member()

    await called(house, member, minutes=16)

    assert await drinks(house) == [(member, TODAY + timedelta(days=13))]
    assert "让您比说好的多等了16分钟" in (await house.told(member))[-1]
    assert "饮品券一张，已经放进卡包，12月4日前有效" in (await house.told(member))[-1]


@pytest.mark.parametrize("minutes", [0, 14])
async def test_a_little_late_is_no_broken_word(house: House, minutes: int) -> None:
    member = await house.member()

    await called(house, member, minutes=minutes)

    assert await drinks(house) == []


async def test_once_a_day_and_as_one_person(house: House) -> None:
    member = await house.member()
    for _ in range(2):
        await called(house, member, minutes=20)
    assert [diner for diner, _ in await drinks(house)] == [member]

    other_phone = await house.member()
    await house.do(merge, other_phone, member, proof=Proof.UNIONID)
    await house.works()
    await called(house, other_phone, minutes=20)
    assert [diner for diner, _ in await drinks(house)] == [other_phone]


async def test_no_budget_left_nothing_is_given_and_nothing_is_said(house: House) -> None:
    members = [await house.member() for _ in range(3)]
    for diner in members:
        await called(house, diner, minutes=20)

    assert [diner for diner, _ in await drinks(house)] == members[:2]
    assert not any("多等了" in words for words in await house.told(members[2]))


async def test_who_is_no_member_has_it_by_joining_on_that_day(house: House) -> None:
    today, tomorrow = await house.diner(), await house.diner()
    for diner in (today, tomorrow):
        await called(house, diner, minutes=20)
        assert "今天回复“会员”加入" in (await house.told(diner))[-1]
    assert await drinks(house) == []

    await house.do(join, today, text_version="2026-11")
    await house.works()
    house.clock.advance(timedelta(days=1))
    await house.do(join, tomorrow, text_version="2026-11")
    await house.works()

    assert [diner for diner, _ in await drinks(house)] == [today]


async def test_who_joins_in_time_has_it_also_when_that_is_heard_the_next_day(house: House) -> None:
    diner = await house.diner()
    await called(house, diner, minutes=20)
    await house.do(join, diner, text_version="2026-11")
    house.clock.advance(timedelta(days=1))  # the worker stood still
    await house.works()

    assert [who for who, _ in await drinks(house)] == [diner]


async def test_who_hears_the_next_day_of_a_late_call_is_not_told_to_join_today(house: House) -> None:
    diner = await house.diner()
    standing = await shop_act(house, take_number, diner, 2, by="host")
    house.clock.advance(timedelta(minutes=standing.eta.high + 20))
    await shop_act(house, call_next, "A1", by="host")
    house.clock.advance(timedelta(days=1))  # the worker stood still
    await house.works()

    worth = [message for message in await house.messages() if "加入" in message["text"] and message["expires_at"] > house.clock.now()]
    assert worth == []


async def test_a_guest_on_paper_is_given_nothing(house: House) -> None:
    await called(house, None, minutes=20)

    assert await drinks(house) == []


async def test_a_level_with_the_benefit_goes_first_once_in_ten_calls_and_the_screen_says_why(house: House) -> None:
    member = await house.member()
    await house.spends(member, 500)
    await shop_act(house, reaches_the_level, member)
    await house.works()
    for _ in range(CALLS_PER_JUMP - 1):
        await called(house, None, minutes=0)
    await shop_act(house, take_number, None, 2, by="host")
    standing = await shop_act(house, take_number, member, 2, by="member")

    ticket = await shop_act(house, call_next, "A1", by="host")

    assert ticket.id == standing.ticket.id
    now = house.clock.now()
    board = await house.database.read(lambda session: board_of(session, load_snapshot(session), "one", now=now))
    assert ([(call.number, call.reason) for call in board.calls], board.jumps) == ([(ticket.number, "priority")], 1)
