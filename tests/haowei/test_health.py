"""What the metrics page says of the work that waits."""

from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks, open_task
from domain.storage import Database
from haowei.health import Health
from tests.clock import SettableClock


async def metrics(database: Database, clock: SettableClock) -> list[str]:
    app = web.Application()
    app.add_routes(Health(database, clock, None).metrics_routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/metrics")
        assert answer.status == 200
        return (await answer.text()).splitlines()


async def test_open_tasks_are_counted_by_kind_and_no_longer_when_they_are_done(database: Database, clock: SettableClock) -> None:
    def put(session, kind: TaskKind, subject: str) -> None:
        open_task(session, kind, subject, "请处理", key=subject, due_at=clock.now() + timedelta(days=1), now=clock.now())

    for number in range(2):
        await database.transaction(put, TaskKind.REFUND, f"R{number}")
    await database.transaction(put, TaskKind.PROOF, "2026-11-21")

    before = await metrics(database, clock)
    assert 'haowei_staff_tasks_open{kind="refund"} 2.0' in before
    assert 'haowei_staff_tasks_open{kind="proof"} 1.0' in before
    assert 'haowei_staff_tasks_open{kind="invoice"} 0.0' in before

    await database.transaction(close_tasks, TaskKind.REFUND, "R0", by="staff1", now=clock.now())
    await database.transaction(close_tasks, TaskKind.PROOF, "2026-11-21", by="staff1", now=clock.now())

    after = await metrics(database, clock)
    assert 'haowei_staff_tasks_open{kind="refund"} 1.0' in after
    assert 'haowei_staff_tasks_open{kind="proof"} 0.0' in after
