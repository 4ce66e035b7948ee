"""`haowei show`: the newest records, ids only."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.members.models import Membership
from domain.messages.models import Message
from domain.messages.reasons import in_words
from domain.messaging.models import Delivery, OutboxEvent
from domain.orders.models import Order
from domain.payments.models import Payment, Refund
from domain.points.models import PointsAccount
from domain.staff.models import StaffTask
from haowei.database import open_house
from haowei.settings import Settings, clock_of
from printing.jobs.models import PrintJob

_QUERIES: dict[str, Select[*tuple[Any, ...]]] = {
    "orders": select(
        Order.id,
        Order.store_id,
        Order.business_day,
        Order.number,
        Order.channel,
        Order.table_code,
        Order.state,
        Order.payment_status,
        Order.rounds,
        Order.paid_fen,
        Order.placed_at,
        Order.diner_id,
    ).order_by(Order.opened_at.desc()),
    "members": select(Membership.diner_id, Membership.member_number, Membership.joined_at, PointsAccount.balance.label("points"))
    .join(PointsAccount, PointsAccount.diner_id == Membership.diner_id, isouter=True)
    .order_by(Membership.joined_at.desc()),
    "payments": select(
        Payment.id,
        Payment.payable_kind,
        Payment.payable_id,
        Payment.fen,
        Payment.state,
        Payment.refunded_fen,
        Payment.method,
        Payment.created_at,
        Payment.paid_at,
    ).order_by(Payment.created_at.desc()),
    "refunds": select(
        Refund.id,
        Refund.payment_id,
        Refund.fen,
        Refund.reason,
        Refund.state,
        Refund.fault,
        Refund.tries,
        Refund.asked_at,
        Refund.settled_at,
    ).order_by(Refund.asked_at.desc(), Refund.id.desc()),
    "tasks": select(
        StaffTask.id,
        StaffTask.kind,
        StaffTask.store_id,
        StaffTask.subject,
        StaffTask.text,
        StaffTask.state,
        StaffTask.due_at,
        StaffTask.opened_at,
        StaffTask.done_at,
        StaffTask.done_by,
    ).order_by(StaffTask.opened_at.desc(), StaffTask.id.desc()),
    "print-jobs": select(
        PrintJob.id,
        PrintJob.store_id,
        PrintJob.order_id,
        PrintJob.kind,
        PrintJob.role,
        PrintJob.code,
        PrintJob.copy_no,
        PrintJob.state,
        PrintJob.attempts,
        PrintJob.printed_on,
        PrintJob.last_error,
        PrintJob.created_at,
    ).order_by(PrintJob.created_at.desc(), PrintJob.id.desc()),
    "deliveries": select(
        Delivery.id,
        OutboxEvent.name.label("event"),
        Delivery.consumer,
        Delivery.state,
        Delivery.due_at,
        Delivery.attempts,
        Delivery.last_error,
    )
    .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
    .order_by(Delivery.id.desc()),
    "messages": select(
        Message.id,
        Message.diner_id,
        Message.purpose,
        Message.kind,
        Message.key,
        Message.state,
        Message.channel,
        Message.reason,
        Message.sends,
        Message.requested_at,
        Message.leaves_at,
        Message.expires_at,
        Message.departed_at,
        Message.settled_at,
    ).order_by(Message.requested_at.desc(), Message.id.desc()),
}


async def show(settings: Settings, what: str, *, as_json: bool, limit: int) -> int:
    """Print records, newest first: a table for eyes, or one JSON object a line."""
    database = open_house(settings.database_url)
    now = clock_of(settings).now()
    try:
        rows = await database.read(_rows, what, limit, now)
    finally:
        await database.close()
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        _print_table(rows)
    return 0


def _rows(session: Session, what: str, limit: int, now: datetime) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = [dict(row) for row in session.execute(_QUERIES[what].limit(max(1, limit))).mappings()]
    more = _MORE.get(what, _nothing_more)
    return [{name: _plain(value) for name, value in (*row.items(), *more(row, now).items())} for row in found]


def _nothing_more(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    return {}


def _message_in_words(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What has become of a message, or who waits for it and why."""
    return {"in_words": in_words(row["state"], row["channel"], row["reason"], row["leaves_at"], row["expires_at"], now=now)}


_MORE: dict[str, Callable[[Mapping[str, Any], datetime], dict[str, str]]] = {"messages": _message_in_words}
"""What is said of a row beyond its columns."""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        print("nothing yet")
        return
    names = list(rows[0])
    cells = [names, *([("" if row[name] is None else str(row[name])) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
