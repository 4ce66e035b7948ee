"""Subscription notices (订阅通知): message/subscribe/bizsend. One consent of the diner is one send. Source: reference wechat §1.4."""

from collections.abc import Mapping
from typing import Any

from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.template_fields import check_fields


async def send_subscription_notice(
    client: WeChatClient, *, openid: str, template_id: str, fields: Mapping[str, str], page: str = ""
) -> None:
    """Send a notice. The platform knows no key for these, so one without an answer is not repeated here.

    Args:
        template_id: As the account lists it among its notices.
        fields: Typed keys ("thing4", "time3") to plain values.
        page: Opened by a tap, a web address; "" for none.

    Raises:
        TemplateFieldError: A field breaks its limit.
        WeChatApiError: The call failed; 43101: there is no consent. `sent` None means that the diner may have it all the same.
    """
    check_fields(fields)
    body: dict[str, Any] = {
        "touser": openid,
        "template_id": template_id,
        "data": {key: {"value": value} for key, value in fields.items()},
    }
    if page:
        body["page"] = page
    await client.call("/cgi-bin/message/subscribe/bizsend", body)
