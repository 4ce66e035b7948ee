"""Staff choose the tables of a booking: any that are free for the whole of its time, and never one that another party has."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.choosing import is_declared, seats_of, with_rooms
from domain.bookings.errors import (
    BookingOverError,
    FullError,
    NoSuchTableError,
    StaleBookingError,
    TablesTakenError,
    TooFewSeatsError,
)
from domain.bookings.listing import Booked
from domain.bookings.rules import BookingState
from domain.kernel.errors import DomainError
from tests.domain.bookings.conftest import LI, SATURDAY, WANG, Desk
from tests.domain.bookings.floors import SHOP, shop_with

STORE = SHOP.stores["day"]


async def test_a_party_gets_the_table_that_staff_choose_and_the_one_before_is_free(desk: Desk) -> None:
    booked = await desk.book(people=2)
    assert booked.tables == ("A01",)

    moved = await desk.choose(booked, "A05")

    assert (moved.tables, moved.room, moved.version) == (("A05",), "", booked.version + 1)
    assert (moved.starts_at, moved.ends_at, moved.people, moved.state) == (booked.starts_at, booked.ends_at, 2, BookingState.CONFIRMED)
    assert (await desk.book(people=2, who=LI)).tables == ("A01",)
    told = await desk.payload("booking_changed")
    assert (told["by"], told["tables"], told["before_tables"], told["before_room"]) == ("staff", ["A05"], ["A01"], "")
    assert await desk.discrepancies() == []


async def test_the_same_tables_again_change_nothing(desk: Desk) -> None:
    booked = await desk.book(people=2)

    assert await desk.choose(booked, "A01", "A01") == booked

    assert await desk.events() == ["booking_confirmed"]


async def test_tables_that_are_no_declared_pair_are_for_staff_to_push_together(desk: Desk) -> None:
    booked = await desk.book(people=7)
    assert booked.tables == ("A03", "A04")

    pushed = await desk.choose(booked, "A05", "A03")

    assert pushed.tables == ("A03", "A05")
    assert not is_declared(STORE, pushed.tables)
    assert is_declared(STORE, booked.tables)
    assert (await desk.book(f"{SATURDAY} 19:15", people=4, who=LI)).tables == ("A04",)
    assert await desk.discrepancies() == []


async def test_a_table_inside_a_room_brings_the_room_and_leaving_it_ends_that(desk: Desk) -> None:
    booked = await desk.book(people=2)

    inside = await desk.choose(booked, "V01")
    assert (inside.tables, inside.room) == (("V01",), "锦绣厅")
    with pytest.raises(FullError):
        await desk.book(people=10, who=LI, room=True)

    outside = await desk.choose(inside, "A02")
    assert (outside.tables, outside.room, outside.deposit_fen) == (("A02",), "", 0)
    assert await desk.discrepancies() == []


def test_rooms_are_taken_whole_and_seat_what_they_say() -> None:
    shop = shop_with("rooms: [{name: 锦绣厅, tables: [V01]}]", "rooms: [{name: 锦绣厅, seats: 12, tables: [V01, A05]}]")
    store = shop.stores["day"]

    assert with_rooms(store, ["A05", "A01"]) == ("A01", "A05", "V01")
    assert seats_of(store, ("A01", "A05", "V01")) == 14
    assert is_declared(store, ("V01", "A05"))
    assert not is_declared(store, ("A01", "A05", "V01"))


@pytest.mark.parametrize("force", [False, True])
async def test_nobody_gets_a_table_that_another_party_has_in_any_quarter_of_the_stay(desk: Desk, force: bool) -> None:
    booked = await desk.book(f"{SATURDAY} 18:00", people=2)
    late = await desk.book(f"{SATURDAY} 19:15", people=2, who=LI)
    assert (booked.tables, late.tables) == (("A01",), ("A02",))

    with pytest.raises(TablesTakenError) as caught:
        await desk.choose(booked, "A02", "A03", force=force)

    assert caught.value.details == {"number": booked.number, "tables": "A02", "others": f"{late.number} 19:15"}
    assert await desk.get(booked) == booked
    assert await desk.discrepancies() == []


async def test_too_few_seats_are_said_and_taken_only_when_staff_insist(desk: Desk) -> None:
    booked = await desk.book(people=4)

    with pytest.raises(TooFewSeatsError) as caught:
        await desk.choose(booked, "A01")
    assert caught.value.details == {"number": booked.number, "people": 4, "seats": 2, "tables": "A01"}

    assert (await desk.choose(booked, "A01", force=True)).tables == ("A01",)
    assert await desk.discrepancies() == []


async def test_a_full_house_is_no_reason_not_to_change_the_table_of_who_comes_anyway(desk: Desk) -> None:
    booked = [await desk.book(people=2, who=f"diner-{number}") for number in range(5)]
    strict = shop_with("deposit: {rooms: 100, people: 8, amount: 200}", "starting: 0.01, present: 0.01")

    with pytest.raises(FullError):
        await replace(desk, shop=strict).book(people=2, who=LI, room=True)
    assert (await replace(desk, shop=strict).choose(booked[0], "V01")).room == "锦绣厅"
    assert await desk.discrepancies() == []


async def test_what_staff_saw_must_be_what_stands(desk: Desk) -> None:
    booked = await desk.book(people=2)
    await desk.change(booked, replace(booked.wish, people=3), who=WANG)

    with pytest.raises(StaleBookingError):
        await desk.choose(booked, "A05")


async def test_tables_of_a_party_that_is_over_and_tables_that_are_not_there(desk: Desk) -> None:
    booked = await desk.book(people=2)
    with pytest.raises(NoSuchTableError) as caught:
        await desk.choose(booked, "A01", "Z9", "N1")
    assert caught.value.details == {"store": "一店", "tables": "N1、Z9"}
    with pytest.raises(ValueError, match="no table"):
        await desk.choose(booked)

    await desk.cancel(booked)
    with pytest.raises(BookingOverError):
        await desk.choose(booked, "A05")


async def test_a_party_that_sits_may_sit_elsewhere_and_one_that_waits_for_the_staff_keeps_waiting(desk: Desk) -> None:
    today = await desk.book("2026-11-21 19:00", 2)
    await desk.seat(today)
    assert (await desk.choose(today, "A05")).state is BookingState.SEATED

    asked = await desk.asked_for(who=LI)
    moved = await desk.choose(asked, "A02")
    assert (moved.state, moved.hold_until) == (BookingState.REQUESTED, asked.hold_until)
    assert [task.subject for task in await desk.tasks()] == [asked.id]
    desk.clock.advance(hours=2)
    assert await desk.lapse(moved) is True
    assert await desk.discrepancies() == []


async def test_of_two_parties_that_are_given_one_table_at_once_one_gets_it(desk: Desk) -> None:
    booked = [await desk.book(people=2, who=f"diner-{number}") for number in range(4)]
    assert len({table for one in booked for table in one.tables}) == 4

    outcomes = await asyncio.gather(*(desk.choose(one, "V01") for one in booked), return_exceptions=True)

    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Booked | DomainError) for outcome in outcomes)
    assert await desk.discrepancies() == []


async def test_a_longer_stay_and_the_reminders_follow_the_chosen_table(desk: Desk) -> None:
    booked = await desk.book("2026-11-21 19:00", 2)
    chosen = await desk.choose(booked, "A02")

    longer = await desk.extend(chosen, 15)

    assert (longer.tables, longer.ends_at) == (("A02",), booked.ends_at + timedelta(minutes=15))
    assert [(kind, version) for kind, version, _ in await desk.reminders()][-1] == ("noshow", longer.version)
