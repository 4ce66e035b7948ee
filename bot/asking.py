"""Asks a diner to allow one notice, in one short line with a link, at the moment of use. Skills place the line; the domain decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialogue.effects import Prompt
from bot.skill import Context
from domain.kernel.quiet_hours import by_day
from domain.kernel.reminders import BEFORE
from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, ORDER_READY, QUEUE_CALL

ASKED_IN: Final[Mapping[str, str]] = {
    QUEUE_CALL: "allow_queue_call",
    BOOKING_REMINDER: "allow_booking_reminder",
    ORDER_READY: "allow_order_ready",
    INVOICE_ISSUED: "allow_invoice_issued",
}
"""Kind of a notice -> the response that asks for it. Its {link} is a path: the channel completes it."""


def ask_to_allow(context: Context, kind: str, *, needed_at: datetime) -> tuple[Prompt, ...]:
    """The line that asks for a notice of a kind, or nothing where another way is sure, or the diner is not to be asked.

    Args:
        kind: One of ASKED_IN.
        needed_at: When the last message of the matter leaves at the latest, as far as anybody knows.
    """
    link = context.asking.link(context.session, context.diner_id, kind, needed_at=needed_at, now=context.now)
    return () if link is None else (Prompt(ASKED_IN[kind], {"link": link}),)


def last_reminder(starts_at: datetime, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """When the last reminder of a booking leaves, by day; None when all are over, or none would come before the party does."""
    due = [starts_at - before for before in BEFORE.values()]
    leave = [by_day(moment, zone) for moment in due if moment > now]
    return max((moment for moment in leave if moment < starts_at), default=None)
