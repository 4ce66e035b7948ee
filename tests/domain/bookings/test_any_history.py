"""Whatever happens to bookings, in whatever order: no overlap after any step, no limit passed, and a house is called full only when it is.

The night is the one in which the clocks of Berlin go back; stays cross midnight, tables are pushed together, parties move.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.bookings.choosing import choose_tables
from domain.bookings.errors import FullError
from domain.bookings.finding import Wish, candidates, limits_of, stay_at
from domain.bookings.lifecycle import cancel_booking, finish_booking, miss_booking, seat_booking
from domain.bookings.listing import Booked, _read, get_booking
from domain.bookings.models import Booking, BookingPace
from domain.bookings.opening import opening_at
from domain.bookings.proof import prove_bookings
from domain.bookings.rules import LIVING
from domain.bookings.service import book, change_booking, extend_booking
from domain.kernel.errors import DomainError
from domain.members.models import Diner
from domain.shop.store import Store
from tests.domain.any_history import histories, on_mariadb, on_sqlite, one_session
from tests.domain.bookings.floors import SHOP, wall
from tests.schema import SqliteTemplate

NOW = wall("2026-10-24 12:00")
DINERS = ("diner-a", "diner-b", "diner-c")
STORES = ("night", "night", "night", "berlin", "day", "single")

starts = st.one_of(st.integers(12, 36), st.integers(84, 108), st.integers(0, 17 * 12)).map(  # the rush, midnight, any time
    lambda fives: wall("2026-10-24 17:00") + timedelta(minutes=5 * fives)
)
people = st.sampled_from([1, 2, 2, 3, 4, 4, 6, 7, 8, 10])
which = st.integers(0, 30)


def free_by_hand(living: list[Booked], store: Store, wish: Wish) -> bool:
    """Whether some place is free, reckoned anew from the bookings alone."""
    opening, limits = opening_at(store, wish.starts_at), limits_of(store)
    assert opening is not None
    others = [booked.stay for booked in living if booked.store_id == store.id]
    for place in candidates(store, wish):
        stay = stay_at(store, place, wish, opening)
        clash = any(
            set(other.tables) & set(stay.tables) and other.held_from < stay.held_until and stay.held_from < other.held_until
            for other in others
        )
        arriving = sum(other.people for other in others if other.held_from == stay.held_from)
        present = max(sum(other.people for other in others if other.held_from <= unit < other.ends_at) for unit in stay.present)
        if not clash and arriving + wish.people <= limits.starting and present + wish.people <= limits.present:
            return True
    return False


def life_of_bookings(session: Session) -> type[RuleBasedStateMachine]:
    """A machine whose histories each run in one transaction, rolled back at the end."""

    class LifeOfBookings(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.now = NOW
            self.number = 0
            session.connection()  # begins

        def teardown(self) -> None:
            session.rollback()

        @rule(store=st.sampled_from(STORES), start=starts, people=people, who=st.sampled_from([*DINERS, None, None, None]))
        def one_asks(self, store: str, start: Any, people: int, who: str | None) -> None:
            self.ask(store, start, people, who)

        @rule(start=starts, sizes=st.lists(people, min_size=3, max_size=5))
        def several_ask_for_one_time(self, start: Any, sizes: list[int]) -> None:
            for size in sizes:
                self.ask("night", start, size, None)

        def ask(self, store: str, start: Any, people: int, who: str | None) -> None:
            self.number += 1
            wish, living = Wish(start, people), self.living()
            try:
                book(session, SHOP, store, who, wish, key=f"{self.number}", now=self.now)
            except FullError:
                assert not free_by_hand(living, SHOP.stores[store], wish)
            except DomainError:
                pass  # closed then, too soon, a table there already: their own tests tell

        @precondition(lambda self: self.living())
        @rule(which=which, start=starts, people=people, store=st.sampled_from([None, None, *STORES]))
        def change(self, which: int, start: Any, people: int, store: str | None) -> None:
            booked = self.some(which)
            wish = replace(booked.wish, starts_at=start, people=people, room=False)
            others = [other for other in self.living() if other.id != booked.id]
            try:
                change_booking(session, SHOP, booked.id, wish, version=booked.version, diner_id=None, store_id=store, now=self.now)
            except FullError:
                assert not free_by_hand(others, SHOP.stores[store or booked.store_id], wish)
                assert get_booking(session, booked.id) == booked
            except DomainError:
                assert get_booking(session, booked.id) == booked

        @precondition(lambda self: self.living())
        @rule(which=which, minutes=st.sampled_from([5, 15, 45, 120]))
        def extend(self, which: int, minutes: int) -> None:
            booked = self.some(which)
            self.tried(lambda: extend_booking(session, SHOP, booked.id, minutes, diner_id=None, now=self.now))

        @precondition(lambda self: self.living())
        @rule(which=which, tables=st.lists(st.integers(0, 5), min_size=1, max_size=3), force=st.booleans())
        def choose(self, which: int, tables: list[int], force: bool) -> None:
            booked = self.some(which)
            codes = list(SHOP.stores[booked.store_id].tables)
            chosen = [codes[table % len(codes)] for table in tables]
            self.tried(
                lambda: choose_tables(session, SHOP, booked.id, chosen, by="staff", version=booked.version, now=self.now, force=force)
            )

        @precondition(lambda self: self.living())
        @rule(which=which, end=st.sampled_from(["cancel", "seat", "finish", "miss"]))
        def end(self, which: int, end: str) -> None:
            booked_id = self.some(which).id
            self.tried(
                {
                    "cancel": lambda: cancel_booking(session, booked_id, diner_id=None, now=self.now),
                    "seat": lambda: seat_booking(session, SHOP, booked_id, now=self.now),
                    "finish": lambda: finish_booking(session, booked_id, now=self.now),
                    "miss": lambda: miss_booking(session, SHOP, booked_id, now=self.now),
                }[end]
            )

        @rule(minutes=st.sampled_from([10, 60, 240]))
        def time_goes_by(self, minutes: int) -> None:
            self.now += timedelta(minutes=minutes)

        def living(self) -> list[Booked]:
            return _read(session, select(Booking).where(Booking.state.in_(LIVING)).order_by(Booking.id))

        def some(self, which: int) -> Booked:
            living = self.living()
            return living[which % len(living)]

        def tried(self, act: Callable[[], Any]) -> None:
            before = self.living()
            try:
                act()
            except DomainError:
                assert self.living() == before

        @invariant()
        def there_is_no_overlap_and_every_quarter_and_guest_is_accounted_for(self) -> None:
            assert prove_bookings(session) == []

        @invariant()
        def no_limit_is_passed(self) -> None:
            most = select(BookingPace.store_id, func.max(BookingPace.arriving), func.max(BookingPace.present))
            for store_id, arriving, present in session.execute(most.group_by(BookingPace.store_id)):
                limits = limits_of(SHOP.stores[store_id])
                assert arriving <= limits.starting
                assert present <= limits.present

    return LifeOfBookings


def diners_come(session: Session) -> None:
    session.execute(insert(Diner), [{"id": diner, "following": True, "met_at": NOW, "followed_at": NOW} for diner in DINERS])


def test_any_history_on_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with one_session(on_sqlite(sqlite_template, tmp_path), diners_come) as (session, _):
        run_state_machine_as_test(life_of_bookings(session), settings=histories(15, steps=20))


def test_any_history_on_mariadb(mariadb_url: str) -> None:
    with one_session(on_mariadb(mariadb_url), diners_come) as (session, _):
        run_state_machine_as_test(life_of_bookings(session), settings=histories(4, steps=20))
