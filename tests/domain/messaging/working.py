"""A worker process to be killed: for every event it writes a row and adds one to a total, and takes its time for it.

Its handler is not idempotent: run twice to its end, it would show.
"""

import asyncio
import sys
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.kernel.clock import SystemClock
from domain.kernel.ids import new_id
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.storage import open_database
from tests.domain.messaging.conftest import ROUTES
from tests.domain.scratch import Note, count_up, pause


def count(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Not idempotent on purpose."""
    session.add(Note(key=new_id(now), words=event_id, number=payload["number"]))
    session.flush()
    pause(session, 0.005)
    count_up(session, "total")


async def main(url: str) -> None:
    """Work until killed, with leases of one second."""
    worker = Worker(
        open_database(url, routes=ROUTES),
        SystemClock(),
        Wakeup(),
        handlers={"counting": {"test.counted": count}},
        effects={},
        leases={"counting": timedelta(seconds=1)},
        on_outcome=lambda consumer, outcome: print(outcome, flush=True),
    )
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
