"""Tables of staff: store_token, staff_task."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal


class TokenScope(StrEnum):
    """What a store token may do."""

    TILL = "till"
    AGENT = "agent"
    SCREEN = "screen"


class StoreToken(Base):
    """A device's key to one store. Only its hash is kept; revoked, never deleted."""

    __tablename__ = "store_token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32), index=True)
    scope: Mapped[str] = mapped_column(String(8))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("hash of a device's key"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskKind(StrEnum):
    """What a task is about; `subject` names the one."""

    REFUND = "refund"  # money that could not be given back by itself
    INVOICE = "invoice"  # an invoice to be written
    PROOF = "proof"  # sums that do not agree


class TaskState(StrEnum):
    """Life of a task."""

    OPEN = "open"
    DONE = "done"


class StaffTask(Base):
    """Something that a member of staff must do. It says what; whose names and numbers these are stands with the subject."""

    __tablename__ = "staff_task"
    __table_args__ = (Index("ix_staff_task_due", "state", "due_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    store_id: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(32), index=True)
    text: Mapped[str] = mapped_column(String(200), info=not_personal("what to do; the person stands with the subject"))
    state: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(32))
