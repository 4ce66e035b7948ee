"""Booking places: for whom, for how many, at what price, and what is told when it cannot be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from domain.experiences.errors import (
    AdultsOnlyError,
    AlreadyBookedError,
    BadPartyError,
    LevelNeededError,
    NoSuchSessionError,
    NotOpenYetError,
    PartyTooLargeError,
    SessionFullError,
    TooLateError,
)
from domain.experiences.lifecycle import forget_experiences
from domain.experiences.listing import guests_of, my_experiences
from domain.experiences.merging import merge_experiences
from domain.experiences.offering import tend_sessions
from domain.experiences.rules import ExperienceState, SessionState
from domain.members.models import Membership
from tests.domain.experiences.calendar import shop_of, wall
from tests.domain.experiences.conftest import GUESTS, LI, SUNDAY, WANG, ZHAO, Desk

BAKING = ("baking", "2026-12-05 14:00")


async def test_places_are_booked_for_a_party_and_counted(desk: Desk) -> None:
    booked = await desk.book("tasting", SUNDAY, 3, 1, name="王女士", notes="对花生过敏")

    assert (booked.number, booked.state, booked.adults, booked.children, booked.fen) == ("E001", ExperienceState.BOOKED, 3, 1, 0)
    assert booked.refund_until is None
    there = await desk.of(booked)
    assert (there.places_taken, there.adults_taken, there.children_taken) == (4, 3, 1)
    assert await desk.events() == ["booked"]
    assert [guest.name for guest in await desk.database.read(guests_of, booked.session_id)] == ["王女士"]
    assert await desk.discrepancies() == []


async def test_asked_again_under_one_key_it_is_one_booking(desk: Desk) -> None:
    first = await desk.book(key="turn")
    assert await desk.book(key="turn") == first
    assert (await desk.of(first)).places_taken == 2
    with pytest.raises(ValueError, match="another diner"):
        await desk.book(key="turn", who=LI)


async def test_an_experience_for_a_level_says_what_is_missing_to_it(desk: Desk) -> None:
    with pytest.raises(LevelNeededError) as stranger:
        await desk.book(*BAKING, 1, 1, ages=("3-6岁",))
    assert (stranger.value.gap.is_member, stranger.value.details["level"]) == (False, "黄金")
    assert stranger.value.details["progress"] == "先成为会员，消费2000元或12次到店就到黄金"

    await desk.is_member(WANG, "白银", spent=1880)
    with pytest.raises(LevelNeededError) as silver:
        await desk.propose(*BAKING, 1, 1, ages=("3-6岁",))
    assert silver.value.details["progress"] == "还差120元或11次到店到黄金"
    assert await desk.events() == []


async def test_the_level_is_judged_when_it_is_booked_and_may_fall_after(desk: Desk) -> None:
    await desk.is_member(WANG, "VIP")
    booked = await desk.book(*BAKING, 1, 1, ages=("3-6岁",))
    await desk.database.transaction(lambda session: session.execute(update(Membership).values(level=None)))

    changed = await desk.change(booked, 2, 1, ages=("7-12岁",))
    assert (changed.adults, changed.ages) == (2, ("7-12岁",))
    with pytest.raises(LevelNeededError):
        await desk.book("baking", "2026-12-05 15:00", 1, who=LI)


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        (("tasting", SUNDAY, 0, 0), BadPartyError),
        (("tasting", SUNDAY, 0, 2), BadPartyError),
        (("tasting", SUNDAY, -1, 2), BadPartyError),
        (("tasting", SUNDAY, 7), PartyTooLargeError),
        (("latte", "2026-11-23 15:00", 1, 1), AdultsOnlyError),
        (("dough", "2026-11-28 11:00", 1, 4), PartyTooLargeError),
        (("tasting", "2026-11-29 10:30", 1), NoSuchSessionError),
        (("tasting", "2026-11-28 10:00", 1), NoSuchSessionError),
        (("nothing", SUNDAY, 1), NoSuchSessionError),
        (("tasting", "2026-12-27 10:00", 1), NotOpenYetError),
    ],
)
async def test_what_cannot_be_booked_is_refused_and_nothing_is_written(desk: Desk, what: tuple, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await desk.book(*what)
    assert await desk.events() == []
    assert all(seen.session_id == "" for seen in await desk.sessions())


@pytest.mark.parametrize("ages", [(), ("3-6岁",), ("3-6岁", "13岁"), ("3-6岁", "7-12岁", "7-12岁")])
async def test_each_child_has_one_of_the_bands_of_ages(desk: Desk, ages: tuple[str, ...]) -> None:
    await desk.is_member(WANG, "黄金")
    with pytest.raises(BadPartyError, match=r"bad_party"):
        await desk.book(*BAKING, 1, 2, ages=ages)


async def test_booking_closes_half_an_hour_before_the_start(desk: Desk) -> None:
    desk.goes_on_to("2026-11-29 09:29")
    await desk.book()
    desk.goes_on_to("2026-11-29 09:30")
    with pytest.raises(TooLateError):
        await desk.book(who=LI)
    assert [seen.state for seen in await desk.sessions(store_id="one", experience_id="tasting", days=0)] == [SessionState.CLOSED]


async def test_a_full_session_tells_others_with_room_and_how_many_wait(desk: Desk) -> None:
    await desk.book(adults=5)
    await desk.wait(adults=2)
    with pytest.raises(SessionFullError) as refused:
        await desk.book(adults=2, who=ZHAO)

    others = [(seen.store_id, desk.shop.stores["one"].local(seen.starts_at).strftime("%m-%d")) for seen in refused.value.sessions]
    assert others == [("one", "11-22"), ("one", "12-06"), ("one", "12-13")]
    assert refused.value.waiting == 1
    assert refused.value.details["offers"] == "11月22日 10:00、12月6日 10:00、12月13日 10:00"


async def test_a_diner_has_places_in_one_session_of_a_day(desk: Desk) -> None:
    await desk.book()
    with pytest.raises(AlreadyBookedError):
        await desk.book(store="two")
    assert (await desk.book("tasting", "2026-12-06 10:00")).number == "E001"


async def test_kits_run_out_before_the_places_do(desk: Desk) -> None:
    await desk.book("dough", "2026-11-28 11:00", 1, 2)
    with pytest.raises(SessionFullError):
        await desk.book("dough", "2026-11-28 11:00", 1, 2, who=LI)
    assert (await desk.book("dough", "2026-11-28 11:00", 1, 1, who=LI)).kits == 1
    assert [seen.kits_left for seen in await desk.sessions(experience_id="dough", day=date(2026, 11, 28))] == [0, 3]


async def test_what_is_booked_stays_when_the_shop_file_changes_and_what_is_new_follows_it(desk: Desk) -> None:
    booked = await desk.book("latte", "2026-11-28 15:00", 2)
    await desk.pay(booked)
    desk.shop = shop_of(("price: {adult: 50}", "price: {adult: 80}"), ("places: 4", "places: 3"))
    other = await desk.book("latte", "2026-11-28 15:00", 1, who=LI)

    assert ((await desk.get(booked)).fen, other.fen) == (10000, 8000)
    assert (await desk.of(booked)).places == 3
    with pytest.raises(SessionFullError):
        await desk.book("latte", "2026-11-28 15:00", 1, who=ZHAO)
    desk.shop = shop_of(("id: latte", "id: tea"), ("咖啡拉花课", "茶艺课"))
    with pytest.raises(NoSuchSessionError):
        await desk.book("latte", "2026-11-28 15:00", 1, who=ZHAO)
    assert (await desk.change(await desk.get(booked), 1)).fen == 5000
    assert (await desk.cancel(other)).state is ExperienceState.CANCELLED
    assert await desk.discrepancies() == []


async def test_a_session_made_smaller_keeps_who_is_booked_and_takes_nobody_else(desk: Desk) -> None:
    booked = [await desk.book(adults=2, who=who) for who in GUESTS[:3]]
    desk.shop = shop_of(("places: 6", "places: 3"))
    await desk.wait(adults=2)
    assert (await desk.of(booked[0])).places == 6
    await desk.cancel(booked[0])
    assert (await desk.sessions(experience_id="tasting", store_id="one", day=date(2026, 11, 29)))[0].places_left == 0
    await desk.cancel(booked[1])
    assert (await desk.of(booked[2])).places_taken == 2, "two booked, and of three places one is too few for two"


async def test_a_session_made_larger_is_offered_to_the_list_before_anyone_new(desk: Desk) -> None:
    booked = await desk.book(adults=6)
    place = await desk.wait(adults=2)
    desk.shop = shop_of(("places: 6", "places: 8"))
    with pytest.raises(SessionFullError):
        await desk.book(adults=2, who=ZHAO)
    await desk.do(tend_sessions, desk.shop)
    assert (await desk.place(place)).offer_until is not None
    assert (await desk.of(booked)).places_taken == 8


async def test_names_notes_and_ages_are_forgotten_thirty_days_after(desk: Desk) -> None:
    await desk.is_member(WANG, "黄金")
    booked = await desk.book(*BAKING, 1, 1, ages=("3-6岁",), name="王女士", notes="左撇子")
    for days, name, ages in ((29, "王女士", ("3-6岁",)), (31, "", ())):
        desk.clock.set(booked.ends_at + timedelta(days=days))
        await desk.do(forget_experiences)
        kept = await desk.get(booked)
        assert (kept.name, kept.ages, kept.number) == (name, ages, "E001")


async def test_who_turns_out_to_be_another_keeps_bookings_and_places_under_one_name(desk: Desk) -> None:
    booked = await desk.book(adults=6, who=LI)
    same_day = await desk.book(store="two")
    place = await desk.wait("tasting", "2026-12-06 10:00", 2, who=LI)
    await desk.database.transaction(merge_experiences, LI, WANG)
    await desk.database.transaction(merge_experiences, LI, WANG)

    mine = await desk.database.read(my_experiences, WANG, now=desk.now)
    assert {found.id for found in mine.bookings} == {booked.id, same_day.id}
    assert [found.id for found in (*mine.waiting, *mine.offers)] == [place.id]
    await desk.cancel(replace(booked, diner_id=WANG))
    with pytest.raises(AlreadyBookedError):
        await desk.book()
    assert await desk.discrepancies() == []


async def test_times_are_the_stores_own_when_its_clocks_change(desk: Desk) -> None:
    desk.goes_on_to("2026-10-20 12:00")
    berlin = await desk.sessions(store_id="berlin", experience_id="latte", days=10)
    by_day = {seen.starts_at.astimezone(desk.shop.stores["berlin"].zone).strftime("%d %H:%M"): seen.starts_at for seen in berlin}
    assert by_day["24 15:00"] == wall("2026-10-24 15:00", "Europe/Berlin")
    assert by_day["26 15:00"] - by_day["24 15:00"] == timedelta(hours=49), "summer time ends in between"
    booked = await desk.book("latte", "2026-10-26 15:00", 1, store="berlin")
    assert booked.refund_until == booked.starts_at - timedelta(hours=24)
