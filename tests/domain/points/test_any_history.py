"""Whatever happens to points, in whatever order: the tables do what the plain model does, and the proof finds nothing after any step."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.members.models import Diner
from domain.points.errors import HoldChangedError, NotEnoughPointsError
from domain.points.proof import prove_points
from domain.points.rules import Reason
from domain.points.service import (
    balance_of,
    capture_hold,
    credit_points,
    earn_points,
    expire_points,
    hold_points,
    merge_points,
    points_of,
    release_hold,
    return_points,
    reverse_earning,
    spend_points,
)
from tests.clock import SATURDAY_EVENING
from tests.domain.any_history import histories, on_mariadb, on_sqlite, one_session
from tests.domain.points.model import Model, OtherHoldError, TooFewError
from tests.schema import SqliteTemplate

NOW = SATURDAY_EVENING
DINERS = ("diner-a", "diner-b")

diners = st.sampled_from(DINERS)
orders = st.sampled_from([f"O{number}" for number in range(8)])
keys = st.sampled_from(["k0", "k1", "k2"])  # few, so that they come again
amounts = st.integers(1, 9)
which = st.integers(0, 5)
shares = st.sampled_from([0, 1, 2, 3])  # thirds of what can be used; 0 is more than that
lives = st.sampled_from([1, 2, 4, 30])


def outcome(act: Callable[[], Any]) -> Any:
    """What an act returned, or how it was refused."""
    try:
        return act()
    except (TooFewError, NotEnoughPointsError):
        return "not enough"
    except (OtherHoldError, HoldChangedError):
        return "changed"


def life_of_points(session: Session) -> type[RuleBasedStateMachine]:
    """A machine whose histories each run in one transaction, rolled back at the end."""

    class LifeOfPoints(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.day = date(2026, 11, 21)
            self.session = session
            session.connection()  # begins

        def teardown(self) -> None:
            session.rollback()

        @initialize(points=st.integers(0, 6), life=lives)
        def begin(self, points: int, life: int) -> None:
            self.credit("diner-a", points, "first", life)
            self.earn("diner-a", 9, "O0", 3)
            self.days_go_by(1)

        @rule(diner=diners, points=amounts, order=orders, life=lives)
        def earn(self, diner: str, points: int, order: str, life: int) -> None:
            earned = earn_points(self.session, diner, points, order_id=order, business_day=self.day, life_days=life, now=NOW)
            assert earned == self.model.earn(diner, points, order, self.day, life)

        @rule(diner=diners, points=amounts, key=keys, life=lives)
        def credit(self, diner: str, points: int, key: str, life: int) -> None:
            given = credit_points(self.session, diner, points, reason=Reason.GRANTED, key=key, day=self.day, life_days=life, now=NOW)
            assert given == (points > 0 and self.model.credit(diner, points, f"credit {key}", self.day, life))

        @rule(diner=diners, share=shares, key=keys)
        def hold(self, diner: str, share: int, key: str) -> None:
            points = self.some_points(diner, share)
            assert outcome(lambda: hold_points(self.session, diner, points, key=key, day=self.day, now=NOW)) == outcome(
                lambda: self.model.hold(diner, points, key, self.day)
            )

        @precondition(lambda self: self.model.holds)
        @rule(which=which)
        def release(self, which: int) -> None:
            key = self.some_hold("held", which)
            assert release_hold(self.session, key, now=NOW) == self.model.release(key)

        @precondition(lambda self: self.model.holds)
        @rule(which=which)
        def capture(self, which: int) -> None:
            key = self.some_hold("held", which)
            assert capture_hold(self.session, key, reason=Reason.SPENT, order_id="O1", now=NOW) == self.model.capture(key)

        @rule(diner=diners, share=shares, key=keys)
        def spend(self, diner: str, share: int, key: str) -> None:
            points = self.some_points(diner, share)
            assert outcome(
                lambda: spend_points(self.session, diner, points, reason=Reason.EXCHANGED, key=key, day=self.day, now=NOW)
            ) == outcome(lambda: self.model.spend(diner, points, f"spend {key}", self.day))

        @precondition(lambda self: self.model.holds)
        @rule(which=which, points=amounts, key=keys)
        def give_back(self, which: int, points: int, key: str) -> None:
            hold = self.some_hold("captured", which)
            given = return_points(self.session, hold, points, key=key, day=self.day, now=NOW)
            assert given == self.model.give_back(hold, points, f"return {key}", self.day)

        @precondition(lambda self: self.model.earnings)
        @rule(which=which, points=st.integers(5, 20), key=keys)
        def reverse(self, which: int, points: int, key: str) -> None:
            order = sorted(self.model.earnings)[which % len(self.model.earnings)]
            reversal = reverse_earning(self.session, order, points, key=key, now=NOW)
            assert (reversal.taken, reversal.owed) == self.model.reverse(order, points, f"reverse {key}")

        @precondition(lambda self: any(lot.expires_on < self.day and lot.remaining for lot in self.model.lots))
        @rule()
        def sweep(self) -> None:
            assert expire_points(self.session, self.day, now=NOW) == self.model.expire(self.day)

        @rule(days=st.sampled_from([1, 1, 2, 5]))
        def days_go_by(self, days: int) -> None:
            self.day += timedelta(days=days)

        @rule(source=diners, into=diners)
        def merge(self, source: str, into: str) -> None:
            merge_points(self.session, source, into, now=NOW)
            self.model.merge(source, into)

        def some_hold(self, state: str, which: int) -> str:
            """A hold in this state; any one when there is none."""
            fitting = [key for key, hold in self.model.holds.items() if hold.state == state] or list(self.model.holds)
            return fitting[which % len(fitting)]

        def some_points(self, diner: str, share: int) -> int:
            usable = self.model.numbers(diner, self.day)[1]
            return -(-usable * share // 3) or usable + 1

        @invariant()
        def every_member_sees_what_the_model_says(self) -> None:
            for diner in DINERS:
                seen = points_of(self.session, diner, day=self.day)
                numbers = (balance_of(self.session, diner), seen.usable, seen.pending, seen.held, seen.owed, seen.next_expiry)
                assert numbers == self.model.numbers(diner, self.day)

        @invariant()
        def the_proof_finds_nothing(self) -> None:
            assert prove_points(self.session) == []

    return LifeOfPoints


def members_join(session: Session) -> None:
    session.execute(insert(Diner), [{"id": diner, "following": True, "met_at": NOW, "followed_at": NOW} for diner in DINERS])


def test_any_history_on_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with one_session(on_sqlite(sqlite_template, tmp_path), members_join) as (session, _):
        run_state_machine_as_test(life_of_points(session), settings=histories(1000, steps=15))


def test_any_history_on_mariadb(mariadb_url: str) -> None:
    with one_session(on_mariadb(mariadb_url), members_join) as (session, _):
        run_state_machine_as_test(life_of_points(session), settings=histories(30, steps=15))
