"""A task stands on the list once, until somebody did it."""

import asyncio
from datetime import timedelta

import pytest

from domain.staff.errors import UnknownTaskError
from domain.staff.models import StaffTask, TaskKind
from domain.staff.tasks import close_task, close_tasks, count_open, had_task, list_tasks, open_task
from domain.storage import Database
from tests.clock import SettableClock


def put(session, clock: SettableClock, key: str = "k1", *, hours: int = 24, store: str | None = "chunxi", subject: str = "S1") -> bool:
    due_at = clock.now() + timedelta(hours=hours)
    return open_task(session, TaskKind.REFUND, subject, "退款被拒绝", key=key, store_id=store, due_at=due_at, now=clock.now())


async def test_a_key_opens_one_task_however_often(database: Database, clock: SettableClock) -> None:
    opened = await asyncio.gather(*(database.transaction(put, clock) for _ in range(20)))

    assert opened.count(True) == 1
    assert len(await database.read(list_tasks)) == 1


async def test_the_most_urgent_task_stands_first_and_a_store_sees_its_own(database: Database, clock: SettableClock) -> None:
    await database.transaction(put, clock, "late", hours=48)
    await database.transaction(put, clock, "soon", hours=1, store="jinli")
    await database.transaction(put, clock, "office", hours=2, store=None, subject="S2")

    assert [task.key for task in await database.read(list_tasks)] == ["soon", "office", "late"]
    assert [task.key for task in await database.read(lambda session: list_tasks(session, store_id="chunxi"))] == ["late"]
    assert [task.key for task in await database.read(lambda session: list_tasks(session, subject="S2"))] == ["office"]
    assert await database.read(lambda session: list_tasks(session, kind=TaskKind.INVOICE)) == []
    assert [task.key for task in await database.read(lambda session: list_tasks(session, limit=1))] == ["soon"]


async def test_a_task_is_done_by_the_first_who_says_so(database: Database, clock: SettableClock) -> None:
    await database.transaction(put, clock)
    [task] = await database.read(list_tasks)

    said = await asyncio.gather(*(database.transaction(close_task, task.id, by=f"staff{n}", now=clock.now()) for n in range(10)))

    assert said.count(True) == 1
    done = await database.read(lambda session: session.get(StaffTask, task.id))
    assert (done.state, done.done_by, done.done_at) == ("done", f"staff{said.index(True)}", clock.now())
    assert await database.read(list_tasks) == []
    assert not await database.transaction(put, clock)


async def test_what_settles_itself_closes_its_open_tasks(database: Database, clock: SettableClock) -> None:
    for key, subject in (("a", "S1"), ("b", "S1"), ("c", "S2")):
        await database.transaction(put, clock, key, subject=subject)

    assert await database.transaction(close_tasks, TaskKind.INVOICE, "S1", by=None, now=clock.now()) == 0
    assert await database.transaction(close_tasks, TaskKind.REFUND, "S1", by=None, now=clock.now()) == 2
    assert [task.key for task in await database.read(list_tasks)] == ["c"]


async def test_no_such_task_is_unknown(database: Database, clock: SettableClock) -> None:
    with pytest.raises(UnknownTaskError):
        await database.transaction(close_task, "01NOSUCHTASK0000000000000", by="staff1", now=clock.now())


async def test_open_tasks_are_counted_by_kind_and_a_task_once_opened_is_remembered(database: Database, clock: SettableClock) -> None:
    for key in ("k1", "k2"):
        await database.transaction(put, clock, key, subject=key)

    assert await database.read(count_open) == {"refund": 2}
    await database.transaction(close_tasks, TaskKind.REFUND, "k1", by=None, now=clock.now())

    assert await database.read(count_open) == {"refund": 1}
    assert await database.read(had_task, TaskKind.REFUND, "k1")
    assert not await database.read(had_task, TaskKind.INVOICE, "k1")
    assert not await database.read(had_task, TaskKind.REFUND, "k3")
