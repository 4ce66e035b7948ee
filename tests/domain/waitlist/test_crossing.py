"""What staff and diners do at one floor in the same moment, as it may be on MariaDB."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from domain.members.models import Diner
from domain.tables.service import end_session, find_seat_at, scan_table
from domain.waitlist.arriving import mark_here
from domain.waitlist.calling import call_next, miss_call
from domain.waitlist.line import ticket_in
from domain.waitlist.parties import move_party
from domain.waitlist.rules import AT_CALL, TicketState
from domain.waitlist.seating import claims_of
from domain.waitlist.service import close_number, take_number
from tests.domain.crossing import LONGEST, crossed, done
from tests.domain.waitlist.door import SHOP

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
STORE = SHOP.stores["one"]
BY = {"by": "host", "now": NOW}


def met(server: Engine, diner: str) -> str:
    row = {"id": diner, "following": True, "met_at": NOW, "followed_at": NOW}
    done(server, lambda session: session.execute(insert(Diner), row))
    return diner


def parties_at(session: Session, table: str) -> list[str]:
    """Who has a table: by a scan, and by a number."""
    seat = find_seat_at(session, STORE.id, table, now=NOW)
    called = [claim.number for claim in claims_of(session, STORE, date(2026, 11, 21), now=NOW) if claim.table_code == table]
    return called + ([] if seat is None else [seat.session_id])


def test_a_table_to_which_a_party_is_moved_is_not_called_out_to_another(server: Engine) -> None:
    diner = met(server, "diner")
    for before in range(LONGEST):
        seat = done(server, partial(scan_table, store=STORE, table_code="B1", diner_id=diner, now=NOW))
        waits = done(server, partial(take_number, shop=SHOP, store_id="one", diner_id=None, people=4, **BY)).ticket

        moved, called, crossing = crossed(
            server,
            partial(move_party, shop=SHOP, store=STORE, table="B1", to="B2", **BY),
            partial(call_next, shop=SHOP, store_id="one", table_code="B2", **BY),
            before=before,
        )

        assert isinstance(moved, Exception) or isinstance(called, Exception), f"before statement {before}"
        assert len(done(server, partial(parties_at, table="B2"))) == 1, f"before statement {before}: {moved}, {called}"
        if not crossing:
            return
        done(server, partial(end_session, session_id=seat.session_id, reason="staff", now=NOW))
        done(server, partial(close_number, shop=SHOP, store_id="one", ticket_id=waits.id, **BY))
    pytest.fail("the act had no end")


@pytest.mark.parametrize("first_is", ["host", "diner"])
def test_a_number_of_yesterday_that_two_end_in_one_moment_keeps_neither_from_a_new_one(server: Engine, first_is: str) -> None:
    for before in range(LONGEST):
        diner, tomorrow = met(server, f"diner-{before}"), NOW + timedelta(days=before + 1)
        yesterday = NOW + timedelta(days=before)
        taken = done(server, partial(take_number, shop=SHOP, store_id="one", diner_id=diner, people=2, by=diner, now=yesterday))
        of_host = partial(take_number, shop=SHOP, store_id="one", diner_id=None, people=2, by="host", now=tomorrow)
        of_diner = partial(take_number, shop=SHOP, store_id="two", diner_id=diner, people=2, by=diner, now=tomorrow)

        acts = {"one": of_host, "two": of_diner} if first_is == "host" else {"two": of_diner, "one": of_host}
        *numbers, crossing = crossed(server, *acts.values(), before=before)

        for at, number in zip(acts, numbers, strict=True):
            assert not isinstance(number, Exception), f"before statement {before}: {number!r}"
            done(server, partial(close_number, shop=SHOP, store_id=at, ticket_id=number.ticket.id, by="host", now=tomorrow, mistake=True))
        assert done(server, partial(ticket_in, store_id="one", ticket_id=taken.ticket.id)).state == TicketState.VOID
        if not crossing:
            return
    pytest.fail("the act had no end")


def test_a_party_that_the_host_sees_while_it_is_called_has_arrived(server: Engine) -> None:
    for before in range(LONGEST):
        waits = done(server, partial(take_number, shop=SHOP, store_id="one", diner_id=None, people=4, **BY)).ticket
        sees = partial(mark_here, store_id="one", ticket_id=waits.id, **BY)
        calls = partial(call_next, shop=SHOP, store_id="one", table_code="B1", **BY)

        seen, called, crossing = crossed(server, sees, calls, before=before)

        assert not isinstance(seen, Exception)
        assert not isinstance(called, Exception)
        at_last = done(server, partial(ticket_in, store_id="one", ticket_id=waits.id))
        if seen.state in AT_CALL:
            assert at_last.state == TicketState.ARRIVED, f"before statement {before}"
        if not crossing:
            return
        done(server, partial(miss_call, shop=SHOP, store_id="one", ticket_id=waits.id, **BY))
    pytest.fail("the act had no end")
