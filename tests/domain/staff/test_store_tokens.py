"""A token opens one store for one purpose, until it is revoked."""

from sqlalchemy import select

from domain.staff.models import DeviceAct, StoreToken, TokenScope
from domain.staff.rules import Act
from domain.staff.service import create_token, find_device, find_store, list_tokens, record_device_act, revoke_token, revoke_tokens
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


async def test_one_token_can_be_revoked_and_the_others_of_the_store_go_on(database: Database, clock: SettableClock) -> None:
    lost, kept = [await database.transaction(create_token, "chunxi", TokenScope.TILL, now=clock.now()) for _ in range(2)]
    device = await database.read(find_device, lost)
    assert device is not None

    revoked = [await database.transaction(revoke_token, device.id, now=clock.now()) for _ in range(2)]

    assert revoked == [True, False]
    assert await database.read(find_store, lost, TokenScope.TILL) is None
    assert await database.read(find_store, kept, TokenScope.TILL) == "chunxi"


async def test_a_list_shows_every_token_but_not_the_token_itself(database: Database, clock: SettableClock) -> None:
    tokens = [
        await database.transaction(create_token, store, TokenScope.TILL, now=clock.advance(minutes=1)) for store in ("tianfu", "chunxi")
    ]
    await database.transaction(revoke_tokens, "tianfu", TokenScope.TILL, now=clock.now())

    listed = await database.read(list_tokens)

    assert [(token.store_id, token.revoked_at is None) for token in listed] == [("chunxi", True), ("tianfu", False)]
    assert [token.store_id for token in await database.read(list_tokens, "chunxi")] == ["chunxi"]
    assert not any(token in str(listed) for token in tokens)


async def test_a_header_of_any_bytes_is_nobodys_token(database: Database) -> None:
    assert await database.read(find_device, "hw_till_\udcff\udcfe") is None


async def test_what_is_done_at_a_device_is_on_record_under_its_token(database: Database, clock: SettableClock) -> None:
    device = await database.read(find_device, await database.transaction(create_token, "chunxi", TokenScope.TILL, now=clock.now()))
    assert device is not None

    await database.transaction(record_device_act, device, Act.DOOR, "x" * 60, now=clock.now())

    acts = await database.read(lambda session: session.execute(select(DeviceAct.token_id, DeviceAct.store_id, DeviceAct.subject)).all())
    assert [tuple(act) for act in acts] == [(device.id, "chunxi", "x" * 48)]
