"""What a party hears while it waits: once each, before everything else when it is called, and nothing for a guest on paper."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.responses import NLU_DATA, Responses
from domain.kernel.ids import new_id
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messages.rules import TERMS, Purpose
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import NOTIFICATIONS, PRINTING, ROUTES
from tests.clock import SettableClock
from tests.schema import SqliteTemplate

_RESPONSES = Responses.load(NLU_DATA / "responses")
_NUMBER = {"ticket_id": "T1", "store_id": "one", "store_name": "一店", "zone": "Asia/Shanghai", "number": "A005", "people": 2}
_CALL = {"table_code": "A1", "reason": "turn", "again": False, "called_at": "2026-11-21T10:30:00+00:00"}


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


class Waiting:
    """A diner who waits, and what they were told."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database = database
        self.clock = clock
        self.diner = diner

    async def hears(self, event: str, fields: Mapping[str, Any], *, event_id: str = "", paper: bool = False) -> list[Message]:
        """After an event about their number. Returns: every message so far. Args: event_id: Of now, unless it is given."""
        payload = {**_NUMBER, "diner_id": None if paper else self.diner, **fields}
        handle = handlers(SnapshotCache(), _RESPONSES)[NOTIFICATIONS][event]
        await self.database.transaction(handle, payload, event_id=event_id or new_id(self.clock.now()), now=self.clock.now())
        return await self.database.read(_messages)


def _messages(session: Session) -> list[Message]:
    return list(session.execute(select(Message).order_by(Message.id)).scalars())


def text_of(message: Message) -> str:
    return str(message.content["reply"]["text"])


@pytest.fixture
async def waiting(database: Database, clock: SettableClock) -> Waiting:
    diner = await database.transaction(meet_diner, Vault(b"k" * 32), "openid-x", now=clock.now())
    return Waiting(database, clock, diner)


async def test_a_call_leaves_before_everything_but_safety_and_also_where_the_window_is_closed(waiting: Waiting) -> None:
    (message,) = await waiting.hears("number_called", _CALL)

    assert message.purpose == Purpose.CALL
    assert sorted(TERMS, key=lambda purpose: TERMS[purpose].priority)[:2] == [Purpose.SAFETY, Purpose.CALL]
    assert "A005号，A1桌空出来了，请到一店" in text_of(message)
    assert message.content["template"]["kind"] == "queue_call"
    assert message.content["template"]["fields"] == {"number": "A005", "store": "一店", "table": "A1", "note": "请尽快到店入座"}


async def test_the_same_call_is_told_once_and_a_second_call_again(waiting: Waiting) -> None:
    await waiting.hears("number_called", _CALL)
    await waiting.hears("number_called", _CALL, event_id="E2")
    later = {**_CALL, "again": True, "called_at": "2026-11-21T10:33:00+00:00"}
    told = await waiting.hears("number_called", later, event_id="E3")

    assert len(told) == 2
    assert "还给您留着" in text_of(told[1])


@pytest.mark.parametrize(
    ("ahead", "show_presence", "parts"),
    [(3, False, ("前面还有3桌",)), (1, True, ("前面还有1桌", "四位到店码")), (0, False, ("下一个就是您",))],
)
async def test_who_comes_near_is_told_so_and_to_show_that_they_are_there(
    waiting: Waiting, ahead: int, show_presence: bool, parts: tuple[str, ...]
) -> None:
    (message,) = await waiting.hears("queue_moved", {"ahead": ahead, "show_presence": show_presence})

    assert all(part in text_of(message) for part in parts)
    assert ("到店码" in text_of(message)) is show_presence
    assert message.expires_at - waiting.clock.now() == timedelta(minutes=10)  # then the line has moved on


async def test_a_missed_call_says_until_when_one_may_come_back_by_the_stores_clock(waiting: Waiting) -> None:
    (message,) = await waiting.hears("number_missed", {"back_until": "2026-11-21T11:30:00+00:00"})

    assert "19:30之前回“重新排”" in text_of(message)


async def test_who_misses_twice_is_out(waiting: Waiting) -> None:
    (message,) = await waiting.hears("number_missed", {"back_until": None})

    assert "作废" in text_of(message)
    assert "重新排" not in text_of(message)


async def test_who_missed_twice_hours_ago_does_not_hear_it_after_an_outage(waiting: Waiting) -> None:
    missed = new_id(waiting.clock.now())
    waiting.clock.advance(hours=5)
    (message,) = await waiting.hears("number_missed", {"back_until": None}, event_id=missed)

    assert message.expires_at <= waiting.clock.now()


async def test_back_in_line_is_told_with_the_place(waiting: Waiting) -> None:
    (message,) = await waiting.hears("number_requeued", {"ahead": 3})

    assert "A005号重新排上了，前面还有3桌" in text_of(message)


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("number_called", _CALL),
        ("queue_moved", {"ahead": 1, "show_presence": False}),
        ("number_missed", {"back_until": None}),
        ("number_requeued", {"ahead": 0}),
    ],
)
async def test_a_guest_on_paper_is_sent_nothing(waiting: Waiting, event: str, fields: Mapping[str, Any]) -> None:
    assert await waiting.hears(event, fields, paper=True) == []


def test_numbers_and_calls_go_to_the_printer_at_the_door() -> None:
    assert {"number_taken", "number_called"} <= handlers(SnapshotCache(), _RESPONSES)[PRINTING].keys()
    assert PRINTING in ROUTES["number_taken"]
    assert set(ROUTES["number_called"]) == {PRINTING, NOTIFICATIONS}
