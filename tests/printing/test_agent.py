"""Agents, real bytes and printers with faults: each ticket comes out once, or says that it may not be the first."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from domain.messaging.wakeup import Wakeup
from domain.shop.snapshot import SnapshotCache
from domain.storage import open_database
from haowei.simulators.printers import Fault, Paper, PrinterSimulator
from printing.agent.inside import DatabaseJobSource
from printing.jobs.desk import PrintDesk
from tests.printing.kitchen import STORE, Kitchen, printer_line
from tests.printing.orders import dish, paid, released, sold
from tests.printing.printers import RunningClock, running, until

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONE_DISH = released(dish("鱼香肉丝"))
MARK = "【可能重复】"


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


def source_of(kitchen: Kitchen, owner: str = "agent-1") -> DatabaseJobSource:
    return DatabaseJobSource(kitchen.desk, lambda: [STORE], owner=owner)


def numbers(papers: list[Paper]) -> list[str]:
    """The order numbers on some paper, in the order in which it came out."""
    return [paper.text.split("单号")[1][:4] for paper in papers]


async def all_in(kitchen: Kitchen, *states: str) -> bool:
    return {job.state for job in await kitchen.jobs()} <= set(states)


async def settled(kitchen: Kitchen, *states: str, within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while not await all_in(kitchen, *states):
            await asyncio.sleep(0.02)


async def test_an_order_comes_out_as_tickets_and_a_receipt(
    kitchen: Kitchen, printer: PrinterSimulator, spare_printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port), printer_line("till", port=spare_printer.port, width=58, roles="receipt, pass")
    )

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(released(dish("鱼香肉丝"), dish("凉拌黄瓜", station="凉菜")))
        await kitchen.paid(paid(sold("鱼香肉丝", 3200), sold("凉拌黄瓜", 1600)))
        await settled(kitchen, "confirmed")

    assert [paper.lines[0].text for paper in printer.papers] == ["厨打分单-热菜", "厨打分单-凉菜"]
    assert [paper.lines[0].text for paper in spare_printer.papers] == ["厨打总单", "好味(人民路店)"]
    assert all(paper.unknown == [] and not paper.overflowed for paper in printer.papers + spare_printer.papers)
    assert [event["all_kitchen_confirmed"] for event in await kitchen.events("print_job_confirmed") if event["kind"] == "kitchen"] == [
        False,
        True,
    ]


@ON_SQLITE
@pytest.mark.parametrize("fault", [Fault.OFF, Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
async def test_printer_that_comes_back_prints_each_ticket_once_in_order(
    kitchen: Kitchen, printer: PrinterSimulator, tmp_path: Path, fault: Fault
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await printer.set_fault(fault, on=True)

    async with running(source_of(kitchen), tmp_path):
        for number in ("0001", "0002", "0003"):
            await kitchen.released({**ONE_DISH, "number": number})
        await asyncio.sleep(1.5)
        await printer.set_fault(fault, on=False)
        await settled(kitchen, "confirmed")

    assert numbers(printer.papers) == ["0001", "0002", "0003"]
    assert printer.most_clients <= 1


@ON_SQLITE
async def test_dead_printer_hands_its_tickets_to_the_spare_at_once(
    kitchen: Kitchen, printer: PrinterSimulator, spare_printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port, stations="热菜"), printer_line("spare", port=spare_printer.port, width=58)
    )
    await printer.set_fault(Fault.OFF, on=True)

    async with running(source_of(kitchen), tmp_path):
        for number in ("0001", "0002"):
            await kitchen.released({**ONE_DISH, "number": number})
        await settled(kitchen, "confirmed")

    assert numbers(spare_printer.papers) == ["0001", "0002"]
    assert not spare_printer.papers[0].overflowed
    assert [job.printed_on for job in await kitchen.jobs()] == ["spare", "spare"]


@ON_SQLITE
async def test_one_dead_printer_does_not_hold_up_the_others(
    kitchen: Kitchen, printer: PrinterSimulator, spare_printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port, stations="热菜"), printer_line("till", port=spare_printer.port, roles="receipt", width=58)
    )
    await printer.set_fault(Fault.NEVER_READS, on=True)

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await kitchen.paid(paid(sold("鱼香肉丝", 3200)))
        await until(lambda: len(spare_printer.papers) == 1)
        assert {job.state for job in await kitchen.jobs()} - {"confirmed", "sent"}, "the dead one was waited for"


@ON_SQLITE
async def test_simple_printer_without_answers_counts_as_sent(kitchen: Kitchen, printer: PrinterSimulator, tmp_path: Path) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await printer.set_fault(Fault.NO_STATUS, on=True)

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "sent")

    assert len(printer.papers) == 1
    assert [event["all_kitchen_confirmed"] for event in await kitchen.events("print_job_confirmed")] == [True]


@ON_SQLITE
async def test_paper_put_in_soon_saves_the_marked_copy(kitchen: Kitchen, printer: PrinterSimulator, tmp_path: Path) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "confirmed")
        printer.run_out_after(3)
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "confirmed", "unknown")
        await printer.set_fault(Fault.PAPER_OUT, on=False)
        await settled(kitchen, "confirmed")

    assert len(printer.papers) == 2
    assert len(await kitchen.events("print_job_uncertain")) == 1


@ON_SQLITE
async def test_ticket_that_stays_in_doubt_comes_out_marked_at_another_printer(
    kitchen: Kitchen, clock: RunningClock, printer: PrinterSimulator, spare_printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port, stations="热菜"), printer_line("spare", port=spare_printer.port, width=58)
    )

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "confirmed")
        printer.run_out_after(3)
        await kitchen.released({**ONE_DISH, "number": "0099"})
        await settled(kitchen, "confirmed", "unknown")
        clock.advance(seconds=60)
        await until(lambda: len(spare_printer.papers) == 1)
        await printer.set_fault(Fault.PAPER_OUT, on=False)
        await until(lambda: len(printer.papers) == 2)

    code = printer.papers[1].text[-4:]
    assert spare_printer.papers[0].lines[0].text == MARK
    assert spare_printer.papers[0].text.endswith(f"#{code}")
    assert MARK not in printer.papers[1].text


@ON_SQLITE
async def test_a_new_ticket_does_not_wait_for_the_proof_of_one_in_doubt(
    kitchen: Kitchen, printer: PrinterSimulator, spare_printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port, stations="热菜"), printer_line("spare", port=spare_printer.port, width=58)
    )

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "confirmed")
        printer.run_out_after(3)
        await kitchen.released({**ONE_DISH, "number": "0098"})
        await settled(kitchen, "confirmed", "unknown")
        await kitchen.released({**ONE_DISH, "number": "0099"})
        await until(lambda: len(spare_printer.papers) == 1)

    assert numbers(spare_printer.papers) == ["0099"]


@ON_SQLITE
async def test_printer_that_cannot_be_printed_to_fails_aloud(kitchen: Kitchen, tmp_path: Path) -> None:
    await kitchen.has_printers(printer_line("hot", connection="usb:04b8:0e15"))

    async with running(source_of(kitchen), tmp_path):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "failed")

    assert [event["reason"] for event in await kitchen.events("print_job_failed")] == ["unsupported"]


@ON_SQLITE
async def test_file_printer_writes_below_its_folder(kitchen: Kitchen, tmp_path: Path) -> None:
    await kitchen.has_printers(printer_line("hot", connection="file:hot.bin"))

    async with running(source_of(kitchen), tmp_path / "prints"):
        await kitchen.released(ONE_DISH)
        await settled(kitchen, "sent")

    assert (tmp_path / "prints/hot.bin").read_bytes().startswith(b"\x1b@\x1c&")


@ON_SQLITE
async def test_stopping_finishes_the_ticket_in_hand(kitchen: Kitchen, printer: PrinterSimulator, tmp_path: Path) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await printer.set_fault(Fault.SLOW, on=True)

    async with running(source_of(kitchen), tmp_path) as stop:
        await kitchen.released({**ONE_DISH, "number": "0001"})
        await kitchen.released({**ONE_DISH, "number": "0002"})
        await settled(kitchen, "sending", "queued")
        await until(lambda: printer.most_clients == 1)
        stop.set()

    assert numbers(printer.papers) == ["0001"]
    assert sorted(job.state for job in await kitchen.jobs()) == ["confirmed", "queued"]


async def test_agents_of_two_processes_never_print_a_ticket_twice(
    kitchen: Kitchen,
    routes: Mapping[str, tuple[str, ...]],
    clock: RunningClock,
    printer: PrinterSimulator,
    spare_printer: PrinterSimulator,
    tmp_path: Path,
) -> None:
    await kitchen.has_printers(
        printer_line("hot", port=printer.port, stations="热菜"), printer_line("cold", port=spare_printer.port, stations="凉菜", width=58)
    )
    other = open_database(kitchen.database.url, routes=routes)
    desk = PrintDesk(other, SnapshotCache(), clock, Wakeup())
    other_source = DatabaseJobSource(desk, lambda: [STORE], owner="agent-2")

    async with running(source_of(kitchen), tmp_path), running(other_source, tmp_path):
        for number in range(10):
            await kitchen.released({**released(dish("鱼香肉丝"), dish("凉拌黄瓜", station="凉菜")), "number": f"{number:04d}"})
        await settled(kitchen, "confirmed")

    every = [f"{number:04d}" for number in range(10)]
    assert numbers(printer.papers) == every
    assert numbers(spare_printer.papers) == every
    assert (printer.most_clients, spare_printer.most_clients) == (1, 1)
    await other.close()


@ON_SQLITE
async def test_agent_killed_between_sending_and_report_leaves_the_ticket_unknown(
    kitchen: Kitchen, clock: RunningClock, printer: PrinterSimulator, tmp_path: Path
) -> None:
    await kitchen.has_printers(printer_line("hot", port=printer.port))
    await kitchen.released(ONE_DISH)
    printer.run_out_after(3)
    agent = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.printing.agent_process", kitchen.database.url, str(tmp_path))
    await settled(kitchen, "sending")
    await until(lambda: Fault.PAPER_OUT in printer.faults)

    agent.send_signal(signal.SIGKILL)
    assert await agent.wait() == -signal.SIGKILL
    await printer.set_fault(Fault.PAPER_OUT, on=False)

    async with running(source_of(kitchen, "agent-2"), tmp_path):
        await until(lambda: len(printer.papers) == 1)
        await asyncio.sleep(0.5)
        assert await all_in(kitchen, "sending")  # its lease still runs
        clock.advance(seconds=60)
        await settled(kitchen, "unknown")
        await asyncio.sleep(1)
        assert len(printer.papers) == 1  # not quietly printed again
        clock.advance(seconds=60)
        await until(lambda: len(printer.papers) == 2)
        await settled(kitchen, "unknown", "confirmed")

    assert [MARK in paper.text for paper in printer.papers] == [False, True]
    assert len(await kitchen.events("print_job_uncertain")) == 1
