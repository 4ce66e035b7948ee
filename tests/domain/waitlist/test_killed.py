"""The order of the line survives kill -9: it stands in the database and nowhere else."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from domain.storage import Database
from domain.waitlist.line import waiting_in
from tests.clock import SettableClock
from tests.domain.waitlist.door import SHOP, Door


async def numbers_until_killed(url: str, clock_file: Path, count: int) -> list[str]:
    """What a process was told before it died in the middle of its work."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.domain.waitlist.taking", url, str(clock_file), stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(90):
        told = [(await process.stdout.readline()).decode().strip() for _ in range(count)]
    process.kill()
    rest, _ = await process.communicate()
    return told + rest.decode().split()


async def test_the_order_is_the_same_after_the_process_was_killed_twice(
    database: Database, database_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    clock_file = tmp_path / "clock"
    clock_file.write_text(clock.now().isoformat(), encoding="utf-8")

    told = await numbers_until_killed(database_url, clock_file, 4)
    told += await numbers_until_killed(database_url, clock_file, 4)

    day = SHOP.brand.business_day(clock.now())
    line = [ticket.number for ticket in await database.read(waiting_in, "one", day)]
    assert line == [f"A{number:03d}" for number in range(1, len(line) + 1)]
    assert [number for number in line if number in told] == told
    assert len(line) - len(told) <= 2  # one at each death may have been committed and not told
    door = Door(database, clock)
    assert await door.calls_and_seats("A1", 3) == line[:3]
