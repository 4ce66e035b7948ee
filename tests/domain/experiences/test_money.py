"""What experiences cost: paid in a quarter of an hour, given back in time, and always when the house calls it off."""

from datetime import timedelta

import pytest

from domain.experiences.errors import (
    ChangeCostsMoreError,
    ExperienceOverError,
    NotNowError,
    PaymentPendingError,
    SessionCalledOffError,
    SessionFullError,
    SessionOverError,
    StaleExperienceError,
)
from domain.experiences.lifecycle import Side
from domain.experiences.paying import ask_payment, money_back
from domain.experiences.reminders import reminder_still_due
from domain.experiences.rules import Due, ExperienceState, SessionState, WaitingState
from tests.domain.experiences.calendar import shop_of, wall
from tests.domain.experiences.conftest import GUESTS, LI, SUNDAY, WANG, ZHAO, Desk

LATTE = ("latte", "2026-11-28 15:00")
DOUGH = ("dough", "2026-11-28 11:00")


async def test_places_that_cost_are_held_until_they_are_paid(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 2)
    assert (booked.state, booked.fen, booked.hold_until) == (ExperienceState.HELD, 10000, desk.now + timedelta(minutes=15))
    assert booked.refund_until == wall("2026-11-27 15:00")
    with pytest.raises(PaymentPendingError):
        await desk.check_in(booked)
    await desk.pay(booked)
    assert (await desk.get(booked)).state is ExperienceState.BOOKED
    assert await desk.events() == ["held", "booked"]
    assert await desk.discrepancies() == []


async def test_unpaid_they_go_to_whoever_waits(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 4)
    place = await desk.wait(*LATTE, 4)
    assert await desk.lapse_hold(booked) is False
    desk.clock.advance(minutes=15)
    assert await desk.lapse_hold(booked) is True
    assert await desk.lapse_hold(booked) is False
    assert (await desk.place(place)).state is WaitingState.OFFERED
    assert (await desk.get(booked)).state is ExperienceState.EXPIRED
    assert await desk.discrepancies() == []


async def test_unpaid_they_are_given_up_also_when_the_party_changes_before_anybody_hears_that_its_time_is_over(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 4)
    desk.clock.advance(minutes=16)  # the worker stands still
    changed = await desk.change(booked, 3)

    assert changed.hold_until == booked.hold_until
    assert await desk.due("experience_reminder_due") == [booked.hold_until] * 2
    still_due = await desk.database.read(reminder_still_due, booked.id, Due.HOLD, changed.version, now=desk.now)
    assert still_due is not None
    assert await desk.lapse_hold(changed)


async def test_money_that_comes_when_they_are_gone_goes_back_whole(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 4)
    bill = await desk.pay(booked, heard=False)
    desk.clock.advance(minutes=15)
    assert await desk.lapse_hold(booked) is True, "it was paid in time, and is only heard of now"
    assert (await desk.get(booked)).state is ExperienceState.BOOKED

    late = await desk.book(*LATTE[:1], "2026-11-29 15:00", 4)
    bill = await desk.do(ask_payment, late.id, diner_id=late.diner_id)
    desk.clock.advance(minutes=15)
    await desk.lapse_hold(late)
    await desk.confirm(bill)
    assert (await desk.get(late)).state is ExperienceState.EXPIRED
    assert await desk.refunds() == [(20000, "late_payment")]


async def test_nobody_is_asked_to_pay_twice_while_the_first_payment_is_not_heard_of(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 2)
    bill = await desk.pay(booked, heard=False)
    again = await desk.do(ask_payment, booked.id, diner_id=booked.diner_id)
    assert (again.id, again.state) == (bill.id, "paid")


async def test_cancelled_in_time_it_goes_back_whole_and_later_it_stays(desk: Desk) -> None:
    early, late = await desk.book(*LATTE, 2), await desk.book(*LATTE, 1, who=LI)
    await desk.pay(early)
    await desk.pay(late)
    assert await desk.database.read(money_back, await desk.get(early), now=desk.now) == 10000
    await desk.cancel(await desk.get(early))
    await desk.cancel(await desk.get(early))
    desk.goes_on_to("2026-11-27 15:01")
    assert await desk.database.read(money_back, await desk.get(late), now=desk.now) == 0
    await desk.cancel(await desk.get(late))
    assert await desk.refunds() == [(10000, "experience_cancelled")]
    assert await desk.discrepancies() == []


async def test_cancelled_by_staff_it_always_goes_back(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 2)
    await desk.pay(booked)
    desk.goes_on_to("2026-11-28 16:00")
    with pytest.raises(SessionOverError):
        await desk.cancel(await desk.get(booked))
    await desk.cancel(await desk.get(booked), Side.STAFF)
    assert await desk.refunds() == [(10000, "experience_cancelled")]


async def test_who_becomes_fewer_gets_the_difference_and_who_becomes_more_is_refused(desk: Desk) -> None:
    booked = await desk.book(*DOUGH, 2, 1)
    await desk.pay(booked)
    booked = await desk.get(booked)
    with pytest.raises(ChangeCostsMoreError) as refused:
        await desk.change(booked, 3, 1)
    assert refused.value.details == {"number": "E001", "more": "30"}
    fewer = await desk.change(booked, 1, 1, key="turn")
    assert await desk.change(booked, 1, 1, key="turn") == fewer
    assert (fewer.fen, fewer.kits, fewer.version) == (5000, 1, 2)
    with pytest.raises(StaleExperienceError):
        await desk.change(booked, 1, 0, version=1)
    await desk.cancel(fewer)
    assert await desk.refunds() == [(3000, "experience_smaller"), (5000, "experience_cancelled")]
    assert await desk.discrepancies() == []


async def test_too_late_to_cancel_is_too_late_to_become_cheaper_but_the_places_are_free(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 2)
    await desk.pay(booked)
    desk.goes_on_to("2026-11-28 13:00")
    fewer = await desk.change(await desk.get(booked), 1)
    assert (fewer.fen, (await desk.of(fewer)).places_taken) == (10000, 1)
    moved = await desk.change(fewer, 1, at="2026-11-30 15:00")
    assert moved.refund_until == wall("2026-11-27 15:00")
    await desk.cancel(moved)
    assert await desk.refunds() == []
    assert await desk.discrepancies() == []


async def test_a_booking_moves_to_another_session_and_leaves_its_places_to_the_list(desk: Desk) -> None:
    booked = await desk.book(*LATTE, 4)
    await desk.pay(booked)
    place = await desk.wait(*LATTE, 4)
    moved = await desk.change(await desk.get(booked), 4, at="2026-11-29 15:00")
    assert (moved.starts_at, moved.refund_until) == (wall("2026-11-29 15:00"), wall("2026-11-28 15:00"))
    assert (await desk.place(place)).state is WaitingState.OFFERED
    back = await desk.book(*LATTE[:1], "2026-11-30 15:00", 4, who=ZHAO)
    with pytest.raises(SessionFullError):
        await desk.change(moved, 4, at="2026-11-30 15:00")
    assert await desk.get(moved) == moved
    assert back.is_living
    assert await desk.discrepancies() == []


async def test_with_too_few_places_taken_it_is_called_off_a_day_before_and_everybody_gets_the_money_back(desk: Desk) -> None:
    booked = await desk.book(*DOUGH, 2)
    await desk.pay(booked)
    assert await desk.decide(booked) is False
    desk.goes_on_to("2026-11-27 11:00")
    assert [seen.state for seen in await desk.sessions(experience_id="dough", day=wall(DOUGH[1]).date())] == [
        SessionState.CALLED_OFF,
        SessionState.OPEN,
    ]
    with pytest.raises(SessionCalledOffError):
        await desk.book(*DOUGH, 2, who=LI)
    assert await desk.decide(booked) is True
    assert await desk.decide(booked) is False
    assert (await desk.get(booked)).state is ExperienceState.CALLED_OFF
    assert (await desk.payload("experience_called_off"))["reason"] == "minimum"
    assert await desk.refunds() == [(6000, "experience_called_off")]
    with pytest.raises(ExperienceOverError):
        await desk.cancel(await desk.get(booked))
    assert await desk.discrepancies() == []


async def test_decided_to_take_place_it_does_whoever_cancels_then(desk: Desk) -> None:
    booked = [await desk.book(*DOUGH, 2, who=who) for who in (WANG, LI)]
    for one in booked:
        await desk.pay(one)
    desk.goes_on_to("2026-11-27 11:00")
    assert await desk.decide(booked[0]) is True
    await desk.cancel(await desk.get(booked[0]))
    assert await desk.decide(booked[1]) is False
    assert (await desk.get(booked[1])).state is ExperienceState.BOOKED
    assert (await desk.book(*DOUGH, 1, who=ZHAO)).is_living


async def test_an_hour_that_is_moved_decides_at_the_new_one(desk: Desk) -> None:
    booked = await desk.book(*DOUGH, 2)
    assert await desk.due("experience_decision_due") == [wall("2026-11-27 11:00")]
    desk.shop = shop_of(("cancel_hours: 48", "cancel_hours: 48\n    decide_hours: 12"))
    await desk.book(*DOUGH, 1, who=LI)
    assert await desk.due("experience_decision_due") == [wall("2026-11-27 11:00"), wall("2026-11-27 23:00")]
    desk.goes_on_to("2026-11-27 11:00")
    assert await desk.decide(booked) is False


async def test_called_off_by_staff_everybody_is_told_and_nothing_is_left(desk: Desk) -> None:
    paid, held = await desk.book(*LATTE, 2), await desk.book(*LATTE, 2, who=LI)
    await desk.pay(paid)
    waits = await desk.wait(*LATTE, 2, who=ZHAO)
    offered_from = await desk.book("tasting", SUNDAY, 1, who=GUESTS[5])
    for _ in range(2):
        there = await desk.call_off(held)
    assert (there.places_taken, there.called_off_by) == (0, "staff-1")
    assert {(await desk.get(one)).state for one in (paid, held)} == {ExperienceState.CALLED_OFF}
    assert (await desk.place(waits)).state is WaitingState.ENDED
    assert (await desk.events()).count("called_off") == 2
    assert await desk.refunds() == [(10000, "experience_called_off")]
    assert (await desk.get(offered_from)).is_living
    with pytest.raises(SessionCalledOffError):
        await desk.book(*LATTE, 1, who=GUESTS[0])
    assert await desk.discrepancies() == []


async def test_guests_are_checked_in_once_when_their_session_is_near(desk: Desk) -> None:
    booked = await desk.book("tasting", SUNDAY, 2)
    with pytest.raises(NotNowError) as refused:
        await desk.check_in(booked)
    assert refused.value.details["time"] == "11月29日 10:00"
    desk.goes_on_to("2026-11-29 09:50")
    here = await desk.check_in(booked)
    assert here.checked_in_at == desk.now
    desk.clock.advance(minutes=5)
    assert await desk.check_in(booked) == here
    assert (await desk.events()).count("checked_in") == 1


async def test_reminders_come_a_day_and_three_hours_before_and_stale_ones_say_nothing(desk: Desk) -> None:
    booked = await desk.book("tasting", SUNDAY, 2)
    assert await desk.due("experience_reminder_due") == [wall("2026-11-28 10:00"), wall("2026-11-29 07:00")]
    desk.goes_on_to("2026-11-28 10:00")
    assert await desk.database.read(reminder_still_due, booked.id, Due.DAY_BEFORE, 1, now=desk.now) == booked
    changed = await desk.change(booked, 3)
    for moment, kind, version, heard in (
        ("2026-11-28 10:00", Due.DAY_BEFORE, 1, False),
        ("2026-11-28 11:59", Due.DAY_BEFORE, 2, True),
        ("2026-11-28 12:01", Due.DAY_BEFORE, 2, False),
        ("2026-11-29 07:00", Due.HOURS_BEFORE, 2, True),
        ("2026-11-29 10:00", Due.HOURS_BEFORE, 2, False),
    ):
        found = await desk.database.read(reminder_still_due, changed.id, kind, version, now=wall(moment))
        assert (found is not None) is heard, moment


async def test_the_list_of_guests_is_due_an_hour_before_and_again_when_somebody_comes_after_that(desk: Desk) -> None:
    booked = await desk.book("tasting", SUNDAY, 2)
    assert await desk.due("experience_list_due") == [wall("2026-11-29 09:00")]
    desk.goes_on_to("2026-11-29 09:10")
    await desk.book("tasting", SUNDAY, 1, who=LI)
    await desk.cancel(booked)
    assert len(await desk.due("experience_list_due")) == 3
