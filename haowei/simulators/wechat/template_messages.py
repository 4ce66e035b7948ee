"""Template messages: accepted at once, their result pushed back afterwards."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from domain.kernel.clock import Clock
from haowei.simulators.wechat.chat import Content
from haowei.simulators.wechat.diners import Diner
from haowei.simulators.wechat.endpoints import OK, Endpoint, json_object, part, words
from haowei.simulators.wechat.errors import ApiError
from haowei.simulators.wechat.templates import Template

_A_DAY = 100_000  # of an account, by Beijing time. Source: page on sending templates
_BEIJING = ZoneInfo("Asia/Shanghai")
_REMEMBERED = timedelta(minutes=10)  # one message for an openid and client_msg_id. Source: page on sending templates


class TemplateMessages:
    """Sends template messages to the diners of one account.

    Attributes:
        templates: What the account may send, by template id.
        a_day: How many messages the account may send a day.
    """

    def __init__(self, diners: Mapping[str, Diner], clock: Clock) -> None:
        self.templates: dict[str, Template] = {}
        self.a_day = _A_DAY
        self._diners = diners
        self._clock = clock
        self._day: tuple[date, int] = date.min, 0
        self._sent: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._results: set[asyncio.Task[None]] = set()

    def send(self, raw: bytes) -> int:
        """Send one message, unless the same client_msg_id was sent to this diner in the last ten minutes.

        Returns:
            The msgid, the same for a repeated client_msg_id.

        Raises:
            ApiError: 40003, 40037, 43004, 43101, 45009, 47001, 47003.
        """
        sent = json_object(raw)
        diner = self._diners.get(words(sent, "touser"))
        if diner is None:
            raise ApiError(40003)
        template = self.templates.get(words(sent, "template_id"))
        if template is None:
            raise ApiError(40037)
        if not diner.is_following:
            raise ApiError(43004)
        if diner.refuses:
            raise ApiError(43101)
        card = template.fill(part(sent, "data"), words(sent, "url"))
        now = self._clock.now()
        self._sent = {key: (message_id, at) for key, (message_id, at) in self._sent.items() if now - at < _REMEMBERED}
        own_key = (diner.openid, words(sent, "client_msg_id"))
        if own_key[1] and own_key in self._sent:
            return self._sent[own_key][0]
        self._count(now)
        message_id = diner.next_message_id()
        self._sent[own_key] = message_id, now
        if diner.template_outcome == "success":
            diner.sees(Content(kind="template", template=card, channel="template"))
        task = asyncio.create_task(_report(diner, message_id, diner.template_outcome))
        self._results.add(task)
        task.add_done_callback(self._results.discard)
        return message_id

    async def reported(self) -> None:
        """Wait until every result has been pushed."""
        await asyncio.gather(*self._results)

    def _count(self, now: datetime) -> None:
        today = now.astimezone(_BEIJING).date()
        day, sent = self._day
        sent = sent if day == today else 0
        if sent >= self.a_day:
            raise ApiError(45009)
        self._day = today, sent + 1

    async def close(self) -> None:
        """Drop the results that are still to be pushed."""
        tasks = list(self._results)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _report(diner: Diner, message_id: int, outcome: str) -> None:
    await diner.push({"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": message_id, "Status": outcome})


def endpoints(messages: TemplateMessages) -> list[Endpoint]:
    """message/template/send."""

    async def send(request: web.Request) -> dict[str, Any]:
        return {**OK, "msgid": messages.send(await request.read())}

    return [Endpoint("POST", "/cgi-bin/message/template/send", send)]
