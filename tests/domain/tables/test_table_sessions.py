"""A table's session: one party at a time, several phones."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.storage import Database
from domain.tables.errors import StoreClosedError, UnknownTableError
from domain.tables.models import TableSession
from domain.tables.service import end_session, find_seat, find_seat_at, free_tables, guests_of, is_live, scan_table, touch
from tests.clock import SettableClock
from tests.domain.shops import small_shop

SHOP = small_shop()
STORE = SHOP.stores["one"]


async def diners(database: Database, clock: SettableClock, count: int) -> list[str]:
    vault = Vault(b"s" * 32)
    return [await database.transaction(meet_diner, vault, f"o{number}", now=clock.now()) for number in range(count)]


async def test_many_scans_at_once_open_one_session(database: Database, clock: SettableClock) -> None:
    party = await diners(database, clock, 12)

    seats = await asyncio.gather(*(database.transaction(scan_table, STORE, "A01", diner, now=clock.now()) for diner in party))

    assert len({seat.session_id for seat in seats}) == 1
    assert sorted(await database.read(guests_of, seats[0].session_id)) == sorted(party)
    assert await database.read(lambda session: session.execute(select(func.count(TableSession.id))).scalar()) == 1


async def test_a_diner_who_scans_another_table_has_moved(database: Database, clock: SettableClock) -> None:
    [diner] = await diners(database, clock, 1)
    first = await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())
    second = await database.transaction(scan_table, STORE, "A02", diner, now=clock.now())

    assert (await database.read(find_seat, diner, now=clock.now())).session_id == second.session_id
    assert await database.read(guests_of, first.session_id) == []


async def test_a_session_is_over_after_three_idle_hours_and_not_before(database: Database, clock: SettableClock) -> None:
    [diner] = await diners(database, clock, 1)
    seat = await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())
    clock.advance(hours=2, minutes=59)
    await database.transaction(touch, seat.session_id, now=clock.now())
    clock.advance(hours=2, minutes=59)
    assert await database.read(find_seat, diner, now=clock.now()) is not None
    clock.advance(minutes=1)
    assert await database.read(find_seat, diner, now=clock.now()) is None


async def test_sitting_down_needs_opening_hours_but_not_joining(database: Database, clock: SettableClock) -> None:
    first, second = await diners(database, clock, 2)
    await database.transaction(scan_table, STORE, "A01", first, now=clock.now())
    clock.advance(hours=2)
    await database.transaction(lambda session: touch(session, find_seat(session, first, now=clock.now()).session_id, now=clock.now()))
    clock.advance(hours=2)  # 22:30, closed
    with pytest.raises(StoreClosedError):
        await database.transaction(scan_table, STORE, "A02", second, now=clock.now())
    assert await database.transaction(scan_table, STORE, "A01", second, now=clock.now())


async def test_an_unknown_table_is_refused(database: Database, clock: SettableClock) -> None:
    [diner] = await diners(database, clock, 1)
    with pytest.raises(UnknownTableError):
        await database.transaction(scan_table, STORE, "Z99", diner, now=clock.now())


async def test_a_session_ends_once_and_frees_the_table(database: Database, clock: SettableClock) -> None:
    [diner] = await diners(database, clock, 1)
    seat = await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())

    ended = await asyncio.gather(*(database.transaction(end_session, seat.session_id, reason="paid", now=clock.now()) for _ in range(5)))

    assert sorted(ended) == [False] * 4 + [True]
    again = await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())
    assert again.session_id != seat.session_id


async def test_who_sits_at_a_table_is_seen_until_they_have_left_or_are_idle(database: Database, clock: SettableClock) -> None:
    first, second = await diners(database, clock, 2)
    seat = await database.transaction(scan_table, STORE, "A01", first, now=clock.now())
    await database.transaction(scan_table, STORE, "A02", second, now=clock.now())

    def at(table: str):
        return database.transaction(find_seat_at, "one", table, now=clock.now())

    assert await at("A01") == seat
    assert await database.read(is_live, seat)
    await database.transaction(end_session, seat.session_id, reason="staff", now=clock.now())
    assert await at("A01") is None
    assert not await database.read(is_live, seat)
    clock.advance(hours=3)
    assert await at("A02") is None


async def test_a_table_is_free_when_nobody_sits_there_or_nobody_has_moved_for_three_hours(database: Database, clock: SettableClock) -> None:
    [diner] = await diners(database, clock, 1)
    await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())

    async def free() -> list[str]:
        return [table.code for table in await database.read(free_tables, STORE, now=clock.now())]

    assert await free() == sorted(STORE.tables.keys() - {"A01"})
    clock.advance(hours=3)
    assert await free() == sorted(STORE.tables)
