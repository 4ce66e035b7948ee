"""Fixtures of printing: a store with printers, and the desk where its tickets are fetched."""

from collections.abc import AsyncIterator, Mapping

import pytest

from domain.messaging.wakeup import Wakeup
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.simulators.printers import PrinterSimulator
from printing.jobs.desk import PrintDesk
from tests.clock import SettableClock
from tests.printing.kitchen import Kitchen

ROUTES = dict.fromkeys(("print_job_confirmed", "print_job_uncertain", "print_job_failed", "print_jobs_due"), ("staff",))


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    """Somebody hears every event of printing."""
    return ROUTES


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    """A printer on the network that works."""
    simulator = PrinterSimulator("p1")
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def spare_printer() -> AsyncIterator[PrinterSimulator]:
    """Another one."""
    simulator = PrinterSimulator("p2", width_mm=58)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def kitchen(database: Database, clock: SettableClock) -> Kitchen:
    """The print queue of a store on a clock that stands still."""
    wakeup, snapshots = Wakeup(), SnapshotCache()
    database.on_commit(wakeup.wake)
    return Kitchen(database, snapshots, clock, PrintDesk(database, snapshots, clock, wakeup))
