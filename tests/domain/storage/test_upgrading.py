"""Whether there is anything to upgrade is told without Alembic, and as Alembic would tell it."""

import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from domain.storage import migrating
from domain.storage.upgrading import is_newest, newest, pending, upgrade
from tests.domain.storage.engines import plain_engine


def set_revision(url: str, revision: str) -> None:
    """Say of a database that it is of another version."""
    engine = plain_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_the_files_are_named_by_the_revisions() -> None:
    assert newest() == migrating.revisions()[-1]


def test_only_the_newest_revision_is_newest(database_url: str) -> None:
    migrating.upgrade(database_url)
    assert is_newest(database_url)
    assert pending(database_url) == ()

    *_, before, last = migrating.revisions()
    set_revision(database_url, before)
    assert not is_newest(database_url)
    assert pending(database_url) == (last,)

    set_revision(database_url, "9999")
    with pytest.raises(migrating.UnknownRevisionError):
        upgrade(database_url)
    set_revision(database_url, last)
    upgrade(database_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_file_is_upgraded_and_an_absent_one_is_not_made_by_asking(database_url: str) -> None:
    other = f"{database_url}.new"
    assert not is_newest(other)
    assert pending(other) == tuple(migrating.revisions())
    assert not is_newest(other)

    upgrade(other)
    assert is_newest(other)


def test_a_database_out_of_reach_is_not_newest() -> None:
    nobody = make_url("mysql+aiomysql://haowei:wrong@127.0.0.1:1/haowei").render_as_string(hide_password=False)
    assert not is_newest(nobody)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_start_with_nothing_to_upgrade_does_not_load_alembic(database_url: str) -> None:
    migrating.upgrade(database_url)
    program = "import sys; from domain.storage.upgrading import upgrade; upgrade(sys.argv[1]); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program, database_url], check=False).returncode == 0
