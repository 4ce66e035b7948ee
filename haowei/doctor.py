"""`haowei doctor`: looks at everything this installation needs, and says what to do about what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.shop.snapshot import ShopSnapshot, load_snapshot
from domain.storage import StorageUnavailableError
from domain.storage.upgrading import pending
from haowei.database import open_house
from haowei.settings import NEEDED_TO_ANSWER, Settings, SettingsError, load_settings
from printing.printers.connection import UnsupportedConnectionError
from printing.printers.opening import open_printer
from printing.printers.outcome import NotConnectedError
from wechat_gateway.api.errors import WeChatApiError
from wechat_gateway.api.transport import Transport, encode
from wechat_gateway.templates import KINDS

_OK, _WRONG, _NOTE = "ok   ", "WRONG", "note "


class _Report:
    def __init__(self) -> None:
        self.wrong = 0

    def say(self, mark: str, what: str, words: str) -> None:
        self.wrong += mark == _WRONG
        print(f"{mark} {what}: {words}")


async def examine() -> int:
    """Check one thing after the other. Returns the exit code: 1 when something is wrong, 2 when the settings are."""
    report, settings_work = _Report(), True
    try:
        settings = load_settings(NEEDED_TO_ANSWER)
        report.say(_OK, "settings", "complete")
    except SettingsError as error:
        settings_work = False
        for fault in error.faults:
            report.say(_WRONG, "settings", fault)
        try:
            settings = load_settings()
        except SettingsError:
            return 2
    checks: list[Callable[[Settings, _Report], Awaitable[None]]] = [_database, _redis, _wechat]
    for check in checks:
        await check(settings, report)
    _messages(settings, report)
    if not settings.payments:
        report.say(_NOTE, "payments", "no provider: bills cannot be paid from chat (HAOWEI_PAYMENTS)")
    return 2 if not settings_work else 1 if report.wrong else 0


async def _database(settings: Settings, report: _Report) -> None:
    try:
        steps = await asyncio.to_thread(pending, settings.database_url)
    except (StorageUnavailableError, OSError) as error:
        report.say(_WRONG, "database", f"cannot be used: {error}. Check HAOWEI_DATABASE_URL and that the server runs")
        return
    if steps:
        report.say(_WRONG, "database", "not of this version. Run: haowei db upgrade")
        return
    report.say(_OK, "database", "answers, and is of this version")
    database = open_house(settings.database_url)
    try:
        shop = await database.read(load_snapshot)
    finally:
        await database.close()
    if not shop.stores:
        report.say(_WRONG, "shop", "no store yet. Run: haowei shop import FILE")
        return
    report.say(_OK, "shop", f"{len(shop.stores)} stores, {len(shop.dishes)} dishes")
    await _printers(settings, shop, report)


async def _printers(settings: Settings, shop: ShopSnapshot, report: _Report) -> None:
    from haowei.runtime import PRINTS

    for store in shop.stores.values():
        for printer in store.printers:
            name = f"printer {store.id}/{printer.id}"
            try:
                link = await open_printer(printer.connection, prints_dir=PRINTS).connect()
                try:
                    refused = await link.preflight()
                finally:
                    await link.close()
            except UnsupportedConnectionError as error:
                report.say(_WRONG, name, str(error))
            except NotConnectedError as error:
                report.say(_NOTE, name, f"not reached from here ({error.reason}); fine when a print agent in the store reaches it")
            else:
                report.say(_WRONG if refused else _OK, name, f"{refused.reason}: look at the printer" if refused else "ready")


async def _redis(settings: Settings, report: _Report) -> None:
    if not settings.redis_url:
        report.say(_NOTE, "redis", "not used: one process needs none; several wake each other by polling")
        return
    redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        await redis.ping()
        report.say(_OK, "redis", "answers")
    except (RedisError, OSError, TimeoutError) as error:
        report.say(_WRONG, "redis", f"{type(error).__name__}. Check HAOWEI_REDIS_URL; the service goes on without it, slower")
    finally:
        await redis.aclose()


def _messages(settings: Settings, report: _Report) -> None:
    """Which messages can leave outside a chat window. A wrong setting is said under settings."""
    for kind in KINDS:
        forms = [name for name, has in (("template", kind in settings.templates), ("subscription notice", kind in settings.notices)) if has]
        if forms:
            report.say(_OK, f"message {kind}", f"leaves by {' and '.join(forms)} when the chat window is closed")


async def _wechat(settings: Settings, report: _Report) -> None:
    if not (settings.wechat_app_id and settings.wechat_app_secret.get_secret_value()):
        return  # said under settings
    # Not the token that the service keeps: that one is good for hours after a wrong secret was typed in. Asking changes nothing.
    body = {
        "grant_type": "client_credential",
        "appid": settings.wechat_app_id,
        "secret": settings.wechat_app_secret.get_secret_value(),
        "force_refresh": False,
    }
    async with aiohttp.ClientSession() as session:
        try:
            await Transport(session, settings.wechat_api_url).post("/cgi-bin/stable_token", encode(body))
            report.say(_OK, "wechat", "app id and secret are accepted")
        except WeChatApiError as error:
            report.say(_WRONG, "wechat", f"{error}. Check app id, secret and the IP whitelist of the account")
