"""The bench of value still measures what it says, and its rival still does the same work; how long anything takes is no test."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.kernel.ids import is_id
from domain.storage import Base, Database
from haowei.routing import ROUTES
from tests.bench import value
from tests.bench.value_scene import Scene

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


async def test_a_small_run_proves_every_sum_and_reports_each_workload(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    report = await value.run(requests=6, repetitions=1, engines=value.ENGINES[:1], members=20)

    assert [row[0] for row in report.tables[0].rows] == [f"SQLite: {workload.name}" for workload in value.WORKLOADS]
    assert [len(cell[side]["per_second"]) for cell in report.figures["cells"] for side in ("haowei", "row_lock")] == [1] * 6


@pytest.mark.parametrize("workload", value.WORKLOADS, ids=lambda workload: workload.name)
async def test_the_rival_writes_the_same_rows(database: Database, workload: value.Workload) -> None:
    scene = await Scene.open(database, members=3)
    jobs = [(await workload.jobs(scene, side, 1, Random(1)))[0] for side in (value.OURS, value.RIVAL)]
    before = await database.read(_rows)

    await database.transaction(jobs[0])
    ours = await database.read(_rows)
    await database.transaction(jobs[1])
    rivals = await database.read(_rows)

    grown = _growth(before, ours)
    assert grown
    assert _growth(ours, rivals) == grown
    await scene.check()


async def test_work_that_was_not_done_is_found(database: Database) -> None:
    scene = await Scene.open(database, members=3)
    scene.earned = 1

    with pytest.raises(RuntimeError, match="earnings"):
        await scene.check()
