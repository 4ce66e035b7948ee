"""`haowei demo`: the real program on SQLite, with a simulated WeChat and simulated printers, on 127.0.0.1 only.

Keys are random and kept under var/demo, so that a second start finds the same account, diners' words and orders.
"""

import asyncio
import json
import secrets
import shutil
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from domain.kernel.clock import SystemClock
from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, ORDER_READY, QUEUE_CALL
from domain.shop.document import ShopDocument
from domain.shop.pictures import copy_pictures
from domain.shop.reading import read_shop, read_shop_file
from domain.shop.snapshot import snapshot_of
from domain.storage import Database
from domain.storage.upgrading import upgrade
from haowei.database import open_house
from haowei.demo.server import make_demo_app, serving_demo
from haowei.logs import set_up_logs
from haowei.runtime import ALL_PARTS, Runtime, stop_on_signal, wechat_client
from haowei.settings import Payments, Settings, SettingsError, load_settings
from haowei.shop_files import bring_in
from haowei.simulators.printers import PrinterSimulator
from haowei.simulators.wechat import Account, WeChatPlatform
from haowei.understanding import engine_of
from wechat_gateway.api.menus import create_menu
from wechat_gateway.menus import account_menu
from wechat_gateway.pages.consent import TITLES

_FOLDER = Path("var/demo")
_SHOP = Path(__file__).parent / "shop.yaml"
_HERE = "127.0.0.1"
_PORT = 8080
_DINERS = 3
_PAID_TEMPLATE = ("付款成功通知", "单号:{{character_string1.DATA}}\n门店:{{thing2.DATA}}\n金额:{{amount3.DATA}}\n时间:{{time4.DATA}}")
_NOTICES = {
    QUEUE_CALL: "号码:{{character_string1.DATA}}\n门店:{{thing2.DATA}}\n桌号:{{thing3.DATA}}\n备注:{{thing4.DATA}}",
    BOOKING_REMINDER: "门店:{{thing1.DATA}}\n时间:{{time2.DATA}}\n人数:{{number3.DATA}}\n备注:{{thing4.DATA}}",
    ORDER_READY: "单号:{{character_string1.DATA}}\n门店:{{thing2.DATA}}\n备注:{{thing3.DATA}}",
    INVOICE_ISSUED: "单号:{{character_string1.DATA}}\n金额:{{amount2.DATA}}\n时间:{{time3.DATA}}",
}
"""What diners are asked to allow in chat, as the account's console would list it."""


async def run_demo(*, port: int, fresh: bool) -> int:
    """Start everything, print one URL, and run until Ctrl-C.

    Args:
        port: Of the demo page; 0 takes 8080, or a free one when that is taken.
        fresh: Forget earlier demos first.

    Raises:
        SettingsError: The environment names a real account, or the port is taken.
    """
    _refuse_real_account()
    page_port = _free_port(port or _PORT)
    if port not in {0, page_port}:
        raise SettingsError([f"--port {port}: someone else listens there; leave it out for a free one"])
    _make_folder(fresh=fresh)
    set_up_logs()
    stop = stop_on_signal()
    async with AsyncExitStack() as stack:
        account, openids = _account(_FOLDER / "account.json")
        platform = WeChatPlatform(account, "")
        for openid in openids:
            platform.diner(openid)
        api_url = await stack.enter_async_context(platform.serving())
        template = platform.add_template(*_PAID_TEMPLATE, template_id="demo-order-paid")
        notices = {kind: platform.add_notice(TITLES[kind], lines, f"demo-{kind}").id for kind, lines in _NOTICES.items()}
        settings = _settings(account, api_url, template.id, notices)
        await asyncio.to_thread(upgrade, settings.database_url)
        database = open_house(settings.database_url)
        stack.push_async_callback(database.close)
        document, printers = await _open_shop(settings, database, stack)
        engine = await stack.enter_async_context(engine_of(settings))
        ancestors = f"http://{_HERE}:{page_port} http://localhost:{page_port}"
        runtime = Runtime(settings, database, SystemClock(), engine, frame_ancestors=ancestors)
        started = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(runtime.run(ALL_PARTS, stop, ready=started.set))
            await asyncio.wait({running, tasks.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
            platform.callback_url = f"{settings.public_url}/wechat/callback"
            async with wechat_client(settings, database, SystemClock()) as client:
                await create_menu(client, account_menu())
            page = make_demo_app(platform, printers, snapshot_of(document), gateway_url=settings.public_url)
            async with serving_demo(page, port=page_port) as url:
                print(f"\n  好味 demo: {url}\n  Ctrl-C stops it.\n", flush=True)
                await stop.wait()
    return 0


async def _open_shop(
    settings: Settings, database: Database, stack: AsyncExitStack
) -> tuple[ShopDocument, dict[str, list[PrinterSimulator]]]:
    """Load the demo shop (or HAOWEI_SHOP) with every printer replaced by a simulated one, and import it."""
    file = settings.shop or _SHOP
    pictures = _FOLDER / "drawn" if settings.shop is None else file.parent
    if settings.shop is None:
        from haowei.demo.pictures import draw_pictures  # late: the picture library would slow down every start

        await asyncio.to_thread(draw_pictures, pictures, read_shop(await asyncio.to_thread(file.read_bytes)).document)
    shop = await asyncio.to_thread(read_shop_file, file, pictures_in=pictures)
    printers: dict[str, list[PrinterSimulator]] = {}
    stores = []
    for store in shop.document.stores:
        simulators = [PrinterSimulator(record.id, 80 if record.width >= 42 else 58) for record in store.printers]
        for simulator in simulators:
            await simulator.start(_HERE)
            stack.push_async_callback(simulator.stop)
        printers[store.id] = simulators
        records = tuple(
            record.model_copy(update={"connection": f"tcp://{_HERE}:{simulator.port}"})
            for record, simulator in zip(store.printers, simulators, strict=True)
        )
        stores.append(store.model_copy(update={"printers": records}))
    document = shop.document.model_copy(update={"stores": tuple(stores)})
    copy_pictures(shop.pictures, settings.pictures)
    await bring_in(database, document, imported_by="demo", now=SystemClock().now())
    return document, printers


def _make_folder(*, fresh: bool) -> None:
    if fresh:
        shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True, exist_ok=True)


def _refuse_real_account() -> None:
    given = load_settings()
    if given.wechat_app_id or given.wechat_app_secret.get_secret_value():
        raise SettingsError(
            ["HAOWEI_WECHAT_APP_ID: the demo refuses to run with a real account's settings; remove them, or use: haowei serve"]
        )


def _settings(account: Account, api_url: str, paid_template: str, notices: Mapping[str, str]) -> Settings:
    port = _free_port(0)
    subscribed: dict[str, Any] = {f"wechat_subscribe_{kind}": notice for kind, notice in notices.items()}
    return load_settings(
        database_url=f"sqlite:///{_FOLDER / 'haowei.db'}",
        redis_url="",
        host=_HERE,
        port=port,
        public_url=f"http://{_HERE}:{port}",
        secret_key=account.app_secret * 2,
        metrics_listen="",
        clock_file=None,
        pictures=_FOLDER / "pictures",
        wechat_app_id=account.app_id,
        wechat_app_secret=account.app_secret,
        wechat_token=account.token,
        wechat_aes_key=account.aes_key,
        wechat_aes_key_previous="",
        wechat_mode="safe",
        wechat_api_url=api_url,
        wechat_template_order_paid=paid_template,
        payments=Payments.SIMULATED,
        **subscribed,
    )


def _account(file: Path) -> tuple[Account, list[str]]:
    """The account and its first diners, the same at each start: who opened a table yesterday opens it today."""
    if not file.exists():
        made = {name: value for name, value in asdict(Account.random()).items() if value}
        made["openids"] = [f"o{secrets.token_urlsafe(20)[:27]}" for _ in range(_DINERS)]
        file.touch(mode=0o600)
        file.write_text(json.dumps(made), encoding="utf-8")
    kept = json.loads(file.read_text(encoding="utf-8"))
    openids = kept.pop("openids")
    return Account(**kept), openids


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HERE, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
