"""A ticket printer on the network, with the faults that real ones have."""

import asyncio
import socket
import struct
from collections import deque
from enum import StrEnum

from haowei.simulators.printers.interpreter import Interpreter
from haowei.simulators.printers.paper import Paper

_COLUMNS = {80: 48, 58: 32}


class Fault(StrEnum):
    """What can be wrong with a printer; several at once are possible."""

    OFF = "off"  # refuses connections; forgets what it had not printed
    PAPER_OUT = "paper_out"  # keeps what it receives and prints it when paper is put in
    COVER_OPEN = "cover_open"  # keeps what it receives
    OFFLINE = "offline"  # keeps what it receives
    NEVER_READS = "never_reads"  # accepts connections and hangs
    SLOW = "slow"  # prints 400 bytes a second
    RESETS_MID_JOB = "resets_mid_job"  # breaks every connection after its first 64 bytes
    NO_STATUS = "no_status"  # a simple model: answers nothing
    STATUS_ONLY = "status_only"  # answers DLE EOT but not GS r
    ANSWERS_LATE = "answers_late"  # answers `late_s` seconds later


_HOLDING = frozenset({Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE})
_BITE, _BITE_S = 20, 0.05  # bytes and seconds between bites of a SLOW printer
_RESET_AFTER = 64


class PrinterSimulator:
    """One printer.

    Attributes:
        papers: Every piece of paper that was cut off, oldest first.
        faults: What is wrong now; change it with `set_fault`.
        late_s: How late the answers are under ANSWERS_LATE, in seconds.
        most_clients: The most connections that were ever open at once.
    """

    def __init__(self, printer_id: str, width_mm: int = 80) -> None:
        """Args:
        width_mm: 80 (48 cells) or 58 (32 cells).
        """
        self.printer_id = printer_id
        self.papers: list[Paper] = []
        self.faults: set[Fault] = set()
        self.late_s = 3.0
        self.most_clients = 0
        self._interpreter = Interpreter(
            printer_id, _COLUMNS[width_mm], answer=self._answer_processed, automatic_status=self._switch_asb, cut=self._cut
        )
        self._clients: set[_Client] = set()
        self._inbox: deque[tuple[_Client, bytes]] = deque()
        self._current: _Client | None = None
        self._asb = False
        self._runs_out_at: int | None = None
        self._rested = False
        self._changed = asyncio.Event()
        self._listeners: set[asyncio.Queue[Paper]] = set()
        self._server: asyncio.Server | None = None
        self._worker: asyncio.Task[None] | None = None
        self._host = ""
        self.port = 0

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Plug it in. With port 0 the system chooses one; it is kept over being switched off."""
        self._host, self.port = host, port
        await self._listen()
        self._worker = asyncio.create_task(self._print(), name=f"printer-{self.printer_id}")

    async def stop(self) -> None:
        """Unplug it."""
        await self._hang_up()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def set_fault(self, fault: Fault, on: bool) -> None:
        """Break it, or mend it."""
        before = self._automatic_status()
        if on:
            self.faults.add(fault)
        else:
            self.faults.discard(fault)
        if fault is Fault.OFF:
            if on:
                await self._hang_up()
                self._inbox.clear()
                self._interpreter.power_off()
                self._asb = False
            elif self._server is None:
                await self._listen()
        if fault is Fault.NEVER_READS:
            for client in self._clients:
                client.read(not on)
        if self._asb and self._automatic_status() != before:
            for client in self._clients:
                self._send(client, self._automatic_status())
        self._changed.set()

    def run_out_after(self, lines: int) -> None:
        """Let the paper end after some more lines; then it is PAPER_OUT."""
        self._runs_out_at = self._interpreter.lines_printed + lines

    def subscribe(self) -> "asyncio.Queue[Paper]":
        """A queue that gets every further piece of paper, until `unsubscribe`."""
        queue: asyncio.Queue[Paper] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def unsubscribe(self, queue: "asyncio.Queue[Paper]") -> None:
        """Stop filling a queue."""
        self._listeners.discard(queue)

    def connected(self, client: "_Client") -> None:
        """A client has connected."""
        self._clients.add(client)
        self.most_clients = max(self.most_clients, len(self._clients))
        client.read(Fault.NEVER_READS not in self.faults)

    def disconnected(self, client: "_Client") -> None:
        """A client is gone; what it sent stays in the buffer."""
        self._clients.discard(client)

    def received(self, client: "_Client", data: bytes) -> None:
        """Bytes for the buffer, real-time commands taken out."""
        if Fault.RESETS_MID_JOB in self.faults:
            data = data[: max(0, _RESET_AFTER - client.received)]
        client.received += len(data)
        self._inbox.append((client, data))
        self._changed.set()
        if Fault.RESETS_MID_JOB in self.faults and client.received >= _RESET_AFTER:
            client.abort()

    def asked_status(self, client: "_Client", n: int) -> None:
        """DLE EOT n, answered at once, past the buffer."""
        out, cover = Fault.PAPER_OUT in self.faults, Fault.COVER_OPEN in self.faults
        bits = {
            1: 0x08 if self.faults & _HOLDING else 0,
            2: (0x04 if cover else 0) | (0x20 if out else 0),
            3: 0,
            4: 0x6C if out else 0,
        }
        if n in bits:
            self._send(client, bytes((0x12 | bits[n],)))

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Client(self), self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            for client in tuple(self._clients):
                client.abort()
            await self._server.wait_closed()
            self._server = None

    async def _print(self) -> None:
        while True:
            self._changed.clear()
            pause = self._work()
            if pause:
                await asyncio.sleep(pause)
            else:
                await self._changed.wait()

    def _work(self) -> float:
        """Print until held up or done; under SLOW a bite at a time. Returns the seconds until the next bite, 0 for none."""
        while not self.faults & _HOLDING:
            if self._interpreter.step():
                if self._runs_out_at is not None and self._interpreter.lines_printed >= self._runs_out_at:
                    self._runs_out_at = None
                    self.faults.add(Fault.PAPER_OUT)
                continue
            if not self._inbox:
                return 0
            if Fault.SLOW in self.faults and not self._rested:
                self._rested = True
                return _BITE_S
            self._rested = False
            self._current, data = self._inbox.popleft()
            if Fault.SLOW in self.faults and data[_BITE:]:
                self._inbox.appendleft((self._current, data[_BITE:]))
                data = data[:_BITE]
            self._interpreter.feed(data)
        return 0

    def _answer_processed(self) -> None:
        if self._current is not None and Fault.STATUS_ONLY not in self.faults:
            self._send(self._current, b"\x00")

    def _switch_asb(self, on: bool) -> None:
        self._asb = on
        if on and self._current is not None:
            self._send(self._current, self._automatic_status())

    def _automatic_status(self) -> bytes:
        first = 0x10 | (0x08 if self.faults & _HOLDING else 0) | (0x20 if Fault.COVER_OPEN in self.faults else 0)
        return bytes((first, 0, 0x0F if Fault.PAPER_OUT in self.faults else 0, 0))

    def _send(self, client: "_Client", data: bytes) -> None:
        if Fault.NO_STATUS in self.faults:
            return
        late = self.late_s if Fault.ANSWERS_LATE in self.faults else 0
        asyncio.get_running_loop().call_later(late, client.send, data)

    def _cut(self, paper: Paper) -> None:
        self.papers.append(paper)
        for queue in self._listeners:
            queue.put_nowait(paper)


class _Client(asyncio.Protocol):
    """One connection: takes DLE EOT out of the stream, wherever it stands."""

    def __init__(self, printer: PrinterSimulator) -> None:
        self._printer = printer
        self._transport: asyncio.Transport | None = None
        self._realtime = b""
        self.received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._printer.connected(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._printer.disconnected(self)

    def data_received(self, data: bytes) -> None:
        buffered = bytearray()
        for byte in data:
            self._realtime += bytes((byte,))
            if len(self._realtime) == 3 and self._realtime[:2] == b"\x10\x04":
                self._printer.asked_status(self, byte)
                self._realtime = b""
            elif not b"\x10\x04".startswith(self._realtime[:2]):
                buffered += self._realtime
                self._realtime = b""
        if buffered:
            self._printer.received(self, bytes(buffered))

    def read(self, on: bool) -> None:
        """Take what comes, or leave it with the sender."""
        if self._transport is not None:
            self._transport.resume_reading() if on else self._transport.pause_reading()

    def send(self, data: bytes) -> None:
        """Answer, if it still listens."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self) -> None:
        """Break the connection without a word (RST)."""
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
