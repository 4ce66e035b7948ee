"""/p/consent/{token}: may we send you this one notice? Asked at the moment of use. Source: peers §2; reference wechat §1.4.

On the real platform the page holds the platform's own button (wx-open-subscribe), and what the diner answers comes as a push.
Against the simulator a plain form tells the simulated platform, which pushes the same event.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.responses import Responses
from domain.kernel.clock import Clock
from domain.kernel.errors import DomainError
from domain.members.service import openid_of
from domain.members.vault import Vault
from domain.messages.consent_links import read_consent_token
from domain.messages.errors import ConsentLinkExpiredError
from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, ORDER_PAID, ORDER_READY, QUEUE_CALL
from domain.storage import Database
from wechat_gateway.api.errors import WeChatApiError
from wechat_gateway.api.subscribe_tickets import SubscribeTickets, page_signature
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.templates import Template

TITLES: Final[Mapping[str, str]] = {
    ORDER_PAID: "付款成功通知",
    ORDER_READY: "取餐提醒",
    QUEUE_CALL: "叫号提醒",
    BOOKING_REMINDER: "预订提醒",
    INVOICE_ISSUED: "发票开好通知",
}
_TITLE = "消息提醒"


@dataclass(frozen=True, slots=True)
class Platform:
    """Whose page this is.

    Attributes:
        app_id: Of the account.
        public_url: HAOWEI_PUBLIC_URL.
        simulated_url: Of the simulated platform; "" for the real one.
    """

    app_id: str
    public_url: str
    simulated_url: str


class ConsentPage:
    """Asks for consents to notices."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        key: bytes,
        pages: Pages,
        responses: Responses,
        *,
        notices: Mapping[str, Template],
        tickets: SubscribeTickets,
        platform: Platform,
    ) -> None:
        """Args:
        key: Of domain.members.codes.signing_key.
        notices: Kind of a message -> the account's subscription notice for it.
        """
        self._database = database
        self._clock = clock
        self._vault = vault
        self._key = key
        self._pages = pages
        self._responses = responses
        self._notices = notices
        self._tickets = tickets
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        """Where the handler stands."""
        return [web.get("/p/consent/{token}", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """GET: the question; after the answer (`?done`) the thanks for it."""
        try:
            question = read_consent_token(self._key, request.match_info["token"], now=self._clock.now())
        except DomainError as refused:
            text = self._responses.render("refused_" + refused.code.replace(".", "_"), refused.details, seed="")
            status = 410 if isinstance(refused, ConsentLinkExpiredError) else 404
            return self._pages.render("notice.html", status=status, title=_TITLE, text=text)
        if "done" in request.query:
            return self._pages.render("notice.html", title="设置好了", text="可以回到聊天了。想改主意，随时在公众号设置里关掉。")
        kinds = [kind for kind in question.kinds if kind in self._notices]
        if not kinds:
            return self._pages.render("notice.html", title=_TITLE, text="现在没有需要您允许的提醒，回到聊天就好。")
        if self._platform.simulated_url:
            return await self._form(request, question.diner_id, kinds)
        return await self._button(request, kinds)

    async def _form(self, request: web.Request, diner_id: str, kinds: list[str]) -> web.Response:
        openid = await self._database.read(lambda session: openid_of(session, self._vault, diner_id))
        if openid is None:
            return self._pages.render("notice.html", status=404, title=_TITLE, text="没有这位食客了。")
        page = self._pages.render(
            "consent.html",
            titles=[TITLES[kind] for kind in kinds],
            templates=[self._notices[kind].id for kind in kinds],
            action=f"{self._platform.simulated_url}/simulated/subscribe",
            openid=openid,
            back=f"{self._platform.public_url}{request.path}?done=1",
            config=None,
            nonce="",
        )
        policy = page.headers["Content-Security-Policy"]
        page.headers["Content-Security-Policy"] = policy.replace("form-action", f"form-action {self._platform.simulated_url}")
        return page

    async def _button(self, request: web.Request, kinds: list[str]) -> web.Response:
        nonce, timestamp = secrets.token_urlsafe(16), int(self._clock.now().timestamp())
        try:
            ticket = await self._tickets.get()
        except WeChatApiError as error:
            structlog.get_logger("pages").warning("consent.no_ticket", code=error.errcode)
            return self._pages.render("notice.html", status=503, title="请稍候", text="系统正忙，请稍后再试一次。")
        url = f"{self._platform.public_url}{request.path_qs}"
        config = {
            "debug": False,
            "appId": self._platform.app_id,
            "timestamp": timestamp,
            "nonceStr": nonce,
            "signature": page_signature(ticket, nonce=nonce, timestamp=timestamp, url=url),
            "jsApiList": [],
            "openTagList": ["wx-open-subscribe"],
        }
        page = self._pages.render(
            "consent.html",
            titles=[TITLES[kind] for kind in kinds],
            templates=[self._notices[kind].id for kind in kinds],
            action="",
            openid="",
            back="",
            config=config,
            nonce=nonce,
        )
        allowed = f"; script-src 'nonce-{nonce}' https://res.wx.qq.com; connect-src https://*.qq.com; frame-src https://*.qq.com"
        page.headers["Content-Security-Policy"] += allowed
        return page
