"""The simulated printer behaves as the papers about ESC/POS printers say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from haowei.simulators.printers import Fault, PaperLine, PrinterSimulator

CHINESE = b"\x1b@\x1c&"
CUT = b"\x1dV\x01"


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    simulator = PrinterSimulator("p1", width_mm=58)
    await simulator.start()
    yield simulator
    await simulator.stop()


class Client:
    """Someone at the other end of the wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, data: bytes, n: int = 1) -> bytes:
        self.writer.write(data)
        async with asyncio.timeout(2):
            return await self.reader.readexactly(n)

    async def hears_nothing(self, data: bytes = b"") -> bool:
        self.writer.write(data)
        try:
            async with asyncio.timeout(0.1):
                return await self.reader.read(1) == b""
        except TimeoutError:
            return True


Connect = Callable[[], Awaitable[Client]]


@pytest.fixture
async def connect(printer: PrinterSimulator) -> AsyncIterator[Connect]:
    clients: list[Client] = []

    async def of_printer() -> Client:
        clients.append(Client(*await asyncio.open_connection("127.0.0.1", printer.port)))
        return clients[-1]

    yield of_printer
    for client in clients:
        client.writer.transport.abort()


async def printed(printer: PrinterSimulator, data: bytes) -> list[PaperLine]:
    client = Client(*await asyncio.open_connection("127.0.0.1", printer.port))
    await client.ask(data + CUT + b"\x1dr\x01")
    client.writer.close()
    return printer.papers[-1].lines


async def test_text_sizes_bold_and_align(printer: PrinterSimulator) -> None:
    lines = await printed(printer, CHINESE + "红烧肉".encode("gbk") + b"\n\x1d!\x11\x1bE\x01\x1ba\x01x2\n\x1d!\x00\x1bE\x00\x1ba\x00 \n")

    assert lines == [PaperLine("红烧肉"), PaperLine("x2", wide=True, tall=True, bold=True, align="center"), PaperLine(" ")]
    assert printer.papers[0].unknown == []


async def test_hanzi_without_chinese_mode_are_garbage(printer: PrinterSimulator) -> None:
    assert await printed(printer, b"\x1b@" + "肉".encode("gbk") + b"\n") == [PaperLine("╚Γ")]


async def test_hanzi_that_gbk_lacks_are_noted(printer: PrinterSimulator) -> None:
    await printed(printer, CHINESE + "㸆".encode("gb18030") + b"\n")

    assert printer.papers[0].unknown


async def test_line_too_long_is_broken_and_noted(printer: PrinterSimulator) -> None:
    lines = await printed(printer, CHINESE + b"\x1d!\x11" + b"x" * 17 + b"\n")

    assert [len(line.text) for line in lines] == [16, 1]
    assert printer.papers[0].overflowed


async def test_commands_it_does_not_know_are_noted(printer: PrinterSimulator) -> None:
    await printed(printer, b"\x1bt\x00\x07\x1d(A\x02\x00\x00\x02")

    assert printer.papers[0].unknown == ["1b74", "00", "07", "1d284102000002"]


async def test_cut_inside_a_line_is_not_obeyed(printer: PrinterSimulator) -> None:
    await printed(printer, b"left behind" + CUT + b"\n")

    assert printer.papers[0].unknown == ["cut inside a line"]


async def test_qr_code(printer: PrinterSimulator) -> None:
    data = "https://example.com/好".encode()
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data

    lines = await printed(printer, b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1" + store + b"\x1d(k\x03\x001Q0")

    assert lines == [PaperLine("", qr="https://example.com/好")]


async def test_paper_as_json_and_text(printer: PrinterSimulator) -> None:
    await printed(printer, b"one\ntwo\n\x1bB\x02\x01\x1bd\x02")

    paper = printer.papers[0]
    assert paper.text == "one\ntwo"
    assert paper.to_json() == {
        "printer_id": "p1",
        "number": 1,
        "columns": 32,
        "lines": [
            {"text": text, "wide": False, "tall": False, "bold": False, "align": "left", "qr": None} for text in ("one", "two", "", "")
        ],
        "raw": (b"one\ntwo\n\x1bB\x02\x01\x1bd\x02" + CUT).hex(),
        "unknown": [],
        "beeps": 2,
        "overflowed": False,
    }


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        (None, b"\x12\x12\x12\x12"),
        (Fault.PAPER_OUT, b"\x1a\x32\x12\x7e"),
        (Fault.COVER_OPEN, b"\x1a\x16\x12\x12"),
        (Fault.OFFLINE, b"\x1a\x12\x12\x12"),
    ],
)
async def test_status_is_told_at_once_even_while_held_up(
    printer: PrinterSimulator, connect: Connect, fault: Fault | None, statuses: bytes
) -> None:
    client = await connect()
    if fault:
        await printer.set_fault(fault, on=True)

    assert await client.ask(b"text\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", 4) == statuses


async def test_status_command_may_come_in_pieces(printer: PrinterSimulator, connect: Connect) -> None:
    client = await connect()

    for piece in (b"\x10", b"\x04"):
        assert await client.hears_nothing(piece)

    assert await client.ask(b"\x01") == b"\x12"


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
async def test_held_paper_comes_out_later_and_is_answered_in_order(printer: PrinterSimulator, connect: Connect, fault: Fault) -> None:
    await printer.set_fault(fault, on=True)
    client = await connect()
    assert await client.hears_nothing(b"held\n" + CUT + b"\x1dr\x01")
    assert printer.papers == []

    await printer.set_fault(fault, on=False)

    assert await client.ask(b"") == b"\x00"
    assert [paper.text for paper in printer.papers] == ["held"]


async def test_paper_runs_out_in_the_middle(printer: PrinterSimulator, connect: Connect) -> None:
    printer.run_out_after(1)
    client = await connect()
    assert await client.hears_nothing(b"one\ntwo\n" + CUT + b"\x1dr\x01")
    assert Fault.PAPER_OUT in printer.faults

    await printer.set_fault(Fault.PAPER_OUT, on=False)

    assert await client.ask(b"") == b"\x00"
    assert printer.papers[0].text == "one\ntwo"


async def test_switched_off_it_refuses_and_forgets_and_comes_back_at_the_same_place(printer: PrinterSimulator, connect: Connect) -> None:
    await printer.set_fault(Fault.PAPER_OUT, on=True)
    client = await connect()
    assert await client.hears_nothing(b"lost\n" + CUT)
    port = printer.port

    await printer.set_fault(Fault.OFF, on=True)
    with pytest.raises(ConnectionRefusedError):
        await connect()
    await printer.set_fault(Fault.OFF, on=False)
    await printer.set_fault(Fault.PAPER_OUT, on=False)

    assert printer.port == port
    await printed(printer, b"new\n")
    assert [paper.text for paper in printer.papers] == ["new"]


async def test_automatic_status_tells_of_changes_until_reset(printer: PrinterSimulator, connect: Connect) -> None:
    client = await connect()

    assert await client.ask(b"\x1da\x0f", 4) == b"\x10\x00\x00\x00"
    await printer.set_fault(Fault.PAPER_OUT, on=True)
    assert await client.ask(b"", 4) == b"\x18\x00\x0f\x00"
    await printer.set_fault(Fault.PAPER_OUT, on=False)
    assert await client.ask(b"", 4) == b"\x10\x00\x00\x00"
    assert await client.ask(b"\x1b@\x1dr\x01") == b"\x00"
    await printer.set_fault(Fault.COVER_OPEN, on=True)
    assert await client.hears_nothing()


async def test_simple_models_answer_less(printer: PrinterSimulator, connect: Connect) -> None:
    client = await connect()
    await printer.set_fault(Fault.STATUS_ONLY, on=True)
    assert await client.ask(b"\x1dr\x01\x10\x04\x01") == b"\x12"

    await printer.set_fault(Fault.NO_STATUS, on=True)

    assert await client.hears_nothing(b"\x1dr\x01\x10\x04\x01\x1da\x0f")


async def test_late_answers(printer: PrinterSimulator, connect: Connect) -> None:
    printer.late_s = 0.2
    await printer.set_fault(Fault.ANSWERS_LATE, on=True)
    client = await connect()

    assert await client.hears_nothing(b"\x10\x04\x01")
    assert await client.ask(b"") == b"\x12"


async def test_breaks_the_connection_after_64_bytes(printer: PrinterSimulator, connect: Connect) -> None:
    await printer.set_fault(Fault.RESETS_MID_JOB, on=True)
    client = await connect()
    assert await client.hears_nothing(b"x" * 63)

    client.writer.write(b"x" * 100)

    with pytest.raises(ConnectionResetError):
        await client.reader.read(1)


async def test_hung_printer_goes_on_where_it_stopped(printer: PrinterSimulator, connect: Connect) -> None:
    await printer.set_fault(Fault.NEVER_READS, on=True)
    client = await connect()
    assert await client.hears_nothing(b"\x10\x04\x01")

    await printer.set_fault(Fault.NEVER_READS, on=False)

    assert await client.ask(b"") == b"\x12"


async def test_listeners_get_paper_until_they_leave(printer: PrinterSimulator) -> None:
    queue = printer.subscribe()
    await printed(printer, b"one\n")
    printer.unsubscribe(queue)
    await printed(printer, b"two\n")

    assert (queue.get_nowait().text, queue.empty()) == ("one", True)
