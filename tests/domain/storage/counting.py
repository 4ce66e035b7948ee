"""A process that reads a number and writes it back plus one, many times."""

import asyncio
import sys

from domain.storage import open_database
from tests.domain.scratch import read_then_write


async def main(url: str, times: int) -> None:
    """Eight tasks at once."""
    database = open_database(url)

    async def write() -> None:
        for _ in range(times // 8):
            await database.transaction(read_then_write, "counter")

    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(write())
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
