"""The lean HTTP client, against servers of every manner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from haowei.simulators.wechat.wire import HttpAnswer, Wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


class Server:
    """Answers each request with the next of some raw answers, and counts connections."""

    def __init__(self, answers: list[bytes], *, hangs_up: bool) -> None:
        self.answers = answers
        self.hangs_up = hangs_up
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head + await reader.readexactly(4))
                for byte in self.answers.pop(0).split(b"|"):
                    writer.write(byte)
                    await writer.drain()
                    await asyncio.sleep(0.001)
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


@asynccontextmanager
async def serving(*answers: bytes, hangs_up: bool = False) -> AsyncIterator[Server]:
    server = Server(list(answers), hangs_up=hangs_up)
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/wechat/callback"
    yield server
    listening.close()
    await asyncio.sleep(0.01)


async def post(wire: Wire, server: Server) -> HttpAnswer:
    async with asyncio.timeout(2):
        return await wire.post(server.url, "a=1", b"body")


async def test_connection_is_kept(wire: Wire) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess"
    async with serving(answer, answer) as server:
        assert await post(wire, server) == HttpAnswer(200, b"success")
        assert await post(wire, server) == HttpAnswer(200, b"success")

        assert server.connections == 1
        assert server.requests[0].startswith(b"POST /wechat/callback?a=1 HTTP/1.1\r\n")
        assert server.requests[0].endswith(b"Content-Type: text/xml\r\nContent-Length: 4\r\n\r\nbody")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Le|ngth: 7\r\n\r|\nsucc|ess",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nsuc|\r\n4;x=y\r\ncess\r\n|0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 7\r\n\r\nsuccess",
        b"HTTP/1.0 200 OK\r\n\r\nsucc|ess",
    ],
    ids=["length", "chunks", "close", "to the end"],
)
async def test_every_form_of_answer_is_read(wire: Wire, answer: bytes) -> None:
    async with serving(answer, hangs_up=True) as server:
        assert await post(wire, server) == HttpAnswer(200, b"success")


async def test_connection_that_the_server_closed_is_not_used_again(wire: Wire) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    async with serving(answer, answer, hangs_up=True) as server:
        await post(wire, server)
        await asyncio.sleep(0.02)
        await post(wire, server)

        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsuccess",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsuc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nsuc\r\n",
        b"hello",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 OK 200\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2097152\r\n\r\n" + b"x" * 1_100_000,
    ],
)
async def test_broken_answer_is_no_answer(wire: Wire, answer: bytes) -> None:
    async with serving(answer, hangs_up=True) as server:
        with pytest.raises(OSError, match=r"broken before|not HTTP"):
            await post(wire, server)


@pytest.mark.parametrize("url", ["https://host/x", "ftp://host", "/wechat/callback"])
async def test_only_plain_http(wire: Wire, url: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        await wire.post(url, "", b"")
