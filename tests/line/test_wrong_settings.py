"""Wrong settings and wrong shop files stop with every fault at once, exit code 2 and nothing written."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.line.programs import run
from tests.line.records import Records
from tests.line.restaurant import Restaurant

WRONG = 2
WRONG_VALUES = {
    "HAOWEI_DATABASE_URL": "postgresql://haowei:hunter2@db/haowei",
    "HAOWEI_REDIS_URL": "http://:hunter2@redis",
    "HAOWEI_PORT": "eighty",
    "HAOWEI_METRICS_LISTEN": "everywhere",
    "HAOWEI_WECHAT_AES_KEY": "hunter2",
    "HAOWEI_WECHAT_MODE": "hunter2",
    "HAOWEI_WECHAT_MAX_SKEW": "0",
    "HAOWEI_PAYMENTS": "cash",
}
REFUSED_IN_EARNEST = {
    "HAOWEI_PAYMENTS": "simulated",
    "HAOWEI_CLOCK_FILE": "clock",
    "HAOWEI_WECHAT_MODE": "plain",
    "HAOWEI_SECRET_KEY": "hunter2",
    "HAOWEI_WECHAT_TOKEN": "hunter2",
}
WRONG_SHOP = """
brand: {name: 好味, timezone: Asia/Shangrila}
stores:
  - id: dongmen
    hours: {daily: ["25:00-26:00"]}
    tables: [{code: A01}, {code: A01}]
    printers: [{id: hot, connection: "gopher://hot", roles: [kitchen]}]
menu:
  - category: 热销
    dishes:
      - {id: hongshaorou, name: 红烧肉, price: 58.001}
      - {id: hongshaorou, name: 红烧肉, price: -1}
      - {id: mifan, price: 2.00, colour: white}
"""


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_every_wrong_value_is_named_at_once_and_no_secret_is_shown(tmp_path: Path) -> None:
    ended = await run("serve", settings=WRONG_VALUES, folder=tmp_path)

    assert ended.returncode == WRONG
    faults = ended.stderr.splitlines()[1:]
    missing = ["PUBLIC_URL", "SECRET_KEY", "WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN"]
    named = [*(f"{name}: " for name in WRONG_VALUES), *(f"HAOWEI_{name} is missing" for name in missing)]
    assert [name for name in named if not any(name in fault for fault in faults)] == []
    assert len(faults) == len(named)
    assert "hunter2" not in ended.stderr + ended.stdout
    assert list(tmp_path.iterdir()) == []


async def test_what_only_a_test_may_do_is_refused_against_the_real_platform(tmp_path: Path) -> None:
    ended = await run("web", settings=REFUSED_IN_EARNEST, folder=tmp_path)

    assert ended.returncode == WRONG
    for fault in ("CLOCK_FILE", "PAYMENTS=simulated", "WECHAT_MODE=plain", "SECRET_KEY is too short", "WECHAT_AES_KEY is missing"):
        assert f"HAOWEI_{fault}" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


async def test_settings_in_a_file_are_checked_alike(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HAOWEI_SERVER_URL=ftp://hunter2\nHAOWEI_PORT=-1\n")

    ended = await run("print-agent", settings={}, folder=tmp_path)

    assert ended.returncode == WRONG
    for fault in ("SERVER_URL: ", "PORT: ", "STORE_TOKEN is missing"):
        assert f"HAOWEI_{fault}" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert [file.name for file in tmp_path.iterdir()] == [".env"]


async def test_the_demo_refuses_a_real_account_and_touches_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "demo" / "account.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")

    ended = await run("demo", "--fresh", settings={"HAOWEI_WECHAT_APP_ID": "wx0123456789abcdef"}, folder=tmp_path)

    assert ended.returncode == WRONG
    assert "HAOWEI_WECHAT_APP_ID" in ended.stderr
    assert kept.read_text() == "{}"
    assert len(list(tmp_path.rglob("*"))) == 3


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = await run("demo", "--port", str(taken.getsockname()[1]), settings={}, folder=tmp_path)

    assert ended.returncode == WRONG
    assert "--port" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@on_sqlite
async def test_an_address_that_is_taken_is_named(restaurant: Restaurant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        web, worker = await asyncio.gather(
            run("web", settings=restaurant.settings | {"HAOWEI_PORT": port}, folder=restaurant.folder),
            run("worker", settings=restaurant.settings | {"HAOWEI_METRICS_LISTEN": f"127.0.0.1:{port}"}, folder=restaurant.folder),
        )

    assert (web.returncode, worker.returncode) == (WRONG, WRONG)
    assert "HAOWEI_PORT: " in web.stderr
    assert "HAOWEI_METRICS_LISTEN: " in worker.stderr
    assert "Traceback" not in web.stderr + worker.stderr


@on_sqlite
async def test_without_a_database_nothing_is_made(restaurant: Restaurant) -> None:
    folder = restaurant.shop_file().parent
    settings = restaurant.settings | {"HAOWEI_DATABASE_URL": "sqlite:///var/haowei.db"}
    commands = ("show orders", "shop import shop.yaml", "token create --store dongmen --scope agent", "serve")

    endings = await asyncio.gather(*(run(*command.split(), settings=settings, folder=folder) for command in commands))

    assert [ended.returncode for ended in endings] == [1] * len(commands)
    assert all("haowei db upgrade" in ended.stderr and "Traceback" not in ended.stderr for ended in endings), endings
    assert not (folder / "var").exists()


@on_sqlite
async def test_a_database_without_tables_is_named_and_left_alone(restaurant: Restaurant, bare_url: str) -> None:
    settings = restaurant.settings | {"HAOWEI_DATABASE_URL": bare_url}

    endings = await asyncio.gather(
        *(run(*command, settings=settings, folder=restaurant.folder) for command in (["show", "orders"], ["worker"]))
    )

    assert [ended.returncode for ended in endings] == [1, 1]
    assert all("haowei db upgrade" in ended.stderr and "Traceback" not in ended.stderr for ended in endings), endings
    assert Records(bare_url).rows("SHOW TABLES") == []


@on_sqlite
async def test_a_wrong_shop_file_changes_nothing(restaurant: Restaurant) -> None:
    file = restaurant.folder / "wrong.yaml"
    file.write_text(WRONG_SHOP, encoding="utf-8")
    before = _shop(restaurant.records)

    ended = await run("shop", "import", str(file), settings=restaurant.settings, folder=restaurant.folder)

    assert ended.returncode == WRONG
    assert "nothing was changed" in ended.stderr
    for fault in ("timezone", "stores[0]", "name", "hours", "A01", "connection", "price", "dishes[1]", "hongshaorou", "colour"):
        assert fault in ended.stderr
    assert len([line for line in ended.stderr.splitlines() if line.startswith("  line ")]) >= 8
    assert _shop(restaurant.records) == before


@on_sqlite
async def test_a_dry_run_says_what_would_change_and_changes_nothing(restaurant: Restaurant) -> None:
    file = restaurant.shop_file()
    file.write_text(file.read_text(encoding="utf-8").replace("price: 58.00", "price: 59.50"), encoding="utf-8")
    before = _shop(restaurant.records)

    said = await restaurant.runs("shop", "import", str(file), "--dry-run")

    assert "hongshaorou" in said
    assert "59.5" in said
    assert _shop(restaurant.records) == before


def _shop(records: Records) -> list[list[tuple[object, ...]]]:
    return [records.rows(f"SELECT * FROM {table}") for table in ("shop_version", "store", "store_table", "printer", "category", "dish")]
