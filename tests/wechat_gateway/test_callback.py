"""/wechat/callback by the wire: real pushes of a simulated platform to the real web part, in every mode."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.understanding.embedded import EmbeddedEngine
from domain.messaging.models import InboxMessage
from domain.shop.reading import read_shop
from domain.storage import Database, DeadlineExceededError, StorageUnavailableError
from haowei.routing import ROUTES
from haowei.runtime import Parts, Runtime
from haowei.settings import Payments, load_settings
from haowei.shop_files import bring_in
from haowei.simulators.wechat import Account, WeChatPlatform
from tests.clock import SettableClock

_SHOP = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


class Line:
    """A platform, and our web part at its other end."""

    def __init__(self, platform: WeChatPlatform, account: Account, url: str, clock: SettableClock) -> None:
        self.platform, self.account, self.url, self.clock = platform, account, url, clock


Opens = Callable[..., Awaitable[Line]]


@pytest.fixture
def account() -> Account:
    return Account.random()


@pytest.fixture
async def opens(database: Database, clock: SettableClock, account: Account, engine: EmbeddedEngine, tmp_path: Path) -> AsyncIterator[Opens]:
    """Starts a line; keyword arguments are settings."""
    await bring_in(database, read_shop(_SHOP.read_bytes()).document, imported_by="test", now=clock.now())
    stop = asyncio.Event()
    running: list[asyncio.Task[None]] = []
    platform = WeChatPlatform(account, "", clock=clock)

    async def start(**settings: Any) -> Line:
        given = {
            "host": "127.0.0.1",
            "port": 0,
            "public_url": "https://example.com",
            "secret_key": "s" * 32,
            "metrics_listen": "",
            "pictures": tmp_path,
            "wechat_app_id": account.app_id,
            "wechat_app_secret": account.app_secret,
            "wechat_token": account.token,
            "wechat_aes_key": account.aes_key,
            "wechat_api_url": "http://127.0.0.1:9",
            "payments": Payments.SIMULATED,
        }
        runtime = Runtime(load_settings(**(given | settings)), database, clock, engine)
        started = asyncio.Event()
        running.append(asyncio.create_task(runtime.run(Parts.WEB, stop, ready=started.set)))
        await started.wait()
        url = f"http://127.0.0.1:{runtime.port}"
        platform.callback_url = f"{url}/wechat/callback"
        return Line(platform, account, url, clock)

    yield start
    stop.set()
    await asyncio.gather(*running)
    await platform.close()


@asynccontextmanager
async def posted(url: str, body: bytes, **query: str) -> AsyncIterator[aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/wechat/callback", data=body, params=query) as response:
        yield response


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
async def test_a_diner_is_answered_in_every_mode_that_is_set_on_both_sides(opens: Opens, mode: str) -> None:
    line = await opens(wechat_mode=mode)
    line.platform.line.envelope.mode = mode
    diner = line.platform.diner(following=True)

    answer = await diner.says("帮助")

    assert "点菜" in answer.text
    assert line.platform.complaints == []


@pytest.mark.parametrize(("ours", "theirs"), [("safe", "plain"), ("compatible", "plain"), ("plain", "safe")])
async def test_the_sender_never_chooses_the_mode(opens: Opens, database: Database, ours: str, theirs: str) -> None:
    line = await opens(wechat_mode=ours)
    line.platform.line.envelope.mode = theirs
    line.platform.line.answer_within = line.platform.line.retry_every = 0.2
    diner = line.platform.diner(following=True)

    await diner.says("帮助")

    assert "暂时无法提供服务" in diner.chat[-1].text
    assert await database.read(lambda session: session.query(InboxMessage).count()) == 0


async def test_the_platform_can_verify_the_address(opens: Opens) -> None:
    line = await opens()
    assert await line.platform.line.verify()

    async with aiohttp.ClientSession() as session:
        query = {"signature": "0" * 40, "timestamp": "1", "nonce": "2", "echostr": "<script>"}
        async with session.get(f"{line.url}/wechat/callback", params=query) as response:
            assert response.status == 403
            assert "<script>" not in await response.text()


async def test_while_a_key_is_changed_both_are_good_and_the_reply_uses_the_one_that_worked(opens: Opens, account: Account) -> None:
    line = await opens(wechat_aes_key=Account.random().aes_key, wechat_aes_key_previous=account.aes_key)
    answer = await line.platform.diner(following=True).says("帮助")
    assert "点菜" in answer.text
    assert line.platform.complaints == []


async def test_a_key_that_is_no_longer_ours_opens_nothing(opens: Opens) -> None:
    line = await opens(wechat_aes_key=Account.random().aes_key)
    line.platform.line.answer_within = line.platform.line.retry_every = 0.2
    diner = line.platform.diner(following=True)
    await diner.says("帮助")
    assert "暂时无法提供服务" in diner.chat[-1].text


async def test_a_stale_signature_is_refused(opens: Opens) -> None:
    line = await opens(wechat_max_skew=60)
    stale = SettableClock(line.clock.now())
    stale.advance(minutes=-2)
    platform = WeChatPlatform(line.account, f"{line.url}/wechat/callback", clock=stale, answer_within=0.2)
    diner = platform.diner(following=True)
    await diner.says("帮助")
    await platform.close()
    assert "暂时无法提供服务" in diner.chat[-1].text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"not xml", 400), (b"<xml><Encrypt><![CDATA[AAAA]]></Encrypt></xml>", 403), (b"x" * 300_000, 413)],
)
async def test_junk_is_turned_away_shortly(opens: Opens, body: bytes, status: int) -> None:
    line = await opens()
    query = {"encrypt_type": "aes", "timestamp": str(int(line.clock.now().timestamp())), "nonce": "n", "msg_signature": "0" * 40}
    async with posted(line.url, body, **query) as response:
        assert response.status == status
        assert len(await response.text()) < 40


async def test_what_no_diner_says_is_answered_success_and_stores_nothing(opens: Opens, database: Database) -> None:
    line = await opens()
    diner = line.platform.diner(following=True)
    answer = await diner.push({"MsgType": "event", "Event": "LOCATION", "Latitude": "30.6", "Longitude": "104.0", "Precision": "65"})
    assert (answer.reply, len(answer.tries)) == (None, 1)
    answer = await diner.push({"MsgType": "event", "Event": "never_heard_of", "Odd": "field"})
    assert (answer.reply, len(answer.tries)) == (None, 1)
    assert await database.read(lambda session: session.query(InboxMessage).count()) == 0


async def test_a_turn_that_does_not_fit_is_stored_and_only_then_acknowledged(
    opens: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await opens()
    diner = line.platform.diner(following=True)
    real = database.transaction_before

    async def too_slow(deadline: float, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if fn.__name__ == "_run":
            raise DeadlineExceededError
        return await real(deadline, fn, *args, **kwargs)

    monkeypatch.setattr(database, "transaction_before", too_slow)
    answer = await diner.says("帮助")

    assert (answer.reply, len(answer.tries)) == (None, 1)
    [row] = await database.read(lambda session: session.query(InboxMessage).all())
    assert (row.state, row.message["text"]) == ("late", "帮助")


async def test_without_a_database_the_platform_comes_again_and_is_told_the_last_time(
    opens: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await opens()
    line.platform.line.answer_within = line.platform.line.retry_every = 0.2
    diner = line.platform.diner(following=True)

    async def gone(*_: Any, **__: Any) -> Any:
        raise StorageUnavailableError

    monkeypatch.setattr(database, "read", gone)
    answer = await diner.says("帮助")
    assert len(answer.tries) == 3
    assert "暂时无法提供服务" in diner.chat[-1].text

    created = str(int(line.clock.now().timestamp()) - 10)
    answer = await diner.push({"MsgType": "text", "Content": "帮助", "CreateTime": created, "MsgId": "77"})
    assert "没有办成" in answer.text


async def test_a_fault_of_ours_is_an_apology_and_no_traceback(opens: Opens, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await opens()

    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(database, "read", broken)
    answer = await line.platform.diner(following=True).says("帮助")
    assert "出了点小问题" in answer.text
    assert "secret" not in answer.text


async def test_the_pages_a_diner_opens(opens: Opens) -> None:
    line = await opens()
    async with aiohttp.ClientSession(line.url) as session:
        for path, status, words in (
            ("/p/dishes/hongshaorou", 200, "秘制红烧肉"),
            ("/p/dishes/nothing", 404, "下架"),
            ("/pay/01NOSUCHPAYMENT00000000000", 404, "没有这张账单"),
            ("/p/pictures/../../etc/passwd", 404, ""),
            ("/p/stores/kuanzhai", 200, "宽窄巷子店"),
            ("/p/stores/nowhere", 404, "没有这家门店"),
            ("/p/static/page.css", 200, "main"),
            ("/livez", 200, "alive"),
            ("/readyz", 200, "ready"),
        ):
            async with session.get(path) as response:
                assert response.status == status, path
                assert words in await response.text()
