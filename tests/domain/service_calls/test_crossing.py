"""A call that is repeated in the moment in which it is finished, as it may be on MariaDB."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.service_calls.rules import LIVE, CallKind
from domain.service_calls.service import Called, call_staff, finish_call
from domain.tables.service import scan_table
from tests.domain.crossing import LONGEST, crossed, done
from tests.domain.shops import small_shop

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
STORE = small_shop().stores["one"]


def test_who_calls_again_while_a_waiter_finishes_the_call_is_heard(server: Engine) -> None:
    diner = done(server, partial(meet_diner, vault=Vault(b"s" * 32), openid="o1", now=NOW))
    done(server, partial(scan_table, store=STORE, table_code="A01", diner_id=diner, now=NOW))
    for before in range(LONGEST):
        now = NOW + timedelta(minutes=5 * before)
        calls = partial(call_staff, store=STORE, table_code="A01", kind=CallKind.WATER, diner_id=diner, now=now)
        first: Called = done(server, calls)
        done(server, calls)  # the one time that the staff are told once more

        again, finished, crossing = crossed(
            server, calls, partial(finish_call, store=STORE, call_id=first.call.id, by="wang", now=now), before=before
        )

        assert again.call.state in LIVE, f"before statement {before}: a call that nobody answers"
        assert not isinstance(finished, Exception)
        if again.call.id != first.call.id:
            done(server, partial(finish_call, store=STORE, call_id=again.call.id, by="wang", now=now))
        if not crossing:
            return
    pytest.fail("the act had no end")
