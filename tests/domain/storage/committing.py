"""A process to be killed: commits row after row, and prints the key of each as soon as its transaction has returned."""

import asyncio
import sys

from domain.storage import open_database
from tests.domain.scratch import add
from tests.domain.storage.ways import both_ways


async def main(url: str) -> None:
    """Thirty tasks that write for ever, every second one with a deadline."""
    ways = both_ways(open_database(url))

    async def write(task: int) -> None:
        number = 0
        while True:
            number += 1
            print(await ways[task % 2](add, f"{task}-{number}"), flush=True)

    async with asyncio.TaskGroup() as tasks:
        for task in range(30):
            tasks.create_task(write(task))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
