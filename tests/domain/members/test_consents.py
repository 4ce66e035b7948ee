"""What diners agreed to, and that a membership can be given up with all that was told."""

import asyncio

from sqlalchemy import func, select

from domain.members.birthdays import set_birthday
from domain.members.consents import ConsentPurpose, give_consent, has_consent, withdraw_consent
from domain.members.favourites import add_favourite
from domain.members.models import Consent, MemberFavourite, MemberPreference, MemberProfile, Membership, MemberSpending
from domain.members.preferences import PreferenceKind, add_preference
from domain.members.service import is_member, join, leave_membership
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import TODAY, events, number_of, spend

OFFERS = ConsentPurpose.PERSONAL_OFFERS


async def test_each_purpose_is_agreed_to_for_itself(database: Database, clock: SettableClock, member: str) -> None:
    assert await database.read(has_consent, member, ConsentPurpose.MEMBERSHIP)
    assert not await database.read(has_consent, member, OFFERS)


async def test_ten_taps_at_once_are_one_consent(database: Database, clock: SettableClock, member: str) -> None:
    taps = (database.transaction(give_consent, member, OFFERS, text_version="1", now=clock.now()) for _ in range(10))
    assert (await asyncio.gather(*taps)).count(True) == 1
    assert await database.transaction(give_consent, member, OFFERS, text_version="2", now=clock.now())


async def test_withdrawing_takes_back_every_version_and_nothing_is_edited(database: Database, clock: SettableClock, member: str) -> None:
    for version in ("1", "2"):
        await database.transaction(give_consent, member, OFFERS, text_version=version, now=clock.advance(minutes=1))

    assert await database.transaction(withdraw_consent, member, OFFERS, now=clock.advance(minutes=1))
    assert not await database.transaction(withdraw_consent, member, OFFERS, now=clock.now())

    assert not await database.read(has_consent, member, OFFERS)
    assert await database.read(events, "consent_withdrawn") == [{"diner_id": member, "purpose": "personal_offers"}]
    rows = await database.read(
        lambda session: session.execute(select(Consent.text_version).where(Consent.purpose == OFFERS)).scalars().all()
    )
    assert sorted(rows) == ["1", "2"]


async def test_leaving_deletes_what_was_told_and_spent(database: Database, clock: SettableClock, member: str) -> None:
    def tell(session):
        set_birthday(session, member, 3, 8, today=TODAY)
        add_favourite(session, member, "a", today=TODAY)
        add_preference(session, member, PreferenceKind.TASTE, "少辣", now=clock.now())
        spend(session, member, "O1", 100, now=clock.now())

    def left_over(session):
        tables = (MemberProfile, MemberFavourite, MemberPreference, MemberSpending, Membership)
        return [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    await database.transaction(tell)
    number = await database.read(number_of, member)
    left = await asyncio.gather(*(database.transaction(leave_membership, member, now=clock.now()) for _ in range(5)))

    assert left.count(True) == 1
    assert await database.read(left_over) == [0, 0, 0, 0, 0]
    assert not await database.read(is_member, member)
    assert not await database.read(has_consent, member, ConsentPurpose.MEMBERSHIP)
    assert await database.read(events, "member_left") == [{"diner_id": member, "member_number": number}]


async def test_who_left_may_come_back(database: Database, clock: SettableClock, member: str) -> None:
    await database.transaction(leave_membership, member, now=clock.now())
    assert await database.transaction(join, member, text_version="2026-11", now=clock.advance(days=1))
    assert await database.read(has_consent, member, ConsentPurpose.MEMBERSHIP)
