"""The platform of one service account: its diners, its books, its API, and the line to its callback."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from domain.kernel.clock import Clock, SystemClock
from haowei.simulators.wechat import customer_messages, media, menus, qr_codes, subscription_notices, template_messages, tokens, users
from haowei.simulators.wechat.account import Account
from haowei.simulators.wechat.api import build_api
from haowei.simulators.wechat.chat import ChatItem
from haowei.simulators.wechat.customer_messages import CustomerMessages
from haowei.simulators.wechat.customer_service import CustomerService
from haowei.simulators.wechat.diners import Diner
from haowei.simulators.wechat.envelope import Mode
from haowei.simulators.wechat.faults import Faults
from haowei.simulators.wechat.line import ANSWER_WITHIN, Line, PlatformComplaint
from haowei.simulators.wechat.media import MediaStore
from haowei.simulators.wechat.menus import MenuBar
from haowei.simulators.wechat.qr_codes import QrCodes
from haowei.simulators.wechat.subscription_notices import SubscriptionNotices
from haowei.simulators.wechat.template_messages import TemplateMessages
from haowei.simulators.wechat.templates import Template
from haowei.simulators.wechat.tokens import TokenIssuer


class WeChatPlatform:
    """The other side of the wire. Time and quotas follow the clock; waiting for answers is real.

    Args:
        callback_url: http:// address of the account's callback.
        mode: How the account's owner has set the message mode.
        clock: The same as the account's, or pushes look stale.
        answer_within: Seconds that the callback has. Shorter in tests.
        retry_every: Seconds from one try to the next; `answer_within` by default.

    Attributes:
        account: Ids and keys.
        line: Mode, keys and time limits of the callback, changeable at any time.
        diners: Everybody, by openid.
        menu, codes, media: The account's books.
        staff: The account's customer service: who takes diners that are handed over.
        faults: Troubles of the API to switch on.
        calls: Calls of the API, counted by path.
        refusals: Calls that were refused, counted by error code.
        template_messages, notices: What the account sends by template, and what diners allow.
    """

    def __init__(
        self,
        account: Account,
        callback_url: str,
        *,
        mode: Mode = "safe",
        clock: Clock | None = None,
        answer_within: float = ANSWER_WITHIN,
        retry_every: float | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self.account = account
        self.diners: dict[str, Diner] = {}
        self.media = MediaStore(self._clock)
        self.menu = MenuBar()
        self.codes = QrCodes(self._clock)
        self.staff = CustomerService(account.original_id, self._clock)
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.refusals: Counter[int] = Counter()
        self.line = Line(account, callback_url, mode, self._clock, self.media)
        self.line.answer_within = answer_within
        self.line.retry_every = answer_within if retry_every is None else retry_every
        self._tokens = TokenIssuer(account, self._clock)
        self.template_messages = TemplateMessages(self.diners, self._clock)
        self.notices = SubscriptionNotices(self.diners)
        self._listeners: list[asyncio.Queue[tuple[str, ChatItem]]] = []

    @property
    def callback_url(self) -> str:
        """Where pushes go."""
        return self.line.callback_url

    @callback_url.setter
    def callback_url(self, url: str) -> None:
        self.line.callback_url = url

    @property
    def complaints(self) -> list[PlatformComplaint]:
        """The last thousand faults found in the callback's answers."""
        return list(self.line.complaints)

    def diner(self, openid: str | None = None, *, following: bool = False) -> Diner:
        """A diner by openid, or a new one.

        Args:
            following: Let a new one follow already, without a push.
        """
        openid = openid or f"o{secrets.token_urlsafe(20)[:27]}"
        if openid not in self.diners:
            diner = Diner(
                openid,
                line=self.line,
                media=self.media,
                menu=self.menu,
                codes=self.codes,
                staff=self.staff,
                clock=self._clock,
                publish=self._publish,
            )
            if following:
                diner.followed_at = self._clock.now()
            self.diners[openid] = diner
        return self.diners[openid]

    def add_template(self, title: str, content: str, template_id: str | None = None) -> Template:
        """Let the account send a template: lines of "取餐号:{{character_string1.DATA}}"."""
        template = Template.new(title, content, template_id)
        self.template_messages.templates[template.id] = template
        return template

    def add_notice(self, title: str, content: str, template_id: str | None = None) -> Template:
        """Let the account ask for and send a subscription notice; lines as for `add_template`."""
        template = Template.new(title, content, template_id)
        self.notices.templates[template.id] = template
        return template

    def expire_token(self) -> None:
        """Let every access token expire now (42001)."""
        self._tokens.expire()

    def subscribe(self) -> asyncio.Queue[tuple[str, ChatItem]]:
        """A queue that gets (openid, item) for everything that appears in any chat."""
        queue: asyncio.Queue[tuple[str, ChatItem]] = asyncio.Queue()
        self._listeners.append(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[tuple[str, ChatItem]]) -> None:
        """Give a queue back."""
        self._listeners.remove(queue)

    def api(self) -> web.Application:
        """The API that the account calls."""
        return build_api(
            [
                *tokens.endpoints(self._tokens),
                *customer_messages.endpoints(CustomerMessages(self.diners, self.media, self._clock)),
                *template_messages.endpoints(self.template_messages),
                *subscription_notices.endpoints(self.notices, lambda: urlsplit(self.callback_url).netloc),
                *qr_codes.endpoints(self.codes),
                *menus.endpoints(self.menu),
                *media.endpoints(self.media),
                *users.endpoints(self.diners),
            ],
            self._tokens,
            self.faults,
            self.calls,
            self.refusals,
        )

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve the API; gives its address, and closes everything in the end.

        Args:
            port: 0 for a free one.
        """
        runner = web.AppRunner(self.api(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            self.media.base_url = f"http://{host}:{runner.addresses[0][1]}"
            yield self.media.base_url
        finally:
            await self.close()
            await runner.cleanup()

    async def close(self) -> None:
        """Hang up and drop what is still to be pushed."""
        await self.template_messages.close()
        await self.notices.close()
        self.line.close()

    def _publish(self, openid: str, item: ChatItem) -> None:
        for queue in self._listeners:
            queue.put_nowait((openid, item))
