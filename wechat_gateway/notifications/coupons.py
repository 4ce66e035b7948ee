"""What a diner hears about their coupons."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.quiet_hours import by_day
from domain.kernel.said import day_said
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def tells_that_a_coupon_expires(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A coupon ends in a few days: by customer message in the daytime. Never by template: the platform allows none for coupons."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        last = date.fromisoformat(payload["good_until"])
        values = {"coupon": payload["coupon"], "day": day_said(last)}
        reply = Reply(ReplyKind.TEXT, responses.render("coupon_expires", values, seed=payload["coupon_id"]))
        morning = by_day(now, snapshots.get(session).brand.zone)
        content = {"reply": reply.to_json()}
        key = f"coupon_expires:{payload['coupon_id']}:{last}"  # a refund may give it back with another last day
        request(session, Purpose.REMINDER, payload["diner_id"], content, key=key, now=now, not_before=morning)

    return handle


def tells_that_a_late_call_is_made_good(responses: Responses) -> Handler:
    """We are sorry: with the coupon that a member has for it, or with how it is had by joining today."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        until = payload["good_until"]
        values = {"late": payload["late"], "coupon": payload["coupon"], "day": day_said(date.fromisoformat(until)) if until else ""}
        name = "late_call_made_good" if until else "late_call_join"
        content = {"reply": Reply(ReplyKind.TEXT, responses.render(name, values, seed=payload["ticket_id"])).to_json()}
        key = f"late_call:{payload['ticket_id']}:{'given' if until else 'join'}"
        request(session, Purpose.SERVICE, payload["diner_id"], content, key=key, now=now)

    return handle
