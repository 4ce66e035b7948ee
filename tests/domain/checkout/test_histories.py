"""Whatever happens in the house, in whatever order: lots, entries and balances agree, lines add up, every fen is accounted for."""

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session

from tests.clock import SATURDAY_EVENING
from tests.domain.any_history import histories, on_mariadb, on_sqlite, one_session
from tests.domain.checkout import house
from tests.domain.checkout.life import life_of_the_house
from tests.schema import SqliteTemplate

STEPS = 11
COMMON = {"orders", "ask_for_payment", "confirms", "lapse", "merge", "grant_coupon", "expire_points"}
RARE = {"void", "refund_lines", "cancel", "split"}


def people_come(session: Session) -> list[str]:
    """Two members and a diner. Returns: their ids."""
    return [house.meets(session, now=SATURDAY_EVENING, member=member) for member in (True, True, False)]


def live(session: Session, people: Sequence[str], number: int, acts: Set[str], *, soak: bool) -> None:
    """So many histories, the same ones in every short run, other ones in every soak.

    Args:
        acts: What must have happened in some of them, or this proves little.
    """
    done: Counter[str] = Counter()
    run_state_machine_as_test(life_of_the_house(session, people, done), settings=histories(number, steps=STEPS, other_ones_each_run=soak))
    print(f"{done['histories']} histories, {done['steps'] / done['histories']:.1f} steps each; {dict(sorted(done.items()))}")
    assert done["histories"] >= number
    assert done["steps"] >= 5 * done["histories"]
    assert {act for act in acts if not done[act]} == set()


PARTS = [pytest.param(1, id="short"), *(pytest.param(4, id=f"long {part}", marks=pytest.mark.soak) for part in range(4))]


@pytest.mark.parametrize("length", PARTS)
def test_any_history_on_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path, length: int) -> None:
    with one_session(on_sqlite(sqlite_template, tmp_path), people_come) as (session, people):
        live(session, people, 200 * length, COMMON | RARE, soak=length > 1)


@pytest.mark.parametrize("length", PARTS[:2])
def test_any_history_on_mariadb(mariadb_url: str, length: int) -> None:
    with one_session(on_mariadb(mariadb_url), people_come) as (session, people):
        live(session, people, 60 * length, COMMON, soak=length > 1)
