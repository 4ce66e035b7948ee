"""Birthday, favourites, tastes and phone: how often they change, and that they can always be deleted."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.members.birthdays import birthday_locked_until, birthday_of, birthdays_near, forget_birthday, set_birthday
from domain.members.errors import (
    BirthdayLockedError,
    FavouriteLockedError,
    NoSuchBirthdayError,
    NoSuchFavouriteError,
    NoSuchPhoneError,
    NotAMemberError,
    PreferenceUnclearError,
    TooManyFavouritesError,
    TooManyPreferencesError,
)
from domain.members.favourites import add_favourite, favourites_of, remove_favourite, replace_favourite
from domain.members.models import Contact
from domain.members.phones import forget_phone, phone_of, set_phone
from domain.members.preferences import PreferenceKind, add_preference, preferences_of, remove_preference
from domain.members.profile import profile_of
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import TODAY, VAULT, new_diner, new_member


async def test_a_birthday_changes_once_in_12_months(database: Database, member: str) -> None:
    assert await database.transaction(set_birthday, member, 3, 8, today=TODAY)
    assert not await database.transaction(set_birthday, member, 3, 8, today=TODAY)
    with pytest.raises(BirthdayLockedError) as refused:
        await database.transaction(set_birthday, member, 3, 9, today=date(2027, 11, 20))
    assert refused.value.details == {"until": date(2027, 11, 21)}
    assert await database.read(birthday_locked_until, member, today=date(2027, 11, 20)) == date(2027, 11, 21)
    assert await database.read(birthday_locked_until, member, today=date(2027, 11, 21)) is None

    assert await database.transaction(set_birthday, member, 3, 9, today=date(2027, 11, 21))
    assert (await database.read(profile_of, VAULT, member)).birthday == await database.read(birthday_of, member) == (3, 9)


async def test_deleting_a_birthday_is_no_way_around_the_12_months(database: Database, member: str) -> None:
    await database.transaction(set_birthday, member, 3, 8, today=TODAY)
    await database.transaction(forget_birthday, member)
    assert await database.read(birthday_of, member) is None
    with pytest.raises(BirthdayLockedError):
        await database.transaction(set_birthday, member, 4, 1, today=TODAY)


async def test_two_birthdays_at_once_are_one(database: Database, member: str) -> None:
    said = (database.transaction(set_birthday, member, month, 1, today=TODAY) for month in range(1, 11))
    outcomes = await asyncio.gather(*said, return_exceptions=True)
    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, BirthdayLockedError) for outcome in outcomes) == 9


async def test_no_such_day_and_no_member(database: Database, clock: SettableClock, member: str) -> None:
    with pytest.raises(NoSuchBirthdayError):
        await database.transaction(set_birthday, member, 2, 30, today=TODAY)
    guest = await database.transaction(new_diner, "oGuest", now=clock.now())
    with pytest.raises(NotAMemberError):
        await database.transaction(set_birthday, guest, 2, 28, today=TODAY)


async def test_members_with_a_birthday_come_page_by_page(database: Database, clock: SettableClock) -> None:
    def people(session):
        ids = [new_member(session, f"o{n}", now=clock.now()) for n in range(4)]
        for diner, (month, day) in zip(ids, [(2, 28), (2, 29), (3, 1), (2, 28)], strict=True):
            set_birthday(session, diner, month, day, today=TODAY)
        return ids

    ids = await database.transaction(people)
    first = await database.read(birthdays_near, [(2, 28), (2, 29)], limit=2)
    assert first == ids[:2]
    assert await database.read(birthdays_near, [(2, 28), (2, 29)], limit=2, after=first[-1]) == [ids[3]]


async def test_three_favourites_each_changeable_once_in_30_days(database: Database, member: str) -> None:
    for dish in ("a", "b", "c"):
        assert await database.transaction(add_favourite, member, dish, today=TODAY)
    assert not await database.transaction(add_favourite, member, "a", today=TODAY)
    with pytest.raises(TooManyFavouritesError):
        await database.transaction(add_favourite, member, "d", today=TODAY)
    with pytest.raises(FavouriteLockedError) as refused:
        await database.transaction(replace_favourite, member, "b", "d", today=TODAY + timedelta(days=29))
    assert refused.value.details == {"dish_id": "b", "until": date(2026, 12, 21)}
    with pytest.raises(NoSuchFavouriteError):
        await database.transaction(replace_favourite, member, "x", "d", today=TODAY)

    assert not await database.transaction(replace_favourite, member, "b", "c", today=TODAY + timedelta(days=30))
    assert await database.transaction(replace_favourite, member, "b", "d", today=TODAY + timedelta(days=30))
    assert await database.read(favourites_of, member) == ("a", "d", "c")


async def test_taking_a_favourite_off_is_no_way_around_the_30_days(database: Database, member: str) -> None:
    for dish in ("a", "b", "c"):
        await database.transaction(add_favourite, member, dish, today=TODAY)
    assert await database.transaction(remove_favourite, member, "a")
    assert not await database.transaction(remove_favourite, member, "a")
    with pytest.raises(FavouriteLockedError):
        await database.transaction(add_favourite, member, "d", today=TODAY)
    assert await database.transaction(add_favourite, member, "d", today=TODAY + timedelta(days=30))
    assert await database.read(favourites_of, member) == ("d", "b", "c")


async def test_ten_favourites_at_once_are_three(database: Database, member: str) -> None:
    said = (database.transaction(add_favourite, member, f"d{n}", today=TODAY) for n in range(10))
    outcomes = await asyncio.gather(*said, return_exceptions=True)
    assert outcomes.count(True) == len(await database.read(favourites_of, member)) == 3
    assert sum(isinstance(outcome, TooManyFavouritesError) for outcome in outcomes) == 7


async def test_tastes_and_what_is_not_eaten_are_kept_apart(database: Database, clock: SettableClock, member: str) -> None:
    async def note(kind, word):
        return await database.transaction(add_preference, member, kind, word, now=clock.advance(seconds=1))

    assert await note(PreferenceKind.TASTE, " 少 辣\u200b ")
    assert not await note(PreferenceKind.TASTE, "少辣")
    assert await note(PreferenceKind.AVOIDED, "花生")
    found = await database.read(profile_of, VAULT, member)
    assert (found.tastes, found.avoided) == (("少辣",), ("花生",))

    assert await database.transaction(remove_preference, member, PreferenceKind.AVOIDED, "花生")
    assert not await database.transaction(remove_preference, member, PreferenceKind.AVOIDED, "花生")


@pytest.mark.parametrize("word", ["", " \u200b\n", "我上次来的时候吃了一道菜觉得", "x" * 13])
async def test_a_preference_is_a_short_word(database: Database, clock: SettableClock, member: str, word: str) -> None:
    with pytest.raises(PreferenceUnclearError):
        await database.transaction(add_preference, member, PreferenceKind.TASTE, word, now=clock.now())


async def test_ten_preferences_of_a_kind_are_kept(database: Database, clock: SettableClock, member: str) -> None:
    said = (database.transaction(add_preference, member, PreferenceKind.TASTE, f"口味{n}", now=clock.now()) for n in range(14))
    outcomes = await asyncio.gather(*said, return_exceptions=True)
    assert outcomes.count(True) == len(await database.read(preferences_of, member, PreferenceKind.TASTE)) == 10
    assert sum(isinstance(outcome, TooManyPreferencesError) for outcome in outcomes) == 4


@pytest.mark.parametrize("text", ["13800005678", "138 0000 5678", "+86 138-0000-5678", "１３８００００５６７８", "8613800005678"])
async def test_a_phone_is_read_as_people_type_it_and_shown_masked(database: Database, clock: SettableClock, member: str, text: str) -> None:
    assert await database.transaction(set_phone, VAULT, member, text) == "138****5678"
    assert await database.read(phone_of, VAULT, member) == "13800005678"
    assert (await database.read(profile_of, VAULT, member)).phone == "138****5678"


@pytest.mark.parametrize("text", ["", "12800005678", "1380000567", "138000056789", "028-5550 1001", "٠١٣٨٠٠٠٠٥٦٧", "138O0005678"])
async def test_what_is_no_mobile_number_is_refused(database: Database, member: str, text: str) -> None:
    with pytest.raises(NoSuchPhoneError):
        await database.transaction(set_phone, VAULT, member, text)


async def test_a_phone_lies_sealed_and_can_be_deleted(database: Database, member: str) -> None:
    await database.transaction(set_phone, VAULT, member, "13800005678")
    row = await database.read(lambda session: session.execute(select(Contact.__table__)).one())
    assert "13800005678" not in str(tuple(row))

    await database.transaction(forget_phone, member)
    assert await database.read(phone_of, VAULT, member) is None
    assert (await database.read(profile_of, VAULT, member)).phone == ""
