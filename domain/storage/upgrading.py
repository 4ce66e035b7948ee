"""Whether a database has the newest shape of its tables, told without Alembic.

Alembic takes longer to load than most starts take to find that nothing is to be done.
"""

import asyncio
import sqlite3
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from domain.storage.mysql import mysql_engine
from domain.storage.sqlite_engine import sqlite_path

_FOLDER = Path(__file__).parent / "migrations" / "versions"
_ASKED = "SELECT version_num FROM alembic_version"


def upgrade(url: str) -> None:
    """Create or change the tables until they are as this version needs them; as `domain.storage.migrating.upgrade`."""
    if not is_newest(url):
        from domain.storage import migrating

        migrating.upgrade(url)


def pending(url: str) -> tuple[str, ...]:
    """The revisions that `upgrade` would still run, oldest first; as `domain.storage.migrating.pending`."""
    if is_newest(url):
        return ()
    from domain.storage import migrating

    return migrating.pending(url)


def is_newest(url: str) -> bool:
    """Whether a database surely is as this version needs it. Not inside a running event loop."""
    try:
        path = sqlite_path(url)
        found = asyncio.run(_on_mysql(url)) if path is None else _on_sqlite(path)
    except (sqlite3.Error, SQLAlchemyError, OSError):
        return False  # absent, empty or out of reach: whoever migrates says which
    return found == [newest()]


def newest() -> str:
    """The newest revision that this version knows: the files are named by them."""
    return max(path.name for path in _FOLDER.glob("[0-9]*.py")).partition("_")[0]


def _on_sqlite(path: Path) -> list[str]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute(_ASKED)]
    finally:
        connection.close()


async def _on_mysql(url: str) -> list[str]:
    engine = mysql_engine(url)
    try:
        async with engine.connect() as connection:
            return [row[0] for row in await connection.exec_driver_sql(_ASKED)]
    finally:
        await engine.dispose()
