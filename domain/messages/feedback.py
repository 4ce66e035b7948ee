"""What the platform's answers and reports teach: closed windows, refusals, full days, and messages that never arrived."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.messages.consents import void_consents
from domain.messages.departures import Departure, settle
from domain.messages.events import TemplateReportHeld
from domain.messages.models import Message, MessageReach
from domain.messages.quotas import close_windows, fill_day, platform_day
from domain.messages.rules import LEFT, ChannelKind, MessageState
from domain.messaging import emit
from domain.storage import insert_once

# A report of a message whose send we have not written down yet comes within the life of a call.
_UNDER_WAY: Final = timedelta(minutes=5)
_HEARD_AGAIN: Final = timedelta(seconds=5)
_ARRIVES_WITHIN: Final = timedelta(days=1)


class Lesson(StrEnum):
    """What a refused call says beyond itself."""

    WINDOW_SHUT = "window_shut"  # no customer messages, whatever we counted (45015, 45047)
    CONSENT_GONE = "consent_gone"  # no consent for this notice (43101)
    TEMPLATES_REFUSED = "templates_refused"  # the diner blocks template messages (43101, failed:user block)
    UNREACHABLE = "unreachable"  # nothing reaches this diner until they do something (40003, 43004)
    DAY_FULL = "day_full"  # the account's day is used up (45009)


class ReportTooEarlyError(Exception):
    """The platform reports on one of several messages that are being sent right now: it is heard again when they are written down."""


def learn(session: Session, departure: Departure, lesson: Lesson, *, now: datetime) -> None:
    """Write down what a refused call says, so that the next decision knows it."""
    if lesson is Lesson.WINDOW_SHUT:
        close_windows(session, departure.diner_id, now=now)
    elif lesson is Lesson.CONSENT_GONE:
        void_consents(session, departure.diner_id, departure.kind)
    elif lesson is Lesson.TEMPLATES_REFUSED:
        _remember(session, departure.diner_id, {"templates_refused_at": now})
    elif lesson is Lesson.UNREACHABLE:
        close_windows(session, departure.diner_id, now=now)
        _remember(session, departure.diner_id, {"unreachable_at": now})
    else:
        fill_day(session, departure.channel, platform_day(now))


def template_reported(session: Session, diner_id: str, platform_id: str, status: str, *, now: datetime) -> None:
    """The platform says how a template message ended (TEMPLATESENDJOBFINISH).

    Args:
        status: "success", "failed:user block" or "failed: system failed".

    Raises:
        ReportTooEarlyError: Several are being sent to the diner right now, and none is written down yet.
    """
    known = (Message.platform_id == platform_id, Message.channel == ChannelKind.TEMPLATE.value)
    waits = (Message.diner_id == diner_id, Message.state == MessageState.SENDING.value, Message.departed_at > now - _UNDER_WAY)
    unnamed = select(Message.id).where(*waits, Message.channel == ChannelKind.TEMPLATE.value, Message.platform_id.is_(None))
    under_way = session.execute(unnamed).scalars().all()  # asked first: what is written down between the two questions is known
    if session.execute(select(Message.id).where(*known)).first() is None:
        if len(under_way) > 1:
            raise ReportTooEarlyError
        if not under_way:
            return
        # The worker that sent it has not written that down yet, or died: the report says how it ended.
        settle(session, under_way[0], MessageState.SENT, None, now=now, platform_id=platform_id)
    if status == "success":
        return
    blocked = "block" in status
    _failed(session, known, "user_block" if blocked else "system_failed", now=now)
    if blocked:
        _remember(session, diner_id, {"templates_refused_at": now})


def hold_report(session: Session, diner_id: str, platform_id: str, status: str, *, now: datetime) -> None:
    """Keep a report that came too early, to be heard again: the platform repeats it three times at the most, within seconds.

    Emits: TemplateReportHeld, due soon.
    """
    held = TemplateReportHeld(diner_id=diner_id, platform_id=platform_id, status=status)
    emit(session, held, now=now, due_at=now + _HEARD_AGAIN, key=f"report:{platform_id}")


def notice_reported(session: Session, diner_id: str, kind: str, error_code: str, *, now: datetime) -> None:
    """The platform says how a notice ended (subscribe_msg_sent_event).

    bizsend gives it no name, so the newest of its kind is meant of which it has not said the same already.
    """
    if error_code == "0":
        return
    mine = (Message.diner_id == diner_id, Message.kind == kind, Message.channel == ChannelKind.NOTICE.value)
    open_yet = (*mine, Message.departed_at > now - _ARRIVES_WITHIN, Message.state.in_(LEFT))
    newest = select(Message.id).where(*open_yet).order_by(Message.departed_at.desc(), Message.id.desc()).limit(1)
    message_id = session.execute(newest).scalar()
    if message_id is not None:
        _failed(session, (Message.id == message_id,), f"notice_{error_code}"[:64], now=now)


def _failed(session: Session, which: tuple[ColumnElement[bool], ...], reason: str, *, now: datetime) -> None:
    values = {"state": MessageState.FAILED.value, "reason": reason, "settled_at": now}
    session.execute(update(Message).where(*which, Message.state.in_(LEFT)).values(values))


def _remember(session: Session, diner_id: str, values: dict[str, datetime]) -> None:
    if not insert_once(session, MessageReach, {"diner_id": diner_id} | values):
        session.execute(update(MessageReach).where(MessageReach.diner_id == diner_id).values(values))
