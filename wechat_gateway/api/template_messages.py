"""Template messages: message/template/send, with the field limits held before anything is sent.

For orders, bookings and queue calls; never for promotion (40249, 43116). Source: reference wechat §1.3.
"""

from collections.abc import Mapping
from typing import Any

from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.template_fields import TemplateFieldError, check_fields
from wechat_gateway.api.transport import required

__all__ = ["TemplateFieldError", "check_fields", "send_template_message"]


async def send_template_message(
    client: WeChatClient, *, openid: str, template_id: str, fields: Mapping[str, str], client_msg_id: str, url: str = ""
) -> str:
    """Send a template message. A call without an answer is repeated once, under the same client_msg_id.

    Args:
        template_id: As the account lists it.
        fields: Typed keys ("thing4", "time3") to plain values.
        client_msg_id: Under the same one the platform sends once to an openid within ten minutes.
        url: Opened by a tap; "" for none.

    Returns:
        The platform's msgid, as text: it means accepted; TEMPLATESENDJOBFINISH tells the result.

    Raises:
        TemplateFieldError: A field breaks its limit.
        WeChatApiError: The call failed.
    """
    check_fields(fields)
    body: dict[str, Any] = {
        "touser": openid,
        "template_id": template_id,
        "client_msg_id": client_msg_id,
        "data": {key: {"value": value} for key, value in fields.items()},
    }
    if url:
        body["url"] = url
    answer = await client.call("/cgi-bin/message/template/send", body, repeatable=True)
    return required(answer, "msgid")
