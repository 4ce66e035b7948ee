"""The bench of value still measures what it says, and its rival still does the same work; how long anything takes is no test."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.storage import Base, open_database
from haowei.routing import ROUTES
from tests.bench import value
from tests.bench.value_scene import Scene
from tests.schema import SqliteTemplate

_MADE_UP = re.compile(r"\b(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|C[0-9A-Z]{8}\d{5})\b")  # ids, and codes of tables


async def test_a_small_run_proves_every_sum_and_reports_each_workload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    report = await value.run(requests=6, repetitions=1, engines=value.ENGINES[:1], members=20)

    assert [row[0] for row in report.tables[0].rows] == [f"SQLite: {workload.name}" for workload in value.WORKLOADS]
    assert [len(cell[side]["per_second"]) for cell in report.figures["cells"] for side in ("haowei", "row_lock")] == [1] * 6


@pytest.mark.parametrize("workload", value.WORKLOADS, ids=lambda workload: workload.name)
async def test_the_rival_writes_the_same_rows(sqlite_template: SqliteTemplate, tmp_path: Path, workload: value.Workload) -> None:
    ours, rivals = [
        await _written(sqlite_template.copy_to(tmp_path / f"{side.name}.db"), workload, side) for side in (value.OURS, value.RIVAL)
    ]

    assert ours
    assert rivals == ours


async def test_work_that_was_not_done_is_found(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    database = open_database(sqlite_template.copy_to(tmp_path / "value.db"), routes=ROUTES)
    scene = await Scene.open(database, members=3)
    scene.earned = 1

    with pytest.raises(RuntimeError, match="earnings"):
        await scene.check()

    await database.close()


async def _written(url: str, workload: value.Workload, side: value.Side) -> Counter[str]:
    """The rows that two transactions of one side write or change, without what is made up anew each time."""
    database = open_database(url, routes=ROUTES)
    scene = await Scene.open(database, members=3)
    jobs = await workload.jobs(scene, side, 2, Random(1))
    before = await database.read(_rows)
    for job in jobs:
        await database.transaction(job)
    await scene.check()
    after = await database.read(_rows)
    await database.close()
    return Counter(_MADE_UP.sub("…", row) for row in (after - before).elements())


def _rows(session: Session) -> Counter[str]:
    tables = Base.metadata.sorted_tables
    return Counter(f"{table.name} {tuple(row)}" for table in tables for row in session.execute(select(table)))
