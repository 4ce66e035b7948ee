"""`haowei wechat menu` and `haowei qr table`: what is set up at the official account."""

import sys
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from domain.kernel.scenes import SceneKind, build_scene
from domain.shop.snapshot import load_snapshot
from haowei.database import open_house
from haowei.runtime import wechat_client
from haowei.settings import Settings, clock_of
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.errors import WeChatApiError
from wechat_gateway.api.menus import create_menu
from wechat_gateway.api.qr_codes import create_permanent_qr_code
from wechat_gateway.menus import account_menu

_PICTURES = "https://mp.weixin.qq.com"  # shows codes to anyone who has the ticket


async def create_account_menu(settings: Settings) -> int:
    """Create the menu bar. Diners see it within five minutes."""

    async def create(client: WeChatClient) -> str:
        await create_menu(client, account_menu())
        return "The menu bar is created; phones show it within five minutes."

    return await _with_account(settings, create)


async def create_table_code(settings: Settings, store_id: str, table_code: str) -> int:
    """Make the permanent code of a table that exists."""
    database = open_house(settings.database_url)
    try:
        shop = await database.read(load_snapshot)
    finally:
        await database.close()
    store = shop.stores.get(store_id)
    if store is None or table_code not in store.tables:
        known = ", ".join(store.tables) if store else ", ".join(shop.stores)
        print(f"no such {'table' if store else 'store'}; there are: {known}", file=sys.stderr)
        return 2

    async def create(client: WeChatClient) -> str:
        code = await create_permanent_qr_code(client, build_scene(SceneKind.TABLE, store_id, table_code))
        pictures = _PICTURES if settings.is_real_platform else settings.wechat_api_url
        return f"{pictures}/cgi-bin/showqrcode?{urlencode({'ticket': code.ticket})}"

    return await _with_account(settings, create)


async def _with_account(settings: Settings, act: Callable[[WeChatClient], Awaitable[str]]) -> int:
    database = open_house(settings.database_url)
    try:
        async with wechat_client(settings, database, clock_of(settings)) as client:
            print(await act(client))
    except WeChatApiError as error:
        print(f"WeChat refused: {error}", file=sys.stderr)
        return 1
    finally:
        await database.close()
    return 0
