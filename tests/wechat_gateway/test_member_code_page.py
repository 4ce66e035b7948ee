"""/p/codes: a code of ours as a picture while it is good, and nothing else."""

import io
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from domain.members.codes import make_code, signing_key
from tests.clock import SettableClock
from wechat_gateway.pages.member_codes import MemberCodePages, code_path, code_picture
from wechat_gateway.pages.rendering import Pages

KEY = signing_key(b"s" * 32)
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(clock: SettableClock) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(MemberCodePages(KEY, clock, Pages()).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_a_good_code_is_a_picture_that_nobody_keeps(client: Client, clock: SettableClock) -> None:
    code = make_code(KEY, "2345678923", now=clock.now())
    async with client.get(code_path(code)) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert answer.headers["Cache-Control"] == "no-store"
        picture = await answer.read()
    assert picture == code_picture(code)
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (370, 370)


async def test_a_code_that_ran_out_says_so(client: Client, clock: SettableClock) -> None:
    path = code_path(make_code(KEY, "2345678923", now=clock.now()))
    clock.advance(minutes=3)
    async with client.get(path) as answer:
        assert answer.status == 410
        assert "过期" in await answer.text()


@pytest.mark.parametrize("code", ["M.2345678923.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA", "<script>", "x" * 500, "..%2F..%2Fetc"])
async def test_only_our_own_codes_are_drawn(client: Client, code: str) -> None:
    async with client.get(f"/p/codes/{code}.png") as answer:
        page = await answer.text()
        assert answer.status == 404
    assert code not in page


async def test_a_code_of_another_installation_is_not_drawn(client: Client, clock: SettableClock) -> None:
    path = code_path(make_code(signing_key(b"x" * 32), "2345678923", now=clock.now()))
    async with client.get(path) as answer:
        assert answer.status == 404
