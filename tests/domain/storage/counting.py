"""A process that reads a number and writes it back plus one, many times."""

import asyncio
import sys

from domain.storage import open_database
from tests.domain.scratch import read_then_write
from tests.domain.storage.ways import both_ways


async def main(url: str, times: int) -> None:
    """Eight tasks at once, every second one with a deadline."""
    database = open_database(url)
    ways = both_ways(database)

    async def write(task: int) -> None:
        for _ in range(times // 8):
            await ways[task % 2](read_then_write, "counter")

    async with asyncio.TaskGroup() as tasks:
        for task in range(8):
            tasks.create_task(write(task))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
