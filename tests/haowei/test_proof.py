"""`haowei proof`, as the office runs it: a process on the books as they are."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.points.models import PointsAccount
from domain.points.rules import Reason
from domain.points.service import credit_points
from domain.storage import Database
from tests.clock import SettableClock
from tests.line.programs import run


async def diner_with_points(database: Database, clock: SettableClock) -> str:
    def give(session: Session) -> str:
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=clock.now())
        day = date(2026, 11, 21)
        credit_points(session, diner, 5, reason=Reason.GRANTED, key="gift", day=day, life_days=9, now=clock.now())
        return diner

    return await database.transaction(give)


async def proof(database: Database, folder: Path) -> tuple[int, list[str]]:
    ended = await run("proof", settings={"HAOWEI_DATABASE_URL": database.url}, folder=folder)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout.splitlines()


async def test_it_ends_well_when_all_sums_agree(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    await diner_with_points(database, clock)
    assert await proof(database, tmp_path) == (0, ["all sums agree"])


async def test_it_names_what_does_not_agree_and_ends_with_1(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    diner = await diner_with_points(database, clock)
    await database.transaction(lambda session: session.execute(update(PointsAccount).values(balance=6)))

    assert await proof(database, tmp_path) == (
        1,
        [
            f"balance = sum of what remains in lots: {diner} has 6, its records say 5",
            f"balance = sum of entries: {diner} has 6, its records say 5",
            "2 sums do not agree",
        ],
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_list_is_cut_and_the_number_is_told(database: Database, clock: SettableClock, tmp_path: Path) -> None:
    def spoil(session: Session) -> None:
        for number in range(150):
            diner = meet_diner(session, Vault(b"s" * 32), f"o{number}", now=clock.now())
            credit_points(session, diner, 5, reason=Reason.GRANTED, key=str(number), day=date(2026, 11, 21), life_days=9, now=clock.now())
        session.execute(update(PointsAccount).values(balance=6))

    await database.transaction(spoil)

    code, said = await proof(database, tmp_path)

    assert (code, len(said), said[-2:]) == (1, 202, ["... and 100 more", "300 sums do not agree"])
