"""Meeting diners, keeping how to reach them, and joining by consent."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.members.models import Consent, Contact, Diner, Membership
from domain.members.service import find_diner, follow, is_member, join, meet_diner, openid_of, unfollow
from domain.members.vault import Vault
from domain.storage import Database
from tests.clock import SettableClock

VAULT = Vault(b"s" * 32)
OPENID = "oABC-123_xyz"


def count(session, model) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


async def test_the_same_address_is_the_same_diner(database: Database, clock: SettableClock) -> None:
    first = await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())
    again = await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())
    other_case = await database.transaction(meet_diner, VAULT, OPENID.lower(), now=clock.now())
    assert first == again != other_case


async def test_fifty_first_messages_at_once_meet_one_diner(database: Database, clock: SettableClock) -> None:
    met = await asyncio.gather(*(database.transaction(meet_diner, VAULT, OPENID, now=clock.now()) for _ in range(50)))
    assert len(set(met)) == 1
    assert await database.read(count, Diner) == await database.read(count, Contact) == 1


async def test_the_vault_gives_the_address_back_and_only_with_its_secret(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())

    assert await database.read(openid_of, VAULT, diner) == OPENID
    with pytest.raises(ValueError, match="another HAOWEI_SECRET_KEY"):
        await database.read(lambda session: openid_of(session, Vault(b"x" * 32), diner))


async def test_no_table_holds_the_address_in_the_clear(database: Database, clock: SettableClock) -> None:
    await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())
    row = await database.read(lambda session: session.execute(select(Contact.__table__)).one())
    assert OPENID not in str(tuple(row))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")


async def test_joining_writes_down_what_was_agreed_to_once(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())
    assert not await database.read(is_member, diner)

    joined = await asyncio.gather(*(database.transaction(join, diner, text_version="2026-11", now=clock.now()) for _ in range(10)))

    assert sorted(joined) == [False] * 9 + [True]
    assert await database.read(is_member, diner)
    assert await database.read(count, Membership) == await database.read(count, Consent) == 1


async def test_leaving_and_coming_back(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, VAULT, OPENID, now=clock.now())
    await database.transaction(unfollow, diner, now=clock.advance(hours=1))
    row = await database.read(lambda session: session.get(Diner, diner))
    assert (row.following, row.unfollowed_at) == (False, clock.now())

    await database.transaction(follow, diner, now=clock.advance(hours=1))
    row = await database.read(lambda session: session.get(Diner, diner))
    assert (row.following, row.unfollowed_at) == (True, None)
    assert await database.read(find_diner, VAULT.digest(OPENID)) == diner
