"""Book: which table, until when, in which state, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingsClosedError,
    FullError,
    NoRoomError,
    OutsideHoursError,
    PartyTooLargeError,
    TooFarError,
    TooSoonError,
)
from domain.bookings.listing import bookings_of, floor_of_day, get_booking, tables_booked_soon
from domain.bookings.rules import BookingState, Scene
from domain.kernel.errors import DomainError
from domain.shop.importing import import_shop
from tests.domain.bookings.conftest import LI, WANG, Desk
from tests.domain.bookings.floors import DOCUMENT, shop_with, wall


async def refused(desk: Desk, kind: type[DomainError], *args: object, **wish: object) -> DomainError:
    with pytest.raises(kind) as caught:
        await desk.book(*args, **wish)  # type: ignore[arg-type]
    return caught.value


async def test_a_party_gets_the_smallest_table_for_the_turn_of_its_size(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 3, kids=1, scene=Scene.FAMILY, name=" 王女士 ", notes="宝宝椅\x00")

    assert (booked.state, booked.tables, booked.number, booked.version) == (BookingState.CONFIRMED, ("A05",), "B001", 1)
    assert (booked.starts_at, booked.ends_at) == (wall("2026-11-28 19:00"), wall("2026-11-28 20:45"))
    assert (booked.people, booked.kids, booked.scene, booked.name, booked.notes) == (3, 1, Scene.FAMILY, "王女士", "宝宝椅")
    assert booked.late_until == wall("2026-11-28 19:15")
    assert await desk.events() == ["booking_confirmed"]
    assert await desk.discrepancies() == []


async def test_one_sentence_books_a_room_for_eight_with_children(desk: Desk) -> None:
    """「周六晚上7点8个人带小孩要包间」"""
    booked = await desk.book("2026-11-28 19:00", 8, kids=1, room=True, scene=Scene.FAMILY)

    assert (booked.room, booked.tables, booked.state) == ("锦绣厅", ("V01",), BookingState.HELD)
    assert booked.deposit_fen == 20000
    assert booked.hold_until == desk.now + timedelta(minutes=15)
    assert booked.refund_until == wall("2026-11-28 15:00")


async def test_a_proposal_says_what_would_be_booked_and_takes_nothing(desk: Desk) -> None:
    proposal = await desk.propose("2026-11-28 19:00", 8, room=True)

    assert (proposal.place.room, proposal.stay.ends_at, proposal.deposit_fen) == ("锦绣厅", wall("2026-11-28 21:30"), 20000)
    assert (proposal.business_day, proposal.reviewed) == (date(2026, 11, 28), False)
    assert await desk.database.read(bookings_of, WANG, now=desk.now) == []


async def test_a_message_that_comes_twice_books_once(desk: Desk) -> None:
    first = await desk.book(key="turn 1")
    again = await desk.book(key="turn 1")

    assert first == again
    assert len(await desk.database.read(bookings_of, WANG, now=desk.now)) == 1
    with pytest.raises(ValueError, match="another diner"):
        await desk.book(key="turn 1", who=LI)


async def test_numbers_count_by_store_and_business_day(desk: Desk) -> None:
    numbers = [
        (await desk.book(f"2026-11-28 {clock}", store=store, who=None)).number
        for clock, store in (("19:00", "day"), ("19:15", "day"), ("19:00", "night"), ("19:30", "day"))
    ]
    after_midnight = await desk.book("2026-11-29 00:30", store="night", who=None)

    assert numbers == ["B001", "B002", "B001", "B003"]
    assert (after_midnight.number, after_midnight.business_day) == ("B002", date(2026, 11, 28))


async def test_two_tables_pushed_together_are_taken_both(desk: Desk) -> None:
    pair = await desk.book("2026-11-28 19:00", 7)
    four = await desk.book("2026-11-28 19:15", 4, who=LI)

    assert (pair.tables, four.tables) == (("A03", "A04"), ("A05",))
    error = await refused(desk, FullError, "2026-11-28 19:30", 4, who=None)
    assert error.details["people"] == 4
    assert await desk.discrepancies() == []


async def test_the_next_party_sits_down_when_the_one_before_leaves(desk: Desk) -> None:
    for clock in ("17:00", "18:45", "20:30"):
        assert (await desk.book(f"2026-11-28 {clock}", 4, store="single", who=None)).tables == ("T1",)

    assert await desk.discrepancies() == []


async def test_a_full_house_answers_with_three_offers_that_can_be_booked(desk: Desk) -> None:
    await desk.book("2026-11-28 19:00", 4, store="single", who=LI)

    error = await refused(desk, FullError, "2026-11-28 19:30", 4, store="single")

    assert isinstance(error, FullError)
    assert [offer.said for offer in error.offers] == ["20:45", "21:00", "21:15"]
    assert error.details == {"store": "独桌店", "time": "11月28日 19:30", "people": 4, "offers": "20:45、21:00、21:15"}
    offer = error.offers[0]
    assert (await desk.book("2026-11-28 20:45", 4, store=offer.store_id)).ends_at == offer.ends_at


async def test_so_many_guests_and_no_more_start_in_one_quarter(desk: Desk) -> None:
    for _ in range(2):
        await desk.book("2026-11-28 19:00", 4, store="night", who=None)

    await refused(desk, FullError, "2026-11-28 19:14", 6, store="night", who=None)  # 14 of 8; N4 is free
    later = await desk.book("2026-11-28 19:15", 4, store="night", who=None)

    assert later.tables == ("N4",)
    assert await desk.discrepancies() == []


async def test_so_many_guests_and_no_more_are_present(desk: Desk) -> None:
    for clock, people in (("18:00", 6), ("18:15", 4)):
        await desk.book(f"2026-11-28 {clock}", people, store="night", who=None)

    await refused(desk, FullError, "2026-11-28 18:30", 4, store="night", who=None)  # 14 of 12; N3 is free
    assert (await desk.book("2026-11-28 18:30", 2, store="night", who=None)).tables == ("N1",)


@pytest.mark.parametrize(
    ("at", "people", "kind"),
    [
        ("2026-11-28 19:00", 0, BadPartyError),
        ("2026-11-28 19:00", 11, PartyTooLargeError),
        ("2026-11-21 18:00", 2, TooSoonError),
        ("2026-11-21 18:45", 2, TooSoonError),
        ("2026-12-22 12:00", 2, TooFarError),
        ("2026-11-28 15:00", 2, OutsideHoursError),
        ("2026-11-28 21:15", 2, OutsideHoursError),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_written(desk: Desk, at: str, people: int, kind: type[DomainError]) -> None:
    await refused(desk, kind, at, people)

    assert await desk.events() == []
    assert await desk.discrepancies() == []


async def test_refusals_say_what_would_do(desk: Desk) -> None:
    assert (await refused(desk, TooSoonError, "2026-11-21 18:45")).details == {"minutes": 30, "earliest": "19:00"}
    assert (await refused(desk, TooFarError, "2026-12-22 12:00")).details == {"days": 30, "last": "12月21日"}
    assert (await refused(desk, PartyTooLargeError, people=12)).details == {"store": "一店", "people": 12, "most": 10}
    assert (await refused(desk, NoRoomError, people=12, room=True)).details == {"store": "一店", "people": 12, "most": 10}
    assert (await refused(desk, NoRoomError, store="night", room=True)).details["most"] == 0
    assert (await refused(desk, OutsideHoursError, "2026-11-28 15:00")).details["offers"] == "13:00、17:00、独桌店 15:00"
    assert (await refused(desk, BookingsClosedError, store="shut")).details == {"store": "不订店"}
    assert (await refused(desk, BookingsClosedError, store="nowhere")).details == {"store": "nowhere"}


async def test_nobody_has_two_tables_in_one_store_within_two_hours(desk: Desk) -> None:
    first = await desk.book("2026-11-28 19:00")

    error = await refused(desk, AlreadyBookedError, "2026-11-28 20:59")
    assert error.details == {"number": first.number, "time": "11月28日 19:00"}
    assert (await desk.book("2026-11-28 21:00")).id != first.id
    assert (await desk.book("2026-11-28 19:00", store="night")).store_id == "night"
    assert (await desk.book("2026-11-28 19:00", who=LI)).tables == ("A02",)


async def test_staff_write_in_parties_from_the_phone_which_leave_no_deposit(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 9, who=None, name="李总")

    assert (booked.state, booked.deposit_fen, booked.diner_id, booked.room) == (BookingState.CONFIRMED, 0, None, "锦绣厅")


@pytest.mark.parametrize("day", ["2027-02-06", "2027-02-28", "2026-12-31"])
async def test_any_date_is_a_date(desk: Desk, day: str) -> None:
    """The lunar new year's day of 2027, the end of February, the turn of the year."""
    booked = await desk.book(f"{day} 23:30", store="night")

    assert booked.business_day == date.fromisoformat(day)
    assert booked.ends_at - booked.starts_at == timedelta(minutes=90)


async def test_the_29th_of_february(desk: Desk) -> None:
    desk.clock.set(wall("2028-02-10 12:00"))

    booked = await desk.book("2028-03-01 00:30", store="night")

    assert booked.business_day == date(2028, 2, 29)
    assert booked.ends_at == wall("2028-03-01 02:00")


@pytest.mark.parametrize(
    ("at", "leaves"),
    [("2027-03-28 01:30", "2027-03-28 04:00"), ("2027-10-31 01:30", "2027-10-31 02:00"), ("2027-10-30 22:00", "2027-10-30 23:30")],
)
async def test_a_stay_is_as_long_as_it_is_though_the_clocks_change(desk: Desk, at: str, leaves: str) -> None:
    desk.clock.set(wall("2027-03-01 12:00"))

    booked = await desk.book(at, store="berlin")

    berlin = desk.shop.stores["berlin"]
    assert booked.ends_at - booked.starts_at == timedelta(minutes=90)
    assert berlin.local(booked.ends_at).replace(tzinfo=None).isoformat(" ", "minutes") == leaves
    assert await desk.discrepancies() == []


async def test_a_diner_sees_what_is_to_come_and_no_other_diners(desk: Desk) -> None:
    late = await desk.book("2026-11-29 19:00")
    early = await desk.book("2026-11-28 19:00")
    await desk.book("2026-11-28 19:00", who=LI)
    await desk.cancel(await desk.book("2026-11-28 12:00"))

    assert await desk.database.read(bookings_of, WANG, now=desk.now) == [early, late]
    desk.clock.set(early.ends_at)
    assert await desk.database.read(bookings_of, WANG, now=desk.now) == [late]
    with pytest.raises(DomainError, match=r"bookings\.unknown"):
        await desk.database.read(get_booking, early.id, diner_id=LI)


async def test_the_floor_of_a_day_is_every_table_with_its_bookings(desk: Desk) -> None:
    await desk.database.transaction(import_shop, DOCUMENT, imported_by="test", now=desk.now)
    pair = await desk.book("2026-11-28 19:00", 8, who=None)
    two = await desk.book("2026-11-28 12:00", 2)
    gone = await desk.book("2026-11-28 12:00", 2, who=LI)
    await desk.cancel(gone)
    await desk.book("2026-11-29 12:00", 2)

    floor = await desk.database.read(floor_of_day, "day", date(2026, 11, 28))

    assert [(row.table_code, row.seats, row.area, row.booking and row.booking.number) for row in floor] == [
        ("A01", 2, "大厅", two.number),
        ("A02", 2, "靠窗", None),
        ("A03", 4, "大厅", pair.number),
        ("A04", 4, "大厅", pair.number),
        ("A05", 4, "靠窗", None),
        ("V01", 10, "包间", None),
    ]
    assert floor[2].booking == pair


async def test_who_seats_walk_ins_sees_which_tables_are_booked_soon(desk: Desk) -> None:
    first = await desk.book("2026-11-21 19:00", 2)
    await desk.book("2026-11-21 21:00", 4, who=LI)

    soon = await desk.database.read(tables_booked_soon, "day", now=desk.now, within=timedelta(hours=1))
    await desk.seat(first)
    seated = await desk.database.read(tables_booked_soon, "day", now=desk.now, within=timedelta(hours=3))

    assert soon == {"A01": first.starts_at}
    assert seated == {"A01": first.starts_at, "A05": wall("2026-11-21 21:00")}  # they sit there, whether or not they scanned the code


async def test_a_store_that_changed_its_mind_takes_no_more_and_keeps_what_it_took(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", store="night")
    desk.shop = shop_with("bookings: {days_ahead: 365, clean_minutes: 10,", "bookings: {open: no, days_ahead: 365, clean_minutes: 10,")

    await refused(desk, BookingsClosedError, "2026-11-28 21:00", store="night")
    assert (await desk.extend(booked, 30)).ends_at == booked.ends_at + timedelta(minutes=30)
    with pytest.raises(BookingsClosedError):
        await desk.change(await desk.get(booked), replace(booked.wish, people=3))
    assert (await desk.cancel(booked)).state is BookingState.CANCELLED
