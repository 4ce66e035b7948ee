"""The `messages` consumer: sends a requested message to a diner, and writes down how it ended.

`sending` is committed before the call (ARCHITECTURE, decision 11): what is found in it later was interrupted. Messages that may not be
repeated then are handed over one after the other, so that a process that dies loses one of them at the most.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from domain.kernel.clock import Clock
from domain.members.service import openid_of
from domain.members.vault import Vault
from domain.messages.departures import Departure, Postponed, depart, give_back, requeue, settle
from domain.messages.facts import Channels
from domain.messages.feedback import Lesson, learn
from domain.messages.rules import REPEATED, TEMPLATES_A_DAY, ChannelKind, MessageState
from domain.messaging.deliveries import Claimed, LostLeaseError
from domain.messaging.models import Delivery
from domain.messaging.worker import TryAgainAtError
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.customer_messages import send_customer_message
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.subscription_notices import send_subscription_notice
from wechat_gateway.api.template_messages import send_template_message
from wechat_gateway.metrics import MESSAGES
from wechat_gateway.outbound import customer_message
from wechat_gateway.pictures import Pictures
from wechat_gateway.templates import Template

_AGAIN = timedelta(seconds=30)
_UPLOAD_SECONDS = 15.0  # within the lease of a delivery; a slower picture is shown by an article

# What a refusal teaches; what depends on the channel stands in `_lesson`. Source: reference wechat §1.10.
_LESSONS: Final = {
    Action.WINDOW_CLOSED: Lesson.WINDOW_SHUT,
    Action.QUOTA_USED: Lesson.WINDOW_SHUT,
    Action.UNREACHABLE: Lesson.UNREACHABLE,
    Action.DAY_LIMIT: Lesson.DAY_FULL,
}
_REFUSED: Final = {
    ChannelKind.CUSTOMER: Lesson.UNREACHABLE,
    ChannelKind.NOTICE: Lesson.CONSENT_GONE,
    ChannelKind.TEMPLATE: Lesson.TEMPLATES_REFUSED,
    ChannelKind.MASS: Lesson.UNREACHABLE,
}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is made of an answer: an end state, or None to take the message up again after `pause`."""

    state: MessageState | None
    reason: str = ""
    lesson: Lesson | None = None
    pause: timedelta = _AGAIN
    arrived: bool | None = True
    platform_id: str | None = None


class MessageSender:
    """Sends through the official account."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        client: WeChatClient,
        *,
        templates: Mapping[str, Template],
        public_url: str,
        notices: Mapping[str, Template] | None = None,
        templates_a_day: int = TEMPLATES_A_DAY,
        snapshots: SnapshotCache | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        """Args:
        templates: Kind of a message -> the account's template message for it.
        notices: Kind of a message -> the account's subscription notice for it.
        templates_a_day: Template messages that the account may send a day.
        snapshots: Know the brand's zone, for quiet hours.
        pictures: Uploads the pictures of replies; without it they are shown by an article.
        """
        self._database = database
        self._clock = clock
        self._vault = vault
        self._client = client
        self._templates = templates
        self._notices = notices or {}
        self._channels = Channels(frozenset(templates), frozenset(self._notices), templates_a_day)
        self._public_url = public_url
        self._snapshots = snapshots or SnapshotCache()
        self._pictures = pictures
        self._unrepeatable = asyncio.Lock()
        self._log = structlog.get_logger("messages")

    async def __call__(self, claimed: Claimed) -> None:
        """Send one message. Raises: TryAgainAtError: it waits, or the platform surely did not take it."""
        if claimed.payload.get("purpose") in REPEATED:
            await self._hand_over(claimed)
            return
        async with self._unrepeatable:
            await self._hand_over(claimed)

    async def _hand_over(self, claimed: Claimed) -> None:
        departure, openid = await self._database.transaction(self._depart, claimed)
        if isinstance(departure, Postponed):
            raise TryAgainAtError(departure.until)
        if departure is None or openid is None:
            return
        try:
            verdict = _Verdict(MessageState.SENT, platform_id=await self._send(departure, openid))
        except WeChatApiError as error:
            verdict = _judge(error, departure)
            self._log.warning("message.not_sent", message=departure.message_id, code=error.errcode, reason=verdict.reason)
        MESSAGES.labels(departure.purpose.value, verdict.state.value if verdict.state else "again").inc()
        await self._database.transaction(self._conclude, claimed, departure, verdict)
        if verdict.state is None:
            raise TryAgainAtError(self._clock.now() + verdict.pause)

    def _depart(self, session: Session, claimed: Claimed) -> tuple[Departure | Postponed | None, str | None]:
        now = self._clock.now()
        held = select(Delivery.id).where(Delivery.id == claimed.id, Delivery.owner == claimed.owner)
        if session.execute(held).first() is None:
            raise LostLeaseError  # what stands in `sending` now is another worker's, and not interrupted
        message_id = claimed.payload["message_id"]
        zone = self._snapshots.get(session).brand.zone
        departure = depart(session, message_id, channels=self._channels, zone=zone, now=now)
        if isinstance(departure, Postponed):
            return departure, None
        openid = openid_of(session, self._vault, departure.diner_id) if departure else None
        if departure is not None and openid is None:
            settle(session, message_id, MessageState.FAILED, "erased", now=now)
        if departure is None or openid is None:
            claimed.settle(session, now=now)
        return departure, openid

    async def _send(self, departure: Departure, openid: str) -> str | None:
        """Hand it over. Returns: what the platform calls it, of a template message."""
        if departure.channel is ChannelKind.CUSTOMER:
            await self._send_customer(departure, openid)
            return None
        form = departure.content["template"]
        url = self._absolute(form.get("url", ""))
        if departure.channel is ChannelKind.NOTICE:
            notice = self._notices[form["kind"]]
            await send_subscription_notice(self._client, openid=openid, template_id=notice.id, fields=notice.fill(form["fields"]), page=url)
            return None
        template = self._templates[form["kind"]]
        fields = template.fill(form["fields"])
        return await send_template_message(
            self._client, openid=openid, template_id=template.id, fields=fields, client_msg_id=departure.message_id, url=url
        )

    async def _send_customer(self, departure: Departure, openid: str) -> None:
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

    def _absolute(self, path: str) -> str:
        return f"{self._public_url}{path}" if path.startswith("/") else path

    def _conclude(self, session: Session, claimed: Claimed, departure: Departure, verdict: _Verdict) -> None:
        now = self._clock.now()
        if verdict.state is None and verdict.arrived is False:
            requeue(session, departure, now=now)
        if verdict.state is not None:
            settle(session, departure.message_id, verdict.state, verdict.reason or None, now=now, platform_id=verdict.platform_id)
            if verdict.arrived is False:
                give_back(session, departure, now=now)
            claimed.settle(session, now=now)
        if verdict.lesson is not None:
            learn(session, departure, verdict.lesson, now=now)


def _judge(error: WeChatApiError, departure: Departure) -> _Verdict:
    if error.sent:  # it arrived; only the answer lacked something
        return _Verdict(MessageState.SENT, error.action.value)
    if error.sent is None:
        if departure.may_be_repeated:
            return _Verdict(None, "no_answer", arrived=None)  # stays in `sending`: the next time finds it interrupted
        return _Verdict(MessageState.UNKNOWN, "no_answer")
    if error.action is Action.RETRY_LATER:
        return _Verdict(None, "busy", arrived=False)
    lesson = _REFUSED[departure.channel] if error.action is Action.STOP_KIND else _LESSONS.get(error.action)
    if lesson is not None:  # what was learned decides over the next channel, or says why there is none
        return _Verdict(None, lesson.value, lesson, pause=timedelta(), arrived=False)
    return _Verdict(MessageState.FAILED, f"{error.action.value}_{error.errcode or 0}", arrived=False)
