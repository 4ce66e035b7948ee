"""The simulated platform, and our client in front of it."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import ClientSession, ClientTimeout

from domain.storage import Database, open_database
from haowei.simulators.wechat import Account, Diner, WeChatPlatform
from haowei.simulators.wechat.windows import Trigger
from tests.clock import SettableClock
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.tokens import AccessTokens
from wechat_gateway.api.transport import Transport

NewTokens = Callable[[], AccessTokens]


@pytest.fixture
def account() -> Account:
    return Account.random()


@pytest.fixture
def platform(account: Account, clock: SettableClock) -> WeChatPlatform:
    return WeChatPlatform(account, "http://127.0.0.1:9/wechat/callback", clock=clock)


@pytest.fixture
async def api_url(platform: WeChatPlatform) -> AsyncIterator[str]:
    async with platform.serving() as url:
        yield url


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def transport(session: ClientSession, api_url: str) -> Transport:
    return Transport(session, api_url, timeout=ClientTimeout(total=5))


@pytest.fixture
async def new_tokens(
    database: Database, database_url: str, transport: Transport, clock: SettableClock, account: Account
) -> AsyncIterator[NewTokens]:
    """The tokens of one more process, with its own way into the same database."""
    opened: list[Database] = []

    def another() -> AccessTokens:
        opened.append(open_database(database_url))
        return AccessTokens(opened[-1], transport, clock, app_id=account.app_id, app_secret=account.app_secret)

    yield another
    for own in opened:
        await own.close()


@pytest.fixture
def tokens(new_tokens: NewTokens) -> AccessTokens:
    return new_tokens()


@pytest.fixture
def client(transport: Transport, tokens: AccessTokens) -> WeChatClient:
    return WeChatClient(transport, tokens)


@pytest.fixture
def diner(platform: WeChatPlatform, clock: SettableClock) -> Diner:
    """Follows the account and has just written, so that customer messages are allowed."""
    diner = platform.diner(following=True)
    diner.windows.open(Trigger.MESSAGE, clock.now())
    return diner
