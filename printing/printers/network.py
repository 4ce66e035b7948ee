"""Printers on the store's network: raw TCP, one connection a ticket, proof by GS r.

GS r is answered in the order of the printer's buffer, so its answer means that everything before it was worked
through. Not every printer answers it, and some answer nothing: what one can do is learned as it answers.
Source: reference printing §0 (facts 1 to 3), §5.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from printing.printers.connection import TcpAddress
from printing.printers.outcome import CONFIRMED, SENT, NotConnectedError, Outcome, not_sent, unknown
from printing.printers.status import STATUS_KINDS, AnswerReader, why_not

_REQUEST_PROCESSED = b"\x1dr\x01"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long to wait, in seconds. Source: reference printing §5."""

    connect: float = 3.0
    status: float = 2.0
    answer: float = 15.0
    answer_40_lines: float = 1.0

    def answer_to(self, lines: int) -> float:
        """How long the proof of a ticket of so many lines may take."""
        return self.answer + self.answer_40_lines * lines / 40


@dataclass(slots=True)
class Learned:
    """What a printer has shown that it can do.

    Attributes:
        tells_status: It has answered DLE EOT. Its silence then means trouble, not a simple model.
        tells_processed: It has answered GS r. No answer then means that the ticket may not be on paper.
        quiet: It has let a whole wait for its status pass. It is given a quarter of it from then on.
    """

    tells_status: bool = False
    tells_processed: bool = False
    quiet: bool = False


class _HungUpError(ConnectionError):
    """The printer closed its side in good order."""


class NetworkPrinter:
    """A printer at an address. Remembers between tickets what the printer can do."""

    def __init__(self, address: TcpAddress, *, timing: Timing | None = None) -> None:
        self._address = address
        self._timing = timing or Timing()
        self._learned = Learned()

    async def connect(self) -> "NetworkLink":
        """Open a connection for one ticket: printers drop idle ones without a word.

        Raises:
            NotConnectedError: refused, or unreachable within 3 s.
        """
        try:
            async with asyncio.timeout(self._timing.connect):
                reader, writer = await asyncio.open_connection(self._address.host, self._address.port)
        except ConnectionRefusedError as error:
            raise NotConnectedError("refused") from error
        except (TimeoutError, OSError) as error:
            raise NotConnectedError("unreachable") from error
        writer.transport.set_write_buffer_limits(0)  # drain() then means: all of it was taken over by the system
        return NetworkLink(reader, writer, self._learned, self._timing)


class NetworkLink:
    """One connection, for one ticket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, learned: Learned, timing: Timing) -> None:
        self._reader = reader
        self._writer = writer
        self._learned = learned
        self._timing = timing
        self._answers = AnswerReader()
        self._asked = 0
        self._unproved = False

    async def preflight(self) -> Outcome | None:
        """Ask DLE EOT 1 to 4, and once in a printer's life whether it answers GS r while its buffer is empty."""
        try:
            statuses = await self._statuses()
            if not statuses:
                self._learned.quiet = True
                return not_sent("silent") if self._learned.tells_status else None
            self._learned.tells_status, self._learned.quiet = True, False
            if reason := why_not(statuses):
                return not_sent(reason)
            if not self._learned.tells_processed:
                self._ask_processed()
                await self._processed(self._timing.status)
        except OSError:
            return not_sent("closed")
        return None

    async def send(self, data: bytes, *, lines: int) -> Outcome:
        """Send the ticket in one piece with GS r behind it, and wait for the answer: 15 s and 1 s for each 40 lines."""
        self._unproved = True
        until = time.monotonic() + self._timing.answer_to(lines)
        try:
            self._ask_processed(after=data)
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    await self._writer.drain()
            except TimeoutError:
                return unknown("stalled")
            outcome = await self._proof(until)
        except OSError:
            return unknown("closed")
        self._unproved = outcome not in (CONFIRMED, SENT)
        return outcome

    async def _proof(self, until: float) -> Outcome:
        if self._learned.tells_processed:
            return CONFIRMED if await self._processed(until - time.monotonic()) else unknown("no_answer")
        try:
            if await self._processed(self._patience()):
                return CONFIRMED
        except _HungUpError:
            if self._learned.tells_status:
                raise
            return SENT
        if not self._learned.tells_status:
            return SENT
        statuses = await self._statuses()
        reason = why_not(statuses) if statuses else "no_answer"
        return unknown(reason) if reason else SENT

    async def late_answer(self, seconds: float) -> Outcome | None:
        """Wait for a GS r answer that comes late, as it does when paper is put in."""
        try:
            self._unproved = not await self._processed(seconds)
        except OSError:
            return None
        return None if self._unproved else CONFIRMED

    async def close(self) -> None:
        """Hang up; what an unproved ticket has not yet put on the wire stays off it."""
        if self._unproved:
            self._writer.transport.abort()
        self._writer.close()
        with suppress(OSError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    async def _statuses(self) -> dict[int, int]:
        statuses: dict[int, int] = {}
        until = time.monotonic() + self._patience()
        for n in STATUS_KINDS:
            self._answers.statuses.clear()
            self._writer.write(bytes((0x10, 0x04, n)))
            if not await self._wait_for(lambda: bool(self._answers.statuses), until - time.monotonic()):
                break  # a late answer must not be taken for the next one's
            statuses[n] = self._answers.statuses.popleft()
        return statuses

    def _patience(self) -> float:
        return self._timing.status / 4 if self._learned.quiet else self._timing.status

    def _ask_processed(self, after: bytes = b"") -> None:
        self._asked += 1
        self._writer.write(after + _REQUEST_PROCESSED)

    async def _processed(self, seconds: float) -> bool:
        answered = await self._wait_for(lambda: self._answers.processed >= self._asked, seconds)
        if answered:
            self._learned.tells_processed = True
        return answered

    async def _wait_for(self, come: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not come():
                    data = await self._reader.read(256)
                    if not data:
                        raise _HungUpError
                    self._answers.feed(data)
        except TimeoutError:
            return False
        return True
