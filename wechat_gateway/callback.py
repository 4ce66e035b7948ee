"""/wechat/callback: verify, decrypt, parse, hand to the bot, answer within the platform's patience.

`success` is never sent for a message that is not durable: it was answered, or stored to be answered later.
The configured mode decides what is read, never the sender (ARCHITECTURE, decision 12).
"""

import asyncio
import time

import structlog
from aiohttp import web

from bot.dialogue.store import StateMovedError
from bot.inbox import Turn
from bot.messages import InboundMessage, Reply, ReplyKind
from bot.responses import Responses
from bot.turn import Bot
from domain.kernel.clock import Clock
from domain.storage import DeadlineExceededError, StorageUnavailableError
from wechat_gateway.crypto import MAX_BODY_BYTES, MessageCrypto, encrypted_part, signature, verify
from wechat_gateway.errors import PushRefusedError
from wechat_gateway.inbound import to_inbound
from wechat_gateway.message_events import KINDS as MESSAGE_EVENTS
from wechat_gateway.message_events import MessageEvents
from wechat_gateway.metrics import PUSHES, REFUSED, REPLY_SECONDS_TAKEN
from wechat_gateway.mode import Mode
from wechat_gateway.outbound import SUCCESS, passive_reply
from wechat_gateway.pictures import Pictures
from wechat_gateway.push import Push, parse_push
from wechat_gateway.reply_window import ReplyWindow, check_fresh

TURN_SECONDS = 3.4  # a turn not committed by then is stored for later, which needs the rest of the 4.2 s
_SEAL_SECONDS = 0.2  # left for the answer itself when a picture takes long
_LONGEST_ECHO = 256
_STATUS = {"bad_signature": 403, "stale": 403, "wrong_app": 403, "bad_padding": 403, "too_large": 413}


class Callback:
    """The two handlers of /wechat/callback."""

    def __init__(
        self,
        bot: Bot,
        responses: Responses,
        crypto: MessageCrypto,
        clock: Clock,
        *,
        token: str,
        mode: Mode,
        max_skew: int,
        public_url: str,
        pictures: Pictures | None = None,
        message_events: MessageEvents | None = None,
    ) -> None:
        """Args:
        pictures: Uploads the pictures of replies; without it they are shown by an article.
        message_events: Takes in what the platform reports about messages; without it such pushes are only counted.
        """
        self._bot = bot
        self._responses = responses
        self._crypto = crypto
        self._clock = clock
        self._token = token
        self._mode = mode
        self._max_skew = max_skew
        self._public_url = public_url
        self._pictures = pictures
        self._message_events = message_events
        self._log = structlog.get_logger("turn")

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [
            web.get("/wechat/callback", self.verify_url, allow_head=False),
            web.post("/wechat/callback", self.receive),
        ]

    async def verify_url(self, request: web.Request) -> web.Response:
        """GET: prove to the platform that this URL is ours."""
        query = request.query
        echo = query.get("echostr", "")
        expected = signature(self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if not echo or len(echo) > _LONGEST_ECHO or not verify(expected, query.get("signature", "")):
            REFUSED.labels("bad_signature").inc()
            return web.Response(status=403, text="signature does not match")
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """POST: one push."""
        received = time.monotonic()
        try:
            push, key_index = self._open(request, await _read(request))
        except PushRefusedError as refused:
            REFUSED.labels(refused.reason).inc()
            return web.Response(status=_STATUS.get(refused.reason, 400), text=refused.reason)
        window = ReplyWindow(received, push.created_at)
        answer = await self._answer(push, window, last_try=window.is_last_try(self._clock.now()))
        REPLY_SECONDS_TAKEN.observe(time.monotonic() - received)
        if answer is None:
            return web.Response(status=503, text="try again")
        if answer is not SUCCESS and self._mode is not Mode.PLAIN:
            sealed = self._crypto.seal(answer, key_index=key_index, timestamp=request.query["timestamp"], nonce=request.query["nonce"])
            return web.Response(body=sealed.to_xml(), content_type="text/xml", charset="utf-8")
        return web.Response(body=answer, content_type="text/plain" if answer is SUCCESS else "text/xml", charset="utf-8")

    def _open(self, request: web.Request, body: bytes) -> tuple[Push, int]:
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if self._mode is Mode.PLAIN:
            if not verify(signature(self._token, timestamp, nonce), query.get("signature", "")):
                raise PushRefusedError("bad_signature")
            check_fresh(timestamp, self._clock.now(), self._max_skew)
            return parse_push(body), 0
        if query.get("encrypt_type") != "aes":
            raise PushRefusedError("bad_signature", "not encrypted, and this account is set to be")
        encrypt = encrypted_part(body)
        opened = self._crypto.open(encrypt, timestamp=timestamp, nonce=nonce, msg_signature=query.get("msg_signature", ""))
        check_fresh(timestamp, self._clock.now(), self._max_skew)
        return parse_push(opened.xml), opened.key_index

    async def _answer(self, push: Push, window: ReplyWindow, *, last_try: bool) -> bytes | None:
        """The body of the answer; None when nothing is durable and the platform must come again.

        Args:
            last_try: Judged when the push came in: one that came in time to be tried again may fail much later.
        """
        name = push.event or push.msg_type if push.known else "unknown"
        if push.kind in MESSAGE_EVENTS and self._message_events is not None:
            return await self._report(self._message_events, push, name)
        message = to_inbound(push)
        if message is None:
            PUSHES.labels(name, "ignored").inc()
            return SUCCESS
        try:
            turn = await self._turn(message, window)
        except (StorageUnavailableError, DeadlineExceededError, TimeoutError) as error:
            PUSHES.labels(name, "not_stored").inc()
            self._log.warning("turn.not_stored", kind=message.kind.value, error=type(error).__name__)
            return self._words(push, "lost") if last_try else None
        except Exception:
            PUSHES.labels(name, "fault").inc()
            self._log.exception("turn.fault", kind=message.kind.value)
            return self._words(push, "fault")
        PUSHES.labels(name, turn.outcome.value).inc()
        ms = round((time.monotonic() - window.received) * 1000, 1)
        self._log.info("turn", kind=message.kind.value, outcome=turn.outcome.value, commands=turn.commands, ms=ms)
        media_id = await self._picture(turn.reply, window)
        return passive_reply(turn.reply, push, now=self._clock.now(), public_url=self._public_url, media_id=media_id)

    async def _report(self, events: MessageEvents, push: Push, name: str) -> bytes | None:
        """Take in what the platform reports; nobody reads an answer."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await events.take_in(push)
        except (StorageUnavailableError, DeadlineExceededError, TimeoutError) as error:
            PUSHES.labels(name, "not_stored").inc()
            self._log.warning("report.not_stored", event_name=name, error=type(error).__name__)
            return None
        except Exception:
            PUSHES.labels(name, "fault").inc()
            self._log.exception("report.fault", event_name=name)
            return SUCCESS
        PUSHES.labels(name, "taken_in").inc()
        return SUCCESS

    async def _picture(self, reply: Reply, window: ReplyWindow) -> str:
        """The media id of a reply's picture, or "" when the window is too short for the upload; the turn is committed by now."""
        if reply.kind is not ReplyKind.IMAGE or self._pictures is None:
            return ""
        return await self._pictures.media_id(reply.image, seconds=window.deadline - _SEAL_SECONDS - time.monotonic())

    async def _turn(self, message: InboundMessage, window: ReplyWindow) -> Turn:
        begin_before = window.received + TURN_SECONDS
        try:
            async with asyncio.timeout_at(begin_before + 0.2):  # reads have no deadline of their own
                return await self._bot.turn(message, deadline=begin_before)
        except (DeadlineExceededError, StateMovedError, TimeoutError):
            return await self._bot.hold(message, deadline=window.deadline)

    def _words(self, push: Push, name: str) -> bytes:
        reply = Reply(ReplyKind.TEXT, self._responses.render(name, {}, seed=push.dedupe_key))
        return passive_reply(reply, push, now=self._clock.now(), public_url=self._public_url)


async def _read(request: web.Request) -> bytes:
    """The whole body, also one that comes in chunks. Raises: PushRefusedError."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise PushRefusedError("too_large", "announced")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise PushRefusedError("too_large", "more than the application takes") from None
    except (web.RequestPayloadError, ConnectionError):
        raise PushRefusedError("malformed", "the body breaks off, or is not packed as it says") from None
