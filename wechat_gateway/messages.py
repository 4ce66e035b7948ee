"""The `messages` consumer: sends a requested message to a diner, and writes down how it ended.

`sending` is committed before the call (ARCHITECTURE, decision 11): what is found in it later was interrupted.
"""

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from domain.kernel.clock import Clock
from domain.members.service import openid_of
from domain.members.vault import Vault
from domain.messages.rules import ChannelKind, MessageState
from domain.messages.service import Departure, close_windows, depart, requeue, settle
from domain.messaging.deliveries import Claimed
from domain.messaging.worker import TryAgainAtError
from domain.storage import Database
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.customer_messages import send_customer_message
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.template_messages import send_template_message
from wechat_gateway.metrics import MESSAGES
from wechat_gateway.outbound import customer_message
from wechat_gateway.pictures import Pictures

_AGAIN = timedelta(seconds=30)
_UPLOAD_SECONDS = 15.0  # within the lease of a delivery; a slower picture is shown by an article
_SHUT = {Action.WINDOW_CLOSED, Action.QUOTA_USED}


class MessageSender:
    """Sends through the official account."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        client: WeChatClient,
        *,
        templates: dict[str, str],
        public_url: str,
        pictures: Pictures | None = None,
    ) -> None:
        """Args:
        templates: Kind of a template message -> the account's template id.
        pictures: Uploads the pictures of replies; without it they are shown by an article.
        """
        self._database = database
        self._clock = clock
        self._vault = vault
        self._client = client
        self._templates = {kind: template for kind, template in templates.items() if template}
        self._public_url = public_url
        self._pictures = pictures
        self._log = structlog.get_logger("messages")

    async def __call__(self, claimed: Claimed) -> None:
        """Send one message. Raises: TryAgainAtError: the platform surely did not take it."""
        departure, openid = await self._database.transaction(self._depart, claimed)
        if departure is None or openid is None:
            return
        state, reason, again = MessageState.SENT, "", False
        try:
            await self._send(departure, openid)
        except WeChatApiError as error:
            state, reason, again = self._judge(error)
            self._log.warning("message.not_sent", message=departure.message_id, code=error.errcode, state=state.value)
        MESSAGES.labels(departure.purpose.value, "again" if again else state.value).inc()
        if again:
            await self._database.transaction(requeue, departure.message_id)
            raise TryAgainAtError(self._clock.now() + _AGAIN)
        await self._database.transaction(self._settle, claimed, departure, state, reason)

    def _depart(self, session: Session, claimed: Claimed) -> tuple[Departure | None, str | None]:
        now = self._clock.now()
        message_id = claimed.payload["message_id"]
        departure = depart(session, message_id, templates=frozenset(self._templates), now=now)
        openid = openid_of(session, self._vault, departure.diner_id) if departure else None
        if departure is not None and openid is None:
            settle(session, message_id, MessageState.FAILED, "erased", now=now)
        if departure is None or openid is None:
            claimed.settle(session, now=now)
        return departure, openid

    async def _send(self, departure: Departure, openid: str) -> None:
        if departure.channel is ChannelKind.TEMPLATE:
            template = departure.content["template"]
            kind, fields = template["kind"], template["fields"]
            await send_template_message(
                self._client, openid=openid, template_id=self._templates[kind], fields=fields, client_msg_id=departure.message_id
            )
            return
        reply = Reply.from_json(departure.content["reply"])
        media_id = await self._picture(reply)
        try:
            await self._send_reply(reply, openid, departure, media_id)
        except WeChatApiError as error:
            if self._pictures is None or not media_id or error.action is not Action.REUPLOAD:
                raise
            self._pictures.forget(media_id)  # the platform surely sent nothing, and takes the picture once more
            await self._send_reply(reply, openid, departure, await self._picture(reply))

    async def _send_reply(self, reply: Reply, openid: str, departure: Departure, media_id: str) -> None:
        body = customer_message(reply, openid, public_url=self._public_url, remaining=departure.remaining + 1, media_id=media_id)
        if body is not None:
            await send_customer_message(self._client, body)

    async def _picture(self, reply: Reply) -> str:
        if reply.kind is not ReplyKind.IMAGE or self._pictures is None:
            return ""
        return await self._pictures.media_id(reply.image, seconds=_UPLOAD_SECONDS)

    def _judge(self, error: WeChatApiError) -> tuple[MessageState, str, bool]:
        if error.sent:  # it arrived; only the answer lacked something
            return MessageState.SENT, error.action.value, False
        if error.sent is None:
            return MessageState.UNKNOWN, "no_answer", False
        if error.action is Action.RETRY_LATER:
            return MessageState.QUEUED, "busy", True
        return MessageState.FAILED, error.action.value, False

    def _settle(self, session: Session, claimed: Claimed, departure: Departure, state: MessageState, reason: str) -> None:
        now = self._clock.now()
        settle(session, departure.message_id, state, reason or None, now=now)
        if reason in _SHUT:
            close_windows(session, departure.diner_id, now=now)
        claimed.settle(session, now=now)
