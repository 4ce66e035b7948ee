"""Subscription notices: diners allow them one by one, and each accept is good for one send."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from haowei.simulators.wechat.chat import Content
from haowei.simulators.wechat.codec import Field
from haowei.simulators.wechat.diners import Answer, Diner
from haowei.simulators.wechat.endpoints import OK, Endpoint, json_object, part, words
from haowei.simulators.wechat.errors import ApiError
from haowei.simulators.wechat.templates import Template

_MOST_ASKED = 3  # templates in one question. Source: page on wx-open-subscribe


class SubscriptionNotices:
    """The notices of one account, and what its diners allow.

    Attributes:
        templates: What the account may ask for and send, by template id.
        ticket: Of the JS-SDK, with which pages sign their address.
        consents: How many sends a diner still allows, by (openid, template id).
    """

    def __init__(self, diners: Mapping[str, Diner]) -> None:
        self.templates: dict[str, Template] = {}
        self.ticket = secrets.token_urlsafe(32)
        self.consents: Counter[tuple[str, str]] = Counter()
        self._diners = diners
        self._off: set[tuple[str, str]] = set()
        self._results: set[asyncio.Task[Any]] = set()

    async def answers(self, diner: Diner, choices: Mapping[str, bool]) -> Answer:
        """A diner answers the question of a page: template id -> allowed. The account hears of it."""
        for template_id, allowed in choices.items():
            if template_id not in self.templates:
                raise ValueError(f"no such notice: {template_id}")
            if allowed:
                self.consents[diner.openid, template_id] += 1
                self._off.discard((diner.openid, template_id))
        listed: list[Field] = [
            {"TemplateId": template_id, "SubscribeStatusString": "accept" if allowed else "reject", "PopupScene": 2}
            for template_id, allowed in choices.items()
        ]
        return await diner.push({"MsgType": "event", "Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": listed}})

    async def switches_off(self, diner: Diner, template_id: str) -> Answer:
        """A diner switches a notice off in the account's settings: what they allowed is void."""
        self._off.add((diner.openid, template_id))
        listed: list[Field] = [{"TemplateId": template_id, "SubscribeStatusString": "reject"}]
        return await diner.push({"MsgType": "event", "Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": listed}})

    def send(self, raw: bytes) -> None:
        """Send one notice, for one consent.

        Raises:
            ApiError: 40003, 40037, 43101, 47001, 47003.
        """
        sent = json_object(raw)
        diner = self._diners.get(words(sent, "touser"))
        if diner is None:
            raise ApiError(40003)
        template = self.templates.get(words(sent, "template_id"))
        if template is None:
            raise ApiError(40037)
        allowed = (diner.openid, template.id)
        if allowed in self._off or self.consents[allowed] < 1:
            raise ApiError(43101)
        card = template.fill(part(sent, "data"), words(sent, "page"))
        self.consents[allowed] -= 1
        blocked = diner.template_outcome != "success"
        if not blocked:
            diner.sees(Content(kind="template", template=card, channel="notice"))
        result: dict[str, Field] = {
            "TemplateId": template.id,
            "MsgID": diner.next_message_id(),
            "ErrorCode": 20001 if blocked else 0,
            "ErrorStatus": diner.template_outcome,
        }
        listed: list[Field] = [result]
        self._later(diner.push({"MsgType": "event", "Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": listed}}))

    async def page_answer(self, openid: str, template_ids: Sequence[str], *, allowed: bool) -> None:
        """What the phone does when a page's question is answered.

        Raises:
            ApiError: 40003, 40037.
        """
        diner = self._diners.get(openid)
        if diner is None:
            raise ApiError(40003)
        if not template_ids or len(template_ids) > _MOST_ASKED or not set(template_ids) <= self.templates.keys():
            raise ApiError(40037)
        await self.answers(diner, dict.fromkeys(template_ids, allowed))

    async def close(self) -> None:
        """Drop the results that are still to be pushed."""
        tasks = list(self._results)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def reported(self) -> None:
        """Wait until every result has been pushed."""
        await asyncio.gather(*self._results)

    def _later(self, result: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(result)
        self._results.add(task)
        task.add_done_callback(self._results.discard)


def endpoints(notices: SubscriptionNotices, account_host: Callable[[], str]) -> list[Endpoint]:
    """message/subscribe/bizsend, ticket/getticket, and in place of the phone's own question the address of a form.

    Args:
        account_host: Host and port of the account's pages: a form is answered with a way back there, and nowhere else.
    """

    async def send(request: web.Request) -> dict[str, Any]:
        notices.send(await request.read())
        return OK

    async def ticket(request: web.Request) -> dict[str, Any]:
        if request.query.get("type") != "jsapi":
            raise ApiError(40066)
        return {**OK, "ticket": notices.ticket, "expires_in": 7200}

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        back = str(form.get("back", ""))
        if urlsplit(back).netloc != account_host():
            raise ApiError(40066)
        asked = [str(value) for value in form.getall("template", [])]
        await notices.page_answer(str(form.get("openid", "")), asked, allowed=form.get("answer") == "accept")
        return web.Response(status=303, headers={"Location": back})

    return [
        Endpoint("POST", "/cgi-bin/message/subscribe/bizsend", send),
        Endpoint("GET", "/cgi-bin/ticket/getticket", ticket),
        Endpoint("POST", "/simulated/subscribe", answer, public=True),
    ]
