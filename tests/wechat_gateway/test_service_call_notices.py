"""Who is told that somebody comes: the diner who called, and nobody when the staff called for the table."""

from pathlib import Path

import pytest
from sqlalchemy import select

from domain.kernel.ids import new_id
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.storage import Database
from haowei.understanding import load_responses
from tests.clock import SettableClock
from tests.schema import SqliteTemplate
from wechat_gateway.notifications.service_calls import tells_that_somebody_comes


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


async def test_the_diner_is_told_and_a_bell_is_not(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    tell = tells_that_somebody_comes(load_responses(None))

    for called_by in (None, diner):
        payload = {"call_id": new_id(clock.now()), "diner_id": called_by, "table_code": "A01", "title": "加水", "taken_by": "w"}
        await database.transaction(tell, payload, event_id=new_id(clock.now()), now=clock.now())

    told = await database.read(lambda session: session.execute(select(Message.diner_id)).scalars().all())
    assert told == [diner]
