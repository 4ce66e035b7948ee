"""A file instead of a printer: for trying things out, and for other programs that fetch the bytes."""

import asyncio
from pathlib import Path

from printing.printers.outcome import SENT, NotConnectedError, Outcome, unknown


class FilePrinter:
    """Appends each ticket to a file. It proves nothing about paper, so a ticket is sent, never confirmed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def connect(self) -> "FileLink":
        """Make the folder.

        Raises:
            NotConnectedError: It cannot be made.
        """
        try:
            await asyncio.to_thread(self._path.parent.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise NotConnectedError("unreachable") from error
        return FileLink(self._path)


class FileLink:
    """One ticket for a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def preflight(self) -> Outcome | None:
        """A file can always take a ticket."""
        return None

    async def send(self, data: bytes, *, lines: int) -> Outcome:
        """Append the ticket."""
        try:
            await asyncio.to_thread(self._append, data)
        except OSError:
            return unknown("error")
        return SENT

    async def late_answer(self, seconds: float) -> Outcome | None:
        """A file never answers."""
        return None

    async def close(self) -> None:
        """Nothing to hang up."""

    def _append(self, data: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(data)
