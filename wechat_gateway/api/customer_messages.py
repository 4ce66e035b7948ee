"""Customer messages (客服消息): message/custom/send. Quotas and windows are counted by domain/messages, not here."""

from collections.abc import Mapping
from typing import Any

from wechat_gateway.api.client import WeChatClient


async def send_customer_message(client: WeChatClient, message: Mapping[str, Any]) -> None:
    """Send one customer message, as `outbound.customer_message` builds it.

    The platform knows no key for these, so one without an answer is not repeated here.

    Raises:
        WeChatApiError: `sent` None means that the diner may have it all the same.
    """
    await client.call("/cgi-bin/message/custom/send", message)
