"""The history of the tables leads every database to the models, also when several processes walk it or one is cut off."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.engine import make_url

from domain.storage import StorageUnavailableError, migrating
from domain.storage.migrating import UnknownRevisionError, current, pending, revisions, upgrade
from domain.storage.revisions import write_revision
from domain.storage.sqlite_engine import sqlite_engine
from haowei.schema import all_metadata
from tests.domain.scratch import Note, Scratch
from tests.domain.storage.engines import plain_engine
from tests.servers import connect, free_port


@pytest.fixture(params=["sqlite", "mariadb"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server = make_url(request.getfixturevalue("mariadb_url"))
    name = f"{server.database}_new"
    with connect(server) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
        yield server.set(database=name).render_as_string(hide_password=False)
        cursor.execute(f"DROP DATABASE {name}")


def tables(url: str) -> set[str]:
    """The names of the tables that the database has."""
    engine = plain_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def drift(url: str, wanted: MetaData | None = None) -> list[Any]:
    """What Alembic would change to bring the database to the models."""
    engine = plain_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        found: list[Any] = compare_metadata(context, wanted or all_metadata())
    engine.dispose()
    return found


def test_the_history_leads_to_the_models(new_url: str) -> None:
    upgrade(new_url)

    assert drift(new_url) == []
    assert current(new_url) == revisions()[-1]
    assert pending(new_url) == ()


def test_revisions_are_numbered_without_gaps() -> None:
    assert revisions() == [f"{number:04d}" for number in range(1, len(revisions()) + 1)]


def test_a_new_database_needs_everything(new_url: str) -> None:
    assert current(new_url) is None
    assert pending(new_url) == tuple(revisions())


def test_looking_at_a_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    assert current(f"sqlite:///{tmp_path / 'absent' / 'haowei.db'}") is None
    assert not (tmp_path / "absent").exists()


def test_a_second_upgrade_changes_nothing(new_url: str) -> None:
    upgrade(new_url)
    before = tables(new_url)

    upgrade(new_url)

    assert tables(new_url) == before


async def test_several_processes_may_upgrade_at_once(new_url: str) -> None:
    program = "import sys; from domain.storage.migrating import upgrade; upgrade(sys.argv[1])"
    processes = [await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", program, new_url) for _ in range(3)]

    assert [await process.wait() for process in processes] == [0, 0, 0]
    assert drift(new_url) == []


@pytest.mark.parametrize("new_url", ["mariadb"], indirect=True)
def test_an_upgrade_that_was_cut_off_is_finished_by_the_next(new_url: str) -> None:
    upgrade(new_url)
    engine = plain_engine(new_url)
    with engine.begin() as connection:  # what is left when the process dies between two tables
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("DROP TABLE reply_quota"))
        connection.execute(text("ALTER TABLE inbox_message DROP INDEX ix_inbox_message_received_at"))
    engine.dispose()

    upgrade(new_url)

    assert drift(new_url) == []
    assert current(new_url) == revisions()[-1]


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
def test_on_sqlite_an_upgrade_that_fails_leaves_nothing(new_url: str) -> None:
    engine = sqlite_engine(new_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox_event (somebody_elses INTEGER)"))

    with pytest.raises(StorageUnavailableError, match="already exists"):
        upgrade(new_url)

    assert tables(new_url) == {"outbox_event"}


def test_a_database_of_a_newer_version_is_refused(new_url: str) -> None:
    upgrade(new_url)
    engine = plain_engine(new_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    ways: list[Callable[[str], object]] = [upgrade, pending]
    for way in ways:
        with pytest.raises(UnknownRevisionError, match="9999"):
            way(new_url)


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(StorageUnavailableError):
        pending(f"mysql+aiomysql://haowei:x@127.0.0.1:{free_port()}/haowei")


@pytest.fixture
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the history that a test may lengthen."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating._FOLDER, folder)
    monkeypatch.setattr(migrating, "_FOLDER", folder)
    return folder


def test_no_revision_is_written_when_nothing_changed(own_history: Path) -> None:
    assert write_revision("nothing", all_metadata()) is None
    assert len(list((own_history / "versions").glob("0*.py"))) == len(revisions())


def test_a_written_revision_makes_the_same_table_on_both_engines(new_url: str, own_history: Path) -> None:
    upgrade(new_url)
    wanted = MetaData(naming_convention=all_metadata().naming_convention)
    for table in (*all_metadata().sorted_tables, Scratch.metadata.tables[Note.__tablename__]):
        table.to_metadata(wanted)

    written = write_revision("notes of the tests", wanted)
    upgrade(new_url)

    assert written is not None
    assert written.name == f"{len(revisions()):04d}_notes_of_the_tests.py"
    assert "storage.UtcDateTime()" in written.read_text()
    assert "storage.LongText" in written.read_text()
    assert drift(new_url, wanted) == []
