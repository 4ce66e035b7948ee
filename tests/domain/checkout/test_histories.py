"""Whatever happens in the house, in whatever order: lots, entries and balances agree, lines add up, every fen is accounted for."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from domain.storage.database import ROUTES, WOKEN
from domain.storage.prepared import DRIVER
from domain.storage.sqlite import sqlite_engine
from tests.clock import SATURDAY_EVENING
from tests.conftest import Nobody
from tests.domain.checkout import house
from tests.domain.checkout.life import life_of_the_house
from tests.schema import SqliteTemplate

STEPS = 11
ACTS = {
    "orders",
    "ask_for_payment",
    "confirms",
    "lapse",
    "void",
    "refund_lines",
    "cancel",
    "split",
    "merge",
    "grant_coupon",
    "expire_points",
}


@contextmanager
def one_session(engine: Engine) -> Iterator[tuple[Session, list[str]]]:
    """A session for all histories, and people who are there before; on SQLite prepared statements go straight to the driver, as ever."""
    with Session(engine) as session:
        people = [house.meets(session, now=SATURDAY_EVENING, member=member) for member in (True, True, False)]
        session.commit()
    with engine.connect() as connection, Session(connection, info={ROUTES: Nobody(), WOKEN: set()}) as session:
        if engine.dialect.name == "sqlite":
            session.info[DRIVER] = connection.connection.driver_connection
        yield session, people
    engine.dispose()


def live(session: Session, people: Sequence[str], histories: int, acts: Set[str]) -> None:
    """So many histories, other ones in every run; a failing one is printed with the line that plays it again.

    Args:
        acts: What must have happened in some of them, or this proves little.
    """
    done: Counter[str] = Counter()
    how = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(life_of_the_house(session, people, done), settings=how)
    print(f"{done['histories']} histories, {done['steps'] / done['histories']:.1f} steps each; {dict(sorted(done.items()))}")
    assert done["histories"] >= histories
    assert done["steps"] >= 7 * done["histories"]
    assert {act for act in acts if not done[act]} == set()


@pytest.mark.parametrize("part", range(4))
def test_any_history_on_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path, part: int) -> None:
    with one_session(sqlite_engine(sqlite_template.copy_to(tmp_path / "house.db"))) as (session, people):
        live(session, people, 1200, ACTS)


@pytest.mark.parametrize("part", range(2))
def test_any_history_on_mariadb(mariadb_url: str, part: int) -> None:
    url = make_url(mariadb_url).set(drivername="mysql+pymysql")
    with one_session(create_engine(url, isolation_level="READ COMMITTED")) as (session, people):
        live(session, people, 100, ACTS - {"split", "void"})
