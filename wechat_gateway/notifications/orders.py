"""What a diner hears about their orders."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.money import yuan
from domain.messages.asking import Asking
from domain.messages.kinds import ORDER_PAID, ORDER_READY
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.orders.rules import PREPARING, Channel
from domain.orders.service import get_order
from domain.shop.snapshot import SnapshotCache
from wechat_gateway.notifications.consents import NOBODY_ASKED, line_that_asks

_READY_NOTE = "请凭单号到店取餐"


def tells_that_it_is_paid(responses: Responses, asking: Asking = NOBODY_ASKED) -> Handler:
    """The money arrived: by customer message, or by the template message where the window is closed.

    A takeaway is fetched when it is ready: whom nothing else is sure to reach then is asked to allow the notice of it.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        seed = payload["order_id"]
        points = "order_paid_points" if payload["points"] else "order_paid_join"
        values = {
            "total": yuan(payload["paid_fen"]),
            "store": payload["store_name"],
            "number": payload["number"],
            "points": responses.render(points, payload, seed=seed),
        }
        paid_at = datetime.fromisoformat(payload["paid_at"]).astimezone(ZoneInfo(payload["zone"]))
        more = _asks_for_ready(session, asking, responses, payload, now=now)
        reply = Reply(ReplyKind.TEXT, responses.render("order_paid", values, seed=seed) + more)
        template = {
            "kind": ORDER_PAID,
            "fields": {
                "number": payload["number"],
                "store": payload["store_name"],
                "amount": f"{yuan(payload['paid_fen'])}元",
                "time": f"{paid_at:%Y-%m-%d %H:%M}",
            },
        }
        content = {"reply": reply.to_json(), "template": template}
        request(session, Purpose.PAYMENT, payload["diner_id"], content, key=f"paid:{payload['order_id']}", now=now)

    return handle


def tells_that_it_can_be_fetched(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A takeaway is ready: come and fetch it. What is ready at a table is carried there, and nobody is told."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["channel"] != Channel.TAKEAWAY.value:
            return
        store = snapshots.get(session).known_stores[payload["store_id"]]
        text = responses.render("order_ready", {"number": payload["number"], "store": store.name}, seed=payload["order_id"])
        fields = {"number": payload["number"], "store": store.name, "note": _READY_NOTE}
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json(), "template": {"kind": ORDER_READY, "fields": fields}}
        request(session, Purpose.SERVICE, payload["diner_id"], content, key=f"ready:{payload['order_id']}", now=now)

    return handle


def tells_that_it_is_refunded(responses: Responses) -> Handler:
    """Dishes were given back: what comes back, in money, points and coupons, and what was taken of the points earned."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        seed = payload["refund_id"]
        dishes = "、".join(f"{line['name']}×{line['quantity']}" for line in payload["lines"])
        parts = [responses.render("order_refunded_points_returned", payload, seed=seed)] if payload["points_returned"] else []
        parts += [responses.render("order_refunded_points_taken", payload, seed=seed)] if payload["points_taken"] else []
        parts += [responses.render("order_refunded_points_owed", payload, seed=seed)] if payload["points_owed"] else []
        parts += [responses.render("order_refunded_coupons", {}, seed=seed)] if payload["coupons_returned"] else []
        values = {"store": payload["store_name"], "number": payload["number"], "dishes": dishes, "total": yuan(payload["fen"])}
        text = responses.render("order_refunded", {**values, "more": "".join(parts)}, seed=seed)
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
        request(session, Purpose.PAYMENT, payload["diner_id"], content, key=f"refunded:{seed}", now=now)

    return handle


def _asks_for_ready(session: Session, asking: Asking, responses: Responses, payload: dict[str, Any], *, now: datetime) -> str:
    if payload["channel"] != Channel.TAKEAWAY.value:
        return ""
    ready_at = get_order(session, payload["order_id"]).pickup_at or now + PREPARING
    return line_that_asks(session, asking, responses, payload["diner_id"], ORDER_READY, needed_at=ready_at, now=now)
