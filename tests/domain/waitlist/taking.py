"""A process to be killed: parties take numbers one after the other; each number is printed when it is committed."""

import asyncio
import sys
from pathlib import Path

from domain.kernel.clock import FileClock
from domain.storage import open_database
from domain.waitlist.service import take_number
from haowei.schema import all_metadata
from tests.conftest import Nobody
from tests.domain.waitlist.door import SHOP


async def main(url: str, clock_file: str) -> None:
    """Take numbers until killed."""
    all_metadata()
    database, clock = open_database(url, routes=Nobody()), FileClock(Path(clock_file))
    while True:
        standing = await database.transaction(take_number, SHOP, "one", None, 2, by="host", now=clock.now())
        print(standing.ticket.number, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
