"""A process that serves /api/v1 on a port of its own, until its standard input ends.

python -m tests.console.api.api_process URL
"""

import asyncio
import sys

from aiohttp import web

from domain.storage import open_database
from haowei.routing import ROUTES
from haowei.schema import all_metadata
from tests.clock import SettableClock
from tests.console.till import app_of


async def main(url: str) -> None:
    """Say the port, serve, end."""
    all_metadata()
    database = open_database(url, routes=ROUTES)
    runner = web.AppRunner(app_of(database, SettableClock()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
