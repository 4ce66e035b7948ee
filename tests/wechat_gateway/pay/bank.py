"""A bank whose books are files, so that they outlive a killed process; and a process that is killed inside its call.

`python -m tests.wechat_gateway.pay.bank DATABASE_URL BOOKS`: claims one refund, pays it out, and is gone before it can write that down.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.payments.refunds import RefundOrder
from domain.storage import open_database
from tests.clock import SettableClock
from wechat_gateway.pay.refunds import RefundSender

REFUNDS = "refunds"


class Bank:
    """Pays out once for each number, and remembers every call."""

    def __init__(self, books: Path, *, dies: bool = False) -> None:
        self._books = books
        self._dies = dies

    async def refund(self, order: RefundOrder) -> str:
        """Pay out, unless the books say that it was."""
        with (self._books / "calls").open("a") as calls:
            calls.write(order.refund_id + "\n")
        payout = self._books / f"{order.refund_id}.payout"
        if not payout.exists():
            payout.write_text(str(order.fen))
        if self._dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return f"bank-{order.refund_id}"

    @property
    def calls(self) -> list[str]:
        """Numbers asked for, in order."""
        return (self._books / "calls").read_text().split()

    @property
    def payouts(self) -> dict[str, int]:
        """Number -> fen."""
        return {file.stem: int(file.read_text()) for file in self._books.glob("*.payout")}


async def _die(url: str, books: Path) -> None:
    database, clock = open_database(url, routes={}), SettableClock()
    sender = RefundSender(database, clock, {"simulated": Bank(books, dies=True)})
    await Worker(database, clock, Wakeup(), handlers={}, effects={REFUNDS: sender}).work_once(REFUNDS)


if __name__ == "__main__":
    asyncio.run(_die(sys.argv[1], Path(sys.argv[2])))
