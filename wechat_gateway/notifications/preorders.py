"""What a diner hears of the dishes they chose while waiting: placed as they sat down, waiting for a yes, or not cooked after all."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Card, Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.money import yuan
from domain.kernel.quiet_hours import by_day
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache

_KNOWS = "diner"  # who gave the number up themselves was told at once
_AT_NIGHT = "day_over"
_WAITS = {"unconfirmed": "preorder_waits_for_yes", "late": "preorder_waits_late", "sold_out": "preorder_sold_out"}
_DROPPED = {"closed": "preorder_dropped_closed", "late": "preorder_dropped_late"}


def tells_that_it_is_placed(responses: Responses) -> Handler:
    """The kitchen has it, or waits for the money: then with the card that pays."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        name = "preorder_pay_first" if payload["payment_id"] else "preorder_placed"
        values = _values(responses, payload) | {"order": payload["order_number"], "total": yuan(payload["total_fen"])}
        text = responses.render(name, values, seed=payload["ticket_id"])
        reply = Reply(ReplyKind.TEXT, text)
        if payload["payment_id"]:
            card = Card(f"待付款 ￥{values['total']}", text, f"/pay/{payload['payment_id']}", "/p/static/bill.png")
            reply = Reply(ReplyKind.CARDS, text, cards=(card,))
        _tell(session, payload, reply, now=now)

    return handle


def tells_that_it_waits_at_the_table(responses: Responses) -> Handler:
    """It is in the table's cart: it has no yes yet, nothing of it can be had, or we were too late."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        text = responses.render(_WAITS[payload["reason"]], _values(responses, payload), seed=payload["ticket_id"])
        _tell(session, payload, Reply(ReplyKind.TEXT, text), now=now)

    return handle


def tells_that_it_is_dropped(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The number is over without a table. What a night ends is told by day."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["reason"] == _KNOWS:
            return
        store = snapshots.get(session).known_stores[payload["store_id"]]
        text = responses.render(_DROPPED.get(payload["reason"], "preorder_dropped"), _values(responses, payload), seed=payload["ticket_id"])
        leaves_at = by_day(now, store.zone) if payload["reason"] == _AT_NIGHT else None
        _tell(session, payload, Reply(ReplyKind.TEXT, text), now=now, not_before=leaves_at)

    return handle


def _tell(session: Session, payload: dict[str, Any], reply: Reply, *, now: datetime, not_before: datetime | None = None) -> None:
    key = f"preorder:{payload['ticket_id']}"  # what becomes of one is told once
    request(session, Purpose.SERVICE, payload["diner_id"], {"reply": reply.to_json()}, key=key, now=now, not_before=not_before)


def _values(responses: Responses, payload: dict[str, Any]) -> dict[str, Any]:
    missing = ""
    if payload.get("sold_out"):
        missing += responses.render("preorder_without", {"dishes": "、".join(payload["sold_out"])}, seed=payload["ticket_id"])
    if payload.get("too_few"):
        few = "、".join(f"{dish['name']}只剩{dish['left']}{dish['unit']}" for dish in payload["too_few"])
        missing += responses.render("preorder_too_few", {"dishes": few}, seed=payload["ticket_id"])
    return {
        "store": payload["store_name"],
        "number": payload["queue_number"],
        "table": payload.get("table_code", ""),
        "dishes": "、".join(f"{dish['name']}×{dish['quantity']}" for dish in payload["dishes"]),
        "missing": missing,
    }
