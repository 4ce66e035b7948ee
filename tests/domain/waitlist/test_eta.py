"""The range of minutes: from the floor, the line, and how long parties stay."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.storage import Database
from domain.tables.service import end_session, scan_table
from domain.waitlist.eta import Eta, Stretch, Waiting, estimate
from domain.waitlist.floor import Place, default_turns, measured_turns
from domain.waitlist.models import QueueDay, QueuePromise
from domain.waitlist.promises import calibrated, kept_promises, turn_times
from domain.waitlist.rules import letter_of_table
from tests.clock import SettableClock
from tests.domain.waitlist.door import SHOP, Door

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
AS_IT_IS = Stretch()
HOUR = {"A": (3600,), "B": (3600,), "C": (3600,), "D": (3600,)}  # everybody stays exactly an hour


def place(seats: int, *, sat: int | None = None, booked: int | None = None) -> Place:
    """A table. Args: sat: minutes since its party sat down; booked: minutes until its booking."""
    since = None if sat is None else NOW - timedelta(minutes=sat)
    return Place(f"T{seats}", seats, letter_of_table(seats), since, None if booked is None else NOW + timedelta(minutes=booked))


def eta(*places: Place, line: str, stretch: Stretch = AS_IT_IS) -> Eta:
    """Args: line: sizes of the parties, the one that asks last."""
    waiting = [Waiting(letter_of_table(int(size)), int(size)) for size in line.split()]
    return estimate(places, waiting, HOUR, stretch=stretch, now=NOW, seed="x")


def test_a_free_table_is_no_wait() -> None:
    assert eta(place(2), line="2").raw_high_s == 0
    assert (eta(place(2), line="2").low, eta(place(2), line="2").high) == (0, 5)


def test_a_party_waits_until_the_first_table_of_its_line_is_free() -> None:
    assert eta(place(2, sat=20), place(2, sat=50), line="2").raw_high_s == 600


def test_parties_ahead_take_the_tables_that_come_free_first() -> None:
    assert eta(place(2, sat=20), place(2, sat=50), line="2 2").raw_high_s == 40 * 60
    assert eta(place(2, sat=20), place(2, sat=50), line="2 2 2").raw_high_s == 70 * 60


def test_a_larger_table_counts_only_when_nobody_of_its_own_line_waits() -> None:
    assert eta(place(2, sat=0), place(4, sat=50), line="2").raw_high_s == 600
    assert eta(place(2, sat=0), place(4, sat=50), line="4 2").raw_high_s == 3600


def test_a_table_with_too_few_seats_is_no_table_for_the_party() -> None:
    assert eta(place(3), place(4, sat=30), line="4").raw_high_s == 1800


def test_a_table_that_is_booked_soon_is_free_only_after_the_booking() -> None:
    assert eta(place(2, booked=30), line="2").raw_high_s == 90 * 60
    assert eta(place(2, booked=90), line="2").raw_high_s == 0


def test_who_stays_longer_than_anybody_may_go_any_moment() -> None:
    assert eta(place(2, sat=300), line="2").raw_high_s <= 900


def test_what_was_learned_stretches_what_is_told_and_not_what_is_learned_from() -> None:
    told = eta(place(2, sat=0), line="2", stretch=Stretch(100, 150))

    assert (told.low, told.high, told.raw_low_s, told.raw_high_s) == (60, 90, 3600, 3600)


def test_one_seed_one_range_and_wider_for_who_is_further_behind() -> None:
    dice = random.Random(3)
    floor = [place(seats, sat=dice.randrange(90)) for seats in [2] * 6 + [4] * 8]
    line = [Waiting("B", 4)] * 12

    def ask(ahead: int, seed: str = "x") -> Eta:
        return estimate(tuple(floor), line[: ahead + 1], default_turns(), stretch=AS_IT_IS, now=NOW, seed=seed)

    assert ask(8) == ask(8)
    assert ask(0).raw_high_s < ask(4).raw_high_s < ask(11).raw_high_s


def test_turn_times_are_the_stores_own_from_thirty_seatings_on() -> None:
    few, enough = [1800] * 29, list(range(1800, 1800 + 60 * 40, 60))

    turns = measured_turns({"A": few, "B": enough})

    assert turns["A"] == default_turns()["A"]
    assert turns["B"][0] < turns["B"][-1]
    assert turns["B"][0] >= 1800
    assert turns["B"][-1] < 1800 + 60 * 40
    assert len(turns["B"]) == len(default_turns()["B"])


async def test_a_day_begins_with_what_was_measured_at_the_tables(database: Database, clock: SettableClock) -> None:
    door = Door(database, clock)
    await door.meets("wang")

    def eat(session: Session) -> None:
        for _ in range(30):
            seat = scan_table(session, SHOP.stores["one"], "A1", "wang", now=clock.now())
            end_session(session, seat.session_id, reason="paid", now=clock.advance(minutes=5))

    await database.transaction(eat)

    measured = await database.read(turn_times, SHOP.stores["one"], now=clock.now())
    await door.takes(2)

    assert set(measured["A"]) == {300}
    [day] = await door.rows(QueueDay)
    assert day["turns"] == measured


async def test_promises_learn_from_those_that_were_not_kept(database: Database, clock: SettableClock) -> None:
    door = Door(database, clock)
    tickets = await door.crowd(2, 30)
    same = {"raw_low_s": 900, "raw_high_s": 1200, "judged_at": clock.now()}
    judged = [same | {"ticket_id": ticket, "waited_s": 600 + late * 60, "kept": late < 10} for late, ticket in enumerate(tickets)]
    await database.transaction(lambda session: session.execute(update(QueuePromise), judged))

    assert await database.read(calibrated, "one") == Stretch((600 + 6 * 60) * 100 // 900, (600 + 24 * 60) * 100 // 1200)
    assert await database.read(calibrated, "two") == Stretch(100, 100)
    day = SHOP.brand.business_day(clock.now())
    assert await database.read(kept_promises, "one", (day, day)) == (10, 30)
