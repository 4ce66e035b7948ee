"""A booking that waits for a yes stands on the staff's list until one of them answers, the diner moves on, or two hours are over."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.bookings.errors import NothingToReviewError, UnknownBookingError
from domain.bookings.lifecycle import forget_bookings
from domain.bookings.models import Booking
from domain.bookings.rules import BookingState
from domain.kernel.errors import DomainError
from domain.staff.models import StaffTask, TaskKind
from tests.domain.bookings.conftest import LI, SATURDAY, WANG, Desk
from tests.domain.bookings.floors import wall


async def test_what_is_asked_for_is_a_task_of_its_store_until_the_two_hours_are_over(desk: Desk) -> None:
    asked = await desk.asked_for(people=3)

    [task] = await desk.tasks()
    assert (task.kind, task.store_id, task.subject, task.due_at) == (TaskKind.BOOKING, "day", asked.id, desk.now + timedelta(hours=2))
    assert task.text == "订位B001 11月28日 19:00 3人，客人一年内4次订了没来，接不接？"
    assert (await desk.payload("booking_requested"))["strikes"] == 4


async def test_a_yes_makes_it_stand_and_the_list_says_who_gave_it(desk: Desk) -> None:
    asked = await desk.asked_for()

    assert (await desk.answer(asked, by="staff-zhang")).state is BookingState.CONFIRMED

    assert await desk.tasks() == []
    done = await desk.database.read(lambda session: session.execute(select(StaffTask)).scalar_one())
    assert (done.done_by, done.done_at) == ("staff-zhang", desk.now)
    assert (await desk.events())[-1] == "booking_confirmed"


async def test_a_yes_to_a_party_of_eight_waits_for_its_deposit(desk: Desk) -> None:
    asked = await desk.asked_for(people=8)

    held = await desk.answer(asked)

    assert (held.state, held.hold_until) == (BookingState.HELD, desk.now + timedelta(minutes=15))
    assert await desk.tasks() == []
    await desk.pay_deposit(held)
    assert (await desk.get(held)).state is BookingState.CONFIRMED


async def test_a_no_frees_the_table_and_keeps_the_words_for_the_diner_alone(desk: Desk) -> None:
    asked = await desk.asked_for()

    off = await desk.answer(asked, False, reason="  今晚包场了，\x1b[2J改天一定  ")

    assert (off.state, off.end_reason, off.answer) == (BookingState.CANCELLED, "refused", "今晚包场了，[2J改天一定")
    told = await desk.payload("booking_cancelled")
    assert (told["by"], told["reason"]) == ("staff", "refused")
    assert "包场" not in str(told)
    assert await desk.tasks() == []
    assert (await desk.book(who=LI)).tables == asked.tables
    assert await desk.discrepancies() == []


async def test_words_are_kept_as_long_as_the_name_and_never_more_than_60_characters(desk: Desk) -> None:
    asked = await desk.asked_for()
    assert len((await desk.answer(asked, False, reason="满" * 80)).answer) == 60

    desk.clock.set(asked.ends_at + timedelta(days=30, seconds=1))
    await desk.do(forget_bookings)

    assert (await desk.get(asked)).answer == ""


async def test_of_many_who_answer_at_once_one_wins_and_the_others_are_told_what_stands(desk: Desk) -> None:
    asked = await desk.asked_for()

    answers = await asyncio.gather(
        *(desk.answer(asked, bool(number % 2), by=f"staff-{number}") for number in range(8)), return_exceptions=True
    )

    won = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, NothingToReviewError)]
    assert (len(won), len(refused)) == (1, 7)
    assert {refusal.details["state"] for refusal in refused} == {won[0].state.value}
    assert await desk.tasks() == []
    assert await desk.discrepancies() == []


async def test_who_answers_when_the_time_is_over_is_told_that_it_stands(desk: Desk) -> None:
    asked = await desk.asked_for()
    desk.clock.advance(hours=2)

    outcomes = await asyncio.gather(desk.lapse(asked), desk.answer(asked, False), return_exceptions=True)

    assert sum(isinstance(outcome, DomainError) for outcome in outcomes) <= 1
    stands = await desk.get(asked)
    assert stands.state is (BookingState.CONFIRMED if outcomes[0] is True else BookingState.CANCELLED)
    assert await desk.tasks() == []
    assert await desk.discrepancies() == []


async def test_the_diner_who_cancels_takes_it_off_the_list(desk: Desk) -> None:
    asked = await desk.asked_for()

    await desk.cancel(asked, who=WANG)

    assert await desk.tasks() == []
    with pytest.raises(NothingToReviewError):
        await desk.answer(asked)


async def test_another_time_is_another_task_and_a_party_that_comes_sooner_waits_shorter(desk: Desk) -> None:
    asked = await desk.asked_for()
    desk.clock.advance(minutes=10)

    sooner = await desk.change(asked, replace(asked.wish, starts_at=wall("2026-11-21 20:00")), who=WANG)

    assert (sooner.state, sooner.hold_until) == (BookingState.REQUESTED, wall("2026-11-21 19:30"))
    [task] = await desk.tasks()
    assert (task.text[:19], task.due_at) == (f"订位{sooner.number} 11月21日 20:00", sooner.hold_until)
    assert (await desk.answer(sooner)).state is BookingState.CONFIRMED
    assert await desk.tasks() == []


async def test_nobody_answers_what_is_not_there(desk: Desk) -> None:
    booked = await desk.book(f"{SATURDAY} 12:00")

    with pytest.raises(NothingToReviewError) as caught:
        await desk.answer(booked)
    assert caught.value.details == {"number": booked.number, "state": "confirmed"}
    with pytest.raises(UnknownBookingError):
        await desk.answer(replace(booked, id="01NOSUCHBOOKING00000000000"))
    assert await desk.database.read(lambda session: session.execute(select(Booking.state)).scalar_one()) == "confirmed"
