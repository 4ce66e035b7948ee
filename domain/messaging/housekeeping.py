"""Every night: forget what was kept long enough. The periods are those of the personal-data map in the models."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import delete, exists, or_, update
from sqlalchemy.orm import Session

from domain.messaging.events import Event
from domain.messaging.models import Delivery, DeliveryState, InboxMessage, OutboxEvent
from domain.messaging.outbox import emit

WORDS_KEPT = timedelta(days=7)  # Source: ARCHITECTURE, decision 10
EVENTS_KEPT = timedelta(days=30)
_AT = time(20, 0)  # UTC: four in the morning in China, when kitchens sleep


@dataclass(frozen=True, slots=True)
class HousekeepingDue(Event):
    """A night has come. Each room forgets its own."""

    name: ClassVar[str] = "housekeeping_due"

    day: str


@dataclass(frozen=True, slots=True)
class NightWorkDue(Event):
    """One piece of a night's work: what is to be done for business day `day`, from `after` on ("" is the beginning)."""

    name: ClassVar[str] = "night_work_due"

    work: str
    day: str
    after: str


def schedule_housekeeping(session: Session, *, now: datetime) -> None:
    """Make sure that the coming night is on the books, however many processes start today.

    Emits: HousekeepingDue, due at the next 20:00 UTC.
    """
    due_at = due_of_night(now.astimezone(UTC).date())
    if due_at <= now:
        due_at += timedelta(days=1)
    day = due_at.date().isoformat()
    emit(session, HousekeepingDue(day=day), now=now, due_at=due_at, key=f"housekeeping:{day}")


def due_of_night(day: date) -> datetime:
    """When the night of a HousekeepingDue was to come, however late it is worked. Args: day: Its day."""
    return datetime.combine(day, _AT, tzinfo=UTC)


def forget_messages(session: Session, *, now: datetime) -> None:
    """Blank the words of the inbox after 7 days; delete its rows and settled deliveries with their events after 30."""
    words = or_(InboxMessage.message.is_not(None), InboxMessage.reply.is_not(None))
    session.execute(update(InboxMessage).where(InboxMessage.received_at < now - WORDS_KEPT, words).values(message=None, reply=None))
    session.execute(delete(InboxMessage).where(InboxMessage.received_at < now - EVENTS_KEPT))
    session.execute(delete(Delivery).where(Delivery.state == DeliveryState.DONE, Delivery.settled_at < now - EVENTS_KEPT))
    heard = exists().where(Delivery.event_id == OutboxEvent.id)
    session.execute(delete(OutboxEvent).where(OutboxEvent.occurred_at < now - EVENTS_KEPT, ~heard))
