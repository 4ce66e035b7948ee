"""Who is called to a table: the first of its line, and nobody before another without a reason."""

import asyncio
from datetime import timedelta

import pytest

from domain.benefits.service import entitle
from domain.staff.models import TokenScope
from domain.staff.service import create_token
from domain.tables.errors import TableTakenError, UnknownTableError
from domain.tables.service import end_session, scan_table
from domain.waitlist.arriving import mark_here
from domain.waitlist.calling import call_again
from domain.waitlist.errors import NobodyWaitsError, NumberMovedError, RequeueTooLateError, TableBookedError, TableHeldError
from domain.waitlist.rules import PRIORITY
from domain.waitlist.service import change_people, leave
from tests.domain.waitlist.door import HOST, SHOP, Door


async def entitled(door: Door, diner: str) -> str:
    """A diner whose plan has a place in the priority queue."""
    await door.meets(diner)
    day = SHOP.brand.business_day(door.clock.now())
    await door.does(entitle, diner, PRIORITY, source="plan:1", starts_on=day, ends_on=None, key=f"plan:{diner}")
    return diner


async def test_each_line_counts_its_own_numbers_and_a_party_waits_in_the_line_of_its_size(door: Door) -> None:
    numbers = [(await door.takes(people)).number for people in (1, 2, 3, 4, 5, 6, 7, 10)]

    assert numbers == ["A001", "A002", "B001", "B002", "C001", "C002", "D001", "D002"]


async def test_a_table_goes_to_the_first_of_its_line(door: Door) -> None:
    for people in (4, 2, 2, 4):
        await door.takes(people)

    assert [await door.calls(table) for table in ("A1", "B1", "A2", "B2")] == ["A001", "B001", "A002", "B002"]
    assert await door.moves(move="passed") == []


async def test_a_large_table_goes_to_a_smaller_party_only_when_nobody_of_its_own_line_waits(door: Door) -> None:
    for people in (2, 5, 4, 8):
        await door.takes(people)

    assert [await door.calls(table) for table in ("D1", "D2", "C1", "B1")] == ["D001", "C001", "B001", "A001"]
    assert [move[2] for move in await door.moves(move="called")] == ["turn", "spill", "spill", "spill"]


async def test_a_party_too_large_for_a_table_of_its_line_is_passed_with_that_reason(door: Door) -> None:
    await door.takes(4)
    await door.takes(3)

    assert await door.calls("B3") == "B002"
    assert await door.moves(move="passed") == [("B001", "passed", "too_small")]


async def test_nobody_is_called_to_a_table_that_is_too_small(door: Door) -> None:
    await door.takes(6)

    with pytest.raises(NobodyWaitsError):
        await door.calls("B1")


async def test_a_table_is_one_partys_from_its_call_until_the_party_is_gone(door: Door) -> None:
    await door.crowd(2, 3)
    await door.calls("A1")

    with pytest.raises(TableHeldError) as held:
        await door.calls("A1")
    assert held.value.details == {"table": "A1", "number": "A001"}
    with pytest.raises(TableHeldError):
        await door.frees("A1")
    await door.seats("A001")
    with pytest.raises(TableHeldError):
        await door.calls("A1")
    assert await door.frees("A1")
    assert not await door.frees("A1")
    assert await door.calls("A1") == "A002"


async def test_where_a_party_scans_its_table_the_tables_session_says_when_it_is_free(door: Door) -> None:
    await door.takes(2, "wang")
    await door.takes(2)
    await door.calls("A1")
    sitting = await door.does(scan_table, SHOP.stores["one"], "A1", "wang")
    await door.seats("A001")

    with pytest.raises(TableTakenError):
        await door.calls("A1")
    with pytest.raises(TableTakenError):
        await door.frees("A1")
    door.clock.advance(hours=1)
    await door.does(end_session, sitting.session_id, reason="paid")
    assert await door.calls("A1") == "A002"


async def test_a_table_where_others_sit_is_not_called_to_and_not_sat_down_at(door: Door) -> None:
    await door.takes(2)
    await door.meets("li")
    await door.does(scan_table, SHOP.stores["one"], "A1", "li")

    with pytest.raises(TableTakenError):
        await door.calls("A1")
    with pytest.raises(UnknownTableError):
        await door.calls("Z9")
    await door.calls("A2")
    door.clock.advance(minutes=1)
    with pytest.raises(TableTakenError):
        await door.seats("A001", table_code="A1")
    assert (await door.seats("A001", table_code="B1")).table_code == "B1"


async def test_many_calls_at_once_call_one_party_for_a_table_and_skip_nobody(door: Door) -> None:
    await door.crowd(4, 4)

    outcomes = await asyncio.gather(*(door.calls(table) for table in ("B1", "B2", "C1", "D1") * 3), return_exceptions=True)

    assert sorted(outcome for outcome in outcomes if isinstance(outcome, str)) == ["B001", "B002", "B003", "B004"]
    assert sum(isinstance(outcome, TableHeldError | NobodyWaitsError) for outcome in outcomes) == 8
    assert await door.moves(move="passed") == []


async def test_calling_and_leaving_at_once_leaves_no_table_held_by_somebody_who_is_gone(door: Door) -> None:
    for number in range(6):
        await door.takes(4, f"d{number}")

    await asyncio.gather(
        *(door.does(leave, SHOP, f"d{number}") for number in range(6)),
        *(door.calls(table) for table in ("B1", "B2", "C1")),
        return_exceptions=True,
    )

    tickets = [await door.ticket(f"B00{number}") for number in range(1, 7)]
    assert {ticket.state for ticket in tickets} == {"left"}
    for table in ("B1", "B2", "C1"):
        with pytest.raises(NobodyWaitsError):
            await door.calls(table)


async def test_priority_is_called_before_its_turn_at_most_once_in_ten_calls_and_with_the_reason(door: Door) -> None:
    await door.crowd(2, 24)
    for name in ("vip1", "vip2", "vip3"):
        await door.takes(2, await entitled(door, name))

    called = await door.calls_and_seats("A1", 21)

    jumps = [place for place, number in enumerate(called, start=1) if number > "A024"]
    assert jumps == [10, 20]
    passed = await door.moves(move="passed")
    assert {reason for _, _, reason in passed} == {"priority"}
    assert len([number for number, _, _ in passed if number == "A010"]) == 1
    assert [event["number"] for event in await door.events("number_called") if event["reason"] == "priority"] == ["A025", "A026"]


async def test_a_party_with_priority_at_the_head_of_the_line_is_no_jump(door: Door) -> None:
    await door.takes(2, await entitled(door, "vip"))
    await door.crowd(2, 11)

    await door.calls_and_seats("A1", 11)

    assert {reason for _, _, reason in await door.moves(move="called")} == {"turn"}


async def test_who_is_not_at_the_door_is_passed_where_a_screen_shows_the_code(door: Door) -> None:
    await door.does(create_token, "one", TokenScope.SCREEN)
    away = await door.takes(2, "wang")
    await door.takes(2)

    assert await door.calls("A1") == "A002"
    assert await door.moves(move="passed") == [("A001", "passed", "not_here")]
    with pytest.raises(NobodyWaitsError):
        await door.calls("A2")
    await door.does(mark_here, "one", away.id, by=HOST)
    assert await door.calls("A2") == "A001"


async def test_the_staff_may_choose_and_everybody_who_came_earlier_is_passed_by_their_word(door: Door) -> None:
    await door.crowd(4, 3)

    assert (await door.picks("B003", "B1")).call_reason == "staff"

    assert await door.moves(move="passed") == [("B001", "passed", "staff"), ("B002", "passed", "staff")]
    with pytest.raises(NumberMovedError):
        await door.picks("B003", "B2")


async def test_who_misses_the_call_comes_back_once_behind_three_and_then_is_out(door: Door) -> None:
    await door.crowd(2, 6)
    await door.calls("A1")

    await door.misses("A001")
    await door.comes_back("A001")

    assert await door.calls_and_seats("A1", 6) == ["A002", "A003", "A004", "A001", "A005", "A006"]


async def test_who_misses_two_calls_has_left(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")
    await door.misses("A001")
    await door.comes_back("A001")
    await door.calls("A1")

    assert (await door.misses("A001")).state == "left"

    with pytest.raises(NumberMovedError):
        await door.comes_back("A001")
    assert [event["back_until"] is None for event in await door.events("number_missed")] == [False, True]
    assert [event["reason"] for event in await door.events("number_left")] == ["missed_twice"]


async def test_who_comes_back_after_an_hour_takes_a_new_number(door: Door) -> None:
    await door.takes(2)
    await door.calls("A1")
    await door.misses("A001")
    door.clock.advance(minutes=61)

    with pytest.raises(RequeueTooLateError):
        await door.comes_back("A001")


async def test_a_table_that_is_booked_soon_is_kept_for_the_booking(door: Door) -> None:
    await door.takes(4)
    now = door.clock.now()

    with pytest.raises(TableBookedError):
        await door.calls("B1", booked={"B1": now + timedelta(minutes=60)})
    assert await door.calls("B1", booked={"B1": now + timedelta(hours=5)}) == "B001"


async def test_a_call_is_repeated_until_somebody_comes(door: Door) -> None:
    await door.takes(2)
    with pytest.raises(NumberMovedError):
        await door.does(call_again, SHOP, "one", door.names["A001"], by=HOST)
    await door.calls("A1")

    await door.does(call_again, SHOP, "one", door.names["A001"], by=HOST)

    assert [event["again"] for event in await door.events("number_called")] == [False, True]


async def test_a_party_that_has_grown_waits_in_another_line_at_the_place_of_its_old_time(door: Door) -> None:
    grows = await door.takes(4)
    await door.takes(6)

    standing = await door.does(change_people, SHOP, "one", grows.id, 5, by=HOST)

    assert (standing.ticket.number, standing.ahead) == ("C002", 0)
    assert await door.calls("C1") == "C002"
    assert await door.moves(move="passed") == []


async def test_who_has_come_near_the_front_is_told_once(door: Door) -> None:
    for number in range(6):
        await door.takes(2, f"d{number}")

    await door.calls_and_seats("A1", 6)

    told = [(event["diner_id"], event["ahead"]) for event in await door.events("queue_moved")]
    assert told == [("d2", 1), ("d4", 3), ("d3", 1), ("d5", 3), ("d4", 1), ("d5", 1)]
