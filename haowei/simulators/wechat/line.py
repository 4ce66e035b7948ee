"""The line from the platform to the account's callback: packs a push, posts it, tries again, reads the reply."""

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.clock import Clock
from haowei.simulators.wechat.account import Account
from haowei.simulators.wechat.chat import Content
from haowei.simulators.wechat.codec import Field, Fields
from haowei.simulators.wechat.envelope import Envelope, Mode
from haowei.simulators.wechat.errors import InvalidAnswerError
from haowei.simulators.wechat.media import MediaStore
from haowei.simulators.wechat.replies import Transfer, read_reply
from haowei.simulators.wechat.wire import HttpAnswer, Wire

# Source: the platform's page on passive replies.
ANSWER_WITHIN = 5.0  # seconds
_TRIES = 3  # in total
_MOST_COMPLAINTS = 1000


@dataclass(frozen=True, slots=True)
class Try:
    """One posting of a push.

    Attributes:
        status: HTTP status; None when no answer came.
        seconds: How long it took.
        complaint: What was wrong with it, or "".
    """

    status: int | None
    seconds: float
    complaint: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a push: its tries, and the reply if one came (None after `success` or three failures)."""

    tries: tuple[Try, ...]
    reply: Content | Transfer | None

    @property
    def is_answered(self) -> bool:
        """Whether the last try brought a valid answer."""
        return not self.tries[-1].complaint


@dataclass(frozen=True, slots=True)
class Copy:
    """The answer to one of many copies of a push.

    Attributes:
        status: HTTP status; None when no answer came.
        body: Opened if it was sealed.
        text: The words of a text reply.
    """

    url: str
    status: int | None
    body: str
    text: str
    complaint: str


@dataclass(frozen=True, slots=True)
class PlatformComplaint:
    """A fault that the platform found in an answer of the callback."""

    at: datetime
    openid: str
    reason: str


class Line:
    """The line to one account's callback.

    Attributes:
        callback_url: May be set later than the line is made.
        answer_within: Seconds that the callback has.
        retry_every: Seconds from one try to the next, however the one before failed.
        envelope: Mode and keys.
        complaints: The last thousand faults found.
    """

    def __init__(self, account: Account, callback_url: str, mode: Mode, clock: Clock, media: MediaStore) -> None:
        self.callback_url = callback_url
        self.answer_within = ANSWER_WITHIN
        self.retry_every = ANSWER_WITHIN
        self.envelope = Envelope(account, mode)
        self.complaints: deque[PlatformComplaint] = deque(maxlen=_MOST_COMPLAINTS)
        self._account = account
        self._clock = clock
        self._media = media
        self._wire = Wire()
        # Beyond 2**53, and never one that an earlier run has used.
        self._message_ids = itertools.count(2**61 + secrets.randbelow(2**60))

    def next_message_id(self) -> int:
        """A new MsgId."""
        return next(self._message_ids)

    def complete(self, openid: str, fields: Fields) -> Fields:
        """Add what every push carries: the addresses, the time, and a MsgId if it is a message."""
        whole: dict[str, Field] = {
            "ToUserName": self._account.original_id,
            "FromUserName": openid,
            "CreateTime": self._seconds(),
            **fields,
        }
        if whole.get("MsgType") != "event" and "MsgId" not in whole:
            whole["MsgId"] = self.next_message_id()
        return whole

    async def deliver(self, openid: str, push: Fields) -> Delivery:
        """Post a push up to three times, each with a time and nonce of its own but the same content."""
        loop = asyncio.get_running_loop()
        tries: list[Try] = []
        for left in range(_TRIES - 1, -1, -1):
            began = loop.time()
            answer, complaint = await self._post(self.callback_url, openid, push)
            reply: Content | Transfer | None = None
            if answer is not None and not complaint:
                try:
                    reply = self._reply(answer, openid, push)
                except InvalidAnswerError as fault:
                    complaint = str(fault)
            seconds = loop.time() - began
            tries.append(Try(answer.status if answer else None, seconds, complaint))
            if not complaint:
                return Delivery(tuple(tries), reply)
            self.complaints.append(PlatformComplaint(self._clock.now(), openid, complaint))
            if left:
                await asyncio.sleep(max(0, self.retry_every - seconds))
        return Delivery(tuple(tries), None)

    async def deliver_many(self, openid: str, push: Fields, copies: int, urls: Sequence[str]) -> list[Copy]:
        """Post the same push many times at once, in turn to the addresses, each once."""
        return await asyncio.gather(*(self._copy(url, openid, push) for url, _ in zip(itertools.cycle(urls), range(copies), strict=False)))

    async def verify(self) -> bool:
        """Check the callback as the console does when it is set: it must echo a signed request."""
        query, echo = self.envelope.verification(self._seconds())
        try:
            async with asyncio.timeout(self.answer_within):
                answer = await self._wire.get(self.callback_url, query)
        except OSError:
            return False
        return answer == HttpAnswer(200, echo.encode())

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _seconds(self) -> int:
        return int(self._clock.now().timestamp())

    async def _post(self, url: str, openid: str, push: Fields) -> tuple[HttpAnswer | None, str]:
        query, body = self.envelope.pack(push, openid, self._seconds())
        try:
            async with asyncio.timeout(self.answer_within):
                answer = await self._wire.post(url, query, body)
        except TimeoutError:
            return None, f"no answer within {self.answer_within:g} s"
        except OSError as error:
            return None, f"no answer: {error}"
        return answer, "" if answer.status == 200 else f"HTTP status {answer.status}"

    async def _copy(self, url: str, openid: str, push: Fields) -> Copy:
        answer, complaint = await self._post(url, openid, push)
        if answer is None or complaint:
            return Copy(url, answer.status if answer else None, "", "", complaint)
        try:
            reply = self._reply(answer, openid, push)
            body = answer.body.decode() if reply is None else self.envelope.unpack(answer.body)
        except InvalidAnswerError as fault:
            return Copy(url, answer.status, "", "", str(fault))
        return Copy(url, answer.status, body, reply.text if isinstance(reply, Content) else "", "")

    def _reply(self, answer: HttpAnswer, openid: str, push: Fields) -> Content | Transfer | None:
        if answer.body in {b"", b"success"}:
            return None
        return read_reply(
            self.envelope.unpack(answer.body),
            openid=openid,
            original_id=self._account.original_id,
            answered=str(push.get("MsgType")),
            media=self._media,
        )
