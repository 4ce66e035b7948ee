"""`haowei staff`: somebody new gets a code, a wrong one is told what is wrong, who leaves is gone."""

from pathlib import Path

import pytest

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.shop.reading import read_shop
from domain.staff.binding import BindOutcome, bind
from domain.storage import Database
from haowei.cli import main
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.line.programs import run

SECRET = "s" * 32
_SHOP = b"""
brand: {name: x}
stores: [{id: one, name: x, tables: [{code: A01, seats: 4}]}]
menu: [{category: x, dishes: [{id: pork, name: x, price: "58"}]}]
"""


async def staff(database: Database, folder: Path, *arguments: str) -> tuple[int, str, str]:
    settings = {"HAOWEI_DATABASE_URL": database.url, "HAOWEI_SECRET_KEY": SECRET}
    ended = await run("staff", *arguments, settings=settings, folder=folder)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


def said(out: str, what: str) -> str:
    return next(line.split()[1] for line in out.splitlines() if line.startswith(what))


@pytest.fixture
async def shop(database: Database, clock: SettableClock) -> None:
    await bring_in(database, read_shop(_SHOP).document, imported_by="test", now=clock.now())


@pytest.mark.usefixtures("shop")
async def test_who_is_added_binds_with_the_code_is_listed_and_leaves(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    code, out, _ = await staff(database, tmp_path, "add", "--name", "老王", "--role", "waiter", "--store", "one")
    assert code == 0
    assert said(out, "scene") == f"b.{said(out, 'code')}"

    vault = Vault(SECRET.encode())
    diner = await database.transaction(meet_diner, vault, "o1", now=clock.now())
    bound = await database.transaction(bind, vault.digest, diner, said(out, "code"), now=clock.now())
    assert bound.outcome is BindOutcome.BOUND

    member = said(out, "id")
    assert (await staff(database, tmp_path, "list"))[1] == f"{member}\t老王\twaiter\tone\tbound\n"
    assert (await staff(database, tmp_path, "remove", member))[:2] == (0, "老王 has left\n")
    assert (await staff(database, tmp_path, "list", "--store", "one"))[1] == ""
    assert (await staff(database, tmp_path, "code", member))[0] == 2


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--role", "waiter", "--store", "two"), "no such store: two; there are: one"),
        (("--role", "cook"), "a store is needed; there are: one"),
    ],
)
async def test_a_wrong_store_is_told(database: Database, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    code, _, err = await staff(database, tmp_path, "add", "--name", "x", *arguments)
    assert (code, err.strip()) == (2, told)


def test_a_code_needs_the_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAOWEI_SECRET_KEY", raising=False)
    assert main(["staff", "add", "--name", "x", "--role", "owner"]) == 2
    assert "HAOWEI_SECRET_KEY" in capsys.readouterr().err
