"""What a diner hears about their invoices."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.money import yuan
from domain.kernel.quiet_hours import by_day
from domain.messages.kinds import INVOICE_ISSUED
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache


def tells_that_the_invoice_is_there(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The invoice is written: its link, in the daytime.

    Days may have gone by since it was asked for: where the window is closed it leaves by the template message, if there is one.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        values = {"number": payload["number"], "total": yuan(payload["fen"]), "link": payload["link"]}
        reply = Reply(ReplyKind.TEXT, responses.render("invoice_issued", values, seed=payload["invoice_id"]))
        zone = snapshots.get(session).brand.zone
        template = {
            "kind": INVOICE_ISSUED,
            "fields": {
                "number": payload["number"],
                "amount": f"{yuan(payload['fen'])}元",
                "time": f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
            },
            "url": payload["link"],
        }
        content = {"reply": reply.to_json(), "template": template}
        # An invoice withdrawn and asked for anew is another event, and is told again.
        key = f"invoice:{event_id}"
        request(session, Purpose.REMINDER, payload["diner_id"], content, key=key, now=now, not_before=by_day(now, zone))

    return handle
