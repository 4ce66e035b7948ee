"""What tests of any history share: the engines, the one session in which all histories are played, and how long they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from domain.storage.database import ROUTES, WOKEN
from domain.storage.prepared import DRIVER
from domain.storage.sqlite_engine import sqlite_engine
from tests.conftest import Nobody
from tests.schema import SqliteTemplate

Known = TypeVar("Known")


def on_sqlite(template: SqliteTemplate, folder: Path) -> Engine:
    """An empty house in a file of its own."""
    return sqlite_engine(template.copy_to(folder / "house.db"))


def on_mariadb(url: str) -> Engine:
    """An empty house on the server, in the isolation that the house has there."""
    return create_engine(make_url(url).set(drivername="mysql+pymysql"), isolation_level="READ COMMITTED")


@contextmanager
def one_session(engine: Engine, begun_with: Callable[[Session], Known]) -> Iterator[tuple[Session, Known]]:
    """One session for all histories, each of which is rolled back; on SQLite prepared statements go straight to the driver, as ever.

    Args:
        begun_with: Writes what is there before each history. What it returns is handed on.
    """
    with Session(engine) as session:
        known = begun_with(session)
        session.commit()
    with engine.connect() as connection, Session(connection, info={ROUTES: Nobody(), WOKEN: set()}) as session:
        if engine.dialect.name == "sqlite":
            session.info[DRIVER] = connection.connection.driver_connection
        yield session, known
    engine.dispose()


def histories(number: int, *, steps: int, other_ones_each_run: bool = False) -> settings:
    """So many histories of about so many steps. Args: other_ones_each_run: A failing one is printed with the line that plays it again."""
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        derandomize=not other_ones_each_run,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
