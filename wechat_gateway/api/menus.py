"""The account's menu bar: menu/create."""

from typing import Any

from wechat_gateway.api.client import WeChatClient
from wechat_gateway.menus import check_menu


async def create_menu(client: WeChatClient, menu: dict[str, Any]) -> None:
    """Replace the account's menu bar. Phones show the new one after five minutes or more.

    Raises:
        ValueError: A limit of the platform is broken; nothing was sent.
        WeChatApiError: The call failed.
    """
    check_menu(menu)
    await client.call("/cgi-bin/menu/create", menu, repeatable=True)
