"""Whatever happens to experiences, in whatever order: nothing is overbooked after any step, the list is served in turn, money agrees.

What is free is reckoned anew from bookings and offers alone, never from the counters that prevent overbooking.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.experiences.calling_off import call_off, decide
from domain.experiences.changing import change_experience
from domain.experiences.errors import SessionFullError
from domain.experiences.lifecycle import Side, cancel_experience, experience_paid, lapse_hold
from domain.experiences.listing import ExperienceBooking, WaitingPlace, get_booking, get_waiting
from domain.experiences.models import BookedExperience, ExperienceSession, WaitingParty
from domain.experiences.offering import hold_session
from domain.experiences.paying import ask_payment
from domain.experiences.proof import prove_experiences
from domain.experiences.rules import LIVING, ExperienceState, WaitingState
from domain.experiences.service import book_experience
from domain.experiences.sessions import SessionNow, get_session, on_sale
from domain.experiences.waiting import close_list, decline_offer, join_waiting, lapse_offer, leave_waiting, take_offer
from domain.experiences.wishes import ExperienceWish
from domain.kernel.errors import DomainError
from domain.members.models import Diner
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.payments.service import confirm_payment
from tests.domain.any_history import histories, on_mariadb, on_sqlite, one_session
from tests.domain.experiences.calendar import shop_of, wall
from tests.schema import SqliteTemplate

NOW = wall("2026-11-26 20:00")
DINERS = tuple(f"diner-{letter}" for letter in "abcdefgh")
SESSIONS = (("dough", wall("2026-11-28 11:00")), ("dough", wall("2026-11-28 16:00")), ("tasting", wall("2026-11-29 10:00")))
SHOPS = tuple(
    shop_of(("places: 6\n    adults", f"places: {places}\n    adults"), ("number: 3", f"number: {kits}"))
    for places, kits in ((6, 3), (4, 3), (8, 5))
)

which = st.integers(0, 30)
session_numbers = st.sampled_from([0, 0, 0, 1, 2])
diners = st.sampled_from(DINERS)
adults, children = st.sampled_from([1, 1, 2, 2, 3, 4]), st.sampled_from([0, 0, 1, 2, 3])


def life_of_experiences(session: Session) -> type[RuleBasedStateMachine]:
    """A machine whose histories each run in one transaction, rolled back at the end."""

    class LifeOfExperiences(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.now, self.shop, self.number = NOW, SHOPS[0], 0
            session.connection()  # begins

        def teardown(self) -> None:
            session.rollback()

        @rule(of=session_numbers, adults=adults, children=children, who=diners)
        def book(self, of: int, adults: int, children: int, who: str) -> None:
            try:
                book_experience(session, self.shop, self.wish(of, adults, children), diner_id=who, key=self.key(), now=self.now)
            except SessionFullError:
                assert self.has_no_room(of, adults, children)
            except DomainError:
                pass  # closed by then, booked already: their own tests tell

        @rule(of=session_numbers, adults=adults, children=children, who=diners)
        def wait(self, of: int, adults: int, children: int, who: str) -> None:
            self.tried(
                lambda: join_waiting(session, self.shop, self.wish(of, adults, children), diner_id=who, key=self.key(), now=self.now)
            )

        @precondition(lambda self: self.living())
        @rule(which=which, adults=adults, children=children, to=st.sampled_from([None, None, 0, 1]))
        def change(self, which: int, adults: int, children: int, to: int | None) -> None:
            booked = self.some(self.living(), which)
            at = None if to is None or booked.experience_id != "dough" else SESSIONS[to][1]
            party = {"diner_id": None, "version": booked.version, "adults": adults, "children": children, "ages": (), "starts_at": at}
            try:
                change_experience(session, self.shop, booked.id, **party, key=self.key(), now=self.now)  # type: ignore[arg-type]
            except DomainError:
                after = get_booking(session, booked.id)
                paid_meanwhile = booked.state is ExperienceState.HELD and after.state is ExperienceState.BOOKED
                assert paid_meanwhile or after == booked

        @precondition(lambda self: self.living())
        @rule(which=which, by=st.sampled_from([Side.DINER, Side.DINER, Side.STAFF]))
        def cancel(self, which: int, by: Side) -> None:
            booked = self.some(self.living(), which)
            whose = booked.diner_id if by is Side.DINER else None
            self.tried(lambda: cancel_experience(session, self.shop, booked.id, diner_id=whose, by=by, now=self.now))

        @precondition(lambda self: self.living(ExperienceState.HELD))
        @rule(which=which, confirmed=st.booleans(), heard=st.booleans())
        def pay(self, which: int, confirmed: bool, heard: bool) -> None:
            booked = self.some(self.living(ExperienceState.HELD), which)
            self.tried(lambda: ask_payment(session, booked.id, diner_id=booked.diner_id, now=self.now))
            if confirmed:
                self.confirm(0)
            if heard:
                experience_paid(session, self.shop, booked.id, now=self.now)

        @rule(which=which)
        def a_bill_is_paid_perhaps_late(self, which: int) -> None:
            self.confirm(which)

        @precondition(lambda self: self.on_list())
        @rule(which=which, act=st.sampled_from(["take", "take", "decline", "leave"]))
        def answer(self, which: int, act: str) -> None:
            place = self.some(self.on_list(), which)
            whose: Any = {"diner_id": place.diner_id, "now": self.now}
            acts: dict[str, Callable[[], Any]] = {
                "take": lambda: take_offer(session, self.shop, place.id, key=self.key(), **whose),
                "decline": lambda: decline_offer(session, self.shop, place.id, **whose),
                "leave": lambda: leave_waiting(session, self.shop, place.id, **whose),
            }
            self.tried(acts[act])

        @rule(minutes=st.sampled_from([5, 15, 60, 120, 600, 900]))
        def time_goes_by(self, minutes: int) -> None:
            self.now += timedelta(minutes=minutes)

        @rule(twice=st.booleans())
        def what_is_due_is_heard(self, twice: bool) -> None:
            for _ in range(1 + twice):
                for place in self.on_list():
                    lapse_offer(session, self.shop, place.id, now=self.now)
                for booked in self.living(ExperienceState.HELD):
                    lapse_hold(session, self.shop, booked.id, now=self.now)
                for booked in self.living(ExperienceState.HELD):
                    experience_paid(session, self.shop, booked.id, now=self.now)
                for there in self.sessions():
                    decide(session, self.shop, there.id, now=self.now)
                    close_list(session, self.shop, there.id, now=self.now)

        @precondition(lambda self: self.sessions())
        @rule(which=st.integers(0, 12))
        def call_off(self, which: int) -> None:
            if which < len(self.sessions()):
                call_off(session, self.sessions()[which].id, by="staff-1", now=self.now)

        @rule(which=st.sampled_from(SHOPS))
        def the_shop_file_changes(self, which: Any) -> None:
            self.shop = which
            for there in self.sessions():
                hold_session(session, which, there.id, now=self.now)

        @invariant()
        def every_counter_and_every_fen_agrees(self) -> None:
            assert prove_experiences(session) == []

        @invariant()
        def nothing_is_overbooked(self) -> None:
            for there in self.sessions():
                places, kids, grown, kits = self.taken(there.id)
                assert places <= there.places
                assert there.adults_most is None or grown <= there.adults_most
                assert there.children_most is None or kids <= there.children_most
                assert there.kits_most is None or kits <= there.kits_most

        @invariant()
        def nobody_waits_for_what_is_free(self) -> None:
            for place in self.on_list(WaitingState.WAITING):
                there = get_session(session, place.session_id)
                if there.called_off_at is None and self.now < there.closes_at and on_sale(self.shop, there) is not None:
                    assert self.refused(there, place.adults, place.children), place

        @invariant()
        def nobody_is_passed_without_a_reason(self) -> None:
            rows = session.execute(select(WaitingParty).execution_options(populate_existing=True)).scalars().all()
            for waits in rows:
                for other in rows:
                    served = other.session_id == waits.session_id and other.place > waits.place and other.offered_at is not None
                    if waits.state == WaitingState.WAITING and served:
                        assert waits.passed

        @invariant()
        def an_offer_ends_before_booking_does(self) -> None:
            for place in self.on_list(WaitingState.OFFERED):
                assert place.offer_until is not None
                assert place.offer_until <= get_session(session, place.session_id).closes_at

        def wish(self, of: int, adults: int, children: int) -> ExperienceWish:
            return ExperienceWish(SESSIONS[of][0], "one", SESSIONS[of][1], adults, children)

        def has_no_room(self, of: int, adults: int, children: int) -> bool:
            name, at = SESSIONS[of]
            there = [one for one in self.sessions() if (one.experience_id, one.starts_at) == (name, at)]
            return any(self.refused(one, adults, children) for one in there)

        def refused(self, there: SessionNow, adults: int, children: int) -> bool:
            """Whether a party does not fit, reckoned anew from bookings and offers alone."""
            places, kids, grown, kits = self.taken(there.id)
            experience = self.shop.experiences[there.experience_id]
            limits = (
                (places + adults + children, experience.places),
                (kids + children, experience.children),
                (grown + adults, experience.adults),
                (kits + (children if experience.kits else 0), experience.kits.number if experience.kits else None),
            )
            return any(most is not None and wanted > most for wanted, most in limits)

        def taken(self, session_id: str) -> tuple[int, int, int, int]:
            have = [booked for booked in self.living() if booked.session_id == session_id]
            kept = [place for place in self.on_list(WaitingState.OFFERED) if place.session_id == session_id]
            parties = [(one.adults, one.children, one.kits) for one in (*have, *kept)]
            grown, kids, kits = (sum(party[part] for party in parties) for part in range(3))
            return grown + kids, kids, grown, kits

        def sessions(self) -> list[SessionNow]:
            return [
                get_session(session, found)
                for found in session.execute(select(ExperienceSession.id).order_by(ExperienceSession.id)).scalars().all()
            ]

        def living(self, *states: ExperienceState) -> list[ExperienceBooking]:
            of = select(BookedExperience.id).where(BookedExperience.state.in_(states or LIVING)).order_by(BookedExperience.id)
            return [get_booking(session, found) for found in session.execute(of).scalars().all()]

        def on_list(self, *states: WaitingState) -> list[WaitingPlace]:
            wanted = states or (WaitingState.WAITING, WaitingState.OFFERED)
            of = select(WaitingParty.id).where(WaitingParty.state.in_(wanted)).order_by(WaitingParty.session_id, WaitingParty.place)
            return [get_waiting(session, found) for found in session.execute(of).scalars().all()]

        def confirm(self, which: int) -> None:
            bills = select(Payment.id, Payment.fen).where(Payment.state != PaymentState.PAID).order_by(Payment.id.desc())
            found = session.execute(bills).all()
            if found:
                bill, fen = found[which % len(found)]
                confirm_payment(session, bill, fen=fen, method="simulated", external_no=f"sim-{bill}", now=self.now)

        def some(self, of: list[Any], which: int) -> Any:
            return of[which % len(of)]

        def key(self) -> str:
            self.number += 1
            return f"act {self.number}"

        def tried(self, act: Callable[[], Any]) -> None:
            with suppress(DomainError):  # what is refused and why: their own tests tell
                act()

    return LifeOfExperiences


def diners_come(session: Session) -> None:
    session.execute(insert(Diner), [{"id": diner, "following": True, "met_at": NOW, "followed_at": NOW} for diner in DINERS])


def test_any_history_on_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with one_session(on_sqlite(sqlite_template, tmp_path), diners_come) as (session, _):
        run_state_machine_as_test(life_of_experiences(session), settings=histories(15, steps=25))


def test_any_history_on_mariadb(mariadb_url: str) -> None:
    with one_session(on_mariadb(mariadb_url), diners_come) as (session, _):
        run_state_machine_as_test(life_of_experiences(session), settings=histories(4, steps=25))
