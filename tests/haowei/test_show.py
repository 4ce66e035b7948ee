"""`haowei show`: what staff and owners see of the records."""

import json
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.departures import depart
from domain.messages.facts import Channels
from domain.messages.models import Message
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.payments.service import close_pending, confirm_payment, request_payment
from domain.staff.models import TaskKind
from domain.staff.tasks import close_tasks, open_task
from domain.storage import Database
from haowei.cli import main
from haowei.routing import ROUTES
from haowei.settings import load_settings
from haowei.show import show
from tests.clock import SettableClock


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


async def shown(database: Database, what: str, capsys: pytest.CaptureFixture[str], limit: int = 50) -> list[dict]:
    assert await show(load_settings(database_url=database.url), what, as_json=True, limit=limit) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_tasks_are_shown_the_newest_first_with_who_did_them(
    database: Database, clock: SettableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def put(session, kind: TaskKind, subject: str, text: str) -> None:
        due_at = clock.now() + timedelta(days=1)
        open_task(session, kind, subject, text, key=subject, store_id="chunxi", due_at=due_at, now=clock.now())

    await database.transaction(put, TaskKind.INVOICE, "I1", "单号0087要开发票")
    clock.advance(minutes=1)
    await database.transaction(put, TaskKind.REFUND, "R1", "退款30元被拒绝，请处理")
    await database.transaction(close_tasks, TaskKind.INVOICE, "I1", by="staff1", now=clock.now())

    tasks = await shown(database, "tasks", capsys)

    assert [(task["kind"], task["subject"], task["state"], task["done_by"]) for task in tasks] == [
        ("refund", "R1", "open", None),
        ("invoice", "I1", "done", "staff1"),
    ]
    assert tasks[0]["text"] == "退款30元被拒绝，请处理"
    assert [task["subject"] for task in await shown(database, "tasks", capsys, limit=1)] == ["R1"]


async def test_a_late_payment_is_shown_with_its_refund(
    database: Database, clock: SettableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def pay_late(session) -> str:
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=clock.now())
        payment = request_payment(session, "order", "O1", diner, Fen(9400), now=clock.now())
        close_pending(session, "order", "O1")
        confirm_payment(session, payment.id, fen=9400, method="simulated", external_no="x1", now=clock.now())
        return payment.id

    payment_id = await database.transaction(pay_late)

    [payment] = await shown(database, "payments", capsys)
    assert (payment["id"], payment["state"], payment["refunded_fen"]) == (payment_id, "paid", 9400)
    [refund] = await shown(database, "refunds", capsys)
    assert (refund["payment_id"], refund["fen"], refund["reason"], refund["state"]) == (payment_id, 9400, "late_payment", "asked")


async def test_messages_say_who_waits_for_what_and_why_others_were_not_sent(
    database: Database, clock: SettableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(session) -> None:
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=clock.now())
        content = {"reply": {"kind": "text", "text": "好"}}
        request(session, Purpose.SERVICE, diner, content, key="waits", now=clock.now())
        request(session, Purpose.REMINDER, diner, content, key="stale", now=clock.now(), not_after=clock.now())
        stale = session.execute(select(Message.id).where(Message.key == "stale")).scalar_one()
        depart(session, stale, channels=Channels(), zone=ZoneInfo("Asia/Shanghai"), now=clock.now())

    await database.transaction(ask)

    said = {row["key"]: row["in_words"] for row in await shown(database, "messages", capsys)}
    assert said["waits"] == "waits for a worker, is worth sending until 2026-11-21 12:30 UTC"
    assert said["stale"] == "dropped: it came too late to be worth anything, as after an outage"


@pytest.mark.parametrize("what", ["tasks", "refunds"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_shows_them(database_url: str, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HAOWEI_DATABASE_URL", database_url)
    assert main(["show", what]) == 0
    assert capsys.readouterr().out == "nothing yet\n"
