"""Ten thousand pushes that nobody should send, at a real process: refused or understood, never a fault, and no memory kept."""

import asyncio
import io
from collections import Counter, defaultdict
from collections.abc import Sequence

import aiohttp
import pytest
from yarl import URL

from domain.kernel.clock import SystemClock
from tests.line.mutations import Mutations, Request
from tests.line.programs import Program
from tests.line.restaurant import Restaurant
from wechat_gateway.crypto import MAX_BODY_BYTES

PUSHES = 10_000
WARM_UP = 2_000
AT_ONCE = 16
SEED = 20261121
MOST_GROWTH = 15 * 1024 * 1024

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_ten_thousand_mutated_pushes(restaurant: Restaurant) -> None:
    web = await restaurant.starts("web")
    mutations = Mutations(restaurant.account, _now(), SEED)
    drawn = (mutations.draw() for _ in range(PUSHES))
    answers: defaultdict[str, Counter[int]] = defaultdict(Counter)
    wrong: list[str] = []

    async def sends(http: aiohttp.ClientSession) -> None:
        for kind, request in drawn:
            status, body = await _post(http, restaurant.platform.callback_url, request)
            if status == 200 and body != b"success":
                restaurant.platform.line.envelope.unpack(body)  # what is answered with words is sealed and signed
            answers[kind][status] += 1
            if not (200 <= status < 300 or 400 <= status < 500) or (request.expected and status not in request.expected):
                wrong.append(f"{kind}: {status} for {request.query[:300]} {request.body[:300]!r}")
            if sum(map(Counter.total, answers.values())) == WARM_UP:
                warm.append(web.resident_bytes)

    warm: list[int] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
        await asyncio.gather(*(sends(http) for _ in range(AT_ONCE)))

    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert sum(map(Counter.total, answers.values())) == PUSHES
    assert web.resident_bytes - warm[0] < MOST_GROWTH
    assert restaurant.records.count("inbox_message") <= sum(counter[200] for counter in answers.values())
    assert restaurant.records.count("inbox_message", "diner_id IS NULL") == 0
    diner = await restaurant.seats("A01")
    assert "秘制红烧肉×1" in (await diner.says("红烧肉一份")).text


def _now() -> int:
    return int(SystemClock().now().timestamp())


async def _post(http: aiohttp.ClientSession, url: str, request: Request) -> tuple[int, bytes]:
    target = URL(f"{url}?{request.query}", encoded=True)
    headers = {"Content-Type": "text/xml", **request.headers}
    try:
        async with http.post(target, data=io.BytesIO(request.body), headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read()
    except aiohttp.ClientConnectionError:
        assert len(request.body) > MAX_BODY_BYTES  # refused and hung up while we still talk
        return 413, b""


async def test_bytes_that_are_hardly_http(restaurant: Restaurant) -> None:
    web = await restaurant.starts("web")
    good = Mutations(restaurant.account, _now(), SEED).good("红烧肉一份")
    line = f"POST /wechat/callback?{good.query} HTTP/1.1\r\nHost: x\r\n".encode()
    length = f"Content-Length: {len(good.body)}\r\n".encode()
    chunked = line + b"Transfer-Encoding: chunked\r\n\r\n"
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (good.body[:7], good.body[7:100], good.body[100:])]
    told = {
        "in chunks": ([chunked, *chunks, b"0\r\n\r\n"], 200),
        "byte by byte": ([bytes((byte,)) for byte in line + length + b"\r\n" + good.body], 200),
        "chunks without end": ([chunked, *chunks], None),
        "a wrong chunk": ([chunked, chunks[0], b"zz\r\nabc\r\n0\r\n\r\n"], 400),
        "chunks that say too much": ([chunked, b"fffffffff\r\nabc\r\n0\r\n\r\n"], None),
        "more chunks than allowed": ([chunked, *[b"8000\r\n" + bytes(0x8000) + b"\r\n"] * 20, b"0\r\n\r\n"], 413),
        "a body that breaks off": ([line + length + b"\r\n" + good.body[:50]], None),
        "two lengths": ([line + length + b"Content-Length: 3\r\n\r\n" + good.body], 400),
        "length and chunks": ([line + length + b"Transfer-Encoding: chunked\r\n\r\n", *chunks, b"0\r\n\r\n"], 400),
        "a negative length": ([line + b"Content-Length: -1\r\n\r\n"], 400),
        "a length that is none": ([line + b"Content-Length: many\r\n\r\n"], 400),
        "a huge length": ([line + b"Content-Length: 99999999999999\r\n\r\n", good.body], 413),
        "no body": ([line + b"Content-Length: 0\r\n\r\n"], 400),
        "a huge header": ([line + b"X: " + b"x" * 70_000 + b"\r\n\r\n"], 400),
        "a broken header": ([line + b"X\x00Y: 1\r\n\r\n"], 400),
        "another version": ([b"GET /wechat/callback HTTP/9.9\r\n\r\n"], 400),
        "TLS": ([bytes.fromhex("16030100c8010000c40303") + bytes(200)], 400),
        "nothing": ([b""], None),
        "PUT": ([b"PUT /wechat/callback HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"], 405),
        "HEAD": ([b"HEAD /wechat/callback HTTP/1.1\r\nHost: x\r\n\r\n"], 405),
        "GET without a signature": ([b"GET /wechat/callback?echostr=1 HTTP/1.1\r\nHost: x\r\n\r\n"], 403),
        "another path": ([b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"], 404),
    }

    answers = {name: await _converse(web, pieces) for name, (pieces, _) in told.items()}

    # A refusal may be lost on the way: the server hangs up while we still talk.
    assert answers == {name: status if status == 200 else answers[name] and status for name, (_, status) in told.items()}
    assert restaurant.records.count("inbox_message") == 1


async def _converse(web: Program, pieces: Sequence[bytes]) -> int | None:
    """Send some bytes and hang up; returns the status that came back, None when the server waits for more or hangs up itself."""
    assert web.address is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", int(web.address.rpartition(":")[2]))
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.001)
        async with asyncio.timeout(1):
            head = await reader.readline()
    except (OSError, TimeoutError):
        head = b""
    writer.transport.abort()
    return int(head.split()[1]) if head else None
