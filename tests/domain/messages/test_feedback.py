"""Reports of the platform that cross with the worker's own writing."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.departures import Departure, depart, settle
from domain.messages.facts import Channels
from domain.messages.feedback import template_reported
from domain.messages.models import Message
from domain.messages.rules import MessageState, Purpose
from domain.messages.service import request
from domain.storage.database import ROUTES, WOKEN
from tests.conftest import Nobody
from tests.domain.any_history import on_mariadb

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KIND = "booking_reminder"


@pytest.fixture
def server(mariadb_url: str) -> Iterator[Engine]:
    engine = on_mariadb(mariadb_url)
    yield engine
    engine.dispose()


def at_the_desk(server: Engine) -> Session:
    return Session(server, info={ROUTES: Nobody(), WOKEN: set()})


def sent_to(server: Engine) -> tuple[str, str]:
    """A template message that is being sent. Returns: the diner and the message."""
    with at_the_desk(server) as session, session.begin():
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=NOON)
        content = {"reply": {"kind": "text", "text": "好"}, "template": {"kind": KIND, "fields": {}}}
        request(session, Purpose.BOOKING, diner, content, key="k", now=NOON)
        message = session.execute(select(Message.id)).scalar_one()
        channels = Channels(templates=frozenset({KIND}), templates_a_day=10)
        assert isinstance(depart(session, message, channels=channels, zone=ZoneInfo("Asia/Shanghai"), now=NOON), Departure)
    return diner, message


@pytest.mark.parametrize("written_after", [0, 1, 2])
def test_a_report_is_heard_whenever_the_worker_writes_down_what_it_sent(server: Engine, written_after: int) -> None:
    diner, message = sent_to(server)
    asked = 0

    def worker_writes(connection: Connection, *rest: object) -> None:
        nonlocal asked
        if asked == written_after:
            with at_the_desk(other) as session, session.begin():
                settle(session, message, MessageState.SENT, None, now=NOON, platform_id="77")
        asked += 1

    other = on_mariadb(server.url.render_as_string(hide_password=False))
    event.listen(server, "before_cursor_execute", worker_writes)
    with at_the_desk(server) as session, session.begin():
        template_reported(session, diner, "77", "failed:user block", now=NOON)
    event.remove(server, "before_cursor_execute", worker_writes)
    other.dispose()

    with at_the_desk(server) as session:
        told = session.get_one(Message, message)
        assert (told.state, told.reason, told.platform_id) == ("failed", "user_block", "77")
