"""Two servers of one brand at once: one key is one act, and one table goes to one party."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from domain.bookings.proof import prove_bookings
from tests.console.contract import check
from tests.console.till import Till

SATURDAY = "2026-11-28T19:00:00+08:00"


@asynccontextmanager
async def two_servers(url: str) -> AsyncIterator[list[int]]:
    """Their ports."""

    async def start() -> tuple[Process, int]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.console.api.api_process", url, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert process.stdout is not None
        while not (line := await process.stdout.readline()).strip().isdigit():
            assert line, "it did not start"
        return process, int(line)

    started = await asyncio.gather(start(), start())
    try:
        yield [port for _, port in started]
    finally:
        for process, _ in started:
            process.stdin.close()  # type: ignore[union-attr]
        await asyncio.gather(*(process.communicate() for process, _ in started))


async def post(http: aiohttp.ClientSession, port: int, path: str, body: Any, key: str) -> tuple[int, str, str]:
    """As a till does it: a 503 is asked again under the same key."""
    while True:
        async with http.post(f"http://127.0.0.1:{port}/api/v1{path}", json=body, headers={"Idempotency-Key": key}) as response:
            text = await response.text()
            check("POST", path, response.status, response.content_type, await response.json(content_type=None))
            if response.status != 503:
                return response.status, text, response.headers.get("Idempotent-Replayed", "")
        await asyncio.sleep(float(response.headers["Retry-After"]) / 10)


async def test_one_key_fifty_times_over_two_processes_is_one_booking(till: Till, database_url: str) -> None:
    body = {"starts_at": SATURDAY, "people": 2}
    async with two_servers(database_url) as ports, _session(till) as http, asyncio.timeout(60):
        answers = await asyncio.gather(*(post(http, ports[number % 2], "/bookings", body, "one") for number in range(50)))

    assert {(status, text) for status, text, _ in answers} == {(201, answers[0][1])}
    assert Counter(again for _, _, again in answers) == {"": 1, "true": 49}
    assert len((await till.get("/bookings", day="2026-11-28"))["bookings"]) == 1


async def test_of_200_parties_for_the_last_table_over_two_processes_one_gets_it(hill: Till, database_url: str) -> None:
    body = {"starts_at": SATURDAY, "people": 4}
    async with two_servers(database_url) as ports, _session(hill) as http, asyncio.timeout(120):
        answers = await asyncio.gather(*(post(http, ports[number % 2], "/bookings", body, f"party-{number}") for number in range(200)))

    assert Counter(status for status, _, _ in answers) == {201: 1, 409: 199}
    assert all('"code": "bookings.full"' in text and '"offers"' in text for status, text, _ in answers if status == 409)
    assert [booked["number"] for booked in (await hill.get("/bookings", day="2026-11-28"))["bookings"]] == ["B001"]
    assert await hill.database.read(prove_bookings) == []


def _session(till: Till) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {till.token}"}, connector=aiohttp.TCPConnector(limit=0))
