"""A line between the platform and a program that a test can listen to and cut: a TCP proxy that keeps the answers back."""

import asyncio
from types import TracebackType
from typing import Self


class Interception:
    """Passes requests on; passes answers back, unless told to keep them. Use it as an async context.

    Attributes:
        requested: Set when something of a request has gone through since `keep_answers`.
        kept: How many pieces of answers were kept back.
    """

    def __init__(self, port: int) -> None:
        """Args:
        port: Of the program, on 127.0.0.1.
        """
        self._target = port
        self._keeps = False
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self.requested = asyncio.Event()
        self.kept = 0

    @property
    def address(self) -> str:
        """What to use instead of the program's own address."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def keep_answers(self) -> None:
        """From now on nothing comes back."""
        self._keeps = True
        self.requested.clear()

    def cut(self) -> None:
        """Break every connection; those that follow are passed both ways again."""
        self._keeps = False
        for connection in self._connections:
            connection.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self._target)
            self._connections.add(forth)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._forth(reader, forth))
                    tasks.create_task(self._back(back, writer))
            finally:
                self._connections.discard(forth)
                forth.transport.abort()
        except (OSError, ExceptionGroup):
            pass  # one side is gone
        finally:
            self._connections.discard(writer)
            writer.transport.abort()

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.requested.set()
            writer.write(data)
        raise ConnectionResetError

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._keeps:
                self.kept += len(data)
            else:
                writer.write(data)
        raise ConnectionResetError
