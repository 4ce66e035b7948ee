"""A full house: members who sit at tables and have points, and the pushes of what they say."""

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from haowei.simulators.wechat import Account, WeChatPlatform
from haowei.simulators.wechat.codec import Fields
from haowei.simulators.wechat.envelope import Envelope
from haowei.simulators.wechat.replies import Transfer, read_reply


@dataclass(frozen=True, slots=True)
class Sealed:
    """A push as it goes over the wire, and from whom."""

    openid: str
    msg_type: str
    request: str


class Crowd:
    """Diners of one account. Every push is another diner's, and no two are the same message."""

    def __init__(self, platform: WeChatPlatform, diners: int) -> None:
        self.openids = tuple(f"obenchdiner{number:017}" for number in range(diners))
        self._platform = platform
        self._account: Account = platform.account
        self._envelope = Envelope(platform.account, "safe")
        self._turns: Iterator[tuple[int, str]] = itertools.chain.from_iterable(
            ((past, openid) for openid in self.openids) for past in itertools.count()
        )
        self._message_ids = itertools.count(24_000_000_000_000_000)

    async def sits_down(self, scenes: Sequence[str]) -> None:
        """Everybody follows by a table's code, table after table, and joins as a member."""
        for openid, scene in zip(self.openids, itertools.cycle(scenes), strict=False):
            diner = self._platform.diner(openid, following=True)
            await diner.push({"MsgType": "event", "Event": "subscribe", "EventKey": f"qrscene_{scene}", "Ticket": f"ticket-of-{scene}"})
            await diner.taps_menu("menu.member_card")
            joined = await diner.says("1")
            if "会员" not in joined.text:
                raise RuntimeError(f"{scene}: joining was answered with {joined.text!r}")

    def pushes(self, fields: Fields, count: int, *, keep_alive: bool) -> list[Sealed]:
        """The same thing said by one diner after the other, sealed now: it goes stale in five minutes."""
        return [self._seal(fields, past, openid, keep_alive=keep_alive) for past, openid in itertools.islice(self._turns, count)]

    def open(self, sealed: Sealed, body: str) -> str:
        """The words of an answer, read as strictly as the platform reads it.

        Raises:
            InvalidAnswerError: The platform would not deliver it.
        """
        reply = read_reply(
            self._envelope.unpack(body.encode()),
            openid=sealed.openid,
            original_id=self._account.original_id,
            answered=sealed.msg_type,
            media=self._platform.media,
        )
        return "" if isinstance(reply, Transfer) else reply.text

    def _seal(self, fields: Fields, past: int, openid: str, *, keep_alive: bool) -> Sealed:
        # An event has no id: the same tap of the same diner is another one only in another second.
        now = int(time.time())  # noqa: TID251 - the platform's clock
        push = {"ToUserName": self._account.original_id, "FromUserName": openid, "CreateTime": now - past, **fields}
        if "Event" not in fields:
            push["MsgId"] = next(self._message_ids)
        query, body = self._envelope.pack(push, openid, now)
        head = (
            f"POST /wechat/callback?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
            f"Connection: {'keep-alive' if keep_alive else 'close'}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return Sealed(openid, str(fields["MsgType"]), head + body.decode())
