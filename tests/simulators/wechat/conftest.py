"""A platform and a service account that answers it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from haowei.simulators.wechat import Account, WeChatPlatform
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Api, Callback

RETRY_EVERY = 0.02  # seconds instead of five


@pytest.fixture
def account() -> Account:
    return Account.random()


@pytest.fixture
async def callback(account: Account) -> AsyncIterator[Callback]:
    callback = Callback(account)
    app = web.Application()
    app.router.add_route("*", "/wechat/callback", callback.handle)
    async with TestServer(app) as server:
        callback.url = str(server.make_url("/wechat/callback"))
        yield callback


@pytest.fixture
async def platform(account: Account, callback: Callback, clock: SettableClock) -> AsyncIterator[WeChatPlatform]:
    platform = WeChatPlatform(account, callback.url, clock=clock, answer_within=2, retry_every=RETRY_EVERY)
    yield platform
    await platform.close()


@pytest.fixture
async def api(platform: WeChatPlatform, account: Account) -> AsyncIterator[Api]:
    async with platform.serving() as url, ClientSession() as session:
        api = Api(session, url, account)
        await api.sign_in()
        yield api
