"""Change and extend: the new tables first, the old ones kept when that fails; older cards are refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.errors import (
    AlreadyBookedError,
    BookingOverError,
    CannotExtendError,
    ChangeNeedsDepositError,
    FullError,
    StaleBookingError,
    TooSoonError,
    UnknownBookingError,
)
from domain.bookings.rules import BookingState
from tests.domain.bookings.conftest import LI, WANG, Desk
from tests.domain.bookings.floors import wall


async def test_a_party_that_comes_a_little_later_keeps_its_table(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4)
    later = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 19:30")), who=WANG)

    assert (later.tables, later.number, later.version) == (booked.tables, booked.number, 2)
    assert later.ends_at == wall("2026-11-28 21:15")
    assert await desk.events() == ["booking_confirmed", "booking_changed"]
    assert (await desk.payload("booking_changed"))["before_starts_at"] == booked.starts_at.isoformat()
    assert (await desk.book("2026-11-28 17:00", 4, who=None, area="靠窗")).tables == ("A05",)
    assert await desk.discrepancies() == []


async def test_a_larger_party_moves_and_its_old_table_is_free(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 2, store="night")
    larger = await desk.change(booked, replace(booked.wish, people=6))

    assert (booked.tables, larger.tables) == (("N1",), ("N4",))
    assert (await desk.book("2026-11-28 19:15", 2, store="night", who=LI)).tables == ("N1",)
    assert await desk.discrepancies() == []


async def test_when_the_new_time_is_full_the_old_table_stays(desk: Desk) -> None:
    other = await desk.book("2026-11-28 21:00", 4, store="single", who=LI)
    booked = await desk.book("2026-11-28 18:00", 4, store="single")

    with pytest.raises(FullError) as caught:
        await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 20:30")))

    assert [offer.said for offer in caught.value.offers] == ["19:15", "19:00", "18:45"]  # its own table is free for it
    assert await desk.get(booked) == booked
    assert await desk.get(other) == other
    assert await desk.discrepancies() == []


async def test_another_day_or_store_gives_another_number(desk: Desk) -> None:
    await desk.book("2026-11-29 19:00", who=LI)
    booked = await desk.book("2026-11-28 19:00")

    sunday = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-29 19:00")))
    elsewhere = await desk.change(sunday, sunday.wish, store="night")

    assert (booked.number, sunday.number, elsewhere.number) == ("B001", "B002", "B001")
    assert (elsewhere.store_id, elsewhere.tables) == ("night", ("N1",))
    assert await desk.discrepancies() == []


async def test_a_wish_that_changes_nothing_changes_nothing(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 3, notes="安静")

    assert await desk.change(booked, booked.wish) == booked
    assert await desk.events() == ["booking_confirmed"]


async def test_new_notes_change_no_table(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 3)

    noted = await desk.change(booked, replace(booked.wish, notes="过生日"))

    assert (noted.notes, noted.tables, noted.starts_at) == ("过生日", booked.tables, booked.starts_at)


async def test_an_older_card_is_refused(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00")
    await desk.change(booked, replace(booked.wish, people=3))

    with pytest.raises(StaleBookingError):
        await desk.change(booked, replace(booked.wish, people=4), version=1)


async def test_only_the_diner_and_staff_change_a_booking_that_is_to_come(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00")

    with pytest.raises(UnknownBookingError):
        await desk.change(booked, replace(booked.wish, people=3), who=LI)
    await desk.cancel(booked)
    with pytest.raises(BookingOverError):
        await desk.change(booked, replace(booked.wish, people=3), who=WANG)


async def test_a_change_comes_no_nearer_than_two_hours_to_another_booking(desk: Desk) -> None:
    await desk.book("2026-11-28 17:00")
    booked = await desk.book("2026-11-28 20:00")

    with pytest.raises(AlreadyBookedError):
        await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 18:45")))


async def test_who_is_late_may_come_later_without_notice_but_not_sooner(desk: Desk) -> None:
    booked = await desk.book("2026-11-21 19:15")
    desk.clock.set(wall("2026-11-21 19:10"))

    with pytest.raises(TooSoonError):
        await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-21 19:00")))
    later = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-21 19:30")))

    assert later.late_until == wall("2026-11-21 19:45")


async def test_a_change_that_needs_a_deposit_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4)

    with pytest.raises(ChangeNeedsDepositError) as caught:
        await desk.change(booked, replace(booked.wish, room=True))

    assert caught.value.details == {"number": booked.number, "deposit": "100"}
    assert await desk.get(booked) == booked


async def test_a_change_while_the_deposit_is_waited_for_asks_for_the_new_one_or_for_none(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4, room=True)
    bill = await desk.ask_deposit(booked)

    larger = await desk.change(booked, replace(booked.wish, people=8))
    assert (larger.state, larger.deposit_fen, larger.hold_until) == (BookingState.HELD, 20000, booked.hold_until)
    assert (await desk.ask_deposit(larger)).id != bill.id
    table = await desk.change(larger, replace(larger.wish, people=4, room=False))

    assert (table.state, table.deposit_fen, table.room) == (BookingState.CONFIRMED, 0, "")
    assert [kind for kind, version, _ in await desk.reminders() if version == table.version] == ["24h", "3h", "noshow"]


async def test_a_deposit_that_is_no_longer_asked_for_goes_back(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4, room=True)
    await desk.pay_deposit(booked)
    table = await desk.change(await desk.get(booked), replace(booked.wish, room=False))

    assert (table.deposit_fen, table.room) == (0, "")
    assert await desk.refunds() == [(10000, "deposit_not_needed")]


async def test_who_can_no_longer_cancel_for_nothing_does_not_get_it_back_by_moving(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4, room=True)
    await desk.pay_deposit(booked)
    assert booked.refund_until is not None
    desk.clock.set(booked.refund_until + timedelta(seconds=1))

    table = await desk.change(await desk.get(booked), replace(booked.wish, room=False))
    week = await desk.change(table, replace(table.wish, starts_at=wall("2026-12-05 19:00")))

    assert (week.deposit_fen, week.refund_until) == (10000, booked.refund_until)
    await desk.cancel(week, who=WANG)
    assert await desk.refunds() == []


async def test_a_deposit_that_was_paid_and_not_yet_heard_of_is_not_lost_by_a_change(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4, room=True)
    await desk.pay_deposit(booked, heard=False)

    later = await desk.change(booked, replace(booked.wish, starts_at=wall("2026-11-28 19:30")))

    assert (later.state, later.deposit_fen) == (BookingState.CONFIRMED, 10000)
    assert await desk.refunds() == []


async def test_a_party_stays_longer_when_nobody_comes_after(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", 4, store="single")
    await desk.book("2026-11-28 21:15", 4, store="single", who=LI)
    longer = await desk.extend(booked, 15)

    assert longer.ends_at == booked.ends_at + timedelta(minutes=15)
    with pytest.raises(CannotExtendError) as caught:
        await desk.extend(longer, 60)
    assert caught.value.details == {"number": booked.number, "until": "21:15"}
    assert await desk.get(booked) == longer
    assert await desk.discrepancies() == []


async def test_nobody_stays_longer_than_the_store_is_open(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 20:15")

    with pytest.raises(CannotExtendError) as caught:
        await desk.extend(booked, 60)

    assert caught.value.details["until"] == "22:00"
    assert (await desk.extend(booked, 15)).ends_at == wall("2026-11-28 22:00")


async def test_a_party_that_sits_may_stay_longer_and_one_that_left_may_not(desk: Desk) -> None:
    booked = await desk.book("2026-11-21 19:00")
    await desk.seat(booked)
    longer = await desk.extend(booked, 30)

    assert (longer.state, longer.ends_at) == (BookingState.SEATED, wall("2026-11-21 21:00"))
    await desk.finish(booked)
    with pytest.raises(BookingOverError):
        await desk.extend(booked, 30)
