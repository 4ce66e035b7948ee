"""Table of printing: print_job."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal, personal


class JobKind(StrEnum):
    """What kind of ticket it is."""

    KITCHEN = "kitchen"
    PASS = "pass"  # noqa: S105 - the kitchen's pass, not a password
    RECEIPT = "receipt"
    SERVICE = "service"  # a table calls for the staff
    QUEUE = "queue"  # a number, or its call


class JobState(StrEnum):
    """Life of a job."""

    QUEUED = "queued"
    SENDING = "sending"
    CONFIRMED = "confirmed"  # the printer worked through it
    SENT = "sent"  # a printer without acknowledgement took it
    UNKNOWN = "unknown"  # may be on paper
    FAILED = "failed"  # no printer of the store can take it
    EXPIRED = "expired"  # too late to be of use


class PrintJob(Base):
    """One ticket for one of an ordered list of printers.

    `role` is the part it plays in its event ("kitchen:热菜", "pass", "receipt"); copies of one ticket share event, role
    and `code`. While an agent has it in hand, `owner` is its fence and `lane` is the address it prints to: being
    unique, no two jobs are ever at one printer at once.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        UniqueConstraint("event_id", "role", "copy_no"),
        Index("ix_print_job_line", "store_id", "state", "created_at"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    order_id: Mapped[str] = mapped_column(String(26), index=True)
    event_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(8))
    role: Mapped[str] = mapped_column(String(64), info=not_personal("kind of ticket and kitchen station"))
    copy_no: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(4))
    ticket: Mapped[list[Any]] = mapped_column(
        Json, info=personal("print what was ordered and paid", basis="contract", retention="30 days", erase="delete")
    )
    printer_ids: Mapped[list[str]] = mapped_column(Json, info=not_personal("printers of the store"))
    place: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    owner: Mapped[str | None] = mapped_column(String(32))
    lane: Mapped[str | None] = mapped_column(String(160), unique=True, info=not_personal("address of a printer"))
    copied: Mapped[bool] = mapped_column(Boolean)
    printed_on: Mapped[str | None] = mapped_column(String(32))
    last_error: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def printer_id(self) -> str:
        """The printer whose turn it is."""
        return self.printer_ids[self.place]
