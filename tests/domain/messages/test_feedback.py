"""Reports of the platform that cross with the worker's own writing."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.departures import Departure, depart, settle
from domain.messages.facts import Channels
from domain.messages.feedback import template_reported
from domain.messages.models import Message
from domain.messages.rules import MessageState, Purpose
from domain.messages.service import request
from tests.domain.crossing import at_the_desk, crossed

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KIND = "booking_reminder"


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
    reports = partial(template_reported, diner_id=diner, platform_id="77", status="failed:user block", now=NOON)
    writes = partial(settle, message_id=message, state=MessageState.SENT, reason=None, now=NOON, platform_id="77")

    _, _, crossing = crossed(server, reports, writes, before=written_after)

    assert crossing
    with at_the_desk(server) as session:
        told = session.get_one(Message, message)
        assert (told.state, told.reason, told.platform_id) == ("failed", "user_block", "77")
