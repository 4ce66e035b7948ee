"""Whatever the platform answers, or does not: one kind of error, which never shows the token."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer

from tests.servers import free_port
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.transport import Transport, encode, required

TOKEN = "87_very-secret-token"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GivenToken:
    """One token, and the next when it is refused."""

    def __init__(self) -> None:
        self.renewed = 0

    async def get(self) -> str:
        return TOKEN

    async def renew(self, refused: str) -> str:
        assert refused == TOKEN
        self.renewed += 1
        return TOKEN + "2"


class Platform:
    """Answers as a test says, one answer after the other; the last one stays."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[Handler] = []
        self.seen: list[tuple[str, bytes]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.query.get("access_token", ""), await request.read()))
        return await (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(request)


def says(body: bytes | str, *, status: int = 200, content_type: str = "text/plain") -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body.encode() if isinstance(body, str) else body, status=status, headers={"Content-Type": content_type})

    return answer


async def hangs(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


async def breaks(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_halfway(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b'{"errcode":0')
    assert request.transport is not None
    request.transport.abort()
    return answer


async def leads_elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(f"http://127.0.0.1:{free_port()}/?stolen={request.query['access_token']}")


OK = says('{"errcode":0,"errmsg":"ok"}')
BUSY = says('{"errcode":-1,"errmsg":"system error"}')
REFUSED = says('{"errcode":40001,"errmsg":"invalid credential rid: 1"}')


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    platform = Platform()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", platform.handle)
    async with TestServer(app) as server:
        platform.url = str(server.make_url("")).rstrip("/")
        yield platform


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def transport(http: ClientSession, platform: Platform) -> Transport:
    return Transport(http, platform.url + "/", timeout=ClientTimeout(total=2))


@pytest.fixture
def tokens() -> GivenToken:
    return GivenToken()


@pytest.fixture
def client(transport: Transport, tokens: GivenToken) -> WeChatClient:
    return WeChatClient(transport, tokens)


async def failure(transport: Transport) -> WeChatApiError:
    with pytest.raises(WeChatApiError) as caught:
        await transport.post("/cgi-bin/x", b"{}", query={"access_token": TOKEN})
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return caught.value


class TestAnswers:
    @pytest.mark.parametrize(
        "body",
        [
            '{"errcode":0,"msgid":3141592653589793238}',
            '{"nickname":"a\x01\nb"}',
            "{}",
        ],
    )
    @pytest.mark.parametrize("content_type", ["text/plain", "application/json; encoding=utf-8", "text/html; charset=gbk"])
    async def test_json_under_any_label(self, transport: Transport, platform: Platform, body: str, content_type: str) -> None:
        platform.answers = [says(body, content_type=content_type)]

        assert isinstance(await transport.post("/cgi-bin/x", b"{}"), dict)

    async def test_error_code_is_an_error_whatever_the_status(self, transport: Transport, platform: Platform) -> None:
        for status in (200, 403, 500):
            platform.answers = [says('{"errcode":45015,"errmsg":"out of time rid: 1-2"}', status=status)]

            error = await failure(transport)

            assert (error.errcode, error.action, error.sent) == (45015, Action.WINDOW_CLOSED, False)
            assert "rid: 1-2" in str(error)

    async def test_sent_already_under_this_key_is_a_success(self, transport: Transport, platform: Platform) -> None:
        platform.answers = [says('{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":34182}')]

        assert (await transport.post("/cgi-bin/x", b"{}"))["msg_id"] == 34182

    @pytest.mark.parametrize("body", [b"", b"ok", b"<html>", b"[]", b"null", b"1", b"\xff\xfe", b'{"errcode":"0"}', b'{"errcode":0'])
    async def test_no_answer_that_can_be_read_leaves_the_outcome_open(self, transport: Transport, platform: Platform, body: bytes) -> None:
        platform.answers = [says(body)]

        error = await failure(transport)

        assert (error.errcode, error.action, error.sent) == (None, Action.RETRY_LATER, None)

    @pytest.mark.parametrize(
        ("status", "sent", "action"),
        [
            (400, False, Action.ALARM),
            (404, False, Action.ALARM),
            (413, False, Action.ALARM),
            (429, False, Action.RETRY_LATER),
            (500, None, Action.RETRY_LATER),
            (502, None, Action.RETRY_LATER),
            (504, None, Action.RETRY_LATER),
        ],
    )
    @pytest.mark.parametrize("body", [b"<html></html>", b"{}"])
    async def test_http_status(
        self, transport: Transport, platform: Platform, status: int, sent: bool | None, action: Action, body: bytes
    ) -> None:
        platform.answers = [says(body, status=status)]

        error = await failure(transport)

        assert (error.errcode, error.action, error.sent) == (None, action, sent)

    async def test_the_token_is_not_led_elsewhere(self, transport: Transport, platform: Platform) -> None:
        platform.answers = [leads_elsewhere]

        error = await failure(transport)

        assert error.sent is None


class TestConnections:
    @pytest.mark.parametrize("answer", [hangs, breaks, breaks_halfway])
    async def test_lost_after_the_request_went_out(self, transport: Transport, platform: Platform, answer: Handler) -> None:
        platform.answers = [answer]

        error = await failure(transport)

        assert (error.errcode, error.action, error.sent) == (None, Action.RETRY_LATER, None)

    @pytest.mark.parametrize("address", ["http://127.0.0.1:{port}", "http://no-such-host.invalid"])
    async def test_no_connection_means_surely_not_sent(self, http: ClientSession, address: str) -> None:
        error = await failure(Transport(http, address.format(port=free_port())))

        assert (error.errcode, error.action, error.sent) == (None, Action.RETRY_LATER, False)

    async def test_address_that_is_none(self, http: ClientSession) -> None:
        error = await failure(Transport(http, "http://"))

        assert (error.action, error.sent) == (Action.ALARM, False)

    async def test_the_token_is_not_logged(self, transport: Transport, platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        platform.answers = [says("junk", status=500)]

        await failure(transport)

        ours = [record for record in caplog.records if record.name != "aiohttp.access"]  # the other side's own log
        assert not any(TOKEN in record.getMessage() for record in ours)


class TestOneRetry:
    async def test_refused_token_is_renewed_and_the_same_bytes_go_again(
        self, client: WeChatClient, platform: Platform, tokens: GivenToken
    ) -> None:
        platform.answers = [REFUSED, OK]

        await client.call("/cgi-bin/x", {"text": "中"})

        assert platform.seen == [(TOKEN, '{"text":"中"}'.encode()), (TOKEN + "2", '{"text":"中"}'.encode())]
        assert tokens.renewed == 1

    @pytest.mark.parametrize("code", [40001, 40014, 42001])
    async def test_refused_for_ever_ends_after_the_second_try(self, client: WeChatClient, platform: Platform, code: int) -> None:
        platform.answers = [says(f'{{"errcode":{code},"errmsg":"no"}}')]

        with pytest.raises(WeChatApiError) as caught:
            await client.call("/cgi-bin/x", {})

        assert (caught.value.action, caught.value.sent) == (Action.RETRY_LATER, False)
        assert len(platform.seen) == 2

    async def test_busy_is_tried_once_more(self, client: WeChatClient, platform: Platform) -> None:
        platform.answers = [BUSY, OK]
        await client.call("/cgi-bin/x", {})

        platform.answers = [BUSY]
        with pytest.raises(WeChatApiError):
            await client.call("/cgi-bin/x", {})

        assert len(platform.seen) == 4

    @pytest.mark.parametrize("code", [45011, 45015, 47003, 48001, 99999])
    async def test_a_plain_no_is_not_tried_again(self, client: WeChatClient, platform: Platform, code: int) -> None:
        platform.answers = [says(f'{{"errcode":{code},"errmsg":"no"}}')]

        with pytest.raises(WeChatApiError):
            await client.call("/cgi-bin/x", {}, repeatable=True)

        assert len(platform.seen) == 1

    @pytest.mark.parametrize("answer", [hangs, breaks, says("<html>", status=502)])
    async def test_open_outcome_is_repeated_only_where_it_does_no_harm(
        self, client: WeChatClient, platform: Platform, answer: Handler
    ) -> None:
        platform.answers = [answer]
        with pytest.raises(WeChatApiError):
            await client.call("/cgi-bin/x", {})
        assert len(platform.seen) == 1

        platform.answers = [answer, OK]
        await client.call("/cgi-bin/x", {}, repeatable=True)
        assert len(platform.seen) == 3

    @pytest.mark.parametrize("second", [BUSY, says('{"errcode":45047,"errmsg":"no"}')])
    async def test_outcome_stays_open_when_only_the_second_try_surely_failed(
        self, client: WeChatClient, platform: Platform, second: Handler
    ) -> None:
        platform.answers = [breaks, second]

        with pytest.raises(WeChatApiError) as caught:
            await client.call("/cgi-bin/x", {}, repeatable=True)

        assert caught.value.sent is None


def test_chinese_is_not_escaped() -> None:
    assert encode({"name": "点餐", "n": 1}) == '{"name":"点餐","n":1}'.encode()


@pytest.mark.parametrize("answer", [{}, {"msgid": ""}, {"msgid": None}, {"msgid": [1]}])
def test_missing_value_of_a_done_call(answer: dict[str, object]) -> None:
    with pytest.raises(WeChatApiError, match="no msgid") as caught:
        required(answer, "msgid")

    assert caught.value.sent is True
