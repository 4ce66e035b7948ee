"""One process: what is opened, started, stopped and closed, and in which order.

Start: database → wake-up → bot → web → worker → print agent. Stop the other way round: readiness falls first, requests
under way are answered, deliveries in hand are finished, tickets under way are reported, then the database closes.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from enum import Flag, auto
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.skills import (
    bookings,
    coupons,
    experiences,
    invoices,
    members,
    menu,
    orders,
    payments,
    points,
    service_calls,
    smalltalk,
    staff,
    stores,
    tables,
    waitlist,
    waitlist_distances,
    waitlist_replies,
)
from bot.turn import Bot
from bot.understanding.engine import Engine
from bot.understanding.interpretation import Interpreter
from console.api.serving import PREFIX, Api
from console.print_agents import PrintAgents
from console.served import ENDPOINTS, REFUSALS, VERSION
from domain.kernel.clock import Clock
from domain.kernel.ids import new_id
from domain.members.codes import signing_key
from domain.members.vault import Vault
from domain.messages.asking import Asking
from domain.messages.facts import Channels
from domain.messaging.housekeeping import schedule_housekeeping
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database, DeadlineExceededError, StorageUnavailableError
from domain.waitlist.presence import door_key
from haowei.database import open_house
from haowei.handlers import handlers
from haowei.health import DELIVERIES, Health
from haowei.routing import MESSAGES, PRINTING, REACTIONS, REFUNDS, TURNS
from haowei.settings import Payments, Settings, SettingsError, clock_of
from haowei.understanding import engine_of, load_responses
from printing.agent.http import HttpJobSource
from printing.agent.inside import DatabaseJobSource
from printing.agent.loop import PrintAgent
from printing.jobs.desk import PrintDesk
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.subscribe_tickets import SubscribeTickets
from wechat_gateway.api.tokens import AccessTokens
from wechat_gateway.api.transport import Transport
from wechat_gateway.callback import Callback
from wechat_gateway.crypto import MAX_BODY_BYTES, MessageCrypto
from wechat_gateway.message_events import MessageEvents
from wechat_gateway.messages import MessageSender
from wechat_gateway.pages.consent import ConsentPage, Platform
from wechat_gateway.pages.dishes import DishPages
from wechat_gateway.pages.member_codes import MemberCodePages
from wechat_gateway.pages.pay import PayPage
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.pages.screens import ScreenPage
from wechat_gateway.pages.stores import StorePage
from wechat_gateway.pay.provider import RefundProvider
from wechat_gateway.pay.refunds import RefundSender
from wechat_gateway.pay.simulated import SIMULATED, SimulatedRefunds
from wechat_gateway.pictures import Pictures

if TYPE_CHECKING:
    from haowei.redis_wakeup import RedisWakeup

SKILLS = (
    orders.SKILL,
    menu.SKILL,
    tables.SKILL,
    bookings.SKILL,
    waitlist.SKILL,
    waitlist_distances.SKILL,
    waitlist_replies.SKILL,
    experiences.SKILL,
    service_calls.SKILL,
    payments.SKILL,
    coupons.SKILL,
    invoices.SKILL,
    members.SKILL,
    points.SKILL,
    stores.SKILL,
    staff.SKILL,
    smalltalk.SKILL,
)
PRINTS = Path("var/prints")
_SHUTDOWN_S = 10.0
_SHORT_LEASE = timedelta(seconds=10)  # an answer or a ticket that was interrupted is not waited for a minute


class Parts(Flag):
    """What runs in a process."""

    WEB = auto()
    WORKER = auto()
    AGENT = auto()


ALL_PARTS = Parts.WEB | Parts.WORKER | Parts.AGENT


@asynccontextmanager
async def wechat_client(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[WeChatClient]:
    """A client of the account's API with its HTTP session."""
    async with aiohttp.ClientSession() as session:
        transport = Transport(session, settings.wechat_api_url)
        tokens = AccessTokens(
            database, transport, clock, app_id=settings.wechat_app_id, app_secret=settings.wechat_app_secret.get_secret_value()
        )
        yield WeChatClient(transport, tokens)


class Runtime:
    """The parts of one process around one database."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, engine: Engine, *, frame_ancestors: str = "'none'") -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._wakeup = Wakeup()
        self._snapshots = SnapshotCache()
        self._responses = load_responses(settings.nlu_overlay)
        self._vault = Vault(settings.secret_key.get_secret_value().encode())
        self._pages = Pages(frame_ancestors)
        interpreter = Interpreter(engine, self._responses.intent_titles())
        key = signing_key(settings.secret_key.get_secret_value().encode())
        self._codes = MemberCodePages(key, clock, self._pages)
        self._dishes = DishPages(database, self._snapshots, self._pages, settings.pictures)
        self._pictures: Pictures | None = None
        self._tickets: SubscribeTickets | None = None
        self._signing_key = key
        channels = Channels(frozenset(settings.templates), frozenset(settings.notices), settings.wechat_templates_a_day)
        self._asking = Asking(key, channels)
        self._bot = Bot(
            database,
            clock,
            self._vault,
            self._snapshots,
            self._responses,
            SKILLS,
            interpreter,
            member_code_key=key,
            asking=self._asking,
        )
        self._desk = PrintDesk(database, self._snapshots, clock, self._wakeup)
        self._redis = _redis_wakeup(settings.redis_url, self._wakeup)
        self._health = Health(database, clock, self._redis.ping if self._redis else None)
        self.port = 0
        database.on_commit(self._redis.wake if self._redis else self._wakeup.wake)

    async def run(self, parts: Parts, stop: asyncio.Event, *, ready: Callable[[], None] = lambda: None) -> None:
        """Run the parts until told to stop.

        Args:
            ready: Called once, when everything has been started.
        """
        log = structlog.get_logger("runtime")
        stop_background = asyncio.Event()
        await self._database.read(self._snapshots.get)
        async with AsyncExitStack() as stack:
            if self._redis is not None:
                stack.push_async_callback(self._redis.close)
            client: WeChatClient | None = None
            if parts & (Parts.WEB | Parts.WORKER):
                client = await stack.enter_async_context(wechat_client(self._settings, self._database, self._clock))
                self._pictures = Pictures(client, self._clock, (self._codes, self._dishes))
                stack.push_async_callback(self._pictures.close)
                self._tickets = SubscribeTickets(client, self._clock)
            sites = await stack.enter_async_context(self._web(parts))
            async with asyncio.TaskGroup() as background:
                if self._redis is not None:
                    background.create_task(self._redis.listen(stop_background), name="redis")
                if Parts.WORKER in parts:
                    assert client is not None
                    await self._database.transaction(schedule_housekeeping, now=self._clock.now())
                    background.create_task(self._worker(client).run(stop_background), name="worker")
                if Parts.AGENT in parts:
                    background.create_task(self._agent().run(stop_background), name="print-agent")
                log.info("started", parts=str(parts), port=self.port)
                ready()
                await stop.wait()
                log.info("stopping")
                self._health.stopping = True
                self._desk.close()
                await asyncio.gather(*(runner.cleanup() for runner in sites))
                stop_background.set()
        log.info("stopped")

    @asynccontextmanager
    async def _web(self, parts: Parts) -> AsyncIterator[Sequence[web.AppRunner]]:
        runners = []
        if Parts.WEB in parts:
            runner = web.AppRunner(self._web_app(), access_log=None, shutdown_timeout=_SHUTDOWN_S, handle_signals=False)
            await runner.setup()
            await _listen(runner, self._settings.host, self._settings.port, "PORT")
            self.port = runner.addresses[0][1]
            runners.append(runner)
        if self._settings.metrics_listen:
            host, _, port = self._settings.metrics_listen.rpartition(":")
            app = web.Application()
            app.add_routes([*self._health.metrics_routes(), *self._health.routes()])
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await _listen(runner, host, int(port), "METRICS_LISTEN")
            runners.append(runner)
        yield runners

    def _web_app(self) -> web.Application:
        settings = self._settings
        token, app_id = settings.wechat_token.get_secret_value(), settings.wechat_app_id
        callback = Callback(
            self._bot,
            self._responses,
            MessageCrypto(token, app_id, settings.aes_keys),
            self._clock,
            token=token,
            mode=settings.wechat_mode,
            max_skew=settings.wechat_max_skew,
            public_url=settings.public_url,
            pictures=self._pictures,
            message_events=MessageEvents(self._database, self._clock, self._vault, notices=settings.notices),
        )
        pages = [*self._dishes.routes(), *self._codes.routes()]
        pages += StorePage(self._database, self._snapshots, self._clock, self._pages).routes()
        pages += ScreenPage(self._database, self._snapshots, self._clock, self._pages, door_key(self._signing_key)).routes()
        assert self._tickets is not None
        pages += ConsentPage(
            self._database,
            self._clock,
            self._vault,
            self._signing_key,
            self._pages,
            self._responses,
            notices=settings.notices,
            tickets=self._tickets,
            platform=Platform(app_id, settings.public_url, "" if settings.is_real_platform else settings.wechat_api_url),
        ).routes()
        if settings.payments is Payments.SIMULATED:
            pages += PayPage(self._database, self._snapshots, self._clock, self._pages, self._responses).routes()
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.add_routes(callback.routes())
        app.add_routes(web.RouteDef(page.method, page.path, self._come_again(page.handler), page.kwargs) for page in pages)
        app.add_routes(PrintAgents(self._database, self._desk).routes())
        app.add_routes(self._health.routes())
        app.add_subapp(PREFIX, Api(self._database, self._snapshots, self._clock, ENDPOINTS, REFUSALS, VERSION).app())
        return app

    def _come_again(self, handler: Handler) -> Handler:
        """What a page says while the database is gone. No middleware: the callback answers for itself, and need not pass one each time."""

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except (StorageUnavailableError, DeadlineExceededError):
                return self._pages.render("notice.html", status=503, title="请稍候", text="系统正忙，请稍后再试一次。")

        return answer

    def _worker(self, client: WeChatClient) -> Worker:
        sender = MessageSender(
            self._database,
            self._clock,
            self._vault,
            client,
            templates=self._settings.templates,
            notices=self._settings.notices,
            templates_a_day=self._settings.wechat_templates_a_day,
            public_url=self._settings.public_url,
            snapshots=self._snapshots,
            pictures=self._pictures,
        )
        return Worker(
            self._database,
            self._clock,
            self._wakeup,
            handlers=handlers(self._snapshots, self._responses, self._asking),
            effects={TURNS: self._bot.run_late, MESSAGES: sender, REFUNDS: self._refunds()},
            leases=dict.fromkeys((TURNS, REACTIONS, PRINTING), _SHORT_LEASE),
            on_outcome=lambda consumer, outcome: DELIVERIES.labels(consumer, outcome).inc(),
        )

    def _refunds(self) -> RefundSender:
        providers: dict[str, RefundProvider] = {}
        if self._settings.payments is Payments.SIMULATED:
            providers[SIMULATED] = SimulatedRefunds()
        return RefundSender(self._database, self._clock, providers)

    def _agent(self) -> PrintAgent:
        source = DatabaseJobSource(self._desk, lambda: self._snapshots.known_store_ids, owner=new_id(self._clock.now()))
        return PrintAgent(source, prints_dir=PRINTS)


def _redis_wakeup(url: str, wakeup: Wakeup) -> "RedisWakeup | None":
    if not url:
        return None
    from haowei.redis_wakeup import RedisWakeup  # late: one process needs none, and the library would slow down every start

    return RedisWakeup(url, wakeup)


async def _listen(runner: web.AppRunner, host: str, port: int, setting: str) -> None:
    """Raises: SettingsError: Someone else listens there, or the address is not this machine's."""
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
    except OSError as error:
        raise SettingsError([f"HAOWEI_{setting}: {error.strerror or error}; choose another"]) from error


async def run_process(settings: Settings, parts: Parts) -> None:
    """What `haowei serve`, `web` and `worker` do: run until SIGTERM or Ctrl-C."""
    database = open_house(settings.database_url)
    try:
        async with engine_of(settings) as engine:
            await Runtime(settings, database, clock_of(settings), engine).run(parts, stop_on_signal())
    finally:
        await database.close()


async def run_print_agent(settings: Settings) -> None:
    """What `haowei print-agent` does in a store: fetch tickets over HTTPS and print them."""
    owner = new_id(clock_of(settings).now())
    async with HttpJobSource(settings.server_url, settings.store_token.get_secret_value(), owner=owner) as source:
        await PrintAgent(source, prints_dir=PRINTS).run(stop_on_signal())


def stop_on_signal() -> asyncio.Event:
    """An event that SIGTERM or Ctrl-C sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
