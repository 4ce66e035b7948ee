"""Whatever is given and taken back, in whatever order and under whatever limits: no line of a budget is ever passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.proof import prove_grants
from domain.grants.service import take_back
from domain.storage.sqlite_engine import sqlite_engine
from tests.clock import SettableClock
from tests.domain.grants.giving import TODAY, give, meet, shop_with, spent
from tests.schema import SqliteTemplate

LIMITS = st.one_of(st.none(), st.integers(1, 40))
BUDGETS = st.fixed_dictionaries({"total": LIMITS, "per_day": LIMITS, "per_store_day": LIMITS}).filter(lambda limits: any(limits.values()))
DAYS = st.sampled_from([TODAY, TODAY + timedelta(days=1)])
STORES = st.sampled_from([None, "one", "two"])
GIFTS = st.tuples(st.just("give"), st.integers(0, 30), st.integers(1, 12), DAYS, STORES)
RETURNS = st.tuples(st.just("take back"), st.integers(0, 30))
HISTORIES = st.lists(st.one_of(GIFTS, GIFTS, RETURNS, BUDGETS), min_size=3, max_size=20)


@pytest.fixture(scope="module")
def connection(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    url = sqlite_template.copy_to(Path(tmp_path_factory.mktemp("budgets")) / "haowei.db")
    with sqlite_engine(url).connect() as opened:
        yield opened


@contextmanager
def _history(connection: Connection) -> Iterator[Session]:
    """A transaction that is never kept."""
    whole = connection.begin()
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        try:
            yield session
        finally:
            whole.rollback()


class _Model:
    """The rule in plain words: what stands under each key, and what each line may still take."""

    def __init__(self) -> None:
        self.standing: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.used: set[str] = set()

    def spent(self, scope: str) -> int:
        return sum(fen for fen, scopes in self.standing.values() if scope in scopes)

    def give(self, limits: dict[str, int | None], key: str, yuan: int, day: date, store: str | None) -> bool | None:
        scopes = ("*", f"d:{day}", *([f"s:{store}:{day}"] if store else []))
        if key in self.used:
            return None
        most = dict(zip(scopes, (limits[name] for name in ("total", "per_day", "per_store_day")), strict=False))
        if not any(most.values()) or any(most[scope] and self.spent(scope) + yuan * 100 > most[scope] * 100 for scope in scopes):
            return False
        self.used.add(key)
        self.standing[key] = (yuan * 100, scopes)
        return True


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=BUDGETS, steps=HISTORIES)
def test_no_history_passes_a_limit(connection: Connection, clock: SettableClock, first: dict[str, int | None], steps: list) -> None:
    limits, model = first, _Model()
    with _history(connection) as session:
        (diner,) = meet(session, 1, now=clock.now())
        for step in steps:
            if isinstance(step, dict):
                limits = step
            elif step[0] == "take back":
                key = str(step[1])
                assert take_back(session, key, now=clock.now()) == (model.standing.pop(key, None) is not None)
            else:
                _, number, yuan, day, store = step
                expected = model.give(limits, str(number), yuan, day, store)
                assert _given(session, limits, diner, str(number), yuan, day, store, clock) == expected
        assert prove_grants(session) == []
        assert {scope: fen for scope, fen in spent(session).items() if fen} == {
            scope: model.spent(scope) for _, scopes in model.standing.values() for scope in scopes
        }


def _given(
    session: Session, limits: dict[str, int | None], diner: str, key: str, yuan: int, day: date, store: str | None, clock: SettableClock
) -> bool | None:
    shop = shop_with(scan={name: str(limit) for name, limit in limits.items() if limit})
    try:
        return True if give(session, shop, diner, key, now=clock.now(), yuan=yuan, day=day, store_id=store) else None
    except (BudgetSpentError, NoBudgetError):
        return False
