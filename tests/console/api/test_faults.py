"""What is answered when the house itself is in trouble: a clear problem, nothing kept, and never a traceback."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.responses import Responses
from console.api.endpoint import Context, Endpoint
from console.api.models import ApiAnswer
from console.api.repeating import KEPT
from console.api.serving import Api
from console.api.shapes import Nothing, Shown
from domain.kernel.errors import DomainError
from domain.messaging.housekeeping import HousekeepingDue
from domain.shop.snapshot import SnapshotCache
from domain.staff.rules import Act
from domain.storage import Database, open_database
from haowei.handlers import handlers
from haowei.routing import REACTIONS
from tests.clock import SettableClock
from tests.conftest import Nobody
from tests.console.till import Till, app_of
from tests.schema import SqliteTemplate


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


class Done(Shown):
    """It is done."""

    ok: bool = True


def breaks(context: Context, _: Nothing) -> Done:
    """Writes something, and then there is a fault in the program."""
    context.record(Act.DOOR, "half done")
    raise ZeroDivisionError("secret words")


def refuses(context: Context, _: Nothing) -> Done:
    """Refuses in a way that nobody has declared."""
    raise DomainError(secret="words")


async def ask(till: Till, handle: object) -> tuple[web.Response, dict[str, object]]:
    """Serve one act, and try it."""
    endpoint = Endpoint("POST", "/act", "act", "test", "Act", handle, Done)  # type: ignore[arg-type]
    app = web.Application()
    app.add_subapp("/api/v1", Api(till.database, SnapshotCache(), till.clock, [endpoint], {}, "1").app())
    async with TestClient(TestServer(app)) as client:
        headers = {"Authorization": f"Bearer {till.token}", "Idempotency-Key": "k1"}
        async with client.post("/api/v1/act", headers=headers) as response:
            return response, await response.json(content_type=None)  # type: ignore[return-value]


async def test_a_fault_of_the_program_is_a_500_that_tells_its_number_and_keeps_nothing(till: Till) -> None:
    with capture_logs() as lines:
        response, problem = await ask(till, breaks)

    assert (response.status, problem["code"], problem["request"]) == (500, "api.broken", response.headers["Request-Id"])
    assert "secret" not in str(problem)
    assert [line["request"] for line in lines if line["event"] == "api.broken"] == [problem["request"]]
    assert await till.done() == []
    assert await till.database.read(lambda session: session.execute(select(ApiAnswer.key)).all()) == []


async def test_a_refusal_that_nobody_declared_is_a_plain_no_and_is_noticed(till: Till) -> None:
    with capture_logs() as lines:
        response, problem = await ask(till, refuses)

    assert (response.status, problem["code"], "secret" in str(problem)) == (409, "domain.refused", False)
    assert [line["operation"] for line in lines if line["event"] == "api.undeclared"] == ["act"]


async def test_without_its_database_it_says_when_to_come_again(tmp_path: Path, clock: SettableClock) -> None:
    database: Database = open_database(f"sqlite:///{tmp_path}/missing.db", routes=Nobody())
    async with TestClient(TestServer(app_of(database, clock))) as client:
        async with client.get("/api/v1/store", headers={"Authorization": "Bearer x"}) as response:
            problem = await response.json(content_type=None)
        async with client.get("/api/v1/openapi.json") as described:
            assert described.status == 200
    await database.close()

    assert (response.status, problem["code"], response.headers["Retry-After"]) == (503, "api.unavailable", "1")


async def test_the_night_forgets_answers(till: Till, clock: SettableClock) -> None:
    await till.post("/waitlist", {"people": 2})
    clock.advance(KEPT, minutes=1)
    night = handlers(SnapshotCache(), Responses({}))[REACTIONS][HousekeepingDue.name]

    await till.does(night, {"day": "2026-11-23"}, event_id="01KQ3ZK7M5S8W0V2C4D6E8F0G2")

    assert await till.database.read(lambda session: session.execute(select(ApiAnswer.key)).all()) == []


async def test_log_lines_hold_ids_and_no_words(till: Till) -> None:
    with capture_logs() as lines:
        booked = await till.post("/bookings", {"starts_at": "2026-11-28T19:00:00+08:00", "people": 2, "name": "陈先生"})

    [line] = [line for line in lines if line["event"] == "api"]
    assert {"request", "operation", "device", "store", "status", "ms", "again"} <= line.keys()
    assert not {"陈先生", till.token, booked["number"]} & {str(value) for value in line.values()}
