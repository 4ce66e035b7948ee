"""A store's print queue in the hands of a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.kernel.clock import Clock
from domain.kernel.ids import new_id
from domain.messaging.models import OutboxEvent
from domain.messaging.worker import Handler
from domain.shop.importing import import_shop
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from printing.consumers import on_order_paid, on_order_released, on_print_jobs_due
from printing.jobs.desk import PrintDesk
from printing.jobs.leasing import LeasedJob
from printing.jobs.models import PrintJob
from printing.printers.outcome import Outcome
from printing.tickets.orders import PaidOrder, ReleasedOrder

SHOP = """
brand: {name: 好味}
stores:
  - id: s1
    name: 好味(人民路店)
    printers: [%s]
menu: []
"""
STORE = "s1"


def printer_line(
    printer_id: str, *, port: int = 9100, connection: str = "", width: int = 80, roles: str = "kitchen", stations: str = ""
) -> str:
    """A printer of the shop file; roles and stations separated by commas."""
    where = connection or f"tcp://127.0.0.1:{port}"
    return f'{{id: {printer_id}, connection: "{where}", width: {width}, roles: [{roles}], stations: [{stations}]}}'


@dataclass(frozen=True, slots=True)
class Kitchen:
    """What printing does about events and agents, each as its own transaction."""

    database: Database
    snapshots: SnapshotCache
    clock: Clock
    desk: PrintDesk

    async def has_printers(self, *printers: str) -> None:
        """Import a shop whose one store has these printers."""
        document = read_shop((SHOP % ", ".join(printers)).encode()).document
        await self.database.transaction(import_shop, document, imported_by="test", now=self.clock.now())

    async def released(self, order: ReleasedOrder, *, event_id: str | None = None) -> None:
        """A round goes to the kitchen."""
        now = self.clock.now()
        handle = on_order_released(self.snapshots)
        await self.database.transaction(lambda session: handle(session, dict(order), event_id=event_id or new_id(now), now=now))

    async def told(self, consumer: Callable[[SnapshotCache], Handler], order: Mapping[str, Any]) -> None:
        """The kitchen hears of a change: a dish taken back, a round to be cooked, a table that waits."""
        now = self.clock.now()
        handle = consumer(self.snapshots)
        await self.database.transaction(lambda session: handle(session, dict(order), event_id=new_id(now), now=now))

    async def paid(self, order: PaidOrder) -> None:
        """An order is paid."""
        now = self.clock.now()
        handle = on_order_paid(self.snapshots)
        await self.database.transaction(lambda session: handle(session, dict(order), event_id=new_id(now), now=now))

    async def due(self) -> None:
        """The last moment of some tickets has come."""
        now = self.clock.now()
        await self.database.transaction(lambda session: on_print_jobs_due(session, {"store_id": STORE}, event_id=new_id(now), now=now))

    async def lease(self, owner: str = "agent-1", *, limit: int = 10) -> list[LeasedJob]:
        """What an agent gets now."""
        return await self.desk.lease([STORE], owner=owner, wait_s=0, limit=limit)

    async def sending(self, job: LeasedJob, owner: str = "agent-1") -> None:
        """The first byte is about to leave."""
        await self.desk.sending(STORE, job.id, owner=owner)

    async def report(self, job: LeasedJob, outcome: Outcome, owner: str = "agent-1") -> None:
        """How it went."""
        await self.desk.report(STORE, job.id, owner=owner, outcome=outcome)

    async def print(self, outcome: Outcome, owner: str = "agent-1") -> LeasedJob:
        """Lease the only ticket there is, send it, and report."""
        [job] = await self.lease(owner)
        await self.sending(job, owner)
        await self.report(job, outcome, owner)
        return job

    async def jobs(self) -> list[PrintJob]:
        """All jobs, in the order in which they were planned."""
        return await self.database.read(lambda session: list(session.scalars(select(PrintJob).order_by(PrintJob.created_at, PrintJob.id))))

    async def states(self) -> list[tuple[str, int, str]]:
        """(role, copy number, state) of all jobs."""
        return [(job.role, job.copy_no, job.state) for job in await self.jobs()]

    async def events(self, name: str) -> list[dict[str, Any]]:
        """Payloads of the events of one name, oldest first."""
        rows = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.occurred_at, OutboxEvent.id)
        return await self.database.read(lambda session: list(session.scalars(rows)))
