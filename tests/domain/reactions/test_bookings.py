"""Whenever a deposit comes in or does not, a night has come, or two diners were one: what becomes of their bookings."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.bookings.deposits import ask_deposit, deposit_left
from domain.bookings.finding import Wish
from domain.bookings.lifecycle import seat_booking
from domain.bookings.listing import Booked, bookings_of, get_booking, tables_booked_soon
from domain.bookings.models import Booking
from domain.bookings.rules import BookingState
from domain.bookings.service import book
from domain.members.merging import Proof, merge
from domain.payments.service import confirm_payment
from domain.service_calls.listing import list_calls
from domain.service_calls.rules import CallKind
from domain.service_calls.service import call_staff
from domain.tables.service import end_session, scan_table
from tests.domain.reactions.house import House


async def _books(house: House, diner: str, *, room: bool = True) -> Booked:
    """A table or a room for tomorrow at this time, which is half past six."""

    def run(session: Session, *, now: Any) -> Booked:
        wish = Wish(now + timedelta(days=1), 4, room=room)
        return book(session, house.shop(session), "one", diner, wish, key=f"booking:{diner}", now=now)

    booked: Booked = await house.do(run)
    return booked


async def _pays(house: House, booked: Booked) -> None:
    def run(session: Session, *, now: Any) -> None:
        assert booked.diner_id is not None
        payment = ask_deposit(session, booked.id, diner_id=booked.diner_id, now=now)
        confirm_payment(session, payment.id, fen=payment.fen, method="simulated", external_no=payment.id, now=now)

    await house.do(run)
    await house.works()


async def _state(house: House, booked: Booked) -> BookingState:
    return (await house.database.read(get_booking, booked.id)).state


async def test_a_room_waits_a_quarter_of_an_hour_for_its_deposit(house: House) -> None:
    booked = await _books(house, await house.diner())
    await house.works()
    assert await _state(house, booked) is BookingState.HELD

    house.clock.advance(minutes=15)
    await house.works()
    assert await _state(house, booked) is BookingState.EXPIRED


async def test_a_deposit_in_time_makes_the_booking_stand_for_good(house: House) -> None:
    booked = await _books(house, await house.diner())
    await _pays(house, booked)
    assert await _state(house, booked) is BookingState.CONFIRMED

    house.clock.advance(hours=3)
    await house.works()
    assert await _state(house, booked) is BookingState.CONFIRMED
    assert await house.database.read(deposit_left, booked.id) == 20_000


async def test_by_night_parties_that_came_have_left_and_deposits_that_no_bill_counted_go_back(house: House) -> None:
    booked = await _books(house, await house.diner())
    await _pays(house, booked)

    await house.night()
    assert await _state(house, booked) is BookingState.CONFIRMED
    await house.night()

    assert await _state(house, booked) is BookingState.DONE
    assert await house.database.read(deposit_left, booked.id) == 0


async def test_a_night_whose_work_is_done_late_takes_nothing_from_the_next_one(house: House) -> None:
    booked = await _books(house, await house.diner())
    await _pays(house, booked)
    await house.night_comes()
    house.clock.advance(hours=8)  # it is noon: the worker stood still
    await house.works()
    assert await _state(house, booked) is BookingState.CONFIRMED

    await house.night()

    assert await _state(house, booked) is BookingState.DONE


async def test_names_and_notes_are_forgotten_by_night(house: House) -> None:
    booked = await _books(house, await house.diner(), room=False)
    await house.database.transaction(lambda session: session.execute(Booking.__table__.update().values(name="陈女士", notes="过生日")))

    house.clock.advance(days=30)
    await house.night()
    assert (await house.database.read(get_booking, booked.id)).name == "陈女士"
    house.clock.advance(days=2)
    await house.night()

    kept = await house.database.read(lambda session: session.execute(select(Booking.name, Booking.notes)).one())
    assert tuple(kept) == (None, None)


async def test_of_two_diners_who_are_one_the_bookings_are_one_list(house: House) -> None:
    first, second = await house.member(), await house.member()
    booked = await _books(house, second, room=False)

    await house.do(merge, first, second, proof=Proof.STAFF)
    await house.works()

    assert [one.id for one in await house.database.read(bookings_of, first, now=house.clock.now())] == [booked.id]


async def test_a_party_that_paid_leaves_the_rest_of_its_turn_to_others(house: House) -> None:
    diner = await house.diner()
    booked = await _books(house, diner, room=False)
    house.clock.set(booked.starts_at)
    await house.do(lambda session, *, now: seat_booking(session, house.shop(session), booked.id, now=now))
    sits = await house.do(lambda session, *, now: scan_table(session, house.shop(session).stores["one"], booked.tables[0], diner, now=now))
    house.clock.advance(minutes=40)

    await house.do(lambda session, *, now: end_session(session, sits.session_id, reason="paid", now=now))
    await house.works()

    assert await _state(house, booked) is BookingState.DONE
    soon = await house.database.read(tables_booked_soon, "one", now=house.clock.now(), within=timedelta(hours=3))
    assert booked.tables[0] not in soon


async def test_what_was_called_for_at_a_table_is_over_when_its_party_has_paid(house: House) -> None:
    diner = await house.diner()
    code = (await _books(house, diner, room=False)).tables[0]
    await house.do(
        lambda session, *, now: call_staff(session, house.shop(session).stores["one"], code, CallKind.WATER, diner_id=None, now=now)
    )
    sits = await house.do(lambda session, *, now: scan_table(session, house.shop(session).stores["one"], code, diner, now=now))
    before = await house.database.read(list_calls, "one", now=house.clock.now())

    await house.do(lambda session, *, now: end_session(session, sits.session_id, reason="paid", now=now))
    await house.works()

    assert [call.table_code for call in before] == [code]
    assert await house.database.read(list_calls, "one", now=house.clock.now()) == []


async def test_a_party_of_before_that_pays_late_does_not_end_the_booking_after_it(house: House) -> None:
    diner = await house.diner()
    booked = await _books(house, diner, room=False)
    house.clock.set(booked.starts_at - timedelta(hours=1))
    before = await house.do(
        lambda session, *, now: scan_table(session, house.shop(session).stores["one"], booked.tables[0], diner, now=now)
    )
    house.clock.set(booked.starts_at)
    await house.do(lambda session, *, now: seat_booking(session, house.shop(session), booked.id, now=now))

    await house.do(lambda session, *, now: end_session(session, before.session_id, reason="staff", now=now))
    await house.works()

    assert await _state(house, booked) is BookingState.SEATED
