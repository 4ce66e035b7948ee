"""Tables of messaging: outbox_event, delivery, inbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal, personal


class OutboxEvent(Base):
    """One thing that happened, written in the transaction in which it happened."""

    __tablename__ = "outbox_event"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), info=not_personal("event name"))
    version: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[dict[str, Any]] = mapped_column(
        Json, info=personal("carry a fact to its consumers", basis="contract", retention="30 days after delivery", erase="delete")
    )
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveryState(StrEnum):
    """Life of a delivery."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class Delivery(Base):
    """One event for one consumer, due at a time, leased while it is worked on."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("consumer", "key"),
        Index("ix_delivery_due", "consumer", "state", "due_at"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("outbox_event.id"))
    consumer: Mapped[str] = mapped_column(String(32))
    key: Mapped[str | None] = mapped_column(String(96), info=not_personal("idempotency key of ids"))
    state: Mapped[str] = mapped_column(String(8), default=DeliveryState.PENDING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[str | None] = mapped_column(String(26))
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_error: Mapped[str | None] = mapped_column(String(200), info=not_personal("error class and code"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboxState(StrEnum):
    """What became of a message from outside."""

    ANSWERED = "answered"  # the turn ran; `reply` is what it said
    LATE = "late"  # durable, the turn runs in a worker


class InboxMessage(Base):
    """One message from outside, so that it has one effect however often it comes."""

    __tablename__ = "inbox_message"

    key: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal("digest of the platform's message id"))
    diner_id: Mapped[str | None] = mapped_column(String(26))
    state: Mapped[str] = mapped_column(String(10))
    message: Mapped[dict[str, Any] | None] = mapped_column(
        Json, info=personal("run a late turn; find a fault", basis="contract", retention="7 days", erase="blank")
    )
    reply: Mapped[dict[str, Any] | None] = mapped_column(
        Json, info=personal("answer a repeated message alike", basis="contract", retention="7 days", erase="blank")
    )
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
