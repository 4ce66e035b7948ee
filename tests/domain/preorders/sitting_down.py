"""A process to be killed: it places what a party chose, says so, and waits before it commits."""

import asyncio
import sys
import time
from pathlib import Path

from sqlalchemy.orm import Session

from domain.kernel.clock import FileClock
from domain.preorders.service import seat_preorder
from domain.shop.snapshot import load_snapshot
from domain.storage import open_database
from haowei.schema import all_metadata
from tests.conftest import Nobody


async def main(url: str, clock_file: str, store_id: str, ticket_id: str) -> None:
    """Place it, and never commit."""
    all_metadata()
    database, clock = open_database(url, routes=Nobody()), FileClock(Path(clock_file))

    def places(session: Session) -> None:
        seat_preorder(session, load_snapshot(session), store_id, ticket_id, now=clock.now())
        print("placed", flush=True)
        time.sleep(60)

    await database.transaction(places)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
