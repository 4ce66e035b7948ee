"""`haowei token`: made, listed, and one of them revoked."""

from pathlib import Path

import pytest

from domain.shop.reading import read_shop
from domain.storage import Database
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.line.programs import run

_SHOP = b"""
brand: {name: x}
stores: [{id: one, name: x, tables: [{code: A01, seats: 4}]}]
menu: [{category: x, dishes: [{id: pork, name: x, price: "58"}]}]
"""


async def token(database: Database, folder: Path, *arguments: str) -> tuple[int, str, str]:
    ended = await run("token", *arguments, settings={"HAOWEI_DATABASE_URL": database.url}, folder=folder)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_lost_device_is_shut_out_by_the_id_that_the_list_prints(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    await bring_in(database, read_shop(_SHOP).document, imported_by="test", now=clock.now())
    made = await token(database, tmp_path, "create", "--store", "one", "--scope", "till")
    _, listed, _ = await token(database, tmp_path, "list", "--store", "one")
    token_id = listed.split()[0]

    revoked = await token(database, tmp_path, "revoke", token_id)
    again = await token(database, tmp_path, "revoke", token_id)
    unclear = await token(database, tmp_path, "revoke", token_id, "--scope", "till")

    assert made[1].startswith("hw_till_")
    assert made[1].strip() not in listed
    assert listed.split()[1:3] + listed.split()[-1:] == ["one", "till", "live"]
    assert revoked[:2] == (0, "1 revoked\n")
    assert (again[0], unclear[0]) == (2, 2)
    assert "revoked" in (await token(database, tmp_path, "list"))[1]
