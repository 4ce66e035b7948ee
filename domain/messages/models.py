"""Tables of messages: message, reply_quota."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal, personal


class Message(Base):
    """One message to one diner, from the wish to the outcome."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    content: Mapped[dict[str, Any] | None] = mapped_column(
        Json, info=personal("say it", basis="contract", retention="7 days", erase="blank")
    )
    state: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(64), info=not_personal("code of a suppression or a fault"))
    sends: Mapped[int] = mapped_column(SmallInteger)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReplyQuota(Base):
    """How many customer-service messages a diner's last act still allows. Taps and messages are counted apart."""

    __tablename__ = "reply_quota"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    window: Mapped[str] = mapped_column(String(8), primary_key=True)
    remaining: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
