"""Tables of messages: message, reply_quota, message_consent, message_reach, mass_quota, channel_day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal, personal


class Message(Base):
    """One message to one diner, from the wish to the outcome.

    `kind` is what a template or notice of it is called; `zone` whose night it respects, the brand's when empty;
    `leaves_at` when it may leave at the earliest; `departed_at` when it was first handed to the platform; `platform_id` what
    the platform calls it.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_departed", "diner_id", "purpose", "departed_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    kind: Mapped[str | None] = mapped_column(String(32))
    zone: Mapped[str | None] = mapped_column(String(32))
    content: Mapped[dict[str, Any] | None] = mapped_column(
        Json, info=personal("say it", basis="contract", retention="7 days", erase="blank")
    )
    state: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(64), info=not_personal("code of a suppression or a fault"))
    sends: Mapped[int] = mapped_column(SmallInteger)
    platform_id: Mapped[str | None] = mapped_column(String(32), index=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leaves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    departed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReplyQuota(Base):
    """How many customer-service messages a diner's last act still allows. Taps and messages are counted apart."""

    __tablename__ = "reply_quota"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    window: Mapped[str] = mapped_column(String(8), primary_key=True)
    remaining: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageConsent(Base):
    """The stock of one-time consents of a diner for one kind of notice: `accepted` less `used` may still be sent."""

    __tablename__ = "message_consent"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    accepted: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageReach(Base):
    """What the platform last said about reaching a diner. Its row is the lock under which their messages leave, one by one."""

    __tablename__ = "message_reach"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    templates_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MassQuota(Base):
    """How many mass sends reached a diner in a calendar month; `month` is its first day, by the platform's calendar."""

    __tablename__ = "mass_quota"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    sent: Mapped[int] = mapped_column(SmallInteger)


class ChannelDay(Base):
    """How many messages the account sent through a channel on a day of the platform's, and whether that is all for it."""

    __tablename__ = "channel_day"

    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sent: Mapped[int] = mapped_column(Integer)
    full: Mapped[bool]
