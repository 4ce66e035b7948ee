"""Every fault of a printer against the outcome of a ticket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from haowei.simulators.printers import Fault, PrinterSimulator
from printing.encoding import encode
from printing.layout import lay_out
from printing.printers.connection import TcpAddress
from printing.printers.network import NetworkLink, NetworkPrinter
from printing.printers.outcome import CONFIRMED, SENT, NotConnectedError, Outcome, not_sent, unknown
from tests.printing.printers import QUICK, until
from tests.printing.test_tickets import TICKETS

LAID = lay_out(TICKETS["kitchen_hot"], 48, printed_at=datetime(2026, 11, 21, tzinfo=UTC))
TICKET = encode(LAID)


def printer_at(port: int) -> NetworkPrinter:
    return NetworkPrinter(TcpAddress("127.0.0.1", port), timing=QUICK)


async def print_ticket(printer: NetworkPrinter) -> Outcome:
    try:
        link = await printer.connect()
    except NotConnectedError as error:
        return not_sent(error.reason)
    try:
        return await link.preflight() or await link.send(TICKET, lines=len(LAID))
    finally:
        await link.close()


async def ready_link(printer: PrinterSimulator) -> NetworkLink:
    """A connection over which a ticket was found to be printable."""
    network = printer_at(printer.port)
    assert await print_ticket(network) == CONFIRMED
    link = await network.connect()
    assert await link.preflight() is None
    return link


async def test_working_printer_confirms_each_ticket(printer: PrinterSimulator) -> None:
    network = printer_at(printer.port)

    outcomes = [await print_ticket(network) for _ in range(3)]

    assert outcomes == [CONFIRMED] * 3
    assert [paper.unknown for paper in printer.papers] == [[]] * 3
    assert printer.papers[0].lines == printer.papers[2].lines
    assert printer.most_clients == 1


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.OFF, not_sent("refused")),
        (Fault.PAPER_OUT, not_sent("paper_out")),
        (Fault.COVER_OPEN, not_sent("cover_open")),
        (Fault.OFFLINE, not_sent("offline")),
        (Fault.NEVER_READS, SENT),  # nothing tells it from a simple model
        (Fault.SLOW, CONFIRMED),
        (Fault.RESETS_MID_JOB, unknown("closed")),
        (Fault.NO_STATUS, SENT),
        (Fault.STATUS_ONLY, SENT),
        (Fault.ANSWERS_LATE, SENT),
    ],
)
async def test_outcome_at_a_printer_never_met_before(printer: PrinterSimulator, fault: Fault, outcome: Outcome) -> None:
    await printer.set_fault(fault, on=True)

    assert await print_ticket(printer_at(printer.port)) == outcome


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.OFF, not_sent("refused")),
        (Fault.PAPER_OUT, not_sent("paper_out")),
        (Fault.COVER_OPEN, not_sent("cover_open")),
        (Fault.OFFLINE, not_sent("offline")),
        (Fault.NEVER_READS, not_sent("silent")),
        (Fault.SLOW, CONFIRMED),
        (Fault.RESETS_MID_JOB, unknown("closed")),
        (Fault.NO_STATUS, not_sent("silent")),
        (Fault.STATUS_ONLY, unknown("no_answer")),
        (Fault.ANSWERS_LATE, not_sent("silent")),
    ],
)
async def test_outcome_at_a_printer_that_is_known_to_answer(printer: PrinterSimulator, fault: Fault, outcome: Outcome) -> None:
    network = printer_at(printer.port)
    assert await print_ticket(network) == CONFIRMED
    await printer.set_fault(fault, on=True)

    assert await print_ticket(network) == outcome


@pytest.mark.parametrize("fault", [Fault.OFF, Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE, Fault.ANSWERS_LATE])
async def test_ticket_that_was_not_sent_leaves_no_trace(printer: PrinterSimulator, fault: Fault) -> None:
    network = printer_at(printer.port)
    assert await print_ticket(network) == CONFIRMED
    await printer.set_fault(fault, on=True)
    await print_ticket(network)

    await printer.set_fault(fault, on=False)

    assert await print_ticket(network) == CONFIRMED
    assert len(printer.papers) == 2


async def test_silent_printer_that_begins_to_answer_is_believed_again(printer: PrinterSimulator) -> None:
    network = printer_at(printer.port)
    await printer.set_fault(Fault.NO_STATUS, on=True)
    assert await print_ticket(network) == SENT

    await printer.set_fault(Fault.NO_STATUS, on=False)

    assert await print_ticket(network) == CONFIRMED


async def test_paper_that_ends_within_a_ticket_leaves_it_unknown_until_paper_is_put_in(printer: PrinterSimulator) -> None:
    link = await ready_link(printer)
    printer.run_out_after(3)

    first = await link.send(TICKET, lines=len(LAID))
    waiting = asyncio.create_task(link.late_answer(5))
    await printer.set_fault(Fault.PAPER_OUT, on=False)

    assert first == unknown("no_answer")
    assert await waiting == CONFIRMED
    assert len(printer.papers) == 2  # the held ticket came out, once
    await link.close()


async def test_late_answer_that_never_comes(printer: PrinterSimulator) -> None:
    link = await ready_link(printer)
    printer.run_out_after(3)
    await link.send(TICKET, lines=len(LAID))

    assert await link.late_answer(0.05) is None
    await link.close()
    assert await link.late_answer(5) is None


async def test_printer_that_stops_reading_in_a_long_ticket_leaves_it_unknown(printer: PrinterSimulator) -> None:
    link = await ready_link(printer)
    await printer.set_fault(Fault.NEVER_READS, on=True)

    assert await link.send(b"x" * 20_000_000, lines=1) == unknown("stalled")
    await link.close()


async def test_status_only_printer_that_runs_out_of_paper_leaves_the_ticket_unknown(printer: PrinterSimulator) -> None:
    await printer.set_fault(Fault.STATUS_ONLY, on=True)
    link = await printer_at(printer.port).connect()
    assert await link.preflight() is None
    printer.run_out_after(3)

    assert await link.send(TICKET, lines=len(LAID)) == unknown("paper_out")
    await link.close()


@asynccontextmanager
async def scripted(serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[int]:
    """A printer that does exactly what a test says."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_hanging_up_before_the_ticket_is_not_sent_and_not_paper_ok() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)

    async with scripted(hang_up) as port:
        assert await print_ticket(printer_at(port)) == not_sent("closed")


async def test_hanging_up_after_the_ticket_is_unknown() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(4):
            await reader.readexactly(3)
            writer.write(b"\x12")
        await reader.readexactly(3)
        writer.write(b"\x00")
        await reader.readuntil(b"\x1dr\x01")

    async with scripted(hang_up) as port:
        assert await print_ticket(printer_at(port)) == unknown("closed")


async def test_simple_printer_that_hangs_up_after_the_ticket_has_taken_it() -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\x1dr\x01")

    async with scripted(take) as port:
        assert await print_ticket(printer_at(port)) == SENT


async def test_strays_on_the_line_are_no_answers() -> None:
    """Automatic status packets and flow control, before and between the answers; the ASB bytes look like GS r."""
    stray = b"\x11\x10\x00\x00\x00\x13"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(4):
            await reader.readexactly(3)
            writer.write(stray + b"\x12" + stray)
        await reader.readuntil(b"\x1dr\x01")
        writer.write(stray + b"\x00")
        await reader.readuntil(b"\x1dr\x01")
        writer.write(stray)
        await reader.read()

    async with scripted(answer) as port:
        assert await print_ticket(printer_at(port)) == unknown("no_answer")


async def test_answer_to_an_earlier_question_does_not_prove_the_ticket() -> None:
    """A GS r of the preflight that is answered late must not be taken for the ticket's."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(4):
            await reader.readexactly(3)
            writer.write(b"\x12")
        await reader.readexactly(3)
        await reader.readuntil(b"\x1dr\x01")
        writer.write(b"\x00")
        for n in range(1, 5):
            await reader.readexactly(3)
            writer.write(b"\x72" if n == 4 else b"\x12")
        await reader.read()

    async with scripted(answer) as port:
        assert await print_ticket(printer_at(port)) == unknown("paper_out")


async def test_address_where_nobody_is() -> None:
    printer = NetworkPrinter(TcpAddress("printer.invalid", 9100), timing=QUICK)

    with pytest.raises(NotConnectedError) as refused:
        await printer.connect()

    assert refused.value.reason == "unreachable"


async def test_printing_does_not_block_other_work(printer: PrinterSimulator) -> None:
    await printer.set_fault(Fault.NO_STATUS, on=True)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await print_ticket(printer_at(printer.port))
    ticking.cancel()

    await until(ticking.done)
    assert ticks > 10
