"""A print agent as a process of its own, for a test to kill: python -m tests.printing.agent_process URL PRINTS_DIR."""

import asyncio
import sys
from pathlib import Path

from domain.kernel.clock import SystemClock
from domain.messaging.wakeup import Wakeup
from domain.shop.snapshot import SnapshotCache
from domain.storage import open_database
from printing.agent.inside import DatabaseJobSource
from printing.agent.loop import PrintAgent
from printing.jobs.desk import PrintDesk
from tests.printing.kitchen import STORE


async def main(url: str, prints_dir: str) -> None:
    desk = PrintDesk(open_database(url, routes={}), SnapshotCache(), SystemClock(), Wakeup())
    source = DatabaseJobSource(desk, lambda: [STORE], owner="agent-to-kill")
    await PrintAgent(source, prints_dir=Path(prints_dir)).run(asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
