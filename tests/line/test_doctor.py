"""The doctor looks at everything outside and inside, and says what to do about what is wrong."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from haowei.simulators.printers import Fault
from tests.line.programs import run
from tests.line.restaurant import Restaurant
from tests.servers import free_port

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_it_finds_missing_settings(tmp_path: Path) -> None:
    code, said = await _doctor({}, tmp_path)

    assert code == 2
    assert "WRONG settings: HAOWEI_SECRET_KEY is missing" in said
    assert "WRONG database: not of this version. Run: haowei db upgrade" in said
    assert list(tmp_path.iterdir()) == []


async def test_it_finds_what_is_not_there_yet(tmp_path: Path, database_url: str) -> None:
    async with Restaurant(tmp_path, database_url) as restaurant:
        nobody = f"127.0.0.1:{free_port()}"
        settings = restaurant.settings | {"HAOWEI_REDIS_URL": f"redis://{nobody}", "HAOWEI_WECHAT_API_URL": f"http://{nobody}"}

        code, said = await _doctor(settings, tmp_path)

    assert code == 1
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "ok    settings",
        "ok    database",
        "WRONG shop",
        "WRONG redis",
        "WRONG wechat",
    ]
    assert "haowei shop import" in said


@on_sqlite
async def test_it_finds_a_wrong_secret_although_a_good_token_is_kept(restaurant: Restaurant) -> None:
    await restaurant.runs("wechat", "menu")
    assert restaurant.records.count("wechat_token", "token <> ''") == 1

    code, said = await _doctor(restaurant.settings | {"HAOWEI_WECHAT_APP_SECRET": "hunter2"}, restaurant.folder)

    assert code == 1
    assert "WRONG wechat: " in said
    assert "hunter2" not in said
    assert said.count("WRONG") == 1


@on_sqlite
async def test_it_finds_printers_that_do_not_print(restaurant: Restaurant) -> None:
    await restaurant.printers["hot"].set_fault(Fault.OFF, True)
    await restaurant.printers["cold"].set_fault(Fault.PAPER_OUT, True)

    code, said = await _doctor(restaurant.settings, restaurant.folder)

    assert code == 1
    assert "note  printer dongmen/hot: not reached from here (refused)" in said
    assert "WRONG printer dongmen/cold: paper_out" in said
    assert "ok    printer dongmen/front: ready" in said


@on_sqlite
async def test_it_finds_nothing_where_all_is_well(restaurant: Restaurant, redis_url: str) -> None:
    code, said = await _doctor(restaurant.settings | {"HAOWEI_REDIS_URL": redis_url}, restaurant.folder)

    assert code == 0
    assert {line[:5] for line in said.splitlines()} == {"ok   "}


async def _doctor(settings: Mapping[str, str], folder: Path) -> tuple[int, str]:
    ended = await run("doctor", settings=settings, folder=folder)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout
