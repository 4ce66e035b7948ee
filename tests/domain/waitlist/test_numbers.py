"""Taking a number: who may, what is promised, what a diner can do with it, and how it ends."""

import asyncio

import pytest
from sqlalchemy import insert

from domain.orders.errors import CartChangedError
from domain.orders.models import Order
from domain.tables.errors import TableTakenError
from domain.tables.service import scan_table
from domain.waitlist.arriving import confirm_presence, link_order, mark_here, say_on_the_way
from domain.waitlist.errors import (
    AlreadyInLineError,
    NotInLineError,
    NotYourOrderError,
    NumberMovedError,
    NumberTooSoonError,
    PartySizeError,
    QueueClosedError,
    UnknownNumberError,
)
from domain.waitlist.housekeeping import end_left_over, merge_numbers
from domain.waitlist.line import find_ticket, ticket_in
from domain.waitlist.models import QueueMove, QueuePromise, QueueTicket
from domain.waitlist.presence import PresenceOutcome, door_code, door_key
from domain.waitlist.seating import seat_by_scan
from domain.waitlist.service import close_number, leave, status
from tests.domain.waitlist.door import HOST, SHOP, Door

KEY = door_key(b"k" * 32)


async def test_a_party_is_told_its_place_in_its_own_line_and_a_range_of_minutes(door: Door) -> None:
    for people in (2, 4, 4, 2):
        await door.takes(people)

    standing = await door.stands(2, "wang")

    assert (standing.ticket.number, standing.ahead) == ("A003", 2)
    assert standing.eta is not None
    assert standing.eta.low % 5 == standing.eta.high % 5 == 0
    assert standing.eta.low < standing.eta.high
    [taken] = [event for event in await door.events("number_taken") if event["diner_id"] == "wang"]
    assert (taken["ahead"], taken["low"], taken["high"], taken["paper"]) == (2, standing.eta.low, standing.eta.high, False)


async def test_the_wait_is_longer_when_the_floor_is_full(door: Door) -> None:
    empty = await door.stands(2)
    for table in SHOP.stores["one"].tables:
        await door.takes(4 if table.startswith("B") else 2)
    for table in ("A1", "A2", "B1", "B2", "B3", "C1", "D1", "D2"):
        await door.calls(table)

    full = await door.stands(2)

    assert empty.eta is not None
    assert full.eta is not None
    assert (empty.eta.low, empty.eta.high) == (0, 5)
    assert full.eta.low >= 20


@pytest.mark.parametrize("people", [0, -1, 11])
async def test_a_party_that_no_table_holds_is_refused(door: Door, people: int) -> None:
    with pytest.raises(PartySizeError) as refused:
        await door.takes(people)
    assert refused.value.details == {"store": "一店", "most": 10}


async def test_numbers_are_given_in_opening_hours_by_a_store_of_ours(door: Door) -> None:
    with pytest.raises(QueueClosedError):
        await door.takes(2, store="nowhere")
    door.clock.advance(hours=8)
    with pytest.raises(QueueClosedError):
        await door.takes(2)


async def test_numbers_go_on_after_midnight_and_begin_again_with_the_business_day(door: Door) -> None:
    await door.takes(2)
    door.clock.advance(hours=6)
    assert (await door.takes(2)).number == "A002"
    door.clock.advance(hours=10)
    assert (await door.takes(2)).number == "A001"


async def test_what_is_left_of_yesterday_is_void_with_the_first_number_of_the_day(door: Door) -> None:
    await door.takes(2, "wang")
    await door.takes(2)
    await door.calls("A1")
    door.clock.advance(hours=16)

    await door.takes(2, "li")

    assert await door.database.read(find_ticket, "wang") is None
    assert [event["reason"] for event in await door.events("number_left")] == ["day_over", "day_over"]
    assert await door.calls("A1") == "A001"


async def test_the_night_ends_what_is_left_over_of_days_that_are_over(door: Door) -> None:
    await door.takes(2, "wang")
    assert await door.does(end_left_over, SHOP) == 0
    door.clock.advance(hours=12)

    assert await door.does(end_left_over, SHOP) == 1
    assert await door.database.read(find_ticket, "wang") is None


async def test_a_diner_has_one_live_number_over_all_stores(door: Door) -> None:
    await door.takes(2, "wang")

    with pytest.raises(AlreadyInLineError) as refused:
        await door.takes(2, "wang", store="two")
    assert refused.value.details == {"store": "一店", "number": "A001"}


async def test_of_many_takings_at_once_one_diner_gets_one_number(door: Door) -> None:
    await door.meets("wang")

    outcomes = await asyncio.gather(*(door.takes(2, "wang", store=store) for store in ("one", "two") * 5), return_exceptions=True)

    assert sum(isinstance(outcome, AlreadyInLineError) for outcome in outcomes) == 9
    assert len(await door.rows(QueueTicket)) == 1


async def test_parties_that_come_at_once_get_all_numbers_without_a_gap(door: Door) -> None:
    tickets = await asyncio.gather(*(door.takes(2, f"d{number}") for number in range(10)))

    assert sorted(ticket.number for ticket in tickets) == [f"A{number:03d}" for number in range(1, 11)]


async def test_a_number_given_up_counts_for_three_hours(door: Door) -> None:
    await door.takes(2, "wang")
    await door.does(leave, SHOP, "wang")

    with pytest.raises(NumberTooSoonError) as refused:
        await door.takes(2, "wang", store="two")
    assert refused.value.details == {"at": "21:31", "hours": 3}
    door.clock.advance(hours=3)
    assert (await door.takes(2, "wang")).number == "A002"


async def test_who_was_seated_or_got_a_number_by_mistake_may_take_another(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")
    await door.seats("A001")
    again = await door.takes(2, "wang")
    await door.does(close_number, SHOP, "one", again.id, by=HOST, mistake=True)

    assert (await door.takes(2, "wang")).number == "A003"


async def test_who_did_not_come_back_within_the_hour_has_left(door: Door) -> None:
    await door.takes(2, "wang")
    door.clock.advance(hours=2)
    await door.calls("A1")
    await door.misses("A001")
    with pytest.raises(AlreadyInLineError):
        await door.takes(2, "wang")
    door.clock.advance(minutes=61)

    assert (await door.takes(2, "wang")).number == "A002"
    assert (await door.ticket("A001")).state == "left"


async def test_every_move_has_its_actor_and_its_time(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")
    await door.does(say_on_the_way, "wang")
    await door.does(mark_here, "one", door.names["A001"], by=HOST)
    await door.seats("A001")

    rows = await door.rows(QueueMove)
    assert [(row["move"], row["by"]) for row in rows] == [
        ("waiting", "wang"),
        ("called", HOST),
        ("on_the_way", "wang"),
        ("arrived", HOST),
        ("seated", HOST),
    ]
    assert all(row["at"] <= door.clock.now() for row in rows)


async def test_what_may_not_follow_is_refused(door: Door) -> None:
    await door.takes(2, "wang")

    with pytest.raises(NumberMovedError):
        await door.does(say_on_the_way, "wang")
    with pytest.raises(NumberMovedError):
        await door.seats("A001")
    with pytest.raises(NumberMovedError):
        await door.misses("A001")
    with pytest.raises(NumberMovedError):
        await door.comes_back("A001")
    with pytest.raises(NotInLineError):
        await door.does(leave, SHOP, "li")
    with pytest.raises(UnknownNumberError):
        await door.database.read(ticket_in, "two", door.names["A001"])


async def test_the_doors_code_shows_that_a_party_is_there(door: Door) -> None:
    await door.takes(2, "wang")
    code = door_code(KEY, "one", now=door.clock.now())
    wrong = f"{(int(code) + 1) % 10000:04d}"

    assert await door.does(confirm_presence, "wang", wrong, key=KEY) is PresenceOutcome.WRONG
    assert await door.does(confirm_presence, "wang", code, key=KEY) is PresenceOutcome.HERE
    assert (await door.ticket("A001")).present_at == door.clock.now()
    await door.calls("A1")
    assert await door.does(confirm_presence, "wang", code, key=KEY) is PresenceOutcome.HERE
    assert (await door.ticket("A001")).state == "arrived"


async def test_the_doors_code_may_be_tried_five_times(door: Door) -> None:
    await door.takes(2, "wang")
    code = door_code(KEY, "one", now=door.clock.now())

    tries = [await door.does(confirm_presence, "wang", "no code", key=KEY) for _ in range(6)]

    assert tries == [PresenceOutcome.WRONG] * 5 + [PresenceOutcome.OVER]
    assert await door.does(confirm_presence, "wang", code, key=KEY) is PresenceOutcome.OVER


async def test_a_diner_who_scans_the_table_of_the_call_sits_down_by_it(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")
    await door.does(scan_table, SHOP.stores["one"], "A1", "wang")

    assert await door.does(seat_by_scan, SHOP, "wang", "one", "A2") is None
    seated = await door.does(seat_by_scan, SHOP, "wang", "one", "A1")
    assert seated.state == "seated"
    assert await door.does(seat_by_scan, SHOP, "wang", "one", "A1") is None


async def test_who_sat_down_by_themselves_at_another_free_table_is_seated_there(door: Door) -> None:
    await door.takes(2, "wang")
    await door.takes(2, "li")
    await door.calls("A1")
    await door.does(scan_table, SHOP.stores["one"], "A2", "wang")
    await door.meets("guest")
    await door.does(scan_table, SHOP.stores["one"], "B1", "guest")

    with pytest.raises(TableTakenError):
        await door.seats("A001", table_code="B1")
    seated = await door.seats("A001", table_code="A2")
    assert seated.table_code == "A2"
    assert await door.calls("A1") == "A002"


async def test_what_was_chosen_while_waiting_goes_to_the_table(door: Door) -> None:
    await door.takes(2, "wang")
    await door.meets("li")
    order = {
        "channel": "dine_in",
        "state": "cart",
        "payment_status": "none",
        "draft_version": 1,
        "rounds": 0,
        "opened_at": door.clock.now(),
    }
    key = f"q:{door.names['A001']}"
    orders = [
        order | {"id": "mine", "store_id": "one", "diner_id": "wang", "active_key": key},
        order | {"id": "takeaway", "store_id": "one", "diner_id": "wang", "active_key": "w:wang"},
    ]
    await door.database.transaction(lambda session: session.execute(insert(Order), orders))

    for wrong in ("takeaway", "nothing"):
        with pytest.raises(NotYourOrderError):
            await door.database.transaction(link_order, "wang", wrong, 1)
    with pytest.raises(CartChangedError):
        await door.database.transaction(link_order, "wang", "mine", 0)
    await door.database.transaction(link_order, "wang", "mine", 1)
    await door.calls("A1")
    await door.seats("A001")

    [seated] = await door.events("party_seated")
    assert (seated["order_id"], seated["table_code"]) == ("mine", "A1")


async def test_a_promise_is_kept_or_broken_at_the_first_call(door: Door) -> None:
    for diner in ("wang", "li", "zhao"):
        await door.takes(2, diner)
    await door.calls("A1")
    door.clock.advance(minutes=31)
    await door.calls("A2")
    await door.misses("A002")
    await door.does(leave, SHOP, "zhao")

    promises = {row["ticket_id"]: row for row in await door.rows(QueuePromise)}
    kept = [promises[door.names[number]]["kept"] for number in ("A001", "A002", "A003")]
    assert kept == [True, False, False]
    [broken] = await door.events("promise_broken")
    assert (broken["diner_id"], broken["late"]) == ("li", 26)


async def test_who_leaves_before_the_promised_time_says_nothing_about_the_promise(door: Door) -> None:
    await door.takes(2, "wang")
    await door.does(leave, SHOP, "wang")

    assert [row["kept"] for row in await door.rows(QueuePromise)] == [None]


async def test_two_diners_who_were_one_keep_the_earlier_number(door: Door) -> None:
    early = await door.takes(2, "wang")
    await door.takes(4, "li")

    await door.does(merge_numbers, SHOP, "wang", "li")

    assert (await door.database.read(find_ticket, "li")).id == early.id
    assert [event["reason"] for event in await door.events("number_left")] == ["merged"]
    assert await door.database.read(find_ticket, "wang") is None


async def test_the_range_is_the_same_however_often_one_asks_at_one_time(door: Door) -> None:
    await door.crowd(4, 5)
    ticket = await door.takes(4, "wang")

    first, second = [await door.database.read(status, SHOP, ticket, now=door.clock.now()) for _ in range(2)]

    assert first == second
    assert first.ahead == 5


async def test_who_is_called_has_no_range_any_more(door: Door) -> None:
    await door.takes(2)
    await door.calls("A1")

    standing = await door.database.read(status, SHOP, await door.ticket("A001"), now=door.clock.now())

    assert (standing.ahead, standing.eta) == (None, None)
