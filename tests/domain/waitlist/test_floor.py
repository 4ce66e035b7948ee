"""The floor: who has which table since when, by the tables' sessions and by the numbers that were called."""

from datetime import datetime

from domain.tables.service import end_session, scan_table
from domain.waitlist.floor import Place
from domain.waitlist.seating import floor_of
from domain.waitlist.service import leave
from tests.domain.waitlist.door import SHOP, Door

STORE = SHOP.stores["one"]


async def taken(door: Door) -> dict[str, datetime]:
    """Since when each table is taken; free ones are left out."""
    day = SHOP.brand.business_day(door.clock.now())
    floor = await door.database.read(floor_of, STORE, day, now=door.clock.now())
    return {place.code: place.since for place in floor if place.since is not None}


async def test_every_table_is_on_the_floor_with_its_line_and_its_next_booking(door: Door) -> None:
    day, soon = SHOP.brand.business_day(door.clock.now()), door.clock.now()

    floor = await door.database.read(floor_of, STORE, day, now=soon, booked={"B1": soon})

    assert [place.letter for place in floor] == ["A", "A", "B", "B", "B", "C", "D", "D"]
    assert floor[2] == Place("B1", 4, "B", None, soon)


async def test_a_called_party_has_its_table_from_the_call_and_a_session_from_its_scan(door: Door) -> None:
    await door.takes(2, "wang")
    called_at = door.clock.now()
    await door.calls("A1")
    assert await taken(door) == {"A1": called_at}
    scanned_at = door.clock.advance(minutes=3)
    session = await door.does(scan_table, STORE, "A1", "wang")
    await door.seats("A001")
    assert await taken(door) == {"A1": scanned_at}
    door.clock.advance(minutes=50)
    await door.does(end_session, session.session_id, reason="paid")
    assert await taken(door) == {}


async def test_a_party_that_sits_elsewhere_leaves_the_table_it_was_called_to(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")
    await door.seats("A001")
    door.clock.advance(minutes=1)
    await door.does(scan_table, STORE, "B1", "wang")

    assert set(await taken(door)) == {"B1"}
    await door.takes(2)
    assert await door.calls("A1") == "A002"


async def test_a_guest_on_paper_has_the_table_until_the_staff_free_it_or_three_hours_are_over(door: Door) -> None:
    await door.crowd(2, 2)
    await door.calls_and_seats("A1", 1)
    assert await taken(door) == {}
    await door.calls("A1")
    await door.seats("A002")
    door.clock.advance(hours=2, minutes=59)
    assert set(await taken(door)) == {"A1"}
    door.clock.advance(minutes=1)
    assert await taken(door) == {}


async def test_a_table_is_free_again_when_its_party_leaves_before_it_sits(door: Door) -> None:
    await door.takes(2, "wang")
    await door.calls("A1")

    await door.does(leave, SHOP, "wang")

    assert await taken(door) == {}


async def test_another_stores_tables_of_the_same_name_are_not_ours(door: Door) -> None:
    await door.meets("wang")
    await door.does(scan_table, SHOP.stores["two"], "A1", "wang")

    assert await taken(door) == {}
