"""Two servers of one brand at once: one key is one act, and one table goes to one party."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

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


@pytest.mark.parametrize(("copies", "parties"), [(20, 60), pytest.param(50, 200, id="long", marks=pytest.mark.soak)])
async def test_over_two_processes_a_key_is_one_booking_and_the_last_table_goes_to_one_party(
    till: Till, hill: Till, database_url: str, copies: int, parties: int
) -> None:
    two, four = {"starts_at": SATURDAY, "people": 2}, {"starts_at": SATURDAY, "people": 4}
    async with two_servers(database_url) as ports, _session(till) as river, _session(hill) as far, asyncio.timeout(120):
        same = await asyncio.gather(*(post(river, ports[number % 2], "/bookings", two, "one") for number in range(copies)))
        race = await asyncio.gather(*(post(far, ports[number % 2], "/bookings", four, f"party-{number}") for number in range(parties)))

    assert {(status, text) for status, text, _ in same} == {(201, same[0][1])}
    assert Counter(again for _, _, again in same) == {"": 1, "true": copies - 1}
    assert len((await till.get("/bookings", day="2026-11-28"))["bookings"]) == 1

    assert Counter(status for status, _, _ in race) == {201: 1, 409: parties - 1}
    assert all('"code": "bookings.full"' in text and '"offers"' in text for status, text, _ in race if status == 409)
    assert [booked["number"] for booked in (await hill.get("/bookings", day="2026-11-28"))["bookings"]] == ["B001"]
    assert await hill.database.read(prove_bookings) == []


def _session(till: Till) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {till.token}"}, connector=aiohttp.TCPConnector(limit=0))
