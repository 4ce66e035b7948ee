"""A month against the platform's quotas with workers killed at random: nothing forbidden, nothing twice, nothing lost unseen."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.understanding.embedded import EmbeddedEngine
from domain.messages.events import MessageRequested, TemplateReportHeld
from domain.shop.reading import read_shop
from domain.storage import Database
from haowei.routing import ROUTES
from haowei.runtime import Parts, Runtime, wechat_client
from haowei.settings import Payments, Settings, load_settings
from haowei.shop_files import bring_in
from haowei.simulators.wechat import Account, WeChatPlatform
from tests.clock import SettableClock
from tests.wechat_gateway.month import NOTICES, Month, faults_of
from wechat_gateway.templates import KINDS

_HEARD = {MessageRequested.name, TemplateReportHeld.name}
_SHOP = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return {name: heard if name in _HEARD else () for name, heard in ROUTES.items()}


@pytest.fixture
def templates_a_day(request: pytest.FixtureRequest) -> int:
    """So few that some days are full."""
    return 20 if request.node.get_closest_marker("soak") else 1


@pytest.fixture
async def platform(clock: SettableClock, templates_a_day: int) -> AsyncIterator[WeChatPlatform]:
    platform = WeChatPlatform(Account.random(), "", clock=clock, answer_within=5, retry_every=0.05)
    platform.template_messages.a_day = templates_a_day
    for kind, fields in KINDS.items():
        lines = "\n".join(f"{name}:{{{{{field}.DATA}}}}" for name, field in fields.items())
        platform.add_template(kind, lines, f"template_{kind}")
        if kind in NOTICES:
            platform.add_notice(kind, lines, f"notice_{kind}")
    yield platform
    await platform.close()


@pytest.fixture
async def settings(platform: WeChatPlatform, templates_a_day: int) -> AsyncIterator[Settings]:
    account = platform.account
    async with platform.serving() as api_url:
        yield load_settings(
            host="127.0.0.1",
            port=0,
            public_url="https://example.com",
            secret_key="s" * 32,
            metrics_listen="",
            wechat_app_id=account.app_id,
            wechat_app_secret=account.app_secret,
            wechat_token=account.token,
            wechat_aes_key=account.aes_key,
            wechat_api_url=api_url,
            wechat_templates_a_day=templates_a_day,
            payments=Payments.SIMULATED,
            **{f"wechat_template_{kind}": f"template_{kind}" for kind in KINDS},
            **{f"wechat_subscribe_{kind}": f"notice_{kind}" for kind in NOTICES},
        )


@pytest.fixture
async def serving(
    database: Database, clock: SettableClock, platform: WeChatPlatform, settings: Settings, engine: EmbeddedEngine
) -> AsyncIterator[None]:
    """The callback runs, and takes in what the platform pushes."""
    await bring_in(database, read_shop(_SHOP.read_bytes()).document, imported_by="test", now=clock.now())
    runtime = Runtime(settings, database, clock, engine)
    stop, started = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(runtime.run(Parts.WEB, stop, ready=started.set))
    await started.wait()
    platform.callback_url = f"http://127.0.0.1:{runtime.port}/wechat/callback"
    yield
    stop.set()
    await running


async def live(
    database: Database,
    clock: SettableClock,
    platform: WeChatPlatform,
    settings: Settings,
    *,
    diners: int,
    seed: int,
    busy: float,
    danger: float,
    reasons_told: set[str],
) -> None:
    async with wechat_client(settings, database, clock) as client:
        month = Month(database, clock, platform, client, settings, seed=seed, busy=busy, danger=danger)
        await month.passes(diners, days=30)
    records = await month.records()
    states = Counter(record.state for record in records.values())
    reasons = Counter(f"{record.state}: {record.reason}" for record in records.values() if record.reason)
    came = {arrival.mark for arrival in month.arrivals()}
    lost = [mark for mark, record in records.items() if record.state == "unknown" and mark not in came]
    channels = Counter(record.channel for record in records.values() if record.state == "sent")
    fate = month.fate
    print(f"{len(records)} messages {dict(states)}, by {dict(channels)}")
    print(f"{fate.kills} kills with {fate.interrupted} messages in hand, {len(lost)} lost")
    print(dict(reasons))

    faults = faults_of(month, records)
    assert faults == [], "\n".join(faults)
    assert states["unknown"] <= fate.interrupted
    assert fate.kills > 3, "nobody was killed: the month proves little"
    assert set(channels) == {"customer", "notice", "template"}
    told = {reason for record in records.values() if record.state == "suppressed" for reason in (record.reason or "").split("+")}
    assert told >= reasons_told


async def test_a_month_of_diners(
    database: Database, clock: SettableClock, platform: WeChatPlatform, settings: Settings, serving: None
) -> None:
    told = {"no_window", "no_consent", "cap_day", "quiet_hours"}
    await live(database, clock, platform, settings, diners=3, seed=5, busy=0.5, danger=0.02, reasons_told=told)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("HAOWEI_SOAK_MONTHS", "1"))))
async def test_a_month_of_many_diners(
    database: Database, clock: SettableClock, platform: WeChatPlatform, settings: Settings, serving: None, seed: int
) -> None:
    told = {"no_window", "no_consent", "templates_refused", "cap_day", "cap_week", "quiet_hours", "not_following", "day_full"}
    await live(database, clock, platform, settings, diners=40, seed=100 + seed, busy=1, danger=0.004, reasons_told=told)
