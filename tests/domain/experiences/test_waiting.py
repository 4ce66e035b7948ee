"""The waiting list: first come first served by the party that fits, and offers that keep their places for a time."""

from datetime import timedelta

import pytest

from domain.experiences.errors import (
    AlreadyBookedError,
    AlreadyWaitingError,
    LevelNeededError,
    OfferOverError,
    SessionFullError,
    TooLateError,
    UnknownWaitingError,
)
from domain.experiences.listing import my_experiences
from domain.experiences.rules import ExperienceState, Passed, WaitingState, offer_until
from domain.experiences.waiting import take_offer
from tests.domain.experiences.calendar import wall
from tests.domain.experiences.conftest import GUESTS, LI, SUNDAY, WANG, ZHAO, Desk

NEXT = "2026-12-06 10:00"  # the tasting of the Sunday after


async def test_a_freed_place_is_offered_to_the_first_who_waits_and_kept_from_all_others(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    first, second = await desk.wait(adults=2), await desk.wait(adults=2, who=ZHAO)
    assert [(place.place, place.ahead, place.state.value) for place in (first, second)] == [(1, 0, "waiting"), (2, 1, "waiting")]

    await desk.change(booked, 4)
    assert (await desk.place(first)).offer_until == desk.now + timedelta(minutes=60)
    assert (await desk.place(second)).state is WaitingState.WAITING
    with pytest.raises(SessionFullError):
        await desk.book(adults=1, who=GUESTS[0])
    assert [seen.places_left for seen in await desk.sessions(experience_id="tasting", store_id="one", day=wall(SUNDAY).date())] == [0]
    assert await desk.discrepancies() == []


async def test_an_offer_that_is_taken_is_a_booking_with_what_was_wished(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place = await desk.wait(adults=1, children=1, name="李先生", notes="带推车")
    await desk.cancel(booked)
    taken = await desk.take(place, key="tap")

    assert (taken.state, taken.adults, taken.children, taken.name, taken.notes) == (ExperienceState.BOOKED, 1, 1, "李先生", "带推车")
    assert await desk.take(place, key="tap") == taken
    assert (await desk.place(place)).state is WaitingState.TAKEN
    with pytest.raises(OfferOverError):
        await desk.take(place)
    assert (await desk.of(taken)).places_taken == 2
    assert await desk.discrepancies() == []


async def test_an_offer_lapses_and_goes_to_the_next_and_its_lapse_heard_twice_does_nothing_twice(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    places = [await desk.wait(adults=6, who=who) for who in GUESTS[:3]]
    await desk.cancel(booked)
    assert await desk.lapse_offer(places[0]) is False, "it stands for an hour"
    desk.clock.advance(minutes=60)
    with pytest.raises(OfferOverError):
        await desk.take(places[0])

    assert await desk.lapse_offer(places[0]) is True
    second = await desk.place(places[1])
    assert second.offer_until == desk.now + timedelta(minutes=60)
    for _ in range(3):
        assert await desk.lapse_offer(places[0]) is False
    assert await desk.place(places[1]) == second
    assert (await desk.place(places[2])).state is WaitingState.WAITING
    assert (await desk.of(booked)).places_taken == 6
    assert (await desk.events()).count("offer_lapsed") == 1
    assert await desk.discrepancies() == []


async def test_who_declines_or_leaves_makes_room_for_the_next(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    places = [await desk.wait(adults=6, who=who) for who in GUESTS[:3]]
    await desk.cancel(booked)
    for _ in range(2):
        assert (await desk.decline(places[0])).state is WaitingState.DECLINED
        assert (await desk.leave(places[1])).state is WaitingState.LEFT
    assert (await desk.place(places[2])).state is WaitingState.OFFERED
    assert (await desk.of(booked)).places_taken == 6


async def test_a_smaller_party_behind_is_served_and_the_larger_keeps_its_turn_with_a_reason(desk: Desk) -> None:
    one, two = await desk.book(adults=2), await desk.book(adults=4, who=ZHAO)
    large, small, later = [await desk.wait(adults=n, who=who) for n, who in ((4, GUESTS[0]), (2, GUESTS[1]), (4, GUESTS[2]))]
    await desk.cancel(one)
    assert (await desk.place(small)).state is WaitingState.OFFERED
    assert (await desk.place(large)).passed == Passed.PLACES
    assert (await desk.place(later)).passed == ""

    await desk.cancel(two)
    assert (await desk.place(large)).state is WaitingState.OFFERED, "four places suffice for it: it is before anyone behind it"
    assert (await desk.place(later)).state is WaitingState.WAITING


async def test_a_party_is_passed_for_what_it_needs(desk: Desk) -> None:
    booked = [
        await desk.book("dough", "2026-11-28 11:00", adults, children, who=who) for adults, children, who in ((2, 1, WANG), (1, 2, ZHAO))
    ]
    children = await desk.wait("dough", "2026-11-28 11:00", 1, 3, who=GUESTS[0])
    adults = await desk.wait("dough", "2026-11-28 11:00", 3, 0, who=GUESTS[1])
    single = await desk.wait("dough", "2026-11-28 11:00", 1, 0, who=GUESTS[2])
    await desk.cancel(booked[0])

    assert (await desk.place(children)).passed == Passed.PLACES
    assert (await desk.place(adults)).state is WaitingState.OFFERED
    assert (await desk.place(single)).state is WaitingState.WAITING


async def test_who_joins_when_there_is_room_by_now_is_offered_at_once(desk: Desk) -> None:
    assert (await desk.wait(adults=2)).state is WaitingState.OFFERED
    with pytest.raises(AlreadyWaitingError):
        await desk.wait(adults=1)
    with pytest.raises(AlreadyBookedError):
        await desk.book(who=WANG) and await desk.wait(who=WANG)


async def test_the_list_is_for_the_level_that_the_experience_is_for(desk: Desk) -> None:
    with pytest.raises(LevelNeededError):
        await desk.wait("baking", "2026-12-05 14:00", 1)


async def test_one_key_is_one_place_and_places_are_the_diners_own(desk: Desk) -> None:
    await desk.book(adults=6)
    place = await desk.wait(key="turn")
    assert await desk.wait(key="turn") == place
    with pytest.raises(UnknownWaitingError):
        await desk.do(take_offer, desk.shop, place.id, diner_id=WANG, key="x")


async def test_who_has_places_on_the_day_by_then_is_not_offered_others(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place, next_one = await desk.wait(adults=6), await desk.wait(adults=6, who=ZHAO)
    await desk.book(who=LI, store="two")
    await desk.cancel(booked)
    assert (await desk.place(place)).state is WaitingState.ENDED
    assert (await desk.place(next_one)).state is WaitingState.OFFERED


async def test_what_is_mine_is_told_as_bookings_places_and_offers(desk: Desk) -> None:
    full, other = await desk.book(adults=6), await desk.book("tasting", NEXT, 6)
    await desk.cancel(full)
    offered, waits = await desk.wait(adults=6), await desk.wait("tasting", NEXT, 1)
    mine = await desk.database.read(my_experiences, LI, now=desk.now)
    assert ([place.id for place in mine.offers], [place.id for place in mine.waiting], mine.bookings) == ([offered.id], [waits.id], ())
    assert [booked.id for booked in (await desk.database.read(my_experiences, WANG, now=desk.now)).bookings] == [other.id]


async def test_no_offer_is_made_after_booking_has_closed_and_the_list_ends(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place = await desk.wait(adults=2)
    assert await desk.close(booked) is False
    desk.goes_on_to("2026-11-29 09:30")
    with pytest.raises(TooLateError):
        await desk.wait(adults=2, who=ZHAO)
    await desk.cancel(booked)
    assert (await desk.place(place)).state is WaitingState.WAITING
    assert await desk.close(booked) is True
    assert (await desk.payload("experience_waiting_ended"))["reason"] == "closed"
    assert (await desk.of(booked)).places_taken == 0


async def test_an_offer_stands_no_longer_than_booking_is_open(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place = await desk.wait(adults=2)
    desk.goes_on_to("2026-11-29 09:10")
    await desk.cancel(booked)
    assert (await desk.place(place)).offer_until == wall("2026-11-29 09:30")
    desk.goes_on_to("2026-11-29 09:30")
    assert await desk.close(booked) is True
    assert (await desk.place(place)).state is WaitingState.LAPSED
    assert await desk.lapse_offer(place) is False
    assert await desk.discrepancies() == []


@pytest.mark.parametrize(
    ("now", "closes", "until"),
    [
        ("2026-11-21 18:30", "2026-11-30 09:30", "2026-11-21 19:30"),
        ("2026-11-21 21:29", "2026-11-30 09:30", "2026-11-21 22:29"),
        ("2026-11-21 21:30", "2026-11-30 09:30", "2026-11-22 10:00"),
        ("2026-11-22 03:00", "2026-11-30 09:30", "2026-11-22 10:00"),
        ("2026-11-22 08:59", "2026-11-30 09:30", "2026-11-22 10:00"),
        ("2026-11-22 03:00", "2026-11-22 09:30", "2026-11-22 09:30"),
        ("2028-02-28 23:00", "2028-03-09 09:30", "2028-02-29 10:00"),
    ],
)
def test_an_offer_made_at_night_stands_for_its_time_after_nine(now: str, closes: str, until: str) -> None:
    assert offer_until(wall(now), minutes=60, closes_at=wall(closes), zone="Asia/Shanghai") == wall(until)


def test_the_night_in_which_clocks_change_ends_at_nine_all_the_same() -> None:
    made = wall("2026-10-24 23:00", "Europe/Berlin")
    assert offer_until(made, minutes=60, closes_at=made + timedelta(days=9), zone="Europe/Berlin") == wall(
        "2026-10-25 10:00", "Europe/Berlin"
    )
