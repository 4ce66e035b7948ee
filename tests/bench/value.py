"""How fast value moves: points and placed rounds a second, beside the same work under a row lock, on both engines.

Both sides do the same work on the same tables in turn, so that a busy machine slows both; after each shot every sum is proven.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from sqlalchemy.orm import Session

from domain.checkout import service as checkout
from domain.kernel.ids import new_id
from domain.points import service as points
from domain.points.rules import LIFE_DAYS, Reason
from domain.storage import StorageUnavailableError, open_database
from domain.storage.migrating import upgrade
from haowei.routing import ROUTES
from tests.bench import rivals
from tests.bench.report import FOLDER, Report, Table, median, percentile
from tests.bench.value_scene import EARNED_ON, NOW, TODAY, Scene, mariadb, sqlite
from tests.servers import MariaDb

_CALLERS = 16
_MEMBERS = 10_000
_TRIES = 10  # of a transaction that the database gave up
_POINTS = 8  # earned and spent at once; not what a member starts with, so that a spending touches two lots
_SEED = 20_261_121

Job = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Side:
    """One way to write the work: the house's, or the rival's."""

    name: str
    earn: Callable[..., bool]
    spend: Callable[..., bool]
    read_back: Callable[..., checkout.ReadBack]
    place: Callable[..., checkout.Placed]


OURS = Side("Haowei", points.earn_points, points.spend_points, checkout.read_back, checkout.place)
RIVAL = Side("row lock", rivals.earn_points, rivals.spend_points, rivals.read_back, rivals.place)


@dataclass(frozen=True, slots=True)
class Engine:
    """A database to measure on, and the share of the requests that it gets: a server across a socket takes longer."""

    name: str
    url: Callable[[Path], AbstractContextManager[str]]
    share: float


ENGINES = (Engine("SQLite", sqlite, 0.5), Engine("MariaDB", mariadb, 0.125))


@dataclass(frozen=True, slots=True)
class Shot:
    """What one round of transactions took.

    Attributes:
        seconds: Each one's, from asking for it to its commit.
        wall_s: From the first to the last.
        cpu_us: Of this process, a transaction.
        repeats: Transactions that were run again after a deadlock.
    """

    seconds: tuple[float, ...]
    wall_s: float
    cpu_us: float
    repeats: int

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall_s


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind of work: the part of the requests that a shot has, and what one shot does."""

    name: str
    share: float
    jobs: Callable[[Scene, Side, int, random.Random], Any]


@dataclass(frozen=True, slots=True)
class _Cell:
    engine: str
    workload: str
    ours: tuple[Shot, ...]
    rival: tuple[Shot, ...]

    @property
    def ratios(self) -> list[float]:
        return [ours.per_second / rival.per_second for ours, rival in zip(self.ours, self.rival, strict=True)]


async def _hot_member(scene: Scene, side: Side, count: int, chance: random.Random) -> list[Job]:
    return _points_jobs(scene, side, [scene.members[0]] * count)


async def _many_members(scene: Scene, side: Side, count: int, chance: random.Random) -> list[Job]:
    return _points_jobs(scene, side, chance.choices(scene.members, k=count))


def _points_jobs(scene: Scene, side: Side, diners: Sequence[str]) -> list[Job]:
    def job(diner_id: str, earning: str, spending: str) -> Job:
        def run(session: Session) -> None:
            side.earn(session, diner_id, _POINTS, order_id=earning, business_day=EARNED_ON, life_days=LIFE_DAYS, now=NOW)
            side.spend(session, diner_id, _POINTS, reason=Reason.EXCHANGED, key=spending, day=TODAY, now=NOW)

        return run

    scene.earned += len(diners)
    scene.spent += len(diners)
    return [job(diner_id, new_id(NOW), new_id(NOW)) for diner_id in diners]


async def _price_and_place(scene: Scene, side: Side, count: int, chance: random.Random) -> list[Job]:
    def job(seat: Any, diner_id: str) -> Job:
        def run(session: Session) -> None:
            seen = side.read_back(session, scene.shop, seat, diner_id, now=NOW)
            side.place(session, scene.shop, seat, diner_id, seen.version, now=NOW)

        return run

    scene.placed += count
    return [job(table.seat, table.diner_id) for table in await scene.set_tables(count)]


WORKLOADS = (
    Workload("points earn + spend, one hot member", 1.0, _hot_member),
    Workload("points earn + spend, 10,000 members", 1.0, _many_members),
    Workload("price and place, 3 dishes", 0.25, _price_and_place),
)


async def run(*, requests: int, repetitions: int, engines: Sequence[Engine] = ENGINES, members: int = _MEMBERS) -> Report:
    """Measure.

    Args:
        requests: Of which each shot has a part, by its engine and workload.
        repetitions: Shots of each side for each workload and engine, in turn.
        members: Among whom points are spread.

    Raises:
        RuntimeError: A sum does not agree after a shot; figures of wrong work mean nothing.
    """
    cells: list[_Cell] = []
    missing = [engine.name for engine in engines if engine.url is mariadb and not MariaDb.available()]
    for engine in engines:
        if engine.name in missing:
            print(f"!!! {engine.name} IS MISSING HERE AND WAS LEFT OUT: install it with: make deps", file=sys.stderr)
        else:
            cells += await _measure(engine, requests, repetitions, members)
    return Report(
        (_table(cells, missing),),
        {"requests": requests, "callers": _CALLERS, "cells": [_figures(cell) for cell in cells], "missing": missing},
    )


async def _measure(engine: Engine, requests: int, repetitions: int, members: int) -> list[_Cell]:
    folder = FOLDER / "value"
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with engine.url(folder) as url:
        await asyncio.to_thread(upgrade, url)
        database = open_database(url, routes=ROUTES)
        try:
            scene = await Scene.open(database, members)
            return [
                _Cell(
                    engine.name,
                    workload.name,
                    *await _shots(scene, workload, max(1, int(requests * engine.share * workload.share)), repetitions),
                )
                for workload in WORKLOADS
            ]
        finally:
            await database.close()


async def _shots(scene: Scene, workload: Workload, count: int, repetitions: int) -> tuple[tuple[Shot, ...], tuple[Shot, ...]]:
    """Both sides in turn; who begins changes each time, and both get the same members."""

    async def shoot(side: Side, number: int) -> Shot:
        jobs = await workload.jobs(scene, side, count if number else _CALLERS, random.Random(_SEED + number))
        shot = await _fire(scene, jobs)
        await scene.check()
        return shot

    found: dict[str, list[Shot]] = {OURS.name: [], RIVAL.name: []}
    for number in range(repetitions + 1):
        for side in (OURS, RIVAL) if number % 2 else (RIVAL, OURS):
            shot = await shoot(side, number)
            if number:  # the first only warms up
                found[side.name].append(shot)
    return tuple(found[OURS.name]), tuple(found[RIVAL.name])


async def _fire(scene: Scene, jobs: Sequence[Job]) -> Shot:
    runs = 0
    seconds: list[float] = []

    def counted(session: Session, job: Job) -> None:
        nonlocal runs
        runs += 1
        job(session)

    async def call(waiting: Iterator[Job]) -> None:
        for job in waiting:
            began = time.perf_counter()
            for last in (*[False] * (_TRIES - 1), True):
                try:
                    await scene.database.transaction(counted, job)
                    break
                except StorageUnavailableError:  # it met deadlocks until the database gave up; a caller repeats then
                    if last:
                        raise
            seconds.append(time.perf_counter() - began)

    waiting = iter(jobs)
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(call(waiting) for _ in range(_CALLERS)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    return Shot(tuple(seconds), wall, cpu / len(jobs) * 1e6, runs - len(jobs))


def _table(cells: list[_Cell], missing: Sequence[str]) -> Table:
    def p99(shots: Sequence[Shot]) -> str:
        return f"{percentile([second for shot in shots for second in shot.seconds], 0.99) * 1e3:.1f}"

    def row(cell: _Cell) -> tuple[str, ...]:
        sides = (cell.ours, cell.rival)
        return (
            f"{cell.engine}: {cell.workload}",
            *(f"{median([shot.per_second for shot in shots]):.0f}" for shots in sides),
            f"**{median(cell.ratios):.2f}**",
            f"{min(cell.ratios):.2f}–{max(cell.ratios):.2f}",
            *(p99(shots) for shots in sides),
            *(f"{median([shot.cpu_us for shot in shots]):.0f}" for shots in sides),
            " / ".join(str(sum(shot.repeats for shot in shots)) for shots in sides),
        )

    left_out = "".join(f" **{name} is missing on this machine and was left out.**" for name in missing)
    return Table(
        "Value that moves, beside the same work under a row lock",
        (
            "engine: work",
            "Haowei tx/s",
            "row lock tx/s",
            "ratio",
            "spread",
            "Haowei p99 ms",
            "row lock p99 ms",
            "Haowei CPU µs",
            "row lock CPU µs",
            "run again",
        ),
        tuple(map(row, cells)),
        f"Transactions a second with {_CALLERS} callers at once, median of alternating shots, higher is better; milliseconds from asking"
        " to the commit; CPU of the calling process a transaction; how many were run again after a deadlock."
        " The other side is written with ORM objects: SELECT … FOR UPDATE, read, change, flush; same tables, rows and events, by the same"
        " Database (SQLite: synchronous=FULL, commits of a batch together; MariaDB on this machine, its log flushed once a second)."
        " All placings are in one store: one series of numbers, the same three dishes. Every sum is proven after every shot." + left_out,
    )


def _figures(cell: _Cell) -> dict[str, Any]:
    def numbers(shots: Sequence[Shot]) -> dict[str, Any]:
        return {
            "per_second": [round(shot.per_second, 1) for shot in shots],
            "p99_ms": [round(percentile(shot.seconds, 0.99) * 1e3, 2) for shot in shots],
            "cpu_us": [round(shot.cpu_us, 1) for shot in shots],
            "repeats": [shot.repeats for shot in shots],
        }

    ratio = round(median(cell.ratios), 3)
    return {"engine": cell.engine, "workload": cell.workload, "ratio": ratio, "haowei": numbers(cell.ours), "row_lock": numbers(cell.rival)}
