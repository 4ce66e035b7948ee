"""A table calls once for each kind, one waiter goes, and the house hears it louder when nobody does."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.kernel.errors import DomainError
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messaging.models import Delivery, OutboxEvent
from domain.service_calls.errors import CallOverError, CallTakenError, NotYourCallError, TooManyCallsError
from domain.service_calls.listing import Call, calls_of_diner, get_call, list_calls
from domain.service_calls.models import ServiceCall
from domain.service_calls.rules import MOST_CALLS, CallKind, CallState
from domain.service_calls.service import Called, call_staff, escalate, finish_call, take_call, withdraw_call
from domain.storage import Database
from domain.tables.errors import UnknownTableError
from domain.tables.moving import move_session
from domain.tables.service import Seat, end_session, scan_table
from tests.clock import SettableClock
from tests.domain.shops import small_shop

STORE = small_shop().stores["one"]
VAULT = Vault(b"s" * 32)


@dataclass
class Table:
    """A party of one at A01, and what it can do; each call is a transaction of its own."""

    database: Database
    clock: SettableClock
    diner: str
    seat: Seat

    async def calls(self, kind: CallKind = CallKind.WATER, words: str = "", *, table: str = "A01", diner: str = "") -> Called:
        return await self._do(call_staff, STORE, table, kind, diner_id=diner or self.diner, words=words)

    async def taken(self, call: Call, by: str = "wang") -> Call:
        return await self._do(take_call, STORE, call.id, by=by)

    async def finished(self, call: Call, by: str = "wang") -> Call:
        return await self._do(finish_call, STORE, call.id, by=by)

    async def withdrawn(self, call: Call, diner: str = "", session_id: str | None = None) -> Call:
        return await self._do(withdraw_call, STORE, call.id, diner_id=diner or self.diner, session_id=session_id)

    async def looked(self, call: Call, times: int) -> bool:
        return await self._do(escalate, STORE, call.id, times)

    async def open(self, table: str | None = None) -> list[Call]:
        return list(await self.database.read(list_calls, STORE.id, now=self.clock.now(), table_code=table))

    async def events(self, name: str) -> list[dict[str, Any]]:
        found = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
        return list(await self.database.read(lambda session: session.execute(found).scalars().all()))

    async def _do(self, act: Any, *args: Any, **named: Any) -> Any:
        return await self.database.transaction(act, *args, **named, now=self.clock.now())


@pytest.fixture
async def table(database: Database, clock: SettableClock) -> Table:
    diner = await database.transaction(meet_diner, VAULT, "o1", now=clock.now())
    seat = await database.transaction(scan_table, STORE, "A01", diner, now=clock.now())
    return Table(database, clock, diner, seat)


async def refused(act: Any) -> str:
    with pytest.raises(DomainError) as error:
        await act
    return error.value.code


class TestCalling:
    async def test_a_call_says_where_and_for_what(self, table: Table) -> None:
        called = await table.calls(CallKind.OTHER, " 要三个打包盒 ")

        assert called.fresh
        assert (called.call.table_code, called.call.kind, called.call.words) == ("A01", CallKind.OTHER, "要三个打包盒")
        [event] = await table.events("call_made")
        assert (event["table_code"], event["title"], event["words"]) == ("A01", "叫服务员", "要三个打包盒")

    async def test_a_second_tap_is_the_same_call_and_nudges_once(self, table: Table) -> None:
        first = await table.calls()

        again = [await table.calls() for _ in range(3)]

        assert {called.call.id for called in again} == {first.call.id}
        assert [(called.fresh, called.nudged) for called in again] == [(False, True), (False, False), (False, False)]
        assert len(await table.events("call_nudged")) == 1

    async def test_nobody_is_nudged_who_is_on_the_way(self, table: Table) -> None:
        called = await table.calls()
        await table.taken(called.call)

        again = await table.calls()

        assert (again.fresh, again.nudged, again.call.state) == (False, False, CallState.TAKEN)

    async def test_each_kind_is_a_call_of_its_own(self, table: Table) -> None:
        await table.calls(CallKind.WATER)
        await table.calls(CallKind.BILL)
        assert [call.kind for call in await table.open()] == [CallKind.WATER, CallKind.BILL]

    async def test_what_has_no_kind_is_put_to_the_call_that_stands(self, table: Table) -> None:
        await table.calls(CallKind.OTHER, "拿个打包盒")

        more = await table.calls(CallKind.OTHER, "再拿牙签")

        assert (more.fresh, more.nudged, more.call.words) == (False, True, "拿个打包盒；再拿牙签")
        assert [event["words"] for event in await table.events("call_nudged")] == ["再拿牙签"]

    async def test_long_words_are_cut(self, table: Table) -> None:
        called = await table.calls(CallKind.OTHER, "多" * 90)
        assert called.call.words == "多" * 40

    async def test_a_table_that_is_none_does_not_call(self, table: Table) -> None:
        with pytest.raises(UnknownTableError):
            await table.calls(table="Z99")

    async def test_a_diner_who_calls_again_and_again_is_asked_to_wait(self, table: Table, clock: SettableClock) -> None:
        for _ in range(MOST_CALLS):
            await table.withdrawn((await table.calls()).call)

        with pytest.raises(TooManyCallsError):
            await table.calls()
        clock.advance(minutes=10)
        assert (await table.calls()).fresh

    async def test_many_phones_at_one_table_call_once(self, table: Table, database: Database, clock: SettableClock) -> None:
        diners = [await database.transaction(meet_diner, VAULT, f"p{number}", now=clock.now()) for number in range(12)]

        called = await asyncio.gather(*(table.calls(diner=diner) for diner in diners))

        assert [each.fresh for each in called].count(True) == 1
        assert len({each.call.id for each in called}) == 1
        assert len(await table.events("call_made")) == 1

    async def test_at_a_table_where_nobody_scanned_an_old_call_is_forgotten(self, table: Table, clock: SettableClock) -> None:
        first = await table.calls(table="A02")
        clock.advance(minutes=61)

        second = await table.calls(table="A02")

        assert second.fresh
        assert second.call.id != first.call.id
        assert [call.id for call in await table.open()] == [second.call.id]


class TestTaking:
    async def test_of_two_waiters_who_take_one_call_one_has_it(self, table: Table) -> None:
        called = await table.calls()

        outcomes = await asyncio.gather(*(table.taken(called.call, by=f"w{number}") for number in range(8)), return_exceptions=True)

        taken = [outcome for outcome in outcomes if isinstance(outcome, Call)]
        assert len(taken) == 1
        assert sum(isinstance(outcome, CallTakenError) for outcome in outcomes) == 7
        [event] = await table.events("call_taken")
        assert event["taken_by"] == taken[0].taken_by

    async def test_a_finished_call_waits_for_nobody_and_the_table_may_call_again(self, table: Table) -> None:
        called = await table.calls()
        await table.finished(called.call)

        assert await table.open() == []
        assert await refused(table.taken(called.call)) == CallOverError.code
        assert (await table.calls()).fresh

    async def test_who_finishes_without_having_taken_it_is_who_went(self, table: Table) -> None:
        called = await table.calls()
        assert (await table.finished(called.call, by="li")).taken_by == "li"

    async def test_who_took_it_stays_who_went(self, table: Table) -> None:
        called = await table.calls()
        await table.taken(called.call, by="wang")
        assert (await table.finished(called.call, by="li")).taken_by == "wang"

    async def test_nobody_takes_a_call_of_a_party_that_has_left(self, table: Table) -> None:
        called = await table.calls()
        await table.database.transaction(end_session, table.seat.session_id, reason="paid", now=table.clock.now())

        assert await table.open() == []
        assert await refused(table.taken(called.call)) == CallOverError.code

    async def test_the_next_party_at_the_table_calls_anew(self, table: Table, database: Database, clock: SettableClock) -> None:
        first = await table.calls()
        await database.transaction(end_session, table.seat.session_id, reason="paid", now=clock.now())
        other = await database.transaction(meet_diner, VAULT, "o2", now=clock.now())
        await database.transaction(scan_table, STORE, "A01", other, now=clock.now())

        second = await table.calls(diner=other)

        assert second.fresh
        assert second.call.id != first.call.id

    async def test_a_party_that_moved_is_found_at_its_new_table(self, table: Table) -> None:
        called = await table.calls()
        await table.database.transaction(move_session, STORE, table.seat, "A02", now=table.clock.now())

        assert [call.id for call in await table.open("A02")] == [called.call.id]
        assert await table.open("A01") == []


class TestTakingBack:
    async def test_the_table_takes_its_call_back(self, table: Table) -> None:
        called = await table.calls()
        await table.withdrawn(called.call)

        assert await table.open() == []
        assert len(await table.events("call_withdrawn")) == 1
        assert await refused(table.withdrawn(called.call)) == CallOverError.code

    async def test_a_friend_at_the_table_may_a_stranger_not(self, table: Table, database: Database, clock: SettableClock) -> None:
        other = await database.transaction(meet_diner, VAULT, "o2", now=clock.now())
        called = await table.calls()

        with pytest.raises(NotYourCallError):
            await table.withdrawn(called.call, diner=other)
        await table.withdrawn(called.call, diner=other, session_id=table.seat.session_id)

        assert await database.read(calls_of_diner, table.diner, table.seat.session_id, now=clock.now()) == []


class TestEscalating:
    async def test_looks_are_due_after_three_minutes_and_six(self, table: Table) -> None:
        called = await table.calls()
        start = table.clock.now()
        table.clock.advance(minutes=3)
        assert await table.looked(called.call, 1)
        table.clock.advance(minutes=3)
        assert await table.looked(called.call, 2)

        events = await table.events("call_escalated")
        assert [(event["times"], event["minutes"]) for event in events] == [(1, 3), (2, 6)]
        assert [event["times"] for event in await table.events("call_untaken_due")] == [1, 2]
        assert start + timedelta(minutes=6) == table.clock.now()

    async def test_a_look_that_comes_twice_escalates_once(self, table: Table) -> None:
        called = await table.calls()
        table.clock.advance(minutes=3)

        assert sorted(await asyncio.gather(*(table.looked(called.call, 1) for _ in range(6)))) == [False] * 5 + [True]

    async def test_what_is_taken_finished_or_taken_back_is_not_called_again(self, table: Table) -> None:
        taken, finished, gone = [(await table.calls(kind)).call for kind in (CallKind.WATER, CallKind.BILL, CallKind.CHAIR)]
        await table.taken(taken)
        await table.finished(finished)
        await table.withdrawn(gone)
        table.clock.advance(minutes=3)

        assert [await table.looked(call, 1) for call in (taken, finished, gone)] == [False, False, False]

    async def test_it_ends_with_the_party(self, table: Table) -> None:
        called = await table.calls()
        await table.database.transaction(end_session, table.seat.session_id, reason="paid", now=table.clock.now())
        table.clock.advance(minutes=3)

        assert not await table.looked(called.call, 1)
        assert (await table.database.read(get_call, called.call.id)).state is CallState.ENDED
        assert await table.events("call_escalated") == []


async def test_a_call_keeps_one_row_and_nothing_is_delivered_twice(table: Table) -> None:
    await asyncio.gather(*(table.calls() for _ in range(6)))
    rows = await table.database.read(lambda session: session.execute(select(ServiceCall.id)).all())
    keys = await table.database.read(lambda session: session.execute(select(Delivery.key)).scalars().all())
    assert len(rows) == 1
    assert len(keys) == len(set(keys))


async def test_the_staff_or_a_bell_on_the_table_call_for_no_diner_and_as_often_as_they_like(table: Table) -> None:
    for _ in range(MOST_CALLS + 1):
        made = await table._do(call_staff, STORE, "A01", CallKind.WATER, diner_id=None)
        await table.finished(made.call)

    events = await table.events("call_made")
    assert len(events) == MOST_CALLS + 1
    assert {event["diner_id"] for event in events} == {None}


async def test_a_call_of_hours_ago_from_a_table_where_nobody_scanned_is_not_called_louder_after_an_outage(table: Table) -> None:
    called = (await table.calls(table="A02")).call
    table.clock.advance(hours=3)  # the worker stood still

    assert await table.looked(called, 1) is False
    assert await table.events("call_escalated") == []
    assert (await table.database.read(get_call, called.id)).state is CallState.ENDED
