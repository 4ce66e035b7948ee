"""Whole evenings through the real service: the promises of the waitlist, counted. evenings.py plays them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.storage import Database
from domain.waitlist.board import board_of
from domain.waitlist.models import QueueMove, QueuePromise, QueueTicket
from domain.waitlist.rules import AT_CALL, CALLS_PER_JUMP, IN_LINE
from tests.domain.waitlist.evenings import SHOP, Evening, arrivals, in_one_strict_line, passed_without_a_reason, play

FIVE_IN_THE_AFTERNOON = datetime(2026, 11, 2, 9, tzinfo=UTC)


def promised(session: Session) -> tuple[list[bool], list[bool]]:
    """Of promises of more than nothing, to parties that were called: whether the call came in time, and whether too early."""
    judged = select(QueuePromise.kept, QueuePromise.waited_s, QueuePromise.low)
    rows = session.execute(judged.where(QueuePromise.waited_s.is_not(None), QueuePromise.raw_high_s >= 300)).all()
    return [bool(row.kept) for row in rows], [(row.waited_s or 0) < row.low * 60 for row in rows]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_five_full_evenings_keep_four_promises_in_five_and_seat_a_tenth_more_guests_than_one_strict_line(database: Database) -> None:
    served = strict = 0
    for day in range(5):
        parties = arrivals(day, a_minute=0.45)
        evening = await play(database, Evening(FIVE_IN_THE_AFTERNOON + timedelta(days=day), parties))
        served += evening.served
        strict += in_one_strict_line(parties)

    kept, early = await database.read(promised)
    assert len(kept) > 200
    assert 0.75 <= sum(kept) / len(kept) <= 0.90
    assert sum(early) / len(early) <= 0.35
    assert served >= strict * 1.10
    assert await database.read(passed_without_a_reason) == []


async def test_nobody_is_passed_without_a_reason_when_some_miss_their_call_and_some_have_priority(database: Database) -> None:
    parties = arrivals(7, a_minute=0.9, minutes=45, oddities=True)
    begins = FIVE_IN_THE_AFTERNOON

    await play(database, Evening(begins, parties))

    def told(session: Session) -> tuple[set[str], list[str], list[str]]:
        reasons = set(session.execute(select(QueueMove.reason).where(QueueMove.move == "passed")).scalars())
        calls = list(session.execute(select(QueueMove.reason).where(QueueMove.move == "called").order_by(QueueMove.id)).scalars())
        live = session.execute(select(QueueTicket.id).where(QueueTicket.state.in_(IN_LINE | AT_CALL))).scalars()
        return reasons, calls, list(live)

    reasons, calls, live = await database.read(told)
    assert await database.read(passed_without_a_reason) == []
    assert reasons == {"priority"}
    jumps = [place for place, reason in enumerate(calls) if reason == "priority"]
    assert all(later - earlier >= CALLS_PER_JUMP for earlier, later in pairwise(jumps))
    assert jumps[0] >= CALLS_PER_JUMP - 1
    assert live == []
    board = await database.read(board_of, SHOP, "one", now=begins + timedelta(hours=3))
    assert (board.jumps, board.called) == (len(jumps), len(calls))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_query_finds_a_party_that_was_passed_and_nobody_wrote_why(database: Database) -> None:
    await play(database, Evening(FIVE_IN_THE_AFTERNOON, arrivals(7, a_minute=0.9, minutes=30, oddities=True)))
    assert await database.read(passed_without_a_reason) == []

    await database.transaction(
        lambda session: session.execute(QueueMove.__table__.delete().where(QueueMove.move == "passed"))  # type: ignore[attr-defined]
    )

    assert await database.read(passed_without_a_reason) != []
