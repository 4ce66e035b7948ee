"""A token opens one store for one purpose, until it is revoked."""

from sqlalchemy import select

from domain.staff.models import StoreToken, TokenScope
from domain.staff.service import create_token, find_store, revoke_tokens
from domain.storage import Database
from tests.clock import SettableClock


async def test_a_token_opens_its_store_and_scope_only(database: Database, clock: SettableClock) -> None:
    token = await database.transaction(create_token, "chunxi", TokenScope.AGENT, now=clock.now())

    assert await database.read(find_store, token, TokenScope.AGENT) == "chunxi"
    assert await database.read(find_store, token, TokenScope.TILL) is None
    assert await database.read(find_store, token[:-1], TokenScope.AGENT) is None
    assert await database.read(find_store, "", TokenScope.AGENT) is None


async def test_a_revoked_token_opens_nothing(database: Database, clock: SettableClock) -> None:
    token = await database.transaction(create_token, "chunxi", TokenScope.AGENT, now=clock.now())
    other = await database.transaction(create_token, "tianfu", TokenScope.AGENT, now=clock.now())

    assert await database.transaction(revoke_tokens, "chunxi", TokenScope.AGENT, now=clock.now()) == 1

    assert await database.read(find_store, token, TokenScope.AGENT) is None
    assert await database.read(find_store, other, TokenScope.AGENT) == "tianfu"


async def test_only_the_hash_is_kept(database: Database, clock: SettableClock) -> None:
    token = await database.transaction(create_token, "chunxi", TokenScope.AGENT, now=clock.now())
    row = await database.read(lambda session: session.execute(select(StoreToken.__table__)).one())
    assert token not in str(tuple(row))
