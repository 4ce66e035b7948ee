"""What a night does: expire, remind, give desserts, review levels, prove; each once, however it comes about."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.coupons.models import Coupon
from domain.members.levels import update_level
from domain.messaging.housekeeping import schedule_housekeeping
from domain.messaging.worker import Handler
from domain.points.models import PointsAccount
from domain.points.service import balance_of
from domain.reactions import nights
from domain.reactions.proofs import prove
from domain.staff.models import StaffTask, TaskKind
from domain.staff.tasks import list_tasks
from tests.clock import SettableClock
from tests.domain.reactions.house import MORNING, TODAY, House

NINE = datetime(2026, 11, 22, 1, tzinfo=UTC)  # in Shanghai, after the first night
SILVER_SINCE = date(2025, 11, 22)  # spent on this day, what counts for twelve months ends with business day 2026-11-21


def days(number: int) -> timedelta:
    return timedelta(days=number)


async def silver(house: House) -> str:
    """A member whose level ends with today."""
    member = await house.member()
    await house.spends(member, 600, day=SILVER_SINCE)
    await house.database.transaction(
        lambda session: update_level(
            session, member, house.shop(session).brand.levels, day=SILVER_SINCE, floor=None, now=house.clock.now() - days(364)
        )
    )
    await house.works()
    return member


async def test_what_was_good_until_yesterday_ends_and_what_is_good_today_stays(house: House) -> None:
    member = await house.member()
    await house.points(member, 5, last_day=TODAY - days(1))
    await house.points(member, 7, last_day=TODAY)
    over = await house.coupon(member, last_day=TODAY - days(1))
    last = await house.coupon(member, last_day=TODAY)

    await house.night()  # at four, when the house may still be open: the business day ends at five
    assert (await house.database.read(balance_of, member), await house.state(over), await house.state(last)) == (7, "expired", "issued")

    await house.night()
    assert (await house.database.read(balance_of, member), await house.state(last)) == (0, "expired")
    assert await house.database.read(prove) == []


async def test_a_coupon_is_reminded_of_three_days_and_points_thirty_days_before_the_morning(house: House) -> None:
    member = await house.member()
    await house.coupon(member, last_day=MORNING + days(3))
    await house.coupon(member, last_day=MORNING + days(4))
    await house.points(member, 5, last_day=MORNING + days(30))
    await house.points(member, 7, last_day=MORNING + days(31))

    await house.night()

    assert await house.told(member) == [
        "您的「20元券」11月25日到期，想用的话记得来吃顿好的。回复“我的券”可以查看。",
        "您有5积分12月22日到期，买单时会自动抵扣，也可以回复“积分兑换”换点好吃的。",
    ]
    messages = await house.messages()
    assert [(message["purpose"], message["due_at"], message["by_template"]) for message in messages] == [("reminder", NINE, False)] * 2


async def test_each_is_told_once_however_often_the_deliveries_of_the_night_come(house: House) -> None:
    member = await house.member(birthday=(11, 29))
    await house.coupon(member, last_day=MORNING + days(3))
    await house.points(member, 5, last_day=MORNING + days(30))
    await house.night()
    told = await house.told(member)

    await house.deliver_again()
    await asyncio.gather(*(house.do(schedule_housekeeping) for _ in range(3)))
    await house.night(3)

    assert len(told) == 3
    assert await house.told(member) == told
    assert [await house.count(name) for name in ("coupon_expiring", "points_expiring", "birthday_dessert_given")] == [1, 1, 1]


async def test_a_coupon_that_a_refund_gave_another_last_day_is_told_of_again(house: House) -> None:
    member = await house.member()
    coupon = await house.coupon(member, last_day=MORNING + days(3))
    await house.night()

    await house.sql(update(Coupon).where(Coupon.id == coupon).values(good_until=MORNING + days(8)))
    await house.night(6)

    assert [text[8:14] for text in await house.told(member)] == ["11月25日", "11月30日"]


async def test_used_and_held_coupons_are_not_told_of(house: House) -> None:
    member = await house.member()
    for state, mark in (("used", "used_for"), ("held", "held_for")):
        coupon = await house.coupon(member, last_day=MORNING + days(3))
        await house.sql(update(Coupon).where(Coupon.id == coupon).values({"state": state, mark: "O1"}))

    await house.night()

    assert await house.told(member) == []


async def test_nights_that_did_not_come_are_made_up_for(house: House, clock: SettableClock) -> None:
    member = await house.member(birthday=(11, 29))
    for day in (3, 4, 5):
        await house.coupon(member, last_day=MORNING + days(day))
        await house.points(member, day, last_day=MORNING + days(27 + day))

    await house.night_comes()
    clock.advance(days=2)  # nobody was there
    await house.works()

    told = await house.told(member)
    assert len([text for text in told if "20元券" in text]) == 3
    assert len([text for text in told if "积分" in text]) == 3
    assert len([text for text in told if "生日" in text]) == 1
    assert len(told) == 7


async def test_a_night_goes_over_all_members_in_small_pieces(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nights, "PIECE", 2)
    members = [await a_full_member(house) for _ in range(5)]

    await house.night()

    assert await house.count("night_work_due") > 3 * len(members)
    await assert_all_is_done(house, members)


async def test_a_night_that_broke_off_between_pieces_goes_on_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nights, "PIECE", 2)
    members = [await a_full_member(house) for _ in range(5)]
    done: list[str] = []

    def dies_in_the_second_piece(handle: Handler) -> Handler:
        def handler(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
            handle(session, payload, event_id=event_id, now=now)
            if payload["after"]:
                raise RuntimeError("the power is gone")
            done.append(payload["work"])

        return handler

    await house.night_comes()
    await house.works(house.worker(night_work=dies_in_the_second_piece))
    assert sorted(done) == sorted(nights.WORKS)
    assert await house.count("coupon_expiring") == 2  # of five

    house.clock.advance(minutes=1)
    await house.works()

    await assert_all_is_done(house, members)


async def a_full_member(house: House) -> str:
    """Something of every work of the night."""
    member = await house.member(birthday=(11, 29))
    await house.points(member, 5, last_day=TODAY - days(1))
    await house.points(member, 7, last_day=MORNING + days(30))
    await house.coupon(member, last_day=TODAY - days(1))
    await house.coupon(member, last_day=MORNING + days(3))
    await house.spends(member, 600)
    return member


async def assert_all_is_done(house: House, members: list[str]) -> None:
    """Once for every one of them."""
    for member in members:
        assert await house.reasons(member) == [("expired", -5), ("granted", 7), ("granted", 5)]
        told = await house.told(member)
        assert sorted(next(word for word in ("20元券", "积分", "生日", "白银") if word in text) for text in told) == [
            "20元券",
            "生日",
            "白银",
            "积分",
        ]
    assert await house.database.read(_coupons) == {"expired": 5, "issued": 10}  # five of them desserts
    assert await house.database.read(prove) == []


def _coupons(session: Session) -> dict[str, int]:
    states = list(session.execute(select(Coupon.state)).scalars())
    return {state: states.count(state) for state in set(states)}


async def test_the_dessert_is_given_a_week_before_the_birthday_and_told_by_day(house: House) -> None:
    soon = await house.member(birthday=(11, 29))
    later = await house.member(birthday=(11, 30))

    await house.night()
    assert (await house.told(soon), await house.told(later)) == (["生日快到啦！送您一份蛋糕，12月6日前到店点上，买单时自动免单。"], [])
    [message] = await house.messages()
    assert (message["purpose"], message["due_at"], message["by_template"]) == ("reminder", NINE, False)

    await house.night(8)
    assert [len([text for text in await house.told(member) if "生日快到啦" in text]) for member in (soon, later)] == [1, 1]


async def test_who_finds_the_budget_spent_gets_the_dessert_the_next_night(house: House) -> None:
    await house.opens(birthday_budget="20")
    members = [await house.member(birthday=(11, 29)) for _ in range(3)]

    given = []
    for _ in range(4):
        await house.night()
        given.append(await house.count("birthday_dessert_given"))

    assert given == [1, 2, 3, 3]
    assert [len(await house.told(member)) for member in members] == [1, 1, 1]
    assert await house.database.read(prove) == []


async def test_a_level_falls_by_night_when_its_twelve_months_are_over_and_its_benefits_with_it(house: House) -> None:
    member = await silver(house)
    assert (await house.level(member), await house.benefits(member, TODAY)) == ("白银", ["birthday_dessert", "priority_queue"])

    await house.night()
    assert await house.level(member) == "白银"  # the day that ends is the last that counts
    await house.night()

    assert await house.level(member) == "普通"
    assert await house.benefits(member, MORNING) == ["birthday_dessert"]
    last = (await house.messages())[-1]
    assert "由白银调整为普通" in last["text"]
    assert (last["purpose"], last["due_at"], last["by_template"]) == ("reminder", NINE + days(1), False)


@pytest.mark.parametrize("wrong", [update(PointsAccount).values(balance=6), update(Coupon).values(used_for="O1")])
async def test_sums_that_do_not_agree_are_a_task_for_the_office_once_a_night_and_are_not_put_right(house: House, wrong: Any) -> None:
    member = await house.member()
    await house.points(member, 5, last_day=MORNING + days(9))
    await house.coupon(member, last_day=MORNING + days(9))
    await house.night()
    assert await _proof_tasks(house) == []

    await house.sql(wrong)
    found = await house.database.read(prove)
    await house.night()
    await house.deliver_again()
    [task] = await _proof_tasks(house)
    assert (task.subject, task.store_id, task.due_at - task.opened_at) == (str(MORNING), None, timedelta(hours=8))
    await house.night()

    assert [task.subject for task in await _proof_tasks(house)] == [str(MORNING), str(MORNING + days(1))]
    assert await house.database.read(prove) == found != []


async def _proof_tasks(house: House) -> list[StaffTask]:
    return list(await house.database.read(list_tasks, kind=TaskKind.PROOF))


async def test_the_next_night_is_on_the_books_when_one_is_over(house: House) -> None:
    await house.night()
    house.clock.advance(days=1)
    await house.works()
    assert await house.count("housekeeping_due") == 3
