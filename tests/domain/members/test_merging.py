"""Two diners who are one person: what moves, what stays, and that it happens once."""

import asyncio

import pytest
from sqlalchemy import select

from domain.members.birthdays import set_birthday
from domain.members.consents import ConsentPurpose, give_consent, has_consent, withdraw_consent
from domain.members.favourites import add_favourite, favourites_of
from domain.members.identities import ids_of, resolve
from domain.members.levels import level_of, standing, update_level
from domain.members.merging import Proof, merge, note_unionid
from domain.members.models import Diner, Membership
from domain.members.phones import phone_of, set_phone
from domain.members.preferences import PreferenceKind, add_preference
from domain.members.profile import profile_of
from domain.members.service import find_diner, follow, get_membership, is_member, join, openid_of, unfollow
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import TODAY, VAULT, events, new_diner, new_member, number_of, spend
from tests.domain.members.test_rules import LEVELS


async def merged(database: Database, clock: SettableClock, target: str, source: str) -> bool:
    return await database.transaction(merge, target, source, proof=Proof.STAFF, now=clock.now())


async def test_both_addresses_are_the_one_person_and_late_messages_arrive(
    database: Database, clock: SettableClock, member: str, other: str
) -> None:
    assert await merged(database, clock, member, other)

    assert await database.read(find_diner, VAULT.digest("oSecond")) == member
    assert await database.read(resolve, other) == member
    assert await database.read(ids_of, other) == (member, other)
    assert await database.read(openid_of, VAULT, member) == await database.read(openid_of, VAULT, other) == "oSecond"
    assert await database.read(events, "members_merged") == [{"source": other, "target": member, "proof": "staff"}]


async def test_the_older_joining_day_and_the_targets_number_stay(database: Database, clock: SettableClock, member: str, other: str) -> None:
    joined = (await database.read(get_membership, member)).joined_at
    number = await database.read(number_of, other)

    await merged(database, clock, other, member)

    row = await database.read(get_membership, other)
    assert (row.joined_at, row.member_number) == (joined, number)
    assert not await database.read(is_member, member)


async def test_a_membership_comes_along_to_who_had_none(database: Database, clock: SettableClock, member: str) -> None:
    guest = await database.transaction(new_diner, "oGuest", now=clock.now())
    number = await database.read(number_of, member)
    await merged(database, clock, guest, member)
    assert await database.read(number_of, guest) == number
    assert not await database.transaction(join, member, text_version="2026-11", now=clock.now())


async def test_spending_adds_up_and_raises_the_level(database: Database, clock: SettableClock, member: str, other: str) -> None:
    await database.transaction(spend, member, "O1", 300, now=clock.now())
    await database.transaction(spend, other, "O2", 300, now=clock.now())
    await merged(database, clock, member, other)
    assert await database.transaction(spend, other, "O3", 50, now=clock.now())  # an order that was under way

    found = await database.read(standing, member, LEVELS, day=TODAY)
    assert (found.spend_fen, found.visits, found.level) == (65000, 3, "白银")
    change = await database.transaction(update_level, other, LEVELS, day=TODAY, floor=None, now=clock.now())
    assert (change.diner_id, change.new) == (member, "白银")


async def test_what_the_target_said_stays_and_the_source_fills_the_rest(
    database: Database, clock: SettableClock, member: str, other: str
) -> None:
    def tell(session):
        set_birthday(session, other, 3, 8, today=TODAY)
        for dish in ("a", "b"):
            add_favourite(session, member, dish, today=TODAY)
        for dish in ("b", "c", "d"):
            add_favourite(session, other, dish, today=TODAY)
        add_preference(session, member, PreferenceKind.TASTE, "少辣", now=clock.now())
        add_preference(session, other, PreferenceKind.TASTE, "少辣", now=clock.now())
        add_preference(session, other, PreferenceKind.AVOIDED, "花生", now=clock.now())
        set_phone(session, VAULT, member, "13800005678")
        set_phone(session, VAULT, other, "13900001234")

    await database.transaction(tell)
    await merged(database, clock, member, other)

    found = await database.read(profile_of, VAULT, member)
    assert found.birthday == (3, 8)
    assert found.favourites == ("a", "b", "c")
    assert (found.tastes, found.avoided, found.phone) == (("少辣",), ("花生",), "138****5678")
    assert await database.read(favourites_of, other) == ()


async def test_a_phone_comes_along_to_who_had_none(database: Database, clock: SettableClock, member: str, other: str) -> None:
    await database.transaction(set_phone, VAULT, other, "13900001234")
    await merged(database, clock, member, other)
    assert await database.read(phone_of, VAULT, member) == "13900001234"


async def test_of_two_minds_about_a_purpose_the_last_word_counts(database: Database, clock: SettableClock, member: str, other: str) -> None:
    offers = ConsentPurpose.PERSONAL_OFFERS
    for diner in (member, other):
        await database.transaction(give_consent, diner, offers, text_version="1", now=clock.advance(minutes=1))
    await database.transaction(withdraw_consent, other, offers, now=clock.advance(minutes=1))
    assert await database.read(has_consent, member, offers)

    await merged(database, clock, member, other)
    assert not await database.read(has_consent, member, offers)
    await database.transaction(give_consent, other, offers, text_version="2", now=clock.advance(minutes=1))
    assert await database.read(has_consent, member, offers)


async def test_who_has_two_addresses_left_only_when_both_did(database: Database, clock: SettableClock, member: str, other: str) -> None:
    def following(session):
        return session.execute(select(Diner.following).where(Diner.id.in_([member, other]))).scalars().all()

    await merged(database, clock, member, other)
    first, second = VAULT.digest("oFirst"), VAULT.digest("oSecond")
    await database.transaction(unfollow, member, now=clock.now(), openid_digest=second)
    assert await database.read(following) == [True, True]
    assert await database.read(openid_of, VAULT, member) == "oFirst"

    await database.transaction(unfollow, member, now=clock.now(), openid_digest=first)
    assert await database.read(following) == [False, False]
    await database.transaction(follow, member, now=clock.now(), openid_digest=second)
    assert await database.read(following) == [True, True]
    assert await database.read(openid_of, VAULT, member) == "oSecond"


async def test_chains_lead_to_the_one_who_remains(database: Database, clock: SettableClock) -> None:
    a, b, c = [await database.transaction(new_member, name, now=clock.advance(minutes=1)) for name in ("oA", "oB", "oC")]
    assert await merged(database, clock, b, a)
    assert await merged(database, clock, c, b)

    assert [await database.read(resolve, diner) for diner in (a, b, c)] == [c, c, c]
    assert not await merged(database, clock, a, c)
    assert not await merged(database, clock, c, c)
    assert len(await database.read(events, "members_merged")) == 2


async def test_opposite_merges_at_once_end_in_one(database: Database, clock: SettableClock, member: str, other: str) -> None:
    pairs = [(member, other), (other, member)] * 8
    outcomes = await asyncio.gather(*(merged(database, clock, *pair) for pair in pairs))

    assert outcomes.count(True) == 1
    assert len(await database.read(events, "members_merged")) == 1
    roots = await database.read(lambda session: session.execute(select(Diner.id).where(Diner.merged_into.is_(None))).scalars().all())
    assert len(roots) == 1
    assert await database.read(lambda session: session.execute(select(Membership.diner_id)).scalars().all()) == roots


async def test_a_ring_of_merges_at_once_ends_in_one_person(database: Database, clock: SettableClock) -> None:
    ids = [await database.transaction(new_member, f"o{n}", now=clock.advance(minutes=1)) for n in range(5)]
    await asyncio.gather(*(merged(database, clock, ids[n], ids[(n + 1) % 5]) for n in range(5)))

    assert len({await database.read(resolve, diner) for diner in ids}) == 1
    assert len(await database.read(events, "members_merged")) == 4


async def test_orders_paid_while_two_are_merged_are_never_lost(database: Database, clock: SettableClock, member: str, other: str) -> None:
    orders = [database.transaction(spend, diner, f"{n}{diner[-3:]}", 10, now=clock.now()) for n in range(10) for diner in (member, other)]
    await asyncio.gather(*orders[:10], merged(database, clock, member, other), *orders[10:])
    assert (await database.read(standing, member, LEVELS, day=TODAY)).spend_fen == 20000


async def test_nobody_cannot_be_merged(database: Database, clock: SettableClock, member: str) -> None:
    with pytest.raises(LookupError):
        await merged(database, clock, member, "01NOBODY0000000000000000000"[:26])


async def test_an_equal_unionid_is_the_same_person(database: Database, clock: SettableClock, member: str, other: str) -> None:
    assert await database.transaction(note_unionid, VAULT, other, "uX", now=clock.now()) == other
    assert await database.transaction(note_unionid, VAULT, other, "uX", now=clock.now()) == other
    assert await database.transaction(note_unionid, VAULT, member, "uY", now=clock.now()) == member

    assert await database.transaction(note_unionid, VAULT, member, "uX", now=clock.now()) == member
    assert await database.read(resolve, other) == member
    assert [event["proof"] for event in await database.read(events, "members_merged")] == ["unionid"]


async def test_a_unionid_told_for_many_at_once_leaves_one_person(database: Database, clock: SettableClock) -> None:
    ids = [await database.transaction(new_diner, f"o{n}", now=clock.advance(minutes=1)) for n in range(6)]
    await asyncio.gather(*(database.transaction(note_unionid, VAULT, diner, "uX", now=clock.now()) for diner in ids))
    assert {await database.read(resolve, diner) for diner in ids} == {ids[0]}
    assert len(await database.read(events, "members_merged")) == 5


async def test_the_higher_level_of_the_source_is_kept_by_who_had_none(
    database: Database, clock: SettableClock, member: str, other: str
) -> None:
    await database.transaction(spend, other, "O1", 500, now=clock.now())
    await database.transaction(update_level, other, LEVELS, day=TODAY, floor=None, now=clock.now())
    await merged(database, clock, member, other)
    assert await database.read(level_of, member, LEVELS) == "白银"
