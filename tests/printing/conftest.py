"""Fixtures of printing."""

from collections.abc import AsyncIterator

import pytest

from haowei.simulators.printers import PrinterSimulator


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    """A printer on the network that works."""
    simulator = PrinterSimulator("p1")
    await simulator.start()
    yield simulator
    await simulator.stop()
