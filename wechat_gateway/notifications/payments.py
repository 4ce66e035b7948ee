"""What a diner hears about money on its way back. That it was asked for is told with the order."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.messages import Reply, ReplyKind
from bot.responses import Responses
from domain.kernel.money import yuan
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.payments.rules import RefundState
from domain.staff.models import TaskKind
from domain.staff.tasks import had_task


def tells_that_a_late_refund_came(responses: Responses) -> Handler:
    """Money that had to wait for a member of staff is there after all.

    A refund that went through at once was told with its order; one that failed is a task for staff, not bad news for the diner.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        refund_id = payload["refund_id"]
        if payload["state"] != RefundState.DONE or not had_task(session, TaskKind.REFUND, refund_id):
            return
        text = responses.render("refund_came_late", {"total": yuan(payload["fen"])}, seed=refund_id)
        content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
        request(session, Purpose.PAYMENT, payload["diner_id"], content, key=f"refund_came_late:{refund_id}", now=now)

    return handle
