"""What becomes of a booking: deposits, cancelling, seating, no-shows and their strikes, and what is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.bookings import deposits, lifecycle
from domain.bookings.errors import BookingOverError, NotLateYetError, NotTodayError, UnknownBookingError
from domain.bookings.listing import bookings_of, bookings_of_day, bookings_to_review
from domain.bookings.models import BookingPace, TableUnit
from domain.bookings.rules import BOOKING_MOVES, LIVING, BookingState
from domain.bookings.strikes import strikes_of, take_back_strike
from domain.payments.service import confirm_payment
from tests.domain.bookings.conftest import LI, WANG, Desk
from tests.domain.bookings.floors import wall


def units(session: Session) -> tuple[int, int]:
    """How many quarters of tables are taken, and how many guests are counted in all quarters."""
    taken = session.execute(select(func.count()).select_from(TableUnit)).scalar_one()
    return taken, int(session.execute(select(func.coalesce(func.sum(BookingPace.present), 0))).scalar_one())


def test_a_booking_that_is_over_stays_over():
    assert [state for state, following in BOOKING_MOVES.items() if not following] == [
        state for state in BookingState if state not in LIVING
    ]


class TestDeposits:
    async def test_a_paid_deposit_confirms_and_a_second_word_of_it_changes_nothing(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked)

        confirmed = await desk.get(booked)
        assert (confirmed.state, confirmed.hold_until) == (BookingState.CONFIRMED, None)
        assert await desk.events() == ["booking_held", "booking_confirmed"]
        assert await desk.do(deposits.deposit_paid, booked.id) is False
        assert await desk.database.read(deposits.deposit_left, booked.id) == 20000

    async def test_the_same_bill_is_shown_until_it_is_paid_and_none_after(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        assert (await desk.ask_deposit(booked)).id == (await desk.ask_deposit(booked)).id

        await desk.pay_deposit(booked)
        with pytest.raises(BookingOverError):
            await desk.ask_deposit(booked)

    async def test_without_its_deposit_a_booking_expires_and_its_tables_are_free(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        bill = await desk.ask_deposit(booked)
        assert await desk.lapse(booked) is False

        desk.clock.advance(minutes=15)
        assert await desk.lapse(booked) is True

        assert (await desk.get(booked)).state is BookingState.EXPIRED
        assert (await desk.payload("booking_cancelled"))["by"] == "house"
        assert await desk.database.read(units) == (0, 0)
        assert await desk.do(confirm_payment, bill.id, fen=bill.fen, method="simulated", external_no="late") is False
        assert await desk.refunds() == [(20000, "late_payment")]
        assert (await desk.book(people=8, who=LI)).tables == booked.tables

    async def test_money_that_came_in_the_last_second_keeps_the_table(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked, heard=False)
        desk.clock.advance(minutes=15)

        assert await desk.lapse(booked) is True
        assert (await desk.get(booked)).state is BookingState.CONFIRMED
        assert await desk.do(deposits.deposit_paid, booked.id) is False
        assert await desk.refunds() == []

    async def test_cancelled_in_time_it_goes_back_whole(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked)
        assert booked.refund_until is not None
        desk.clock.set(booked.refund_until)

        await desk.cancel(booked, who=WANG)

        assert await desk.refunds() == [(20000, "booking_cancelled")]
        assert (await desk.payload("booking_cancelled"))["refunded_fen"] == 20000

    async def test_cancelled_late_by_the_diner_it_stays_until_staff_return_it(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked)
        assert booked.refund_until is not None
        desk.clock.set(booked.refund_until + timedelta(seconds=1))

        await desk.cancel(booked, who=WANG)
        assert await desk.refunds() == []

        assert await desk.do(deposits.return_deposit, booked.id) == 20000
        assert await desk.do(deposits.return_deposit, booked.id) == 0
        assert await desk.refunds() == [(20000, "deposit_returned")]

    async def test_cancelled_late_by_the_house_it_goes_back_whole(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked)
        desk.clock.set(booked.starts_at)

        await desk.cancel(booked)

        assert await desk.refunds() == [(20000, "booking_cancelled")]

    async def test_nobody_is_asked_twice_for_a_deposit_that_is_paid_and_not_heard_of(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        paid = await desk.ask_deposit(booked)
        await desk.pay_deposit(booked, heard=False)

        assert (await desk.ask_deposit(booked)).id == paid.id

    async def test_cancelled_before_anybody_heard_of_the_money_it_goes_back(self, desk: Desk) -> None:
        booked = await desk.book(people=8)
        await desk.pay_deposit(booked, heard=False)

        await desk.cancel(booked, who=WANG)
        await desk.do(deposits.deposit_paid, booked.id)

        assert await desk.refunds() == [(20000, "booking_cancelled")]
        assert (await desk.get(booked)).state is BookingState.CANCELLED

    async def test_it_goes_back_whole_when_the_party_sits_down_once_and_the_diner_is_told(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:00", 8)
        await desk.pay_deposit(booked)

        await desk.seat(booked)
        await desk.seat(booked)
        await desk.finish(booked)

        assert await desk.refunds() == [(20000, "deposit_returned")]
        assert (await desk.payload("deposit_returned"))["refunded_fen"] == 20000
        assert await desk.do(deposits.return_deposit, booked.id) == 0

    async def test_of_a_party_that_nobody_reported_it_goes_back_when_it_must_have_left(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:15", 4, room=True, who=LI)
        await desk.pay_deposit(booked)

        await desk.finish(booked)

        assert await desk.refunds() == [(10000, "deposit_returned")]

    async def test_of_a_party_that_did_not_come_it_stays_until_staff_return_it(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:00", 8)
        await desk.pay_deposit(booked)
        desk.clock.set(booked.late_until)

        await desk.miss(booked)
        assert await desk.refunds() == []

        assert await desk.do(deposits.return_deposit, booked.id) == 20000


class TestCancelling:
    async def test_the_tables_are_free_at_once_and_a_second_tap_changes_nothing(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-28 19:00", 7)
        assert await desk.database.read(units) == (20, 70)

        cancelled = await desk.cancel(booked, who=WANG, reason="changed_plans")

        assert (cancelled.state, cancelled.end_reason) == (BookingState.CANCELLED, "changed_plans")
        assert await desk.cancel(booked, who=WANG) == cancelled
        assert await desk.database.read(units) == (0, 0)
        assert await desk.events() == ["booking_confirmed", "booking_cancelled"]
        assert await desk.discrepancies() == []

    async def test_nobody_cancels_another_diners_booking(self, desk: Desk) -> None:
        booked = await desk.book()

        with pytest.raises(UnknownBookingError):
            await desk.cancel(booked, who=LI)

    async def test_a_party_that_sits_does_not_cancel(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:00")
        await desk.seat(booked)

        with pytest.raises(BookingOverError):
            await desk.cancel(booked, who=WANG)


class TestComing:
    async def test_one_tap_says_that_the_party_comes(self, desk: Desk) -> None:
        booked = await desk.book()

        assert await desk.do(lifecycle.acknowledge_booking, booked.id, diner_id=WANG) is True
        assert await desk.do(lifecycle.acknowledge_booking, booked.id, diner_id=WANG) is False
        acknowledged = await desk.get(booked)
        assert (acknowledged.acknowledged, acknowledged.version) == (True, 1)

    async def test_a_party_is_seated_on_its_own_day_and_has_its_tables_until_it_leaves(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:00", 4)
        tomorrow = await desk.book("2026-11-22 19:00")

        with pytest.raises(NotTodayError):
            await desk.seat(tomorrow)
        assert (await desk.seat(booked)).state is BookingState.SEATED
        assert (await desk.seat(booked)).state is BookingState.SEATED
        assert (await desk.finish(booked)).state is BookingState.DONE
        assert (await desk.book("2026-11-21 19:00", 4, area="靠窗", who=LI)).tables == booked.tables
        assert await desk.discrepancies() == []

    async def test_a_party_that_comes_a_little_early_is_seated_though_its_business_day_has_not_begun(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-22 05:20", 2, store="single")
        desk.clock.set(wall("2026-11-22 04:49"))
        with pytest.raises(NotTodayError):
            await desk.seat(booked)

        desk.clock.set(wall("2026-11-22 04:50"))
        assert (await desk.seat(booked)).state is BookingState.SEATED

    async def test_a_party_that_is_late_is_seated_though_its_business_day_is_over(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-22 04:45", 2, store="single")
        desk.clock.set(wall("2026-11-22 05:05"))

        assert (await desk.seat(booked)).state is BookingState.SEATED

    async def test_who_is_not_reported_missing_came(self, desk: Desk) -> None:
        past = [await desk.book(f"2026-11-21 {clock}", who=who) for clock, who in (("19:00", WANG), ("19:15", LI))]
        await desk.seat(past[0])
        coming = await desk.book("2026-11-28 19:00")

        desk.clock.set(past[1].ends_at + timedelta(hours=3, seconds=1))
        assert await desk.do(lifecycle.finish_past_bookings) == 2

        assert [(await desk.get(booked)).state for booked in (*past, coming)] == ["done", "done", "confirmed"]
        assert await desk.discrepancies() == []


class TestNoShows:
    async def test_a_table_is_kept_for_who_is_late_and_then_free(self, desk: Desk) -> None:
        booked = await desk.book("2026-11-21 19:00")
        desk.clock.set(booked.late_until - timedelta(seconds=1))
        with pytest.raises(NotLateYetError) as caught:
            await desk.miss(booked)
        assert caught.value.details["until"] == "19:15"

        desk.clock.set(booked.late_until)
        assert (await desk.miss(booked)).state is BookingState.NO_SHOW
        assert (await desk.miss(booked)).state is BookingState.NO_SHOW

        assert await desk.database.read(units) == (0, 0)
        assert len(await desk.database.read(strikes_of, WANG, now=desk.now)) == 1
        assert (await desk.payload("booking_missed"))["strikes"] == 1
        with pytest.raises(BookingOverError):
            await desk.cancel(booked, who=WANG)

    async def missed(self, desk: Desk, times: int) -> None:
        for _ in range(times):
            today = desk.shop.stores["day"].local(desk.now).date()
            booked = await desk.book(f"{today} 19:00")
            desk.clock.set(booked.late_until)
            await desk.miss(booked)
            desk.clock.set(wall(f"{today + timedelta(days=1)} 12:00"))

    async def test_four_in_a_year_ask_the_staff_and_shut_nobody_out(self, desk: Desk) -> None:
        await self.missed(desk, 4)

        assert (await desk.propose("2026-11-28 19:00")).reviewed
        asked = await desk.book("2026-11-28 19:00")
        assert (asked.state, asked.hold_until) == (BookingState.REQUESTED, desk.now + timedelta(hours=2))
        assert (await desk.payload("booking_requested"))["strikes"] == 4
        assert await desk.database.read(bookings_to_review, "day") == [asked]

    async def test_what_staff_do_not_answer_in_time_is_a_yes(self, desk: Desk) -> None:
        await self.missed(desk, 4)
        asked = await desk.book("2026-11-28 19:00", 8)
        assert await desk.lapse(asked) is False

        desk.clock.advance(hours=2)
        assert await desk.lapse(asked) is True

        held = await desk.get(asked)
        assert (held.state, held.hold_until) == (BookingState.HELD, desk.now + timedelta(minutes=15))
        assert await desk.lapse(asked) is False
        await desk.pay_deposit(held)
        assert (await desk.get(held)).state is BookingState.CONFIRMED

    async def test_strikes_decay_after_a_year_and_are_explained_until_then(self, desk: Desk) -> None:
        await self.missed(desk, 4)
        oldest = (await desk.database.read(strikes_of, WANG, now=desk.now))[-1]
        assert (oldest.number, oldest.store_id) == ("B001", "day")

        desk.clock.set(oldest.until)

        assert len(await desk.database.read(strikes_of, WANG, now=desk.now)) == 3
        today = desk.shop.stores["day"].local(desk.now).date()
        assert (await desk.book(f"{today + timedelta(days=3)} 19:00")).state is BookingState.CONFIRMED

    async def test_staff_take_a_strike_back(self, desk: Desk) -> None:
        await self.missed(desk, 1)
        [struck] = await desk.database.read(strikes_of, WANG, now=desk.now)

        assert await desk.database.transaction(take_back_strike, struck.booking_id) is True
        assert await desk.database.transaction(take_back_strike, struck.booking_id) is False
        assert await desk.database.read(strikes_of, WANG, now=desk.now) == []


async def test_bookings_and_strikes_of_one_person_come_together(desk: Desk) -> None:
    missed = await desk.book("2026-11-21 19:00")
    desk.clock.set(missed.late_until)
    await desk.miss(missed)
    booked = await desk.book("2026-11-28 19:00")

    await desk.database.transaction(lifecycle.merge_bookings, WANG, LI)

    assert [found.id for found in await desk.database.read(bookings_of, LI, now=desk.now)] == [booked.id]
    assert len(await desk.database.read(strikes_of, LI, now=desk.now)) == 1


async def test_name_and_notes_are_forgotten_after_30_days_and_the_booking_is_not(desk: Desk) -> None:
    booked = await desk.book("2026-11-28 19:00", name="王女士", notes="过生日")
    await desk.finish(booked)

    desk.clock.set(booked.ends_at + timedelta(days=30))
    await desk.do(lifecycle.forget_bookings)
    assert (await desk.get(booked)).name == "王女士"
    desk.clock.advance(seconds=1)
    await desk.do(lifecycle.forget_bookings)

    [forgotten] = await desk.database.read(bookings_of_day, "day", booked.business_day)
    assert forgotten == replace(await desk.get(booked), name="", notes="")
    assert await desk.discrepancies() == []
