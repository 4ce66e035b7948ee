"""A lean HTTP/1.1 client for pushes: kept-alive connections, one request at a time on each, plain HTTP.

A general client costs as much CPU a request as a whole chat turn of the server that is measured beside it.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

_LARGEST = 1 << 20  # bytes of an answer; a passive reply is never near it


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and body of one answer."""

    status: int
    body: bytes


class Wire:
    """Connections to the callbacks, by host and port."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int], list[_Connection]] = {}
        self._targets: dict[str, tuple[tuple[str, int], str, str]] = {}

    async def post(self, url: str, query: str, body: bytes) -> HttpAnswer:
        """Send one push and wait for the answer, without a limit of time: the caller sets one.

        Raises:
            OSError: No connection, broken before the answer was whole, or not HTTP.
        """
        return await self._exchange(url, query, "POST", f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n", body)

    async def get(self, url: str, query: str) -> HttpAnswer:
        """Like `post`, for the check of a callback's address."""
        return await self._exchange(url, query, "GET", "", b"")

    def close(self) -> None:
        """Close the connections that are not in use."""
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()

    async def _exchange(self, url: str, query: str, method: str, headers: str, body: bytes) -> HttpAnswer:
        address, host, path = self._target(url)
        head = f"{method} {path}{query} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n{headers}\r\n"
        connection = await self._connection(address)
        try:
            answer = await connection.exchange(head.encode() + body)
        except BaseException:
            connection.abort()
            raise
        if connection.is_open:
            self._idle.setdefault(address, []).append(connection)
        return answer

    def _target(self, url: str) -> tuple[tuple[str, int], str, str]:
        if url not in self._targets:
            parts = urlsplit(url)
            if parts.scheme != "http" or not parts.hostname:
                raise ValueError(f"a callback here is an http:// address: {url}")
            path = f"{parts.path or '/'}?{parts.query}&" if parts.query else f"{parts.path or '/'}?"
            self._targets[url] = (parts.hostname, parts.port or 80), parts.netloc, path
        return self._targets[url]

    async def _connection(self, address: tuple[str, int]) -> "_Connection":
        idle = self._idle.get(address, [])
        while idle:
            connection = idle.pop()
            if connection.is_open:
                return connection
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, *address)
        return connection


class _Connection(asyncio.Protocol):
    """One connection; reads answers with a length, in chunks, or up to the end."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[HttpAnswer] | None = None
        self._keeps = True

    @property
    def is_open(self) -> bool:
        return self._keeps and self._transport is not None and not self._transport.is_closing()

    def exchange(self, request: bytes) -> asyncio.Future[HttpAnswer]:
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._settle(ended=False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._keeps = False
        self._settle(ended=True)

    def _settle(self, *, ended: bool) -> None:
        if self._waiting is None or self._waiting.done():
            return
        try:
            answer = self._read(ended=ended)
        except (ValueError, OverflowError) as error:
            self._keeps = False
            self._waiting.set_exception(ConnectionError(f"not HTTP: {error}"))
            return
        if answer is not None:
            self._received.clear()
            self._waiting.set_result(answer)
        elif ended or len(self._received) > _LARGEST:
            self._keeps = False
            self._waiting.set_exception(ConnectionError("broken before the answer was whole"))

    def _read(self, *, ended: bool) -> HttpAnswer | None:
        """The answer if all of it is here."""
        head_end = self._received.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        start, *lines = self._received[:head_end].decode("latin-1").split("\r\n")
        version, status = start.split(" ", 2)[:2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = self._body(headers, head_end + 4, ended=ended)
        if body is None:
            return None
        if version != "HTTP/1.1" or headers.get("connection", "").lower() == "close":
            self._keeps = False
        return HttpAnswer(int(status), body)

    def _body(self, headers: dict[str, str], start: int, *, ended: bool) -> bytes | None:
        if "content-length" in headers:
            end = start + int(headers["content-length"])
            return bytes(self._received[start:end]) if len(self._received) >= end else None
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks(start)
        self._keeps = False
        return bytes(self._received[start:]) if ended else None

    def _chunks(self, start: int) -> bytes | None:
        parts: list[bytes] = []
        while (line_end := self._received.find(b"\r\n", start)) >= 0:
            size = int(self._received[start:line_end].split(b";")[0], 16)
            start = line_end + 2
            if len(self._received) < start + size + 2:
                return None
            if size == 0:
                return b"".join(parts)
            parts.append(bytes(self._received[start : start + size]))
            start += size + 2
        return None
