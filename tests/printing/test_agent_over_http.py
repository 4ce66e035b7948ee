"""An agent in a store, the server behind an unreliable network."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from console.print_agents import PrintAgents
from domain.staff.models import TokenScope
from domain.staff.service import create_token
from haowei.simulators.printers import Fault, PrinterSimulator
from printing.agent.http import HttpJobSource
from printing.agent.source import SourceUnavailableError
from printing.jobs.leasing import LeasedJob
from tests.printing.kitchen import STORE, Kitchen, printer_line
from tests.printing.orders import dish, released
from tests.printing.printers import RunningClock, running, until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONE_DISH = released(dish("鱼香肉丝"))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """The server's HTTP side, on a network that fails as a test says.

    Attributes:
        fail_before: By last part of the path: how many requests are lost on the way in.
        fail_after: How many answers are lost on the way back.
        calls: How many requests came.
    """

    def __init__(self, kitchen: Kitchen, port: int) -> None:
        self._kitchen = kitchen
        self._port = port
        self._server: TestServer | None = None
        self.fail_before: Counter[str] = Counter()
        self.fail_after: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        @web.middleware
        async def network(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._fail(request, handler)

        app = web.Application(middlewares=[network])
        app.add_routes(PrintAgents(self._kitchen.database, self._kitchen.desk).routes())
        self._server = TestServer(app, port=self._port)
        await self._server.start_server(shutdown_timeout=0.1)

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.close()
            self._server = None

    async def _fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        call = request.path.rpartition("/")[2]
        self.calls[call] += 1
        if self.fail_before[call]:
            self.fail_before[call] -= 1
            raise web.HTTPBadGateway
        response = await handler(request)
        if self.fail_after[call]:
            self.fail_after[call] -= 1
            assert request.transport is not None
            request.transport.abort()
        return response


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
async def server(kitchen: Kitchen, free_port: int) -> AsyncIterator[Server]:
    server = Server(kitchen, free_port)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def source(server: Server, kitchen: Kitchen) -> AsyncIterator[HttpJobSource]:
    token = await kitchen.database.transaction(create_token, STORE, TokenScope.AGENT, now=kitchen.clock.now())
    async with HttpJobSource(server.url, token, owner="agent-1") as source:
        yield source


async def confirmed(kitchen: Kitchen, *, within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while {job.state for job in await kitchen.jobs()} != {"confirmed"}:
            await asyncio.sleep(0.02)


async def test_tickets_come_out_far_from_the_server(
    kitchen: Kitchen, source: HttpJobSource, printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))

    async with running(source, tmp_path):
        for _ in range(3):
            await kitchen.released(ONE_DISH)
        await confirmed(kitchen)

    assert len(printer.papers) == 3


@pytest.mark.parametrize("call", ["lease", "sending", "report"])
@pytest.mark.parametrize("lost", ["request", "answer"])
async def test_each_call_may_be_lost(
    kitchen: Kitchen,
    server: Server,
    source: HttpJobSource,
    clock: RunningClock,
    printer: PrinterSimulator,
    tmp_path: Path,
    call: str,
    lost: str,
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await kitchen.released(ONE_DISH)
    (server.fail_before if lost == "request" else server.fail_after)[call] = 1

    async with running(source, tmp_path):
        await until(lambda: server.calls[call] >= 2 or server.fail_before[call] + server.fail_after[call] == 0)
        if (call, lost) == ("lease", "answer"):
            await asyncio.sleep(0.5)
            clock.advance(seconds=60)  # leased to nobody: the lease has to end
        await confirmed(kitchen)

    assert len(printer.papers) == 1
    assert len(await kitchen.events("print_job_confirmed")) == 1
    assert await kitchen.events("print_job_uncertain") == []


async def test_server_that_restarts_while_a_ticket_is_printed_gets_the_report_later(
    kitchen: Kitchen, server: Server, source: HttpJobSource, printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await printer.set_fault(Fault.SLOW, on=True)

    async with running(source, tmp_path):
        await kitchen.released(ONE_DISH)
        await until(lambda: server.calls["sending"] == 1)
        await server.stop()
        await until(lambda: len(printer.papers) == 1)
        await asyncio.sleep(0.5)
        assert {job.state for job in await kitchen.jobs()} == {"sending"}
        await server.start()
        await confirmed(kitchen)

    assert len(printer.papers) == 1


async def test_tickets_wait_for_an_agent_that_was_cut_off(
    kitchen: Kitchen, server: Server, source: HttpJobSource, printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await server.stop()

    async with running(source, tmp_path):
        await kitchen.released(ONE_DISH)
        await asyncio.sleep(1)
        await server.start()
        await confirmed(kitchen)

    assert len(printer.papers) == 1


async def test_a_ticket_is_fetched_the_moment_it_is_planned(kitchen: Kitchen, source: HttpJobSource) -> None:
    await kitchen.has_printers(printer_line("hot"))
    waiting = asyncio.create_task(source.lease(10))
    await asyncio.sleep(0.3)

    await kitchen.released(ONE_DISH)

    async with asyncio.timeout(0.9):  # sooner than the next poll
        [job] = await waiting
    assert isinstance(job, LeasedJob)


async def test_closing_the_desk_sends_waiting_agents_home(kitchen: Kitchen, source: HttpJobSource) -> None:
    await kitchen.has_printers(printer_line("hot"))
    waiting = asyncio.create_task(source.lease(10))
    await asyncio.sleep(0.3)

    kitchen.desk.close()

    async with asyncio.timeout(0.9):
        assert await waiting == []


async def test_wrong_token_gets_nothing(kitchen: Kitchen, server: Server) -> None:
    await kitchen.has_printers(printer_line("hot"))
    await kitchen.released(ONE_DISH)

    async with HttpJobSource(server.url, "hw_agent_wrong", owner="agent-1") as source:
        with pytest.raises(SourceUnavailableError, match="HAOWEI_STORE_TOKEN"):
            await source.lease(0)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("lease", {"owner": "agent-2", "wait_s": 0, "limit": 1}, 200),
        ("lease", {"owner": "agent-2", "wait_s": 31, "limit": 1}, 400),
        ("lease", {"owner": "", "wait_s": 0, "limit": 1}, 400),
        ("lease", {"owner": "agent-2", "wait_s": 0, "limit": 1, "more": 1}, 400),
        ("lease", ["owner"], 400),
        ("lease", None, 400),
        ("jobs/JOB/sending", {"owner": "agent-1"}, 200),
        ("jobs/JOB/sending", {"owner": "agent-2"}, 409),
        ("jobs/01JD4NONE00000000000000001/sending", {"owner": "agent-1"}, 404),
        ("jobs/JOB/report", {"owner": "agent-1", "outcome": "not_sent", "detail": "paper_out"}, 200),
        ("jobs/JOB/report", {"owner": "agent-1", "outcome": "confirmed"}, 409),
        ("jobs/JOB/report", {"owner": "agent-2", "outcome": "unknown"}, 409),
        ("jobs/JOB/report", {"owner": "agent-1", "outcome": "eaten"}, 400),
        ("jobs/JOB/report", {"owner": "agent-1", "outcome": "unknown", "detail": "x" * 33}, 400),
    ],
)
async def test_protocol(kitchen: Kitchen, server: Server, path: str, body: Any, status: int) -> None:
    await kitchen.has_printers(printer_line("hot"))
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease("agent-1")
    token = await kitchen.database.transaction(create_token, STORE, TokenScope.AGENT, now=kitchen.clock.now())

    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
        answer = await http.post(f"{server.url}/agent/v1/{path.replace('JOB', job.id)}", json=body)

        assert answer.status == status, await answer.text()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"owner": "agent-1"', "application/json"),
        ('{"owner": "后厨"}'.encode("gbk"), "application/json"),
        (b'{"owner": "agent-1", "wait_s": 0, "limit": 1}', "application/json; charset=klingon"),
        (b'{"owner": "agent-1", "wait_s": 0, "limit": 1}', "application/json; charset=utf-32"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe\x00", ""),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_wrong_request(kitchen: Kitchen, server: Server, body: bytes, content_type: str) -> None:
    token = await kitchen.database.transaction(create_token, STORE, TokenScope.AGENT, now=kitchen.clock.now())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}

    async with aiohttp.ClientSession() as http:
        answer = await http.post(f"{server.url}/agent/v1/lease", data=body, headers=headers)

        assert (answer.status, (await answer.json(content_type=None))["code"]) == (400, "printing.wrong_request")


async def test_a_leased_job_survives_the_wire(kitchen: Kitchen) -> None:
    await kitchen.has_printers(printer_line("hot"))
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()

    assert LeasedJob.from_json(job.to_json()) == job
