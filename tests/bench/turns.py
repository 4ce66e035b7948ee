"""CPU of one chat turn in safe mode on SQLite (synchronous=FULL), beside the bare echo of Flask and wechatpy.

The real `haowei web` answers real pushes of many diners and commits each turn; the echo answers the same pushes with
their own words. Both are hit by the same load in turn, so that a busy machine slows both.
"""

import itertools
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.kernel.clock import SystemClock
from domain.members.models import Membership
from domain.orders.rules import MOST_OF_ONE_DISH
from domain.points.service import earn_points
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.storage import Database, open_database
from domain.storage.migrating import upgrade
from haowei.routing import ROUTES
from haowei.shop_files import bring_in
from haowei.simulators.wechat import Account, WeChatPlatform
from haowei.simulators.wechat.codec import Fields
from tests.bench.crowd import Crowd, Sealed
from tests.bench.programs import Program, Shot, fire, flask_echo, haowei
from tests.bench.report import FOLDER, Report, Table, median, percentile

_SHOP = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"
_DINERS_AT_A_TABLE = 4
_POINTS = 88
_CONNECTIONS = (1, 16)
_WARM_UP = 200
_SAMPLE = 20  # every so manyth answer is opened and read


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is measured. `aim` is how much of Flask's CPU its turn may cost; `answer` stands in every reply."""

    name: str
    push: Fields
    aim: float
    answer: str


MESSAGES = (
    Message("我的菜单 (menu click)", {"MsgType": "event", "Event": "CLICK", "EventKey": "menu.view_menu"}, 1.0, "下一页"),
    Message("我的积分", {"MsgType": "text", "Content": "我的积分"}, 1.0, f"您有{_POINTS}积分"),
    Message("一份红烧肉 (order line)", {"MsgType": "text", "Content": "一份红烧肉"}, 1.5, "秘制红烧肉"),
)


@dataclass(frozen=True, slots=True)
class _Cell:
    """All shots of one message at one concurrency: Haowei's, Flask's, and Haowei's on kept connections."""

    message: Message
    connections: int
    ours: tuple[Shot, ...]
    flask: tuple[Shot, ...]
    kept: tuple[Shot, ...]

    @property
    def ratios(self) -> list[float]:
        return [ours.cpu_us / flask.cpu_us for ours, flask in zip(self.ours, self.flask, strict=True)]


async def run(*, requests: int, repetitions: int) -> Report:
    """Measure.

    Args:
        requests: In each shot.
        repetitions: Shots of each program for each message and concurrency, in turn.

    Raises:
        RuntimeError: An answer is not what a diner should get; figures of wrong answers mean nothing.
    """
    folder = FOLDER / "turns"
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    platform = WeChatPlatform(Account.random(), "")
    async with platform.serving() as api_url:
        database_file = (folder / "haowei.db").resolve()
        environment = _environment(platform.account, api_url, database_file)
        database = open_database(environment["HAOWEI_DATABASE_URL"], routes=ROUTES)
        shop = await _open_shop(database)
        with ExitStack() as stack:
            ours = stack.enter_context(haowei(environment, folder))
            flask = stack.enter_context(flask_echo(environment, folder))
            platform.callback_url = f"http://127.0.0.1:{ours.port}/wechat/callback"
            scenes = _scenes(shop)
            crowd = Crowd(platform, _DINERS_AT_A_TABLE * len(scenes))
            if 2 * len(_CONNECTIONS) * requests * (repetitions + 1) > MOST_OF_ONE_DISH * len(crowd.openids):
                raise ValueError("so many order lines no kitchen takes: fewer requests or repetitions, please")
            await crowd.sits_down(scenes)
            await database.transaction(_credit)
            await database.close()
            cells = [
                _measure(crowd, ours, flask, message, connections, requests, repetitions)
                for message in MESSAGES
                for connections in _CONNECTIONS
            ]
    _check_records(database_file, cells)
    return Report((_cpu_table(cells), _time_table(cells)), {"requests": requests, "cells": [_figures(cell) for cell in cells]})


def _environment(account: Account, api_url: str, database: Path) -> dict[str, str]:
    return {
        "HAOWEI_DATABASE_URL": f"sqlite:///{database}",
        "HAOWEI_PUBLIC_URL": "https://example.com",
        "HAOWEI_SECRET_KEY": account.app_secret * 2,
        "HAOWEI_PAYMENTS": "simulated",
        "HAOWEI_WECHAT_APP_ID": account.app_id,
        "HAOWEI_WECHAT_APP_SECRET": account.app_secret,
        "HAOWEI_WECHAT_TOKEN": account.token,
        "HAOWEI_WECHAT_AES_KEY": account.aes_key,
        "HAOWEI_WECHAT_MODE": "safe",
        "HAOWEI_WECHAT_API_URL": api_url,
    }


async def _open_shop(database: Database) -> ShopSnapshot:
    upgrade(database.url)
    document = read_shop(_SHOP.read_bytes()).document
    await bring_in(database, document, imported_by="bench", now=SystemClock().now())
    return snapshot_of(document)


def _scenes(shop: ShopSnapshot) -> list[str]:
    """The codes of all tables of the stores that are open now."""
    now = SystemClock().now()
    return [f"t.{store.id}.{code}" for store in shop.stores.values() if store.is_open(now) for code in store.tables]


def _credit(session: Session) -> None:
    """Everybody has eaten here before."""
    now = SystemClock().now()
    for diner_id in session.execute(select(Membership.diner_id)).scalars().all():
        earn_points(session, diner_id, _POINTS, order_id=diner_id, business_day=date(2026, 11, 1), life_days=365, now=now)


def _measure(crowd: Crowd, ours: Program, flask: Program, message: Message, connections: int, requests: int, repetitions: int) -> _Cell:
    def shoot(program: Program, count: int, *, keep_alive: bool = False) -> Shot:
        sealed = crowd.pushes(message.push, count, keep_alive=keep_alive)
        shot = fire(program, [push.request for push in sealed], connections=connections, keep_alive=keep_alive)
        _check_answers(crowd, sealed, shot, message.answer if program is ours else "")
        return shot

    shoot(ours, _WARM_UP)
    shoot(flask, _WARM_UP)
    rounds = [(shoot(ours, requests), shoot(flask, requests), shoot(ours, requests, keep_alive=True)) for _ in range(repetitions)]
    return _Cell(message, connections, *zip(*rounds, strict=True))


def _check_answers(crowd: Crowd, sealed: list[Sealed], shot: Shot, answer: str) -> None:
    for push, body in itertools.islice(zip(sealed, shot.bodies, strict=True), 0, None, _SAMPLE):
        words = crowd.open(push, body)
        if answer not in words:
            raise RuntimeError(f"expected {answer!r} in {words!r}")


def _check_records(database: Path, cells: list[_Cell]) -> None:
    """Every order line that was answered is in a cart, once."""
    orders = [cell for cell in cells if "红烧肉" in cell.message.name]
    expected = sum(_WARM_UP + sum(len(shot.bodies) for shot in (*cell.ours, *cell.kept)) for cell in orders)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        (tenths,) = connection.execute("SELECT SUM(quantity) FROM order_line").fetchone()
    connection.close()
    if tenths != expected * 10:
        raise RuntimeError(f"{expected} portions were answered, {tenths / 10} are in the carts")


def _cpu_table(cells: list[_Cell]) -> Table:
    rows = tuple(
        (
            cell.message.name,
            str(cell.connections),
            f"{median([shot.cpu_us for shot in cell.ours]):.0f}",
            f"{median([shot.cpu_us for shot in cell.flask]):.0f}",
            f"**{median(cell.ratios):.2f}**",
            f"{min(cell.ratios):.2f}–{max(cell.ratios):.2f}",
            f"≤{cell.message.aim:.1f}",
            f"{median([shot.cpu_us for shot in cell.kept]):.0f}",
        )
        for cell in cells
    )
    return Table(
        "CPU of one chat turn beside a bare Flask echo",
        ("message", "at once", "Haowei µs", "Flask echo µs", "ratio", "spread", "aim", "Haowei µs, kept connections"),
        rows,
        "CPU microseconds of the server process a request, median of alternating shots: `haowei web` on SQLite"
        " (synchronous=FULL), safe mode, members at tables, each turn committed; Flask 3 and wechatpy under gunicorn"
        " (one synchronous worker) echoing the same pushes. A new connection for each request on both sides;"
        " the last column keeps connections.",
    )


def _time_table(cells: list[_Cell]) -> Table:
    def milliseconds(shots: tuple[Shot, ...], share: float) -> str:
        return f"{percentile([second for shot in shots for second in shot.seconds], share) * 1e3:.1f}"

    rows = tuple(
        (
            cell.message.name,
            str(cell.connections),
            *(milliseconds(shots, share) for shots in (cell.ours, cell.flask) for share in (0.5, 0.99)),
        )
        for cell in cells
    )
    return Table("Milliseconds to the answer", ("message", "at once", "Haowei p50", "Haowei p99", "Flask echo p50", "Flask echo p99"), rows)


def _figures(cell: _Cell) -> dict[str, Any]:
    programs = {"haowei": cell.ours, "flask": cell.flask, "haowei_kept": cell.kept}
    cpu = {f"{name}_cpu_us": [round(shot.cpu_us, 1) for shot in shots] for name, shots in programs.items()}
    p99 = {f"{name}_p99_ms": [round(percentile(shot.seconds, 0.99) * 1e3, 2) for shot in shots] for name, shots in programs.items()}
    return {"message": cell.message.name, "connections": cell.connections, "ratio": round(median(cell.ratios), 3), **cpu, **p99}
